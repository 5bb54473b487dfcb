/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Claiming. A claim is a lease: fifteen minutes, renewed by any act; an untouched case goes back by itself. A covered case is claimed for
 * the one thing that is due and stays its counselor's. Who gets the next item is deal.c's decision.
 */
#include "claim.h"

#include "deal.h"
#include "mem.h"
#include <string.h>

enum { NEXT_ROWS = 64 };

int64_t claim_due(const struct call *c, const struct case_row *row)
{
	struct desk_row desk;

	if (store_desk_get(c->store, row->desk, &desk))
		return row->due_at;
	return calendar_close_by(c->router->conf, c->router->calendar, desk.kind, row->kind, row->opened_at);
}

void claim_own(struct call *c, struct work *w, int64_t staff, bool lease)
{
	w->row.owner = staff;
	w->row.touched = false;
	w->row.cover = w->row.cover_until = 0;
	w->row.lease_until = lease ? c->now + c->router->conf->claim_lease_ms : 0;
}

static int taken(struct call *c, int64_t by)
{
	struct staff_row staff;
	int r = store_staff_get(c->store, by, &staff);

	if (r < 0)
		return r;
	call_refuse(c, 409, "taken", "A colleague has it already.");
	json_object_set_new(c->out, "by", json_string(r ? "" : staff.name));
	return 1;
}

static int claim_task(struct call *c, struct work *w, int64_t id)
{
	struct task_row task;
	int r = store_task_get(c->store, id, &task);

	if (r > 0 || (!r && (task.case_id != w->row.id || !person_has_desk(&c->who, task.desk))))
		return call_refuse(c, 404, "not_found", "There is no such task for your desk.");
	if (r)
		return r;
	if (!strcmp(task.state, "done"))
		return call_refuse(c, 409, "not_lawful", "This task has ended.");
	if (task.owner && task.owner != c->who.id)
		return taken(c, task.owner);
	task.state = "assigned";
	task.owner = c->who.id;
	r = store_task_save(c->store, &task);
	if (!r)
		r = work_keep(c, w, "task_claimed", id, NULL);
	return r ? r : work_answer(c, w, 200);
}

int claim_release_task(struct call *c, struct work *w)
{
	int r;

	w->task.state = "waiting";
	w->task.owner = 0;
	r = store_task_save(c->store, &w->task);
	if (!r)
		r = work_keep(c, w, "task_released", w->task.id, NULL);
	return r ? r : work_answer(c, w, 200);
}

/* The due thing of an absent colleague's case. */
static int claim_cover(struct call *c, struct work *w)
{
	int r;

	if (w->row.cover && w->row.cover_until > c->now && w->row.cover != c->who.id)
		return taken(c, w->row.cover);
	r = work_do(c, w, CASE_ON_COVER);
	if (!r)
		r = work_keep(c, w, "covered", 0, NULL);
	return r ? r : work_answer(c, w, 200);
}

int claim_take(struct call *c, struct work *w, int64_t task)
{
	int r;

	if (task)
		return claim_task(c, w, task);
	if (w->facts.actor_is_owner || w->facts.actor_is_cover)
		return work_answer(c, w, 200); /* an honest retry */
	if (w->row.owner && w->facts.actor_has_desk && case_needs_cover(&w->facts, w->row.oldest_at != 0))
		return claim_cover(c, w);
	if (w->row.owner)
		return taken(c, w->row.owner);
	r = work_do(c, w, CASE_ON_CLAIM);
	if (r)
		return r;
	claim_own(c, w, c->who.id, true);
	if (!w->row.opened_by) { /* a human has it now: the desk stands */
		w->row.opened_by = c->who.id;
		w->row.marks |= CASE_MARK_DESK_SETTLED;
		r = store_wrap_delete_desks(c->store, w->row.id, w->row.desk);
	}
	if (!r)
		r = work_audit(c, w, "claim", NULL);
	if (!r)
		r = work_keep(c, w, "claimed", 0, NULL);
	return r ? r : work_answer(c, w, 200);
}

/* The desks asked for: one of the person's, or all of them. */
static size_t next_desks(struct call *c, int64_t desks[CALL_DESKS_MAX])
{
	const char *id = json_text(c->in, "desk");
	struct desk_row desk;

	if (!id) {
		memcpy(desks, c->who.desk, c->who.desks * sizeof(*desks));
		return c->who.desks;
	}
	if (store_desk_find(c->store, id, &desk) || !person_has_desk(&c->who, desk.num))
		return 0;
	desks[0] = desk.num;
	return 1;
}

