/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads a text/event-stream piece by piece (WHATWG rules: CR, LF or CRLF, comments, several data lines). Pure;
 * live/stream.ts feeds it with what fetch delivers. We read the stream ourselves, and not by EventSource, so that a
 * reload can send Last-Event-ID, a refused session is seen as 401, and a silent line is noticed.
 */
export type Block = { event: string; data: string; id: string };
export type Reader = { rest: string; event: string; data: string[]; id: string };

export const newReader = (id = ""): Reader => ({ rest: "", event: "", data: [], id });

function takeLine(r: Reader, line: string, out: Block[]): void {
	if (line === "") {
		if (r.data.length > 0) out.push({ event: r.event || "message", data: r.data.join("\n"), id: r.id });
		r.event = "";
		r.data = [];
		return;
	}
	const colon = line.indexOf(":");
	if (colon === 0) return;
	const field = colon < 0 ? line : line.slice(0, colon);
	const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
	if (field === "event") r.event = value;
	else if (field === "data") r.data.push(value);
	else if (field === "id" && !value.includes("\0")) r.id = value;
}

/* Changes the reader; gives the events that are complete. A CR at the very end waits: an LF may follow. */
export function feed(r: Reader, piece: string): Block[] {
	const out: Block[] = [];
	const text = r.rest + piece;
	const whole = text.endsWith("\r") ? text.slice(0, -1) : text;
	const lines = whole.split(/\r\n|\r|\n/);
	r.rest = lines.pop()! + text.slice(whole.length);
	for (const line of lines) takeLine(r, line, out);
	return out;
}
