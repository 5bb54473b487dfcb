/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an event says, and to whom: made once for all streams. One text a desk at most, because a case can stand
 * differently in the queues of two desks; whoever may no longer see the case is told that it is gone.
 */
#ifndef QT_WEB_LIVE_TELL_H
#define QT_WEB_LIVE_TELL_H

#include "session.h"
#include "view.h"

enum { TELL_DESKS_MAX = 12 };

struct tell {
	const char *event;      /* "case", "staff", "hint" */
	char id[STORE_CURSOR_BYTES]; /* "" none */
	int64_t site;           /* staff news: everybody of the site; else 0 */
	int64_t person;         /* whose rights may have changed; 0 */
	int64_t owner;          /* of the case: sees it whatever their desks are */
	size_t desks;
	struct tell_desk {
		int64_t desk;
		bool gone;      /* may no longer see the case */
		char *text;     /* made at the first stream that wants it */
	} desk[TELL_DESKS_MAX];
	char *text;             /* staff news, hints */
	struct who who;         /* nobody: a pair of eyes without desks, for the view */
	struct view view;
	json_t *news;           /* of a case, without its row */
};

/* Reads what an event is about. What it points to is lent by the store. 0; STORE_NONE: nobody is told; < 0. */
NODISCARD int tell_event(struct web *web, const struct event_row *event, struct tell *out);
/* A hint on a ticket: text is taken. */
NODISCARD int tell_hint(struct web *web, const char *ticket, char *text, struct tell *out);
/* The text for somebody with these desks; NULL: it does not concern them. Lent. */
const char *tell_text(struct tell *tell, int64_t staff, int64_t site, const int64_t *desks, size_t n);
void tell_finish(struct tell *tell);

#endif
