/* SPDX-License-Identifier: Apache-2.0 */
/* Working days as the State Council gave them, counted by hand; half days, midnight, leap days, opening hours; a
 * calendar file with mistakes. */
#include "calendar.h"

#include "clock.h"
#include "mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct calendar *cn;

static int load(void **state)
{
	AUTO(mem_free) char *why = NULL;

	(void)state;
	if (calendar_load(QT_SOURCE_DIR "/etc/calendar-CN.conf", &cn, &why) == 0)
		return 0;
	print_error("%s\n", why);
	return -1;
}

static int unload(void **state)
{
	(void)state;
	calendar_free(&cn);
	return 0;
}

/* "2025-10-01T09:00" in Shanghai. */
static int64_t at(const char *local)
{
	AUTO(mem_free) char *text = mem_format("%s%s+08:00", local, strlen(local) == 10 ? "T00:00:00" : ":00");
	int64_t ms;

	if (clock_parse(text, &ms))
		fail_msg("%s is not a time", local);
	return ms;
}

static void assert_at(int64_t got, const char *want)
{
	char a[CLOCK_TEXT_BYTES], b[CLOCK_TEXT_BYTES];

	assert_string_equal(clock_text(got, a), clock_text(at(want), b));
}

static void holidays_are_off_and_make_up_days_are_worked(void **state)
{
	static const struct {
		const char *day;
		bool works;
	} row[] = {
		{ "2024-09-27", true },  { "2024-09-28", false }, { "2024-09-29", true },  { "2024-09-30", true },
		{ "2024-10-01", false }, { "2024-10-07", false }, { "2024-10-08", true },  { "2024-10-12", true },
		{ "2024-10-13", false }, { "2024-02-04", true },  { "2024-02-09", true },  { "2024-02-10", false },
		{ "2024-02-17", false }, { "2024-02-18", true },  { "2024-02-29", true },  { "2024-06-10", false },
		{ "2025-01-26", true },  { "2025-01-27", true },  { "2025-01-28", false }, { "2025-02-04", false },
		{ "2025-02-08", true },  { "2025-09-28", true },  { "2025-10-08", false }, { "2025-10-09", true },
		{ "2025-10-11", true },  { "2025-10-12", false }, { "2026-01-04", true },  { "2026-02-14", true },
		{ "2026-02-23", false }, { "2026-02-24", true },  { "2026-09-20", true },  { "2026-10-10", true },
		{ "2027-02-05", false }, { "2027-02-09", true },  { "2027-10-01", false }, { "2027-10-04", true },
		{ "2023-10-02", false }, { "2023-10-04", true },  { "2031-05-01", false }, { "2031-05-05", true },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		if (calendar_is_workday(cn, at(row[i].day)) != row[i].works)
			fail_msg("%s", row[i].day);
		assert_int_equal(calendar_is_workday(cn, at(row[i].day) + 86400000 - 1), row[i].works);
	}
}

