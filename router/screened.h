/* SPDX-License-Identifier: Apache-2.0 */
/* The end of a screening: by a worker's result, by its limit, by parking. */
#ifndef QT_ROUTER_SCREENED_H
#define QT_ROUTER_SCREENED_H

#include "work.h"

/* The first screening of the case that still waits for a worker: 0 and *job; 1 none; < 0. */
NODISCARD int screening_under_way(struct call *c, int64_t case_id, struct job_row *job);
/* The limit of a case's screening has passed: dealt to a human, marked unscreened. job: a screening not done yet. */
NODISCARD int screened_late(struct call *c, struct work *w, const struct job_row *job);

#endif
