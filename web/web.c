/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opens the console's process: keys, read-only store, bus, the public door and the ops listener. Called by main.c
 * through proc.h.
 */
#include "web.h"

#include "clock.h"
#include "curve.h"
#include "epoch.h"
#include "live.h"
#include "mem.h"
#include "moves.h"
#include "opened.h"
#include "ops.h"
#include "session.h"
#include "words.h"

enum { KDF_THREADS = 2, KDF_QUEUE = 64, BUS_LANES = 4 };

static int keys_open(struct web *w, char **why)
{
	const char *dir = w->conf->data_dir;
	AUTO(mem_free) char *rules = conf_etc(w->conf, "rules");

	if (keyring_web_load(dir, clock_wall_ms(), &w->keys, why) || keyring_row_load(dir, &w->row, why) ||
	    keyring_public_load(dir, &w->public, why) || screen_load(rules, &w->screen, why))
		return -1;
	w->book = keyring_book(w->public);
	return 0;
}

static int bus_ends_open(struct web *w, char **why)
{
	AUTO(mem_free) char *web = conf_endpoint(w->conf, "web");
	AUTO(mem_free) char *hints = conf_endpoint(w->conf, "hints");
	const struct sock_curve *for_web, *for_hints;
	struct sock_curve keys[2];

	if (curve_for(w->conf, "web", "web", &keys[0], &for_web, why) ||
	    curve_for(w->conf, "hints", "web", &keys[1], &for_hints, why))
		return -1;
	if (bus_open(w->loop, web, for_web, BUS_LANES, &w->bus) ||
	    bus_hints_open(w->loop, hints, for_hints, "", live_hint, w, &w->hints)) {
		*why = mem_text("The bus sockets of the router cannot be reached; is their address lawful?");
		return -1;
	}
	return 0;
}

static int doors_open(struct web *w, char **why)
{
	static const char *names[CONF_NAMES_MAX + 1];
	struct http_config config = { .host = w->conf->console_host,
		                      .port = w->conf->console_port,
		                      .names = names,
		                      .routes = web_routes,
		                      .route_count = web_route_count,
		                      .connections = w->conf->console_connections,
		                      .guard = session_guard,
		                      .ctx = w };
	int i, r;

	for (i = 0; i < w->conf->console_names_count; i++)
		names[i] = w->conf->console_names[i];
	r = http_open(w->loop, &config, &w->http);
	if (!r)
		r = ops_open(w, &w->ops);
	if (r)
		*why = mem_format("The console cannot listen on %s:%d or its ops port %d: %s.", w->conf->console_host,
		                  w->conf->console_port, w->conf->console_ops_port,
		                  r == HTTP_PORT_TAKEN ? "the port is taken"
		                                       : "the address is not one of this machine");
	return r ? -1 : 0;
}

/* Rows of the store are lent to one turn of the loop at most. */
static int64_t lent_drop(void *ctx)
{
	struct web *w = ctx;

	store_lent_drop(w->store);
	return -1;
}

int web_open(const struct conf *conf, struct loop *loop, int argc UNUSED, char **argv UNUSED, void **room, char **why)
{
	struct web *w = mem_new(sizeof(*w));
	AUTO(mem_free) char *path = conf_db(conf, "qingting.db");

	words_guard_memory();
	*room = w;
	w->conf = conf;
	w->loop = loop;
	if (seal_init() || keys_open(w, why) || store_open_read(path, w->row->row, &w->store, why))
		return -1;
	w->kdf = pool_new(loop, KDF_THREADS, KDF_QUEUE);
	w->moves = moves_new();
	w->opened = opened_new();
	w->live = live_new(w);
	loop_before_wait(loop, lent_drop, w);
	if (bus_ends_open(w, why) || doors_open(w, why))
		return -1;
	epoch_turn(w);
	loop_every(loop, conf->epoch_ms, epoch_turn, w);
	return 0;
}

void web_drain(void *room)
{
	struct web *w = room;

	loop_stop(w->loop);
}

void web_close(void **room)
{
	struct web *w = *room;

	if (!w)
		return;
	*room = NULL;
	pool_free(&w->kdf);
	bus_close(&w->bus); /* answers what waits with 503 */
	http_close(&w->http);
	http_close(&w->ops);
	bus_hints_close(&w->hints);
	live_free(&w->live);
	moves_free(&w->moves);
	opened_free(&w->opened);
	loop_before_wait_stop(w->loop, lent_drop, w);
	store_close(&w->store);
	screen_free(&w->screen);
	seal_epoch_drop(&w->epoch);
	seal_book_free(&w->book);
	keyring_public_free(&w->public);
	seal_locked_free(&w->row);
	seal_locked_free(&w->keys);
	mem_free(&w);
}
