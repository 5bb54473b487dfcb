/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every call has in common: the first answer to a key again, who the session belongs to, refusing in a sentence. Runs inside
 * a batch. Knows rows of sessions and answers; the verbs know the rest.
 */
#include "call.h"

#include "clock.h"
#include "log.h"
#include "mem.h"
#include "seal.h"
#include "text.h"
#include "ticket.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct verb *const families[] = { verbs_intake, verbs_caller, verbs_rate, verbs_session, verbs_case, verbs_close, verbs_words,
	                                       verbs_assign, verbs_task,   verbs_contact, verbs_staff, verbs_hint };

const struct verb *verb_find(const struct book_row *row)
{
	const struct verb *v;
	size_t i;

	for (i = 0; i < ARRAY_LEN(families); i++)
		for (v = families[i]; v->name; v++)
			if (!strcmp(v->name, row->name))
				return v;
	return NULL;
}

const char *verbs_check(void)
{
	size_t count, i;
	const struct book_row *rows = book_rows(&count);

	for (i = 0; i < count; i++)
		if (!verb_find(&rows[i]))
			return rows[i].name;
	return NULL;
}

struct call *call_new(struct router *router, enum role role, const struct book_row *row, int (*verb)(struct call *))
{
	struct call *c = mem_new(sizeof(*c));

	c->op.run = call_run;
	c->router = router;
	c->role = role;
	c->row = row;
	c->verb = verb;
	return c;
}

void call_free(struct call **call)
{
	struct call *c = steal(call);

	if (!c)
		return;
	msg_clear(&c->request);
	msg_clear(&c->blobs_out);
	json_release(&c->in);
	json_release(&c->out);
	mem_free(&c->text);
	mem_free(&c->ctx);
	mem_free(&c);
}

int call_refuse(struct call *c, int status, const char *error, const char *fmt, ...)
{
	va_list ap;
	char *detail = NULL;

	va_start(ap, fmt);
	if (vasprintf(&detail, fmt, ap) < 0)
		detail = NULL;
	va_end(ap);
	c->status = status;
	mem_free(&c->text);
	json_release(&c->out);
	c->out = json_pack("{s:s, s:s}", "error", error, "detail", detail ? detail : "");
	msg_clear(&c->blobs_out);
	mem_free(&detail);
	return 1;
}

void call_hint(struct call *c, const uint8_t uid[STORE_UID_BYTES])
{
	if (c->hints < CALL_HINTS_MAX)
		memcpy(c->hint[c->hints++], uid, STORE_UID_BYTES);
}

struct store_blob call_blob(const struct call *c, size_t i)
{
	if (i >= c->blobs)
		return (struct store_blob){ 0 };
	return (struct store_blob){ c->request.frame[c->blob + i].data, c->request.frame[c->blob + i].bytes };
}

int call_case(struct call *c, struct case_row *row)
{
	int64_t id;
	int r;

	if (ticket_read(c->router->keys->ticket, json_text(c->in, "ticket"), &id))
		return call_refuse(c, 404, "not_found", "There is no such ticket.");
	r = store_case_get(c->store, id, row);
	if (r == STORE_NONE)
		return call_refuse(c, 404, "not_found", "There is no such ticket.");
	if (r == STORE_DAMAGED)
		return call_refuse(c, 409, "damaged", "The facts of this case were altered outside the router; it is frozen.");
	return r;
}

void call_ticket(const struct call *c, int64_t case_id, char out[13])
{
	ticket_write(c->router->keys->ticket, case_id, out);
}

bool person_has_desk(const struct person *p, int64_t desk)
{
	size_t i;

	for (i = 0; i < p->desks; i++)
		if (p->desk[i] == desk)
			return true;
	return false;
}

static int person_fill(struct call *c, const struct session_row *session)
{
	struct person *p = &c->who;
	struct staff_row staff;
	int64_t *desks;
	size_t n;
	int r = store_staff_get(c->store, session->staff, &staff);

	if (r == STORE_NONE || (!r && (!strcmp(staff.state, "disabled") || !strcmp(staff.state, "left"))))
		return call_refuse(c, 401, "signed_out", "This person no longer works here.");
	if (r)
		return r;
	*p = (struct person){ .id = staff.id, .session = session->id, .roles = staff.roles, .site = staff.site,
		              .capacity = staff.capacity, .must_change = staff.must_change };
	snprintf(p->user, sizeof(p->user), "%s", staff.user);
	snprintf(p->name, sizeof(p->name), "%s", staff.name);
	r = store_staff_desks(c->store, staff.id, &desks, &n);
	if (r)
		return r;
	p->desks = n < CALL_DESKS_MAX ? n : CALL_DESKS_MAX;
	if (p->desks)
		memcpy(p->desk, desks, p->desks * sizeof(*desks));
	return 0;
}

