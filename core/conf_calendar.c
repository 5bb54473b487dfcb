/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads the calendar file (etc/calendar-CN.conf) with libconfig, strictly: an unknown key, a day outside its year
 * or a day that is both off and worked is refused with file, line and what would be right. Called once by whoever
 * needs working days; keeps nothing.
 */
#include "calendar.h"

#include "clock.h"
#include "mem.h"
#include "text.h"

#include <libconfig.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct reading {
	const char *file;
	char **why;
	struct calendar *calendar;
	int year;
};

PRINTF(3, 4)
static int refuse(const struct reading *r, const config_setting_t *at, const char *fmt, ...)
{
	AUTO(mem_free) char *sentence = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&sentence, fmt, ap) < 0)
		sentence = NULL;
	va_end(ap);
	*r->why = mem_format("%s, line %u: %s", r->file, config_setting_source_line(at), sentence ? sentence : "");
	text_repair(*r->why);
	return 1;
}

static const char *text_of(const config_setting_t *s)
{
	const char *text = config_setting_type(s) == CONFIG_TYPE_STRING ? config_setting_get_string(s) : NULL;

	return text ? text : "";
}

/* A number of exactly `digits` digits; -1 when there is none. */
static int read_number(const char *text, int digits)
{
	int n = 0;

	for (int i = 0; i < digits; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		n = n * 10 + text[i] - '0';
	}
	return n;
}

/* "10-01" at the head of text, a day of that year. */
static bool read_month_day(const char *text, int year, int *month, int *day)
{
	*month = read_number(text, 2);
	if (*month < 0 || text[2] != '-')
		return false;
	*day = read_number(text + 3, 2);
	return clock_is_date(year, *month, *day);
}

/* "2026-10-01" at the head of text. */
static bool read_day(const char *text, int *year, int64_t *day)
{
	int m, d;

	*year = read_number(text, 4);
	if (*year < 0 || text[4] != '-' || !read_month_day(text + 5, *year, &m, &d))
		return false;
	*day = clock_day(*year, m, d);
	return true;
}

/* "2026-10-01" or "2026-10-01..2026-10-07". */
static bool read_span(const char *text, int *year, int64_t *from, int64_t *to)
{
	int last_year;

	if (!read_day(text, year, from))
		return false;
	*to = *from;
	if (text[10] == 0)
		return true;
	return !strncmp(text + 10, "..", 2) && read_day(text + 12, &last_year, to) && text[22] == 0 && last_year == *year &&
	       *to >= *from;
}

static int check_keys(const struct reading *r, const config_setting_t *group, const char *const *keys, const char *what)
{
	for (int i = 0; i < config_setting_length(group); i++) {
		const config_setting_t *one = config_setting_get_elem(group, (unsigned)i);
		const char *const *key = keys;

		while (*key && strcmp(*key, config_setting_name(one)) != 0)
			key++;
		if (!*key)
			return refuse(r, one, "there is no key \"%s\" in %s.", config_setting_name(one), what);
	}
	return 0;
}

static int read_days(const struct reading *r, const config_setting_t *list, bool workday)
{
	int64_t from, to;
	int year;

	if (!list)
		return 0;
	if (config_setting_type(list) != CONFIG_TYPE_ARRAY && config_setting_type(list) != CONFIG_TYPE_LIST)
		return refuse(r, list, "give a list of days, [ \"2026-10-01..2026-10-07\" ].");
	for (int i = 0; i < config_setting_length(list); i++) {
		const config_setting_t *one = config_setting_get_elem(list, (unsigned)i);

		if (!read_span(text_of(one), &year, &from, &to))
			return refuse(r, one, "\"%.40s\" is not a day or a span of days of one year, like \"2026-10-01..2026-10-07\".",
				      text_of(one));
		if (year != r->year)
			return refuse(r, one, "\"%.40s\" does not lie in the year %d it stands under.", text_of(one), r->year);
		for (; from <= to; from++)
			if (!calendar_set_day(r->calendar, from, workday))
				return refuse(r, one, "\"%.40s\" has a day that is listed both as off and as worked.", text_of(one));
	}
	return 0;
}

static int read_year(struct reading *r, const config_setting_t *group)
{
	static const char *const keys[] = { "year", "announced", "source", "off", "work", NULL };
	const char *source = "";
	int announced = 0;

	if (config_setting_type(group) != CONFIG_TYPE_GROUP)
		return refuse(r, group, "each year is a group, { year = 2026; announced = true; off = [ … ]; work = [ … ]; }.");
	if (check_keys(r, group, keys, "a year of the calendar"))
		return 1;
	if (!config_setting_lookup_int(group, "year", &r->year) || r->year < 1970 || r->year > 9999)
		return refuse(r, group, "a year needs year = 1970 to 9999.");
	if (!config_setting_lookup_bool(group, "announced", &announced))
		return refuse(r, group, "say announced = true once the notice of %d is out, false before.", r->year);
	config_setting_lookup_string(group, "source", &source);
	if (announced && !*source)
		return refuse(r, group, "an announced year names its notice, source = \"…\".");
	calendar_set_year(r->calendar, r->year, announced);
	return read_days(r, config_setting_get_member(group, "off"), false) ||
	       read_days(r, config_setting_get_member(group, "work"), true);
}

static int read_years(struct reading *r, const config_t *conf)
{
	const config_setting_t *list = config_lookup(conf, "years");

	if (!list || config_setting_type(list) != CONFIG_TYPE_LIST || !config_setting_length(list))
		return refuse(r, list ? list : config_root_setting(conf), "the calendar needs years = ( { year = …; … }, … ).");
	for (int i = 0; i < config_setting_length(list); i++)
		if (read_year(r, config_setting_get_elem(list, (unsigned)i)))
			return 1;
	return 0;
}

/* "10-01": off in every year that is not listed. */
static int read_every_year(const struct reading *r, const config_setting_t *list)
{
	int m, d;

	for (int i = 0; list && i < config_setting_length(list); i++) {
		const config_setting_t *one = config_setting_get_elem(list, (unsigned)i);
		const char *text = text_of(one);

		if (!read_month_day(text, 2024, &m, &d) || text[5])
			return refuse(r, one, "\"%.40s\" is not a day of the year like \"10-01\".", text);
		calendar_set_every_year(r->calendar, m, d);
	}
	return 0;
}

static int read_all(struct reading *r, const config_t *conf)
{
	static const char *const keys[] = { "every_year", "years", NULL };
	const config_setting_t *root = config_root_setting(conf);

	if (check_keys(r, root, keys, "a calendar file"))
		return 1;
	return read_every_year(r, config_lookup(conf, "every_year")) || read_years(r, conf);
}

int calendar_load(const char *file, struct calendar **out, char **why)
{
	struct reading r = { .file = file, .why = why, .calendar = calendar_new() };
	config_t conf;
	int rc = 1;

	config_init(&conf);
	if (config_read_file(&conf, file))
		rc = read_all(&r, &conf);
	else if (config_error_type(&conf) == CONFIG_ERR_FILE_IO)
		*why = mem_format("The calendar %s cannot be read; put the shipped etc/calendar-CN.conf there.", file);
	else
		*why = mem_format("%s, line %d: %s.", file, config_error_line(&conf), config_error_text(&conf));
	config_destroy(&conf);
	if (rc)
		calendar_free(&r.calendar);
	*out = r.calendar;
	return rc;
}
