/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opens the router: keys, store, calendar, the sockets; then one turn of the loop after another. Called by main.c through proc.h.
 * Knows the order of things; what a message means stands with the verbs.
 */
#include "call.h"

#include "clock.h"
#include "log.h"
#include "mem.h"
#include "seal.h"
#include <stdlib.h>
#include <string.h>

enum { TURNS_MAX = 4, HOUSEKEEP_ROWS = 500 };

struct role_ctx {
	struct router *router;
	enum role role;
};
static struct role_ctx role_ctx[ROLE_COUNT]; /* what loop_sock hands back: constant after open */

/* One turn: commit what came in, hand out jobs, commit that too. Bounded, so receiving is never starved. */
static int64_t router_turn(void *ctx)
{
	struct router *r = ctx;
	int i;

	for (i = 0; i < TURNS_MAX; i++) {
		batch_commit(r);
		dispatch_run(r);
		if (!r->batch_count)
			break;
	}
	if (r->draining && !peers_waiting(r->peers) && !r->batch_count)
		loop_stop(r->loop);
	return r->batch_count || r->dispatch_due ? 0 : -1;
}

static void role_ready(void *ctx)
{
	struct role_ctx *rc = ctx;

	door_receive(rc->router, rc->role);
}

static void router_tick(void *ctx)
{
	struct router *r = ctx;
	struct call *due = call_new(r, ROLE_WORKER, NULL, clock_due);
	int64_t now = clock_mono_ms();

	peers_tick(r->peers, now, r->conf->expire_ms);
	dispatch_expire(r, now);
	due->op.makes_room = true; /* erasures, on a full disk too */
	batch_add(r, due);
	r->dispatch_due = true;
}

static void router_care(void *ctx)
{
	struct router *r = ctx;
	bool more = false;
	int bad = store_checkpoint(r->store);

	if (bad == STORE_UNKNOWN_OUTCOME) {
		log_error("checkpoint_unknown", "%s", "");
		exit(1); /* restarted, it replays what is on disk */
	}
	if (bad)
		log_warn("checkpoint_failed", "wal=busy");
	if (store_housekeep(r->store, HOUSEKEEP_ROWS, &more))
		log_warn("housekeep_failed", "rows=%d", HOUSEKEEP_ROWS);
}

static bool key_has_role(const struct router *r, const char *public_key, const char *role)
{
	int i;

	for (i = 0; i < r->conf->curve_keys; i++)
		if (!strcmp(r->conf->curve_key[i].public_key, public_key))
			return !strcmp(r->conf->curve_key[i].role, role);
	return keyring_curve_role(r->public, role, public_key);
}

/* The domain is the socket's role; hints (no domain) are for the front ends. On the ZAP thread: what is read does not change. */
static bool zap_allow(const char *public_key, const char *domain, void *ctx)
{
	const struct router *r = ctx;

	if (*domain)
		return key_has_role(r, public_key, domain);
	return key_has_role(r, public_key, "web") || key_has_role(r, public_key, "intake");
}

static int curve_open(struct router *r, struct sock_curve *curve, char **why)
{
	struct keyring_curve *keys = NULL;

	if (keyring_router_load(r->conf->data_dir, &keys, why) || keyring_public_load(r->conf->data_dir, &r->public, why))
		return -1;
	curve->server = true;
	memcpy(curve->public_key, keys->curve_public, sizeof(curve->public_key));
	memcpy(curve->secret_key, keys->curve_secret, sizeof(curve->secret_key));
	seal_locked_free(&keys);
	return sock_zap_start(zap_allow, r, r->conf->curve_provisioning);
}

static int endpoint_bind(struct router *r, const char *role, const struct sock_curve *curve, enum sock_kind kind,
                         struct sock **out, char **why)
{
	AUTO(mem_free) char *endpoint = conf_endpoint(r->conf, role);
	bool tcp = !strncmp(endpoint, "tcp:", 4);
	int bad = kind == SOCK_ROUTER ? sock_bind_role(endpoint, role, tcp ? curve : NULL, out)
	                              : sock_bind(kind, endpoint, tcp ? curve : NULL, out);

