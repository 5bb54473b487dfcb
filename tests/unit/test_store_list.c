/* SPDX-License-Identifier: Apache-2.0 */
/* Queues and lists: the order, the filters, cursors that neither lose nor repeat a row, and plans that never scan. */
#include "store_kit.h"

#include "mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void no_query_scans_what_grows(void **state)
{
	struct kit *k = *state;
	char *why = NULL;

	if (store_plan_check(k->store, &why))
		fail_msg("%s", why);
}

/* ---- the queue ---- */

static int queue_run(struct store *s, void *ctx)
{
	const struct queue_row *rows = ctx;
	int rc = 0;

	for (size_t i = 0; !rc && rows[i].desk; i++)
		rc = store_queue_put(s, &rows[i]);
	return rc;
}

static const struct queue_row five[] = {
	{ .desk = 1, .rank = 300, .case_id = 1, .what = "case", .risk = 0, .since = 300, .why = "oldest" },
	{ .desk = 1, .rank = -9, .case_id = 2, .what = "case", .risk = 3, .since = 900, .why = "level3" },
	{ .desk = 2, .rank = 100, .case_id = 3, .what = "task", .ref = 5, .risk = 1, .since = 3700, .why = "task" },
	{ .desk = 2,
	  .rank = 300,
	  .case_id = 1,
	  .what = "covered",
	  .risk = 0,
	  .owner = 7,
	  .since = 200,
	  .why = "covered" },
	{ .desk = 2,
	  .rank = 300,
	  .case_id = 1,
	  .what = "followup",
	  .ref = 1,
	  .risk = 0,
	  .since = 300,
	  .why = "oldest" },
	{ .desk = 0 },
};

