/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The console's process: a read-only store, the keys of the people signed in, the JSON API and the event streams. It
 * authenticates and opens words; the router authorises and writes. Nothing here survives a restart but what the router
 * keeps.
 */
#ifndef QT_WEB_H
#define QT_WEB_H

#include "bus.h"
#include "conf.h"
#include "http.h"
#include "keyring.h"
#include "loop.h"
#include "screen.h"
#include "store.h"

struct live;   /* live.h: event streams */
struct moves;  /* moves.h: pending moves between desks */
struct opened; /* opened.h: which cases were opened in which session */

struct web {
	const struct conf *conf;
	struct loop *loop;
	struct http *http, *ops;
	struct store *store;
	struct bus *bus;
	struct bus_hints *hints;
	struct pool *kdf;           /* two threads: Argon2id of passwords */
	struct keyring_web *keys;
	struct keyring_row *row;
	struct keyring_public *public;
	struct seal_book *book;     /* epochs of both sealers, filled as rows are met */
	struct seal_epoch *epoch;   /* ours; announced before its first use, NULL until then */
	struct screen *screen;
	struct live *live;
	struct moves *moves;
	struct opened *opened;
};

/* proc.h hooks, and the founding task (found.c). */
int web_open(const struct conf *conf, struct loop *loop, int argc, char **argv, void **room, char **why);
void web_drain(void *room);
void web_close(void **room);
int found_task(const struct conf *conf, int argc, char **argv);

/* The web behind a request. */
struct web *web_of(const struct http_req *req);

/* Route flags in the high bits beside http.h's: who may call. No bit: whoever is signed in. */
#define ROUTE_ROLES(bits) ((unsigned)(bits) << 16) /* CASE_ROLE_ bits, one of them is needed */
#define ROUTE_PUBLIC (1u << 30)                    /* nobody is signed in yet */
#define ROUTE_FRESH (1u << 29)                     /* allowed while a new password is due */
extern const struct http_route web_routes[];
extern const size_t web_route_count;

#endif
