/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opens the portal's process: keys, rules, bus, pools, the public door and the ops listener. Called by main.c through proc.h. With
 * portal = off the process ends at once and cleanly: a desk that only telephones runs no public door.
 */
#include "intake.h"

#include "clock.h"
#include "curve.h"
#include "events.h"
#include "guard.h"
#include "house.h"
#include "left.h"
#include "mem.h"
#include "ops.h"
#include "page.h"
#include "rating.h"

enum { BUS_LANES = 4, SEALING_THREADS = 2, SEALING_QUEUE = 4096, KDF_THREADS = 1 };

struct intake *intake_of(const struct http_req *req)
{
	return http_ctx(req);
}

static int keys_open(struct intake *in, char **why)
{
	AUTO(mem_free) char *rules = conf_etc(in->conf, "rules");

	if (keyring_intake_load(in->conf->data_dir, clock_wall_ms(), &in->keys, why) ||
	    keyring_public_load(in->conf->data_dir, &in->public, why) || screen_load(rules, &in->screen, why))
		return -1;
	return 0;
}

static void hint_heard(const char *topic, const char *body UNUSED, void *ctx)
{
	watches_hint(ctx, topic);
}

static int bus_end_open(struct intake *in, char **why)
{
	AUTO(mem_free) char *endpoint = conf_endpoint(in->conf, "intake");
	AUTO(mem_free) char *hints = conf_endpoint(in->conf, "hints");
	const struct sock_curve *for_intake, *for_hints;
	struct sock_curve keys[2];

	if (curve_for(in->conf, "intake", "intake", &keys[0], &for_intake, why) ||
	    curve_for(in->conf, "hints", "intake", &keys[1], &for_hints, why))
		return -1;
	in->watches = watches_new(in);
	if (!bus_open(in->loop, endpoint, for_intake, BUS_LANES, &in->bus) &&
	    !bus_hints_open(in->loop, hints, for_hints, "case/", hint_heard, in->watches, &in->hints))
		return 0;
	*why = mem_text("The bus sockets of the router (bus.intake, bus.hints) cannot be used; their addresses must be lawful.");
	return -1;
}

static int doors_open(struct intake *in, char **why)
{
	static const char *names[CONF_NAMES_MAX + 1];
	const struct conf *conf = in->conf;
	struct http_config config = { .host = conf->portal_host, .port = conf->portal_port, .names = names, .routes = intake_routes,
		                      .route_count = intake_route_count, .connections = conf->portal_connections,
		                      .guard = guard_request, .error = page_error, .ctx = in };
	int i, r;

	for (i = 0; i < conf->portal_names_count; i++)
		names[i] = conf->portal_names[i];
	r = http_open(in->loop, &config, &in->http);
	if (!r)
		r = ops_open(in, &in->ops);
	if (r)
		*why = mem_format("The portal cannot listen on %s:%d or its ops port %d: %s.", conf->portal_host, conf->portal_port,
		                  conf->portal_ops_port,
		                  r == HTTP_PORT_TAKEN ? "the port is taken" : "the address is not one of this machine");
	return r ? -1 : 0;
}

int intake_open(const struct conf *conf, struct loop *loop, int argc UNUSED, char **argv UNUSED, void **room, char **why)
{
	struct intake *in = mem_new(sizeof(*in));

	*room = in;
	in->conf = conf;
	in->loop = loop;
	if (!conf->portal_on) {
		*why = mem_text("The portal is off in the configuration; there is nothing to serve.");
		return -1;
	}
	if (seal_init() || keys_open(in, why) || bus_end_open(in, why))
		return -1;
	in->sealing = pool_new(loop, SEALING_THREADS, SEALING_QUEUE);
	in->kdf = pool_new(loop, KDF_THREADS, conf->kdf_queue);
	in->ratings = ratings_new(in);
	in->left = left_new();
	in->csp = guard_policy(conf->exit_url);
	if (doors_open(in, why))
		return -1;
	in->epochs = epochs_new(loop, in->bus, &in->keys->sealer, conf->epoch_ms);
	in->house = house_new(in);
	return 0;
}

static void drained(void *ctx)
{
	struct intake *in = ctx;

	loop_stop(in->loop);
}

void intake_drain(void *room)
{
	struct intake *in = room;

	ratings_drain(in->ratings, drained, in);
}

void intake_close(void **room)
{
	struct intake *in = *room;

	if (!in)
		return;
	*room = NULL;
	pool_free(&in->sealing);
	pool_free(&in->kdf);
	house_free(&in->house);
	epochs_free(&in->epochs);
	bus_hints_close(&in->hints);
	bus_close(&in->bus); /* answers what waits with 503 */
	watches_free(&in->watches);
	ratings_free(&in->ratings);
	http_close(&in->http);
	http_close(&in->ops);
	left_free(&in->left);
	screen_free(&in->screen);
	keyring_public_free(&in->public);
	seal_locked_free(&in->keys);
	mem_free(&in->csp);
	still_finish(&in->start[0]);
	still_finish(&in->start[1]);
	mem_free(&in);
}
