/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Contacts: a call or a visit, with a case or without one; and follow-ups, callback checks and call-backs. Two thirds of contacts are
 * silent, wrong numbers or thanks: they are kept as contacts and make no case.
 */
#include "claim.h"
#include "facts.h"
#include "new_case.h"

#include "mem.h"
#include <string.h>

/* A person heard the words: nobody waits for a worker, and only their desk keeps its wrap. */
static void heard(struct call *c, struct new_case *n)
{
	struct case_row *row = &n->w.row;
	size_t i, kept = 0;

	row->screen_until = 0;
	row->marks |= CASE_MARK_DESK_SETTLED | (row->risk >= 2 ? CASE_MARK_CRISIS_WATCH : 0);
	row->state = CASE_WAITING;
	if (person_has_desk(&c->who, n->desk.num)) {
		row->state = CASE_IN_PROGRESS;
		row->owner = row->opened_by = c->who.id;
		row->touched = true;
	}
	for (i = 0; i < n->wraps; i++)
		if (strcmp(n->wrap[i].target, "desk") || n->wrap[i].desk == n->desk.num)
			n->wrap[kept++] = n->wrap[i];
	n->wraps = kept;
}

/* blobs: summary, wraps…, contact */
static int order_create(struct call *c)
{
	struct new_case n;
	int r;

	if (!(c->who.roles & (CASE_ROLE_COUNSELOR | CASE_ROLE_SUPERVISOR)))
		return call_refuse(c, 403, "not_allowed", "Calls are taken by counselors and supervisors.");
	r = new_case_read(c, &n, "summary", 1, "web");
	if (r)
		return r;
	heard(c, &n);
	r = new_case_keep(c, &n, json_text(c->in, "type") ? json_text(c->in, "type") : "self", json_int(c->in, "began_at", c->now),
	                  json_int(c->in, "seconds", 0));
	return r ? r : new_case_answer(c, &n.w.row);
}

static int order_contact(struct call *c)
{
	struct case_row row = { .relation = "self", .age_band = "unsaid", .gender = "unsaid", .region = "", .category = "",
		                .kind = "consult", .channel = json_text(c->in, "channel") };
	struct contact_row contact = { .site = c->who.site, .channel = row.channel, .type = json_text(c->in, "type"),
		                       .began_at = json_int(c->in, "began_at", c->now), .seconds = json_int(c->in, "seconds", 0),
		                       .staff = c->who.id };
	json_t *facts;
	char *text;
	int r = facts_take(c, &row, true);

	if (!r && json_text(c->in, "ticket")) {
		struct work w;

		r = work_load(c, &w);
		contact.case_id = w.row.id;
	}
	if (r)
		return r;
	facts = facts_json(&row);
	text = json_write(facts);
	json_release(&facts);
	contact.facts = text;
	r = store_contact_add(c->store, &contact);
	mem_free(&text);
	c->status = 201;
	c->out = json_pack("{s:I}", "id", (json_int_t)contact.id);
	return r;
}

static int order_followup(struct call *c)
{
	struct followup_row row = { .kind = json_text(c->in, "kind"), .due_at = json_int(c->in, "due_at", 0), .state = "open",
		                    .staff = c->who.id, .note = -1 };
	struct work w;
	int r = work_load(c, &w);

	if (!r)
		r = work_do(c, &w, CASE_ON_FOLLOWUP);
	if (r)
		return r;
	row.case_id = w.row.id;
	row.desk = w.row.desk;
	if (c->blobs) {
		struct message_row m = { .case_id = w.row.id, .n = -1, .kind = "note", .author = c->who.id, .blob = call_blob(c, 0),
			                 .note_key = json_int(c->in, "note_key", 0) };

		json_hex(c->in, "message_id", m.key_id, sizeof(m.key_id));
		r = store_message_add(c->store, &m);
		row.note = m.n;
		w.row.messages = m.n + 1;
	}
	if (!r)
		r = store_followup_add(c->store, &row);
	work_renew(c, &w, false);
	if (!r)
		r = work_keep(c, &w, "followup", row.id, row.kind);
	if (!r)
		r = work_answer(c, &w, 201);
	json_object_set_new(c->out, "id", json_integer(row.id));
	return r;
}

static int order_followup_done(struct call *c)
{
	struct followup_row row;
	struct work w;
	int r = work_load(c, &w);

	if (r)
		return r;
	r = store_followup_get(c->store, json_int(c->in, "id", 0), &row);
	if (r > 0 || (!r && row.case_id != w.row.id))
		return call_refuse(c, 404, "not_found", "There is no such follow-up on this case.");
	if (r)
		return r;
	row.result = json_text(c->in, "result");
	row.state = strcmp(row.result, "moved") ? "done" : "moved";
	row.done_at = c->now;
	row.staff = c->who.id;
	r = store_followup_save(c->store, &row);
	if (!r)
		r = work_keep(c, &w, "followup_done", row.id, row.result);
	return r ? r : work_answer(c, &w, 200);
}

const struct verb verbs_contact[] = {
	{ "order.create", order_create, true },
	{ "order.contact", order_contact, true },
	{ "order.followup", order_followup, false },
	{ "order.followup_done", order_followup_done, true },
	{ 0 },
};