static void the_shipped_years_have_as_many_working_days_as_the_notices_gave(void **state)
{
	/* Weekdays of the year less holidays on weekdays plus make-up days, counted on paper. */
	static const struct {
		int year, workdays;
	} row[] = { { 2024, 251 }, { 2025, 248 }, { 2026, 248 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		int n = 0;

		for (int64_t d = clock_day(row[i].year, 1, 1); d < clock_day(row[i].year + 1, 1, 1); d++)
			n += calendar_is_workday(cn, calendar_day_begin(d));
		assert_int_equal(n, row[i].workdays);
	}
}

static void a_year_whose_notice_is_not_out_says_so(void **state)
{
	(void)state;
	assert_true(calendar_is_announced(cn, at("2026-12-31")));
	assert_false(calendar_is_announced(cn, at("2027-01-01")));
	assert_false(calendar_is_announced(cn, at("2030-01-01")));
	assert_false(calendar_is_announced(NULL, at("2026-01-01")));
}

static void working_days_are_counted_over_holidays_and_make_up_days(void **state)
{
	static const struct {
		const char *from;
		int days;
		const char *last; /* the day at whose end it is due */
	} row[] = {
		{ "2024-09-27T10:00", 1, "2024-09-29" },  /* Friday: Sunday is worked */
		{ "2024-09-30T10:00", 1, "2024-10-08" },  /* the day before National Day */
		{ "2024-09-30T10:00", 5, "2024-10-12" },  /* 8 9 10 11, then Saturday 12 */
		{ "2024-10-03T10:00", 1, "2024-10-08" },  /* asked on a holiday */
		{ "2025-09-27T23:59", 1, "2025-09-28" },
		{ "2025-09-30T00:00", 1, "2025-10-09" },
		{ "2025-09-30T00:00", 3, "2025-10-11" },
		{ "2025-09-26T18:00", 15, "2025-10-23" }, /* 28 29 30 · 9 10 11 · 13 … 17 · 20 … 23 */
		{ "2024-02-28T12:00", 1, "2024-02-29" },  /* leap day */
		{ "2024-02-29T12:00", 1, "2024-03-01" },
		{ "2025-02-28T12:00", 1, "2025-03-03" },
		{ "2026-02-13T09:00", 1, "2026-02-14" },  /* Saturday worked, then nine days off */
		{ "2026-02-14T09:00", 1, "2026-02-24" },
		{ "2026-12-31T09:00", 1, "2027-01-04" },
		{ "2024-09-30T10:00", 0, "2024-09-30" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		int64_t due = calendar_add_workdays(cn, at(row[i].from), row[i].days);

		assert_at(due + 1 - 86400000, row[i].last);
	}
}

static void the_day_begins_at_midnight_in_shanghai(void **state)
{
	int64_t last = at("2024-09-30T23:59") + 59999;

	(void)state;
	assert_int_equal(calendar_day(last), clock_day(2024, 9, 30));
	assert_int_equal(calendar_day(last + 1), clock_day(2024, 10, 1));
	assert_int_equal(calendar_add_workdays(cn, last, 1), calendar_add_workdays(cn, last + 1, 1));
	assert_at(calendar_add_workdays(cn, last, 1) + 1, "2024-10-09");
	assert_int_equal(calendar_day(-8 * 3600000), 0);       /* 1970-01-01T00:00 in Shanghai */
	assert_int_equal(calendar_day(-8 * 3600000 - 1), -1);
	assert_int_equal(calendar_day(0), 0);
	assert_false(calendar_is_workday(cn, at("1969-12-28"))); /* a Sunday before the epoch */
	assert_true(calendar_is_workday(cn, at("2038-01-19")));
}

static void half_days_end_at_noon(void **state)
{
	static const struct {
		const char *from;
		int halves;
		const char *due;
	} row[] = {
		{ "2024-09-30T10:00", 1, "2024-10-08T12:00" },
		{ "2024-09-27T16:00", 1, "2024-09-29T12:00" },
		{ "2024-09-27T16:00", 3, "2024-09-30T12:00" },
		{ "2025-03-03T00:00", 1, "2025-03-04T12:00" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(row); i++)
		assert_at(calendar_add_half_workdays(cn, at(row[i].from), row[i].halves), row[i].due);
	for (int days = 0; days < 30; days++)
		assert_int_equal(calendar_add_half_workdays(cn, at("2024-09-30"), 2 * days),
				 calendar_add_workdays(cn, at("2024-09-30"), days));
}

static void an_alarm_on_a_day_off_waits_for_the_next_working_day(void **state)
{
	(void)state;
	assert_at(calendar_next_workday(cn, at("2024-10-03T15:00")), "2024-10-08");
	assert_at(calendar_next_workday(cn, at("2024-10-08T15:00")), "2024-10-08T15:00");
	assert_at(calendar_next_workday(cn, at("2024-09-28T01:00")), "2024-09-29");
}

static void without_a_calendar_the_week_alone_counts(void **state)
{
	(void)state;
	assert_true(calendar_is_workday(NULL, at("2024-10-01")));
	assert_false(calendar_is_workday(NULL, at("2024-09-29")));
	assert_at(calendar_add_workdays(NULL, at("2024-09-27T10:00"), 1) + 1, "2024-10-01");
}

static struct conf conf_with(const char *const hours[], size_t n)
{
	struct conf c = { .hours_count = 0, .desks = 2, .duty_desk = "psych" };

	for (size_t i = 0; i < n; i++)
		assert_int_equal(conf_hours_add(hours[i], c.hours, &c.hours_count), 0);
	memcpy(c.desk[0].kind, "legal", 6);
	c.desk[0].clock = (struct conf_clock){ .first_reply_ms = 1800000, .accept_days_half = 2, .close_consult_days = 2,
					       .close_help_days = 5, .close_complaint_days = 15 };
	memcpy(c.desk[1].kind, "psych", 6);
	c.desk[1].clock = (struct conf_clock){ .first_reply_ms = 600000, .accept_days_half = 1, .close_consult_days = 1,
					       .close_help_days = 5, .close_complaint_days = 15, .close_protection_days = 3 };
	return c;
}

static void opening_hours_open_where_the_week_says(void **state)
{
	static const char *const hours[] = { "Mon-Fri 09:00-21:00", "Sat 20:00-02:00" };
	struct conf c = conf_with(hours, 2);
	static const struct {
		const char *now, *open;
	} row[] = {
		{ "2025-03-03T08:59", "2025-03-03T09:00" }, { "2025-03-03T09:00", "2025-03-03T09:00" },
		{ "2025-03-03T20:59", "2025-03-03T20:59" }, { "2025-03-03T21:00", "2025-03-04T09:00" },
		{ "2025-03-07T21:00", "2025-03-08T20:00" }, /* Friday night → Saturday evening */
		{ "2025-03-09T01:59", "2025-03-09T01:59" }, /* Saturday's hours reach into Sunday */
		{ "2025-03-09T02:00", "2025-03-10T09:00" },
		{ "2025-09-28T08:00", "2025-09-28T09:00" }, /* a Sunday worked has Monday's hours */
		{ "2025-09-30T21:00", "2025-10-09T09:00" }, /* weekdays off have Sunday's: none; Saturday 4th is off as itself */
	};

	(void)state;
	for (size_t i = 0; i + 1 < ARRAY_LEN(row); i++)
		assert_at(calendar_next_open(&c, cn, at(row[i].now)), row[i].open);
	assert_at(calendar_next_open(&c, cn, at("2025-09-30T21:00")), "2025-10-04T20:00");
	assert_at(calendar_next_open(&c, cn, at("2025-10-05T03:00")), "2025-10-09T09:00");
	assert_at(calendar_next_open(&c, NULL, at("2025-10-01T09:30")), "2025-10-01T09:30");
	c.staffed_always = true;
	assert_at(calendar_next_open(&c, cn, at("2025-10-05T03:00")), "2025-10-05T03:00");
	c = conf_with(hours, 0);
	assert_int_equal(calendar_next_open(&c, cn, at("2025-10-05T03:00")), 0);
	assert_int_equal(calendar_reply_by(&c, cn, "psych", 0, at("2025-10-05T03:00")), 0);
}

static void a_desk_open_on_sundays_is_open_on_holidays(void **state)
{
	static const char *const hours[] = { "Mon-Sat 08:00-22:00", "Sun 10:00-18:00" };
	struct conf c = conf_with(hours, 2);

	(void)state;
	assert_at(calendar_next_open(&c, cn, at("2025-10-01T08:30")), "2025-10-01T10:00");
	assert_at(calendar_next_open(&c, cn, at("2025-09-28T08:30")), "2025-09-28T08:30");
}

static void a_promise_is_kept_to_the_hours_and_a_crisis_is_sooner(void **state)
{
	static const char *const hours[] = { "Mon-Fri 09:00-21:00" };
	struct conf c = conf_with(hours, 1);

	(void)state;
	assert_at(calendar_reply_by(&c, cn, "psych", 0, at("2025-03-03T10:00")), "2025-03-03T10:10");
	assert_at(calendar_reply_by(&c, cn, "legal", 0, at("2025-03-03T10:00")), "2025-03-03T10:30");
	assert_at(calendar_reply_by(&c, cn, "legal", 1, at("2025-03-03T22:00")), "2025-03-04T09:30");
	assert_at(calendar_reply_by(&c, cn, "legal", 2, at("2025-03-03T10:00")), "2025-03-03T10:01");
	assert_at(calendar_reply_by(&c, cn, "legal", 3, at("2025-03-03T22:00")), "2025-03-04T09:01");
	assert_at(calendar_reply_by(&c, cn, "", 0, at("2025-03-03T10:00")), "2025-03-03T10:10"); /* as the duty desk */
	assert_at(calendar_reply_by(&c, cn, "choir", 0, at("2025-03-03T10:00")), "2025-03-03T10:10");
}

static void closing_limits_go_by_desk_and_kind(void **state)
{
	struct conf c = conf_with(NULL, 0);
	static const struct {
		const char *desk, *kind, *last;
	} row[] = {
		{ "psych", "consult", "2025-03-04" },   { "legal", "consult", "2025-03-05" },    { "psych", "thanks", "2025-03-04" },
		{ "psych", "help", "2025-03-10" },      { "psych", "suggestion", "2025-03-10" },
		{ "psych", "complaint", "2025-03-24" },
		{ "psych", "report", "2025-03-24" },    { "psych", "protection", "2025-03-06" }, { "", "complaint", "2025-03-24" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(row); i++)
		assert_at(calendar_close_by(&c, cn, row[i].desk, row[i].kind, at("2025-03-03T10:00")) + 1 - 86400000, row[i].last);
	assert_int_equal(calendar_close_by(&c, cn, "legal", "protection", at("2025-03-03T10:00")), 0);
	assert_at(calendar_accept_by(&c, cn, "psych", at("2025-03-03T10:00")), "2025-03-04T12:00");
	assert_at(calendar_accept_by(&c, cn, "legal", at("2025-03-03T10:00")) + 1, "2025-03-05");
	c.desks = 0;
	assert_int_equal(calendar_close_by(&c, cn, "psych", "help", at("2025-03-03T10:00")), 0);
	assert_int_equal(calendar_accept_by(&c, cn, "psych", at("2025-03-03T10:00")), 0);
}

/* The sentence with which a calendar file of that text is refused; NULL when it is taken. */
static char *refusal_of(const char *text)
{
	char name[] = "/tmp/qt-calendar-XXXXXX";
	struct calendar *c = NULL;
	char *why = NULL;
	int fd = mkstemp(name);
	int rc;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	rc = calendar_load(name, &c, &why);
	unlink(name);
	assert_int_equal(rc, why ? 1 : 0);
	assert_int_equal(c != NULL, rc == 0);
	calendar_free(&c);
	return why;
}

static void a_mistake_in_the_file_is_named_with_its_line(void **state)
{
	static const struct {
		const char *text, *says;
	} row[] = {
		{ "years = ( { year = 2030; announced = false; off = [ \"2030-01-01\" ]; } );", NULL },
		{ "", "the calendar needs years" },
		{ "years = 7;", "the calendar needs years" },
		{ "years = ( );", "the calendar needs years" },
		{ "years = (\n 7 );", "line 2: each year is a group" },
		{ "years = ( { announced = true; } );", "year = 1970" },
		{ "years = ( { year = 4000000000; announced = true; } );", "year = 1970" },
		{ "years = ( { year = 2030; } );", "announced" },
		{ "years = ( { year = 2030; announced = true; } );", "names its notice" },
		{ "years = ( { year = 2030; announced = false;\n offf = [ ]; } );", "line 2: there is no key \"offf\"" },
		{ "holidays = 1;\nyears = ( { year = 2030; announced = false; } );", "line 1: there is no key \"holidays\"" },
		{ "years = ( { year = 2030; announced = false;\n off = \"2030-01-01\"; } );", "line 2: give a list" },
		{ "years = ( { year = 2030; announced = false; off = [ 20300101 ]; } );", "is not a day" },
		{ "years = ( { year = 2030; announced = false; off = [ \"2030-02-30\" ]; } );", "is not a day" },
		{ "years = ( { year = 2030; announced = false; off = [ \"2030-2-3\" ]; } );", "is not a day" },
		{ "years = ( { year = 2030; announced = false; off = [ \"2030-01-03..2030-01-01\" ]; } );", "is not a day" },
		{ "years = ( { year = 2030; announced = false; off = [ \"2030-12-31..2031-01-01\" ]; } );", "is not a day" },
		{ "years = ( { year = 2030; announced = false; off = [ \"2030-01-01 \" ]; } );", "is not a day" },
		{ "years = ( { year = 2030; announced = false; off = [ \"2031-01-01\" ]; } );", "does not lie in the year 2030" },
		{ "years = ( { year = 2030; announced = false; off = [ \"2030-01-05\" ]; work = [ \"2030-01-05\" ]; } );",
		  "both as off and as worked" },
		{ "every_year = [ \"13-01\" ];\nyears = ( { year = 2030; announced = false; } );", "line 1: \"13-01\"" },
		{ "years = (", "line 1" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		AUTO(mem_free) char *why = refusal_of(row[i].text);

		if (!row[i].says) {
			assert_null(why);
			continue;
		}
		assert_non_null(why);
		if (!strstr(why, row[i].says))
			fail_msg("%s: %s", row[i].text, why);
	}
}

static void a_calendar_that_is_not_there_says_what_would_be_right(void **state)
{
	AUTO(mem_free) char *why = NULL;
	struct calendar *c = NULL;

	(void)state;
	assert_int_equal(calendar_load("/nowhere/calendar.conf", &c, &why), 1);
	assert_non_null(strstr(why, "cannot be read"));
	assert_null(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holidays_are_off_and_make_up_days_are_worked),
		cmocka_unit_test(the_shipped_years_have_as_many_working_days_as_the_notices_gave),
		cmocka_unit_test(a_year_whose_notice_is_not_out_says_so),
		cmocka_unit_test(working_days_are_counted_over_holidays_and_make_up_days),
		cmocka_unit_test(the_day_begins_at_midnight_in_shanghai),
		cmocka_unit_test(half_days_end_at_noon),
		cmocka_unit_test(an_alarm_on_a_day_off_waits_for_the_next_working_day),
		cmocka_unit_test(without_a_calendar_the_week_alone_counts),
		cmocka_unit_test(opening_hours_open_where_the_week_says),
		cmocka_unit_test(a_desk_open_on_sundays_is_open_on_holidays),
		cmocka_unit_test(a_promise_is_kept_to_the_hours_and_a_crisis_is_sooner),
		cmocka_unit_test(closing_limits_go_by_desk_and_kind),
		cmocka_unit_test(a_mistake_in_the_file_is_named_with_its_line),
		cmocka_unit_test(a_calendar_that_is_not_there_says_what_would_be_right),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
