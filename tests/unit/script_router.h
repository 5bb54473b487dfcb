/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A router that does only what a test tells it: it keeps what comes and sends what it is given. One loop turns for both
 * sides; time is held, so nothing happens because a machine is slow: a test moves the clock itself (later()).
 */
#ifndef QT_SCRIPT_ROUTER_H
#define QT_SCRIPT_ROUTER_H

#include "bus.h"
#include "clock.h"
#include "json.h"
#include "log.h"
#include "mem.h"
#include "wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { INBOX = 512 };

struct script {
	char dir[32], endpoint[64];
	struct loop *loop;
	struct sock *router;
	struct watch *watch;
	struct msg inbox[INBOX];
	size_t count;
	int64_t now;
	bool hears_beats; /* else a worker's heartbeats are not kept */
};

static inline bool is_beat(const struct msg *m)
{
	return msg_is(m, 1, "MDPW02") && msg_is(m, 2, "\x05");
}

static inline void script_read(void *ctx)
{
	struct script *s = ctx;

	while (s->count < INBOX && sock_receive(s->router, &s->inbox[s->count]) == 0) {
		if (s->hears_beats || !is_beat(&s->inbox[s->count]))
			s->count++;
		else
			msg_clear(&s->inbox[s->count]);
	}
}

static inline void script_forget(struct script *s)
{
	while (s->count)
		msg_clear(&s->inbox[--s->count]);
}

static inline void script_bind(struct script *s)
{
	assert_int_equal(sock_bind(SOCK_ROUTER, s->endpoint, NULL, &s->router), 0);
	s->watch = loop_sock(s->loop, s->router, script_read, s);
}

/* As a router that was killed: what it had to say stays unsaid. */
static inline void script_die(struct script *s)
{
	loop_unwatch(s->loop, &s->watch);
	sock_abandon(&s->router);
	script_forget(s);
}

static inline int script_set_up(void **state)
{
	struct script *s = mem_new(sizeof(*s));

	snprintf(s->dir, sizeof(s->dir), "/tmp/qt-bus-XXXXXX");
	assert_non_null(mkdtemp(s->dir));
	snprintf(s->endpoint, sizeof(s->endpoint), "ipc://%s/s", s->dir);
	s->now = 1000000;
	clock_hold(s->now, s->now);
	s->loop = loop_new();
	script_bind(s);
	*state = s;
	return 0;
}

static inline int script_tear_down(void **state)
{
	struct script *s = *state;
	AUTO(mem_free) char *lock = mem_format("%s/s.lock", s->dir);

	script_die(s);
	loop_free(&s->loop);
	sock_end();
	clock_hold(-1, -1);
	assert_int_equal(unlink(lock), 0);
	assert_int_equal(rmdir(s->dir), 0);
	mem_free(&s);
	return 0;
}

/* One turn of the loop; waits a little for what the other threads do. */
static inline void turn(struct script *s)
{
	assert_int_equal(loop_turn(s->loop, 20), 0);
}

static inline void later(struct script *s, int64_t ms)
{
	s->now += ms;
	clock_hold(s->now, s->now);
	turn(s);
}

/* Turns until n messages have come to the router; time stands still. */
static inline void until_came(struct script *s, size_t n)
{
	while (s->count < n)
		turn(s);
	assert_int_equal(s->count, n);
}

/* Turns a while to see that nothing more comes. Proves little, but what would come is already on its way. */
static inline void assert_nothing_more(struct script *s)
{
	size_t before = s->count;

	for (int i = 0; i < 3; i++)
		turn(s);
	assert_int_equal(s->count, before);
}

static inline void script_send(struct script *s, struct msg *m)
{
	int rc = sock_send(s->router, m);

	assert_true(rc == 0 || rc == SOCK_GONE); /* who asked may have hung up meanwhile */
	msg_clear(m);
}

static inline bool same_peer(const struct msg *a, const struct msg *b)
{
	return a->frame[0].bytes == b->frame[0].bytes && !memcmp(a->frame[0].data, b->frame[0].data, a->frame[0].bytes);
}

#endif
