/* SPDX-License-Identifier: Apache-2.0 */
/* Time as text and back, the hours that trip clocks up, and a clock a test can hold still. */
#include "clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void a_time_is_written_as_rfc_3339_in_utc(void **state)
{
	static const struct {
		int64_t at;
		const char *text;
	} row[] = {
		{ 0, "1970-01-01T00:00:00.000Z" },
		{ -1, "1969-12-31T23:59:59.999Z" },
		{ 951782400000, "2000-02-29T00:00:00.000Z" },
		{ 1709164800001, "2024-02-29T00:00:00.001Z" },
		{ 2147483648000, "2038-01-19T03:14:08.000Z" },
		{ 4107542399999, "2100-02-28T23:59:59.999Z" },
		{ 1795416083000, "2026-11-23T06:41:23.000Z" },
		{ 253402300799999, "9999-12-31T23:59:59.999Z" },
		{ -62167219200000, "0000-01-01T00:00:00.000Z" },
	};
	char text[CLOCK_TEXT_BYTES];
	int64_t back;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		assert_ptr_equal(clock_text(row[i].at, text), text);
		assert_string_equal(text, row[i].text);
		assert_int_equal(clock_parse(text, &back), 0);
		assert_int_equal(back, row[i].at);
	}
}

static void a_time_beyond_four_digit_years_is_shown_at_the_edge(void **state)
{
	char text[CLOCK_TEXT_BYTES];

	(void)state;
	assert_string_equal(clock_text(INT64_MAX, text), "9999-12-31T23:59:59.999Z");
	assert_string_equal(clock_text(INT64_MIN, text), "0000-01-01T00:00:00.000Z");
}

static void offsets_fractions_and_leap_seconds_are_read(void **state)
{
	static const struct {
		const char *text;
		int64_t at;
	} row[] = {
		{ "1970-01-01T08:00:00+08:00", 0 },
		{ "1969-12-31T19:00:00-05:00", 0 },
		{ "1970-01-01t00:00:00z", 0 },
		{ "1970-01-01 00:00:00.5Z", 500 },
		{ "1970-01-01T00:00:00.1239999999999Z", 123 },
		{ "1970-01-01T00:00:00.01Z", 10 },
		{ "2016-12-31T23:59:60Z", 1483228800000 },
		{ "2024-02-29T23:59:59.999+23:59", 1709164859999 },
	};
	int64_t at;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		assert_int_equal(clock_parse(row[i].text, &at), 0);
		assert_int_equal(at, row[i].at);
	}
}

static void what_is_not_a_time_is_refused(void **state)
{
	static const char *const text[] = {
		"", "Z", "now", "2024", "2024-01-01", "2024-01-01T00:00:00", "2024-13-01T00:00:00Z",
		"2024-00-01T00:00:00Z", "2024-01-00T00:00:00Z", "2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z",
		"2024-04-31T00:00:00Z", "2024-01-01T24:00:00Z", "2024-01-01T00:60:00Z", "2024-01-01T00:00:61Z",
		"2024-01-01T00:00:00.Z", "2024-01-01T00:00:00+8:00", "2024-01-01T00:00:00+24:00",
		"2024-01-01T00:00:00+08:60", "2024-01-01T00:00:00Z ", " 2024-01-01T00:00:00Z", "2024-01-01T00:00:00ZZ",
		"2024-1-01T00:00:00Z", "+2024-01-01T00:00:00Z", "2024/01/01T00:00:00Z", "20240101T000000Z",
		"2024-01-01X00:00:00Z", "２024-01-01T00:00:00Z",
	};
	int64_t at = 7;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(text); i++)
		assert_int_equal(clock_parse(text[i], &at), 1);
	assert_int_equal(at, 7);
}

static void every_day_of_four_centuries_is_one_more_than_the_last(void **state)
{
	int64_t day = clock_day(1800, 1, 1);

	(void)state;
	for (int y = 1800; y < 2200; y++)
		for (int m = 1; m <= 12; m++)
			for (int d = 1; clock_is_date(y, m, d); d++, day++) {
				int y2, m2, d2;

				assert_int_equal(clock_day(y, m, d), day);
				clock_date(day, &y2, &m2, &d2);
				assert_true(y == y2 && m == m2 && d == d2);
			}
	assert_int_equal(day, clock_day(2200, 1, 1));
	assert_int_equal(clock_day(1970, 1, 1), 0);
	assert_int_equal(clock_day(0, 1, 1), -719528);
}

static void a_held_clock_stands_still_and_runs_again(void **state)
{
	(void)state;
	clock_hold(1000, 77);
	assert_int_equal(clock_wall_ms(), 1000);
	assert_int_equal(clock_mono_ms(), 77);
	clock_hold(-1, -1);
	assert_true(clock_wall_ms() > 1700000000000);
	assert_true(clock_mono_ms() >= 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_time_is_written_as_rfc_3339_in_utc),
		cmocka_unit_test(a_time_beyond_four_digit_years_is_shown_at_the_edge),
		cmocka_unit_test(offsets_fractions_and_leap_seconds_are_read),
		cmocka_unit_test(what_is_not_a_time_is_refused),
		cmocka_unit_test(every_day_of_four_centuries_is_one_more_than_the_last),
		cmocka_unit_test(a_held_clock_stands_still_and_runs_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
