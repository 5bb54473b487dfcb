/* SPDX-License-Identifier: Apache-2.0 */
/* Who gets the next case: the front of the queue, bent only by limits, desks and, among equals, by whom the caller
 * knows. */
#include "deal.h"

#include "macros.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const struct deal_person anybody = { .id = 7, .capacity = -1 };

static void the_front_of_the_queue_is_next(void **state)
{
	static const struct deal_row rows[] = { { .case_id = 1, .rank = 10 }, { .case_id = 2, .rank = 20, .owner = 7 } };

	(void)state;
	assert_int_equal(deal_next(&anybody, rows, 2), 0);
	assert_int_equal(deal_next(&anybody, rows, 0), DEAL_NONE);
}

static void knowing_the_caller_is_only_a_tie_break(void **state)
{
	static const struct deal_row rows[] = {
		{ .case_id = 1, .rank = 10 }, { .case_id = 2, .rank = 10, .owner = 8 }, { .case_id = 3, .rank = 10, .owner = 7 },
		{ .case_id = 4, .rank = 11, .owner = 7 },
	};

	(void)state;
	assert_int_equal(deal_next(&anybody, rows, 4), 2);
	assert_int_equal(deal_next(&anybody, rows, 2), 0);
	assert_int_equal(deal_next(&anybody, rows + 1, 1), 0);
}

static void who_is_full_gets_only_what_cannot_wait(void **state)
{
	static const struct deal_row rows[] = {
		{ .case_id = 1, .rank = 1, .risk = 2 }, { .case_id = 2, .rank = 2, .risk = 3 }, { .case_id = 3, .rank = 3 },
	};
	struct deal_person full = { .id = 7, .capacity = 5, .open = 5 };

	(void)state;
	assert_int_equal(deal_next(&full, rows, 3), 1);
	assert_int_equal(deal_next(&full, rows, 1), DEAL_AT_LIMIT);
	assert_int_equal(deal_next(&full, rows, 0), DEAL_NONE);
	full.open = 4;
	assert_int_equal(deal_next(&full, rows, 3), 0);
	full.capacity = 0; /* somebody who takes nothing but emergencies */
	assert_int_equal(deal_next(&full, rows, 3), 1);
	full.capacity = -1;
	full.open = 1000;
	assert_int_equal(deal_next(&full, rows, 3), 0);
}

static void a_tie_break_does_not_break_a_limit(void **state)
{
	static const struct deal_row rows[] = { { .rank = 1, .risk = 3 }, { .rank = 1, .risk = 2, .owner = 7 } };
	struct deal_person full = { .id = 7, .capacity = 1, .open = 1 };

	(void)state;
	assert_int_equal(deal_next(&full, rows, 2), 0);
}

static void nobody_is_dealt_another_desks_case(void **state)
{
	static const struct deal_row rows[] = { { .desk = 1, .risk = 3 }, { .desk = 2 }, { .desk = 3 } };
	static const int64_t desks[] = { 3, 2 };
	struct deal_person person = { .id = 7, .capacity = -1, .desk = desks, .desks = 2 };

	(void)state;
	assert_int_equal(deal_next(&person, rows, 3), 1);
	assert_int_equal(deal_next(&person, rows, 1), DEAL_NONE);
	person.capacity = 0;
	assert_int_equal(deal_next(&person, rows, 1), DEAL_NONE);
	assert_int_equal(deal_next(&person, rows, 2), DEAL_AT_LIMIT);
}

static void a_volunteer_gets_no_crisis_unless_nobody_else_is_there(void **state)
{
	static const struct deal_row rows[] = { { .risk = 3 }, { .risk = 2 }, { .risk = 1 } };
	struct deal_person volunteer = { .id = 7, .capacity = -1, .risk_below = 2 };

	(void)state;
	assert_int_equal(deal_next(&volunteer, rows, 3), 2);
	assert_int_equal(deal_next(&volunteer, rows, 2), DEAL_NONE);
	volunteer.alone = true;
	assert_int_equal(deal_next(&volunteer, rows, 3), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_front_of_the_queue_is_next),
		cmocka_unit_test(knowing_the_caller_is_only_a_tie_break),
		cmocka_unit_test(who_is_full_gets_only_what_cannot_wait),
		cmocka_unit_test(a_tie_break_does_not_break_a_limit),
		cmocka_unit_test(nobody_is_dealt_another_desks_case),
		cmocka_unit_test(a_volunteer_gets_no_crisis_unless_nobody_else_is_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
