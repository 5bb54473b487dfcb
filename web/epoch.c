/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Epochs: ours, made at start and every epoch_ms, announced to the router before its first use; and those of other
 * sealers, learnt from their rows and kept only when their signature is of a known sealer.
 */
#include "epoch.h"

#include "clock.h"
#include "json.h"
#include "log.h"
#include "mem.h"
#include <string.h>

int epoch_learn(struct web *web, const char *sealer, int64_t number)
{
	struct seal_epoch_row row = { 0 };
	struct epoch_row stored;
	int r;

	if (seal_book_knows(web->book, number))
		return 0;
	r = store_epoch_get(web->store, sealer, number, &stored);
	if (r || stored.public.bytes != sizeof(row.public) || stored.signature.bytes != sizeof(row.signature))
		return r ? r : 1;
	strncpy(row.sealer, stored.sealer, sizeof(row.sealer) - 1);
	row.number = number;
	row.made_at_ms = stored.made_at;
	memcpy(row.public, stored.public.data, sizeof(row.public));
	memcpy(row.signature, stored.signature.data, sizeof(row.signature));
	return seal_book_add(web->book, &row);
}

struct announcing {
	struct web *web;
	struct seal_epoch *epoch;
};

static void announced(const struct bus_answer *answer, void *ctx)
{
	struct announcing *a = ctx;

	if (answer->status == 200) {
		seal_epoch_drop(&a->web->epoch);
		a->web->epoch = steal(&a->epoch);
	} else {
		log_warn("epoch_not_announced", "status=%d", answer->status);
		loop_after(a->web->loop, 500, epoch_turn, a->web);
	}
	seal_epoch_drop(&a->epoch);
	mem_free(&a);
}

void epoch_turn(void *ctx)
{
	struct web *web = ctx;
	struct announcing *a = mem_new(sizeof(*a));
	const struct seal_epoch_row *row;
	json_t *body;

	a->web = web;
	a->epoch = seal_epoch_new(&web->keys->sealer, clock_wall_ms());
	row = seal_epoch_row(a->epoch);
	body = json_pack("{s:s, s:I, s:I}", "sealer", row->sealer, "number", (json_int_t)row->number, "made_at",
	                 (json_int_t)row->made_at_ms);
	json_set_hex(body, "public", row->public, sizeof(row->public));
	json_set_hex(body, "signature", row->signature, sizeof(row->signature));
	bus_call(web->bus, "epoch.put", body, NULL, 10000, announced, a);
}
