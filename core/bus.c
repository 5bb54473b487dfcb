/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The client end of the bus: calls in, answers out, over a few lines used in turn. MDP has no correlation id, so
 * each lane keeps its calls in the order sent and the head of that queue is what an answer answers. A call past
 * its deadline leaves its place in the queue behind (done is NULL), or every later answer would go to the wrong
 * caller. Everything sent twice is safe: requests carry an idempotency key or change nothing.
 */
#include "bus.h"

#include "bus_line.h"
#include "clock.h"
#include "json.h"
#include "log.h"
#include "mem.h"
#include "wire.h"

#include <assert.h>
#include <string.h>

enum { LANES_MAX = 8, WINDOW = 128, TICK_MS = 50, SILENCE_MS = 10000 };
enum { SERVICE_FRAME = 2 }; /* of a 0.2 client message */

struct call {
	struct call *next;
	struct msg m;
	int64_t deadline_at, sent_at;
	int otherwise; /* status when there is no answer */
	void (*done)(const struct bus_answer *answer, void *ctx);
	void *ctx;
};

struct queue {
	struct call *first, **last;
	size_t count;
};

struct lane {
	struct bus *bus;
	struct bus_line *line;
	struct queue sent, waiting;
};

struct bus {
	struct loop *loop;
	struct timer *tick;
	struct lane lanes[LANES_MAX];
	int count, turn;
	bool closing;
	struct queue refused; /* too much for one message, or made while closing: ended at the next tick */
	size_t pending;
};

static void queue_reset(struct queue *q)
{
	*q = (struct queue){ .first = NULL, .last = &q->first };
}

static void queue_add(struct queue *q, struct call *c)
{
	c->next = NULL;
	*q->last = c;
	q->last = &c->next;
	q->count++;
}

static struct call *queue_take(struct queue *q)
{
	struct call *c = q->first;

	if (!c)
		return NULL;
	q->first = c->next;
	if (!q->first)
		q->last = &q->first;
	q->count--;
	return c;
}

static void queue_move(struct queue *to, struct queue *from)
{
	*to = *from;
	if (!to->first)
		queue_reset(to);
	queue_reset(from);
}

static void call_free(struct call **c)
{
	msg_clear(&(*c)->m);
	mem_free(c);
}

/* Tells the caller, once; the call itself may live on as a place in the queue. */
static void call_end(struct bus *bus, struct call *c, const struct bus_answer *answer)
{
	void (*done)(const struct bus_answer *, void *) = c->done;

	if (!done)
		return;
	c->done = NULL;
	bus->pending--;
	done(answer, c->ctx);
}

static void call_fail(struct bus *bus, struct call *c)
{
	struct bus_answer none = { .status = c->otherwise };

	if (!c->done)
		return;
	none.body = json_object();
	call_end(bus, c, &none);
	json_decref(none.body);
}

static void queue_fail(struct bus *bus, struct queue *q)
{
	struct call *c;

	while ((c = queue_take(q))) {
		call_fail(bus, c);
		call_free(&c);
	}
}

static void lane_flush(struct lane *lane)
{
	while (lane->waiting.first && lane->sent.count < WINDOW) {
		struct call *c = lane->waiting.first;
		struct msg m = { 0 };

		if (!bus_line_is_up(lane->line))
			return;
		msg_copy(&m, &c->m);
		if (bus_line_send(lane->line, &m)) {
			msg_clear(&m); /* the tick tries again */
			return;
		}
		c->sent_at = clock_mono_ms();
		queue_add(&lane->sent, queue_take(&lane->waiting));
	}
}

/* What was sent and not answered goes back before what waits, in its order; places without a caller end here. */
static void lane_rewind(struct lane *lane)
{
	struct queue later;
	struct call *c;

	queue_move(&later, &lane->waiting);
	while ((c = queue_take(&lane->sent))) {
		if (c->done)
			queue_add(&lane->waiting, c);
		else
			call_free(&c);
	}
	while ((c = queue_take(&later)))
		queue_add(&lane->waiting, c);
}

static void lane_down(void *ctx)
{
	struct lane *lane = ctx;

	if (lane->sent.count)
		log_info("bus_resend", "calls=%zu", lane->sent.count);
	lane_rewind(lane);
}

