/* SPDX-License-Identifier: Apache-2.0 */
/* Screening and its limits, versions, risk, closing, moving between desks, other desks' parts, bulk moves: on a real store. */
#include "router_kit.h"

#include "seal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char desk_wraps[] = "SELECT count(*) FROM wraps WHERE case_id = ?1 AND target = 'desk'";

static const char *desk_kind(struct house *h, const char *t)
{
	struct desk_row desk;

	assert_int_equal(store_desk_get(h->router.store, row_of(h, t).desk, &desk), 0);
	return desk.kind;
}

static int close_as(struct house *h, const char *who, const char *t)
{
	return ask(h, who, "order.close", "{s:s, s:i, s:s}", "ticket", t, "version", -1, "disposition", "answered");
}

static void reply_as(struct house *h, const char *who, const char *t)
{
	with_blob(h, "sealed", 6);
	assert_int_equal(ask(h, who, "order.reply", "{s:s, s:s}", "ticket", t, "message_id", "0000000000000009"), 201);
}

/* ---- screening ---- */

static void a_screening_settles_the_desk_and_takes_the_keys_of_the_others(void **state)
{
	struct house *h = *state;

	assert_int_equal(submit(h, "psych", 0, 0), 201);
	assert_state(h, h->ticket, "screening");
	assert_int_equal(rows(h, desk_wraps, h->ticket), 3);
	screened(h, h->ticket, 0, 0, NULL);
	assert_state(h, h->ticket, "waiting");
	assert_int_equal(rows(h, desk_wraps, h->ticket), 1);
	assert_int_equal(rows(h, "SELECT count(*) FROM jobs WHERE case_id = ?1", h->ticket), 0);
}

static void a_wrong_desk_is_corrected_and_a_crisis_reaches_psych_whatever_was_chosen(void **state)
{
	struct house *h = *state;

	assert_int_equal(submit(h, "psych", 0, 0), 201);
	screened(h, h->ticket, 0, 0, "legal");
	assert_string_equal(desk_kind(h, h->ticket), "legal");
	assert_true(row_of(h, h->ticket).marks & CASE_MARK_WRONG_DESK);
	assert_int_equal(submit(h, "legal", 0, 0), 201);
	screened(h, h->ticket, 0, 2, "legal");
	assert_string_equal(desk_kind(h, h->ticket), "psych");
	assert_int_equal(rows(h, desk_wraps, h->ticket), 1);
}

static void a_desk_that_could_not_read_the_case_does_not_get_it(void **state)
{
	struct house *h = *state;

	assert_int_equal(submit(h, "psych", 0, 0), 201);
	hand(h, "DELETE FROM wraps WHERE target = 'desk' AND desk = (SELECT num FROM desks WHERE kind = 'legal')");
	screened(h, h->ticket, 0, 0, "legal");
	assert_string_equal(desk_kind(h, h->ticket), "psych");
	assert_int_equal(rows(h, desk_wraps, h->ticket), 1);
}

static void a_result_never_falls_below_the_callers_own_tick(void **state)
{
	struct house *h = *state;

	assert_int_equal(submit(h, "psych", 2, 2), 201);
	screened(h, h->ticket, 0, 0, NULL);
	assert_int_equal(row_of(h, h->ticket).risk, 2);
	assert_int_equal(submit(h, "psych", 2, 0), 201);
	screened(h, h->ticket, 0, 0, NULL);
	assert_int_equal(row_of(h, h->ticket).risk, 0); /* words alone were only provisional */
}

static void what_no_worker_screens_goes_to_a_human_in_time(void **state)
{
	struct house *h = *state;
	char calm[13];

	assert_int_equal(submit(h, "psych", 0, 0), 201);
	snprintf(calm, sizeof(calm), "%s", h->ticket);
	assert_int_equal(submit(h, "legal", 2, 2), 201);
	later(h, 11 * 1000);
	assert_state(h, h->ticket, "waiting");
	assert_string_equal(desk_kind(h, h->ticket), "psych");
	assert_true(row_of(h, h->ticket).marks & CASE_MARK_UNSCREENED);
	assert_state(h, calm, "screening");
	later(h, 50 * 1000);
	assert_state(h, calm, "waiting");
	assert_true(row_of(h, calm).marks & CASE_MARK_UNSCREENED);
	assert_int_equal(row_of(h, calm).screen_until, 0);
	screened(h, calm, 0, 1, "legal"); /* late: it may raise, it moves nothing any more once a human has it */
	assert_false(row_of(h, calm).marks & CASE_MARK_UNSCREENED);
}

