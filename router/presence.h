/* SPDX-License-Identifier: Apache-2.0 */
/* Presence of staff and what follows from it for their cases. */
#ifndef QT_ROUTER_PRESENCE_H
#define QT_ROUTER_PRESENCE_H

#include "work.h"

/* Sets it (off, on, break, wrap_up), settles the queues of the person's open cases, writes the event. */
NODISCARD int presence_set(struct call *c, int64_t staff, const char *presence);
/* Takes off shift whoever has no live session left. */
NODISCARD int presence_expire(struct call *c);

#endif