static void lane_up(void *ctx)
{
	lane_flush(ctx);
}

/* An answer that cannot be matched makes every later one doubtful: this connection is over. */
static void lane_doubt(struct lane *lane, const char *why)
{
	log_warn("bus_protocol", "why=%s", why);
	bus_line_drop(lane->line, false);
	lane_down(lane);
}

static int status_read(const struct frame *f)
{
	int status = 0;

	if (f->bytes != 3)
		return 0;
	for (size_t i = 0; i < 3; i++) {
		if (f->data[i] < '0' || f->data[i] > '9')
			return 0;
		status = status * 10 + (f->data[i] - '0');
	}
	return status;
}

static void answer_deliver(struct bus *bus, struct call *c, const struct msg *m, size_t body)
{
	struct bus_answer a = { .status = status_read(&m->frame[body]), .m = m, .first = body + 1 };
	const struct frame *second = body + 1 < m->count ? &m->frame[body + 1] : NULL;

	if (second && second->bytes && second->data[0] == '{') {
		a.first++;
		if (json_read(second->data, second->bytes, &a.body))
			a.status = 0;
	}
	if (!a.status) {
		log_warn("bus_answer", "why=malformed");
		a.status = 503;
	}
	if (!a.body)
		a.body = json_object();
	call_end(bus, c, &a);
	json_decref(a.body);
}

/* Why an answer cannot be the head's; NULL when it can. */
static const char *answer_doubt(const struct call *c, const struct msg *m, struct wire *w)
{
	const struct frame *service = &c->m.frame[SERVICE_FRAME];

	if (wire_read(m, 0, w) || w->dialect != WIRE_02 || w->side != WIRE_CLIENT || w->verb == WIRE_REQUEST)
		return "malformed";
	if (w->service->bytes != service->bytes || memcmp(w->service->data, service->data, service->bytes) != 0)
		return "other_service";
	return NULL;
}

static void lane_message(const struct msg *m, void *ctx)
{
	struct lane *lane = ctx;
	struct call *c = lane->sent.first;
	struct wire w = { 0 };
	const char *why = !c ? "answer_to_nothing" : m ? answer_doubt(c, m, &w) : NULL;

	if (why) {
		lane_doubt(lane, why);
		return;
	}
	if (w.verb == WIRE_PARTIAL)
		return;
	queue_take(&lane->sent);
	bus_line_healthy(lane->line);
	if (m && c->done)
		answer_deliver(lane->bus, c, m, w.body);
	else
		call_fail(lane->bus, c); /* too big to be read: asking again would bring the same */
	call_free(&c);
	lane_flush(lane);
}

static const struct bus_line_owner lane_owner = { lane_up, lane_down, lane_message };

/* Ends what is past its deadline. A call in flight leaves its place behind; one that waits goes. */
static void lane_expire(struct lane *lane, int64_t now)
{
	struct queue waiting, over;
	struct call *c;

	for (c = lane->sent.first; c; c = c->next)
		if (c->deadline_at <= now)
			call_fail(lane->bus, c);
	queue_reset(&over);
	queue_move(&waiting, &lane->waiting);
	while ((c = queue_take(&waiting)))
		queue_add(c->deadline_at <= now ? &over : &lane->waiting, c);
	queue_fail(lane->bus, &over);
}

static void lane_tick(struct lane *lane)
{
	int64_t now;

	bus_line_receive(lane->line);
	now = clock_mono_ms();
	if (lane->sent.first && lane->sent.first->sent_at + SILENCE_MS <= now &&
	    bus_line_heard_at(lane->line) + SILENCE_MS <= now)
		lane_doubt(lane, "silence");
	lane_expire(lane, now);
	lane_flush(lane);
}

static void bus_tick(void *ctx);

/* Ticks only while there is something to watch over: an idle house sleeps. */
static void bus_tick_soon(struct bus *bus)
{
	bool busy = bus->pending > 0;

	for (int i = 0; i < bus->count && !busy; i++)
		busy = bus->lanes[i].sent.count > 0;
	if (busy && !bus->tick && !bus->closing)
		bus->tick = loop_after(bus->loop, TICK_MS, bus_tick, bus);
}