static void a_desk_serves_by_rank(void **state)
{
	struct kit *k = *state;
	struct queue_row *rows;
	size_t n;

	assert_int_equal(kit_run(k, queue_run, (void *)(uintptr_t)five), 0);
	assert_int_equal(store_queue_first(k->store, 1, 10, &rows, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(rows[0].case_id, 2);
	assert_string_equal(rows[0].why, "level3");
	assert_int_equal(store_queue_first(k->store, 2, 1, &rows, &n), 0);
	assert_int_equal(n, 1);
	assert_string_equal(rows[0].what, "task");
	assert_int_equal(kit_run(k, queue_run, (void *)(uintptr_t)five), STORE_EXISTS);
}

static void several_desks_are_one_line(void **state)
{
	static const int64_t desks[] = { 2, 1 }, order[] = { 2, 3, 1, 1, 1 };
	struct kit *k = *state;
	struct queue_row *rows;
	char next[STORE_CURSOR_BYTES] = "";
	size_t n, seen = 0;

	assert_int_equal(kit_run(k, queue_run, (void *)(uintptr_t)five), 0);
	do {
		assert_int_equal(store_queue_page(k->store, desks, 2, next, 2, &rows, &n, next), 0);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(rows[i].case_id, order[seen++]);
	} while (next[0]);
	assert_int_equal(seen, 5);
	assert_int_equal(store_queue_page(k->store, desks, 2, "w.1", 2, &rows, &n, next), STORE_REFUSED);
	assert_int_equal(store_queue_page(k->store, desks, 2, "w.1.1.9.1.1", 2, &rows, &n, next), STORE_REFUSED);
	assert_int_equal(store_queue_page(k->store, desks, 2, "x.1.1.1.1.1", 2, &rows, &n, next), STORE_REFUSED);
}

static int clear_run(struct store *s, void *ctx)
{
	(void)ctx;
	return store_queue_clear_case(s, 1);
}

static void clearing_a_case_takes_all_its_rows_and_counts_follow(void **state)
{
	struct kit *k = *state;
	struct queue_count count;
	struct queue_row *rows;
	size_t n;

	assert_int_equal(kit_run(k, queue_run, (void *)(uintptr_t)five), 0);
	assert_int_equal(store_queue_count(k->store, 2, &count), 0);
	assert_int_equal(count.rows, 3);
	assert_int_equal(count.by_risk[0], 2);
	assert_int_equal(count.by_risk[1], 1);
	assert_int_equal(count.since, 200);
	assert_int_equal(store_queue_of_case(k->store, 1, &rows, &n), 0);
	assert_int_equal(n, 3);
	assert_int_equal(kit_run(k, clear_run, NULL), 0);
	assert_int_equal(store_queue_of_case(k->store, 1, &rows, &n), 0);
	assert_int_equal(n, 0);
	assert_int_equal(store_queue_count(k->store, 2, &count), 0);
	assert_int_equal(count.rows, 1);
	assert_int_equal(count.since, 3700);
}

/* ---- lists against a plain loop over the same cases ---- */

enum { CASES = 300 };
static struct case_row made[CASES + 1];

static int make_run(struct store *s, void *ctx)
{
	unsigned seed = 12355;
	int rc = 0;

	(void)ctx;
	for (int i = 1; !rc && i <= CASES; i++) {
		struct case_row *row = &made[i];

		seed = seed * 1103515245 + 12345;
		*row = (struct case_row){ .site = 1,
					  .desk = 1 + (seed >> 16) % 3,
					  .state = (seed >> 8) % CASE_STATE_COUNT,
					  .risk = (seed >> 20) % 4,
					  .owner = (seed >> 12) % 5,
					  .opened_at = i };
		if (row->state == CASE_CLOSED || row->state == CASE_ARCHIVED)
			row->closed_at = 1000 + (seed >> 5) % 50;
		rc = store_case_insert(s, row);
	}
	return rc;
}

static bool ended(const struct case_row *row)
{
	return row->state == CASE_CLOSED || row->state == CASE_ARCHIVED;
}

/* Does case i stand in the list, and with which key? Smaller comes first. */
static bool expected(const struct store_filter *f, const struct case_row *row, int64_t key[3])
{
	const bool open_part = f->view == STORE_VIEW_DESK || f->view == STORE_VIEW_MINE;
	const enum case_state closed = f->state == CASE_ARCHIVED ? CASE_ARCHIVED : CASE_CLOSED;
	bool desk = false;

	for (size_t i = 0; i < f->desk_count; i++)
		desk |= f->desks[i] == row->desk;
	if (!desk || (f->state >= 0 && (int)row->state != f->state) || (f->risk >= 0 && row->risk != f->risk) ||
	    (f->assignee > 0 && row->owner != f->assignee) || (f->assignee < 0 && row->owner))
		return false;
	if ((open_part && ended(row)) || (f->view == STORE_VIEW_CLOSED && row->state != closed) ||
	    (f->view == STORE_VIEW_MINE && row->owner != f->me))
		return false;
	key[0] = !ended(row) ? 0 : row->state == CASE_CLOSED ? 1 : 2;
	key[1] = ended(row) ? -row->closed_at : -row->id;
	key[2] = -row->id;
	return true;
}

static int compare_keys(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	for (int i = 0; i < 3; i++)
		if (x[i] != y[i])
			return x[i] < y[i] ? -1 : 1;
	return 0;
}

static void check_list(struct kit *k, const struct store_filter *f, int limit)
{
	int64_t keys[CASES][3];
	char next[STORE_CURSOR_BYTES] = "";
	size_t want = 0, seen = 0;

	for (int i = 1; i <= CASES; i++)
		want += expected(f, &made[i], keys[want]);
	qsort(keys, want, sizeof(keys[0]), compare_keys);
	do {
		struct store_item *items;
		size_t n;

		store_lent_drop(k->store);
		assert_int_equal(store_list(k->store, f, next, limit, &items, &n, next), 0);
		assert_true(n <= (size_t)limit);
		for (size_t i = 0; i < n; i++) {
			if (seen == want || items[i].row.id != -keys[seen][2])
				fail_msg("view %d state %d risk %d assignee %d: row %zu is %d", f->view, f->state,
					 f->risk, (int)f->assignee, seen, (int)items[i].row.id);
			assert_false(items[i].row.damaged);
			seen++;
		}
	} while (next[0]);
	assert_int_equal(seen, want);
}

static void every_view_and_filter_lists_exactly_its_cases_in_order(void **state)
{
	static const int64_t desks[] = { 1, 2, 3 };
	static const enum store_view views[] = { STORE_VIEW_DESK, STORE_VIEW_CLOSED, STORE_VIEW_ALL, STORE_VIEW_MINE };
	struct kit *k = *state;

	assert_int_equal(kit_run(k, make_run, NULL), 0);
	for (size_t v = 0; v < ARRAY_LEN(views); v++)
		for (int state_of = -1; state_of < CASE_STATE_COUNT; state_of++)
			for (int risk = -1; risk < 4; risk += 2)
				for (int assignee = -1; assignee < 2; assignee++)
					for (size_t d = 1; d <= 3; d++) {
						struct store_filter f = { .view = views[v],
									  .desks = desks,
									  .desk_count = d,
									  .me = 2,
									  .state = state_of,
									  .risk = risk,
									  .assignee = assignee };

						if (f.view == STORE_VIEW_MINE && assignee)
							continue;
						check_list(k, &f, 7);
					}
}

static void a_page_may_hold_everything(void **state)
{
	static const int64_t desks[] = { 1, 2, 3 };
	struct kit *k = *state;
	const struct store_filter f = {
		.view = STORE_VIEW_ALL, .desks = desks, .desk_count = 3, .state = -1, .risk = -1
	};

	assert_int_equal(kit_run(k, make_run, NULL), 0);
	check_list(k, &f, 200);
	check_list(k, &f, 1);
}

static void cursors_that_are_not_ours_are_refused(void **state)
{
	static const char *const bad[] = { "d",     "d.1",    "d.1.2.3",
					   "c.1.2", "d.1.g",  "d..1",
					   "D.1.2", "d.1.2 ", "d.00000000000000001.1" };
	static const int64_t desks[] = { 1 };
	struct kit *k = *state;
	struct store_filter f = { .view = STORE_VIEW_DESK, .desks = desks, .desk_count = 1, .state = -1, .risk = -1 };
	struct store_item *items;
	char next[STORE_CURSOR_BYTES];
	size_t n;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (store_list(k->store, &f, bad[i], 5, &items, &n, next) != STORE_REFUSED)
			fail_msg("taken: %s", bad[i]);
	f.view = STORE_VIEW_ALL;
	assert_int_equal(store_list(k->store, &f, "a.3.1.1", 5, &items, &n, next), STORE_REFUSED);
}

static int mine_run(struct store *s, void *ctx)
{
	struct case_row own = { .desk = 1, .state = CASE_ASSIGNED, .owner = 7 };
	struct case_row other = { .desk = 2, .state = CASE_IN_PROGRESS, .owner = 8, .cover = 7 };
	struct task_row task = { .desk = 1, .state = "assigned", .asked_by = 8, .owner = 7 };
	int rc = store_case_insert(s, &own);

	(void)ctx;
	if (!rc)
		rc = store_case_insert(s, &other);
	task.case_id = other.id;
	return rc ? rc : store_task_add(s, &task);
}

static void mine_holds_cases_covered_things_and_tasks(void **state)
{
	struct kit *k = *state;
	struct store_filter f = { .view = STORE_VIEW_MINE, .me = 7, .state = -1, .risk = -1 };
	static const char *const what[] = { "covered", "task", "case" };
	struct store_item *items;
	char next[STORE_CURSOR_BYTES] = "";
	size_t n, seen = 0;

	assert_int_equal(kit_run(k, mine_run, NULL), 0);
	do {
		assert_int_equal(store_list(k->store, &f, next, 1, &items, &n, next), 0);
		assert_int_equal(n, 1);
		assert_string_equal(items[0].what, what[seen++]);
	} while (next[0]);
	assert_int_equal(seen, 3);
}

static int followups_run(struct store *s, void *ctx)
{
	struct case_row row = { .desk = 1, .state = CASE_IN_PROGRESS };
	int rc = store_case_insert(s, &row);

	(void)ctx;
	for (int i = 0; !rc && i < 6; i++) {
		struct followup_row f = {
			.case_id = row.id, .desk = 1 + i % 2, .due_at = 60 - i * 10, .state = i == 5 ? "done" : "open"
		};

		rc = store_followup_add(s, &f);
	}
	return rc;
}

static void followups_come_due_first(void **state)
{
	static const int64_t desks[] = { 1, 2 };
	struct kit *k = *state;
	struct store_filter f = {
		.view = STORE_VIEW_FOLLOWUPS, .desks = desks, .desk_count = 2, .state = -1, .risk = -1, .due_until = 50
	};
	struct store_item *items;
	char next[STORE_CURSOR_BYTES] = "";
	int64_t last = 0, count;
	size_t n, seen = 0;

	assert_int_equal(kit_run(k, followups_run, NULL), 0);
	do {
		assert_int_equal(store_list(k->store, &f, next, 2, &items, &n, next), 0);
		for (size_t i = 0; i < n; i++, seen++) {
			assert_true(items[i].due_at > last);
			last = items[i].due_at;
		}
	} while (next[0]);
	assert_int_equal(seen, 4);
	assert_int_equal(store_followup_count(k->store, 2, 50, 100, &count), 0);
	assert_int_equal(count, 2);
}

static int waiting_run(struct store *s, void *ctx)
{
	(void)ctx;
	for (int i = 0; i < 9; i++) {
		struct case_row row = { .desk = 1, .state = CASE_WAITING, .risk = i % 3 };
		struct queue_row q = {
			.desk = 1, .rank = 100 - i, .what = "case", .risk = i % 3, .since = 5, .why = "oldest"
		};

		if (store_case_insert(s, &row))
			return -1;
		q.case_id = row.id;
		if (store_queue_put(s, &q))
			return -1;
	}
	return 0;
}

static void waiting_is_the_queue_with_its_reason(void **state)
{
	static const int64_t desks[] = { 1 };
	struct kit *k = *state;
	struct store_filter f = { .view = STORE_VIEW_WAITING, .desks = desks, .desk_count = 1, .state = -1, .risk = 2 };
	struct store_item *items;
	char next[STORE_CURSOR_BYTES] = "";
	size_t n;

	assert_int_equal(kit_run(k, waiting_run, NULL), 0);
	assert_int_equal(store_list(k->store, &f, NULL, 2, &items, &n, next), 0);
	assert_int_equal(n, 2);
	assert_int_equal(items[0].row.id, 9);
	assert_string_equal(items[0].why, "oldest");
	assert_int_equal(items[0].since, 5);
	assert_int_equal(store_list(k->store, &f, next, 2, &items, &n, next), 0);
	assert_int_equal(n, 1);
	assert_string_equal(next, "");
}

static void a_damaged_case_stays_in_its_lists(void **state)
{
	static const int64_t desks[] = { 1 };
	struct kit *k = *state;
	struct store_filter f = { .view = STORE_VIEW_DESK, .desks = desks, .desk_count = 1, .state = -1, .risk = -1 };
	struct store_item *items;
	char next[STORE_CURSOR_BYTES];
	size_t n;

	kit_case(k, 1, CASE_WAITING, 0, 0);
	kit_sql(k, "UPDATE cases SET marks = 64");
	assert_int_equal(store_list(k->store, &f, NULL, 5, &items, &n, next), 0);
	assert_int_equal(n, 1);
	assert_true(items[0].row.damaged);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define RULE(f) cmocka_unit_test_setup_teardown(f, kit_begin, kit_end)
		RULE(no_query_scans_what_grows),
		RULE(a_desk_serves_by_rank),
		RULE(several_desks_are_one_line),
		RULE(clearing_a_case_takes_all_its_rows_and_counts_follow),
		RULE(every_view_and_filter_lists_exactly_its_cases_in_order),
		RULE(a_page_may_hold_everything),
		RULE(cursors_that_are_not_ours_are_refused),
		RULE(mine_holds_cases_covered_things_and_tasks),
		RULE(followups_come_due_first),
		RULE(waiting_is_the_queue_with_its_reason),
		RULE(a_damaged_case_stays_in_its_lists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
