/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows and cases as JSON, from our own read connection. Called by the lists, by every answer that shows a case, and by
 * the event streams. What a field is called here is what domain.md calls it.
 */
#include "casefile_json.h"

#include "clock.h"
#include "live.h"
#include "mem.h"
#include "ticket.h"
#include <string.h>

void casefile_json_person(struct web *web, json_t *out, int64_t staff, const char *user_key, const char *name_key)
{
	struct staff_row row;
	bool known = staff && !store_staff_get(web->store, staff, &row);

	if (user_key)
		json_object_set_new(out, user_key, known ? json_string(row.user) : json_null());
	if (name_key)
		json_object_set_new(out, name_key, known ? json_string(row.name) : json_null());
}

static json_t *marks_json(unsigned marks)
{
	json_t *list = json_array();
	unsigned bit;

	for (bit = 1; bit && bit <= marks; bit <<= 1)
		if (marks & bit)
			json_array_append_new(list, json_string(case_mark_text(bit)));
	return list;
}

static void row_places(struct web *web, const struct case_row *c, json_t *out)
{
	struct desk_row desk = { .kind = "", .id = "" };
	struct site_row site = { .id = "" };

	if (store_desk_get(web->store, c->desk, &desk))
		desk.kind = desk.id = "";
	if (store_site_get(web->store, c->site, &site))
		site.id = "";
	json_object_set_new(out, "site", json_string(site.id));
	json_object_set_new(out, "desk", json_string(desk.kind));
	json_object_set_new(out, "desk_id", json_string(desk.id));
}

/* How long the oldest unanswered thing waits; a case where nothing waits: 0. */
static json_int_t waited_s(struct web *web, const struct store_item *item)
{
	int64_t since = item->since ? item->since : item->row.oldest_at, now = store_now(web->store);

	return since && now > since ? (now - since) / 1000 : 0;
}

json_t *casefile_json_row(struct web *web, const struct store_item *item)
{
	const struct case_row *c = &item->row;
	char ticket[TICKET_TEXT_BYTES];
	json_t *out;

	ticket_write(web->row->ticket, c->id, ticket);
	out = json_pack("{s:s, s:s, s:i, s:o, s:s, s:s, s:s, s:s, s:I, s:I, s:s, s:s, s:I, s:I, s:o}", "ticket", ticket,
	                "state", case_state_text(c->state), "risk", c->risk, "marks", marks_json(c->marks), "channel",
	                c->channel, "kind", c->kind, "urgency", c->urgency, "category", c->category, "version",
	                (json_int_t)c->version, "waiting_s", waited_s(web, item), "why", item->why, "what", item->what,
	                "ref", (json_int_t)item->ref, "messages", (json_int_t)c->messages, "presence",
	                live_looking(web->live, ticket));
	row_places(web, c, out);
	json_set_time(out, "opened_at", c->opened_at);
	json_set_time(out, "oldest_at", c->oldest_at);
	json_set_time(out, "due_at", item->due_at);
	json_set_time(out, "reply_by", c->reply_by);
	json_set_time(out, "lease_until", c->lease_until);
	casefile_json_person(web, out, c->owner, "assignee", "assignee_name");
	if (c->damaged)
		json_object_set_new(out, "damaged", json_true());
	return out;
}

/* ---- the whole case -------------------------------------------------------------------------- */

/* Small JSON kept as text in a column; what does not parse is left out. */
static json_t *column_json(const char *text, json_t *otherwise)
{
	json_t *value = text && *text ? json_loads(text, 0, NULL) : NULL;

	if (!value)
		return otherwise;
	json_decref(otherwise);
	return value;
}

static json_t *facts_json(const struct case_row *c)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:o, s:s, s:o, s:o, s:s, s:s, s:s, s:s}", "age_band", c->age_band,
	                 "gender", c->gender, "region", c->region, "relation", c->relation, "groups",
	                 column_json(c->groups, json_array()), "about", strcmp(c->relation, "self") ? "other" : "me",
	                 "prefer", column_json(c->prefer, json_object()), "mood",
	                 c->mood ? json_integer(c->mood) : json_null(), "lang", c->lang, "kind", c->kind, "urgency",
	                 c->urgency, "category", c->category);
}

/* The rules that hit, each with its sentence in the reader's language. */
static json_t *hits_json(const struct view *v)
{
	json_t *list = json_array(), *hits = column_json(v->row.hits, json_array()), *hit;
	bool english = !strcmp(v->who->lang, "en");
	size_t i;

	json_array_foreach(hits, i, hit) {
		const char *rule = json_text(hit, "rule"), *held = json_text(hit, "held"), *why;

		if (!rule)
			continue;
		why = screen_why(v->who->web->screen, rule, english);
		json_array_append_new(list, json_pack("{s:s, s:I, s:o, s:s}", "rule", rule, "risk",
		                                      (json_int_t)json_int(hit, "risk", 0), "held",
		                                      held && *held ? json_string(held) : json_null(), "why",
		                                      why ? why : ""));
	}
	json_release(&hits);
	return list;
}

/* Desks that hold a key to it now. */
static json_int_t readers(const struct view *v)
{
	struct wrap_row *wraps;
	json_int_t count = 0;
	size_t n, i, k;

	if (store_wrap_list(v->who->web->store, v->row.id, &wraps, &n))
		return 0;
	for (i = 0; i < n; i++) {
		bool again = !wraps[i].desk;

		for (k = 0; k < i; k++)
			again = again || wraps[k].desk == wraps[i].desk;
		count += !again;
	}
	return count;
}

json_t *casefile_json(struct view *v, bool words)
{
	struct web *web = v->who->web;
	struct store_item item;
	bool readable = false;
	json_t *out, *messages;

	view_item(v, 0, &item);
	out = casefile_json_row(web, &item);
	messages = casefile_json_messages(v, words && !v->damaged, &readable);
	json_object_set_new(out, "messages", messages);
	json_object_set_new(out, "open", json_boolean(readable));
	json_object_set_new(out, "mine", json_boolean(v->mine));
	json_object_set_new(out, "facts", facts_json(&v->row));
	json_object_set_new(out, "hits", hits_json(v));
	json_object_set_new(out, "can", view_can(v));
	json_object_set_new(out, "readers", json_integer(readers(v)));
	json_object_set_new(out, "disposition", v->row.disposition ? json_string(v->row.disposition) : json_null());
	json_set_time(out, "caller_last_opened_at", v->row.caller_opened_at);
	json_set_time(out, "closed_at", v->row.closed_at);
	casefile_json_person(web, out, v->row.closing_by, NULL, "closing_by");
	casefile_json_parts(v, out);
	return out;
}
