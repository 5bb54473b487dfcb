/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a counselor does to a case as a whole: take it, give it back, hand it on, end it. Each tells what was done
 * and offers undo where the server can undo it. Called by the buttons, the dialogs and the keyboard alike.
 */
import { server, type Ended } from "../api/server.ts";
import type { Case } from "../shapes.ts";
import { adopt, readSoon } from "../state/casebook.ts";
import { closeDialog } from "../state/dialogs.ts";
import { go, place } from "../state/place.ts";
import { cursor, refreshSoon } from "../state/queue.ts";
import { rowKey } from "../pure/order.ts";
import { deskName } from "../state/service.ts";
import { tell } from "../state/toasts.ts";
import { t } from "../state/words.ts";
import { accept, run, runVersioned } from "./run.ts";

/* An untouched case can go back to where it was; the server refuses once something has been written. */
function offerBack(ticket: string): () => void {
	return () =>
		void run("release", async () => {
			await server.release(ticket, "end");
			refreshSoon();
			readSoon();
			tell(t("console.done.released", { ticket }));
		});
}

function taken(c: Case): void {
	adopt(c);
	cursor.value = rowKey({ ...c, messages: 0 });
	go({ view: place.value.page === "list" ? place.value.view : "mine", ticket: c.ticket });
	refreshSoon();
	tell(t("console.done.claimed", { ticket: c.ticket }), offerBack(c.ticket));
}

export const claimNext = (): Promise<boolean> =>
	run("next", async () => {
		const { status, body } = await server.next();
		if (status === 204) tell(t("console.done.none_waiting"));
		else taken(body);
	});

export const claim = (c: Case): Promise<boolean> =>
	run("claim", async () => taken((await server.claim(c.ticket, c.what === "task" ? c.ref : undefined)).body));

export const openWithReason = (ticket: string, reason: string): Promise<boolean> =>
	run("open", async () => {
		accept((await server.open(ticket, reason)).body);
	});

export const release = (ticket: string, reason: string): Promise<boolean> =>
	run("release", async () => {
		accept((await server.release(ticket, reason)).body);
		closeDialog();
		tell(t("console.done.released", { ticket }));
	});

export const reopen = (ticket: string): Promise<boolean> =>
	run("reopen", async () => {
		accept((await server.reopen(ticket)).body);
		tell(t("console.done.reopened", { ticket }));
	});

export const refuse = (ticket: string): Promise<boolean> =>
	run("refuse", async () => {
		accept((await server.refuse(ticket)).body);
		tell(t("console.done.refused", { ticket }));
	});

export function close(base: Case, ended: Ended): Promise<boolean> {
	const { ticket } = base;
	return runVersioned({
		name: "close",
		what: "console.act.close",
		base,
		mine: null,
		send: (id, _values, version) => server.close(id, ended, version),
		done: (status) => tell(t(status === 202 ? "console.done.close_asked" : "console.done.closed", { ticket })),
	});
}

export function assign(base: Case, to: string, name: string): Promise<boolean> {
	return runVersioned({
		name: "assign",
		what: "console.act.assign",
		base,
		mine: null,
		send: (id, _values, version) => server.assign(id, to, version),
		done: () => tell(t("console.done.assigned", { ticket: base.ticket, name })),
	});
}

export function transfer(base: Case, desk: string): Promise<boolean> {
	return runVersioned({
		name: "transfer",
		what: "console.act.transfer",
		base,
		mine: null,
		send: (id, _values, version) => server.transfer(id, desk, version),
		done: (status) => {
			const key = status === 202 ? "console.done.transfer_pending" : "console.done.transferred";
			tell(t(key, { ticket: base.ticket, desk: deskName(desk) }));
		},
	});
}
