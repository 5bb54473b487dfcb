/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A whole house for a browser test: tests/whole/house.py keeps it as a child, told what to do on its input and gone
 * when its input ends. Besides, what a test does without a browser: a caller at the portal's JSON API, a colleague at
 * the console's. Knows nothing of pages.
 */
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { createInterface } from "node:readline";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
export const PASSWORD = "listen-12355-demo"; /* of the demo staff, as published */
export const PATIENCE_MS = 20_000;

export async function until(ask, what) {
	for (const end = Date.now() + PATIENCE_MS; Date.now() < end; ) {
		const answer = await ask();
		if (answer) return answer;
		await new Promise((go) => setTimeout(go, 50));
	}
	throw new Error(`${what} did not come within ${PATIENCE_MS / 1000} s`);
}

/* {portal, console, data, founded, act({restart: "web"}), end()} */
export async function openHouse(build, ...words) {
	const python = spawn("python3", [join(root, "tests/whole/house.py"), "serve", build, ...words], {
		stdio: ["pipe", "pipe", "inherit"],
	});
	const lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
	const answer = async () => {
		const { value, done } = await lines.next();
		if (done) throw new Error("the house ended by itself");
		return JSON.parse(value);
	};
	const gone = new Promise((go) => python.once("exit", go));
	return {
		...(await answer()),
		act(what) {
			python.stdin.write(`${JSON.stringify(what)}\n`);
			return answer();
		},
		async end() {
			python.stdin.end();
			await gone;
		},
	};
}

async function call(url, method, headers, body) {
	const r = await fetch(url, {
		method,
		headers: { ...headers, ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
		...(body === undefined ? {} : { body: JSON.stringify(body) }),
	});
	const text = await r.text();
	return { status: r.status, headers: r.headers, body: text ? JSON.parse(text) : null };
}

function must(status, answer) {
	if (answer.status !== status)
		throw new Error(`status ${answer.status}, wanted ${status}: ${JSON.stringify(answer.body).slice(0, 400)}`);
	return answer.body;
}

/* {ticket, receipt, …} of a request that must be taken. */
export async function submit(house, text, facts = {}) {
	const key = { "Idempotency-Key": randomUUID() };
	return must(201, await call(`${house.portal}/api/v1/requests`, "POST", key, { text, ...facts }));
}

/* The caller, come back: {read(), say(text)} */
export async function track(house, { ticket, receipt }) {
	const { token } = must(200, await call(`${house.portal}/api/v1/track`, "POST", {}, { ticket, receipt }));
	const headers = { Authorization: `Bearer ${token}` };
	return {
		read: async () => must(200, await call(`${house.portal}/api/v1/ticket`, "GET", headers)),
		say: async (text) => must(201, await call(`${house.portal}/api/v1/ticket/messages`, "POST", headers, { text })),
	};
}

export const service = async (house) => must(200, await call(`${house.portal}/api/v1/service`, "GET", {}));

/* A colleague without a browser: get and post (any version of a case will do) below /api/v1 of the console. */
export async function colleague(house, user, password = PASSWORD) {
	const base = `${house.console}/api/v1`;
	const answer = await call(`${base}/session`, "POST", {}, { user, password });
	const { csrf } = must(201, answer);
	const headers = { Cookie: answer.headers.get("set-cookie").split(";")[0], "X-CSRF-Token": csrf };
	const send = async (method, path, body) => {
		const key = { "If-Match": "*", "Idempotency-Key": randomUUID() };
		const got = await call(`${base}${path}`, method, { ...headers, ...(method === "GET" ? {} : key) }, body);
		if (got.status >= 300) must(200, got);
		return got.body;
	};
	return {
		get: (path) => send("GET", path),
		post: (path, body = {}) => send("POST", path, body),
		cookie: { name: headers.Cookie.split("=")[0], value: headers.Cookie.split("=").slice(1).join("=") },
	};
}
