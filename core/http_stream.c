/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Server-sent events. A stream leaves libmicrohttpd: we keep a copy of its socket, let the library forget the
 * connection, and write the events ourselves. So an open stream holds a few hundred bytes instead of a connection's
 * pool, sending is one system call, and a peer that leaves is noticed at once (a suspended connection would notice at
 * its next line). The body ends with the connection, as HTTP/1.1 allows. This rests on MHD_USE_TURBO: the library
 * then closes without shutdown(2).
 */
#include "http_impl.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

enum { STREAM_KERNEL_BYTES = 64 * 1024 };

struct http_stream {
	struct http_due due; /* first: the deadline lists give us back by it */
	struct http_side side;
	struct http_stream *prev, *next; /* of the open ones; next also of the ended ones */
	uint64_t bucket;
	struct buf out; /* what the kernel did not take yet, from sent on */
	size_t sent;
	void (*closed)(void *ctx);
	void *ctx;
	bool ended, last; /* last: ends when everything is out */
};

static void stream_end(struct http_stream *s)
{
	struct http *http = s->side.http;

	if (s->ended)
		return;
	s->ended = true;
	http_due_drop(&s->due);
	http_side_drop(&s->side);
	*(s->prev ? &s->prev->next : &http->streams) = s->next;
	if (s->next)
		s->next->prev = s->prev;
	s->next = http->ended;
	http->ended = s;
	/* The room is told from the loop, never from inside its own http_stream_send. */
	loop_soon(http->loop);
}

bool http_stream_bury(struct http *http)
{
	bool any = http->ended != NULL;

	while (http->ended) {
		struct http_stream *s = http->ended;

		http->ended = s->next;
		if (s->closed)
			s->closed(s->ctx);
		http_peer_leave(http, s->bucket);
		http->stream_count--;
		buf_finish(&s->out);
		mem_free(&s);
	}
	return any;
}

void http_stream_end_all(struct http *http)
{
	while (http->streams)
		stream_end(http->streams);
	http_stream_bury(http);
}

/* Gives the kernel what it takes. */
static void stream_flush(struct http_stream *s)
{
	while (!s->ended && s->sent < s->out.bytes) {
		size_t left = s->out.bytes - s->sent;
		ssize_t n = send(s->side.fd, s->out.data + s->sent, left, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n > 0)
			s->sent += (size_t)n;
		else if (n < 0 && errno == EAGAIN)
			return;
		else if (n < 0 && errno != EINTR)
			stream_end(s);
	}
	s->sent = 0;
	buf_finish(&s->out);
	if (s->last)
		stream_end(s);
}

static void stream_write(struct http_stream *s, const char *bytes, size_t n)
{
	size_t waiting = s->out.bytes - s->sent;
	ssize_t taken = 0;

	if (!waiting) {
		taken = send(s->side.fd, bytes, n, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (taken < 0 && errno != EAGAIN && errno != EINTR) {
			stream_end(s);
			return;
		}
		taken = taken < 0 ? 0 : taken;
	}
	n -= (size_t)taken;
	if (waiting + n > HTTP_STREAM_UNSENT_BYTES) {
		stream_end(s);
		return;
	}
	if (!n)
		return;
	if (s->sent) {
		memmove(s->out.data, s->out.data + s->sent, waiting);
		s->out.bytes = waiting;
		s->sent = 0;
	}
	buf_add(&s->out, bytes + taken, n);
}

static void stream_ready(struct http_side *side, uint32_t events)
{
	struct http_stream *s = (struct http_stream *)((char *)side - offsetof(struct http_stream, side));

	if (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR))
		stream_end(s);
	else
		stream_flush(s);
}

void http_stream_quiet(struct http *http, struct http_due *due)
{
	struct http_stream *s = (struct http_stream *)due;

	if (s->last) {
		stream_end(s);
		return;
	}
	stream_write(s, ":\n\n", 3);
	if (!s->ended)
		http_due_put(http, DUE_QUIET, &s->due);
}

