/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A real HTTP door on a free loopback port and clients of it, all driven by one loop in one thread: no sleeps, and
 * the clock is held. Shared by test_http*.c.
 */
#ifndef QT_HTTP_KIT_H
#define QT_HTTP_KIT_H

#include "clock.h"
#include "http.h"
#include "loop.h"
#include "mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

struct kit {
	struct loop *loop;
	struct http *http;
	struct http_config config; /* as opened; change it and kit_reopen */
	int64_t now_ms;            /* the held clock */
	/* what the handlers of the kit saw */
	int handled;               /* handlers called */
	int guarded, freed, closed;
	struct http_req *later;    /* held by /later */
	struct http_stream *stream;
	struct buf seen;           /* what the last handler was told */
	bool refuse;               /* the guard answers 403 */
};

/* For cmocka: *state is the kit; its clock is held and an alarm is set. */
int kit_open(void **state);
int kit_close(void **state);
/* Closes the door and opens it with kit->config. */
void kit_reopen(struct kit *kit);
void kit_turn(struct kit *kit);
void kit_pass(struct kit *kit, int64_t ms); /* time passes */

struct client {
	int fd;
	struct buf in;
	bool ended; /* the server closed */
};
struct answer { /* lent until the next call */
	int status;
	const char *head, *body;
	size_t body_bytes;
	bool ended; /* the connection was closed behind it */
};

void client_open(struct kit *kit, struct client *client);
void client_close(struct client *client);
/* Sends all of it; what the server does not take (it closed) is dropped. */
void client_send(struct kit *kit, struct client *client, const void *bytes, size_t n);
void client_text(struct kit *kit, struct client *client, const char *text);
/* The next whole answer; status 0: closed without one. */
struct answer client_answer(struct kit *kit, struct client *client);
struct answer client_answer_without_body(struct kit *kit, struct client *client); /* to HEAD */
/* Turns until the server closes; false: it does not. */
bool client_ends(struct kit *kit, struct client *client);
/* Turns until `text` has come in. */
bool client_sees(struct kit *kit, struct client *client, const char *text);

/* One request on a connection of its own. */
struct answer ask(struct kit *kit, const char *request);
struct answer ask_bytes(struct kit *kit, const void *request, size_t n);
/* "METHOD path" with a Host line; more headers (each ended by CRLF) or NULL; body or NULL. A gift. */
char *request(const struct kit *kit, const char *line, const char *headers, const char *body);
/* One request of that line ("GET /hello") with headers, or with a body of that type (NULL: no Content-Type). */
struct answer get(struct kit *kit, const char *line, const char *headers);
struct answer post(struct kit *kit, const char *line, const char *type, const char *body);
/* The text, every "H@" made the right Host line, gets this status and the connection ends; no handler ran. */
void refused(struct kit *kit, const char *text, int status);
/* The value of a header in an answer's head, or NULL. Lent until the next call. */
const char *header_of(struct answer answer, const char *name);

#endif
