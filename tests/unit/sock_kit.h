/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of the socket door share: a directory and a ZeroMQ context for each test, and waiting without sleeping. */
#ifndef QT_SOCK_KIT_H
#define QT_SOCK_KIT_H

#include "loop.h"
#include "mem.h"
#include "sock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct place {
	char dir[32];
	char endpoint[64];
	const char *path; /* in endpoint */
};

static inline int set_up(void **state)
{
	struct place *p = mem_new(sizeof(*p));

	snprintf(p->dir, sizeof(p->dir), "/tmp/qt-sock-XXXXXX");
	assert_non_null(mkdtemp(p->dir));
	snprintf(p->endpoint, sizeof(p->endpoint), "ipc://%s/s", p->dir);
	p->path = p->endpoint + 6;
	*state = p;
	return 0;
}

static inline int tear_down(void **state)
{
	struct place *p = *state;
	char command[64];

	sock_end();
	snprintf(command, sizeof(command), "rm -rf %s", p->dir);
	assert_int_equal(system(command), 0);
	mem_free(&p);
	return 0;
}

static inline void on_ready(void *ctx)
{
	(void)ctx;
}

/* Sleeps until the socket may have something (main's alarm ends what never comes). */
static inline void wait_for(struct sock *s)
{
	struct loop *loop = loop_new();

	loop_sock(loop, s, on_ready, NULL);
	assert_int_equal(loop_turn(loop, 1000), 0);
	loop_free(&loop);
}

static inline int receive(struct sock *s, struct msg *m)
{
	int rc;

	while ((rc = sock_receive(s, m)) == SOCK_EMPTY)
		wait_for(s);
	return rc;
}

static inline enum sock_news_kind news(struct sock *s)
{
	enum sock_news_kind n;

	while ((n = sock_news_next(s)) == SOCK_NEWS_NONE)
		wait_for(sock_news(s));
	return n;
}

static inline void pair(const struct place *p, struct sock **router, struct sock **dealer)
{
	assert_int_equal(sock_bind(SOCK_ROUTER, p->endpoint, NULL, router), 0);
	assert_int_equal(sock_connect_once(p->endpoint, NULL, dealer), 0);
	assert_int_equal(news(*dealer), SOCK_NEWS_UP);
}

static inline void send_text(struct sock *s, const char *text)
{
	struct msg m = { 0 };

	msg_add_text(&m, text);
	assert_int_equal(sock_send(s, &m), 0);
	assert_int_equal(m.count, 0);
}

static inline void add_zeroes(struct msg *m, size_t n)
{
	msg_take(m, mem_new(n), n);
}

#endif
