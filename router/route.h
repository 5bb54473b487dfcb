/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a screened message takes its case, pure (keys.md flow 2 and 4, domain.md §4). Screening or the first human
 * opening settles the desk, whichever comes first; after that a result may only raise risk. A crisis reaches the
 * psych desk whatever was chosen: an unsettled case goes there, a settled one gets a task there. (The lead wrote
 * this header for screened.c; route.c implements it.)
 */
#ifndef QT_ROUTER_ROUTE_H
#define QT_ROUTER_ROUTE_H

#include <stdbool.h>
#include <stdint.h>

struct route_facts {
	unsigned marks;          /* CASE_MARK_ bits: DESK_SETTLED, UNSURE, TICK_… */
	int risk;                /* of the case now, 0–3 */
	int message_risk;        /* what the worker says of this message, 0–3 */
	int64_t desk;            /* responsible now */
	int64_t suggested;       /* the desk the worker thinks right; 0: no opinion */
	int64_t psych;           /* the psych desk of the site; 0: there is none open */
	bool has_psych_wrap;     /* a wrap for the psych desk is at hand (of the case, or riding along) */
	bool psych_task_open;
	/* What the caller does not know stays false. */
	bool later;              /* not the first message: it may raise, but is not the screening that settles a desk */
	bool closed;             /* the case is closed or archived now: the result came after its end */
};
struct route {
	int risk;                /* the case's risk from now on */
	int64_t desk;            /* responsible from now on */
	bool settles;            /* the wraps of all other desks go, the mark DESK_SETTLED comes */
	bool wrong_desk;         /* the caller's choice was corrected: a mark */
	bool psych_task;         /* a crisis task for the psych desk is opened */
	bool reopens;            /* a crisis came to light after the end: REOPEN by the system before the risk is set */
};
void route_screened(const struct route_facts *facts, struct route *out);
/* The same when no worker has spoken within the limit: the chosen desk gets it, marked; a provisional crisis still
 * reaches psych. */
void route_unscreened(const struct route_facts *facts, struct route *out);

#endif
