/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The list of the view one is in: loaded page by page, corrected by every piece of news, and read again (first page
 * and counts) shortly after news has settled, so that the server's order always wins. The cursor row is what j and k
 * move.
 */
import { computed, effect, signal, untracked } from "@preact/signals";
import { server } from "../api/server.ts";
import { appendPage, applyRow, dropTicket, mergePage, rowKey, type Filter } from "../pure/order.ts";
import type { CaseNews, Counts, Page, Row, View } from "../shapes.ts";
import { place } from "./place.ts";
import { isWorker, me, whenForgotten } from "./session.ts";

const PAGE = 100;
const SETTLE_MS = 1200,
	AT_MOST_MS = 5000;

export const rows = signal<readonly Row[]>([]);
export const counts = signal<Counts>({});
export const loading = signal<"" | "first" | "more">("");
export const failed = signal<unknown>(null);
export const filter = signal<Filter>({ desk: "", risk: "" });
export const words = signal("");
export const cursor = signal("");
/* Counts the moves by keyboard: only these take the focus along. */
export const moves = signal(0);
/* For the live region: news since it last spoke. */
export const arrivals = signal<readonly Row[]>([]);
let next: string | null = null;
let readAt = 0;
let stop = new AbortController();
const kept = new Map<View, readonly Row[]>();

export const view = computed<View>(() => place.value.view);
/* The filter box looks only at what the row shows. */
export const shown = computed<readonly Row[]>(() => {
	const needle = words.value.trim().toLowerCase();
	if (needle === "") return rows.value;
	return rows.value.filter((r) =>
		[r.ticket, r.assignee_name ?? "", r.assignee ?? ""].some((s) => s.toLowerCase().includes(needle)),
	);
});
/* Where each row stands, so that a step of the cursor costs the same in a list of ten thousand. */
const places = computed<ReadonlyMap<string, number>>(() => new Map(shown.value.map((r, i) => [rowKey(r), i])));
export const cursorAt = computed(() => places.value.get(cursor.value) ?? -1);
export const isFiltered = computed(
	() => words.value.trim() !== "" || filter.value.desk !== "" || filter.value.risk !== "",
);

function query(): Record<string, string> {
	const { desk, risk } = filter.value;
	return { limit: `${PAGE}`, ...(desk ? { desk } : {}), ...(risk ? { risk } : {}) };
}

function settle(): void {
	if (cursorAt.value < 0) cursor.value = shown.value[0] ? rowKey(shown.value[0]) : "";
}

async function fetchPage(merge: (page: Page) => readonly Row[]): Promise<void> {
	const asked = view.value,
		{ signal: given } = stop;
	const { body } = await server.list(asked, query(), given);
	if (given.aborted || asked !== view.value) return;
	rows.value = merge(body);
	counts.value = body.counts ?? counts.value;
	failed.value = null;
	readAt = Date.now();
	settle();
}

/* From the start: another view or filter. */
export async function load(): Promise<void> {
	stop.abort();
	stop = new AbortController();
	const mine = stop.signal;
	rows.value = kept.get(view.value) ?? [];
	loading.value = "first";
	next = null;
	try {
		await fetchPage((page) => {
			next = page.next;
			return page.items;
		});
	} catch (error) {
		if (!mine.aborted) failed.value = error;
	} finally {
		if (!mine.aborted) loading.value = "";
	}
}

export async function loadMore(): Promise<void> {
	if (next === null || loading.value !== "") return;
	loading.value = "more";
	const asked = view.value,
		mine = stop.signal;
	try {
		const { body } = await server.list(asked, { ...query(), cursor: next }, mine);
		if (mine.aborted) return;
		next = body.next;
		rows.value = appendPage(rows.value, body.items);
	} catch (error) {
		if (!mine.aborted) failed.value = error;
	} finally {
		if (!mine.aborted) loading.value = "";
	}
}

/* The first page and the counts again, in place. */
export async function refresh(): Promise<void> {
	if (loading.value === "first" || !isWorker()) return;
	const short = rows.value.length <= PAGE;
	await fetchPage((page) => {
		if (short) next = page.next;
		return mergePage(rows.value, page.items, page.next === null);
	});
}

let timer: ReturnType<typeof setTimeout> | undefined;
let firstAsked = 0;
export function refreshSoon(): void {
	const t = Date.now();
	if (timer === undefined) firstAsked = t;
	else if (t - firstAsked > AT_MOST_MS) return;
	clearTimeout(timer);
	timer = setTimeout(
		() => {
			timer = undefined;
			refresh().catch(() => undefined);
		},
		Math.max(SETTLE_MS, readAt + SETTLE_MS - t),
	);
}

export function onCaseNews(news: CaseNews): void {
	const person = me.value;
	if (!person) return;
	const known = new Set(rows.value.map((r) => r.ticket));
	rows.value = news.row
		? applyRow(rows.value, news.row, view.value, person, filter.value)
		: dropTicket(rows.value, news.ticket);
	if (
		news.row &&
		view.value === "waiting" &&
		!known.has(news.ticket) &&
		rows.value.some((r) => r.ticket === news.ticket)
	)
		arrivals.value = [...arrivals.value, news.row];
	settle();
	refreshSoon();
}

export function moveCursor(by: number): void {
	const list = shown.value;
	if (list.length === 0) return;
	const at = cursorAt.value;
	const to = Math.max(0, Math.min(list.length - 1, at < 0 ? 0 : at + by));
	cursor.value = rowKey(list[to]!);
	moves.value++;
	if (to > list.length - 30) void loadMore();
}
export const cursorRow = (): Row | undefined => shown.value[cursorAt.value];

/* Called once: reads the view whenever it, the filter or the person changes. */
export function followPlace(): void {
	let before: View | null = null;
	effect(() => {
		const asked = view.value,
			person = me.value?.user,
			pass = filter.value;
		untracked(() => {
			if (
				before !== null &&
				before !== asked &&
				rows.value.length > 0 &&
				pass.desk + pass.risk + words.value === ""
			)
				kept.set(before, rows.value.slice(0, PAGE));
			before = asked;
			if (person && isWorker()) void load();
		});
	});
	whenForgotten(() => {
		rows.value = [];
		counts.value = {};
		kept.clear();
		filter.value = { desk: "", risk: "" };
		words.value = "";
	});
}
