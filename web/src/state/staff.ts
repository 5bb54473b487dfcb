/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The colleagues: read when a page or dialog shows them, kept right by presence news in between.
 */
import { signal } from "@preact/signals";
import { server } from "../api/server.ts";
import type { Staff, StaffNews } from "../shapes.ts";
import { me } from "./session.ts";

export const staff = signal<readonly Staff[]>([]);
export const staffError = signal<unknown>(null);

export async function loadStaff(): Promise<void> {
	try {
		staff.value = (await server.staff()).body.items;
		staffError.value = null;
	} catch (error) {
		staffError.value = error;
	}
}

export const staffName = (user: string): string => staff.value.find((s) => s.user === user)?.name ?? user;

export function onStaffNews(news: StaffNews): void {
	staff.value = staff.value.map((s) => (s.user === news.user ? { ...s, presence: news.presence } : s));
	if (me.value?.user === news.user && news.presence && me.value.presence !== news.presence)
		me.value = { ...me.value, presence: news.presence };
}

/* For choosing whom to give a case: on duty first, then the lighter load. */
export function byReadiness(list: readonly Staff[]): Staff[] {
	const away = (s: Staff): number =>
		s.presence === "on" ? 0 : s.presence === "wrap_up" ? 1 : s.presence === "break" ? 2 : 3;
	return [...list].sort(
		(a, b) => away(a) - away(b) || a.load - b.load || a.open_cases - b.open_cases || (a.user < b.user ? -1 : 1),
	);
}
