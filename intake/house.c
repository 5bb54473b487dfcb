/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keeps the router's word on the desks fresh: asked every few seconds, and at once after start. A silent router leaves the last word
 * standing; the portal then says the telephone numbers when a request cannot be kept.
 */
#include "house.h"

#include "clock.h"
#include "json.h"
#include "mem.h"
#include <string.h>

enum { ASK_MS = 5000, ASK_SOON_MS = 300, STALE_MS = 20000, REGION_DIGITS = 4 };

struct house {
	struct intake *intake;
	struct timer *timer;
	json_t *service;
	int64_t heard_at_ms;
	bool asking, closed;
};

static void ask(void *ctx);

static void told(const struct bus_answer *answer, void *ctx)
{
	struct house *h = ctx;

	h->asking = false;
	if (h->closed) {
		json_release(&h->service);
		mem_free(&h);
		return;
	}
	if (answer->status == 200) {
		json_release(&h->service);
		h->service = json_deep_copy(answer->body);
		h->heard_at_ms = clock_mono_ms();
	}
	h->timer = loop_after(h->intake->loop, house_open(h) ? ASK_MS : ASK_SOON_MS, ask, h);
}

static void ask(void *ctx)
{
	struct house *h = ctx;

	h->timer = NULL;
	h->asking = true;
	bus_call(h->intake->bus, "intake.service", json_object(), NULL, ASK_MS, told, h);
}

struct house *house_new(struct intake *intake)
{
	struct house *h = mem_new(sizeof(*h));

	h->intake = intake;
	h->service = json_object();
	ask(h);
	return h;
}

void house_free(struct house **house)
{
	struct house *h = steal(house);

	if (!h)
		return;
	loop_cancel(h->intake->loop, &h->timer);
	h->closed = true;
	if (h->asking)
		return; /* told() frees it */
	json_release(&h->service);
	mem_free(&h);
}

bool house_open(const struct house *h)
{
	return json_bool(h->service, "open", false);
}

bool house_heard(const struct house *h)
{
	return h->heard_at_ms && clock_mono_ms() - h->heard_at_ms < STALE_MS;
}

const json_t *house_service(const struct house *h)
{
	return h->service;
}

int64_t house_reply_by(const struct house *h, const char *kind)
{
	json_t *desks = json_object_get(h->service, "desks"), *desk;
	size_t i;

	json_array_foreach(desks, i, desk)
		if (!strcmp(json_text(desk, "kind"), kind))
			return json_int(desk, "reply_by", 0);
	return 0;
}

const struct conf_site *house_site(const struct conf *conf, const char *region)
{
	int i;

	for (i = 0; region && strlen(region) >= REGION_DIGITS && i < conf->sites; i++)
		if (!strncmp(conf->site[i].id, region, REGION_DIGITS))
			return &conf->site[i];
	return &conf->site[0];
}

const char *house_desk(const struct conf *conf, const char *choice)
{
	const struct conf_desk *desk = conf_desk(conf, !choice || !strcmp(choice, "unsure") ? conf->duty_desk : choice);

	return desk && desk->open ? desk->kind : NULL;
}

const char *house_choice(const char *choice)
{
	return choice && strcmp(choice, "unsure") ? choice : NULL;
}