static void a_result_after_a_human_has_opened_it_may_only_raise(void **state)
{
	struct house *h = *state;

	assert_int_equal(submit(h, "psych", 1, 0), 201);
	later(h, 61 * 1000);
	assert_int_equal(ask(h, "psych1", "order.claim", "{s:s}", "ticket", h->ticket), 200);
	screened(h, h->ticket, 0, 0, "legal");
	assert_string_equal(desk_kind(h, h->ticket), "psych");
	assert_int_equal(row_of(h, h->ticket).risk, 1);
	assert_int_equal(row_of(h, h->ticket).owner, staff_id(h, "psych1"));
}

static void a_parked_screening_goes_to_a_human_at_once(void **state)
{
	struct house *h = *state;
	struct screened *s = calloc(1, sizeof(*s));
	struct call *c = call_new(&h->router, ROLE_WORKER, NULL, screened_run);

	assert_int_equal(submit(h, "psych", 0, 0), 201);
	s->job = rows(h, "SELECT id FROM jobs WHERE case_id = ?1", h->ticket);
	c->ctx = s; /* no result: the worker could not open it */
	assert_int_equal(store_apply(h->router.store, (struct store_op *const[]){ &c->op }, 1), 0);
	assert_int_equal(c->op.result, 0);
	call_free(&c);
	assert_state(h, h->ticket, "waiting");
	assert_true(row_of(h, h->ticket).marks & CASE_MARK_UNSCREENED);
	assert_int_equal(rows(h, "SELECT count(*) FROM jobs WHERE case_id = ?1 AND state = 'parked'", h->ticket), 1);
	assert_int_equal(caller_says(h, 0), 201);
	screened(h, h->ticket, 1, 0, NULL);
	assert_int_equal(row_of(h, h->ticket).screen_until, 0); /* the parked one sets no limit any more */
}

static void a_screening_that_has_lost_its_job_ends_all_the_same(void **state)
{
	struct house *h = *state;

	assert_int_equal(submit(h, "psych", 0, 0), 201);
	hand(h, "DELETE FROM jobs");
	later(h, 61 * 1000);
	assert_state(h, h->ticket, "waiting");
	tick(h);
	assert_int_equal(rows(h, "SELECT count(*) FROM events WHERE case_id = ?1 AND kind = 'unscreened'", h->ticket), 1);
}

static void a_crisis_in_a_follow_up_opens_one_part_for_psych(void **state)
{
	struct house *h = *state;
	const char *t = owned(h, "legal1", "legal", 0);

	assert_int_equal(caller_says(h, 2), 201);
	screened(h, t, 1, 3, "legal");
	assert_string_equal(desk_kind(h, t), "legal");
	assert_int_equal(row_of(h, t).risk, 3);
	assert_int_equal(rows(h, "SELECT count(*) FROM tasks WHERE case_id = ?1 AND crisis", t), 1);
	assert_int_equal(rows(h, "SELECT count(*) FROM wraps WHERE case_id = ?1 AND target = 'task' AND note_key = 2", t), 1);
	assert_int_equal(ask(h, "psych1", "order.next", "{}"), 200);
	assert_string_equal(said(h, "what"), "task");
	reply_as(h, "psych1", t);
	assert_int_equal(caller_says(h, 2), 201);
	screened(h, t, 3, 3, NULL);
	assert_int_equal(rows(h, "SELECT count(*) FROM tasks WHERE case_id = ?1", t), 1); /* she has it already */
	assert_int_equal(close_as(h, "legal1", t), 409);
	assert_string_equal(said(h, "error"), "tasks_open");
}

