/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What belongs to a case beside its facts: messages, other desks' parts, follow-ups, history, contacts. Words are put
 * in only where the caller says so and a key of the person opens them; a blob that does not authenticate is shown as
 * damaged, never left out.
 */
#include "casefile_json.h"

#include "clock.h"
#include "words.h"
#include <string.h>

enum { RECALL_MS = 120000, HISTORY_PAGE = 500, HISTORY_MAX = 2000 };

static void message_text(const struct view *v, const struct words *words, const struct message_row *m, json_t *out)
{
	json_t *text = NULL;
	int r = words && !m->recalled_at && m->blob.bytes ? words_read(words, v->who, m, &text) : WORDS_LOCKED;

	json_object_set_new(out, "text", text ? text : json_null());
	json_object_set_new(out, "damaged", json_boolean(r == WORDS_DAMAGED));
}

static json_t *message_json(const struct view *v, const struct words *words, const struct message_row *m)
{
	bool mine = m->author && m->author == v->who->id;
	json_t *out = json_pack("{s:I, s:s, s:s, s:b, s:s, s:b, s:i}", "n", (json_int_t)m->n, "kind", m->kind, "from",
	                        m->author ? "staff" : "caller", "mine", mine, "alias", m->alias, "recalled",
	                        m->recalled_at != 0, "risk", m->risk);

	if (!*m->alias)
		json_object_set_new(out, "alias", json_null());
	casefile_json_person(v->who->web, out, m->author, "author", "author_name");
	json_set_time(out, "at", m->at);
	json_set_time(out, "seen_at", m->seen_at);
	json_set_time(out, "recall_until", mine && !m->recalled_at ? m->at + RECALL_MS : 0);
	message_text(v, words, m, out);
	return out;
}

json_t *casefile_json_messages(struct view *v, bool words, bool *readable)
{
	struct words keys = { 0 };
	struct message_row *rows;
	json_t *list = json_array();
	int64_t after = v->row.messages > CASEFILE_MESSAGES_MAX ? v->row.messages - CASEFILE_MESSAGES_MAX - 1 : -1;
	size_t n, i;

	*readable = words && !words_open(v->who, &v->row, &keys);
	if (!store_message_list(v->who->web->store, v->row.id, after, CASEFILE_MESSAGES_MAX, NULL, *readable, &rows,
	                        &n))
		for (i = 0; i < n; i++)
			json_array_append_new(list, message_json(v, *readable ? &keys : NULL, &rows[i]));
	words_wipe(&keys);
	return list;
}

/* ---- the rest -------------------------------------------------------------------------------- */

static json_t *tasks_json(const struct view *v)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < v->tasks; i++) {
		const struct task_row *t = &v->task[i];
		struct desk_row desk = { .id = "" };
		json_t *out;

		if (store_desk_get(v->who->web->store, t->desk, &desk))
			desk.id = "";
		out = json_pack("{s:I, s:s, s:s, s:b, s:o, s:o}", "id", (json_int_t)t->id, "desk", desk.id, "state",
		                t->state, "crisis", t->crisis, "disposition",
		                t->disposition ? json_string(t->disposition) : json_null(), "note",
		                t->note >= 0 ? json_integer(t->note) : json_null());
		casefile_json_person(v->who->web, out, t->owner, "assignee", NULL);
		casefile_json_person(v->who->web, out, t->asked_by, "asked_by", NULL);
		json_set_time(out, "due_at", t->due_at);
		json_set_time(out, "made_at", t->made_at);
		json_array_append_new(list, out);
	}
	return list;
}

static json_t *followups_json(const struct view *v)
{
	json_t *list = json_array();
	struct followup_row *rows;
	size_t n, i;

	if (store_followup_list(v->who->web->store, v->row.id, &rows, &n))
		return list;
	for (i = 0; i < n; i++) {
		json_t *out =
			json_pack("{s:I, s:s, s:s, s:o}", "id", (json_int_t)rows[i].id, "kind", rows[i].kind, "state",
		                  rows[i].state, "result", rows[i].result ? json_string(rows[i].result) : json_null());

		json_set_time(out, "due_at", rows[i].due_at);
		json_array_append_new(list, out);
	}
	return list;
}

static json_t *event_json(const struct view *v, const struct event_row *e)
{
	json_t *out =
		json_pack("{s:s, s:I, s:s}", "kind", e->kind, "number", (json_int_t)e->number, "detail", e->detail);

	json_set_time(out, "at", e->at);
	casefile_json_person(v->who->web, out, e->staff, NULL, "staff_name");
	return out;
}

static json_t *history_json(const struct view *v)
{
	json_t *list = json_array();
	struct event_row *rows;
	int64_t after = 0;
	size_t n, i;

	do {
		if (store_event_of_case(v->who->web->store, v->row.id, after, HISTORY_PAGE, &rows, &n))
			break;
		for (i = 0; i < n; i++)
			json_array_append_new(list, event_json(v, &rows[i]));
		after = n ? rows[n - 1].seq : 0;
	} while (n == HISTORY_PAGE && json_array_size(list) < HISTORY_MAX);
	return list;
}

static json_t *contacts_json(const struct view *v)
{
	json_t *list = json_array();
	struct contact_row *rows;
	size_t n, i;

	if (store_contact_of_case(v->who->web->store, v->row.id, &rows, &n))
		return list;
	for (i = 0; i < n; i++) {
		json_t *out = json_pack("{s:I, s:s, s:s, s:I}", "id", (json_int_t)rows[i].id, "channel",
		                        rows[i].channel, "type", rows[i].type, "seconds", (json_int_t)rows[i].seconds);

		json_set_time(out, "began_at", rows[i].began_at);
		casefile_json_person(v->who->web, out, rows[i].staff, NULL, "staff_name");
		json_array_append_new(list, out);
	}
	return list;
}

void casefile_json_parts(struct view *v, json_t *out)
{
	json_object_set_new(out, "tasks", tasks_json(v));
	json_object_set_new(out, "followups", followups_json(v));
	json_object_set_new(out, "history", history_json(v));
	json_object_set_new(out, "contacts", contacts_json(v));
}