/* A follow-up of somebody else's case, or of nobody's, is covered for as long as a claim lasts; the case stays whose it is. */
static int take_followup(struct call *c, struct work *w)
{
	int r = 0;

	if (!w->facts.actor_is_owner && !w->facts.actor_is_cover) {
		w->row.cover = c->who.id;
		w->row.cover_until = c->now + c->router->conf->claim_lease_ms;
		r = work_keep(c, w, "covered", 0, NULL);
	}
	return r ? r : work_answer(c, w, 200);
}

static int next_take(struct call *c, const struct queue_row *row)
{
	struct work w;
	int r = work_load_as(c, row->case_id, c->who.roles, &w);

	if (!r && !strcmp(row->what, "followup"))
		r = take_followup(c, &w);
	else if (!r)
		r = claim_take(c, &w, !strcmp(row->what, "task") ? row->ref : 0);
	if (r)
		return r;
	json_object_set_new(c->out, "what", json_string(row->what));
	json_object_set_new(c->out, "ref", json_integer(row->ref));
	return 0;
}

/* A follow-up stands in the queue until it is done: true while somebody is at it. */
static int followup_taken(struct call *c, const struct queue_row *row, bool *taken)
{
	struct case_row of;
	int r;

	*taken = false;
	if (strcmp(row->what, "followup"))
		return 0;
	r = store_case_get(c->store, row->case_id, &of);
	*taken = !r && of.cover && of.cover_until > c->now;
	return r < 0 ? r : 0;
}

/* What can be dealt, in serving order; from[i] is where offer[i] stands among the rows. */
static int next_offer(struct call *c, const struct queue_row *rows, size_t n, struct deal_row offer[NEXT_ROWS],
                      size_t from[NEXT_ROWS], size_t *offers)
{
	size_t i;
	int r = 0;

	*offers = 0;
	for (i = 0; !r && i < n; i++) {
		bool taken;

		r = followup_taken(c, &rows[i], &taken);
		if (r || taken)
			continue;
		from[*offers] = i;
		offer[(*offers)++] = (struct deal_row){ .case_id = rows[i].case_id, .rank = rows[i].rank, .risk = rows[i].risk,
			                                .owner = rows[i].owner };
	}
	return r;
}

/* Deals until something is taken: what cannot be had (a frozen case) must not stand before everything else. */
static int next_deal(struct call *c, const struct deal_person *person, const struct queue_row *rows, struct deal_row *offer,
                     size_t *from, size_t offers)
{
	int pick;

	while ((pick = deal_next(person, offer, offers)) >= 0) {
		int r = next_take(c, &rows[from[pick]]);

		if (r <= 0)
			return r;
		offers--;
		memmove(offer + pick, offer + pick + 1, (offers - (size_t)pick) * sizeof(*offer));
		memmove(from + pick, from + pick + 1, (offers - (size_t)pick) * sizeof(*from));
	}
	if (pick == DEAL_AT_LIMIT)
		return call_refuse(c, 409, "at_limit", "You are at your limit; end or give back a case first.");
	json_release(&c->out);
	c->status = 204;
	return 0;
}

int claim_next(struct call *c)
{
	int64_t desks[CALL_DESKS_MAX], open, weighted;
	size_t desk_count = next_desks(c, desks), from[NEXT_ROWS], n, offers;
	struct queue_row *rows;
	struct deal_row offer[NEXT_ROWS];
	struct deal_person person = { .id = c->who.id, .capacity = c->who.capacity };
	char cursor[STORE_CURSOR_BYTES];
	int r;

	if (!(c->who.roles & CASE_ROLE_COUNSELOR) && !(c->who.roles & CASE_ROLE_SUPERVISOR))
		return call_refuse(c, 403, "not_allowed", "Cases are claimed by counselors and supervisors.");
	if (!desk_count)
		return call_refuse(c, 404, "not_found", "You do not work on such a desk.");
	r = store_queue_page(c->store, desks, desk_count, NULL, NEXT_ROWS, &rows, &n, cursor);
	if (!r)
		r = store_staff_load(c->store, c->who.id, &open, &weighted);
	if (!r)
		r = next_offer(c, rows, n, offer, from, &offers);
	if (r)
		return r;
	person.open = open;
	return next_deal(c, &person, rows, offer, from, offers);
}
