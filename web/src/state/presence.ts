/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who else is at a case: hints that fade by themselves. Telling others is throttled here too.
 */
import { signal } from "@preact/signals";
import { server } from "../api/server.ts";
import type { Hint } from "../shapes.ts";
import { me } from "./session.ts";

type Seen = { name: string; kind: Hint["kind"]; until: number };
const LOOKING_MS = 60_000,
	TYPING_MS = 6000,
	TELL_LOOKING_MS = 25_000,
	TELL_TYPING_MS = 3000;
const hints = signal<ReadonlyMap<string, readonly Seen[]>>(new Map());

export function onHint(hint: Hint): void {
	if (hint.name === me.value?.name) return;
	const t = Date.now(),
		until = t + (hint.kind === "typing" ? TYPING_MS : LOOKING_MS);
	const others = (hints.value.get(hint.ticket) ?? []).filter(
		(s) => s.until > t && (s.name !== hint.name || s.kind !== hint.kind),
	);
	hints.value = new Map(hints.value).set(hint.ticket, [...others, { name: hint.name, kind: hint.kind, until }]);
}

const names = (ticket: string, kind: Hint["kind"], t: number): string[] =>
	(hints.value.get(ticket) ?? []).filter((s) => s.kind === kind && s.until > t).map((s) => s.name);

/* Those the server named with the row, and those heard of since. `t` is now.value: the answer fades with the clock. */
export function lookers(ticket: string, listed: readonly string[], _tick: number): string[] {
	return [...new Set([...listed, ...names(ticket, "looking", Date.now())])].filter((n) => n !== me.value?.name);
}
export const typists = (ticket: string, _tick: number): string[] => names(ticket, "typing", Date.now());

let toldLooking = { ticket: "", at: 0 },
	toldTyping = { ticket: "", at: 0 };
export function tellLooking(ticket: string): void {
	if (document.hidden || (toldLooking.ticket === ticket && Date.now() - toldLooking.at < TELL_LOOKING_MS)) return;
	toldLooking = { ticket, at: Date.now() };
	server.looking(ticket).catch(() => undefined);
}
export function tellTyping(ticket: string): void {
	if (toldTyping.ticket === ticket && Date.now() - toldTyping.at < TELL_TYPING_MS) return;
	toldTyping = { ticket, at: Date.now() };
	server.typing(ticket).catch(() => undefined);
}
