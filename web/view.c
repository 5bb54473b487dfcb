/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gathers the facts the table of lawful moves asks for, as the router does, from our own read connection. Called by
 * everything that shows a case.
 */
#include "view.h"

#include "ticket.h"
#include <string.h>

static bool task_open(const struct task_row *t)
{
	return strcmp(t->state, "done") != 0;
}

static void tasks_look(struct view *v)
{
	const struct who *who = v->who;
	size_t i;

	for (i = 0; i < v->tasks; i++) {
		const struct task_row *t = &v->task[i];

		if (!task_open(t))
			continue;
		v->facts.tasks_open++;
		v->facts.actor_has_task = v->facts.actor_has_task || who_has_desk(who, t->desk);
		v->mine = v->mine || (t->owner == who->id && who_has_desk(who, t->desk));
	}
}

static int owner_look(struct view *v)
{
	struct staff_row owner;
	int r;

	if (!v->row.owner)
		return 0;
	r = store_staff_get(v->who->web->store, v->row.owner, &owner);
	v->facts.has_owner = true;
	v->facts.owner_on_shift = !r && strcmp(owner.presence, "off") && !strcmp(owner.state, "active");
	return r < 0 ? r : 0;
}

static void facts_fill(struct view *v)
{
	const struct case_row *row = &v->row;
	const struct who *who = v->who;
	struct case_facts *f = &v->facts;
	int64_t now = store_now(who->web->store);

	*f = (struct case_facts){ .state = row->state, .marks = row->marks, .risk = row->risk, .touched = row->touched,
		                  .actor_roles = who->roles };
	f->actor_is_owner = row->owner == who->id;
	f->actor_is_cover = row->cover == who->id && row->cover_until > now;
	f->actor_has_desk = who_has_desk(who, row->desk) || f->actor_is_owner || f->actor_is_cover;
	f->second_person = who->id != row->closing_by && !f->actor_is_owner;
	f->answered = row->replied_at != 0;
	f->overdue = row->due_at && now > row->due_at;
	v->mine = f->actor_is_owner || f->actor_is_cover;
}

int view_load(struct who *who, int64_t case_id, struct view *v)
{
	struct web *web = who->web;
	int r;

	*v = (struct view){ .who = who };
	r = store_case_get(web->store, case_id, &v->row);
	v->damaged = r == STORE_DAMAGED;
	if (r == STORE_DAMAGED)
		r = 0;
	if (!r)
		r = store_desk_get(web->store, v->row.desk, &v->desk);
	if (!r)
		r = store_task_list(web->store, case_id, &v->task, &v->tasks);
	if (!r)
		r = store_queue_of_case(web->store, case_id, &v->queue, &v->queue_rows);
	if (r)
		return r;
	ticket_write(web->row->ticket, case_id, v->ticket);
	facts_fill(v);
	tasks_look(v);
	v->visible = v->facts.actor_has_desk || v->facts.actor_has_task;
	return owner_look(v);
}

/* ---- what one may do ------------------------------------------------------------------------- */

static bool lawful(const struct view *v, enum case_event event)
{
	struct case_move move;

	return !case_next(event, &v->facts, &move);
}

/* A waiting case, the due thing of an absent colleague's case, or a waiting task of one's desk. */
static bool claimable(const struct view *v)
{
	size_t i;

	for (i = 0; i < v->tasks; i++)
		if (!strcmp(v->task[i].state, "waiting") && who_has_desk(v->who, v->task[i].desk))
			return true;
	if (v->mine || !v->row.owner)
		return !v->mine && lawful(v, CASE_ON_CLAIM);
	return case_needs_cover(&v->facts, v->row.oldest_at != 0) && lawful(v, CASE_ON_COVER);
}

static bool releasable(const struct view *v)
{
	return v->mine && (!v->facts.actor_is_owner || lawful(v, CASE_ON_RELEASE));
}

json_t *view_can(const struct view *v)
{
	static const struct {
		const char *word;
		enum case_event event;
	} acts[] = {
		{ "reply", CASE_ON_REPLY },       { "note", CASE_ON_NOTE },    { "facts", CASE_ON_FACTS },
		{ "risk", CASE_ON_RISK_RAISE },   { "assign", CASE_ON_ASSIGN }, { "transfer", CASE_ON_TRANSFER },
		{ "task", CASE_ON_TASK_ADD },     { "close", CASE_ON_CLOSE },  { "confirm", CASE_ON_CONFIRM },
		{ "refuse", CASE_ON_REFUSE },     { "reopen", CASE_ON_REOPEN },
	};
	json_t *can = json_array();
	size_t i;

	if (v->damaged || !v->visible)
		return can;
	if (claimable(v))
		json_array_append_new(can, json_string("claim"));
	if (releasable(v))
		json_array_append_new(can, json_string("release"));
	for (i = 0; i < ARRAY_LEN(acts); i++)
		if (lawful(v, acts[i].event) || (acts[i].event == CASE_ON_RISK_RAISE && lawful(v, CASE_ON_RISK_LOWER)))
			json_array_append_new(can, json_string(acts[i].word));
	return can;
}

bool view_reads_words(const struct who *who)
{
	return who->roles & (CASE_ROLE_COUNSELOR | CASE_ROLE_SUPERVISOR);
}

/* ---- its place in a list --------------------------------------------------------------------- */

/* The desk from which the person looks at it. */
static int64_t desk_of(const struct view *v)
{
	size_t i;

	for (i = 0; i < v->tasks && !who_has_desk(v->who, v->row.desk) && v->row.owner != v->who->id; i++)
		if (task_open(&v->task[i]) && who_has_desk(v->who, v->task[i].desk))
			return v->task[i].desk;
	return v->row.desk;
}

void view_item(const struct view *v, int64_t desk, struct store_item *out)
{
	const struct queue_row *best = NULL;
	size_t i;

	if (!desk)
		desk = desk_of(v);
	*out = (struct store_item){ .row = v->row, .what = "case", .since = v->row.oldest_at, .due_at = v->row.due_at,
		                    .why = case_why(v->row.risk, v->row.marks, false, false) };
	for (i = 0; i < v->queue_rows; i++)
		if (v->queue[i].desk == desk && (!best || v->queue[i].rank < best->rank))
			best = &v->queue[i];
	for (i = 0; desk != v->row.desk && !best && i < v->tasks; i++)
		if (v->task[i].desk == desk && task_open(&v->task[i])) {
			out->what = out->why = "task";
			out->ref = v->task[i].id;
		}
	if (!best)
		return;
	out->what = best->what;
	out->ref = best->ref;
	out->why = best->why;
	out->since = best->since;
	out->rank = best->rank;
}
