/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One line to a router, for bus.c and bus_worker.c only: a DEALER that is opened anew, never reconnected, whenever
 * the line goes down, after a jittered wait of 0.1 s doubling to 2 s. What was in flight is the owner's to send
 * again.
 */
#ifndef QT_BUS_LINE_H
#define QT_BUS_LINE_H

#include "loop.h"
#include "sock.h"

struct bus_line;
struct bus_line_owner {
	void (*up)(void *ctx);   /* messages can be sent */
	void (*down)(void *ctx); /* lost (not when the owner dropped it): another will come up by itself */
	/* m NULL: an oversize message came and was thrown away. m lent for the call. */
	void (*message)(const struct msg *m, void *ctx);
};

NODISCARD int bus_line_open(struct loop *loop, const char *endpoint, const struct sock_curve *curve,
                            const struct bus_line_owner *owner, void *ctx, struct bus_line **out);
/* Not from inside a call of the owner's functions. */
void bus_line_close(struct bus_line **line);
bool bus_line_is_up(const struct bus_line *line);
int64_t bus_line_heard_at(const struct bus_line *line); /* monotonic; when it came up or a message came, last */
/* 0 sent, m cleared; SOCK_FULL or SOCK_GONE: not sent, m untouched. */
NODISCARD int bus_line_send(struct bus_line *line, struct msg *m);
/* Gives this connection up and opens another after the wait. flush: what was sent still leaves. */
void bus_line_drop(struct bus_line *line, bool flush);
/* Reads what has come. For timers that judge silence: a process that was stopped has its answers still unread. */
void bus_line_receive(struct bus_line *line);
/* The other side did its work: the next wait starts at 0.1 s again. */
void bus_line_healthy(struct bus_line *line);

#endif
