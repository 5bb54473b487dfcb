/* SPDX-License-Identifier: Apache-2.0 */
/* Claiming: a waiting case, a covered one, a task; by hand or as the next by server order. */
#ifndef QT_ROUTER_CLAIM_H
#define QT_ROUTER_CLAIM_H

#include "work.h"

/* Claims for the actor: the task of that id, else the case (or its due thing when its owner is away). Answers. */
NODISCARD int claim_take(struct call *c, struct work *w, int64_t task);
/* The verb order.next: 200 {ticket, what, ref …}, 204 none, 409 at_limit. */
int claim_next(struct call *c);
/* Gives a task back to its desk. Answers. */
NODISCARD int claim_release_task(struct call *c, struct work *w);
/* When a case must be closed by its desk, kind and urgency. */
int64_t claim_due(const struct call *c, const struct case_row *row);
/* What follows from a person owning a case from now on: owner, lease. */
void claim_own(struct call *c, struct work *w, int64_t staff, bool lease);

#endif
