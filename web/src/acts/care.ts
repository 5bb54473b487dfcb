/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the side pane does: risk, facts, another desk's part, follow-ups.
 */
import { newKey } from "../api/call.ts";
import { server } from "../api/server.ts";
import type { Values } from "../pure/diff.ts";
import type { Case, Risk } from "../shapes.ts";
import { readSoon } from "../state/casebook.ts";
import { closeDialog } from "../state/dialogs.ts";
import { deskName } from "../state/service.ts";
import { tell } from "../state/toasts.ts";
import { t, word } from "../state/words.ts";
import { accept, run, runVersioned } from "./run.ts";

export function setRisk(base: Case, risk: Risk, reason: string): Promise<boolean> {
	return runVersioned({
		name: "risk",
		what: "console.act.risk",
		base,
		mine: null,
		send: (ticket, _values, version) => server.risk(ticket, risk, reason, version),
		done: (status) =>
			tell(
				t(status === 202 ? "console.done.risk_asked" : "console.done.risk_set", {
					risk: word("risk", risk),
				}),
			),
	});
}

/* Only the fields that were changed travel. */
export function saveFacts(base: Case, mine: Values, saved: () => void): Promise<boolean> {
	return runVersioned({
		name: "facts",
		what: "console.act.facts",
		base,
		mine,
		send: (ticket, values, version) => server.facts(ticket, values, version),
		done: () => {
			saved();
			tell(t("console.done.facts"));
		},
	});
}

let taskKey = newKey();
export const askDesk = (ticket: string, desk: string, text: string): Promise<boolean> =>
	run("task", async () => {
		accept((await server.task(ticket, desk, text, taskKey)).body);
		taskKey = newKey();
		closeDialog();
		tell(t("console.done.task", { desk: deskName(desk) }));
	});

export const endTask = (ticket: string, id: number, disposition: string): Promise<boolean> =>
	run(`task ${id}`, async () => {
		accept((await server.taskEnd(ticket, id, disposition)).body);
		tell(t("console.done.task_ended"));
	});

export const planFollowup = (ticket: string, kind: string, due: string, note: string): Promise<boolean> =>
	run("followup", async () => {
		await server.followup(ticket, kind, due, note);
		readSoon();
		closeDialog();
		tell(t("console.done.followup"));
	});

export const endFollowup = (ticket: string, id: number, result: string): Promise<boolean> =>
	run(`followup ${id}`, async () => {
		await server.followupDone(ticket, id, result);
		readSoon();
		tell(t("console.done.followup_ended"));
	});
