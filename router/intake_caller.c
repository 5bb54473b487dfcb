/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Verbs of a caller who has come back: open with the code, read replies, write back, wishes. Every one proves the code anew; every
 * refusal of an unknown ticket looks like that of a wrong code. Withdraw and erase are wishes: the hand on the phone may be another's.
 */
#include "facts.h"
#include "work.h"

#include "mem.h"
#include "seal.h"
#include <stdio.h>
#include <string.h>

enum { READ_PAGE = 10, TIMELINE_MAX = 200 };

static int wrong_code(struct call *c)
{
	return call_refuse(c, 403, "wrong_code", "Ticket and code do not fit.");
}

/* The case of "ticket" if "auth" fits; equal answers for whatever does not. */
static int caller_case(struct call *c, struct work *w)
{
	static const uint8_t nobody[STORE_HASH_BYTES];
	uint8_t auth[32];
	int r;

	*w = (struct work){ 0 };
	json_hex(c->in, "auth", auth, sizeof(auth));
	r = call_case(c, &w->row);
	if (r < 0)
		return r;
	if (r || !w->row.has_caller) {
		bool fits = seal_auth_check(auth, nobody); /* equal work */

		return fits && r ? r : wrong_code(c);
	}
	if (!seal_auth_check(auth, w->row.caller_hash))
		return wrong_code(c);
	return work_facts(c, w, CASE_ROLE_CALLER);
}

int work_caller(struct call *c, struct work *w)
{
	int r = caller_case(c, w);

	if (!r && json_int(c->in, "caller_epoch", 0) != w->row.caller_epoch)
		return call_refuse(c, 401, "ended", "This session was ended; open the ticket again with its code.");
	return r;
}

static int intake_open(struct call *c)
{
	struct work w;
	struct wrap_row wrap;
	int64_t before;
	int r = caller_case(c, &w);

	if (r)
		return r;
	r = store_wrap_get(c->store, w.row.id, "caller", 0, 1, &wrap);
	if (r == STORE_NONE)
		return call_refuse(c, 409, "erased", "The words of this ticket are destroyed; begin a new request.");
	if (r)
		return r;
	before = w.row.caller_opened_at;
	w.row.caller_opened_at = c->now;
	r = work_keep(c, &w, "caller_opened", 0, NULL);
	c->out = json_pack("{s:I, s:I, s:I}", "caller_epoch", (json_int_t)w.row.caller_epoch, "caller_opened_at",
	                   (json_int_t)before, "n", (json_int_t)w.row.messages);
	json_set_hex(c->out, "uid", w.row.uid, sizeof(w.row.uid));
	msg_add(&c->blobs_out, wrap.blob.data, wrap.blob.bytes);
	return r;
}

static const struct {
	const char *kind, *what;
	bool once;
} timeline_words[] = {
	{ "submitted", "received", true }, { "claimed", "seen", true },       { "opened", "seen", true },
	{ "reply", "replied", false },     { "closed", "closed", false },     { "reopened", "reopened", false },
	{ "withdrawn", "withdrawn", true },
};

static int timeline(struct call *c, const struct case_row *row, json_t *list)
{
	struct event_row *events;
	bool told[ARRAY_LEN(timeline_words)] = { 0 }, seen = false;
	size_t n, i, k;
	int r = store_event_of_case(c->store, row->id, 0, TIMELINE_MAX, &events, &n);

	for (i = 0; !r && i < n; i++) {
		for (k = 0; k < ARRAY_LEN(timeline_words) && strcmp(timeline_words[k].kind, events[i].kind); k++)
			;
		if (k == ARRAY_LEN(timeline_words) || (timeline_words[k].once && told[k]))
			continue;
		if (!strcmp(timeline_words[k].what, "seen") && seen)
			continue;
		seen = seen || !strcmp(timeline_words[k].what, "seen");
		told[k] = true;
		json_array_append_new(list, json_pack("{s:I, s:s}", "at", (json_int_t)events[i].at, "what", timeline_words[k].what));
	}
	return r;
}

/* A reply the caller now sees for the first time. */
static int mark_seen(struct call *c, const struct work *w, const struct message_row *m)
{
	int r;

	if (m->seen_at || strcmp(m->kind, "reply"))
		return 0;
	r = store_message_seen(c->store, w->row.id, m->n);
	return r == STORE_NONE ? 0 : r ? r : work_event(c, w, "seen", m->n, NULL);
}

