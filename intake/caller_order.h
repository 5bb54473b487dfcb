/* SPDX-License-Identifier: Apache-2.0 */
/* What caller.c and caller_words.c share: proving the caller in a message and sending it. */
#ifndef QT_INTAKE_CALLER_ORDER_H
#define QT_INTAKE_CALLER_ORDER_H

#include "book.h"
#include "caller.h"

enum { CALLER_MS = 15000 };

/* Adds ticket, auth and caller_epoch to a body. */
void caller_proof(const struct caller *caller, json_t *body);
/* Sends a message of the caller's; adds the proof, and a key where the book asks and none stands. Takes body and the frames of blobs. */
void caller_send(struct intake *intake, const struct caller *caller, const char *service, json_t *body, struct msg *blobs,
                 void (*done)(int status, json_t *answer, void *ctx), void *ctx);

#endif
