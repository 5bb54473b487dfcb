/* SPDX-License-Identifier: Apache-2.0 */
/* What is due when: limits, warnings at 70 %, 100 % and the day after, silence, leases; nothing is told twice. */
#include "deadline.h"

#include "clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const int64_t minute = 60000, hour = 3600000, day = 86400000;

static struct calendar *cn;

static int load(void **state)
{
	char *why = NULL;

	(void)state;
	return calendar_load(QT_SOURCE_DIR "/etc/calendar-CN.conf", &cn, &why);
}

static int unload(void **state)
{
	(void)state;
	calendar_free(&cn);
	return 0;
}

/* A moment in Shanghai. */
static int64_t at(int year, int month, int of_month, int64_t of_day)
{
	return calendar_day_begin(clock_day(year, month, of_month)) + of_day;
}

static void is_next(const struct deadline_facts *f, enum deadline_what what, int64_t when)
{
	struct deadline next;

	assert_true(deadline_next(f, cn, &next));
	assert_string_equal(deadline_text(next.what), deadline_text(what));
	assert_int_equal(next.at, when);
}

static void the_screening_limit_comes_before_all_else(void **state)
{
	int64_t now = at(2025, 3, 3, 10 * hour);
	struct deadline_facts f = { .state = CASE_SCREENING, .screen_until = now + minute, .reply_by = now + 10 * minute,
				    .due_from = now, .due_at = calendar_add_workdays(cn, now, 1) };

	(void)state;
	is_next(&f, DEADLINE_UNSCREENED, now + minute);
	f.told = 1U << DEADLINE_UNSCREENED;
	is_next(&f, DEADLINE_FIRST_REPLY, now + 10 * minute);
}

static void only_an_untouched_claim_has_a_lease(void **state)
{
	struct deadline_facts f = { .state = CASE_ASSIGNED, .lease_until = 5000 };
	struct deadline next;

	(void)state;
	is_next(&f, DEADLINE_LEASE_END, 5000);
	f.touched = true;
	assert_false(deadline_next(&f, cn, &next));
	f.touched = false;
	f.state = CASE_IN_PROGRESS;
	assert_false(deadline_next(&f, cn, &next));
	f.state = CASE_ASSIGNED;
	f.lease_until = 0; /* given by a supervisor: no lease */
	assert_false(deadline_next(&f, cn, &next));
}

static void alerts_come_at_70_percent_at_the_limit_and_the_day_after(void **state)
{
	/* Monday 10:00, fifteen working days: the end of Monday three weeks on. */
	int64_t from = at(2025, 3, 3, 10 * hour), due = calendar_add_workdays(cn, from, 15);
	struct deadline_facts f = { .state = CASE_IN_PROGRESS, .due_from = from, .due_at = due };
	struct deadline all[DEADLINE_COUNT];

	(void)state;
	assert_int_equal(due + 1, at(2025, 3, 25, 0));
	assert_int_equal(deadline_list(&f, cn, all), 3);
	assert_int_equal(all[0].what, DEADLINE_DUE_SOON);
	assert_int_equal(all[0].at, from + (due - from) / 100 * 70);
	assert_int_equal(all[1].what, DEADLINE_DUE);
	assert_int_equal(all[1].at, due);
	assert_int_equal(all[2].what, DEADLINE_DUE_DAY_AFTER);
	assert_int_equal(all[2].at, at(2025, 3, 25, 0));
}

static void a_warning_waits_for_a_working_day_but_never_past_the_limit(void **state)
{
	/* Tuesday 30 September, five working days: over National Day to Tuesday 14 October; 70 % falls on Friday 10. */
	int64_t from = at(2025, 9, 30, 12 * hour), due = calendar_add_workdays(cn, from, 5);
	struct deadline_facts f = { .state = CASE_IN_PROGRESS, .due_from = from, .due_at = due };

	(void)state;
	assert_int_equal(due + 1, at(2025, 10, 15, 0));
	is_next(&f, DEADLINE_DUE_SOON, from + (due - from) / 100 * 70);
	/* One working day: due on the 9th; 70 % falls into the holidays and waits for the 9th. */
	f.due_at = calendar_add_workdays(cn, from, 1);
	is_next(&f, DEADLINE_DUE_SOON, at(2025, 10, 9, 0));
	/* A limit on a holiday, set by hand: the warning comes with it. */
	f.due_at = at(2025, 10, 4, 0);
	is_next(&f, DEADLINE_DUE_SOON, f.due_at);
	f.told = 1U << DEADLINE_DUE_SOON | 1U << DEADLINE_DUE;
	is_next(&f, DEADLINE_DUE_DAY_AFTER, at(2025, 10, 9, 0));
}

