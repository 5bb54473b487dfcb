/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What went wrong, as one error type: an RFC 9457 problem of the server, or no answer at all (status 0). Knows how
 * to say it in a sentence a counselor can act on: the server's `detail` where it gives one, else ours for the
 * status.
 */
import { lang, t, type Key } from "../state/words.ts";
import type { Case } from "../shapes.ts";

export class Problem extends Error {
	readonly status: number;
	readonly code: string;
	readonly body: Record<string, unknown>;

	constructor(status: number, body: Record<string, unknown>) {
		super(`problem ${status}`);
		this.status = status;
		this.body = body;
		this.code = typeof body["type"] === "string" ? body["type"].replace(/^.*\//, "") : "";
	}

	/* The case as it is now, in a 412. */
	get latest(): Case | null {
		return (this.body["case"] as Case | undefined) ?? null;
	}
}

/* What a refusal of the router or web means to a counselor, by its code; for all others by its status. */
const OF_CODE: Record<string, Key> = {
	at_limit: "console.problem.at_limit",
	damaged: "console.problem.damaged",
	erased: "console.problem.erased",
	key_reused: "console.problem.sent_already",
	no_key: "console.problem.no_key",
	not_lawful: "console.problem.not_now",
	not_owner: "console.problem.not_owner",
	not_their_desk: "console.problem.not_their_desk",
	report_due: "console.problem.report_due",
	second_person: "console.problem.second_person",
	task_stands: "console.problem.task_stands",
	tasks_open: "console.problem.tasks_open",
	too_late: "console.problem.too_late",
};
const OF_STATUS: Record<number, Key> = {
	0: "console.problem.offline",
	401: "console.problem.signed_out",
	403: "console.problem.forbidden",
	404: "console.problem.gone",
	409: "console.problem.not_now",
	412: "console.problem.changed",
	413: "console.problem.too_long",
	429: "console.problem.too_fast",
	503: "console.problem.busy",
};
const HAN = /\p{Script=Han}/u;

/* Our own sentence first; then the server's, where it is in the reader's language; then what its status means. */
export function problemText(error: unknown): string {
	if (!(error instanceof Problem)) return t("console.problem.ours");
	const { status, code, body } = error;
	if (code === "taken" && typeof body["by"] === "string") return t("console.problem.taken", { name: body["by"] });
	const own = OF_CODE[code] ?? OF_STATUS[status];
	const detail = body["detail"];
	if (!own && typeof detail === "string" && HAN.test(detail) === (lang.value === "zh-CN")) return detail;
	return t(own ?? (status >= 500 ? "console.problem.server" : "console.problem.refused"));
}
