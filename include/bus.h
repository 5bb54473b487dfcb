/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The client and worker ends of the bus, on the loop. Client: a DEALER speaking MDP 0.2; calls are pipelined and answered in
 * order; after 2 s without an answer or any sign of life it opens a new socket and sends what is unanswered again (the same
 * frames, so the same idempotency key), with jittered back-off, until the deadline of the call. Worker: one socket, one
 * request at a time, heartbeats, READY again after silence.
 */
#ifndef QT_BUS_H
#define QT_BUS_H

#include "loop.h"
#include "sock.h"
#include <jansson.h>

struct bus;
/* lanes: DEALER sockets used in turn (1..8). curve NULL on ipc. */
NODISCARD int bus_open(struct loop *loop, const char *endpoint, const struct sock_curve *curve, int lanes, struct bus **out);
void bus_close(struct bus **bus);

/* An answer: status as in wire.md (200, 201, 400, 403, 404, 409, 412, 413, 428, 429, 503); body lent for the call, {} when none; the
 * blobs are frames [first, m->count) of m. Status 503 with m NULL: no answer before the deadline. */
struct bus_answer {
	int status;
	json_t *body;
	const struct msg *m;
	size_t first;
};
/* Sends REQUEST service [json, blobs…]. Takes body; takes the frames of blobs (may be NULL). done is called exactly once. */
void bus_call(struct bus *bus, const char *service, json_t *body, struct msg *blobs, int64_t deadline_ms,
              void (*done)(const struct bus_answer *answer, void *ctx), void *ctx);
size_t bus_pending(const struct bus *bus);

/* Hints: [topic, cursor] published by the router after each commit. */
struct bus_hints;
NODISCARD int bus_hints_open(struct loop *loop, const char *endpoint, const struct sock_curve *curve, const char *prefix,
                             void (*on_hint)(const char *topic, const char *body, void *ctx), void *ctx, struct bus_hints **out);
void bus_hints_close(struct bus_hints **hints);

struct bus_worker;
/* handle answers by bus_worker_reply (now or later), or gives the request back by bus_worker_give_back. body and m lent until then. */
NODISCARD int bus_worker_open(struct loop *loop, const char *endpoint, const struct sock_curve *curve, const char *service,
                              void (*handle)(struct bus_worker *w, json_t *body, const struct msg *m, size_t first, void *ctx),
                              void *ctx, struct bus_worker **out);
void bus_worker_reply(struct bus_worker *w, json_t *body); /* takes body */
void bus_worker_progress(struct bus_worker *w);            /* PARTIAL: renews the lease */
void bus_worker_give_back(struct bus_worker *w);           /* DISCONNECT, then READY on a new socket */
bool bus_worker_connected(const struct bus_worker *w);     /* heard the router within 10 s */
void bus_worker_close(struct bus_worker **w);              /* gives back what it holds */

#endif
