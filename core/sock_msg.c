/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages in and out of a socket, never blocking. A message is bounded in frames and bytes: libzmq bounds only
 * one frame (and hands over whole messages only, so what a peer may pile up inside it is the process's memory
 * limit to stop). Sending is all or nothing as far as libzmq can tell; the state that matters is in the store,
 * never in a queue here.
 */
#include "mem.h"
#include "sock_parts.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

void msg_take(struct msg *m, uint8_t *p, size_t n)
{
	assert(m->count < ARRAY_LEN(m->frame));
	m->frame[m->count++] = (struct frame){ p, n };
}

void msg_add(struct msg *m, const void *p, size_t n)
{
	msg_take(m, mem_copy(p, n), n);
}

void msg_add_text(struct msg *m, const char *s)
{
	msg_add(m, s, strlen(s));
}

void msg_copy(struct msg *to, const struct msg *from)
{
	msg_clear(to);
	for (size_t i = 0; i < from->count; i++)
		msg_add(to, from->frame[i].data, from->frame[i].bytes);
}

void msg_clear(struct msg *m)
{
	for (size_t i = 0; i < m->count; i++)
		free(m->frame[i].data);
	m->count = 0;
}

bool msg_is(const struct msg *m, size_t i, const char *text)
{
	size_t n = strlen(text);

	return i < m->count && m->frame[i].bytes == n && !memcmp(m->frame[i].data, text, n);
}

/* 0 with the frame in part; SOCK_EMPTY; < 0 fault. */
static int part_receive(void *raw, zmq_msg_t *part)
{
	while (zmq_msg_recv(part, raw, ZMQ_DONTWAIT) < 0) {
		if (zmq_errno() == EAGAIN)
			return SOCK_EMPTY;
		if (zmq_errno() != EINTR)
			return -zmq_errno();
	}
	return 0;
}

int sock_receive(struct sock *sock, struct msg *m)
{
	size_t routing = sock->kind == SOCK_ROUTER;
	size_t bytes = 0;
	bool fits = true;
	zmq_msg_t part;
	int more = 1;
	int rc = 0;

	msg_clear(m);
	zmq_msg_init(&part);
	while (more && !rc) {
		rc = part_receive(sock->raw, &part);
		if (rc)
			break;
		if (m->count >= routing)
			bytes += zmq_msg_size(&part);
		fits = fits && m->count < routing + SOCK_FRAMES_MAX && bytes <= SOCK_MESSAGE_BYTES_MAX;
		if (fits)
			msg_add(m, zmq_msg_data(&part), zmq_msg_size(&part));
		more = zmq_msg_more(&part);
	}
	zmq_msg_close(&part);
	if (rc || !fits)
		while (m->count > (rc ? 0 : routing))
			free(m->frame[--m->count].data);
	return rc ? rc : fits ? 0 : SOCK_OVERSIZE;
}

static int part_send(void *raw, const struct frame *f, bool last)
{
	int flags = ZMQ_DONTWAIT | (last ? 0 : ZMQ_SNDMORE);
	int rc;

	do
		rc = zmq_send(raw, f->data, f->bytes, flags);
	while (rc < 0 && zmq_errno() == EINTR);
	return rc < 0 ? -zmq_errno() : 0;
}

static int first_send(void *raw, const struct frame *f, bool last)
{
	int events = 0;
	size_t n = sizeof(events);
	int rc = part_send(raw, f, last);

	if (rc != -EAGAIN)
		return rc;
	/* A sender looks at its connections once a millisecond at most; asking for the events makes it look now. */
	if (zmq_getsockopt(raw, ZMQ_EVENTS, &events, &n))
		return -zmq_errno();
	return events & ZMQ_POLLOUT ? part_send(raw, f, last) : rc;
}

int sock_send(struct sock *sock, struct msg *m)
{
	int rc;

	if (m->count < (sock->kind == SOCK_ROUTER ? 2u : 1u))
		return -EINVAL;
	rc = first_send(sock->raw, &m->frame[0], m->count == 1);
	if (rc == -EAGAIN)
		return SOCK_FULL;
	if (rc == -EHOSTUNREACH)
		return SOCK_GONE;
	if (rc)
		return rc;
	for (size_t i = 1; i < m->count; i++)
		/* Lost in the middle: libzmq drops the rest, but must see its end, or it would cut the next one. */
		if (part_send(sock->raw, &m->frame[i], i + 1 == m->count) && !rc)
			rc = SOCK_GONE;
	if (!rc)
		msg_clear(m);
	return rc;
}

enum sock_news_kind sock_news_next(struct sock *sock)
{
	uint16_t event = 0;
	zmq_msg_t part;
	int more;

	zmq_msg_init(&part);
	if (part_receive(sock->news->raw, &part)) {
		zmq_msg_close(&part);
		return SOCK_NEWS_NONE;
	}
	if (zmq_msg_size(&part) >= sizeof(event))
		memcpy(&event, zmq_msg_data(&part), sizeof(event));
	for (more = zmq_msg_more(&part); more && !part_receive(sock->news->raw, &part); more = zmq_msg_more(&part))
		;
	zmq_msg_close(&part);
	return event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED ? SOCK_NEWS_UP : SOCK_NEWS_DOWN;
}
