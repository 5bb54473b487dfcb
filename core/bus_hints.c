/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hints: what the router publishes after each commit, so that others know when to look again. Only a hint: one
 * that is lost costs a delay, never a fact, so nothing is kept and nothing is asked for twice. libzmq reconnects
 * and subscribes again.
 */
#include "bus.h"
#include "log.h"
#include "mem.h"

#include <string.h>

enum { READ_AT_ONCE = 256 };

struct bus_hints {
	struct loop *loop;
	struct sock *sock;
	struct watch *watch;
	void (*on_hint)(const char *topic, const char *body, void *ctx);
	void *ctx;
};

static void hints_read(void *ctx)
{
	struct bus_hints *h = ctx;
	struct msg m = { 0 };

	for (int i = 0; i < READ_AT_ONCE; i++) {
		int rc = sock_receive(h->sock, &m);

		if (rc == SOCK_EMPTY)
			break;
		if (rc < 0) {
			log_error("bus_hints", "errno=%d", -rc);
			loop_unwatch(h->loop, &h->watch);
			break;
		}
		/* Frames become C strings here: one with a NUL inside is not a hint of ours. */
		if (!rc && m.count == 2 && strlen((char *)m.frame[0].data) == m.frame[0].bytes &&
		    strlen((char *)m.frame[1].data) == m.frame[1].bytes)
			h->on_hint((char *)m.frame[0].data, (char *)m.frame[1].data, h->ctx);
	}
	msg_clear(&m);
}

int bus_hints_open(struct loop *loop, const char *endpoint, const struct sock_curve *curve, const char *prefix,
                   void (*on_hint)(const char *topic, const char *body, void *ctx), void *ctx, struct bus_hints **out)
{
	AUTO(bus_hints_close) struct bus_hints *h = mem_new(sizeof(*h));
	int rc;

	h->loop = loop;
	h->on_hint = on_hint;
	h->ctx = ctx;
	rc = sock_connect(SOCK_SUB, endpoint, curve, &h->sock);
	if (!rc)
		rc = sock_subscribe(h->sock, prefix);
	if (rc)
		return rc;
	h->watch = loop_sock(loop, h->sock, hints_read, h);
	*out = steal(&h);
	return 0;
}

void bus_hints_close(struct bus_hints **out)
{
	struct bus_hints *h = steal(out);

	if (!h)
		return;
	if (h->watch)
		loop_unwatch(h->loop, &h->watch);
	sock_abandon(&h->sock);
	mem_free(&h);
}
