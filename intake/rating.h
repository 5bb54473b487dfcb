/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ratings nobody can tie to a ticket: the ticket is marked rated; the answer waits here, in memory, until those of five tickets (or a day)
 * go to the router together, shuffled, without ticket. A crash may lose ratings; it can never tie one.
 */
#ifndef QT_INTAKE_RATING_H
#define QT_INTAKE_RATING_H

#include "caller.h"

struct ratings *ratings_new(struct intake *intake);
void ratings_free(struct ratings **ratings);
/* Marks the caller's ticket and keeps the answer. request: checked body of POST …/rating, taken. done(status): 201, 409 …, 503. */
void rating_give(struct intake *intake, const struct caller *caller, json_t *request,
                 void (*done)(int status, json_t *answer, void *ctx), void *ctx);

#endif
