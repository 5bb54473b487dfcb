/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keeps the page alive while somebody is signed in: one stream; polling beside it while the stream cannot be had;
 * the age of what is on the page for the banner. To share one stream between tabs, give `makeStream` a source that
 * listens to the leader tab: nothing else here changes.
 */
import { effect, signal, untracked } from "@preact/signals";
import { hooks } from "../api/call.ts";
import type { News } from "../shapes.ts";
import { onNewsOfCase, readCase } from "../state/casebook.ts";
import { learnTime } from "../state/clock.ts";
import { onHint } from "../state/presence.ts";
import { onCaseNews, refresh, refreshSoon } from "../state/queue.ts";
import { me } from "../state/session.ts";
import { onStaffNews } from "../state/staff.ts";
import { pollSource } from "./poll.ts";
import type { Sink, Source } from "./source.ts";
import { streamSource } from "./stream.ts";

export type Link = { mode: "off" | "connecting" | "live" | "polling" | "down"; heardAt: number; since: number };
export const link = signal<Link>({ mode: "off", heardAt: 0, since: 0 });
const POLL_AFTER = 2; /* broken attempts in a row before polling begins */

function turnTo(mode: Link["mode"]): void {
	if (link.value.mode !== mode) link.value = { ...link.value, mode, since: Date.now() };
}
const heard = (): void => {
	link.value = { ...link.value, heardAt: Date.now() };
};

function onNews(n: News): void {
	if (n.event === "case") {
		onCaseNews(n.data);
		onNewsOfCase(n.data);
	} else if (n.event === "staff") {
		onStaffNews(n.data);
	} else if (n.event === "hint") {
		onHint(n.data);
	} else {
		learnTime(n.data.now);
	}
}

let makeStream: () => Source = streamSource;
export const useStream = (make: () => Source): void => void (makeStream = make);

function run(): () => void {
	const stream = makeStream();
	let poll: Source | null = null,
		broken = 0;
	const pollSink: Sink = {
		news: onNews,
		up: () => undefined,
		refused: () => undefined,
		beat: () => (heard(), turnTo("polling")),
		down: () => turnTo("down"),
	};
	const endPoll = (): void => {
		poll?.stop();
		poll = null;
	};
	const sink: Sink = {
		news: onNews,
		beat: heard,
		up(again) {
			broken = 0;
			endPoll();
			turnTo("live");
			if (again) {
				refreshSoon();
				void readCase();
			}
		},
		down() {
			if (link.value.mode === "live" || link.value.mode === "connecting") turnTo("down");
			if (++broken >= POLL_AFTER && !poll) {
				poll = pollSource(async () => {
					await refresh();
					await readCase();
				});
				poll.start(pollSink);
			}
		},
		refused: () => hooks.onSignedOut(),
	};
	turnTo("connecting");
	stream.start(sink);
	return () => {
		endPoll();
		stream.stop();
		turnTo("off");
	};
}

/* Called once: on while somebody is signed in with a settled password. */
export function followSession(): void {
	let end: (() => void) | null = null;
	effect(() => {
		const on = Boolean(me.value && !me.value.must_change);
		untracked(() => {
			if (on && !end) {
				end = run();
			} else if (!on && end) {
				end();
				end = null;
			}
		});
	});
}
