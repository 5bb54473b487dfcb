/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What went wrong, as one error type: an RFC 9457 problem of the server, or no answer at all (status 0). Knows how
 * to say it in a sentence a counselor can act on: the server's `detail` where it gives one, else ours for the
 * status.
 */
import { t, type Key } from "../state/words.ts";
import type { Case } from "../shapes.ts";

export class Problem extends Error {
	readonly status: number;
	readonly code: string;
	readonly body: Record<string, unknown>;

	constructor(status: number, body: Record<string, unknown>) {
		super(`problem ${status}`);
		this.status = status;
		this.body = body;
		this.code = typeof body["type"] === "string" ? body["type"].replace(/^.*\//, "") : "";
	}

	/* The case as it is now, in a 412. */
	get latest(): Case | null {
		return (this.body["case"] as Case | undefined) ?? null;
	}
}

const SENTENCES: Record<number, Key> = {
	0: "console.problem.offline",
	401: "console.problem.signed_out",
	403: "console.problem.forbidden",
	404: "console.problem.gone",
	409: "console.problem.not_now",
	412: "console.problem.changed",
	413: "console.problem.too_long",
	429: "console.problem.too_fast",
	503: "console.problem.busy",
};

export function problemText(error: unknown): string {
	if (!(error instanceof Problem)) return t("console.problem.ours");
	const by = error.body["by"];
	if (error.status === 409 && typeof by === "string") return t("console.problem.taken", { name: by });
	const detail = error.body["detail"];
	if (typeof detail === "string" && detail !== "" && error.status !== 401) return detail;
	return t(SENTENCES[error.status] ?? "console.problem.server");
}
