/* SPDX-License-Identifier: Apache-2.0 */
/* The pages of a caller who has come back: track, the ticket, writing back, wishes, rating, leaving. Handlers for the route table. */
#ifndef QT_INTAKE_TICKET_PAGE_H
#define QT_INTAKE_TICKET_PAGE_H

#include "http.h"

void track_form(struct http_req *req);  /* GET /track */
void track_open(struct http_req *req);  /* POST /track */
void ticket_get(struct http_req *req);  /* GET /ticket */
void ticket_act(struct http_req *req);  /* POST /ticket/say, /rate, /withdraw, /erase, /erase_stop, /another, /complaint */
void ticket_exit(struct http_req *req); /* POST /exit: ends the session, then the neutral site */
void ticket_left(struct http_req *req); /* GET /exit: the same without a form */

#endif
