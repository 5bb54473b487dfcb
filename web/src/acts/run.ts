/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How every act runs: one at a time by name (a second press does nothing), a failure becomes a sentence at the edge
 * of the page, and a 412 becomes the conflict dialog, with everything that was typed kept. Used by the other files
 * of acts/.
 */
import { signal } from "@preact/signals";
import type { Answer } from "../api/call.ts";
import { Problem, problemText } from "../api/problem.ts";
import type { Values } from "../pure/diff.ts";
import type { Case } from "../shapes.ts";
import { adopt, current, readSoon } from "../state/casebook.ts";
import { askConflict, closeDialog } from "../state/dialogs.ts";
import { refreshSoon } from "../state/queue.ts";
import { warn } from "../state/toasts.ts";
import { t, type Key } from "../state/words.ts";

export const busy = signal<ReadonlySet<string>>(new Set());
function mark(name: string, on: boolean): void {
	const next = new Set(busy.value);
	if (on) next.add(name);
	else next.delete(name);
	busy.value = next;
}

/* True when it went through. */
export async function run(name: string, work: () => Promise<void>): Promise<boolean> {
	if (busy.value.has(name)) return false;
	mark(name, true);
	try {
		await work();
		return true;
	} catch (error) {
		if (!(error instanceof Problem && error.status === 401)) warn(problemText(error));
		if (error instanceof Problem && (error.status === 409 || error.status === 404)) readSoon();
		return false;
	} finally {
		mark(name, false);
	}
}

export const isCase = (body: unknown): body is Case =>
	typeof body === "object" && body !== null && "messages" in body && "can" in body;

/* What an act answers: the case as it is now, or word that it will follow. */
export function accept(body: unknown): void {
	if (isCase(body) && current.value?.ticket === body.ticket) adopt(body);
	else readSoon();
	refreshSoon();
}

export type Versioned = {
	name: string;
	what: Key;
	mine: Values | null;
	send: (ticket: string, values: Values, version: number) => Promise<Answer<unknown>>;
	done: (status: number) => void;
};

/* An act that the server takes only for the version one has seen. */
export async function runVersioned(v: Versioned): Promise<boolean> {
	const base = current.value?.value;
	if (!base) return false;
	const attempt = (values: Values, version: number): Promise<boolean> =>
		run(v.name, async () => {
			try {
				const { status, body } = await v.send(base.ticket, values, version);
				closeDialog();
				accept(body);
				v.done(status);
			} catch (error) {
				if (!(error instanceof Problem && error.status === 412 && error.latest)) throw error;
				const latest = error.latest;
				accept(latest);
				askConflict({
					base,
					latest,
					mine: v.mine,
					what: t(v.what),
					again: async (x, n) => void (await attempt(x, n)),
				});
			}
		});
	return attempt(v.mine ?? {}, base.version);
}
