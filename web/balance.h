/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Spreading cases over people, pure: each case goes to whoever of its candidates has the lightest load then, and stays
 * where it is when nobody is lighter. Load is cases weighted by risk (1 + risk each), as the staff list shows it.
 */
#ifndef QT_WEB_BALANCE_H
#define QT_WEB_BALANCE_H

#include <stddef.h>
#include <stdint.h>

struct balance_person {
	int64_t id;
	int64_t before, after; /* load */
	int64_t cases, capacity; /* open cases now and as planned; capacity -1: no limit */
};
struct balance_case {
	int64_t id;
	int risk;
	int64_t owner;      /* 0 nobody */
	uint64_t may;       /* bit i: person i may take it */
	int to;             /* person it is planned for; -1: nobody can; -2: it stays */
};
enum { BALANCE_PEOPLE_MAX = 64, BALANCE_NOBODY = -1, BALANCE_STAYS = -2 };
/* Plans every case in the given order; `after` of the people follows. */
void balance_plan(struct balance_person *people, size_t n, struct balance_case *cases, size_t count);

#endif
