/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keeps answers until there is company, shuffles, sends. The order of arrival is forgotten here; what leaves carries desk, month and
 * values only.
 */
#include "rating.h"

#include "json.h"
#include "mem.h"

enum { COMPANY = 5, WAIT_MS = 24 * 3600 * 1000, SEND_MS = 15000 };

struct ratings {
	struct intake *intake;
	json_t *items;
	struct timer *timer;
};

struct giving {
	struct intake *intake;
	json_t *request;
	void (*done)(int status, json_t *answer, void *ctx);
	void *ctx;
};

/* A batch on its way keeps its own key, so a resend doubles nothing. */
static void sent(const struct bus_answer *answer UNUSED, void *ctx UNUSED)
{
}

static void ratings_send(struct ratings *r)
{
	json_t *body, *shuffled = json_array();
	uint8_t key[32];

	while (json_array_size(r->items)) {
		uint32_t random;

		seal_random(&random, sizeof(random));
		random %= (uint32_t)json_array_size(r->items);
		json_array_append(shuffled, json_array_get(r->items, random));
		json_array_remove(r->items, random);
	}
	seal_random(key, sizeof(key));
	body = json_pack("{s:o}", "items", shuffled);
	json_set_hex(body, "key", key, sizeof(key));
	bus_call(r->intake->bus, "intake.ratings", body, NULL, SEND_MS, sent, r);
}

static void ratings_late(void *ctx)
{
	struct ratings *r = ctx;

	r->timer = NULL;
	if (json_array_size(r->items))
		ratings_send(r);
}

struct ratings *ratings_new(struct intake *intake)
{
	struct ratings *r = mem_new(sizeof(*r));

	r->intake = intake;
	r->items = json_array();
	return r;
}

void ratings_free(struct ratings **ratings)
{
	struct ratings *r = steal(ratings);

	if (!r)
		return;
	loop_cancel(r->intake->loop, &r->timer);
	json_release(&r->items);
	mem_free(&r);
}

static void marked(int status, json_t *answer, void *ctx)
{
	struct giving *g = ctx;
	struct ratings *r = g->intake->ratings;

	if (status == 200) {
		json_array_append_new(r->items, json_pack("{s:s, s:s, s:O, s:O, s:O}", "desk", json_text(answer, "desk"), "month",
		                                          json_text(answer, "month"), "heard", json_object_get(g->request, "heard"),
		                                          "helped", json_object_get(g->request, "helped"), "again",
		                                          json_object_get(g->request, "again")));
		if (json_array_size(r->items) >= COMPANY)
			ratings_send(r);
		else if (!r->timer)
			r->timer = loop_after(r->intake->loop, WAIT_MS, ratings_late, r);
	}
	g->done(status == 200 ? 201 : status, answer, g->ctx);
	json_release(&g->request);
	mem_free(&g);
}

void rating_give(struct intake *intake, const struct caller *caller, json_t *request,
                 void (*done)(int status, json_t *answer, void *ctx), void *ctx)
{
	struct giving *g = mem_new(sizeof(*g));

	*g = (struct giving){ intake, request, done, ctx };
	caller_order(intake, caller, "intake.rate", json_object(), marked, g);
}
