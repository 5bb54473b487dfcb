/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The asking side of the bus tests: a call and what became of it, and answers of the scripted router, written by hand from
 * the tables of MDP 0.2.
 */
#ifndef QT_BUS_KIT_H
#define QT_BUS_KIT_H

#include "script_router.h"

enum { FOREVER_MS = 3600000, TRY_MS = 100, TICK_MS = 50, SILENCE_MS = 10000 };

struct asked {
	int times, status;
	int64_t n;       /* of the answer's JSON */
	size_t blobs;    /* of the answer */
	bool had_message;
	char first_blob[32];
	struct bus *again; /* ask once more from inside done */
	struct asked *next;
};

static inline void ask(struct bus *bus, const char *service, int n, int64_t deadline_ms, struct asked *a);

static inline void on_answer(const struct bus_answer *answer, void *ctx)
{
	struct asked *a = ctx;

	assert_non_null(answer->body);
	a->times++;
	a->status = answer->status;
	a->n = json_int(answer->body, "n", -1);
	a->had_message = answer->m != NULL;
	a->blobs = answer->m ? answer->m->count - answer->first : 0;
	if (a->blobs)
		snprintf(a->first_blob, sizeof(a->first_blob), "%s", (char *)answer->m->frame[answer->first].data);
	if (a->again)
		ask(a->again, "intake.again", 77, FOREVER_MS, a->next);
}

static inline void ask(struct bus *bus, const char *service, int n, int64_t deadline_ms, struct asked *a)
{
	bus_call(bus, service, json_pack("{s:i}", "n", n), NULL, deadline_ms, on_answer, a);
}

static inline struct bus *open_bus(struct script *s, int lanes)
{
	struct bus *bus = NULL;

	assert_int_equal(bus_open(s->loop, s->endpoint, NULL, lanes, &bus), 0);
	return bus;
}

/* MDP 0.2 FINAL (or another verb) to who sent request, written here by hand. */
static inline void answer_as(struct script *s, const struct msg *request, char verb, const char *service, const char *status,
                      const char *json, const char *blob)
{
	struct msg m = { 0 };

	msg_add(&m, request->frame[0].data, request->frame[0].bytes);
	msg_add_text(&m, "MDPC02");
	msg_add(&m, &verb, 1);
	msg_add_text(&m, service ? service : (char *)request->frame[3].data);
	if (status)
		msg_add_text(&m, status);
	if (json)
		msg_add_text(&m, json);
	if (blob)
		msg_add_text(&m, blob);
	script_send(s, &m);
}

static inline void answer(struct script *s, const struct msg *request, const char *status, const char *json, const char *blob)
{
	answer_as(s, request, 3, NULL, status, json, blob);
}

/* The request's own JSON, {"n":…}, is the answer. */
static inline void echo(struct script *s, const struct msg *request)
{
	answer(s, request, "200", (char *)request->frame[4].data, NULL);
}

static inline void until_done(struct script *s, const struct asked *a)
{
	while (!a->times)
		turn(s);
}

static inline void until_came_later(struct script *s, size_t n)
{
	while (s->count < n)
		later(s, TRY_MS);
}

#endif