/* The head of the answer, which libmicrohttpd would have written. */
static void stream_head(struct http_req *req, struct buf *out)
{
	const char *name, *value;
	size_t at = 0;
	char date[40];
	time_t now = time(NULL);
	struct tm utc;

	gmtime_r(&now, &utc);
	strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", &utc);
	http_set(req, "Content-Type", "text/event-stream");
	/* For a proxy in front that would collect before it passes on. */
	http_set(req, "X-Accel-Buffering", "no");
	http_default_headers(req);
	buf_clear(out);
	buf_format(out, "HTTP/1.1 200 OK\r\nDate: %s\r\nConnection: close\r\n", date);
	while (http_header_next(&req->headers, &at, &name, &value)) {
		buf_text(out, name);
		buf_text(out, ": ");
		buf_text(out, value);
		buf_text(out, "\r\n");
	}
	buf_text(out, "\r\n");
}

static struct http_stream *stream_take(struct http_req *req)
{
	struct http *http = req->conn->http;
	struct http_stream *s;
	int fd, on = 1, kernel_bytes = STREAM_KERNEL_BYTES;

	if (http->closing)
		return NULL;
	fd = fcntl(req->conn->fd, F_DUPFD_CLOEXEC, 3);
	if (fd < 0)
		return NULL;
	s = mem_new(sizeof(*s));
	s->side = (struct http_side){ .ready = stream_ready, .fd = fd };
	if (http_side_add(http, &s->side, EPOLLRDHUP | EPOLLOUT | EPOLLET) < 0) {
		close(fd);
		mem_free(&s);
		return NULL;
	}
	/* An event is small and should not wait for the one before to be acknowledged. */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	/* A peer that does not read would fill megabytes of the kernel before it reaches our bound. */
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &kernel_bytes, sizeof(kernel_bytes));
	s->bucket = req->conn->bucket;
	http_peer_enter(http, s->bucket);
	http->stream_count++;
	s->next = http->streams;
	if (s->next)
		s->next->prev = s;
	http->streams = s;
	http_due_put(http, DUE_QUIET, &s->due);
	return s;
}

struct http_stream *http_stream_open(struct http_req *req, void (*closed)(void *ctx), void *ctx)
{
	struct http *http = req->conn->http;
	struct http_stream *s = stream_take(req);

	if (!s) {
		http_error(req, 503, "busy", "No more live connections can be held now.");
		return NULL;
	}
	s->closed = closed;
	s->ctx = ctx;
	stream_head(req, &http->scratch);
	stream_write(s, http->scratch.data, http->scratch.bytes);
	if (req->head)
		stream_end(s);
	http_taken(req, 200);
	return s;
}

static void event_data(struct buf *out, const char *data)
{
	for (;;) {
		size_t n = strcspn(data, "\r\n");

		buf_add(out, "data: ", 6);
		buf_add(out, data, n);
		buf_add(out, "\n", 1);
		if (!data[n])
			break;
		data += n + (data[n] == '\r' && data[n + 1] == '\n' ? 2 : 1);
	}
	buf_add(out, "\n", 1);
}

static void event_word(struct buf *out, const char *name, const char *word)
{
	if (!word)
		return;
	assert(!strpbrk(word, "\r\n"));
	buf_text(out, name);
	buf_text(out, word);
	buf_add(out, "\n", 1);
}

bool http_stream_send(struct http_stream *s, const char *id, const char *event, const char *data)
{
	struct http *http = s->side.http;
	struct buf *out = &http->scratch;

	if (s->ended || s->last)
		return false;
	buf_clear(out);
	event_word(out, "id: ", id);
	event_word(out, "event: ", event);
	event_data(out, data);
	stream_write(s, out->data, out->bytes);
	if (!s->ended)
		http_due_put(http, DUE_QUIET, &s->due);
	return !s->ended;
}

void http_stream_close(struct http_stream *s)
{
	s->closed = NULL;
	s->last = true;
	stream_flush(s);
}
