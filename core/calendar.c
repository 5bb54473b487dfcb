/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Working days and opening hours, pure. router sets deadlines with it, intake tells a caller when to look again.
 * What the State Council decided comes in as days (conf_calendar.c); the time of asking is always an argument.
 */
#include "calendar.h"

#include "clock.h"
#include "mem.h"

#include <string.h>

enum {
	MINUTE_MS = 60000,
	DAY_MS = 86400000,
	SHANGHAI_MS = 8 * 3600000,
	CRISIS_REPLY_MS = 60000,   /* "at once", as a time that can pass */
	LOOK_AHEAD_DAYS = 400,     /* more than any run of days without hours */
	WORKDAYS_MAX = 4000,
	MONDAY = 1, SATURDAY = 6, SUNDAY = 7,
};

struct special_day {
	int64_t day;
	bool workday;
};
struct known_year {
	int year;
	bool announced;
};
struct yearly_day {
	int month, day;
};
struct calendar {
	struct special_day *day; /* ascending */
	struct known_year *year;
	struct yearly_day *yearly;
	size_t days, years, yearlies;
};

struct calendar *calendar_new(void)
{
	return mem_new(sizeof(struct calendar));
}

void calendar_free(struct calendar **c)
{
	if (!*c)
		return;
	mem_free(&(*c)->day);
	mem_free(&(*c)->year);
	mem_free(&(*c)->yearly);
	mem_free(c);
}

