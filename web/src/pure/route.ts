/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where in the console one is, as the part of the address after "#": it never reaches a server, a log or a referrer.
 * Pure; state/place.ts listens to the browser.
 */
import type { View } from "../shapes.ts";

export const VIEWS: readonly View[] = ["waiting", "mine", "desk", "followups", "closed", "all"];
export type PageName = "list" | "contact" | "staff";
export type Place = { page: PageName; view: View; ticket: string; side: boolean };

export const START: Place = { page: "list", view: "waiting", ticket: "", side: false };
const TICKET = /^YT-[0-9A-Z]{4}-[0-9A-Z]{4}$/;

/* "#/mine/YT-AAAA-BBBB/side"; anything unknown is the start. */
export function parsePlace(hash: string): Place {
	const [first = "", second = "", third = ""] = hash.replace(/^#\/?/, "").split("/");
	if (first === "contact" || first === "staff") return { ...START, page: first };
	const view = VIEWS.find((v) => v === first);
	if (!view) return START;
	const ticket = TICKET.test(second) ? second : "";
	return { page: "list", view, ticket, side: ticket !== "" && third === "side" };
}

export function placeHash(p: Partial<Place>): string {
	const at = { ...START, ...p };
	if (at.page !== "list") return `#/${at.page}`;
	return ["#", at.view, at.ticket, at.ticket && at.side ? "side" : ""].filter(Boolean).join("/");
}
