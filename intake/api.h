/* SPDX-License-Identifier: Apache-2.0 */
/* Handlers of the portal's JSON API; the route table names them. */
#ifndef QT_INTAKE_API_H
#define QT_INTAKE_API_H

#include "caller.h"

/* ---- api.c: without a token */
void api_submit(struct http_req *req);
void api_track(struct http_req *req);

/* The caller of the Bearer token; false after it has answered 401. */
bool api_bearer(struct http_req *req, struct caller *caller);
/* The caller's own Idempotency-Key, NULL when there is none: at least 22 characters, so that nobody can guess it. False after it has
 * answered 400. */
bool api_key(struct http_req *req, const char **key);
/* A refusal that came over the bus, as a problem document. crisis: the words that could not be kept call for help. */
void api_refused(struct http_req *req, int status, const char *code, const char *detail, bool crisis);
extern const char api_later[];

/* ---- api_ticket.c: with a token */
void api_ticket(struct http_req *req);
void api_say(struct http_req *req);
void api_complaint(struct http_req *req);
void api_facts(struct http_req *req);
void api_rating(struct http_req *req);
void api_withdraw(struct http_req *req);
void api_erase(struct http_req *req);
void api_erase_stop(struct http_req *req);
void api_another(struct http_req *req);
void api_exit(struct http_req *req);
void api_live(struct http_req *req);

#endif