/* Index of the first special day ≥ day. */
static size_t special_at(const struct calendar *c, int64_t day)
{
	size_t low = 0, high = c->days;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (c->day[middle].day < day)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool calendar_set_day(struct calendar *c, int64_t day, bool workday)
{
	size_t at = special_at(c, day);

	if (at < c->days && c->day[at].day == day)
		return c->day[at].workday == workday;
	c->day = mem_resize(c->day, (c->days + 1) * sizeof(*c->day));
	memmove(c->day + at + 1, c->day + at, (c->days - at) * sizeof(*c->day));
	c->days++;
	c->day[at] = (struct special_day){ day, workday };
	return true;
}

static struct known_year *known_year(const struct calendar *c, int year)
{
	for (size_t i = 0; c && i < c->years; i++)
		if (c->year[i].year == year)
			return &c->year[i];
	return NULL;
}

void calendar_set_year(struct calendar *c, int year, bool announced)
{
	struct known_year *known = known_year(c, year);

	if (!known) {
		c->year = mem_resize(c->year, (c->years + 1) * sizeof(*c->year));
		known = &c->year[c->years++];
	}
	*known = (struct known_year){ year, announced };
}

void calendar_set_every_year(struct calendar *c, int month, int day)
{
	c->yearly = mem_resize(c->yearly, (c->yearlies + 1) * sizeof(*c->yearly));
	c->yearly[c->yearlies++] = (struct yearly_day){ month, day };
}

int64_t calendar_day(int64_t at_ms)
{
	int64_t local = at_ms + SHANGHAI_MS;

	return local >= 0 ? local / DAY_MS : -((-local + DAY_MS - 1) / DAY_MS);
}

int64_t calendar_day_begin(int64_t day)
{
	return day * DAY_MS - SHANGHAI_MS;
}

/* 1 Monday … 7 Sunday; 1970-01-01 was a Thursday. */
static int weekday(int64_t day)
{
	return (int)((day % 7 + 7 + 3) % 7) + 1;
}

static bool off_by_law(const struct calendar *c, int64_t day)
{
	int y, m, d;

	clock_date(day, &y, &m, &d);
	if (known_year(c, y))
		return false; /* its days are listed one by one */
	for (size_t i = 0; i < c->yearlies; i++)
		if (c->yearly[i].month == m && c->yearly[i].day == d)
			return true;
	return false;
}

static bool day_is_workday(const struct calendar *c, int64_t day)
{
	size_t at = c ? special_at(c, day) : 0;

	if (c && at < c->days && c->day[at].day == day)
		return c->day[at].workday;
	return weekday(day) < SATURDAY && !(c && off_by_law(c, day));
}

bool calendar_is_announced(const struct calendar *c, int64_t at_ms)
{
	const struct known_year *known;
	int y, m, d;

	clock_date(calendar_day(at_ms), &y, &m, &d);
	known = known_year(c, y);
	return known && known->announced;
}

bool calendar_is_workday(const struct calendar *c, int64_t at_ms)
{
	return day_is_workday(c, calendar_day(at_ms));
}

static int64_t nth_workday(const struct calendar *c, int64_t day, int64_t n)
{
	n = n < WORKDAYS_MAX ? n : WORKDAYS_MAX;
	while (n > 0)
		if (day_is_workday(c, ++day))
			n--;
	return day;
}

int64_t calendar_add_workdays(const struct calendar *c, int64_t at_ms, int days)
{
	return calendar_day_begin(nth_workday(c, calendar_day(at_ms), days) + 1) - 1;
}

int64_t calendar_add_half_workdays(const struct calendar *c, int64_t at_ms, int64_t halves)
{
	int64_t day = nth_workday(c, calendar_day(at_ms), (halves + 1) / 2);

	return halves % 2 ? calendar_day_begin(day) + DAY_MS / 2 : calendar_day_begin(day + 1) - 1;
}

int64_t calendar_next_workday(const struct calendar *c, int64_t at_ms)
{
	int64_t day = calendar_day(at_ms);

	return day_is_workday(c, day) ? at_ms : calendar_day_begin(nth_workday(c, day, 1));
}

/* The weekday whose hours a day has. */
static int hours_of(const struct calendar *c, int64_t day)
{
	int natural = weekday(day);
	bool works = day_is_workday(c, day);

	if (works && natural >= SATURDAY)
		return MONDAY;
	return !works && natural < SATURDAY ? SUNDAY : natural;
}

/* The first moment ≥ at_ms within the hours that begin on that day; INT64_MAX where there is none. */
static int64_t open_on(const struct conf *conf, const struct calendar *c, int64_t day, int64_t at_ms)
{
	int64_t best = INT64_MAX, begin = calendar_day_begin(day);
	int as = hours_of(c, day);

	for (int i = 0; i < conf->hours_count; i++) {
		int64_t from = begin + (int64_t)conf->hours[i].from_min * MINUTE_MS;
		int64_t to = begin + (int64_t)conf->hours[i].to_min * MINUTE_MS;
		int64_t first = from > at_ms ? from : at_ms;

		if (conf->hours[i].day == as && first < to && first < best)
			best = first;
	}
	return best;
}

int64_t calendar_next_open(const struct conf *conf, const struct calendar *c, int64_t at_ms)
{
	int64_t day = calendar_day(at_ms), yesterday;

	if (conf->staffed_always)
		return at_ms;
	yesterday = open_on(conf, c, day - 1, at_ms); /* its night may still be going on */
	if (yesterday != INT64_MAX && yesterday < calendar_day_begin(day + 1)) {
		int64_t today = open_on(conf, c, day, at_ms);

		return yesterday < today ? yesterday : today;
	}
	for (int i = 0; i < LOOK_AHEAD_DAYS; i++) {
		int64_t first = open_on(conf, c, day + i, at_ms);

		if (first != INT64_MAX)
			return first;
	}
	return 0;
}

static const struct conf_clock *desk_clock(const struct conf *conf, const char *desk)
{
	static const struct conf_clock none;
	const char *const names[] = { desk ? desk : "", conf->duty_desk };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		for (int k = 0; k < conf->desks; k++)
			if (strcmp(conf->desk[k].kind, names[i]) == 0)
				return &conf->desk[k].clock;
	return conf->desks ? &conf->desk[0].clock : &none;
}

int64_t calendar_reply_by(const struct conf *conf, const struct calendar *c, const char *desk, int risk, int64_t at_ms)
{
	int64_t open = calendar_next_open(conf, c, at_ms), wait = desk_clock(conf, desk)->first_reply_ms;

	if (!open)
		return 0;
	return open + (risk >= 2 && wait > CRISIS_REPLY_MS ? CRISIS_REPLY_MS : wait);
}

static int close_days(const struct conf_clock *clock, const char *kind)
{
	const struct {
		const char *kind;
		int days;
	} row[] = {
		{ "consult", clock->close_consult_days },     { "thanks", clock->close_consult_days },
		{ "help", clock->close_help_days },           { "suggestion", clock->close_help_days },
		{ "complaint", clock->close_complaint_days }, { "report", clock->close_complaint_days },
		{ "protection", clock->close_protection_days },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++)
		if (kind && strcmp(row[i].kind, kind) == 0)
			return row[i].days;
	return clock->close_consult_days;
}

int64_t calendar_close_by(const struct conf *conf, const struct calendar *c, const char *desk, const char *kind,
	int64_t at_ms)
{
	int days = close_days(desk_clock(conf, desk), kind);

	return days > 0 ? calendar_add_workdays(c, at_ms, days) : 0;
}

int64_t calendar_accept_by(const struct conf *conf, const struct calendar *c, const char *desk, int64_t at_ms)
{
	int64_t halves = desk_clock(conf, desk)->accept_days_half;

	return halves > 0 ? calendar_add_half_workdays(c, at_ms, halves) : 0;
}
