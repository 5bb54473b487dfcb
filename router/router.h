/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The router: the only writer. It queues, leases, keeps deadlines and assigns; it holds no key that opens words. One loop turn is:
 * receive what is there → calls → one batch, one commit → answers, hints, dispatch.
 */
#ifndef QT_ROUTER_H
#define QT_ROUTER_H

#include "calendar.h"
#include "conf.h"
#include "json.h"
#include "keyring.h"
#include "lease.h"
#include "loop.h"
#include "mem.h"
#include "peer.h"
#include "store.h"

struct call;

enum { ROUTER_LATE_MAX = 64 };

struct router {
	const struct conf *conf;
	struct loop *loop;
	struct store *store;
	struct calendar *calendar;
	struct keyring_row *keys;
	struct keyring_public *public; /* whose CURVE keys may be what */
	struct sock *sock[ROLE_COUNT], *hints;
	struct peers *peers;
	struct lease_table *leases;
	struct call **batch;       /* gathered since the last commit */
	size_t batch_count, batch_room;
	char cursor[STORE_CURSOR_BYTES]; /* of the newest event published */
	struct waiting *waiting;   /* foreign.c: who waits for a foreign job */
	char late[ROUTER_LATE_MAX][LEASE_TOKEN_BYTES]; /* the last leases that ended without a result */
	size_t late_at;
	unsigned ticks;            /* seconds of the clock, for what is looked at less often */
	bool draining, dispatch_due;
};

/* proc.h hooks. */
int router_open(const struct conf *conf, struct loop *loop, int argc, char **argv, void **room, char **why);
void router_drain(void *room);
void router_close(void **room);

/* door.c: receive, and the batch. */
void door_receive(struct router *r, enum role role);
/* A message that is not answered, only counted: its peer is ignored after PEER_STRIKES_MAX of them. */
void door_strike(struct router *r, enum role role, const struct msg *m, const char *what);
/* Adds a call to the batch (takes it). */
void batch_add(struct router *r, struct call *call);
/* Commits what is there, at most conf.batch_max in one transaction, and answers. */
void batch_commit(struct router *r);

/* worker_door.c: what workers say. */
void worker_heard(struct router *r, enum role role, struct msg *m, const struct wire *w);
void worker_lost(const char *token, void *router);
/* Ends the lease; the job is ready again after its back-off, or parked. */
void lease_give_back(struct router *r, const char *token, const char *why);
/* dispatch.c: hands ready jobs to idle workers; expires leases. */
void dispatch_run(struct router *r);
void dispatch_expire(struct router *r, int64_t now_ms);
/* foreign.c: is there anybody for this name on the open socket? */
bool foreign_known(struct router *r, const char *service, size_t bytes);
/* Services of foreign workers, and titanic.*; answers or takes the slot. */
void foreign_request(struct router *r, enum role role, struct slot *slot, const char *service, struct msg *m, size_t body);
void titanic_request(struct router *r, struct slot *slot, const char *service, struct msg *m, size_t body);
void frames_pack(struct buf *out, const struct msg *m, size_t first);
void frames_unpack(struct msg *m, struct store_blob packed);
/* Gives the reply of a foreign job to whoever waits for it. */
void foreign_reply(struct router *r, int64_t job, struct msg *body, size_t first);
void foreign_partial(struct router *r, int64_t job, const struct msg *body, size_t first);
void foreign_forget(struct router *r, int64_t job);
/* Tells everybody who waits to ask again: the router is closing. */
void foreign_close(struct router *r);

/* screened.c: a verb: a worker's result on a screening job (ctx: struct screened). */
struct screened {
	int64_t job;
	json_t *result; /* NULL: the blob did not open */
};
int screened_run(struct call *c);
/* A screening that failed for good: parked, and the case goes to its desk unscreened. */
int screened_parked(struct call *c, const struct job_row *job);

/* found.c: takes over the rows that `web --found` left in conf_db("found.json") (persons, desk keys, its epoch) and removes the file once they
 * are committed. 0 (also when there is none); < 0 with *why. */
NODISCARD int found_import(struct router *r, char **why);

/* clock_due.c: a verb: what time has brought (screening limits, claim leases, covers, silence, erasures, follow-ups). */
int clock_due(struct call *c);

/* Sends status, json (taken; may be NULL) and blobs to a slot. */
void answer_send(struct slot **slot, int status, json_t *json, struct msg *blobs);
/* The same with the text of the JSON (taken; may be NULL). */
void answer_text(struct slot **slot, int status, char *json, struct msg *blobs);

#endif
