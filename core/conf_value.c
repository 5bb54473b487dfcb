/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Values with units as people write them in a configuration: "90s", "16MiB", "127.0.0.1:8355", "Mon-Fri 09:00-21:00".
 * Pure; each reader takes text and gives a number or refuses. Called by the walker and for command line options.
 */
#include "conf.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct unit {
	const char *name;
	int64_t of;
};
static const struct unit time_units[] = { { "ms", 1 }, { "s", 1000 }, { "min", 60000 }, { "h", 3600000 },
	                                  { "d", 86400000 } };
static const struct unit size_units[] = { { "B", 1 }, { "KiB", 1024 }, { "MiB", 1048576 }, { "GiB", 1073741824 } };
static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };

enum { DAY_MINUTES = 24 * 60 };

/* Reads decimal digits at *s; at most 12 of them, so nothing can wrap. */
static bool take_number(const char **s, int64_t *n)
{
	const char *start = *s;

	for (*n = 0; isdigit((unsigned char)**s) && *s - start < 12; (*s)++)
		*n = *n * 10 + (**s - '0');
	return *s > start && !isdigit((unsigned char)**s);
}

static const struct unit *take_unit(const char **s, const struct unit *units, size_t count)
{
	size_t n = 0;

	while (isalpha((unsigned char)(*s)[n]))
		n++;
	for (size_t i = 0; i < count; i++)
		if (strlen(units[i].name) == n && strncmp(units[i].name, *s, n) == 0) {
			*s += n;
			return &units[i];
		}
	return NULL;
}

/* "1h 30min": one or more numbers, each with its unit. */
static int read_units(const char *s, const struct unit *units, size_t count, int64_t *out)
{
	int64_t whole = 0, n;

	do {
		const struct unit *u = NULL;

		s += strspn(s, " ");
		if (!take_number(&s, &n))
			return 1;
		s += strspn(s, " ");
		u = take_unit(&s, units, count);
		if (!u || n > INT64_MAX / 4 / u->of || whole > INT64_MAX / 2)
			return 1;
		whole += n * u->of;
	} while (*s);
	*out = whole;
	return 0;
}

int conf_time_ms(const char *text, int64_t *ms)
{
	return read_units(text, time_units, ARRAY_LEN(time_units), ms);
}

int conf_size_bytes(const char *text, int64_t *bytes)
{
	return read_units(text, size_units, ARRAY_LEN(size_units), bytes);
}

static bool host_ok(const char *host)
{
	unsigned char address[sizeof(struct in6_addr)];

	return inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1;
}

int conf_host_port(const char *text, char host[64], int *port)
{
	const char *colon = strrchr(text, ':'), *from = text;
	size_t n = colon ? (size_t)(colon - text) : 0;
	int64_t number;

	if (text[0] == '[') {
		if (n < 3 || text[n - 1] != ']')
			return 1;
		from++;
		n -= 2;
	} else if (memchr(text, ':', n)) {
		return 1; /* an IPv6 address without brackets: where would its port begin? */
	}
	if (n == 0 || n > 63)
		return 1;
	memcpy(host, from, n);
	host[n] = 0;
	if (strcasecmp(host, "localhost") == 0)
		memcpy(host, "127.0.0.1", sizeof("127.0.0.1"));
	colon++;
	if (!host_ok(host) || !take_number(&colon, &number) || *colon || number < 1 || number > 65535)
		return 1;
	*port = (int)number;
	return 0;
}

bool conf_loopback(const char *host)
{
	struct in_addr v4;
	struct in6_addr v6;

	if (inet_pton(AF_INET, host, &v4) == 1)
		return ntohl(v4.s_addr) >> 24 == 127;
	return inet_pton(AF_INET6, host, &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

static bool take_day(const char **s, int *day)
{
	for (int i = 0; i < 7; i++)
		if (strncmp(*s, days[i], 3) == 0) {
			*s += 3;
			*day = i + 1;
			return true;
		}
	return false;
}

static bool take_clock(const char **s, int *minutes)
{
	int64_t h, m;

	if (!take_number(s, &h) || *(*s)++ != ':' || !take_number(s, &m) || h > 24 || m > 59 || h * 60 + m > DAY_MINUTES)
		return false;
	*minutes = (int)(h * 60 + m);
	return true;
}

int conf_hours_add(const char *text, struct conf_hours *rows, int *count)
{
	int first, last, from, to;

	if (!take_day(&text, &first))
		return 1;
	last = first;
	if (*text == '-' && (text++, !take_day(&text, &last)))
		return 1;
	if (last < first || *text++ != ' ' || !take_clock(&text, &from) || *text++ != '-' || !take_clock(&text, &to) ||
	    *text || from == to || from == DAY_MINUTES)
		return 1;
	if (to < from)
		to += DAY_MINUTES;
	for (int day = first; day <= last; day++) {
		if (*count == CONF_HOURS_MAX)
			return 1;
		rows[(*count)++] = (struct conf_hours){ .day = day, .from_min = from, .to_min = to };
	}
	return 0;
}
