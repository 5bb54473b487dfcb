/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Services of foreign workers on the open socket, and 9/TSP (Titanic): durable requests to any worker service. Bodies are stored as
 * they came, unsealed: the manual says so. A plain Majordomo client waits for its reply; a Titanic client comes back with an id.
 */
#include "call.h"

#include "mem.h"
#include "seal.h"
#include "text.h"
#include <string.h>

/* Who waits for the reply of a foreign job; gone after a restart, then the client asks again. */
struct waiting {
	UT_hash_handle hh;
	int64_t job;
	struct slot *slot;
};

/* Body frames as one blob: u32 big-endian length before each. */
void frames_pack(struct buf *out, const struct msg *m, size_t first)
{
	size_t i;

	for (i = first; i < m->count; i++) {
		uint32_t n = (uint32_t)m->frame[i].bytes;
		uint8_t head[4] = { (uint8_t)(n >> 24), (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n };

		buf_add(out, head, sizeof(head));
		buf_add(out, m->frame[i].data, n);
	}
}

void frames_unpack(struct msg *m, struct store_blob packed)
{
	const uint8_t *p = packed.data;
	size_t left = packed.bytes;

	while (left >= 4 && m->count < SOCK_FRAMES_MAX) {
		size_t n = (size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3];

		if (n > left - 4)
			return;
		msg_add(m, p + 4, n);
		p += 4 + n;
		left -= 4 + n;
	}
}

/* The order is that of titanic_verbs. */
static const char *const titanic_names[] = { "titanic.request", "titanic.reply", "titanic.close" };

static size_t titanic_verb(const char *service)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(titanic_names) && strcmp(titanic_names[i], service); i++)
		;
	return i;
}

struct foreign { /* ctx of the calls below */
	char service[128];
	uint8_t titanic[16];
	bool durable;     /* by titanic.request */
	int64_t job;
	size_t first;     /* first body frame of the request */
	struct slot *slot;
};

static int foreign_add(struct call *c)
{
	struct foreign *f = c->ctx;
	struct buf body = { 0 };
	struct job_row row = { .service = f->service, .n = -1 };
	int r;

	frames_pack(&body, &c->request, f->first);
	row.request = (struct store_blob){ body.data ? body.data : "", body.bytes };
	if (f->durable)
		row.titanic = (struct store_blob){ f->titanic, sizeof(f->titanic) };
	r = store_job_add(c->store, &row);
	f->job = row.id;
	buf_finish(&body);
	return r;
}

static void foreign_added(struct call *c)
{
	struct foreign *f = c->ctx;
	struct waiting *w;

	if (c->op.result) {
		answer_send(&f->slot, 503, NULL, NULL);
		return;
	}
	w = mem_new(sizeof(*w));
	w->job = f->job;
	w->slot = steal(&f->slot);
	HASH_ADD(hh, c->router->waiting, job, sizeof(w->job), w);
	if (c->router->draining)
		foreign_close(c->router);
}

static struct foreign *foreign_new(const char *service, size_t first)
{
	struct foreign *f = mem_new(sizeof(*f));

	strncpy(f->service, service, sizeof(f->service) - 1);
	f->first = first;
	return f;
}

bool foreign_known(struct router *r, const char *service, size_t bytes)
{
	if (strlen(service) != bytes || !strncmp(service, "desk.", 5))
		return false;
	return titanic_verb(service) < ARRAY_LEN(titanic_names) || workers_of(r->peers, service);
}

void foreign_request(struct router *r, enum role role, struct slot *slot, const char *service, struct msg *m, size_t body)
{
	struct foreign *f;
	struct call *c;

	if (role != ROLE_OPEN || !strncmp(service, "desk.", 5) || !workers_of(r->peers, service)) {
		answer_send(&slot, 404, json_pack("{s:s, s:s}", "error", "no_service", "detail",
		                                  "No worker serves this name here."), NULL);
		return;
	}
	f = foreign_new(service, body);
	f->slot = slot;
	c = call_new(r, role, NULL, foreign_add);
	c->request = *m;
	*m = (struct msg){ 0 };
	c->ctx = f;
	c->after = foreign_added;
	batch_add(r, c);
}

static struct waiting *waiting_find(struct router *r, int64_t job)
{
	struct waiting *w;

	HASH_FIND(hh, r->waiting, &job, sizeof(job), w);
	return w;
}

void foreign_reply(struct router *r, int64_t job, struct msg *body, size_t first)
{
	struct waiting *w = waiting_find(r, job);
	struct msg out = { 0 };
	size_t i;

	if (!w)
		return;
	for (i = first; i < body->count && out.count < SOCK_FRAMES_MAX; i++)
		msg_add(&out, body->frame[i].data, body->frame[i].bytes);
	slot_answer(&w->slot, &out);
	HASH_DEL(r->waiting, w);
	mem_free(&w);
}

