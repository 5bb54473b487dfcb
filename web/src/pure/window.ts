/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The arithmetic of a virtual list with rows of one height: which rows stand in the window, and where to scroll so
 * that one row is seen. Pure; parts/virtual.tsx draws with it.
 */
export type Stretch = { from: number; to: number };

export function stretch(top: number, height: number, row: number, count: number, spare = 6): Stretch {
	const first = Math.floor(Math.max(0, top) / row),
		last = Math.ceil((Math.max(0, top) + height) / row);
	return { from: Math.max(0, Math.min(first - spare, count)), to: Math.min(count, last + spare) };
}

/* The new scroll position, or the old one when the row is already seen whole. */
export function reveal(index: number, top: number, height: number, row: number): number {
	if (index * row < top) return index * row;
	return (index + 1) * row > top + height ? (index + 1) * row - height : top;
}
