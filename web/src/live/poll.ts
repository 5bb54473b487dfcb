/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The fallback where streams are blocked: reads everything on the page again every 10 s. Its news is the reading
 * itself, so it only beats.
 */
import type { Sink, Source } from "./source.ts";

const EVERY_MS = 10_000;

export function pollSource(read: () => Promise<void>): Source {
	let timer: ReturnType<typeof setTimeout> | undefined;
	let sink: Sink | null = null;

	async function turn(): Promise<void> {
		try {
			await read();
			sink?.beat();
		} catch {
			sink?.down();
		}
		if (sink) timer = setTimeout(() => void turn(), EVERY_MS);
	}
	return {
		start(to) {
			sink = to;
			void turn();
		},
		stop() {
			sink = null;
			clearTimeout(timer);
		},
	};
}
