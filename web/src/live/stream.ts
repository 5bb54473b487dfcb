/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The event stream of this tab: read with fetch, taken up again by Last-Event-ID after a break, with a growing,
 * jittered pause, at once when the browser says it is online again. 40 s without a byte count as a break: the server
 * says ":" every 15 s.
 */
import { feed, newReader, type Block, type Reader } from "../pure/sse.ts";
import type { News } from "../shapes.ts";
import type { Sink, Source } from "./source.ts";

const SILENCE_MS = 40_000,
	PAUSE_MS = 500,
	PAUSE_MAX_MS = 15_000;
const EVENTS = new Set(["case", "staff", "hint", "hello"]);
type Timer = ReturnType<typeof setTimeout> | undefined;

function newsOf(block: Block): News | null {
	if (!EVENTS.has(block.event)) return null;
	try {
		return { event: block.event, data: JSON.parse(block.data) } as News;
	} catch {
		return null;
	}
}

class Stream implements Source {
	private sink: Sink | null = null;
	private reader: Reader = newReader();
	private attempt = 0;
	private opened = 0;
	private line = new AbortController();
	private pause: Timer;
	private watch: Timer;

	start(sink: Sink): void {
		this.sink = sink;
		addEventListener("online", this.online);
		void this.connect();
	}

	stop(): void {
		this.sink = null;
		removeEventListener("online", this.online);
		clearTimeout(this.pause);
		clearTimeout(this.watch);
		this.line.abort();
	}

	private readonly online = (): void => {
		if (this.pause === undefined || !this.sink) return;
		this.attempt = 0;
		void this.connect();
	};

	private guard(): void {
		clearTimeout(this.watch);
		this.watch = setTimeout(() => this.line.abort(), SILENCE_MS);
	}

	private open(): Promise<Response> {
		const last = this.reader.id;
		return fetch("/api/v1/events", {
			headers: { Accept: "text/event-stream", ...(last ? { "Last-Event-ID": last } : {}) },
			credentials: "same-origin",
			cache: "no-store",
			signal: this.line.signal,
		});
	}

	private async drain(body: ReadableStream<Uint8Array>): Promise<void> {
		const pieces = body.getReader(),
			utf8 = new TextDecoder();
		this.reader = newReader(this.reader.id);
		for (;;) {
			const { done, value } = await pieces.read();
			if (done) return;
			this.guard();
			this.sink?.beat();
			for (const block of feed(this.reader, utf8.decode(value, { stream: true }))) {
				const news = newsOf(block);
				if (news) this.sink?.news(news);
			}
		}
	}

	private async connect(): Promise<void> {
		clearTimeout(this.pause);
		this.pause = undefined;
		this.line = new AbortController();
		this.guard();
		try {
			const r = await this.open();
			if (r.status === 401) return this.sink?.refused();
			if (r.ok && r.body) {
				this.attempt = 0;
				this.sink?.up(this.opened++ > 0);
				this.sink?.beat();
				await this.drain(r.body);
			}
		} catch {
			/* a broken line: told below, tried again after the pause */
		} finally {
			clearTimeout(this.watch);
		}
		this.retry();
	}

	private retry(): void {
		if (!this.sink) return;
		this.sink.down();
		const wait = Math.min(PAUSE_MAX_MS, PAUSE_MS * 2 ** this.attempt++);
		this.pause = setTimeout(() => void this.connect(), wait * (0.75 + Math.random() / 2));
	}
}

export const streamSource = (): Source => new Stream();
