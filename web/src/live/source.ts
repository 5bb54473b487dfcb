/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the console needs of a source of news, whatever carries it: this tab's own stream (live/stream.ts), reading
 * again on a timer (live/poll.ts) or, later, the stream of another tab of the same browser. live/live.ts is the only
 * user.
 */
import type { News } from "../shapes.ts";

export interface Sink {
	news(n: News): void;
	/* Something was heard: the data on the page is as of now. */
	beat(): void;
	/* Connected; `again` when something may have been missed since the last time. */
	up(again: boolean): void;
	down(): void;
	/* The server does not know this session any more: no use in trying. */
	refused(): void;
}
export interface Source {
	start(sink: Sink): void;
	stop(): void;
}