	if (bad) {
		*why = mem_format("The bus socket \"%s\" cannot be bound: %s.", role,
		                  bad == SOCK_ADDRESS_TAKEN ? "another program has it" :
		                  bad == SOCK_BAD_ADDRESS   ? "its address is not lawful, or the folder is not ours and 0750" :
		                                              "the system refused it");
		return -1;
	}
	if (tcp && kind == SOCK_ROUTER && sock_curve_selftest(endpoint, curve->public_key)) {
		*why = mem_format("The bus socket \"%s\" let an unknown key in; refusing to start.", role);
		return -1;
	}
	return 0;
}

static bool conf_has_tcp(const struct conf *conf)
{
	const struct conf_endpoint *const all[] = { &conf->bus_intake, &conf->bus_web, &conf->bus_worker, &conf->bus_open,
		                                    &conf->bus_hints };
	size_t i;

	for (i = 0; i < ARRAY_LEN(all); i++)
		if (!strncmp(all[i]->address, "tcp:", 4))
			return true;
	return false;
}

static int sockets_open(struct router *r, char **why)
{
	struct sock_curve curve = { 0 };
	int i;

	if (conf_has_tcp(r->conf) && curve_open(r, &curve, why))
		return -1;
	for (i = 0; i < ROLE_COUNT; i++) {
		if (endpoint_bind(r, role_name((enum role)i), &curve, SOCK_ROUTER, &r->sock[i], why))
			return -1;
		role_ctx[i] = (struct role_ctx){ r, (enum role)i };
		loop_sock(r->loop, r->sock[i], role_ready, &role_ctx[i]);
	}
	return endpoint_bind(r, "hints", &curve, SOCK_PUB, &r->hints, why);
}

static int desks_sync(struct store *store, struct store_op *op)
{
	return store_desks_sync(store, ((struct call *)op)->router->conf);
}

static int store_ready(struct router *r, char **why)
{
	AUTO(mem_free) char *path = conf_db(r->conf, "qingting.db");
	struct call *c;
	struct store_op *ops[1];
	int bad = store_open_write(path, r->keys->row, &r->store, why);

	if (bad)
		return -1;
	c = call_new(r, ROLE_WORKER, NULL, NULL);
	c->op.run = desks_sync;
	ops[0] = &c->op;
	bad = store_apply(r->store, ops, 1);
	call_free(&c);
	if (bad) {
		*why = mem_text("The desks of the configuration could not be written to the store.");
		return -1;
	}
	if (store_event_cursor(r->store, r->cursor))
		return -1;
	return found_import(r, why);
}

static int calendar_ready(struct router *r, char **why)
{
	AUTO(mem_free) char *file = conf_etc(r->conf, "calendar-CN.conf");

	return calendar_load(file, &r->calendar, why) ? -1 : 0;
}

int router_open(const struct conf *conf, struct loop *loop, int argc UNUSED, char **argv UNUSED, void **room, char **why)
{
	struct router *r = mem_new(sizeof(*r));
	const char *unserved = verbs_check();

	*room = r;
	r->conf = conf;
	r->loop = loop;
	r->leases = lease_table_new();
	if (unserved) {
		*why = mem_format("The message %s has no verb; this build is incomplete.", unserved);
		return -1;
	}
	if (seal_init() || keyring_row_load(conf->data_dir, &r->keys, why) || calendar_ready(r, why) ||
	    store_ready(r, why) || sockets_open(r, why))
		return -1;
	r->peers = peers_new(r->sock, worker_lost, r);
	r->dispatch_due = true;
	loop_before_wait(loop, router_turn, r);
	loop_every(loop, conf->heartbeat_ms, router_tick, r);
	loop_every(loop, 1000, router_care, r);
	return 0;
}

void router_drain(void *room)
{
	struct router *r = room;

	r->draining = true;
	foreign_close(r); /* a worker may take longer than we may */
}

void router_close(void **room)
{
	struct router *r = *room;
	int i;

	if (!r)
		return;
	*room = NULL;
	while (r->store && r->batch_count)
		batch_commit(r);
	mem_free(&r->batch);
	foreign_close(r);
	peers_free(&r->peers);
	for (i = 0; i < ROLE_COUNT; i++)
		sock_close(&r->sock[i]);
	sock_close(&r->hints);
	sock_end(); /* the last answers leave; and nobody asks zap_allow any more */
	store_close(&r->store);
	lease_table_free(&r->leases);
	calendar_free(&r->calendar);
	keyring_public_free(&r->public);
	seal_locked_free(&r->keys);
	mem_free(&r);
}
