/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Builds the row of a new case and puts what belongs to it: wraps, messages, the contact. Checks everything that can be checked without
 * a key: names, generations, epochs and lengths of what is sealed.
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
	if (r)
		return r;
	if (!earlier.has_caller || !seal_auth_check(auth, earlier.caller_hash))
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

int new_case_read(struct call *c, struct work *w, struct desk_row *desk)
{
	struct case_row *row = &w->row;
	int r;

	*w = (struct work){ 0 };
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

static int wrap_caller(struct call *c, const struct case_row *row, struct store_blob blob)
{
	struct wrap_row wrap = { .case_id = row->id, .target = "caller", .sealer = "intake", .note_key = 1, .blob = blob };

	if (!row->has_caller || blob.bytes != SEAL_CALLER_WRAP_BYTES)
		return call_refuse(c, 400, "bad_wrap", "The caller's wrap has another length, or its proof is missing.");
	return store_wrap_put(c->store, &wrap);
}

static int wrap_desk(struct call *c, const struct case_row *row, const char *name, struct store_blob blob, const char *sealer)
{
	struct seal_wrap_head head;
	struct desk_row desk;
	struct wrap_row wrap;
	int r;

	if (strncmp(name, "desk:", 5) || store_desk_find(c->store, name + 5, &desk) || desk.site != row->site)
		return call_refuse(c, 400, "bad_wrap", "A wrap is for the caller or for a desk of the site.");
	r = seal_wrap_head(blob.data, blob.bytes, &head);
	if (r || blob.bytes != SEAL_WRAP_CASE_BYTES || head.cargo != SEAL_CARGO_CASE ||
	    head.epoch != json_int(c->in, "epoch", 0) || head.generation != desk.generation)
		return call_refuse(c, 400, "bad_wrap", "A wrap is sealed for another generation or epoch than it says.");
	wrap = (struct wrap_row){ .case_id = row->id, .target = "desk", .desk = desk.num, .generation = head.generation,
		                  .epoch = head.epoch, .sealer = sealer, .note_key = 1, .blob = blob };
	return store_wrap_put(c->store, &wrap);
}

int new_case_wraps(struct call *c, const struct case_row *row, size_t first, const char *sealer)
{
	json_t *names = json_object_get(c->in, "wraps"), *name;
	size_t i;

	json_array_foreach(names, i, name) {
		struct store_blob blob = call_blob(c, first + i);
		const char *text = json_string_value(name);
		int r;

		if (!text || !blob.data)
			return call_refuse(c, 400, "bad_wrap", "Each wrap is named and carried as one frame.");
		r = !strcmp(text, "caller") ? wrap_caller(c, row, blob) : wrap_desk(c, row, text, blob, sealer);
		if (r)
			return r;
	}
	return 0;
}

int new_case_message(struct call *c, const struct case_row *row, size_t i, int64_t n, const char *kind, const char *id)
{
	struct message_row m = { .case_id = row->id, .n = n, .kind = kind, .author = c->who.id, .blob = call_blob(c, i),
		                 .risk = row->risk, .hits = row->hits, .note_key = strcmp(kind, "message") ? 1 : 0 };

	if (!m.blob.bytes || m.blob.bytes > BOOK_BLOB_BYTES_MAX)
		return call_refuse(c, 400, "bad_blob", "A sealed body is missing or too long.");
	if (json_hex(c->in, id, m.key_id, sizeof(m.key_id)) != sizeof(m.key_id))
		return call_refuse(c, 400, "bad_blob", "A sealed body comes with its message id.");
	return store_message_add(c->store, &m);
}

int new_case_contact(struct call *c, const struct case_row *row, const char *type, int64_t began_at, int64_t seconds)
{
	json_t *facts = facts_json(row);
	AUTO(mem_free) char *text = json_write(facts);
	struct contact_row contact = { .site = row->site, .channel = row->channel, .type = type, .began_at = began_at,
		                       .seconds = seconds, .staff = c->who.id, .case_id = row->id, .facts = text };

	json_release(&facts);
	return store_contact_add(c->store, &contact);
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
