/* SPDX-License-Identifier: Apache-2.0 */
/* Jobs, tasks, follow-ups, contacts, events, drafts, ratings, complaints, undo, moves: what each row promises. */
#include "store_kit.h"

#include "clock.h"
#include "mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define BLOB(text) { text, sizeof(text) - 1 }

static const uint8_t hash1[STORE_HASH_BYTES] = { 1 }, hash2[STORE_HASH_BYTES] = { 2 };

/* ---- jobs ---- */

static int jobs_run(struct store *s, void *ctx)
{
	struct job_row screen = {
		.service = "desk.psych", .case_id = 1, .n = 0, .bundle = BLOB("bundle"), .generation = 2, .epoch = 3
	};
	struct job_row late = { .service = "desk.psych", .case_id = 2, .n = 4, .not_before = store_now(s) + 500 };
	struct job_row foreign = { .service = "echo", .n = -1, .request = BLOB("ask"), .titanic = { hash1, 16 } };
	struct job_row again = foreign;
	int rc = store_job_add(s, &screen);

	(void)ctx;
	if (!rc)
		rc = store_job_add(s, &late);
	if (!rc)
		rc = store_job_add(s, &foreign);
	if (!rc && store_job_add(s, &again) != STORE_EXISTS)
		rc = 1;
	return rc ? rc : store_job_count_attempt(s, screen.id);
}

static int jobs_end_run(struct store *s, void *ctx)
{
	int *rc = ctx;

	rc[0] = store_job_done(s, 1, (struct store_blob){ NULL, 0 });
	rc[1] = store_job_done(s, 3, (struct store_blob)BLOB("reply"));
	rc[2] = store_job_park(s, 2);
	rc[3] = store_job_park(s, 2);
	return 0;
}

static int job_requeue_run(struct store *s, void *ctx)
{
	(void)ctx;
	if (store_job_requeue(s, 2) || store_job_requeue(s, 2) != STORE_NONE)
		return 1;
	return store_job_redirect(s, 2, "desk.legal", (struct store_blob)BLOB("other"), 7) || store_job_delay(s, 2, 5)
		       ? 2
		       : 0;
}

