/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The case that lies open: read when the address names it, read again when news tells of it. Keeps, for this
 * session, up to which message each case was seen, for the "new" divider. Writes are in acts/.
 */
import { effect, signal, untracked } from "@preact/signals";
import { Problem } from "../api/problem.ts";
import { server } from "../api/server.ts";
import type { Case, CaseNews, Message } from "../shapes.ts";
import { place } from "./place.ts";
import { tellLooking } from "./presence.ts";
import { isWorker, me, whenForgotten } from "./session.ts";

export type OpenCase = { ticket: string; value: Case | null; error: unknown; divider: number };
export const current = signal<OpenCase | null>(null);
const seenUpTo = new Map<string, number>();
let stop = new AbortController();

const lastNumber = (c: Case): number => c.messages.reduce((n, m) => Math.max(n, m.n), -1);

/* The first message that is new to me: after what I saw this session, else after the last thing staff wrote. -1:
   none is new. */
export function firstNew(messages: readonly Message[], seen: number | undefined): number {
	const from = seen ?? messages.reduce((n, m) => (m.from === "staff" ? Math.max(n, m.n) : n), -1);
	const fresh = messages.filter((m) => m.n > from && !m.mine);
	return fresh.length > 0 && fresh.length < messages.length ? Math.min(...fresh.map((m) => m.n)) : -1;
}

export function putCase(c: Case): void {
	const before = current.value;
	if (!before || before.ticket !== c.ticket) return;
	const first = before.value === null;
	const divider = first ? firstNew(c.messages, seenUpTo.get(c.ticket)) : before.divider;
	current.value = { ticket: c.ticket, value: c, error: null, divider };
	if (c.open) seenUpTo.set(c.ticket, lastNumber(c));
}

export async function readCase(): Promise<void> {
	const asked = current.value?.ticket;
	if (!asked) return;
	stop.abort();
	stop = new AbortController();
	const { signal: given } = stop;
	try {
		putCase((await server.read(asked, given)).body);
	} catch (error) {
		const c = current.value;
		if (given.aborted || c?.ticket !== asked) return;
		/* Moved to another desk, or no part of it is ours any more: what was read may not stay. */
		const gone = error instanceof Problem && (error.status === 404 || error.status === 403);
		current.value = { ...c, error, value: gone ? null : c.value };
	}
}

let timer: ReturnType<typeof setTimeout> | undefined;
export function readSoon(): void {
	clearTimeout(timer);
	timer = setTimeout(() => void readCase(), 150);
}

export function onNewsOfCase(news: CaseNews): void {
	if (news.ticket === current.value?.ticket) readSoon();
}

/* After an answer that carries the case already (claim, next): no second reading. */
export function adopt(c: Case): void {
	if (current.value?.ticket !== c.ticket)
		current.value = { ticket: c.ticket, value: null, error: null, divider: -1 };
	putCase(c);
}

export function followTicket(): void {
	effect(() => {
		const { page, ticket } = place.value,
			person = me.value?.user;
		untracked(() => {
			const wanted = page === "list" && person && isWorker() ? ticket : "";
			if (wanted === (current.value?.ticket ?? "")) return;
			stop.abort();
			current.value = wanted === "" ? null : { ticket: wanted, value: null, error: null, divider: -1 };
			void readCase();
		});
	});
	setInterval(() => {
		if (current.value?.value) tellLooking(current.value.ticket);
	}, 5000);
	whenForgotten(() => {
		current.value = null;
		seenUpTo.clear();
	});
}
