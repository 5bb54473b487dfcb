/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where one is, as a signal fed by the address, and the ways to go elsewhere. Going changes the address; the address
 * changes the signal: Back and a reload always work.
 */
import { signal } from "@preact/signals";
import { parsePlace, placeHash, START, type Place } from "../pure/route.ts";

export const place = signal<Place>(parsePlace(location.hash));
addEventListener("hashchange", () => {
	place.value = parsePlace(location.hash);
});

export function go(to: Partial<Place>): void {
	location.hash = placeHash(to);
}
/* One step up: from the side pane to the case, from the case to its list, from a page to the queue. */
export function goUp(): void {
	const { page, view, ticket, side } = place.value;
	if (page !== "list") go(START);
	else go({ view, ticket: side ? ticket : "" });
}
/* With every mark of the earlier place gone, and without a history entry: for sign-out. */
export function forgetPlace(): void {
	history.replaceState(null, "", "#");
	place.value = START;
}
