/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The four doors of the router: receives what is there, tells the dialect, and turns client requests into calls. Role is the socket a
 * peer came in by, never what it says. Malformed frames get `400` or nothing, and a strike; they never reach the store.
 */
#include "call.h"

#include "clock.h"
#include "log.h"
#include "mem.h"
#include <stdio.h>
#include <string.h>

static const unsigned book_role[ROLE_COUNT] = {
	[ROLE_INTAKE] = BOOK_INTAKE, [ROLE_WEB] = BOOK_WEB, [ROLE_OPEN] = BOOK_OPEN, [ROLE_WORKER] = 0
};

void answer_send(struct slot **slot, int status, json_t *json, struct msg *blobs)
{
	char *text = json ? json_write(json) : NULL;

	json_release(&json);
	answer_text(slot, status, text, blobs);
}

void answer_text(struct slot **slot, int status, char *json, struct msg *blobs)
{
	struct msg out = { 0 };
	char text[8];
	size_t i;

	if (!*slot) {
		mem_free(&json);
		return;
	}
	snprintf(text, sizeof(text), "%d", status);
	msg_add_text(&out, text);
	if (json)
		msg_take(&out, (uint8_t *)json, strlen(json));
	for (i = 0; blobs && i < blobs->count; i++) {
		msg_take(&out, blobs->frame[i].data, blobs->frame[i].bytes);
		blobs->frame[i] = (struct frame){ 0 };
	}
	if (blobs)
		blobs->count = 0;
	slot_answer(slot, &out);
}

static void answer_refuse(struct slot **slot, int status, const char *error, const char *detail)
{
	answer_send(slot, status, json_pack("{s:s, s:s}", "error", error, "detail", detail), NULL);
}

/* 8/MMI: mmi.service → 200 or 404; everything else 501. */
static void mmi_request(struct router *r, enum role role, struct slot *slot, const char *service, const struct msg *m,
                        size_t body)
{
	struct msg out = { 0 };
	const char *code = "501";

	if (!strcmp(service, "mmi.service")) {
		const struct frame *f = body < m->count ? &m->frame[body] : NULL;
		const struct book_row *row = f ? book_find((const char *)f->data, f->bytes) : NULL;
		bool known = f && role == ROLE_OPEN && foreign_known(r, (const char *)f->data, f->bytes);

		code = known || (row && row->roles & book_role[role]) ? "200" : "404";
	}
	msg_add_text(&out, code);
	slot_answer(&slot, &out);
}

/* A message of the book: into the batch, where it is read and checked. Takes the message. */
static void book_request(struct router *r, enum role role, struct slot *slot, const struct book_row *row, struct msg *m,
                         size_t body)
{
	const struct verb *verb = verb_find(row);
	struct call *c;

	if (!(row->roles & book_role[role])) {
		log_warn("message_refused", "role=%s message=%s", role_name(role), row->name);
		answer_refuse(&slot, 403, "not_allowed", "This message is not for this socket.");
		return;
	}
	if (body >= m->count) {
		answer_refuse(&slot, 400, "not_json", "The first body frame must be one JSON object.");
		return;
	}
	c = call_new(r, role, row, verb->run);
	c->op.validates = verb->checks_first;
	c->request = *m;
	*m = (struct msg){ 0 };
	c->blob = body + 1;
	c->blobs = c->request.count - c->blob;
	c->slot = steal(&slot);
	batch_add(r, c);
}

static void client_heard(struct router *r, enum role role, struct msg *m, const struct wire *w)
{
	const struct book_row *row = book_find((const char *)w->service->data, w->service->bytes);
	char service[128] = "";
	struct slot *slot;

	if (w->verb != WIRE_REQUEST)
		return;
	slot = peer_ask(r->peers, role, &m->frame[0], w->dialect, w->service, clock_mono_ms());
	if (!slot) {
		log_warn("client_flood", "role=%s", role_name(role));
		return;
	}
	memcpy(service, w->service->data, w->service->bytes < 127 ? w->service->bytes : 127);
	if (r->draining)
		answer_refuse(&slot, 503, "closing", "The router is closing; send it again.");
	else if (!strncmp(service, "mmi.", 4))
		mmi_request(r, role, slot, service, m, w->body);
	else if (row)
		book_request(r, role, slot, row, m, w->body);
	else if (role == ROLE_OPEN && !strncmp(service, "titanic.", 8))
		titanic_request(r, slot, service, m, w->body);
	else
		foreign_request(r, role, slot, service, m, w->body);
}

/* A message whose routing id alone is known: nothing to answer in, only a strike. */
void door_strike(struct router *r, enum role role, const struct msg *m, const char *what)
{
	int strikes = m->count ? peer_strike(r->peers, role, &m->frame[0], clock_mono_ms()) : 0;

	if (strikes == 1) /* the others are counted: a flood of them must not fill the disk with lines */
		log_warn("frames_refused", "role=%s why=%s", role_name(role), what);
	if (strikes == PEER_STRIKES_MAX + 1)
		log_warn("peer_struck_out", "role=%s", role_name(role));
}

static void door_message(struct router *r, enum role role, struct msg *m)
{
	static const char *const outcomes[] = { [WIRE_BAD_HEADER] = "header", [WIRE_BAD_VERB] = "verb",
		                                [WIRE_BAD_COUNT] = "count",   [WIRE_BAD_EMPTY] = "empty",
		                                [WIRE_BAD_SERVICE] = "service" };
	struct wire w;
	int bad = wire_read(m, 1, &w);

	if (peer_struck_out(r->peers, role, &m->frame[0], clock_mono_ms()))
		bad = 0;
	else if (bad)
		door_strike(r, role, m, outcomes[bad]);
	else if (w.side == WIRE_CLIENT && role != ROLE_WORKER)
		client_heard(r, role, m, &w);
	else if (w.side == WIRE_WORKER && (role == ROLE_WORKER || role == ROLE_OPEN))
		worker_heard(r, role, m, &w);
	else
		door_strike(r, role, m, "side");
	msg_clear(m);
}

void door_receive(struct router *r, enum role role)
{
	struct msg m = { 0 };
	int i, got;

	for (i = 0; i < r->conf->batch_max; i++) {
		got = sock_receive(r->sock[role], &m);
		if (got == SOCK_EMPTY)
			break;
		if (got == SOCK_OVERSIZE)
			door_strike(r, role, &m, "oversize");
		else if (!got)
			door_message(r, role, &m);
		msg_clear(&m);
		if (r->batch_count >= (size_t)r->conf->batch_max)
			batch_commit(r);
	}
}