static void a_caller_silent_for_thirty_days_is_offered_for_closing(void **state)
{
	int64_t since = at(2025, 3, 3, 10 * hour);
	struct deadline_facts f = { .state = CASE_AWAITING_CALLER, .silent_since = since, .silent_days = 30 };
	struct deadline next;

	(void)state;
	is_next(&f, DEADLINE_SILENT, since + 30 * day);
	f.state = CASE_IN_PROGRESS; /* it is our turn: not the caller's silence */
	assert_false(deadline_next(&f, cn, &next));
	f.state = CASE_AWAITING_CALLER;
	f.silent_days = 0;
	assert_false(deadline_next(&f, cn, &next));
}

static void a_promise_binds_until_it_is_kept(void **state)
{
	struct deadline_facts f = { .state = CASE_WAITING, .reply_by = 9000 };
	struct deadline next;

	(void)state;
	is_next(&f, DEADLINE_FIRST_REPLY, 9000);
	f.state = CASE_AWAITING_CALLER;
	assert_false(deadline_next(&f, cn, &next));
}

static void what_somebody_did_alone_is_confirmed_within_a_day(void **state)
{
	struct deadline_facts f = { .state = CASE_IN_PROGRESS, .marks = CASE_MARK_UNCONFIRMED, .unconfirmed_since = 1000 };
	struct deadline next;

	(void)state;
	is_next(&f, DEADLINE_UNCONFIRMED, 1000 + day);
	f.marks = 0;
	assert_false(deadline_next(&f, cn, &next));
}

static void a_closed_case_has_no_limit_but_the_wish_to_be_erased(void **state)
{
	struct deadline_facts f = { .state = CASE_CLOSED, .screen_until = 1, .lease_until = 2, .reply_by = 3, .due_from = 1,
		.due_at = 500,
				    .silent_since = 4, .silent_days = 30, .erase_at = 7000, .unconfirmed_since = 5,
				    .marks = CASE_MARK_UNCONFIRMED };
	struct deadline next;

	(void)state;
	is_next(&f, DEADLINE_ERASE, 7000);
	f.marks = CASE_MARK_ERASED;
	assert_false(deadline_next(&f, cn, &next));
}

static void what_is_due_together_comes_in_the_order_of_the_list(void **state)
{
	struct deadline_facts f = { .state = CASE_ASSIGNED, .screen_until = 50, .lease_until = 50, .reply_by = 50,
		.erase_at = 50 };
	struct deadline all[DEADLINE_COUNT];
	static const enum deadline_what order[] = { DEADLINE_UNSCREENED, DEADLINE_LEASE_END, DEADLINE_FIRST_REPLY,
		DEADLINE_ERASE };

	(void)state;
	assert_int_equal(deadline_list(&f, cn, all), ARRAY_LEN(order));
	for (size_t i = 0; i < ARRAY_LEN(order); i++)
		assert_int_equal(all[i].what, order[i]);
}

static void nothing_is_told_twice_and_a_new_turn_begins_anew(void **state)
{
	struct deadline_facts f = { .state = CASE_IN_PROGRESS, .reply_by = 100, .due_from = 1, .due_at = 90000, .told = ~0U };
	struct deadline next;

	(void)state;
	assert_false(deadline_next(&f, cn, &next));
	f.told = deadline_forget(~0U, CASE_ON_CALLER_MESSAGE);
	is_next(&f, DEADLINE_FIRST_REPLY, 100);
	f.told = deadline_forget(~0U, CASE_ON_EXTEND);
	assert_true(deadline_next(&f, cn, &next));
	assert_int_equal(next.what, DEADLINE_DUE_SOON);
	assert_int_equal(deadline_forget(~0U, CASE_ON_NOTE), ~0U);
	assert_int_equal(deadline_forget(~0U, CASE_ON_REOPEN), 0);
	assert_int_equal(deadline_forget(0, CASE_ON_REPLY), 0);
}

static void every_deadline_has_its_word(void **state)
{
	(void)state;
	for (int i = 0; i < DEADLINE_COUNT; i++)
		for (int k = 0; k < i; k++)
			assert_string_not_equal(deadline_text((enum deadline_what)i), deadline_text((enum deadline_what)k));
	assert_string_equal(deadline_text(DEADLINE_COUNT), "?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_screening_limit_comes_before_all_else),
		cmocka_unit_test(only_an_untouched_claim_has_a_lease),
		cmocka_unit_test(alerts_come_at_70_percent_at_the_limit_and_the_day_after),
		cmocka_unit_test(a_warning_waits_for_a_working_day_but_never_past_the_limit),
		cmocka_unit_test(a_caller_silent_for_thirty_days_is_offered_for_closing),
		cmocka_unit_test(a_promise_binds_until_it_is_kept),
		cmocka_unit_test(what_somebody_did_alone_is_confirmed_within_a_day),
		cmocka_unit_test(a_closed_case_has_no_limit_but_the_wish_to_be_erased),
		cmocka_unit_test(what_is_due_together_comes_in_the_order_of_the_list),
		cmocka_unit_test(nothing_is_told_twice_and_a_new_turn_begins_anew),
		cmocka_unit_test(every_deadline_has_its_word),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