static bool shows_message(const struct call *c, const struct case_row *row, const struct message_row *m)
{
	if (m->recalled_at || !m->blob.bytes)
		return false;
	return strcmp(m->kind, "message") || row->show_own || m->at >= json_int(c->in, "since", INT64_MAX);
}

static int read_messages(struct call *c, const struct work *w, json_t *list, bool *more)
{
	struct message_row *rows;
	size_t n, i;
	int r = store_message_list(c->store, w->row.id, json_int(c->in, "after", -1), READ_PAGE + 1, "message,reply,system", true,
	                           &rows, &n);

	*more = !r && n > READ_PAGE;
	for (i = 0; !r && i < n && i < READ_PAGE; i++) {
		const struct message_row *m = &rows[i];
		json_t *item;
		char author[32] = "caller";

		if (!shows_message(c, &w->row, m))
			continue;
		if (m->author)
			snprintf(author, sizeof(author), "person:%lld", (long long)m->author);
		item = json_pack("{s:I, s:I, s:s, s:s, s:s, s:s}", "n", (json_int_t)m->n, "at", (json_int_t)m->at, "from",
		                 !strcmp(m->kind, "message") ? "you" : !strcmp(m->kind, "reply") ? "counselor" : "system", "alias",
		                 m->alias, "kind", m->kind, "author", author);
		json_set_hex(item, "key_id", m->key_id, sizeof(m->key_id));
		json_array_append_new(list, item);
		msg_add(&c->blobs_out, m->blob.data, m->blob.bytes);
		r = mark_seen(c, w, m);
	}
	if (*more)
		json_object_set_new(c->out, "after", json_integer(rows[READ_PAGE - 1].n));
	return r;
}

static int intake_read(struct call *c)
{
	struct work w;
	struct desk_row desk;
	struct site_row site;
	json_t *messages, *times;
	bool more = false, hidden;
	char ticket[13];
	int r = work_caller(c, &w);

	if (!r)
		r = store_desk_get(c->store, w.row.desk, &desk);
	if (!r)
		r = store_site_get(c->store, w.row.site, &site);
	if (r)
		return r;
	hidden = w.row.erase_at || w.row.marks & CASE_MARK_ERASED;
	call_ticket(c, w.row.id, ticket);
	messages = json_array();
	times = json_array();
	c->out = json_pack("{s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:b, s:b, s:b, s:I, s:o, s:o, s:b}", "ticket", ticket, "state",
	                   case_state_text(w.row.state), "desk", desk.kind, "opened_at", (json_int_t)w.row.opened_at,
	                   "last_opened_at", (json_int_t)w.row.caller_opened_at, "reply_by", (json_int_t)w.row.reply_by, "erase_at",
	                   (json_int_t)w.row.erase_at, "withdrawn", w.row.withdrawn_at != 0, "rated",
	                   (w.row.marks & CASE_MARK_RATED) != 0, "can_rate",
	                   w.row.state == CASE_CLOSED && !(w.row.marks & CASE_MARK_RATED), "version", (json_int_t)w.row.version,
	                   "timeline", times, "messages", messages, "show_own", w.row.show_own);
	if (!hidden)
		r = timeline(c, &w.row, times);
	if (!r && !hidden)
		r = read_messages(c, &w, messages, &more);
	json_object_set_new(c->out, "site", json_string(site.id));
	json_object_set_new(c->out, "more", json_boolean(more));
	json_object_set_new(c->out, "high_risk", json_boolean(w.row.risk >= 2));
	return r;
}