static void a_crisis_known_after_the_end_takes_the_case_up_again(void **state)
{
	struct house *h = *state;
	const char *t = owned(h, "legal1", "legal", 0);

	reply_as(h, "legal1", t);
	assert_int_equal(caller_says(h, 0), 201);
	assert_int_equal(close_as(h, "legal1", t), 200);
	screened(h, t, 2, 3, NULL);
	assert_state(h, t, "in_progress");
	assert_int_equal(row_of(h, t).risk, 3);
	assert_null(row_of(h, t).disposition);
}

/* ---- versions, facts, risk ---- */

static void a_stale_version_is_refused_with_the_one_that_stands(void **state)
{
	struct house *h = *state;
	const char *t = owned(h, "psych1", "psych", 0);
	int64_t version = row_of(h, t).version;

	assert_int_equal(ask(h, "psych1", "order.facts", "{s:s, s:I, s:{s:s}}", "ticket", t, "version", (json_int_t)version, "facts", "gender", "f"), 200);
	assert_int_equal(ask(h, "psych1", "order.facts", "{s:s, s:I, s:{s:s}}", "ticket", t, "version", (json_int_t)version, "facts", "gender", "m"), 412);
	assert_int_equal(said_number(h, "version"), version + 1);
	assert_string_equal(row_of(h, t).gender, "f");
	assert_int_equal(ask(h, "psych1", "order.facts", "{s:s, s:i, s:{s:s}}", "ticket", t, "version", -1, "facts", "gender", "robot"), 400);
	assert_int_equal(ask(h, "psych1", "order.facts", "{s:s, s:{s:s}}", "ticket", t, "facts", "gender", "m"), 400); /* no version at all */
}

static void raising_is_everybodys_lowering_needs_a_second_person(void **state)
{
	struct house *h = *state;
	const char *t = owned(h, "psych1", "psych", 0);

	assert_int_equal(ask(h, "psych2", "order.risk", "{s:s, s:i, s:i}", "ticket", t, "version", -1, "risk", 2), 200);
	assert_true(row_of(h, t).marks & CASE_MARK_CRISIS_WATCH);
	assert_int_equal(ask(h, "psych1", "order.risk", "{s:s, s:i, s:i}", "ticket", t, "version", -1, "risk", 0), 409);
	assert_string_equal(said(h, "error"), "second_person");
	assert_int_equal(ask(h, "lead1", "order.risk", "{s:s, s:i, s:i}", "ticket", t, "version", -1, "risk", 0), 200);
	assert_int_equal(row_of(h, t).risk, 0);
}

/* ---- closing ---- */

static void nothing_ends_without_a_disposition(void **state)
{
	struct house *h = *state;
	const char *t = owned(h, "psych1", "psych", 0);

	assert_int_equal(ask(h, "psych1", "order.close", "{s:s, s:i}", "ticket", t, "version", -1), 400);
	assert_int_equal(ask(h, "psych1", "order.close", "{s:s, s:i, s:s}", "ticket", t, "version", -1, "disposition", "bored"), 400);
	assert_int_equal(close_as(h, "psych2", t), 403);
	assert_int_equal(close_as(h, "psych1", t), 200);
	assert_string_equal(row_of(h, t).disposition, "answered");
	assert_int_equal(close_as(h, "psych1", t), 409);
	assert_string_equal(said(h, "error"), "not_lawful");
	assert_string_equal(said(h, "state"), "closed");
}

static void level_three_never_ends_by_one_person_alone(void **state)
{
	struct house *h = *state;
	const char *t = owned(h, "psych1", "psych", 3);

	assert_int_equal(close_as(h, "psych1", t), 202);
	assert_state(h, t, "closing_review");
	assert_int_equal(close_as(h, "psych1", t), 409);
	assert_int_equal(ask(h, "psych2", "order.refuse", "{s:s}", "ticket", t), 200);
	assert_state(h, t, "in_progress");
	assert_int_equal(close_as(h, "psych1", t), 202);
	assert_int_equal(close_as(h, "psych2", t), 200);
	assert_state(h, t, "closed");
}

