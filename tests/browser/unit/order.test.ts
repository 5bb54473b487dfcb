/* SPDX-License-Identifier: Apache-2.0 */
/* The order of the queue and how news changes a list. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
	appendPage,
	applyRow,
	compareRows,
	dropTicket,
	mergePage,
	rank,
	rowKey,
} from "../../../web/src/pure/order.ts";
import { ago, me, row } from "./rows.ts";

const NO_FILTER = { desk: "", risk: "" };
const tickets = (rows: readonly { ticket: string }[]): string => rows.map((r) => r.ticket).join(" ");

test("risk_three_stands_before_whoever_has_waited_longest", () => {
	const rows = [row("old", { oldest_at: ago(60 * 24 * 30) }), row("crisis", { risk: 3, oldest_at: ago(0) })];
	assert.equal(tickets(rows.sort(compareRows)), "crisis old");
});

test("two_crises_stand_in_the_order_they_came", () => {
	const rows = [row("b", { risk: 3, oldest_at: ago(1) }), row("a", { risk: 3, oldest_at: ago(5) })];
	assert.equal(tickets(rows.sort(compareRows)), "a b");
});

test("risk_gives_credit_of_an_hour_and_of_a_day_and_nothing_starves", () => {
	const rows = [
		row("none_61", { oldest_at: ago(61) }),
		row("one_0", { risk: 1, oldest_at: ago(0) }),
		row("two_0", { risk: 2, oldest_at: ago(0) }),
		row("none_25h", { oldest_at: ago(25 * 60) }),
	];
	assert.equal(tickets(rows.sort(compareRows)), "none_25h two_0 none_61 one_0");
});

test("a_case_with_nothing_unanswered_is_ranked_by_its_opening", () => {
	assert.equal(rank(row("x", { oldest_at: null, opened_at: ago(7) })), Date.parse(ago(7)));
});

test("a_new_row_stands_in_its_place_at_once", () => {
	const rows = [row("a", { oldest_at: ago(30) }), row("c", { oldest_at: ago(5) })];
	assert.equal(tickets(applyRow(rows, row("b", { oldest_at: ago(10) }), "waiting", me, NO_FILTER)), "a b c");
});

test("a_claimed_case_leaves_the_queue_and_stands_with_its_owner", () => {
	const claimed = row("a", { state: "assigned", assignee: "psych1" });
	assert.equal(tickets(applyRow([row("a"), row("b")], claimed, "waiting", me, NO_FILTER)), "b");
	assert.equal(tickets(applyRow([row("b", { assignee: "psych1" })], claimed, "mine", me, NO_FILTER)), "a b");
	assert.equal(tickets(applyRow([claimed], { ...claimed, assignee: "psych2" }, "mine", me, NO_FILTER)), "");
});

test("a_part_of_a_case_keeps_its_place_and_learns_the_risk_of_the_case", () => {
	const task = row("a", { what: "task", ref: 4, oldest_at: ago(50) });
	const found = applyRow(
		[task],
		row("a", { state: "in_progress", risk: 2, assignee: "psych2" }),
		"waiting",
		me,
		NO_FILTER,
	);
	assert.equal(found.length, 1);
	assert.equal(found[0]!.risk, 2);
	assert.equal(rowKey(found[0]!), "a/task/4");
});

test("a_row_outside_the_filter_does_not_come_in", () => {
	const filter = { desk: "legal", risk: "" };
	assert.equal(applyRow([], row("a"), "waiting", me, filter).length, 0);
	assert.equal(applyRow([], row("a"), "waiting", me, { desk: "psych", risk: "0" }).length, 1);
	assert.equal(applyRow([row("a")], row("a", { risk: 1 }), "waiting", me, { desk: "", risk: "0" }).length, 0);
});

test("closed_cases_leave_every_list_but_their_own", () => {
	const ended = row("a", { state: "closed", assignee: "psych1" });
	for (const view of ["waiting", "mine", "desk"] as const)
		assert.equal(applyRow([row("a", { assignee: "psych1" })], ended, view, me, NO_FILTER).length, 0);
	assert.equal(applyRow([], ended, "closed", me, NO_FILTER).length, 1);
});

test("the_first_page_read_again_wins_and_what_is_behind_it_stays", () => {
	const loaded = ["a", "b", "c", "d", "e"].map((t) => row(t));
	assert.equal(tickets(mergePage(loaded, [row("a"), row("x"), row("c")], false)), "a x c d e");
	assert.equal(tickets(mergePage(loaded, [row("a")], true)), "a");
	assert.equal(tickets(mergePage(loaded, [], true)), "");
	assert.equal(tickets(mergePage(loaded, [row("e"), row("y")], false)), "e y c d");
});

test("a_next_page_adds_only_what_is_not_there", () => {
	assert.equal(tickets(appendPage([row("a"), row("b")], [row("b"), row("c")])), "a b c");
});

test("a_case_one_may_no_longer_see_goes_with_all_its_rows", () => {
	assert.equal(tickets(dropTicket([row("a"), row("a", { what: "task", ref: 1 }), row("b")], "a")), "b");
});