/* A message under its own key; its key to the responsible desk's worker; a wrap for the psych desk rides along. */
static int say_seal(struct call *c, struct work *w, int64_t *number)
{
	struct message_row m = { .case_id = w->row.id, .n = -1, .kind = "message", .blob = call_blob(c, 0),
		                 .risk = (int)json_int(c->in, "risk", 0) };
	struct seal_wrap_head bundle, crisis;
	struct job_row job = { .case_id = w->row.id, .bundle = call_blob(c, 1), .crisis_wrap = call_blob(c, 2), .sealer = "intake",
		               .generation = json_int(c->in, "worker_generation", 1), .epoch = json_int(c->in, "epoch", 0) };
	struct desk_row desk;
	char service[64];
	int r;

	json_hex(c->in, "message_id", m.key_id, sizeof(m.key_id));
	if (!m.blob.bytes || m.blob.bytes > BOOK_BLOB_BYTES_MAX ||
	    seal_wrap_head(job.bundle.data, job.bundle.bytes, &bundle) || bundle.cargo != SEAL_CARGO_MESSAGE ||
	    seal_wrap_head(job.crisis_wrap.data, job.crisis_wrap.bytes, &crisis) || crisis.cargo != SEAL_CARGO_CASE)
		return call_refuse(c, 400, "bad_blob", "A message comes sealed, with its bundle and a wrap for the psych desk.");
	r = store_message_add(c->store, &m);
	if (!r)
		r = store_desk_get(c->store, w->row.desk, &desk);
	if (r)
		return r;
	snprintf(service, sizeof(service), "desk.%s", desk.kind);
	job.service = service;
	job.n = *number = m.n;
	w->row.messages = m.n + 1;
	c->router->dispatch_due = true;
	return store_job_add(c->store, &job);
}

static int intake_say(struct call *c)
{
	struct work w;
	const struct conf *conf = c->router->conf;
	bool closed;
	int64_t n = 0;
	int r = work_caller(c, &w);

	if (!r && w.row.marks & CASE_MARK_ERASED)
		return call_refuse(c, 409, "erased", "The words of this ticket are destroyed; begin a new request.");
	closed = !r && w.row.state == CASE_CLOSED;
	if (!r)
		r = work_do(c, &w, CASE_ON_CALLER_MESSAGE);
	if (!r)
		r = say_seal(c, &w, &n);
	if (r)
		return r;
	if (!w.row.oldest_at)
		w.row.oldest_at = c->now;
	if (closed) {
		w.row.disposition = NULL;
		w.row.closed_at = w.row.closing_by = 0;
		w.row.marks &= ~(unsigned)CASE_MARK_RATED;
	}
	w.row.screen_until = c->now + (json_int(c->in, "risk", 0) >= 2 ? conf->unscreened_yes_ms : conf->unscreened_ms);
	w.row.reply_by = calendar_reply_by(conf, c->router->calendar, "", (int)json_int(c->in, "risk", 0), c->now);
	r = work_keep(c, &w, "message", n, NULL);
	if (!r && closed)
		r = work_event(c, &w, "reopened", 0, NULL);
	c->status = 201;
	c->out = json_pack("{s:I, s:I, s:s}", "n", (json_int_t)n, "reply_by", (json_int_t)w.row.reply_by, "state",
	                   case_state_text(w.row.state));
	return r;
}

static int intake_facts(struct call *c)
{
	struct work w;
	int tick = (int)json_int(c->in, "tick", 0);
	int r = work_caller(c, &w);

	if (!r)
		r = facts_take(c, &w.row, false);
	if (!r)
		r = work_do(c, &w, CASE_ON_FACTS);
	if (r)
		return r;
	w.row.show_own = json_bool(c->in, "show_own", w.row.show_own);
	if (tick > w.row.tick)
		w.row.tick = tick;
	if (w.row.risk < w.row.tick) { /* a tick may only raise */
		w.row.risk = w.row.tick;
		r = work_event(c, &w, "risk", w.row.risk, NULL);
	}
	return r ? r : work_keep(c, &w, "facts", 0, NULL);
}

static int wish_answer(struct call *c, const char *what, int64_t when)
{
	c->out = json_pack("{s:s, s:I}", "what", what, "when", (json_int_t)when);
	return 0;
}

/* Keeps a case the caller wishes ended; where the table let it close, it is closed as withdrawn. */
static int wish_keep(struct call *c, struct work *w, const char *kind)
{
	bool closes = w->row.state == CASE_CLOSED && !w->row.closed_at;
	int r;

	if (closes) {
		w->row.disposition = "withdrawn";
		w->row.closed_at = c->now;
		w->row.oldest_at = w->row.screen_until = w->row.lease_until = 0;
	}
	r = work_keep(c, w, kind, 0, NULL);
	return !r && closes ? work_event(c, w, "closed", 0, "withdrawn") : r;
}

