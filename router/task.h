/* SPDX-License-Identifier: Apache-2.0 */
/* Opening a task for another desk: asked for by a person, or by a crisis found in a follow-up. */
#ifndef QT_ROUTER_TASK_H
#define QT_ROUTER_TASK_H

#include "work.h"

/* Puts the wrap (target "task") and adds the waiting task. note: messages.n of what is asked, -1 none. *id: the task's. The
 * caller keeps the case and tells the event "task". */
NODISCARD int task_open(struct call *c, struct work *w, const struct desk_row *desk, const struct wrap_row *wrap, bool crisis,
                        int64_t note, int64_t *id);

#endif
