/* SPDX-License-Identifier: Apache-2.0 */
/* Rules of remembering which case was opened in which session, and who looks at it. */
#include "look.h"
#include "opened.h"

#include "clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <cmocka.h>

static void another_session_has_not_opened_what_this_one_has(void **state)
{
	struct opened *o = opened_new();

	(void)state;
	opened_put(o, 1, 7, OPENED_MINE);
	assert_int_equal(opened_get(o, 1, 7), OPENED_MINE);
	assert_int_equal(opened_get(o, 2, 7), OPENED_NOT);
	assert_int_equal(opened_get(o, 1, 8), OPENED_NOT);
	opened_free(&o);
	assert_null(o);
}

static void a_reason_outlives_a_reading_as_ones_own(void **state)
{
	struct opened *o = opened_new();

	(void)state;
	opened_put(o, 1, 7, OPENED_REASON);
	opened_put(o, 1, 7, OPENED_MINE);
	assert_int_equal(opened_get(o, 1, 7), OPENED_REASON);
	opened_free(&o);
}

static void what_is_forgotten_reads_as_not_opened(void **state)
{
	struct opened *o = opened_new();
	int64_t kept = 0;

	(void)state;
	for (int64_t id = 1; id <= 100000; id++)
		opened_put(o, 1, id, OPENED_MINE);
	for (int64_t id = 1; id <= 100000; id++)
		kept += opened_get(o, 1, id) == OPENED_MINE;
	assert_in_range(kept, 1, 32768);
	assert_int_equal(opened_get(o, 1, 100000), OPENED_MINE);
	opened_free(&o);
}

static void whoever_looks_is_named_for_half_a_minute(void **state)
{
	struct looks *looks = looks_new();
	json_t *names;

	(void)state;
	clock_hold(1000, 1000);
	looks_put(looks, "YT-AAAA-AAAA", 1, "甲");
	looks_put(looks, "YT-AAAA-AAAA", 2, "乙");
	looks_put(looks, "YT-AAAA-AAAA", 1, "甲");
	names = looks_names(looks, "YT-AAAA-AAAA");
	assert_int_equal(json_array_size(names), 2);
	json_release(&names);
	names = looks_names(looks, "YT-BBBB-BBBB");
	assert_int_equal(json_array_size(names), 0);
	json_release(&names);
	clock_hold(1000, 31001);
	names = looks_names(looks, "YT-AAAA-AAAA");
	assert_int_equal(json_array_size(names), 0);
	json_release(&names);
	clock_hold(-1, -1);
	looks_free(&looks);
}

static void the_table_of_lookers_stays_bounded(void **state)
{
	struct looks *looks = looks_new();
	char ticket[16];
	json_t *names;

	(void)state;
	for (int i = 0; i < 10000; i++) {
		snprintf(ticket, sizeof(ticket), "YT-%04d", i);
		looks_put(looks, ticket, i + 1, "丙");
	}
	names = looks_names(looks, "YT-9999");
	assert_int_equal(json_array_size(names), 1);
	json_release(&names);
	looks_free(&looks);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(another_session_has_not_opened_what_this_one_has),
		cmocka_unit_test(a_reason_outlives_a_reading_as_ones_own),
		cmocka_unit_test(what_is_forgotten_reads_as_not_opened),
		cmocka_unit_test(whoever_looks_is_named_for_half_a_minute),
		cmocka_unit_test(the_table_of_lookers_stays_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