static void a_message_to_a_closed_case_takes_it_up_again(void **state)
{
	struct house *h = *state;
	const char *t = owned(h, "psych1", "psych", 0);

	assert_int_equal(close_as(h, "psych1", t), 200);
	assert_int_equal(caller_says(h, 0), 201);
	assert_state(h, t, "in_progress");
	assert_true(row_of(h, t).marks & CASE_MARK_REOPENED);
	assert_null(row_of(h, t).disposition);
	assert_int_equal(row_of(h, t).owner, staff_id(h, "psych1"));
}

/* ---- desks ---- */

static int move(struct house *h, const char *who, const char *t, const char *desk, bool with_key)
{
	if (with_key)
		with_wrap(h, "web", SEAL_CARGO_CASE);
	return ask(h, who, "order.transfer", "{s:s, s:i, s:s}", "ticket", t, "version", -1, "desk", desk);
}

static void a_move_seals_the_case_to_one_desk_and_takes_it_from_the_other(void **state)
{
	struct house *h = *state;
	const char *t = owned(h, "psych1", "psych", 0);

	assert_int_equal(move(h, "psych1", t, "450100.psych", true), 409);
	assert_int_equal(move(h, "psych1", t, "450100.moon", true), 404);
	assert_int_equal(move(h, "psych2", t, "450100.legal", true), 403);
	assert_int_equal(move(h, "psych1", t, "450100.legal", true), 200);
	assert_string_equal(desk_kind(h, t), "legal");
	assert_state(h, t, "waiting");
	assert_int_equal(row_of(h, t).owner, 0);
	assert_int_equal(rows(h, desk_wraps, t), 1);
	assert_int_equal(ask(h, "psych1", "order.claim", "{s:s}", "ticket", t), 404);
	assert_int_equal(ask(h, "legal1", "order.claim", "{s:s}", "ticket", t), 200);
}

static void a_move_without_the_key_waits_for_somebody_who_has_it(void **state)
{
	struct house *h = *state;
	const char *t = waiting(h, "psych", 0);

	assert_int_equal(move(h, "super1", t, "450100.legal", false), 202);
	assert_string_equal(desk_kind(h, t), "psych");
	assert_int_equal(rows(h, "SELECT count(*) FROM moves WHERE case_id = ?1", t), 1);
	assert_int_equal(move(h, "psych2", t, "450100.legal", true), 200);
	assert_string_equal(desk_kind(h, t), "legal");
	assert_int_equal(rows(h, "SELECT count(*) FROM moves", NULL), 0);
	assert_false(row_of(h, t).marks & CASE_MARK_MOVE_PENDING);
}

static void a_move_with_a_wrap_that_is_none_changes_nothing(void **state)
{
	struct house *h = *state;
	const char *t = waiting(h, "psych", 0);

	with_blob(h, "not a wrap", 10);
	assert_int_equal(move(h, "super1", t, "450100.legal", false), 400);
	assert_string_equal(desk_kind(h, t), "psych");
	assert_int_equal(rows(h, desk_wraps, t), 1);
}

static void another_desks_part_lasts_as_long_as_its_key(void **state)
{
	struct house *h = *state;
	const char *t = owned(h, "legal1", "legal", 0);
	int64_t id;

	with_wrap(h, "web", SEAL_CARGO_CASE);
	assert_int_equal(ask(h, "legal1", "order.task", "{s:s, s:s}", "ticket", t, "desk", "450100.psych"), 201);
	with_wrap(h, "web", SEAL_CARGO_CASE);
	assert_int_equal(ask(h, "legal1", "order.task", "{s:s, s:s}", "ticket", t, "desk", "450100.psych"), 409);
	id = rows(h, "SELECT id FROM tasks WHERE case_id = ?1", t);
	assert_int_equal(ask(h, "psych1", "order.claim", "{s:s, s:I}", "ticket", t, "task", (json_int_t)id), 200);
	assert_int_equal(ask(h, "psych2", "order.claim", "{s:s, s:I}", "ticket", t, "task", (json_int_t)id), 409);
	assert_int_equal(close_as(h, "legal1", t), 409);
	assert_int_equal(ask(h, "social1", "order.task_end", "{s:s, s:I, s:s}", "ticket", t, "task", (json_int_t)id, "disposition", "answered"), 404);
	assert_int_equal(ask(h, "psych1", "order.task_end", "{s:s, s:I, s:s}", "ticket", t, "task", (json_int_t)id, "disposition", "answered"), 200);
	assert_int_equal(rows(h, "SELECT count(*) FROM wraps WHERE case_id = ?1 AND target = 'task'", t), 0);
	assert_int_equal(ask(h, "psych1", "order.open", "{s:s}", "ticket", t), 404);
	assert_int_equal(close_as(h, "legal1", t), 200);
}

