/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The client and worker ends of the bus, on the loop. Client: DEALERs speaking MDP 0.2; calls are pipelined and
 * answered in order. A socket has one connection in its life. When that is lost (libzmq says so at once), or
 * after 10 s without a frame although something is in flight, a new socket is opened after a jittered wait (0.1
 * s doubling to 2 s) and what is unanswered is sent again, the same frames, so the same idempotency key, until
 * the deadline of the call. A router that is merely slow is left in peace. Worker: one socket, one request at a
 * time, heartbeats, READY again after silence.
 */
#ifndef QT_BUS_H
#define QT_BUS_H

#include "loop.h"
#include "sock.h"
#include <jansson.h>

struct bus;
/* lanes: DEALER sockets used in turn (1..8). curve NULL on ipc. */
NODISCARD int bus_open(struct loop *loop, const char *endpoint, const struct sock_curve *curve, int lanes,
                       struct bus **out);
/* Calls done (503) for what is pending. */
void bus_close(struct bus **bus);

/* An answer: status as in wire.md (200, 201, 400, 403, 404, 409, 412, 413, 428, 429, 503); body lent for the
 * call, {} when none; the blobs are frames [first, m->count) of m (a second frame that is not JSON, as in mmi
 * and titanic, is a blob). Status 503 with m NULL: no answer before the deadline. */
struct bus_answer {
	int status;
	json_t *body;
	const struct msg *m;
	size_t first;
};
/* Sends REQUEST service [json, blobs…]. Takes body; takes the frames of blobs (may be NULL). deadline_ms: from
 * now. done is called exactly once, on the loop, never from inside bus_call, and must not close the bus. 413
 * with m NULL: too much for one message (at most 12 blobs, SOCK_FRAME_BYTES_MAX each, SOCK_MESSAGE_BYTES_MAX
 * in all), nothing was sent. An answer that comes after its deadline is thrown away and disturbs no other. */
void bus_call(struct bus *bus, const char *service, json_t *body, struct msg *blobs, int64_t deadline_ms,
              void (*done)(const struct bus_answer *answer, void *ctx), void *ctx);
/* Calls whose done is still to come. */
size_t bus_pending(const struct bus *bus);

/* Hints: [topic, cursor] published by the router after each commit. */
struct bus_hints;
NODISCARD int bus_hints_open(struct loop *loop, const char *endpoint, const struct sock_curve *curve,
                             const char *prefix, void (*on_hint)(const char *topic, const char *body, void *ctx),
                             void *ctx, struct bus_hints **out);
void bus_hints_close(struct bus_hints **hints);

struct bus_worker;
/* A request whose JSON is malformed is given back unseen (the router counts attempts and parks it). handle
 * answers by bus_worker_reply (now or later), or gives the request back by bus_worker_give_back. body and m
 * lent until then. */
NODISCARD int bus_worker_open(struct loop *loop, const char *endpoint, const struct sock_curve *curve,
                              const char *service,
                              void (*handle)(struct bus_worker *w, json_t *body, const struct msg *m, size_t first,
                                             void *ctx),
                              void *ctx, struct bus_worker **out);
/* FINAL ["200", body], FINAL [status, body]; take body. Thrown away (and logged) when the lease is lost meanwhile. */
void bus_worker_reply(struct bus_worker *w, json_t *body);
void bus_worker_refuse(struct bus_worker *w, int status, json_t *body);
void bus_worker_progress(struct bus_worker *w);        /* PARTIAL: renews the lease */
void bus_worker_give_back(struct bus_worker *w);       /* DISCONNECT, then READY on a new socket */
bool bus_worker_connected(const struct bus_worker *w); /* up; while idle: heard the router within 10 s */
void bus_worker_close(struct bus_worker **w);              /* gives back what it holds */

#endif
