/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The codes of this installation (desks, categories, regions, dispositions …), read once after sign-in, and their
 * names.
 */
import { signal } from "@preact/signals";
import { server } from "../api/server.ts";
import type { Category, Code, Desk, Service } from "../shapes.ts";
import { nameOf, word, type Group } from "./words.ts";

export const service = signal<Service | null>(null);

export async function loadService(): Promise<void> {
	service.value = (await server.service()).body;
}

export const desks = (): Desk[] => service.value?.desks ?? [];
/* By id ("450100.psych") or, in rows, by kind. */
export function deskName(id: string | null | undefined): string {
	const found = desks().find((d) => d.id === id) ?? desks().find((d) => d.kind === id);
	return found ? nameOf(found.name) : word("desk", id);
}

export function categoryName(id: string): string {
	const found = service.value?.categories.find((c) => c.id === id);
	return found ? nameOf(found.name) : id === "" ? word("desk", "") : id;
}
/* The leaves of a desk first, then all others. */
export function categoriesFor(kind: string): { near: Category[]; far: Category[] } {
	const all = service.value?.categories ?? [];
	return { near: all.filter((c) => c.desk === kind), far: all.filter((c) => c.desk !== kind) };
}

type List =
	| "groups"
	| "regions"
	| "dispositions"
	| "channels"
	| "kinds"
	| "urgencies"
	| "relations"
	| "age_bands"
	| "genders"
	| "contact_types";
const GROUP_OF: Partial<Record<List, Group>> = {
	dispositions: "disposition",
	channels: "channel",
	kinds: "kind",
	urgencies: "urgency",
	relations: "relation",
	age_bands: "age_band",
	genders: "gender",
	contact_types: "contact_type",
};
export type Choice = { value: string; label: string };

/* Our own word for a code wins (it is what the rest of the page says); the server's name for what only it knows. */
function labelOf(list: List, code: Code): string {
	const group = GROUP_OF[list];
	const ours = group ? word(group, code.id) : code.id;
	return ours !== code.id ? ours : nameOf(code.name) || code.id;
}
export function choices(list: List): Choice[] {
	return (service.value?.[list] ?? []).map((c) => ({ value: c.id, label: labelOf(list, c) }));
}
export function choiceName(list: List, id: string): string {
	const found = service.value?.[list].find((c) => c.id === id);
	return found ? labelOf(list, found) : id;
}
