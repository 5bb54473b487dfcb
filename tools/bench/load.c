/* SPDX-License-Identifier: Apache-2.0 */
/* Clock, durations and options of the load generators. See load.h. */
#include "load.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

double load_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

_Noreturn void load_die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(1);
}

void took_add(struct took *t, double seconds)
{
	if (t->count == t->room) {
		t->room = t->room ? t->room * 2 : 4096;
		t->each = realloc(t->each, t->room * sizeof(*t->each));
		if (!t->each)
			load_die("There is no memory for the figures.");
	}
	t->each[t->count++] = (float)seconds;
}

static int by_length(const void *a, const void *b)
{
	const float x = *(const float *)a, y = *(const float *)b;

	return x < y ? -1 : x > y;
}

static double at_share(const struct took *t, double share)
{
	size_t i = (size_t)((double)t->count * share);

	return t->count ? (double)t->each[i < t->count ? i : t->count - 1] * 1e3 : 0;
}

static double seconds_of(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

void took_print(struct took *t)
{
	double seconds = load_now() - t->began;
	struct rusage used;

	getrusage(RUSAGE_SELF, &used);
	if (t->count)
		qsort(t->each, t->count, sizeof(*t->each), by_length);
	printf("{\"n\":%zu,\"errors\":%zu,\"seconds\":%.4f,\"rate\":%.1f,\"p50_ms\":%.4f,\"p90_ms\":%.4f,\"p99_ms\":%.4f,\"max_ms\":%.4f,"
	       "\"cpu_s\":%.3f}\n",
	       t->count, t->errors, seconds, (double)t->count / seconds, at_share(t, 0.5), at_share(t, 0.9), at_share(t, 0.99),
	       at_share(t, 1), seconds_of(used.ru_utime) + seconds_of(used.ru_stime));
	free(t->each);
	*t = (struct took){ 0 };
}

const char *load_text(int argc, char **argv, const char *name, const char *otherwise)
{
	for (int i = 1; i + 1 < argc; i++)
		if (!strcmp(argv[i], name))
			return argv[i + 1];
	return otherwise;
}

long load_number(int argc, char **argv, const char *name, long otherwise)
{
	const char *text = load_text(argc, argv, name, NULL);
	char *end = NULL;
	long n = text ? strtol(text, &end, 10) : otherwise;

	if (text && (*end || end == text))
		load_die("%s must be a whole number, not %s.", name, text);
	return n;
}
