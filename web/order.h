/* SPDX-License-Identifier: Apache-2.0 */
/* Sending an order for a request and answering with what the router says. */
#ifndef QT_WEB_ORDER_H
#define QT_WEB_ORDER_H

#include "json.h"
#include "session.h"

enum { ORDER_DEADLINE_MS = 15000 };

/* Sends service with body (taken) and blobs (frames taken, may be NULL); adds "session" and, where the book asks, "key"
 * (of the Idempotency-Key header, else random). done answers the request; NULL: order_answer. ctx is freed with
 * mem_free afterwards. */
void order_send(struct http_req *req, const char *service, json_t *body, struct msg *blobs,
                void (*done)(struct http_req *req, const struct bus_answer *answer, void *ctx), void *ctx);
/* Answers a refusal as a problem document (with what the router added), anything else with its status and body. */
void order_answer(struct http_req *req, const struct bus_answer *answer, void *ctx);
/* The problem document of a refusal, with what the router added. Gives. */
json_t *order_problem(const struct bus_answer *answer);
/* Answers with a problem document (taken). */
void order_problem_reply(struct http_req *req, int status, json_t *problem);
/* True when it was a refusal and has been answered. */
bool order_refused(struct http_req *req, const struct bus_answer *answer);
/* The version of If-Match: a number, -1 for "*"; answers 428 or 400 and returns false otherwise. */
bool order_version(struct http_req *req, json_t *body);

#endif
