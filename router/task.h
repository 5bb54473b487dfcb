/* SPDX-License-Identifier: Apache-2.0 */
/* Opening a task for another desk: asked for by a person, or by a crisis found in a follow-up. */
#ifndef QT_ROUTER_TASK_H
#define QT_ROUTER_TASK_H

#include "work.h"

/* Puts the wrap (target "task") and adds the waiting task. note: messages.n of what is asked, -1 none. The caller keeps the case. */
NODISCARD int task_open(struct call *c, struct work *w, const struct desk_row *desk, const struct wrap_row *wrap, bool crisis,
                        int64_t note);

#endif
