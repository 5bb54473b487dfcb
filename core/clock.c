/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Time: the two clocks of the machine and RFC 3339 text. Every room asks this file and no other for the time, so
 * that a test can hold it still. Civil days are computed here (days since 1970, proleptic Gregorian); TZ and locale
 * have no say.
 */
#include "clock.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { DAY_S = 86400 };
static const int64_t CLOCK_FIRST_MS = -62167219200000; /* 0000-01-01T00:00:00.000Z */
static const int64_t CLOCK_LAST_MS = 253402300799999;  /* 9999-12-31T23:59:59.999Z: four digits end here */

static _Atomic int64_t held_wall = -1, held_mono = -1;

static int64_t clock_read(clockid_t id)
{
	struct timespec t = { 0 };

	clock_gettime(id, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t clock_wall_ms(void)
{
	int64_t held = atomic_load(&held_wall);

	return held >= 0 ? held : clock_read(CLOCK_REALTIME);
}

int64_t clock_mono_ms(void)
{
	int64_t held = atomic_load(&held_mono);

	return held >= 0 ? held : clock_read(CLOCK_MONOTONIC);
}

void clock_hold(int64_t wall_ms, int64_t mono_ms)
{
	atomic_store(&held_wall, wall_ms);
	atomic_store(&held_mono, mono_ms);
}

int64_t clock_day(int year, int month, int day)
{
	/* Years begin in March here, so that the leap day is the last of its year (Hinnant, "chrono-compatible"). */
	int64_t y = year - (month <= 2);
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t of_era = y - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

void clock_date(int64_t days, int *year, int *month, int *day)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t of_era = z - era * 146097;
	int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * y + y / 4 - y / 100);
	int64_t m = (5 * of_year + 2) / 153;

	*day = (int)(of_year - (153 * m + 2) / 5 + 1);
	*month = (int)(m < 10 ? m + 3 : m - 9);
	*year = (int)(y + era * 400 + (*month <= 2));
}

bool clock_is_date(int year, int month, int day)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1] + (month == 2 && leap);
}

char *clock_text(int64_t at_ms, char out[CLOCK_TEXT_BYTES])
{
	char text[96];
	int64_t s, day, of_day;
	int y, m, d;

	at_ms = at_ms < CLOCK_FIRST_MS ? CLOCK_FIRST_MS : at_ms > CLOCK_LAST_MS ? CLOCK_LAST_MS : at_ms;
	s = (at_ms - CLOCK_FIRST_MS) / 1000 + CLOCK_FIRST_MS / 1000;
	day = (s - CLOCK_FIRST_MS / 1000) / DAY_S + CLOCK_FIRST_MS / 1000 / DAY_S;
	of_day = s - day * DAY_S;
	clock_date(day, &y, &m, &d);
	snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", y, m, d, (int)(of_day / 3600),
		 (int)(of_day / 60 % 60), (int)(of_day % 60), (int)((at_ms - CLOCK_FIRST_MS) % 1000));
	memcpy(out, text, CLOCK_TEXT_BYTES - 1);
	out[CLOCK_TEXT_BYTES - 1] = 0;
	return out;
}

/* Reads exactly `digits` digits and moves on; -1 when they are not there. */
static int read_number(const char **p, int digits)
{
	int value = 0;

	for (int i = 0; i < digits; i++, (*p)++) {
		if (**p < '0' || **p > '9')
			return -1;
		value = value * 10 + (**p - '0');
	}
	return value;
}

static bool read_char(const char **p, const char *any_of)
{
	if (!**p || !strchr(any_of, **p))
		return false;
	(*p)++;
	return true;
}

static bool read_date(const char **p, int64_t *days)
{
	int y = read_number(p, 4), m, d;

	if (y < 0 || !read_char(p, "-") || (m = read_number(p, 2)) < 0 || !read_char(p, "-") || (d = read_number(p, 2)) < 0)
		return false;
	*days = clock_day(y, m, d);
	return clock_is_date(y, m, d);
}

static bool read_time(const char **p, int64_t *ms)
{
	int h = read_number(p, 2), m, s, fraction = 0, scale = 100;

	if (h < 0 || !read_char(p, ":") || (m = read_number(p, 2)) < 0 || !read_char(p, ":") || (s = read_number(p, 2)) < 0)
		return false;
	if (read_char(p, ".")) {
		if (**p < '0' || **p > '9')
			return false;
		for (; **p >= '0' && **p <= '9'; (*p)++, scale /= 10)
			fraction += (**p - '0') * scale;
	}
	*ms = ((h * 60 + m) * 60 + s) * (int64_t)1000 + fraction;
	return h <= 23 && m <= 59 && s <= 60; /* a leap second is the first of the next minute: stored time has none */
}

static bool read_offset(const char **p, int64_t *ms)
{
	int sign, h, m;

	*ms = 0;
	if (read_char(p, "Zz"))
		return true;
	sign = **p == '-' ? -1 : 1;
	if (!read_char(p, "+-") || (h = read_number(p, 2)) < 0 || !read_char(p, ":") || (m = read_number(p, 2)) < 0)
		return false;
	*ms = sign * (h * 60 + m) * (int64_t)60000;
	return h <= 23 && m <= 59;
}

int clock_parse(const char *text, int64_t *at_ms)
{
	const char *p = text;
	int64_t days, of_day, offset;

	if (!read_date(&p, &days) || !read_char(&p, "Tt ") || !read_time(&p, &of_day) || !read_offset(&p, &offset) || *p)
		return 1;
	*at_ms = days * DAY_S * 1000 + of_day - offset;
	return 0;
}
