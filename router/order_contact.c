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

/* blobs: summary, wraps…, contact */
static int order_create(struct call *c)
{
	struct desk_row desk;
	struct work w;
	size_t wraps = new_case_wrap_count(c);
	bool contact = json_text(c->in, "contact_id") != NULL;
	int r;

	if (!(c->who.roles & (CASE_ROLE_COUNSELOR | CASE_ROLE_SUPERVISOR)))
		return call_refuse(c, 403, "not_allowed", "Calls are taken by counselors and supervisors.");
	if (c->blobs != 1 + wraps + contact)
		return call_refuse(c, 400, "bad_message", "The sealed frames are summary, each wrap, and the contact if any.");
	r = new_case_read(c, &w, &desk);
	if (r)
		return r;
	w.row.screen_until = 0; /* a person heard the words: nobody waits for a worker */
	w.row.marks |= CASE_MARK_DESK_SETTLED | (w.row.risk >= 2 ? CASE_MARK_CRISIS_WATCH : 0);
	w.row.state = CASE_WAITING;
	if (person_has_desk(&c->who, desk.num)) {
		w.row.state = CASE_IN_PROGRESS;
		w.row.owner = w.row.opened_by = c->who.id;
		w.row.touched = true;
	}
	r = store_case_insert(c->store, &w.row);
	if (!r)
		r = new_case_wraps(c, &w.row, 1, "web");
	if (!r)
		r = store_wrap_delete_desks(c->store, w.row.id, desk.num);
	if (!r)
		r = new_case_message(c, &w.row, 0, 0, "summary", "message_id");
	if (!r && contact)
		r = new_case_message(c, &w.row, 1 + wraps, 1, "contact", "contact_id");
	w.row.messages = contact ? 2 : 1;
	if (!r)
		r = new_case_contact(c, &w.row, json_text(c->in, "type") ? json_text(c->in, "type") : "self",
		                     json_int(c->in, "began_at", c->now), json_int(c->in, "seconds", 0));
	if (!r)
		r = work_facts(c, &w, c->who.roles);
	if (!r)
		r = work_keep(c, &w, "submitted", w.row.risk, NULL);
	return r ? r : new_case_answer(c, &w.row);
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
	{ "order.create", order_create, false },
	{ "order.contact", order_contact, true },
	{ "order.followup", order_followup, false },
	{ "order.followup_done", order_followup_done, true },
	{ 0 },
};
