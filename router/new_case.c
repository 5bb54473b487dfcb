/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Builds the row of a new case and what belongs to it: wraps, messages, the contact; then writes all of it. Checks everything that can be
 * checked without a key: names, generations, epochs and lengths of what is sealed.
 */
#include "new_case.h"

#include "facts.h"

#include "mem.h"
#include "seal.h"
#include "text.h"
#include <string.h>

static int read_place(struct call *c, struct work *w, struct desk_row *desk)
{
	struct site_row site;
	int r = store_site_find(c->store, json_text(c->in, "site"), &site);

	if (!r)
		r = store_desk_find_kind(c->store, site.num, json_text(c->in, "desk"), desk);
	if (r > 0)
		return call_refuse(c, 400, "no_desk", "This house has no such desk.");
	if (r)
		return r;
	if (!desk->open)
		return call_refuse(c, 400, "desk_closed", "This desk takes no new cases.");
	w->row.site = site.num;
	w->row.desk = desk->num;
	return 0;
}

/* The case of "continues": its ticket and the proof that the caller holds its code. */
static int read_continues(struct call *c, struct case_row *row)
{
	json_t *chain = json_object_get(c->in, "continues");
	struct case_row earlier;
	uint8_t auth[32];
	json_t *in = c->in;
	int r;

	if (!chain)
		return 0;
	if (!json_text(chain, "ticket") || json_hex(chain, "auth", auth, sizeof(auth)) != sizeof(auth))
		return call_refuse(c, 400, "bad_continues", "An earlier ticket is named with its proof.");
	c->in = chain; /* call_case reads "ticket" of what is in */
	r = call_case(c, &earlier);
	c->in = in;
	if (r < 0)
		return r;
	if (r || !earlier.has_caller || !seal_auth_check(auth, earlier.caller_hash))
		return call_refuse(c, 403, "wrong_code", "Ticket and code of the earlier request do not fit.");
	row->continues = earlier.id;
	return 0;
}

static const char *hits_text(struct call *c)
{
	json_t *hits = json_object_get(c->in, "hits");
	AUTO(mem_free) char *text = hits ? json_write(hits) : NULL;

	if (!text)
		return "[]";
	json_object_set_new(c->in, "hits text", json_string(text));
	return json_text(c->in, "hits text");
}

static void set_clocks(struct call *c, struct case_row *row, const struct desk_row *desk)
{
	const struct conf *conf = c->router->conf;

	row->opened_at = row->oldest_at = c->now;
	row->reply_by = calendar_reply_by(conf, c->router->calendar, desk->kind, row->risk, c->now);
	row->due_at = calendar_close_by(conf, c->router->calendar, desk->kind, row->kind, c->now);
	row->screen_until = c->now + (row->risk >= 2 ? conf->unscreened_yes_ms : conf->unscreened_ms);
}

static int read_row(struct call *c, struct work *w, struct desk_row *desk)
{
	struct case_row *row = &w->row;
	int r;

	*row = (struct case_row){ .state = CASE_SCREENING, .version = 1, .caller_epoch = 1, .kind = "consult", .urgency = "normal",
		                  .relation = "self", .age_band = "unsaid", .gender = "unsaid", .region = "", .category = "",
		                  .groups = "[]", .prefer = "{}", .lang = "zh-CN" };
	r = read_place(c, w, desk);
	if (!r)
		r = facts_take(c, row, c->role == ROLE_WEB);
	if (!r)
		r = read_continues(c, row);
	if (r)
		return r;
	json_hex(c->in, "uid", row->uid, sizeof(row->uid));
	row->channel = json_text(c->in, "channel");
	row->tick = (int)json_int(c->in, "tick", 0);
	row->risk = (int)json_int(c->in, "risk", 0);
	if (row->risk < row->tick)
		row->risk = row->tick;
	row->marks = (json_bool(c->in, "unsure", false) ? CASE_MARK_UNSURE : 0) |
	             (row->tick == 2 ? CASE_MARK_TICK_YES : row->tick == 1 ? CASE_MARK_TICK_UNSURE : 0);
	row->live = json_bool(c->in, "live", false);
	row->hits = hits_text(c);
	row->has_caller = json_hex(c->in, "caller_hash", row->caller_hash, sizeof(row->caller_hash)) != 0;
	set_clocks(c, row, desk);
	return 0;
}

size_t new_case_wrap_count(const struct call *c)
{
	return json_array_size(json_object_get(c->in, "wraps"));
}

static int read_caller_wrap(struct call *c, const struct case_row *row, struct wrap_row *wrap)
{
	wrap->target = "caller";
	wrap->sealer = "intake";
	if (!row->has_caller || wrap->blob.bytes != SEAL_CALLER_WRAP_BYTES)
		return call_refuse(c, 400, "bad_wrap", "The caller's wrap has another length, or its proof is missing.");
	return 0;
}

static int read_desk_wrap(struct call *c, const struct new_case *n, const char *name, struct wrap_row *wrap)
{
	struct desk_row desk = n->desk;
	struct seal_wrap_head head;

	if (strncmp(name, "desk:", 5) || (strcmp(name + 5, desk.id) && store_desk_find(c->store, name + 5, &desk)) ||
	    desk.site != n->w.row.site)
		return call_refuse(c, 400, "bad_wrap", "A wrap is for the caller or for a desk of the site.");
	if (seal_wrap_head(wrap->blob.data, wrap->blob.bytes, &head) || wrap->blob.bytes != SEAL_WRAP_CASE_BYTES ||
	    head.cargo != SEAL_CARGO_CASE || head.epoch != json_int(c->in, "epoch", 0) || head.generation != desk.generation)
		return call_refuse(c, 400, "bad_wrap", "A wrap is sealed for another generation or epoch than it says.");
	wrap->target = "desk";
	wrap->desk = desk.num;
	wrap->generation = head.generation;
	wrap->epoch = head.epoch;
	return 0;
}