void foreign_partial(struct router *r, int64_t job, const struct msg *body, size_t first)
{
	struct waiting *w = waiting_find(r, job);

	if (w)
		slot_partial(w->slot, body, first);
}

static void waiting_refuse(struct router *r, struct waiting *w, const char *error, const char *detail)
{
	answer_send(&w->slot, 503, json_pack("{s:s, s:s}", "error", error, "detail", detail), NULL);
	HASH_DEL(r->waiting, w);
	mem_free(&w);
}

void foreign_forget(struct router *r, int64_t job)
{
	struct waiting *w = waiting_find(r, job);

	if (w)
		waiting_refuse(r, w, "parked", "No worker could do it; an operator sees it.");
}

void foreign_close(struct router *r)
{
	struct waiting *w, *next;

	HASH_ITER(hh, r->waiting, w, next)
		waiting_refuse(r, w, "closing", "The router is closing before a worker answered; ask again.");
}

/* A Titanic answer: the code alone, or with what follows. */
static void titanic_answer(struct call *c, const char *code)
{
	struct msg out = { 0 };

	msg_add_text(&out, code);
	if (c->blobs_out.count) {
		size_t i;

		for (i = 0; i < c->blobs_out.count; i++)
			msg_add(&out, c->blobs_out.frame[i].data, c->blobs_out.frame[i].bytes);
	}
	slot_answer(&((struct foreign *)c->ctx)->slot, &out);
}

static void titanic_added(struct call *c)
{
	struct foreign *f = c->ctx;
	char id[33];

	if (c->op.result) {
		titanic_answer(c, "503");
		return;
	}
	hex_write(id, f->titanic, sizeof(f->titanic));
	msg_add_text(&c->blobs_out, id);
	titanic_answer(c, "200");
}

static int titanic_reply_run(struct call *c)
{
	struct foreign *f = c->ctx;
	struct job_row job;
	int r = store_job_find_titanic(c->store, f->titanic, &job);

	if (r < 0)
		return r;
	c->status = r ? 400 : strcmp(job.state, "done") ? 300 : 200;
	if (c->status == 200)
		frames_unpack(&c->blobs_out, job.reply);
	return 0;
}

static int titanic_close_run(struct call *c)
{
	struct foreign *f = c->ctx;
	struct job_row job;
	int r = store_job_find_titanic(c->store, f->titanic, &job);

	c->status = 200;
	return r ? (r < 0 ? r : 0) : store_job_delete(c->store, job.id);
}

static void titanic_done(struct call *c)
{
	char code[8];

	snprintf(code, sizeof(code), "%d", c->op.result ? 503 : c->status);
	titanic_answer(c, code);
}

static const struct {
	int (*run)(struct call *c);
	void (*after)(struct call *c);
} titanic_verbs[ARRAY_LEN(titanic_names)] = {
	{ foreign_add, titanic_added },
	{ titanic_reply_run, titanic_done },
	{ titanic_close_run, titanic_done },
};

/* Fills f from the first body frame: the service for a request, the id for the others. */
static bool titanic_read(struct foreign *f, const struct msg *m, size_t body, size_t verb)
{
	const struct frame *head = body < m->count ? &m->frame[body] : NULL;

	if (!head)
		return false;
	if (verb)
		return head->bytes == 32 && hex_read((const char *)head->data, f->titanic, 16) == 16;
	if (!wire_service_ok(head) || head->bytes >= sizeof(f->service) || body + 1 >= m->count ||
	    !strncmp((const char *)head->data, "desk.", 5))
		return false;
	memcpy(f->service, head->data, head->bytes);
	seal_random(f->titanic, sizeof(f->titanic));
	f->durable = true;
	f->first = body + 1;
	return true;
}

void titanic_request(struct router *r, struct slot *slot, const char *service, struct msg *m, size_t body)
{
	struct foreign *f = foreign_new("", body);
	struct msg code = { 0 };
	size_t verb = titanic_verb(service);
	struct call *c;

	if (verb == ARRAY_LEN(titanic_names) || !titanic_read(f, m, body, verb)) {
		msg_add_text(&code, verb == ARRAY_LEN(titanic_names) ? "501" : "400");
		slot_answer(&slot, &code);
		mem_free(&f);
		return;
	}
	f->slot = slot;
	c = call_new(r, ROLE_OPEN, NULL, titanic_verbs[verb].run);
	c->request = *m;
	*m = (struct msg){ 0 };
	c->ctx = f;
	c->after = titanic_verbs[verb].after;
	batch_add(r, c);
}
