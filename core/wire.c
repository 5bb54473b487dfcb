/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Majordomo frames in both dialects, from the tables of RFC 7 (MDP 0.1) and RFC 18 (MDP 0.2). Pure: no socket, no
 * clock, no opinion. The reader says what a message is or in which way it is malformed; who sent it, and so what
 * to do about it, is the caller's business.
 */
#include "wire.h"

#include <assert.h>
#include <string.h>

enum { HEADER_BYTES = 6, SERVICE_BYTES_MAX = 127 };

/* What follows the header (and the command, where there is one). */
enum shape { SHAPE_NONE, SHAPE_BARE, SHAPE_SERVICE, SHAPE_SERVICE_BODY, SHAPE_ADDRESS_BODY };

struct command {
	uint8_t byte; /* 0: the dialect has no command frame here */
	enum shape shape;
};

struct protocol {
	char header[HEADER_BYTES + 1];
	enum wire_dialect dialect;
	enum wire_side side;
	struct command commands[WIRE_DISCONNECT + 1]; /* by verb */
};

/* A 0.1 client frame has no command: it reads as REQUEST; written as FINAL it is the reply, the same frames. */
static const struct protocol protocols[] = {
	{ "MDPC01",
	  WIRE_01,
	  WIRE_CLIENT,
	  {
	          [WIRE_REQUEST] = { 0, SHAPE_SERVICE_BODY },
	          [WIRE_FINAL] = { 0, SHAPE_SERVICE_BODY },
	  } },
	{ "MDPW01",
	  WIRE_01,
	  WIRE_WORKER,
	  {
	          [WIRE_READY] = { 1, SHAPE_SERVICE },
	          [WIRE_REQUEST] = { 2, SHAPE_ADDRESS_BODY },
	          [WIRE_FINAL] = { 3, SHAPE_ADDRESS_BODY },
	          [WIRE_HEARTBEAT] = { 4, SHAPE_BARE },
	          [WIRE_DISCONNECT] = { 5, SHAPE_BARE },
	  } },
	{ "MDPC02",
	  WIRE_02,
	  WIRE_CLIENT,
	  {
	          [WIRE_REQUEST] = { 1, SHAPE_SERVICE_BODY },
	          [WIRE_PARTIAL] = { 2, SHAPE_SERVICE_BODY },
	          [WIRE_FINAL] = { 3, SHAPE_SERVICE_BODY },
	  } },
	{ "MDPW02",
	  WIRE_02,
	  WIRE_WORKER,
	  {
	          [WIRE_READY] = { 1, SHAPE_SERVICE },
	          [WIRE_REQUEST] = { 2, SHAPE_ADDRESS_BODY },
	          [WIRE_PARTIAL] = { 3, SHAPE_ADDRESS_BODY },
	          [WIRE_FINAL] = { 4, SHAPE_ADDRESS_BODY },
	          [WIRE_HEARTBEAT] = { 5, SHAPE_BARE },
	          [WIRE_DISCONNECT] = { 6, SHAPE_BARE },
	  } },
};

static const struct protocol *protocol_of(const struct frame *header)
{
	for (size_t i = 0; i < ARRAY_LEN(protocols); i++)
		if (header->bytes == HEADER_BYTES && !memcmp(header->data, protocols[i].header, HEADER_BYTES))
			return &protocols[i];
	return NULL;
}

static enum wire_verb verb_of(const struct protocol *p, uint8_t byte)
{
	for (size_t v = WIRE_REQUEST; v <= WIRE_DISCONNECT; v++)
		if (p->commands[v].shape != SHAPE_NONE && p->commands[v].byte == byte)
			return (enum wire_verb)v;
	return 0;
}

/* Reads what follows the command, from frame at. */
static int shape_read(const struct msg *m, size_t at, enum shape shape, struct wire *out)
{
	size_t left = m->count - at;

	out->body = m->count;
	if (shape == SHAPE_BARE)
		return left == 0 ? 0 : WIRE_BAD_COUNT;
	if (shape == SHAPE_ADDRESS_BODY) {
		if (left < 3)
			return WIRE_BAD_COUNT;
		out->address = &m->frame[at];
		out->body = at + 2;
		return m->frame[at + 1].bytes == 0 ? 0 : WIRE_BAD_EMPTY;
	}
	if (shape == SHAPE_SERVICE ? left != 1 : left < 2)
		return WIRE_BAD_COUNT;
	out->service = &m->frame[at];
	if (shape == SHAPE_SERVICE_BODY)
		out->body = at + 1;
	return wire_service_ok(out->service) ? 0 : WIRE_BAD_SERVICE;
}

int wire_read(const struct msg *m, size_t first, struct wire *out)
{
	bool empty = first < m->count && m->frame[first].bytes == 0;
	size_t at = first + empty;
	const struct protocol *p = at < m->count ? protocol_of(&m->frame[at]) : NULL;

	*out = (struct wire){ .body = m->count };
	if (!p)
		return WIRE_BAD_HEADER;
	out->dialect = p->dialect;
	out->side = p->side;
	at++;
	if (empty != (p->dialect == WIRE_01))
		return WIRE_BAD_EMPTY;
	out->verb = WIRE_REQUEST;
	if (p->commands[WIRE_REQUEST].byte) {
		if (at >= m->count)
			return WIRE_BAD_COUNT;
		out->verb = m->frame[at].bytes == 1 ? verb_of(p, m->frame[at].data[0]) : 0;
		if (!out->verb)
			return WIRE_BAD_VERB;
		at++;
	}
	return shape_read(m, at, p->commands[out->verb].shape, out);
}

void wire_write(struct msg *m, enum wire_dialect dialect, enum wire_side side, enum wire_verb verb, const void *text,
                size_t bytes)
{
	const struct protocol *p = protocols;

	while (p->dialect != dialect || p->side != side)
		p++;
	assert(verb <= WIRE_DISCONNECT && p->commands[verb].shape != SHAPE_NONE);
	if (dialect == WIRE_01)
		msg_add(m, "", 0);
	msg_add(m, p->header, HEADER_BYTES);
	if (p->commands[verb].byte)
		msg_add(m, &p->commands[verb].byte, 1);
	if (p->commands[verb].shape != SHAPE_BARE)
		msg_add(m, text, bytes);
	if (p->commands[verb].shape == SHAPE_ADDRESS_BODY)
		msg_add(m, "", 0);
}

bool wire_service_ok(const struct frame *f)
{
	static const char others[] = "._-";

	if (f->bytes < 1 || f->bytes > SERVICE_BYTES_MAX)
		return false;
	for (size_t i = 0; i < f->bytes; i++) {
		uint8_t c = f->data[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');

		if (!letter && (!c || !strchr(others, c)))
			return false;
	}
	return true;
}
