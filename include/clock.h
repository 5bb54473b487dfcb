/* SPDX-License-Identifier: Apache-2.0 */
/* Time. Stored times are UTC milliseconds since 1970; leases and delays run on the monotonic clock. */
#ifndef QT_CLOCK_H
#define QT_CLOCK_H

#include "macros.h"
#include <stdbool.h>
#include <stdint.h>

int64_t clock_wall_ms(void);
int64_t clock_mono_ms(void);
/* Tests hold both clocks at given values; hold(-1, -1) lets them run again. */
void clock_hold(int64_t wall_ms, int64_t mono_ms);

enum { CLOCK_TEXT_BYTES = 25 };
/* RFC 3339 UTC with milliseconds, "2026-11-23T06:41:23.000Z". Writes at most CLOCK_TEXT_BYTES incl. NUL; gives out. */
char *clock_text(int64_t at_ms, char out[CLOCK_TEXT_BYTES]);
/* Parses RFC 3339 (any offset, optional fraction). 0 done; 1 not a time. */
NODISCARD int clock_parse(const char *text, int64_t *at_ms);

/* Civil days since 1970-01-01, proleptic Gregorian, and back. The date must be one (clock_is_date). */
int64_t clock_day(int year, int month, int day);
void clock_date(int64_t days, int *year, int *month, int *day);
bool clock_is_date(int year, int month, int day);

#endif
