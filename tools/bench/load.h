/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the load generators share: the clock, a list of how long things took, and the one line of JSON each prints for run.py.
 * Tools only; nothing here is shipped.
 */
#ifndef QT_BENCH_LOAD_H
#define QT_BENCH_LOAD_H

#include <stddef.h>
#include <stdint.h>

double load_now(void); /* monotonic seconds */
/* A sentence on standard error, and out. */
_Noreturn void load_die(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

struct took { /* durations in seconds */
	float *each;
	size_t count, room, errors;
	double began;
};
void took_add(struct took *t, double seconds);
/* {"n","errors","seconds","rate","p50_ms","p90_ms","p99_ms","max_ms","cpu_s"}: seconds since began; cpu: of this process. */
void took_print(struct took *t);

/* Value of --name in argv, or otherwise. */
const char *load_text(int argc, char **argv, const char *name, const char *otherwise);
long load_number(int argc, char **argv, const char *name, long otherwise);

#endif
