/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How every act runs: one at a time by name (a second press does nothing), a failure becomes a sentence at the edge
 * of the page, and a 412 becomes the conflict dialog, with everything that was typed kept. Used by the other files
 * of acts/.
 */
import { signal } from "@preact/signals";
import type { Answer } from "../api/call.ts";
import { Problem, problemText } from "../api/problem.ts";
import { differences, factsOf, type Values } from "../pure/diff.ts";
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
	/* The case as it was when the person began: what comes later is news to them, even where the page shows it. */
	base: Case;
	mine: Values | null;
	send: (ticket: string, values: Values, version: number) => Promise<Answer<unknown>>;
	done: (status: number) => void;
};

/* Facts travel field by field: where nobody else has touched one, only the version has to be caught up with. */
const untouched = (v: Versioned, latest: Case): boolean =>
	v.mine !== null && differences(factsOf(v.base.facts), {}, factsOf(latest.facts)).length === 0;

/* An act that the server takes only for the version one has seen. */
export function runVersioned(v: Versioned): Promise<boolean> {
	const submit = async (values: Values, version: number): Promise<void> => {
		try {
			const { status, body } = await v.send(v.base.ticket, values, version);
			closeDialog();
			accept(body);
			v.done(status);
		} catch (error) {
			if (!(error instanceof Problem && error.status === 412 && error.latest)) throw error;
			const latest = error.latest;
			accept(latest);
			if (untouched(v, latest) && latest.version !== version) return submit(values, latest.version);
			askConflict({ base: v.base, latest, mine: v.mine, what: t(v.what), again });
		}
	};
	const attempt = (values: Values, version: number): Promise<boolean> =>
		run(v.name, () => submit(values, version));
	const again = async (values: Values, version: number): Promise<void> => void (await attempt(values, version));
	return attempt(v.mine ?? {}, v.base.version);
}
