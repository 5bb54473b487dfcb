/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one clock: ticks once a second, in step with the server's time. Every "waiting for 3 min" on the page hangs on
 * it, and redraws only when its own text changes.
 */
import { signal } from "@preact/signals";

let ahead = 0; /* ms the server is ahead of this computer */
export const now = signal(Date.now());

export const serverNow = (): number => Date.now() + ahead;
export function learnTime(iso: string): void {
	const at = Date.parse(iso);
	if (Number.isFinite(at)) ahead = at - Date.now();
}

function tick(): void {
	now.value = serverNow();
	setTimeout(tick, 1000 - (Date.now() % 1000));
}
export const startClock = tick;
