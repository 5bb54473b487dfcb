/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who gets the next case, pure. The queue is in serving order already; dealing walks it from the front. Level 3
 * ignores how much somebody has; continuity (the person is the case's own counselor, or was) is only a tie-break
 * within the same rank. What the caller does not know stays zero and sets no bound. (The lead wrote this header for
 * claim.c; deal.c implements it.)
 */
#ifndef QT_ROUTER_DEAL_H
#define QT_ROUTER_DEAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct deal_row { /* in serving order */
	int64_t case_id, rank;
	int risk;
	int64_t owner;    /* whose it is or was; 0 nobody's */
	int64_t desk;     /* 0: not asked */
};
struct deal_person {
	int64_t id;
	int64_t capacity; /* most open cases; -1: no limit */
	int64_t open;     /* how many they have */
	const int64_t *desk; /* the desks they work on; desks 0: the rows are all of theirs already */
	size_t desks;
	int risk_below;   /* volunteers: only levels below this one are dealt to them; 0: all */
	bool alone;       /* nobody else is on shift: risk_below does not hold, or nobody would come */
};
enum { DEAL_NONE = -1, DEAL_AT_LIMIT = -2 };
/* The index of the row the person gets; DEAL_NONE: nothing waits for them; DEAL_AT_LIMIT: something does, but below
 * level 3 and they are full. */
int deal_next(const struct deal_person *person, const struct deal_row *rows, size_t n);

#endif
