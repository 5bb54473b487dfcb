/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is being written, one reply and one note per case: in memory at once, on the server after 800 ms of rest
 * (sealed there), never in the browser's storage. Each draft keeps the key of its sending, so that a retry after a
 * lost answer sends once.
 */
import { signal, type Signal } from "@preact/signals";
import { newKey } from "../api/call.ts";
import { Problem } from "../api/problem.ts";
import { server } from "../api/server.ts";
import { whenForgotten } from "./session.ts";

export type Pen = "reply" | "note";
export type Draft = {
	text: Signal<string>;
	state: Signal<"" | "saving" | "saved" | "failed">;
	seq: number;
	key: string;
	tried: string | null;
	timer: ReturnType<typeof setTimeout> | undefined;
	asked: boolean;
};
const REST_MS = 800;
const drafts = new Map<string, Draft>();
let serverKeeps = true; /* false once the server has said that it has no such address */

export function draftOf(ticket: string, pen: Pen): Draft {
	const id = `${ticket}/${pen}`;
	let d = drafts.get(id);
	if (!d)
		drafts.set(
			id,
			(d = {
				text: signal(""),
				state: signal(""),
				seq: 0,
				key: newKey(),
				tried: null,
				timer: undefined,
				asked: false,
			}),
		);
	return d;
}

async function save(ticket: string, pen: Pen, d: Draft): Promise<void> {
	d.state.value = "saving";
	const text = d.text.value;
	try {
		await server.saveDraft(ticket, pen, ++d.seq, text);
		d.state.value = text === "" ? "" : "saved";
	} catch (error) {
		if (error instanceof Problem && (error.status === 404 || error.status === 405)) serverKeeps = false;
		d.state.value = serverKeeps ? "failed" : "";
	}
}

export function write(ticket: string, pen: Pen, text: string): void {
	const d = draftOf(ticket, pen);
	if (d.text.value === text) return;
	d.text.value = text;
	clearTimeout(d.timer);
	if (serverKeeps) d.timer = setTimeout(() => void save(ticket, pen, d), REST_MS);
}

/* The key for sending this text: the same for a retry of the same words, a new one for others. */
export function keyFor(d: Draft, text: string): string {
	if (d.tried !== null && d.tried !== text) d.key = newKey();
	d.tried = text;
	return d.key;
}

/* After sending: nothing left to keep, and the next words get a key of their own. */
export function finish(ticket: string, pen: Pen): void {
	const d = draftOf(ticket, pen);
	clearTimeout(d.timer);
	d.text.value = "";
	d.state.value = "";
	d.key = newKey();
	d.tried = null;
	if (serverKeeps && d.seq > 0) void save(ticket, pen, d);
}

/* What an earlier tab or day has left; never over what is being written now. */
export async function fetchDraft(ticket: string, pen: Pen): Promise<void> {
	const d = draftOf(ticket, pen);
	if (d.asked || !serverKeeps) return;
	d.asked = true;
	try {
		const { body } = await server.draft(ticket, pen);
		d.seq = Math.max(d.seq, body.seq ?? 0);
		if (d.text.value === "" && body.text) d.text.value = body.text;
	} catch {
		d.asked = false;
	}
}

export const hasUnsent = (): boolean => [...drafts.values()].some((d) => d.text.value.trim() !== "");

whenForgotten(() => {
	drafts.forEach((d) => clearTimeout(d.timer));
	drafts.clear();
});
