/* SPDX-License-Identifier: Apache-2.0 */
/* Rules of spreading cases over people. */
#include "balance.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void a_case_goes_to_the_lightest_who_may_take_it(void **state)
{
	struct balance_person people[] = { { 1, 5, 0, 3, -1 }, { 2, 1, 0, 1, -1 }, { 3, 0, 0, 0, -1 } };
	struct balance_case item = { .id = 9, .risk = 1, .may = 3 };

	(void)state;
	balance_plan(people, 3, &item, 1);
	assert_int_equal(item.to, 1);
	assert_int_equal(people[1].after, 3); /* 1 + (1 + risk) */
	assert_int_equal(people[2].after, 0);
}

static void many_cases_are_spread_evenly(void **state)
{
	struct balance_person people[] = { { 1, 0, 0, 0, -1 }, { 2, 0, 0, 0, -1 } };
	struct balance_case items[6] = { { 0 } };
	int given[2] = { 0 };

	(void)state;
	for (int i = 0; i < 6; i++)
		items[i].may = 3;
	balance_plan(people, 2, items, 6);
	for (int i = 0; i < 6; i++)
		given[items[i].to]++;
	assert_int_equal(given[0], 3);
	assert_int_equal(given[1], 3);
}

static void a_case_stays_where_nobody_is_lighter(void **state)
{
	struct balance_person people[] = { { 1, 1, 0, 1, -1 }, { 2, 0, 0, 0, -1 } };
	struct balance_case item = { .id = 9, .owner = 1, .may = 3 };

	(void)state;
	balance_plan(people, 2, &item, 1);
	assert_int_equal(item.to, BALANCE_STAYS);
	assert_int_equal(people[0].after, 1);
	assert_int_equal(people[1].after, 0);
}

static void a_case_leaves_an_owner_who_is_not_among_the_receivers(void **state)
{
	struct balance_person people[] = { { 2, 7, 0, 7, -1 }, { 1, 1, 0, 1, -1 } };
	struct balance_case item = { .id = 9, .owner = 1, .may = 1 };

	(void)state;
	balance_plan(people, 2, &item, 1);
	assert_int_equal(item.to, 0);
	assert_int_equal(people[1].after, 0);
}

static void whoever_is_full_gets_level_three_only(void **state)
{
	struct balance_person people[] = { { 1, 2, 0, 2, 2 } };
	struct balance_case items[] = { { .id = 8, .risk = 2, .may = 1 }, { .id = 9, .risk = 3, .may = 1 } };

	(void)state;
	balance_plan(people, 1, items, 2);
	assert_int_equal(items[0].to, BALANCE_NOBODY);
	assert_int_equal(items[1].to, 0);
}

static void a_case_nobody_may_take_stays_with_its_owner(void **state)
{
	struct balance_person people[] = { { 1, 3, 0, 2, -1 } };
	struct balance_case item = { .id = 9, .risk = 1, .owner = 1, .may = 0 };

	(void)state;
	balance_plan(people, 1, &item, 1);
	assert_int_equal(item.to, BALANCE_NOBODY);
	assert_int_equal(people[0].after, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_case_goes_to_the_lightest_who_may_take_it),
		cmocka_unit_test(many_cases_are_spread_evenly),
		cmocka_unit_test(a_case_stays_where_nobody_is_lighter),
		cmocka_unit_test(a_case_leaves_an_owner_who_is_not_among_the_receivers),
		cmocka_unit_test(whoever_is_full_gets_level_three_only),
		cmocka_unit_test(a_case_nobody_may_take_stays_with_its_owner),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
