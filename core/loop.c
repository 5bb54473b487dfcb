/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The loop of a process: one zmq_poll over descriptors and ZeroMQ sockets, timers in a heap, hooks before each wait.
 * The only file beside sock.c that includes zmq.h. Called by proc.c and by whoever watches something; knows nothing
 * of them. What is unwatched or cancelled inside a callback is freed only after it, so a callback may end anything,
 * itself too.
 */
#include "loop_impl.h"

#include "clock.h"
#include "log.h"
#include "mem.h"
#include "sock.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <zmq.h>

struct watch {
	void (*fn)(void *ctx);
	void *ctx;
	bool dead;
};

struct hook {
	int64_t (*fn)(void *ctx);
	void *ctx;
};

struct loop {
	struct watch **watch; /* watch[i] belongs to item[i] */
	zmq_pollitem_t *item;
	size_t watches, watch_room;
	bool any_dead;
	struct loop_timers *timers;
	struct hook *hook;
	size_t hooks, hook_room;
	bool stopped, soon;
};

struct loop *loop_new(void)
{
	struct loop *loop = mem_new(sizeof(*loop));

	loop->timers = loop_timers_new();
	return loop;
}

void loop_free(struct loop **loop)
{
	struct loop *l = steal(loop);

	if (!l)
		return;
	for (size_t i = 0; i < l->watches; i++)
		mem_free(&l->watch[i]);
	loop_timers_free(&l->timers);
	mem_free(&l->watch);
	mem_free(&l->item);
	mem_free(&l->hook);
	mem_free(&l);
}

static struct watch *loop_add(struct loop *loop, zmq_pollitem_t item, void (*fn)(void *ctx), void *ctx)
{
	struct watch *w = mem_new(sizeof(*w));

	if (loop->watches == loop->watch_room) {
		loop->watch_room = loop->watch_room ? loop->watch_room * 2 : 16;
		loop->watch = mem_resize(loop->watch, loop->watch_room * sizeof(struct watch *));
		loop->item = mem_resize(loop->item, loop->watch_room * sizeof(zmq_pollitem_t));
	}
	*w = (struct watch){ .fn = fn, .ctx = ctx };
	item.events = ZMQ_POLLIN;
	item.revents = 0;
	loop->item[loop->watches] = item;
	loop->watch[loop->watches++] = w;
	return w;
}

struct watch *loop_fd(struct loop *loop, int fd, void (*fn)(void *ctx), void *ctx)
{
	return loop_add(loop, (zmq_pollitem_t){ .fd = fd }, fn, ctx);
}

struct watch *loop_sock(struct loop *loop, struct sock *sock, void (*fn)(void *ctx), void *ctx)
{
	return loop_add(loop, (zmq_pollitem_t){ .socket = sock_raw(sock) }, fn, ctx);
}

void loop_unwatch(struct loop *loop, struct watch **w)
{
	if (!*w)
		return;
	(*w)->dead = true;
	loop->any_dead = true;
	*w = NULL;
}

static void loop_bury(struct loop *loop)
{
	size_t kept = 0;

	if (!loop->any_dead)
		return;
	for (size_t i = 0; i < loop->watches; i++) {
		if (loop->watch[i]->dead) {
			mem_free(&loop->watch[i]);
			continue;
		}
		loop->item[kept] = loop->item[i];
		loop->watch[kept++] = loop->watch[i];
	}
	loop->watches = kept;
	loop->any_dead = false;
}

struct timer *loop_after(struct loop *loop, int64_t ms, void (*fn)(void *ctx), void *ctx)
{
	return loop_timers_add(loop->timers, ms, 0, fn, ctx);
}

struct timer *loop_every(struct loop *loop, int64_t ms, void (*fn)(void *ctx), void *ctx)
{
	return loop_timers_add(loop->timers, ms, ms > 0 ? ms : 1, fn, ctx);
}

void loop_cancel(struct loop *loop, struct timer **t)
{
	if (*t)
		loop_timers_drop(loop->timers, steal(t));
}

void loop_before_wait(struct loop *loop, int64_t (*fn)(void *ctx), void *ctx)
{
	if (loop->hooks == loop->hook_room) {
		loop->hook_room = loop->hook_room ? loop->hook_room * 2 : 4;
		loop->hook = mem_resize(loop->hook, loop->hook_room * sizeof(struct hook));
	}
	loop->hook[loop->hooks++] = (struct hook){ .fn = fn, .ctx = ctx };
}

void loop_before_wait_stop(struct loop *loop, int64_t (*fn)(void *ctx), void *ctx)
{
	for (size_t i = 0; i < loop->hooks; i++) {
		if (loop->hook[i].fn != fn || loop->hook[i].ctx != ctx)
			continue;
		memmove(&loop->hook[i], &loop->hook[i + 1], (loop->hooks - i - 1) * sizeof(struct hook));
		loop->hooks--;
		return;
	}
}

void loop_soon(struct loop *loop)
{
	loop->soon = true;
}

void loop_stop(struct loop *loop)
{
	loop->stopped = true;
}

static int64_t shorter(int64_t a, int64_t b)
{
	return a < 0 || (b >= 0 && b < a) ? b : a;
}

/* Runs timers and hooks; gives how long the wait may be. */
static int64_t loop_prepare(struct loop *loop, int64_t most_ms)
{
	int64_t wait = most_ms;

	loop->soon = false;
	loop_timers_fire(loop->timers);
	for (size_t i = 0; i < loop->hooks; i++)
		wait = shorter(wait, loop->hook[i].fn(loop->hook[i].ctx));
	/* Asked for after the hooks: a hook may have set a timer, stopped the loop, or given an earlier hook work. */
	wait = shorter(wait, loop_timers_wait(loop->timers));
	return loop->soon || loop->stopped ? 0 : wait;
}

int loop_turn(struct loop *loop, int64_t most_ms)
{
	int64_t wait = loop_prepare(loop, most_ms);
	size_t count;
	int ready;

	loop_bury(loop);
	count = loop->watches;
	ready = zmq_poll(loop->item, (int)count, (long)wait);
	if (ready < 0) {
		int fault = errno;

		if (fault == EINTR)
			return 0;
		log_error("loop_poll_failed", "errno=%d", fault);
		return -fault;
	}
	/* item and watch may move when a callback watches something more: what it adds is beyond count. */
	for (size_t i = 0; ready > 0 && i < count; i++) {
		if (!loop->item[i].revents)
			continue;
		ready--;
		if (!loop->watch[i]->dead)
			loop->watch[i]->fn(loop->watch[i]->ctx);
	}
	return 0;
}

int loop_run(struct loop *loop)
{
	int fault = 0;

	while (!loop->stopped && !fault)
		fault = loop_turn(loop, -1);
	loop->stopped = false;
	return fault;
}
