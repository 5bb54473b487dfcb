/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The event stream of this tab: read with fetch, taken up again by Last-Event-ID after a break, with a growing, jittered pause,
 * at once when the browser says it is online again. 40 s without a byte count as a break: the server says ":" every 15 s.
 */
import { feed, newReader, type Block } from "../pure/sse.ts";
import type { News } from "../shapes.ts";
import type { Sink, Source } from "./source.ts";

const SILENCE_MS = 40_000, PAUSE_MS = 500, PAUSE_MAX_MS = 15_000;
const EVENTS = new Set(["case", "staff", "hint", "hello"]);

function newsOf(block: Block): News | null {
	if (!EVENTS.has(block.event))
		return null;
	try {
		return { event: block.event, data: JSON.parse(block.data) } as News;
	} catch {
		return null;
	}
}

export function streamSource(): Source {
	const reader = newReader();
	let sink: Sink | null = null;
	let attempt = 0, opened = 0;
	let stop = new AbortController();
	let pause: ReturnType<typeof setTimeout> | undefined, watch: ReturnType<typeof setTimeout> | undefined;

	const heard = (): void => {
		clearTimeout(watch);
		watch = setTimeout(() => stop.abort(), SILENCE_MS);
		sink?.beat();
	};

	async function drain(body: ReadableStream<Uint8Array>): Promise<void> {
		const pieces = body.getReader(), utf8 = new TextDecoder();
		reader.rest = "";
		reader.data = [];
		for (;;) {
			const { done, value } = await pieces.read();
			if (done)
				return;
			heard();
			for (const block of feed(reader, utf8.decode(value, { stream: true }))) {
				const news = newsOf(block);
				if (news)
					sink?.news(news);
			}
		}
	}

	async function connect(): Promise<void> {
		clearTimeout(pause);
		pause = undefined;
		stop = new AbortController();
		watch = setTimeout(() => stop.abort(), SILENCE_MS);
		try {
			const r = await fetch("/api/v1/events", {
				headers: { Accept: "text/event-stream", ...(reader.id ? { "Last-Event-ID": reader.id } : {}) },
				credentials: "same-origin", cache: "no-store", signal: stop.signal,
			});
			if (r.status === 401)
				return sink?.refused();
			if (r.ok && r.body) {
				attempt = 0;
				sink?.up(opened++ > 0);
				heard();
				await drain(r.body);
			}
		} catch {
			/* a broken line: told below, tried again after the pause */
		} finally {
			clearTimeout(watch);
		}
		if (sink) {
			sink.down();
			const wait = Math.min(PAUSE_MAX_MS, PAUSE_MS * 2 ** attempt++);
			pause = setTimeout(() => void connect(), wait * (0.75 + Math.random() / 2));
		}
	}
	const online = (): void => {
		if (pause !== undefined && sink) {
			attempt = 0;
			void connect();
		}
	};

	return {
		start(to) {
			sink = to;
			addEventListener("online", online);
			void connect();
		},
		stop() {
			sink = null;
			removeEventListener("online", online);
			clearTimeout(pause);
			clearTimeout(watch);
			stop.abort();
		},
	};
}
