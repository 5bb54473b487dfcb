/* SPDX-License-Identifier: Apache-2.0 */
/* The pages of a caller who has come back: track, the ticket, writing back, wishes, rating, leaving. Handlers for the route table. */
#ifndef QT_INTAKE_TICKET_PAGE_H
#define QT_INTAKE_TICKET_PAGE_H

#include "caller.h"

void track_form(struct http_req *req);  /* GET /track */
void track_open(struct http_req *req);  /* POST /track */
void ticket_get(struct http_req *req);  /* GET /ticket, and of what only its forms lead to */
void ticket_act(struct http_req *req);  /* POST /ticket/say, /rate, /facts, /withdraw, /erase, /erase_stop, /another, /complaint, /show_own */
void ticket_exit(struct http_req *req); /* POST and GET /exit: ends the session, then the neutral site */

/* What has just happened on the ticket's page, for ticket_show. */
struct ticket_news {
	const char *flag;    /* a word of the template, "said"; NULL nothing */
	bool crisis;         /* what was just written or ticked calls for help */
	const char *text;    /* words that could not be kept: they stand in their field again; NULL none */
	const char *field;   /* which: "text", "complaint", "words" */
};
/* Shows the ticket, its session renewed. */
void ticket_show(struct http_req *req, const struct caller *caller, const struct ticket_news *news);
/* The caller of the cookie; else shows the form, said to have ended, and returns false. */
bool ticket_caller(struct http_req *req, struct caller *caller);

#endif
