/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Short messages at the edge of the page: what was done, with undo where the server can undo it, and what failed.
 * They go after 8 s (12 s for failures), but not while a pointer or the focus rests on them.
 */
import { signal } from "@preact/signals";

export type Toast = { id: number; text: string; bad: boolean; until: number; undo?: (() => void) | undefined };
export const toasts = signal<readonly Toast[]>([]);
export const holding = signal(false);
const GOOD_MS = 8000,
	BAD_MS = 12_000;
let count = 0;

function sweep(): void {
	const t = Date.now();
	if (holding.value) toasts.value = toasts.value.map((x) => ({ ...x, until: Math.max(x.until, t + 3000) }));
	else toasts.value = toasts.value.filter((x) => x.until > t);
	if (toasts.value.length > 0) setTimeout(sweep, 500);
}

function push(text: string, bad: boolean, undo?: () => void): void {
	const lonely = toasts.value.length === 0;
	const one = { id: ++count, text, bad, until: Date.now() + (bad ? BAD_MS : GOOD_MS), undo };
	toasts.value = [...toasts.value.filter((x) => x.text !== text), one].slice(-4);
	if (lonely) setTimeout(sweep, 500);
}

export const tell = (text: string, undo?: () => void): void => push(text, false, undo);
export const warn = (text: string): void => push(text, true);
export function drop(id: number): void {
	toasts.value = toasts.value.filter((x) => x.id !== id);
	holding.value = false;
}
/* The latest undo on the page; false when there is none. */
export function undoLast(): boolean {
	const last = [...toasts.value].reverse().find((x) => x.undo);
	if (!last?.undo) return false;
	drop(last.id);
	last.undo();
	return true;
}
