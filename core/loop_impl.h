/* SPDX-License-Identifier: Apache-2.0 */
/* Between loop.c and loop_timer.c: the heap of timers. Nobody else includes this. */
#ifndef QT_LOOP_IMPL_H
#define QT_LOOP_IMPL_H

#include "loop.h"

struct loop_timers;

struct loop_timers *loop_timers_new(void);
void loop_timers_free(struct loop_timers **timers);
/* every_ms 0: once. */
struct timer *loop_timers_add(struct loop_timers *timers, int64_t ms, int64_t every_ms, void (*fn)(void *ctx),
			      void *ctx);
void loop_timers_drop(struct loop_timers *timers, struct timer *t);
/* Fires what is due now, in order; not what a timer sets meanwhile. */
void loop_timers_fire(struct loop_timers *timers);
/* Ms until the next one; -1: none. */
int64_t loop_timers_wait(const struct loop_timers *timers);

#endif
