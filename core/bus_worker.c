/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The worker end of the bus: READY, at most one request, its answer, and a heartbeat every second in between. The
 * lease token (MDP's client address) is echoed, never read. When the line is lost while a request is held, the
 * lease is lost with it: the handler may finish, what it says is thrown away, and only then is the next request
 * asked for.
 */
#include "bus.h"
#include "bus_line.h"
#include "clock.h"
#include "json.h"
#include "log.h"
#include "mem.h"
#include "wire.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

enum { BEAT_MS = 1000, SILENCE_MS = 10000 };

struct bus_worker {
	struct loop *loop;
	struct bus_line *line;
	struct timer *beat;
	char *service;
	void (*handle)(struct bus_worker *w, json_t *body, const struct msg *m, size_t first, void *ctx);
	void *ctx;
	bool holding; /* the handler has body and m */
	bool leased;  /* and the router still counts on this connection for it */
	json_t *body;
	struct msg m;
	struct frame address; /* in m */
	int64_t free_at;      /* when the last request was released */
};

/* A router may be silent while we work and while it commits our answer; not for long while we wait for work. */
static bool worker_in_silence(const struct bus_worker *w)
{
	int64_t heard_at = bus_line_heard_at(w->line);

	return !w->holding && (heard_at > w->free_at ? heard_at : w->free_at) + SILENCE_MS <= clock_mono_ms();
}

static void worker_send(struct bus_worker *w, enum wire_verb verb, const char *status, json_t *body)
{
	struct msg m = { 0 };

	if (verb == WIRE_READY)
		wire_write(&m, WIRE_02, WIRE_WORKER, verb, w->service, strlen(w->service));
	else
		wire_write(&m, WIRE_02, WIRE_WORKER, verb, w->address.data, w->address.bytes);
	if (status)
		msg_add_text(&m, status);
	if (body) {
		char *text = json_write(body);

		msg_take(&m, (uint8_t *)text, strlen(text));
	}
	if (bus_line_send(w->line, &m) && verb != WIRE_HEARTBEAT)
		log_warn("worker_send", "verb=%d outcome=not_sent", verb);
	msg_clear(&m);
}

static void worker_ready(struct bus_worker *w)
{
	if (!w->holding && bus_line_is_up(w->line))
		worker_send(w, WIRE_READY, NULL, NULL);
}

static void worker_release(struct bus_worker *w)
{
	json_decref(w->body);
	w->body = NULL;
	msg_clear(&w->m);
	w->address = (struct frame){ NULL, 0 };
	w->holding = w->leased = false;
	w->free_at = clock_mono_ms();
}

static void worker_up(void *ctx)
{
	worker_ready(ctx);
}

static void worker_down(void *ctx)
{
	struct bus_worker *w = ctx;

	if (w->leased)
		log_warn("worker_lease_lost", "service=%s", w->service);
	w->leased = false;
}

/* DISCONNECT gives back whatever the router thinks we hold; READY follows on the next connection. */
static void worker_disconnect(struct bus_worker *w)
{
	if (bus_line_is_up(w->line))
		worker_send(w, WIRE_DISCONNECT, NULL, NULL);
	bus_line_drop(w->line, true);
	worker_down(w);
}

static void worker_request(struct bus_worker *w, const struct msg *m, const struct wire *in)
{
	msg_copy(&w->m, m);
	w->address = w->m.frame[in->address - m->frame];
	w->holding = w->leased = true;
	w->handle(w, w->body, &w->m, in->body + 1, w->ctx);
}

/* Why we cannot go on with this router as we are; NULL when we can. Parses the body of a request. */
static const char *message_doubt(struct bus_worker *w, const struct msg *m, struct wire *in)
{
	if (!m)
		return "oversize";
	if (wire_read(m, 0, in) || in->dialect != WIRE_02 || in->side != WIRE_WORKER)
		return "malformed";
	if (in->verb == WIRE_HEARTBEAT || in->verb == WIRE_DISCONNECT)
		return NULL;
	if (in->verb != WIRE_REQUEST)
		return "not_for_a_worker";
	if (w->holding)
		return "second_request";
	return json_read(m->frame[in->body].data, m->frame[in->body].bytes, &w->body) ? "malformed_body" : NULL;
}

static void worker_message(const struct msg *m, void *ctx)
{
	struct bus_worker *w = ctx;
	struct wire in;
	const char *why = message_doubt(w, m, &in);

	if (why) {
		log_warn("bus_protocol", "why=%s service=%s", why, w->service);
		worker_disconnect(w);
	} else if (in.verb == WIRE_REQUEST) {
		worker_request(w, m, &in);
	} else if (in.verb == WIRE_HEARTBEAT) {
		bus_line_healthy(w->line);
	} else {
		log_info("worker_disconnected", "service=%s", w->service);
		bus_line_drop(w->line, false);
		worker_down(w);
	}
}

static const struct bus_line_owner worker_owner = { worker_up, worker_down, worker_message };

static void worker_beat(void *ctx)
{
	struct bus_worker *w = ctx;

	bus_line_receive(w->line);
	if (!bus_line_is_up(w->line))
		return;
	if (worker_in_silence(w)) {
		log_warn("worker_silence", "service=%s", w->service);
		bus_line_drop(w->line, false);
		return;
	}
	worker_send(w, WIRE_HEARTBEAT, NULL, NULL);
}

int bus_worker_open(struct loop *loop, const char *endpoint, const struct sock_curve *curve, const char *service,
                    void (*handle)(struct bus_worker *w, json_t *body, const struct msg *m, size_t first, void *ctx),
                    void *ctx, struct bus_worker **out)
{
	AUTO(bus_worker_close) struct bus_worker *w = mem_new(sizeof(*w));
	int rc;

	w->loop = loop;
	w->service = mem_text(service);
	w->handle = handle;
	w->ctx = ctx;
	rc = bus_line_open(loop, endpoint, curve, &worker_owner, w, &w->line);
	if (rc)
		return rc;
	w->beat = loop_every(loop, BEAT_MS, worker_beat, w);
	*out = steal(&w);
	return 0;
}

void bus_worker_refuse(struct bus_worker *w, int status, json_t *body)
{
	char digits[12];

	assert(w->holding && status >= 100 && status <= 999);
	snprintf(digits, sizeof(digits), "%d", status);
	if (w->leased) {
		worker_send(w, WIRE_FINAL, digits, body);
		bus_line_healthy(w->line);
		worker_release(w);
	} else {
		log_warn("worker_late", "service=%s", w->service);
		worker_release(w);
		worker_ready(w);
	}
	json_decref(body);
}

void bus_worker_reply(struct bus_worker *w, json_t *body)
{
	bus_worker_refuse(w, 200, body);
}

void bus_worker_progress(struct bus_worker *w)
{
	if (w->leased)
		worker_send(w, WIRE_PARTIAL, "200", NULL);
}

void bus_worker_give_back(struct bus_worker *w)
{
	bool leased = w->leased;

	assert(w->holding);
	w->leased = false;
	if (leased)
		worker_disconnect(w);
	worker_release(w);
	if (!leased)
		worker_ready(w);
}

bool bus_worker_connected(const struct bus_worker *w)
{
	return bus_line_is_up(w->line) && !worker_in_silence(w);
}

void bus_worker_close(struct bus_worker **out)
{
	struct bus_worker *w = steal(out);

	if (!w)
		return;
	loop_cancel(w->loop, &w->beat);
	if (w->line && bus_line_is_up(w->line))
		worker_send(w, WIRE_DISCONNECT, NULL, NULL);
	bus_line_close(&w->line);
	worker_release(w);
	mem_free(&w->service);
	mem_free(&w);
}
