/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ratings nobody can tie to a ticket: the ticket is marked rated; the answer waits here, in memory, until those of five tickets (or a day)
 * go to the router together, shuffled, without ticket. Words are sealed to the desk before they wait, under a key of their own. A killed
 * process may lose ratings; it can never tie one.
 */
#ifndef QT_INTAKE_RATING_H
#define QT_INTAKE_RATING_H

#include "caller.h"

enum { RATING_WORDS_MAX = 2000 };

struct ratings *ratings_new(struct intake *intake);
void ratings_free(struct ratings **ratings);
/* Sends what waits, company or not, since the process ends. done is called once: nothing waits any more, or the router did not answer. */
void ratings_drain(struct ratings *ratings, void (*done)(void *ctx), void *ctx);
/* Marks the caller's ticket and keeps the answer. request: checked body of POST …/rating, taken. key: idempotency key or NULL.
 * done(status): 201, 409 …, 503. */
void rating_give(struct intake *intake, const struct caller *caller, json_t *request, const char *key,
                 void (*done)(int status, json_t *answer, void *ctx), void *ctx);

/* Appends what the desk may read of a rating: uid (16 B, random) ‖ wrap of the message key for the desk ‖ blob of kind "rating" by
 * "caller". 0; 1 cannot be sealed. */
NODISCARD int rating_words_seal(struct seal_epoch *epoch, const struct seal_target *desk, const char *words, struct buf *out);

#endif
