/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The order of the queue and how news changes a list, pure. The server decides the order; this repeats its rule
 * (risk 3 first, then the oldest unanswered message less a credit for risk) so that a row that arrives by stream
 * stands in its place at once. Called by state/queue.ts. A list is never edited in place: each function gives a new
 * one.
 */
import type { Me, Row, View } from "../shapes.ts";

const HOUR = 3_600_000;
const CREDIT = [0, HOUR, 24 * HOUR, 0];

/* One case can stand in a queue more than once: itself, another desk's part of it, something due while its owner is
   away. */
export const rowKey = (row: Row): string => `${row.ticket}/${row.what}/${row.ref}`;

export function rank(row: Row): number {
	if (row.risk === 3) return Number.MIN_SAFE_INTEGER;
	return Date.parse(row.oldest_at ?? row.opened_at) - (CREDIT[row.risk] ?? 0);
}

export function compareRows(a: Row, b: Row): number {
	return (
		rank(a) - rank(b) ||
		Date.parse(a.oldest_at ?? a.opened_at) - Date.parse(b.oldest_at ?? b.opened_at) ||
		(rowKey(a) < rowKey(b) ? -1 : rowKey(a) > rowKey(b) ? 1 : 0)
	);
}

const isEnded = (row: Row): boolean => row.state === "closed" || row.state === "archived";

const BELONGS: Record<View, (row: Row, me: Me) => boolean> = {
	waiting: (row) => row.what !== "case" || row.state === "waiting",
	mine: (row, me) => row.assignee === me.user && !isEnded(row),
	desk: (row, me) => !isEnded(row) && me.desks.some((d) => d.id === row.desk_id),
	followups: (row) => row.what === "followup",
	closed: (row) => isEnded(row),
	all: () => true,
};
export const belongs = (view: View, row: Row, me: Me): boolean => BELONGS[view](row, me);

function insertSorted(rows: readonly Row[], row: Row): Row[] {
	let low = 0,
		high = rows.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (compareRows(rows[middle]!, row) <= 0) low = middle + 1;
		else high = middle;
	}
	return [...rows.slice(0, low), row, ...rows.slice(low)];
}

export type Filter = { desk: string; risk: string };
export const passes = (filter: Filter, row: Row): boolean =>
	(!filter.desk || row.desk === filter.desk || row.desk_id === filter.desk) &&
	(!filter.risk || `${row.risk}` === filter.risk);

/* A row that came by stream. Other rows of the same ticket keep their place but learn the shared facts. */
export function applyRow(rows: readonly Row[], row: Row, view: View, me: Me, filter: Filter): Row[] {
	const key = rowKey(row);
	const shared = {
		state: row.state,
		risk: row.risk,
		assignee: row.assignee,
		assignee_name: row.assignee_name,
		version: row.version,
		presence: row.presence,
		marks: row.marks,
	};
	const others = rows.map((r) => (r.ticket === row.ticket && rowKey(r) !== key ? { ...r, ...shared } : r));
	const at = others.findIndex((r) => rowKey(r) === key);
	const rest = at < 0 ? others : [...others.slice(0, at), ...others.slice(at + 1)];
	if (!belongs(view, row, me) || !passes(filter, row)) return rest;
	if (view === "waiting") return insertSorted(rest, row);
	if (at >= 0) return [...rest.slice(0, at), row, ...rest.slice(at)];
	return [row, ...rest];
}

export const dropTicket = (rows: readonly Row[], ticket: string): Row[] => rows.filter((r) => r.ticket !== ticket);

/* The first page, read again, is the truth for its stretch; what was loaded behind it stays. */
export function mergePage(rows: readonly Row[], page: readonly Row[], isWhole: boolean): Row[] {
	const last = page[page.length - 1];
	if (isWhole || !last) return [...page];
	const keys = new Set(page.map(rowKey));
	const at = rows.findIndex((r) => rowKey(r) === rowKey(last));
	const behind = at >= 0 ? rows.slice(at + 1) : rows.slice(page.length);
	return [...page, ...behind.filter((r) => !keys.has(rowKey(r)))];
}

export function appendPage(rows: readonly Row[], page: readonly Row[]): Row[] {
	const keys = new Set(rows.map(rowKey));
	return [...rows, ...page.filter((r) => !keys.has(rowKey(r)))];
}
