/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is written into a case: replies (the caller reads them), notes (staff only), and taking one back within two
 * minutes. A text leaves the composer only after the server has it; a retry carries the same key, so nothing is ever
 * sent twice.
 */
import { server } from "../api/server.ts";
import type { Message } from "../shapes.ts";
import { current, putCase, readSoon } from "../state/casebook.ts";
import { serverNow } from "../state/clock.ts";
import { draftOf, finish, keyFor, type Pen } from "../state/drafts.ts";
import { refreshSoon } from "../state/queue.ts";
import { me } from "../state/session.ts";
import { tell } from "../state/toasts.ts";
import { t } from "../state/words.ts";
import { run } from "./run.ts";

const RECALL_MS = 120_000;

function mine(pen: Pen, n: number, at: string, text: string): Message {
	return {
		n,
		kind: pen === "reply" ? "reply" : "note",
		from: "staff",
		author: me.value?.user ?? "",
		author_name: me.value?.name ?? "",
		mine: true,
		alias: null,
		at,
		seen_at: null,
		recalled: false,
		text,
		damaged: false,
		risk: 0,
		recall_until: new Date(serverNow() + RECALL_MS).toISOString(),
	};
}

export const recall = (ticket: string, n: number): Promise<boolean> =>
	run(`recall ${n}`, async () => {
		await server.recall(ticket, n);
		readSoon();
		tell(t("console.done.recalled"));
	});

/* The 20,000 code points the server takes. */
export const TEXT_MAX = 20_000;
export const lengthOf = (text: string): number => [...text].length;

export const send = (ticket: string, pen: Pen): Promise<boolean> => {
	const draft = draftOf(ticket, pen),
		text = draft.text.value.trim();
	if (text === "" || lengthOf(text) > TEXT_MAX) return Promise.resolve(false);
	return run(`send ${pen}`, async () => {
		const { body } = await (pen === "reply" ? server.reply : server.note)(ticket, text, keyFor(draft, text));
		finish(ticket, pen);
		const c = current.value?.value;
		if (c && c.ticket === ticket && !c.messages.some((m) => m.n === body.n))
			putCase({
				...c,
				state: body.state,
				version: body.version,
				messages: [...c.messages, mine(pen, body.n, body.at, text)],
			});
		readSoon();
		refreshSoon();
		tell(t(pen === "reply" ? "console.done.replied" : "console.done.noted"), () => void recall(ticket, body.n));
	});
};
