/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is at the other end of a role's socket. Clients: each has a queue of slots, one a request, so that replies leave in the
 * order of submission (Majordomo has no correlation id). Workers: service, dialect, what they hold, when they were heard.
 * Knows frames and times; never what a request means.
 */
#ifndef QT_ROUTER_PEER_H
#define QT_ROUTER_PEER_H

#include "wire.h"
#include <uthash.h>

enum role { ROLE_INTAKE, ROLE_WEB, ROLE_WORKER, ROLE_OPEN, ROLE_COUNT };
const char *role_name(enum role role);

enum { PEER_KEY_BYTES = 256, PEER_SLOTS_MAX = 1024, PEER_STRIKES_MAX = 20, PEER_FORGET_MS = 60000 };

struct peer_key { /* role ‖ routing id */
	uint8_t bytes[PEER_KEY_BYTES];
	size_t length;
};

struct peers; /* all clients and workers of a router */
struct slot;  /* one request of one client, until it is answered */

/* One worker socket. Fields are read by dispatch; changed only here. */
struct worker {
	UT_hash_handle hh;
	struct peer_key key;
	enum role role;
	enum wire_dialect dialect;
	char service[128];
	char token[33];         /* lease it holds, "" when idle */
	int64_t heard_at_ms;    /* monotonic */
	struct worker *next;    /* idle list of its service, in order of waiting */
	bool idle;
	bool settling;          /* its FINAL waits for commit: it gets nothing in between, so the next frame is its receipt */
};

/* socks: one ROUTER a role, lent. lost(token, ctx) is called when a worker that holds a lease turns out to be gone. */
struct peers *peers_new(struct sock *const socks[ROLE_COUNT], void (*lost)(const char *token, void *ctx), void *ctx);
void peers_free(struct peers **peers);

/* A client's request begins. NULL when it has PEER_SLOTS_MAX unanswered ones (answer nothing: it is a flood). id: routing id frame;
 * service is copied. */
struct slot *peer_ask(struct peers *p, enum role role, const struct frame *id, enum wire_dialect dialect,
                      const struct frame *service, int64_t now_ms);
/* Answers: takes the frames of body, and the slot. Sends it and whatever was waiting behind it. */
void slot_answer(struct slot **slot, struct msg *body);
/* A PARTIAL for a 0.2 client whose turn it is; dropped otherwise. Leaves the slot. Copies body frames [first, count). */
void slot_partial(struct slot *slot, const struct msg *body, size_t first);
/* Counts a malformed message; how many there were. */
int peer_strike(struct peers *p, enum role role, const struct frame *id, int64_t now_ms);
/* True when the peer has had its strikes and is ignored, until it has been silent for PEER_FORGET_MS. */
bool peer_struck_out(struct peers *p, enum role role, const struct frame *id, int64_t now_ms);
size_t peers_waiting(const struct peers *p); /* slots unanswered */

/* READY: registers (again). */
struct worker *worker_ready(struct peers *p, enum role role, const struct frame *id, enum wire_dialect dialect,
                            const struct frame *service, int64_t now_ms);
struct worker *worker_find(struct peers *p, enum role role, const struct frame *id);
struct worker *worker_holding(struct peers *p, const char *token);
/* Takes the longest waiting idle worker of a service off its list; NULL when there is none. */
struct worker *worker_take(struct peers *p, const char *service);
bool worker_waits(struct peers *p, const char *service);
/* Back to the idle list, lease gone. */
void worker_idle(struct peers *p, struct worker *w);
size_t workers_of(struct peers *p, const char *service);
/* Calls fn for each registered service name with at least one idle worker. */
void workers_idle_services(struct peers *p, void (*fn)(const char *service, void *ctx), void *ctx);
/* Sends verb (+ token and body frames [first, count), moved) to a worker. 0; 1 not delivered. */
NODISCARD int worker_send(struct peers *p, struct worker *w, enum wire_verb verb, struct msg *body);
/* Forgets it; with say, sends DISCONNECT first. */
void worker_drop(struct peers *p, struct worker **w, bool say);

/* Once a second: heartbeats to all workers; idle ones unheard for expire_ms go (busy ones expire by lease only); clients without slots
 * unheard for PEER_FORGET_MS go; full send queues are tried again. */
void peers_tick(struct peers *p, int64_t now_ms, int64_t expire_ms);

#endif
