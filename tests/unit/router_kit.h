/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A router without sockets: a real store in a directory of its own, a demo staff with sessions, both clocks held. A test says what
 * somebody asks and looks at the answer and the rows. Held time starts on a Monday morning, Shanghai time.
 */
#ifndef QT_TEST_ROUTER_KIT_H
#define QT_TEST_ROUTER_KIT_H

#include "call.h"

enum { KIT_BLOBS_MAX = 12, MINUTE = 60000, HOUR = 60 * MINUTE };

struct house {
	char dir[64];
	struct conf conf;
	struct router router;
	struct seal_epoch *epoch[2]; /* of intake and web */
	int64_t now;                 /* the held clock */
	bool idle;                   /* nobody does anything while time passes: sessions idle out */
	int64_t keys;                /* how many idempotency keys were used */
	const char *same_key;        /* the next question uses this key, and this digest */
	const char *digest;
	json_t *more;                /* members added to the next question's body; taken */
	size_t blobs;
	struct frame blob[KIT_BLOBS_MAX]; /* of the next question */
	int status;                  /* of the last answer */
	json_t *out;
	char ticket[13];             /* of the last submit */
	uint8_t auth[32];            /* what its caller proves */
};

int house_begin(void **state);
int house_end(void **state);

/* Asks in the name of a user ("psych1"), or of "intake", "web", "open", and gives the status. The body is for json_pack; session, key and
 * digest are added where the book asks for them. */
int ask(struct house *h, const char *who, const char *service, const char *fmt, ...);
/* The error code, or a text or number of the last answer; "" and -1 when it is not there. */
const char *said(const struct house *h, const char *name);
int64_t said_number(const struct house *h, const char *name);
void with_blob(struct house *h, const void *data, size_t bytes);
/* A wrap as it should be for a desk ("450100.psych"), a worker ("psych") or a person; sealer "intake" or "web". */
void with_wrap(struct house *h, const char *sealer, enum seal_cargo cargo);

/* A new request for a desk, sealed well, with that provisional risk and tick; 201, and h->ticket. */
int submit(struct house *h, const char *desk, int risk, int tick);
/* What the worker says of message n of a case; NULL desk: no opinion. */
void screened(struct house *h, const char *ticket, int64_t n, int risk, const char *desk);
/* submit and screened: a case that waits. */
const char *waiting(struct house *h, const char *desk, int risk);
/* waiting and claimed by that user. */
const char *owned(struct house *h, const char *by, const char *desk, int risk);
/* The caller of h->ticket writes back. */
int caller_says(struct house *h, int risk);

/* Time passes; then the clock verb runs as every second. */
void later(struct house *h, int64_t ms);
void tick(struct house *h);

struct case_row row_of(struct house *h, const char *ticket); /* texts are lent until the next question */
int64_t id_of(struct house *h, const char *ticket);
/* How many rows; the query names ?1 for the case. */
int64_t rows(struct house *h, const char *query, const char *ticket);
/* A hand on the file, behind the router's back. */
void hand(struct house *h, const char *sql);
int64_t staff_id(struct house *h, const char *user);

#define assert_state(h, ticket, word) assert_string_equal(case_state_text(row_of(h, ticket).state), word)
#define rule(name) cmocka_unit_test_setup_teardown(name, house_begin, house_end)

#endif
