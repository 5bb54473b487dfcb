/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes, announces and changes a sealer's epoch. The old one serves until the router has the new one; a refused or unanswered
 * announcement is made again with the same pair.
 */
#include "epochs.h"

#include "clock.h"
#include "json.h"
#include "log.h"
#include "mem.h"

enum { RETRY_MS = 300, ANNOUNCE_MS = 5000 };

struct epochs {
	struct loop *loop;
	struct bus *bus;
	const struct seal_identity *identity;
	struct seal_epoch *now, *coming;
	struct timer *period, *retry;
	bool announcing, closed;
};

static void announce(void *ctx);

static void announced(const struct bus_answer *answer, void *ctx)
{
	struct epochs *e = ctx;

	e->announcing = false;
	if (e->closed) {
		mem_free(&e);
		return;
	}
	if (answer->status == 200) {
		seal_epoch_drop(&e->now);
		e->now = steal(&e->coming);
		return;
	}
	log_warn("epoch_not_announced", "status=%d", answer->status);
	e->retry = loop_after(e->loop, RETRY_MS, announce, e);
}

static void announce(void *ctx)
{
	struct epochs *e = ctx;
	const struct seal_epoch_row *row = seal_epoch_row(e->coming);
	json_t *body = json_pack("{s:s, s:I, s:I}", "sealer", row->sealer, "number", (json_int_t)row->number, "made_at",
	                         (json_int_t)row->made_at_ms);

	e->retry = NULL;
	e->announcing = true;
	json_set_hex(body, "public", row->public, sizeof(row->public));
	json_set_hex(body, "signature", row->signature, sizeof(row->signature));
	bus_call(e->bus, "epoch.put", body, NULL, ANNOUNCE_MS, announced, e);
}

static void turn(void *ctx)
{
	struct epochs *e = ctx;

	if (e->coming)
		return; /* the last one is still being announced */
	e->coming = seal_epoch_new(e->identity, clock_wall_ms());
	announce(e);
}

struct epochs *epochs_new(struct loop *loop, struct bus *bus, const struct seal_identity *identity, int64_t period_ms)
{
	struct epochs *e = mem_new(sizeof(*e));

	e->loop = loop;
	e->bus = bus;
	e->identity = identity;
	e->period = loop_every(loop, period_ms, turn, e);
	turn(e);
	return e;
}

void epochs_free(struct epochs **epochs)
{
	struct epochs *e = steal(epochs);

	if (!e)
		return;
	loop_cancel(e->loop, &e->period);
	loop_cancel(e->loop, &e->retry);
	seal_epoch_drop(&e->now);
	seal_epoch_drop(&e->coming);
	e->closed = true;
	if (!e->announcing)
		mem_free(&e);
}

struct seal_epoch *epochs_now(const struct epochs *epochs)
{
	return epochs->now;
}
