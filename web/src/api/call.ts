/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One way to the server: JSON in, JSON out, the session's CSRF token on every write, a time limit, and every failure
 * as a Problem. Tells state/session.ts when the session has ended, and live/live.ts when the server has answered, by
 * the two hooks.
 */
import { Problem } from "./problem.ts";

export type Method = "GET" | "POST" | "PUT" | "DELETE";
export type Options = { version?: number | "*"; key?: string; signal?: AbortSignal };
export type Answer<T> = { status: number; body: T };

const LIMIT_MS = 20_000;
export const hooks = { csrf: "", onSignedOut: (): void => {}, onAnswer: (_reached: boolean): void => {} };

/* 128 random bits in hex: an honest retry of the same act is recognised by it. */
export function newKey(): string {
	return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
}

function headersOf(method: Method, body: unknown, o: Options): Headers {
	const h = new Headers({ Accept: "application/json" });
	if (body !== undefined) h.set("Content-Type", "application/json");
	if (method !== "GET") h.set("X-CSRF-Token", hooks.csrf);
	if (o.version !== undefined) h.set("If-Match", o.version === "*" ? "*" : `"${o.version}"`);
	if (o.key) h.set("Idempotency-Key", o.key);
	return h;
}

async function readJson(r: Response): Promise<Record<string, unknown>> {
	const text = await r.text();
	try {
		return text ? (JSON.parse(text) as Record<string, unknown>) : {};
	} catch {
		return {};
	}
}

async function reach(method: Method, path: string, body: unknown, o: Options): Promise<Response> {
	const limit = AbortSignal.timeout(LIMIT_MS);
	const stop = new AbortController();
	const end = (): void => stop.abort();
	limit.addEventListener("abort", end);
	o.signal?.addEventListener("abort", end);
	try {
		return await fetch(`/api/v1${path}`, {
			method,
			headers: headersOf(method, body, o),
			credentials: "same-origin",
			cache: "no-store",
			redirect: "error",
			signal: stop.signal,
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
		});
	} catch (error) {
		if (o.signal?.aborted) throw error;
		hooks.onAnswer(false);
		throw new Problem(0, {});
	}
}

export async function call<T>(method: Method, path: string, body?: unknown, o: Options = {}): Promise<Answer<T>> {
	const r = await reach(method, path, body, o);
	const json = await readJson(r);
	hooks.onAnswer(r.status !== 502 && r.status !== 504);
	if (r.ok) return { status: r.status, body: json as T };
	if (r.status === 401 && path !== "/session") hooks.onSignedOut();
	throw new Problem(r.status, json);
}