static int read_wraps(struct call *c, struct new_case *n, size_t first, const char *sealer)
{
	json_t *names = json_object_get(c->in, "wraps"), *name;
	size_t i;

	json_array_foreach(names, i, name) {
		struct wrap_row *wrap = &n->wrap[n->wraps++];
		const char *text = json_string_value(name);
		int r;

		*wrap = (struct wrap_row){ .sealer = sealer, .note_key = 1, .blob = call_blob(c, first + i) };
		if (!text || !wrap->blob.data)
			return call_refuse(c, 400, "bad_wrap", "Each wrap is named and carried as one frame.");
		r = !strcmp(text, "caller") ? read_caller_wrap(c, &n->w.row, wrap) : read_desk_wrap(c, n, text, wrap);
		if (r)
			return r;
	}
	return 0;
}

/* A case nobody of its desk could read is no case. */
static int wrap_for_desk(struct call *c, const struct new_case *n)
{
	size_t i;

	for (i = 0; i < n->wraps; i++)
		if (!strcmp(n->wrap[i].target, "desk") && n->wrap[i].desk == n->desk.num)
			return 0;
	return call_refuse(c, 400, "bad_wrap", "The case is not sealed to its own desk.");
}

/* Blob i as a message of a kind. id: the field of the body with its message id. */
static int read_message(struct call *c, const struct case_row *row, size_t i, const char *kind, const char *id, struct message_row *m)
{
	*m = (struct message_row){ .kind = kind, .author = c->who.id, .blob = call_blob(c, i), .risk = row->risk, .hits = row->hits,
		                   .note_key = strcmp(kind, "message") ? 1 : 0 };
	if (!m->blob.bytes || m->blob.bytes > BOOK_BLOB_BYTES_MAX)
		return call_refuse(c, 400, "bad_blob", "A sealed body is missing or too long.");
	if (json_hex(c->in, id, m->key_id, sizeof(m->key_id)) != sizeof(m->key_id))
		return call_refuse(c, 400, "bad_blob", "A sealed body comes with its message id.");
	return 0;
}

int new_case_read(struct call *c, struct new_case *n, const char *kind, size_t first, const char *sealer)
{
	size_t wraps = new_case_wrap_count(c);
	bool contact = json_text(c->in, "contact_id") != NULL;
	int r;

	memset(n, 0, sizeof(*n));
	if (c->blobs != first + wraps + contact || wraps > NEW_CASE_WRAPS_MAX)
		return call_refuse(c, 400, "bad_message", "The sealed frames are %s, each wrap, and the contact if any.",
		                   first > 1 ? "message, bundle" : kind);
	r = read_row(c, &n->w, &n->desk);
	if (!r)
		r = read_wraps(c, n, first, sealer);
	if (!r)
		r = wrap_for_desk(c, n);
	if (!r)
		r = read_message(c, &n->w.row, 0, kind, "message_id", &n->words);
	if (!r && contact)
		r = read_message(c, &n->w.row, first + wraps, "contact", "contact_id", &n->contact);
	n->contact.n = 1;
	n->w.row.messages = contact ? 2 : 1;
	return r;
}

static int keep_contact(struct call *c, const struct case_row *row, const char *type, int64_t began_at, int64_t seconds)
{
	json_t *facts = facts_json(row);
	AUTO(mem_free) char *text = json_write(facts);
	struct contact_row contact = { .site = row->site, .channel = row->channel, .type = type, .began_at = began_at,
		                       .seconds = seconds, .staff = c->who.id, .case_id = row->id, .facts = text };

	json_release(&facts);
	return store_contact_add(c->store, &contact);
}

/* A case that is being screened waits nowhere yet. */
static int keep_queues(struct call *c, struct work *w)
{
	int r;

	if (w->row.state == CASE_SCREENING)
		return 0;
	r = work_facts(c, w, c->who.roles);
	return r ? r : queue_settle(c, w);
}

int new_case_keep(struct call *c, struct new_case *n, const char *type, int64_t began_at, int64_t seconds)
{
	struct case_row *row = &n->w.row;
	size_t i;
	int r = store_case_insert(c->store, row);

	for (i = 0; !r && i < n->wraps; i++) {
		n->wrap[i].case_id = row->id;
		r = store_wrap_put(c->store, &n->wrap[i]);
	}
	n->words.case_id = n->contact.case_id = row->id;
	if (!r)
		r = store_message_add(c->store, &n->words);
	if (!r && n->contact.kind)
		r = store_message_add(c->store, &n->contact);
	if (!r)
		r = keep_contact(c, row, type, began_at, seconds);
	if (!r)
		r = keep_queues(c, &n->w);
	if (!r)
		r = work_event(c, &n->w, "submitted", row->risk, NULL);
	call_hint(c, row->uid);
	return r;
}

int new_case_answer(struct call *c, const struct case_row *row)
{
	char ticket[13];

	call_ticket(c, row->id, ticket);
	c->status = 201;
	json_release(&c->out);
	c->out = json_pack("{s:s, s:s, s:I, s:i, s:I}", "ticket", ticket, "state", case_state_text(row->state), "reply_by",
	                   (json_int_t)row->reply_by, "risk", row->risk, "version", (json_int_t)row->version);
	json_set_hex(c->out, "uid", row->uid, sizeof(row->uid));
	return 0;
}