static void bus_tick(void *ctx)
{
	struct bus *bus = ctx;

	bus->tick = NULL;
	queue_fail(bus, &bus->refused);
	for (int i = 0; i < bus->count; i++)
		lane_tick(&bus->lanes[i]);
	bus_tick_soon(bus);
}

int bus_open(struct loop *loop, const char *endpoint, const struct sock_curve *curve, int lanes, struct bus **out)
{
	AUTO(bus_close) struct bus *bus = mem_new(sizeof(*bus));

	assert(lanes >= 1 && lanes <= LANES_MAX);
	bus->loop = loop;
	queue_reset(&bus->refused);
	for (; bus->count < lanes; bus->count++) {
		struct lane *lane = &bus->lanes[bus->count];
		int rc;

		lane->bus = bus;
		queue_reset(&lane->sent);
		queue_reset(&lane->waiting);
		rc = bus_line_open(loop, endpoint, curve, &lane_owner, lane, &lane->line);
		if (rc)
			return rc;
	}
	*out = steal(&bus);
	return 0;
}

void bus_close(struct bus **out)
{
	struct bus *bus = steal(out);

	if (!bus)
		return;
	bus->closing = true;
	loop_cancel(bus->loop, &bus->tick);
	for (int i = 0; i < bus->count; i++)
		bus_line_close(&bus->lanes[i].line);
	for (int i = 0; i < bus->count; i++) {
		queue_fail(bus, &bus->lanes[i].sent);
		queue_fail(bus, &bus->lanes[i].waiting);
	}
	queue_fail(bus, &bus->refused);
	mem_free(&bus);
}

/* In turn, but a line that is up before one that is not. */
static struct lane *lane_choose(struct bus *bus)
{
	struct lane *turn = &bus->lanes[bus->turn % bus->count];

	for (int i = 0; i < bus->count; i++) {
		struct lane *lane = &bus->lanes[(bus->turn + i) % bus->count];

		if (bus_line_is_up(lane->line) && lane->sent.count < WINDOW) {
			turn = lane;
			break;
		}
	}
	bus->turn = (bus->turn + 1) % bus->count;
	return turn;
}

/* Takes the frames of blobs; false when they are too many or too big for one message. */
static bool blobs_add(struct msg *m, struct msg *blobs)
{
	bool fits = !blobs || m->count + blobs->count <= SOCK_FRAMES_MAX;
	size_t bytes = 0;

	for (size_t i = 0; fits && blobs && i < blobs->count; i++)
		msg_take(m, steal(&blobs->frame[i].data), blobs->frame[i].bytes);
	if (blobs && fits)
		blobs->count = 0;
	else if (blobs)
		msg_clear(blobs);
	for (size_t i = 0; i < m->count; i++) {
		bytes += m->frame[i].bytes;
		fits = fits && m->frame[i].bytes <= SOCK_FRAME_BYTES_MAX;
	}
	return fits && bytes <= SOCK_MESSAGE_BYTES_MAX;
}

void bus_call(struct bus *bus, const char *service, json_t *body, struct msg *blobs, int64_t deadline_ms,
              void (*done)(const struct bus_answer *answer, void *ctx), void *ctx)
{
	struct call *c = mem_new(sizeof(*c));
	char *text = json_write(body);
	struct lane *lane;

	json_decref(body);
	*c = (struct call){ .otherwise = 503, .done = done, .ctx = ctx };
	c->deadline_at = clock_mono_ms() + deadline_ms;
	wire_write(&c->m, WIRE_02, WIRE_CLIENT, WIRE_REQUEST, service, strlen(service));
	assert(wire_service_ok(&c->m.frame[SERVICE_FRAME]));
	msg_take(&c->m, (uint8_t *)text, strlen(text));
	bus->pending++;
	if (!blobs_add(&c->m, blobs))
		c->otherwise = 413;
	if (c->otherwise == 413 || bus->closing) {
		queue_add(&bus->refused, c);
	} else {
		lane = lane_choose(bus);
		queue_add(&lane->waiting, c);
		lane_flush(lane);
	}
	bus_tick_soon(bus);
}

size_t bus_pending(const struct bus *bus)
{
	return bus->pending;
}
