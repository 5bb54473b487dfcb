/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answering with a case: fresh from our own read connection, with its words only where they may be read — and then the
 * router's audit line stands before they leave.
 */
#ifndef QT_WEB_CASE_ANSWER_H
#define QT_WEB_CASE_ANSWER_H

#include "order.h"
#include "view.h"

/* Answers status with the case. within: an object whose "case" it becomes (taken), or NULL. asked: the person asked to
 * read it (GET): a refusal of the audit line is told; after an order the facts are answered all the same. */
void case_answer(struct http_req *req, int status, int64_t case_id, json_t *within, bool asked);
/* For order_send: a refusal as a problem document (412 with the case as it is now), else the fresh case of {ticket}. */
void case_answer_order(struct http_req *req, const struct bus_answer *answer, void *ctx);
/* True when it was a refusal and has been answered, a 412 with the case. */
bool case_answer_refused(struct http_req *req, const struct bus_answer *answer);

#endif