/* The router authorises: every order names the session, and the session is looked at anew each time. */
static int call_session(struct call *c)
{
	const struct conf *conf = c->router->conf;
	struct session_row session;
	uint8_t sid[32], hash[STORE_HASH_BYTES];
	int r;

	if (json_hex(c->in, "session", sid, sizeof(sid)) != sizeof(sid))
		return call_refuse(c, 401, "signed_out", "Sign in again.");
	seal_auth_hash(sid, hash);
	r = store_session_find(c->store, hash, &session);
	if (r < 0)
		return r;
	if (r || session.ended_at || c->now > session.until_at || c->now > session.used_at + conf->staff_idle_ms)
		return call_refuse(c, 401, "signed_out", "The session has ended; sign in again.");
	r = person_fill(c, &session);
	if (r)
		return r;
	if (c->who.must_change && strcmp(c->row->name, "order.password") && strcmp(c->row->name, "order.session_end"))
		return call_refuse(c, 403, "must_change", "Set a new password first.");
	return 0;
}

/* The digest of a keyed call: the sender's (of the plaintext), or ours of what was asked. The session is left out: a person who signs in
 * again between a lost answer and the retry asks for the same thing. */
static void call_digest(const struct call *c, uint8_t digest[32])
{
	AUTO(mem_free) char *text = NULL;
	json_t *asked;

	if (json_hex(c->in, "digest", digest, 32) == 32)
		return;
	asked = json_copy(c->in);
	json_object_del(asked, "session");
	text = json_dumps(asked, JSON_COMPACT | JSON_SORT_KEYS);
	json_release(&asked);
	seal_hash(digest, 32, NULL, "call", text, strlen(text));
}

/* 0: not seen before. 1: answered (the first answer again, or 409). < 0 fault. */
static int call_again(struct call *c, struct answer_row *answer)
{
	struct answer_row first;
	int r;

	if (json_hex(c->in, "key", answer->key, sizeof(answer->key)) != sizeof(answer->key))
		return call_refuse(c, 400, "key_missing", "This message needs an idempotency key.");
	call_digest(c, answer->digest);
	r = store_answer_find(c->store, answer->key, &first);
	if (r == STORE_NONE)
		return 0;
	if (r)
		return r;
	if (!text_same(first.digest, answer->digest, sizeof(first.digest)))
		return call_refuse(c, 409, "key_reused", "This idempotency key was used for another request.");
	c->status = first.status;
	json_release(&c->out);
	if (json_read(first.body, strlen(first.body), &c->out))
		c->out = json_object();
	json_object_set_new(c->out, "again", json_true());
	return 1;
}

static int call_keep(struct call *c, struct answer_row *answer)
{
	answer->at = c->now;
	answer->status = c->status;
	answer->body = c->text;
	return store_answer_keep(c->store, answer);
}

/* What it says: one object of the row's fields, and as many blobs as the row has. */
static int call_read(struct call *c)
{
	const struct frame *f = &c->request.frame[c->blob - 1];
	AUTO(mem_free) char *why = NULL;

	if (json_read(f->data, f->bytes, &c->in))
		return call_refuse(c, 400, "not_json", "The first body frame must be one JSON object.");
	return book_check(c->row, c->in, c->blobs, &why) ? call_refuse(c, 400, "bad_message", "%s", why) : 0;
}

static void call_write(struct call *c)
{
	if (!c->text)
		c->text = c->out ? json_write(c->out) : mem_text("{}");
	json_release(&c->out);
}

static int call_act(struct call *c)
{
	unsigned flags = c->row ? c->row->flags : 0;
	struct answer_row answer;
	int r = c->row ? call_read(c) : 0;

	if (!r && flags & BOOK_SESSION)
		r = call_session(c);
	if (!r && flags & BOOK_KEY) {
		r = call_again(c, &answer);
		if (r == 1 && c->status < 400)
			return 0;
	}
	if (!r)
		r = c->verb(c);
	if (r > 0 && c->row && c->status < 400) { /* a verb let a store's outcome through: all is undone, so it must not read as done */
		log_error("verb_outcome", "message=%s outcome=%d", c->row->name, r);
		call_refuse(c, 409, "not_possible", "Something this needs is not there any more; nothing was changed.");
	}
	if (!r && flags & BOOK_KEY && c->status < 400) {
		call_write(c);
		r = call_keep(c, &answer);
	}
	return r;
}

/* A batch holds hundreds: what is not needed after the run goes at once, and its memory serves the next. */
int call_run(struct store *store, struct store_op *op)
{
	struct call *c = (struct call *)op;
	int r;

	c->store = store;
	c->now = store_now(store);
	c->status = 200;
	r = call_act(c);
	if (!c->row)
		return r;
	call_write(c);
	if (!c->after) {
		json_release(&c->in);
		msg_clear(&c->request);
	}
	return r;
}
