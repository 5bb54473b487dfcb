/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Loading, moving and keeping a case: what every verb that touches one has in common. The lawful moves stand in casefile.c; here they
 * are applied to the row. Called by the verbs inside a batch; knows no words.
 */
#include "work.h"

#include "mem.h"
#include "seal.h"
#include <string.h>

static int work_tasks(struct call *c, struct work *w)
{
	struct task_row *tasks;
	size_t n, i;
	int r = store_task_list(c->store, w->row.id, &tasks, &n);

	w->facts.tasks_open = 0;
	w->facts.actor_has_task = false;
	w->task = (struct task_row){ 0 };
	for (i = 0; !r && i < n; i++) {
		if (!strcmp(tasks[i].state, "done"))
			continue;
		w->facts.tasks_open++;
		if (c->who.id && person_has_desk(&c->who, tasks[i].desk) && (!w->task.id || tasks[i].owner == c->who.id)) {
			w->facts.actor_has_task = true;
			w->task = tasks[i];
		}
	}
	return r;
}

static int work_owner(struct call *c, struct work *w)
{
	struct staff_row owner;
	int r;

	w->facts.has_owner = w->row.owner != 0;
	if (!w->row.owner)
		return 0;
	r = store_staff_get(c->store, w->row.owner, &owner);
	w->facts.owner_on_shift = !r && strcmp(owner.presence, "off") && !strcmp(owner.state, "active");
	return r < 0 ? r : 0;
}

/* An open complaint holds the case as it is: nothing of it may be destroyed meanwhile. */
static int work_hold(struct call *c, struct work *w)
{
	return store_complaint_holds(c->store, w->row.id, &w->facts.hold);
}

int work_facts(struct call *c, struct work *w, unsigned roles)
{
	struct case_facts *f = &w->facts;
	const struct case_row *row = &w->row;
	int r;

	*f = (struct case_facts){ .state = row->state, .marks = row->marks, .risk = row->risk, .touched = row->touched,
		                  .actor_roles = roles };
	f->actor_is_owner = c->who.id && row->owner == c->who.id;
	f->actor_is_cover = c->who.id && row->cover == c->who.id && row->cover_until > c->now;
	f->actor_has_desk = c->who.id && person_has_desk(&c->who, row->desk); /* a desk taken away ends owning and covering too */
	f->answered = row->replied_at != 0;
	f->overdue = row->due_at && row->due_at < c->now;
	f->second_person = c->who.id && c->who.id != row->closing_by && !f->actor_is_owner;
	r = work_owner(c, w);
	if (!r)
		r = work_tasks(c, w);
	if (!r)
		r = work_hold(c, w);
	w->mine = (f->actor_has_desk && (f->actor_is_owner || f->actor_is_cover)) || (w->task.id && w->task.owner == c->who.id);
	return r;
}

int work_load_as(struct call *c, int64_t case_id, unsigned roles, struct work *w)
{
	int r;

	*w = (struct work){ 0 };
	r = store_case_get(c->store, case_id, &w->row);
	if (r == STORE_NONE)
		return call_refuse(c, 404, "not_found", "There is no such ticket.");
	if (r == STORE_DAMAGED)
		return call_refuse(c, 409, "damaged", "The facts of this case were altered outside the router; it is frozen.");
	return r ? r : work_facts(c, w, roles);
}

int work_load(struct call *c, struct work *w)
{
	int r;

	*w = (struct work){ 0 };
	r = call_case(c, &w->row);
	if (!r)
		r = work_facts(c, w, c->who.roles);
	if (r)
		return r;
	if (!w->facts.actor_has_desk && !w->facts.actor_has_task)
		return call_refuse(c, 404, "not_found", "There is no such ticket.");
	return 0;
}

int work_do(struct call *c, struct work *w, enum case_event event)
{
	struct case_row *row = &w->row;

	switch (case_next(event, &w->facts, &w->move)) {
	case 0:
		break;
	case CASE_NOT_LAWFUL:
		call_refuse(c, 409, "not_lawful", "That cannot be done while the case is %s.", case_state_text(row->state));
		json_object_set_new(c->out, "state", json_string(case_state_text(row->state)));
		return 1;
	case CASE_NOT_ALLOWED:
		return call_refuse(c, 403, "not_allowed", "Your role does not allow this.");
	case CASE_NOT_OWNER:
		return call_refuse(c, 403, "not_owner", "Claim the case first; this is for its counselor.");
	case CASE_TASKS_OPEN:
		return call_refuse(c, 409, "tasks_open", "Another desk has not ended its part yet.");
	case CASE_REPORT_DUE:
		return call_refuse(c, 409, "report_due", "The mandatory report must be made or answered first.");
	default:
		return call_refuse(c, 409, "second_person", "A second person must confirm this.");
	}
	row->state = w->move.next;
	row->marks = (row->marks | w->move.marks_on) & ~w->move.marks_off;
	if (w->move.version)
		row->version++;
	if (w->move.owner_off) {
		row->owner = 0;
		row->touched = false;
		row->lease_until = 0;
	}
	if (w->move.owner_off || w->move.cover_off)
		row->cover = row->cover_until = 0;
	if (w->move.cover_on) {
		row->cover = c->who.id;
		row->cover_until = c->now + c->router->conf->claim_lease_ms;
	}
	return 0;
}

int work_version(struct call *c, const struct work *w)
{
	int64_t version = json_int(c->in, "version", -1);

	if (version == -1 || version == w->row.version)
		return 0;
	call_refuse(c, 412, "stale", "Somebody changed the case meanwhile; look at it again.");
	json_object_set_new(c->out, "version", json_integer(w->row.version));
	return 1;
}

int work_event(struct call *c, const struct work *w, const char *kind, int64_t number, const char *detail)
{
	struct event_row event = { .site = w->row.site, .desk = w->row.desk, .case_id = w->row.id, .kind = kind,
		                   .number = number, .staff = c->who.id, .detail = detail };

	return store_event_add(c->store, &event);
}

int work_audit(struct call *c, const struct work *w, const char *act, const char *detail)
{
	return store_audit_add(c->store, c->who.id, act, w->row.id, detail);
}

void work_renew(struct call *c, struct work *w, bool touched)
{
	struct case_row *row = &w->row;

	if (!w->facts.actor_is_owner)
		return;
	if (touched)
		row->touched = true;
	row->lease_until = row->touched ? 0 : c->now + c->router->conf->claim_lease_ms;
}

int work_keep(struct call *c, struct work *w, const char *kind, int64_t number, const char *detail)
{
	int r = store_case_save(c->store, &w->row);

	if (!r)
		r = queue_settle(c, w);
	if (!r)
		r = work_event(c, w, kind, number, detail);
	call_hint(c, w->row.uid);
	return r;
}

int work_answer(struct call *c, const struct work *w, int status)
{
	char ticket[13];

	call_ticket(c, w->row.id, ticket);
	c->status = status;
	json_release(&c->out);
	c->out = json_pack("{s:s, s:s, s:I, s:i}", "ticket", ticket, "state", case_state_text(w->row.state), "version",
	                   (json_int_t)w->row.version, "risk", w->row.risk);
	return 0;
}