static void many_cases_move_at_once_and_back_again(void **state)
{
	struct house *h = *state;
	const char *one = waiting(h, "psych", 0), *two = owned(h, "psych1", "psych", 0), *other = waiting(h, "legal", 0);
	char token[40];

	assert_int_equal(ask(h, "lead1", "order.assign_many", "{s:[{s:s,s:s},{s:s,s:s},{s:s,s:s}]}", "moves", "ticket", one, "to", "psych2",
	                     "ticket", two, "to", "psych2", "ticket", other, "to", "psych2"), 200);
	assert_int_equal(said_number(h, "moved"), 2);
	assert_int_equal(json_array_size(json_object_get(h->out, "refused")), 1);
	snprintf(token, sizeof(token), "%s", said(h, "undo"));
	assert_int_equal(row_of(h, one).owner, staff_id(h, "psych2"));
	assert_int_equal(row_of(h, two).owner, staff_id(h, "psych2"));
	assert_int_equal(ask(h, "super1", "order.undo", "{s:s}", "undo", token), 409);
	assert_int_equal(ask(h, "lead1", "order.undo", "{s:s}", "undo", token), 200);
	assert_int_equal(said_number(h, "undone"), 2);
	assert_state(h, one, "waiting");
	assert_int_equal(row_of(h, one).owner, 0);
	assert_int_equal(row_of(h, two).owner, staff_id(h, "psych1"));
	assert_int_equal(ask(h, "lead1", "order.undo", "{s:s}", "undo", token), 409);
}

static void an_undo_comes_too_late_after_a_minute(void **state)
{
	struct house *h = *state;
	const char *t = waiting(h, "psych", 0);
	char token[40];

	assert_int_equal(ask(h, "lead1", "order.assign_many", "{s:[{s:s,s:s}]}", "moves", "ticket", t, "to", "psych2"), 200);
	snprintf(token, sizeof(token), "%s", said(h, "undo"));
	later(h, 61 * 1000);
	assert_int_equal(ask(h, "lead1", "order.undo", "{s:s}", "undo", token), 409);
	assert_int_equal(row_of(h, t).owner, staff_id(h, "psych2"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		rule(a_screening_settles_the_desk_and_takes_the_keys_of_the_others),
		rule(a_wrong_desk_is_corrected_and_a_crisis_reaches_psych_whatever_was_chosen),
		rule(a_desk_that_could_not_read_the_case_does_not_get_it),
		rule(a_result_never_falls_below_the_callers_own_tick),
		rule(what_no_worker_screens_goes_to_a_human_in_time),
		rule(a_result_after_a_human_has_opened_it_may_only_raise),
		rule(a_parked_screening_goes_to_a_human_at_once),
		rule(a_screening_that_has_lost_its_job_ends_all_the_same),
		rule(a_crisis_in_a_follow_up_opens_one_part_for_psych),
		rule(a_crisis_known_after_the_end_takes_the_case_up_again),
		rule(a_stale_version_is_refused_with_the_one_that_stands),
		rule(raising_is_everybodys_lowering_needs_a_second_person),
		rule(nothing_ends_without_a_disposition),
		rule(level_three_never_ends_by_one_person_alone),
		rule(a_message_to_a_closed_case_takes_it_up_again),
		rule(a_move_seals_the_case_to_one_desk_and_takes_it_from_the_other),
		rule(a_move_without_the_key_waits_for_somebody_who_has_it),
		rule(a_move_with_a_wrap_that_is_none_changes_nothing),
		rule(another_desks_part_lasts_as_long_as_its_key),
		rule(many_cases_move_at_once_and_back_again),
		rule(an_undo_comes_too_late_after_a_minute),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
