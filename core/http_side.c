/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Our own small epoll beside libmicrohttpd's, for sockets it no longer has: event streams (http_stream.c) and closes
 * that wait for the peer to read the last answer. Called by the files of the HTTP door.
 */
#include "http_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { SIDE_EVENTS = 256, LINGER_BYTES_MAX = 1024 * 1024 };

static void side_ready(void *ctx)
{
	struct http *http = ctx;
	struct epoll_event event[SIDE_EVENTS];
	int n = epoll_wait(http->side_fd, event, SIDE_EVENTS, 0);

	/* A side dropped by an earlier event of this batch is freed only in the next turn: see http_stream_bury. */
	for (int i = 0; i < n; i++) {
		struct http_side *side = event[i].data.ptr;

		side->ready(side, event[i].events);
	}
}

int http_side_open(struct http *http)
{
	http->side_fd = epoll_create1(EPOLL_CLOEXEC);
	if (http->side_fd < 0)
		return -errno;
	http->side_watch = loop_fd(http->loop, http->side_fd, side_ready, http);
	return 0;
}

void http_side_close(struct http *http)
{
	loop_unwatch(http->loop, &http->side_watch);
	if (http->side_fd >= 0)
		close(http->side_fd);
	http->side_fd = -1;
}

int http_side_add(struct http *http, struct http_side *side, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.ptr = side };

	side->http = http;
	return epoll_ctl(http->side_fd, EPOLL_CTL_ADD, side->fd, &event) < 0 ? -errno : 0;
}

void http_side_drop(struct http_side *side)
{
	if (side->fd < 0)
		return;
	epoll_ctl(side->http->side_fd, EPOLL_CTL_DEL, side->fd, NULL);
	close(side->fd);
	side->fd = -1;
}

struct lingering {
	struct http_due due; /* first */
	struct http_side side;
	size_t bytes;
};

static void linger_end(struct lingering *l)
{
	l->side.http->lingering--;
	http_due_drop(&l->due);
	http_side_drop(&l->side);
	mem_free(&l);
}

void http_linger_due(struct http *http UNUSED, struct http_due *due)
{
	linger_end((struct lingering *)due);
}

static void linger_ready(struct http_side *side, uint32_t events UNUSED)
{
	struct lingering *l = (struct lingering *)((char *)side - offsetof(struct lingering, side));
	char away[4096];
	ssize_t n = recv(side->fd, away, sizeof(away), MSG_DONTWAIT);

	if (n > 0)
		l->bytes += (size_t)n;
	if (n == 0 || l->bytes > LINGER_BYTES_MAX || (n < 0 && errno != EAGAIN && errno != EINTR))
		linger_end(l);
}

void http_linger(struct http *http, int fd)
{
	struct lingering *l;

	if (http->lingering >= HTTP_LINGERING_MAX || http->closing)
		return;
	l = mem_new(sizeof(*l));
	l->side = (struct http_side){ .ready = linger_ready, .fd = fcntl(fd, F_DUPFD_CLOEXEC, 3) };
	if (l->side.fd < 0 || http_side_add(http, &l->side, EPOLLIN) < 0) {
		if (l->side.fd >= 0)
			close(l->side.fd);
		mem_free(&l);
		return;
	}
	shutdown(fd, SHUT_WR);
	http->lingering++;
	http_due_put(http, DUE_LINGER, &l->due);
}
