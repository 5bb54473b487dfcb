/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A call: one message of the book on its way through a batch. door.c makes it, store_apply runs it (reading, session, idempotency, then
 * the verb), door.c answers it after the commit. The verbs stand in families: order_*.c for people, intake_*.c for callers,
 * clock_*.c for time. A verb writes its answer into the call and returns 0; or refuses by `return call_refuse(…)`.
 */
#ifndef QT_ROUTER_CALL_H
#define QT_ROUTER_CALL_H

#include "book.h"
#include "peer.h"
#include "router.h"
#include "store.h"

enum { CALL_DESKS_MAX = 64, CALL_HINTS_MAX = 4 };

/* Who acts: read from the session inside the batch, so that a right taken away is gone at once. */
struct person {
	int64_t id, session;   /* 0: nobody (a caller, the clock) */
	unsigned roles;        /* CASE_ROLE_ bits */
	int64_t site, capacity;/* capacity -1: no limit */
	int64_t desk[CALL_DESKS_MAX]; /* numbers of the desks they work on or supervise */
	size_t desks;
	bool must_change;      /* nothing but a new password is lawful yet */
	char user[64], name[128];
};

struct call {
	struct store_op op;            /* first: store_apply's view of it */
	struct router *router;
	enum role role;
	const struct book_row *row;    /* NULL for a call of our own (a worker's result, the clock) */
	int (*verb)(struct call *c);   /* 0 done; > 0 refused; < 0 fault */
	struct slot *slot;             /* who is answered; NULL: nobody */
	struct msg request;            /* frames of the request */
	size_t blob, blobs;            /* its blobs are frames [blob, blob + blobs) */
	/* While it runs. */
	json_t *in;                    /* frame blob - 1, checked against the row; gone afterwards unless there is an `after` */
	struct store *store;
	int64_t now;                   /* store_now */
	struct person who;
	/* What it answers. */
	int status;                    /* 200 unless set */
	json_t *out;                   /* {} unless set */
	char *text;                    /* the same written, once it has run */
	struct msg blobs_out;
	/* What happens once it is committed. */
	uint8_t hint[CALL_HINTS_MAX][STORE_UID_BYTES]; /* topics case/<uid> */
	size_t hints;
	void (*after)(struct call *c); /* called after the commit (result 0) or its failure; may be NULL */
	void *ctx;                     /* of verb and after; freed with mem_free by call_free */
};

/* A verb and the message it serves. Families end with a NULL name. checks_first: refuses only before its first write. */
struct verb {
	const char *name;
	int (*run)(struct call *c);
	bool checks_first;
};
extern const struct verb verbs_intake[], verbs_caller[], verbs_rate[], verbs_session[], verbs_case[], verbs_close[], verbs_words[], verbs_assign[], verbs_task[],
	verbs_contact[], verbs_staff[], verbs_hint[];
/* The verb of a row. The table is complete: verbs_check says which message nobody serves (NULL: none). */
const struct verb *verb_find(const struct book_row *row);
const char *verbs_check(void);

struct call *call_new(struct router *router, enum role role, const struct book_row *row, int (*verb)(struct call *));
void call_free(struct call **call);
/* The run of every call: what it says, session and idempotency, then the verb. */
int call_run(struct store *store, struct store_op *op);

/* Refuses with a status of wire.md, a snake_case code and an English sentence; returns 1. */
int call_refuse(struct call *c, int status, const char *error, const char *fmt, ...) PRINTF(4, 5);
/* Adds a topic case/<uid> to what is published after the commit. */
void call_hint(struct call *c, const uint8_t uid[STORE_UID_BYTES]);
/* Blob i of the request; an empty blob when there is none. Lent. */
struct store_blob call_blob(const struct call *c, size_t i);

/* The case of "ticket": 0 and *row; refuses 404 not_found (also for a malformed ticket), 409 damaged. */
NODISCARD int call_case(struct call *c, struct case_row *row);
/* The ticket text of a case. */
void call_ticket(const struct call *c, int64_t case_id, char out[13]);
/* True when the person works on that desk. */
bool person_has_desk(const struct person *p, int64_t desk);

#endif