static int intake_withdraw(struct call *c)
{
	struct work w;
	int r = work_caller(c, &w);

	if (r)
		return r;
	if (w.row.state >= CASE_CLOSED)
		return wish_answer(c, "done", c->now);
	r = work_do(c, &w, CASE_ON_WITHDRAW);
	if (r)
		return r;
	w.row.withdrawn_at = c->now;
	r = wish_keep(c, &w, "withdrawn");
	/* Where the case goes on (a risk, a task, an open complaint) the wish is told to the people who have it. */
	wish_answer(c, w.row.state == CASE_CLOSED ? "done" : "asked", c->now);
	return r;
}

static int intake_erase(struct call *c)
{
	struct work w;
	int r = work_caller(c, &w);

	if (r)
		return r;
	if (w.row.erase_at || w.row.marks & CASE_MARK_ERASED)
		return wish_answer(c, w.row.erase_at ? "planned" : "done", w.row.erase_at ? w.row.erase_at : c->now);
	r = work_do(c, &w, CASE_ON_ERASE);
	if (r < 0)
		return r;
	if (r) { /* held by a risk, a task, an open complaint: a person decides, and is told */
		r = work_event(c, &w, "erase_asked", 0, NULL);
		call_hint(c, w.row.uid);
		c->status = 200;
		json_release(&c->out);
		wish_answer(c, "asked", 0);
		return r;
	}
	w.row.erase_at = c->now + c->router->conf->erase_after_ms;
	r = wish_keep(c, &w, "erase_planned");
	wish_answer(c, "planned", w.row.erase_at);
	return r;
}

static int intake_erase_stop(struct call *c)
{
	struct work w;
	int r = work_caller(c, &w);

	if (r)
		return r;
	if (w.row.marks & CASE_MARK_ERASED)
		return call_refuse(c, 409, "erased", "The words of this ticket are destroyed already.");
	if (!w.row.erase_at)
		return wish_answer(c, "done", c->now);
	w.row.erase_at = 0;
	r = work_keep(c, &w, "erase_stopped", 0, NULL);
	wish_answer(c, "done", c->now);
	return r;
}

static int intake_exit(struct call *c)
{
	struct work w;
	int r = work_caller(c, &w);

	if (r)
		return r;
	w.row.caller_epoch++;
	return store_case_save(c->store, &w.row);
}

static int intake_another(struct call *c)
{
	struct work w;
	int r = work_caller(c, &w);

	if (!r)
		r = work_event(c, &w, "another", 0, NULL);
	if (!r)
		call_hint(c, w.row.uid);
	return r;
}

static int intake_live(struct call *c)
{
	struct work w;
	const char *act = json_text(c->in, "do");
	char kind[32];
	int r = work_caller(c, &w);

	if (r)
		return r;
	call_hint(c, w.row.uid);
	if (!strcmp(act, "typing"))
		return 0; /* the hint alone */
	if (!strcmp(act, "end"))
		w.row.live = false;
	snprintf(kind, sizeof(kind), "live_%s", act);
	return work_keep(c, &w, kind, 0, NULL);
}

/* Invisible to the desk: no event of the case tells of it. */
static int intake_complaint(struct call *c)
{
	struct complaint_row row = { .generation = json_int(c->in, "generation", 1), .epoch = json_int(c->in, "epoch", 0),
		                     .blob = call_blob(c, 0), .wrap = call_blob(c, 1) };
	struct work w;
	int r = work_caller(c, &w);

	if (r)
		return r;
	row.case_id = w.row.id;
	row.due_at = calendar_close_by(c->router->conf, c->router->calendar, "", "complaint", c->now);
	json_hex(c->in, "message_id", row.key_id, sizeof(row.key_id));
	r = store_complaint_add(c->store, &row);
	c->status = 201;
	return r;
}

const struct verb verbs_caller[] = {
	{ "intake.open", intake_open, true },
	{ "intake.read", intake_read, true },
	{ "intake.say", intake_say, false },
	{ "intake.facts", intake_facts, false },
	{ "intake.withdraw", intake_withdraw, false },
	{ "intake.erase", intake_erase, true },
	{ "intake.erase_stop", intake_erase_stop, true },
	{ "intake.exit", intake_exit, true },
	{ "intake.another", intake_another, true },
	{ "intake.live", intake_live, true },
	{ "intake.complaint", intake_complaint, true },
	{ 0 },
};
