/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which pen is in the hand, and the wish to have the composer focused (a count: each wish is new).
 */
import { signal } from "@preact/signals";
import type { Pen } from "./drafts.ts";

export const pen = signal<Pen>("reply");
export const focusWish = signal(0);
export function take(which: Pen): void {
	pen.value = which;
	focusWish.value++;
}
/* The same for the filter box of the list. */
export const filterWish = signal(0);
