/* SPDX-License-Identifier: Apache-2.0 */
/* Made-up rows for the tests beside it. */
import type { Case, Me, Row } from "../../../web/src/shapes.ts";

export const NOW = Date.parse("2026-11-23T08:00:00Z");
export const ago = (minutes: number): string => new Date(NOW - minutes * 60_000).toISOString();

export function row(ticket: string, more: Partial<Row> = {}): Row {
	return {
		ticket,
		site: "450100",
		desk: "psych",
		desk_id: "450100.psych",
		state: "waiting",
		risk: 0,
		marks: [],
		channel: "web_form",
		kind: "consult",
		urgency: "normal",
		category: "",
		opened_at: ago(10),
		waiting_s: 600,
		oldest_at: ago(10),
		due_at: null,
		reply_by: null,
		assignee: null,
		assignee_name: null,
		version: 1,
		why: "oldest",
		what: "case",
		ref: 0,
		presence: [],
		messages: 1,
		lease_until: null,
		...more,
	};
}

export const me = {
	user: "psych1",
	desks: [{ id: "450100.psych", kind: "psych", name: "psych" }],
} as unknown as Me;

export const facts: Case["facts"] = {
	age_band: "14-17",
	gender: "f",
	region: "450103",
	relation: "self",
	groups: ["school"],
	kind: "consult",
	urgency: "normal",
	category: "psych.mood",
};