static void jobs_are_served_in_order_counted_and_parked(void **state)
{
	struct kit *k = *state;
	const char *const *services;
	struct job_row row, *rows;
	int64_t next_at, ready;
	int results[4];
	size_t n;

	clock_hold(1700000000000, 1);
	assert_int_equal(kit_run(k, jobs_run, NULL), 0);
	assert_int_equal(store_job_services(k->store, &services, &n), 0);
	assert_int_equal(n, 2);
	assert_string_equal(services[0], "desk.psych");
	assert_int_equal(store_job_next(k->store, "desk.psych", 0, &row, &next_at), 0);
	assert_true(row.id == 1 && row.attempts == 1 && row.n == 0 && row.bundle.bytes == 6);
	assert_string_equal(row.sealer, "intake");
	assert_int_equal(store_job_next(k->store, "desk.psych", 1, &row, &next_at), STORE_NONE);
	assert_int_equal(next_at, 1700000000500);
	assert_int_equal(store_job_count(k->store, "desk.psych", &ready), 0);
	assert_int_equal(ready, 2);
	assert_int_equal(store_job_of_case(k->store, 2, &rows, &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(kit_run(k, jobs_end_run, results), 0);
	assert_true(!results[0] && !results[1] && !results[2] && results[3] == STORE_NONE);
	assert_int_equal(store_job_get(k->store, 1, &row), STORE_NONE); /* a screening leaves nothing */
	assert_int_equal(store_job_find_titanic(k->store, hash1, &row), 0);
	assert_true(row.done_at && row.reply.bytes == 5 && !row.request.data && row.n == -1);
	assert_int_equal(store_job_parked(k->store, 0, 10, &rows, &n), 0);
	assert_true(n == 1 && rows[0].id == 2);
	assert_int_equal(kit_run(k, job_requeue_run, NULL), 0);
	assert_int_equal(store_job_next(k->store, "desk.legal", 0, &row, &next_at), 0);
	assert_true(row.id == 2 && row.generation == 7 && row.attempts == 0);
	clock_hold(-1, -1);
}

/* ---- tasks, follow-ups, contacts ---- */

static int around_run(struct store *s, void *ctx)
{
	struct case_row row = { .desk = 1, .state = CASE_IN_PROGRESS };
	struct task_row task = { .case_id = 1, .desk = 2, .asked_by = 3, .crisis = true };
	struct followup_row f = { .case_id = 1, .desk = 1, .due_at = 50, .kind = "call_back" };
	int rc = store_case_insert(s, &row);

	(void)ctx;
	if (!rc)
		rc = store_task_add(s, &task);
	task.owner = 9;
	task.state = "assigned";
	if (!rc)
		rc = store_task_save(s, &task);
	if (!rc)
		rc = store_followup_add(s, &f);
	row.desk = 2;
	if (!rc)
		rc = store_case_save(s, &row);
	for (int i = 0; !rc && i < 5; i++) {
		struct contact_row c = {
			.site = 1 + i % 2, .channel = "phone", .type = "silent", .case_id = i == 4 ? 1 : 0
		};

		rc = store_contact_add(s, &c);
	}
	return rc;
}

static int followup_done_run(struct store *s, void *ctx)
{
	struct followup_row f;
	int rc = store_followup_get(s, 1, &f);

	(void)ctx;
	f.state = "done";
	f.result = "reached";
	f.done_at = store_now(s);
	return rc ? rc : store_followup_save(s, &f);
}

static void followups_move_with_their_case(void **state)
{
	struct kit *k = *state;
	struct followup_row *rows, one;
	struct task_row *tasks, task;
	size_t n;

	assert_int_equal(kit_run(k, around_run, NULL), 0);
	assert_int_equal(store_followup_due(k->store, 50, 10, &rows, &n), 0);
	assert_true(n == 1 && rows[0].desk == 2);
	assert_int_equal(kit_run(k, followup_done_run, NULL), 0);
	assert_int_equal(store_followup_due(k->store, 50, 10, &rows, &n), 0);
	assert_int_equal(n, 0);
	assert_int_equal(store_followup_list(k->store, 1, &rows, &n), 0);
	assert_string_equal(rows[0].result, "reached");
	assert_int_equal(store_followup_get(k->store, 2, &one), STORE_NONE);
	assert_int_equal(store_task_list(k->store, 1, &tasks, &n), 0);
	assert_true(n == 1 && tasks[0].crisis && !tasks[0].disposition);
	assert_int_equal(store_task_mine(k->store, 9, &tasks, &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(store_task_get(k->store, 1, &task), 0);
	assert_int_equal(task.owner, 9);
}

static void contacts_are_listed_newest_first_by_site(void **state)
{
	struct kit *k = *state;
	struct contact_row *rows;
	char next[STORE_CURSOR_BYTES] = "";
	size_t n;

	assert_int_equal(kit_run(k, around_run, NULL), 0);
	assert_int_equal(store_contact_list(k->store, 1, next, 2, &rows, &n, next), 0);
	assert_true(n == 2 && rows[0].id == 5 && rows[1].id == 3);
	assert_int_equal(store_contact_list(k->store, 1, next, 2, &rows, &n, next), 0);
	assert_true(n == 1 && rows[0].id == 1 && !next[0]);
	assert_int_equal(store_contact_list(k->store, 0, NULL, 10, &rows, &n, next), 0);
	assert_int_equal(n, 5);
	assert_int_equal(store_contact_of_case(k->store, 1, &rows, &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(store_contact_list(k->store, 0, "k", 10, &rows, &n, next), STORE_REFUSED);
}

/* ---- events ---- */

static int events_run(struct store *s, void *ctx)
{
	int rc = 0;

	for (int i = 0; !rc && i < *(int *)ctx; i++) {
		struct event_row row = { .site = 1, .desk = 1, .case_id = i % 2, .kind = "message", .number = i };

		rc = store_event_add(s, &row);
	}
	return rc;
}

static void events_are_followed_by_an_opaque_cursor(void **state)
{
	struct kit *k = *state;
	struct event_row *rows;
	char at[STORE_CURSOR_BYTES], end[STORE_CURSOR_BYTES];
	int five = 5;
	size_t n;

	assert_int_equal(store_event_cursor(k->store, at), 0);
	assert_int_equal(kit_run(k, events_run, &five), 0);
	assert_int_equal(store_event_after(k->store, at, 3, &rows, &n, at), 0);
	assert_true(n == 3 && rows[0].number == 0);
	assert_int_equal(store_event_after(k->store, at, 3, &rows, &n, at), 0);
	assert_int_equal(n, 2);
	assert_int_equal(store_event_after(k->store, at, 3, &rows, &n, at), 0);
	assert_int_equal(n, 0);
	assert_int_equal(store_event_cursor(k->store, end), 0);
	assert_string_equal(at, end);
	assert_int_equal(store_event_of_case(k->store, 1, 0, 10, &rows, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(store_event_after(k->store, "7", 3, &rows, &n, at), STORE_REFUSED);
}

/* ---- small things ---- */

static int draft_run(struct store *s, void *ctx)
{
	struct draft_row row = { .staff = 1, .case_id = 2, .kind = "reply", .seq = *(int *)ctx, .blob = BLOB("draft") };

	return store_draft_put(s, &row);
}

static int draft_delete_run(struct store *s, void *ctx)
{
	return store_draft_delete(s, 1, 2, ctx);
}

static void an_older_draft_does_not_replace_a_newer_one(void **state)
{
	struct kit *k = *state;
	struct draft_row row;
	int two = 2, one = 1, three = 3;

	assert_int_equal(kit_run(k, draft_run, &two), 0);
	assert_int_equal(kit_run(k, draft_run, &one), STORE_EXISTS);
	assert_int_equal(kit_run(k, draft_run, &three), 0);
	assert_int_equal(store_draft_get(k->store, 1, 2, "reply", &row), 0);
	assert_int_equal(row.seq, 3);
	assert_int_equal(kit_run(k, draft_delete_run, NULL), 0);
	assert_int_equal(kit_run(k, draft_delete_run, NULL), STORE_NONE);
	assert_int_equal(store_draft_get(k->store, 1, 2, "reply", &row), STORE_NONE);
}

static int ratings_run(struct store *s, void *ctx)
{
	int rc = 0;

	(void)ctx;
	for (int i = 1; !rc && i <= 3; i++) {
		struct rating_row row = { .desk = 1, .month = "2026-11", .heard = i, .helped = 3, .again = 1 };

		rc = store_rating_add(s, &row);
	}
	return rc;
}

static void ratings_are_sums_without_an_order_of_arrival(void **state)
{
	struct kit *k = *state;
	double mean[3];
	int64_t n;

	assert_int_equal(kit_run(k, ratings_run, NULL), 0);
	assert_int_equal(store_rating_sum(k->store, 1, "2026-11", &n, mean), 0);
	assert_int_equal(n, 3);
	assert_true(mean[0] > 1.99 && mean[0] < 2.01 && mean[1] > 2.99);
	assert_true(kit_number(k, "SELECT max(id) FROM ratings") > 1000);
}

static int complaint_run(struct store *s, void *ctx)
{
	struct complaint_row row = {
		.case_id = 1, .generation = 1, .epoch = 2, .wrap = BLOB("w"), .blob = BLOB("b"), .key_id = { 5 }
	};
	int rc = store_complaint_add(s, &row);

	if (!rc && *(int *)ctx)
		rc = store_complaint_answered(s, row.id);
	return rc;
}

static void answered_complaints_leave_the_open_list(void **state)
{
	struct kit *k = *state;
	struct complaint_row *rows;
	int yes = 1, no = 0;
	size_t n;

	assert_int_equal(kit_run(k, complaint_run, &yes), 0);
	assert_int_equal(kit_run(k, complaint_run, &no), 0);
	assert_int_equal(store_complaint_list(k->store, true, &rows, &n), 0);
	assert_true(n == 1 && rows[0].id == 2 && rows[0].key_id[0] == 5);
	assert_int_equal(store_complaint_list(k->store, false, &rows, &n), 0);
	assert_int_equal(n, 2);
}

static int undo_run(struct store *s, void *ctx)
{
	int *rc = ctx;
	const char *moves = NULL;

	rc[0] = store_undo_put(s, hash1, 7, store_now(s) + 10, "[1]");
	rc[1] = store_undo_take(s, hash1, 8, &moves); /* not hers */
	rc[2] = store_undo_take(s, hash1, 7, &moves);
	rc[3] = strcmp(moves, "[1]");
	rc[4] = store_undo_take(s, hash1, 7, &moves);
	rc[5] = store_undo_put(s, hash2, 7, store_now(s) - 1, "[1]");
	rc[6] = store_undo_take(s, hash2, 7, &moves); /* too late */
	return 0;
}

static void undo_works_once_in_time_for_its_person(void **state)
{
	static const int expected[] = { 0, STORE_NONE, 0, 0, STORE_NONE, 0, STORE_NONE };
	struct kit *k = *state;
	int results[7];

	assert_int_equal(kit_run(k, undo_run, results), 0);
	for (size_t i = 0; i < ARRAY_LEN(expected); i++)
		assert_int_equal(results[i], expected[i]);
}

static int move_run(struct store *s, void *ctx)
{
	struct move_row row = { .case_id = 1, .to_desk = 2, .staff = 3 };

	return *(int *)ctx ? store_move_put(s, &row) : store_move_delete(s, 1);
}

static void a_pending_move_waits_until_it_is_carried_out(void **state)
{
	struct kit *k = *state;
	struct move_row *rows, row;
	int put = 1, drop = 0;
	size_t n;

	assert_int_equal(kit_run(k, move_run, &put), 0);
	assert_int_equal(store_move_get(k->store, 1, &row), 0);
	assert_true(row.to_desk == 2 && row.at);
	assert_int_equal(store_move_list(k->store, &rows, &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(kit_run(k, move_run, &drop), 0);
	assert_int_equal(store_move_get(k->store, 1, &row), STORE_NONE);
	assert_int_equal(kit_run(k, move_run, &drop), STORE_NONE);
}

static int meta_run(struct store *s, void *ctx)
{
	(void)ctx;
	return store_meta_set(s, "a", "text") || store_meta_set_int(s, "b", 12355) || store_meta_set(s, "c", "x") ||
	       store_meta_set(s, "c", NULL);
}

static void small_values_are_kept_by_name(void **state)
{
	struct kit *k = *state;
	const char *text;
	int64_t n;

	assert_int_equal(kit_run(k, meta_run, NULL), 0);
	assert_int_equal(store_meta_get(k->store, "a", &text), 0);
	assert_string_equal(text, "text");
	assert_int_equal(store_meta_int(k->store, "b", &n), 0);
	assert_int_equal(n, 12355);
	assert_int_equal(store_meta_get(k->store, "c", &text), STORE_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define RULE(f) cmocka_unit_test_setup_teardown(f, kit_begin, kit_end)
		RULE(jobs_are_served_in_order_counted_and_parked),
		RULE(followups_move_with_their_case),
		RULE(contacts_are_listed_newest_first_by_site),
		RULE(events_are_followed_by_an_opaque_cursor),
		RULE(an_older_draft_does_not_replace_a_newer_one),
		RULE(ratings_are_sums_without_an_order_of_arrival),
		RULE(answered_complaints_leave_the_open_list),
		RULE(undo_works_once_in_time_for_its_person),
		RULE(a_pending_move_waits_until_it_is_carried_out),
		RULE(small_values_are_kept_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
