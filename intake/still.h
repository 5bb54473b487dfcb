/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A page that is the same for everybody for a while, but for places where a secret of the visit goes in: rendered
 * with marks in those places, kept, and written with the secrets. Pure; page.c keeps one for the first page in each
 * language.
 */
#ifndef QT_INTAKE_STILL_H
#define QT_INTAKE_STILL_H

#include "mem.h"
#include <stdbool.h>

enum { STILL_PLACES_MAX = 8, STILL_MS = 1000 };
struct still {
	struct buf text; /* without the marks */
	struct {
		size_t at;    /* in text */
		size_t value; /* which value stands there */
	} place[STILL_PLACES_MAX];
	size_t places;
	int64_t made_at_ms; /* monotonic; 0: never */
};
/* True while what was kept may be shown. */
bool still_fresh(const struct still *s, int64_t now_ms);
/* Takes over a rendered page in which marks[i] stands where the i-th value goes (escaping must leave marks as they
 * are). More places than STILL_PLACES_MAX: nothing is kept. */
void still_keep(struct still *s, const char *page, size_t n, const char *const *marks, size_t count, int64_t now_ms);
/* The page with its values. */
void still_write(const struct still *s, const char *const *values, struct buf *out);
void still_finish(struct still *s);

#endif
