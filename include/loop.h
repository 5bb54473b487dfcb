/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one loop of a process: zmq_poll (level-triggered) over descriptors and ZeroMQ sockets, monotonic timers, and a
 * small thread pool whose results come back on the loop's thread. Everything else in a process is single-threaded.
 */
#ifndef QT_LOOP_H
#define QT_LOOP_H

#include "macros.h"
#include <stdint.h>

struct loop;
struct sock;  /* sock.h */
struct watch; /* one thing watched; owned by the loop */
struct timer; /* owned by the loop */

struct loop *loop_new(void);
void loop_free(struct loop **loop);

/* Calls fn(ctx) on the loop's thread whenever fd is readable (or in error). fd stays the caller's: unwatch, then
 * close. */
struct watch *loop_fd(struct loop *loop, int fd, void (*fn)(void *ctx), void *ctx);
/* Calls fn(ctx) whenever the socket has a message to receive. */
struct watch *loop_sock(struct loop *loop, struct sock *sock, void (*fn)(void *ctx), void *ctx);
void loop_unwatch(struct loop *loop, struct watch **w);

/* Calls fn(ctx) once after ms, or every ms (at least 1), on clock_mono_ms. NULL-safe cancel, allowed inside fn. A
 * fired one-shot is freed by the loop after fn returns: whoever kept the pointer forgets it in fn. An interval
 * that was missed (a held clock, a stopped process) fires once, not once for each. */
struct timer *loop_after(struct loop *loop, int64_t ms, void (*fn)(void *ctx), void *ctx);
struct timer *loop_every(struct loop *loop, int64_t ms, void (*fn)(void *ctx), void *ctx);
void loop_cancel(struct loop *loop, struct timer **t);

/* Called before each wait: returns the longest the loop may sleep in ms (-1: no opinion). For libmicrohttpd's MHD_run
 * and for batch work (a router commits here). Several may be added; they run in the order added. */
void loop_before_wait(struct loop *loop, int64_t (*fn)(void *ctx), void *ctx);
/* Forgets the hook added with the same fn and ctx. */
void loop_before_wait_stop(struct loop *loop, int64_t (*fn)(void *ctx), void *ctx);
/* The coming wait is of no length, so every hook runs again at once: for work that arrived after one's own hook ran. */
void loop_soon(struct loop *loop);

/* Runs until loop_stop (one called before counts). 0 stopped; < 0 fault. */
NODISCARD int loop_run(struct loop *loop);
void loop_stop(struct loop *loop);
/* One turn: timers, hooks, one wait of at most most_ms (-1: no limit), what is ready. For tests. 0 or < 0. */
NODISCARD int loop_turn(struct loop *loop, int64_t most_ms);

/* Threads for work that would block the loop (Argon2id, search). work(ctx) runs on a pool thread, then done(ctx) on the
 * loop's thread. */
struct pool;
enum pool_outcome { POOL_FULL = 1 };
/* threads 1..8; queue: most jobs waiting. */
struct pool *pool_new(struct loop *loop, int threads, int queue);
/* Waits for running jobs and calls their done; drops waiting ones (their done is not called). */
void pool_free(struct pool **pool);
/* 0 queued; POOL_FULL. */
NODISCARD int pool_run(struct pool *pool, void (*work)(void *ctx), void (*done)(void *ctx), void *ctx);

#endif
