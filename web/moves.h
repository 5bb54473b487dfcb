/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Moves between desks that were asked for by somebody without the key: carried out in the background of the next
 * request of a member of the source desk, with that person's keys.
 */
#ifndef QT_WEB_MOVES_H
#define QT_WEB_MOVES_H

#include "session.h"

struct moves;
struct moves *moves_new(void);
void moves_free(struct moves **moves);
/* Called at each request of a person: cheap; looks at the store every few seconds at most. */
void moves_look(struct who *who);

#endif
