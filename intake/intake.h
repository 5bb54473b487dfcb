/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The public portal's process: seals what a caller says before it leaves, stores nothing, holds no desk key and no database. What a
 * caller carries (draft, session) travels sealed in their own page or token.
 */
#ifndef QT_INTAKE_H
#define QT_INTAKE_H

#include "bus.h"
#include "conf.h"
#include "epochs.h"
#include "http.h"
#include "keyring.h"
#include "loop.h"
#include "screen.h"
#include "still.h"

struct house; /* house.h: what the router last said of the desks */

struct intake {
	const struct conf *conf;
	struct loop *loop;
	struct http *http, *ops;
	struct bus *bus;
	struct bus_hints *hints;
	struct epochs *epochs;
	struct pool *sealing;       /* submits: never refused for want of a slot */
	struct pool *kdf;           /* code checks: bounded, apart from submits */
	struct keyring_intake *keys;
	struct keyring_public *public;
	struct screen *screen;
	struct house *house;
	struct ratings *ratings;    /* rating.h: answers waiting for company */
	struct watches *watches;    /* events.h: open streams and polls */
	struct left *left;          /* left.h: drafts whose writer has gone */
	char *csp;                  /* guard.h: the policy of every page */
	struct still start[2];      /* still.h: the first page, in each language */
	uint64_t code_checks, code_wrong; /* for /metrics: codes derived, and how many did not fit */
};

/* proc.h hooks. */
int intake_open(const struct conf *conf, struct loop *loop, int argc, char **argv, void **room, char **why);
void intake_drain(void *room);
void intake_close(void **room);

/* The intake behind a request. */
struct intake *intake_of(const struct http_req *req);
extern const struct http_route intake_routes[];
extern const size_t intake_route_count;

#endif
