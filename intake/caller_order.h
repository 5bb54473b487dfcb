/* SPDX-License-Identifier: Apache-2.0 */
/* What caller.c and caller_words.c share: proving the caller in a message and sending it. */
#ifndef QT_INTAKE_CALLER_ORDER_H
#define QT_INTAKE_CALLER_ORDER_H

#include "book.h"
#include "caller.h"

enum { CALLER_MS = 15000 };

/* Adds ticket, auth and caller_epoch to a body. */
void caller_proof(const struct caller *caller, json_t *body);
/* What is sent, and under which idempotency key: the caller's own, or NULL for one nobody can repeat. */
struct caller_letter {
	const char *service;
	json_t *body;      /* taken; the proof is added, and key and digest where the book asks */
	struct msg *blobs; /* frames taken; NULL: none */
	const char *key;
	const char *words; /* the digest is of these; NULL: the router's own of the frame */
};
void caller_send(struct intake *intake, const struct caller *caller, const struct caller_letter *letter,
                 void (*done)(int status, json_t *answer, void *ctx), void *ctx);

#endif
