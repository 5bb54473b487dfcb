/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The places of a case in the desks' queues, derived from its row, its tasks and its follow-ups, in the same transaction. Nothing else
 * writes the queue: what is not derivable here does not wait.
 */
#include "work.h"

#include <string.h>

static int64_t oldest_of(const struct case_row *row)
{
	return row->oldest_at ? row->oldest_at : row->opened_at;
}

static int queue_tasks(struct call *c, const struct case_row *row)
{
	struct task_row *tasks;
	size_t n, i;
	int r = store_task_list(c->store, row->id, &tasks, &n);

	for (i = 0; !r && i < n; i++) {
		struct queue_row q = { .desk = tasks[i].desk, .case_id = row->id, .what = "task", .ref = tasks[i].id,
			               .since = tasks[i].made_at };

		if (strcmp(tasks[i].state, "waiting"))
			continue;
		q.risk = tasks[i].crisis ? row->risk : row->risk < 2 ? row->risk : 1; /* the danger is the first desk's, unless asked for it */
		q.rank = case_rank(q.risk, tasks[i].made_at);
		q.why = case_why(q.risk, row->marks, true, false);
		r = store_queue_put(c->store, &q);
	}
	return r;
}

/* A follow-up that has come due stands with the desk of the day. */
static int queue_followups(struct call *c, const struct case_row *row)
{
	struct followup_row *rows;
	size_t n, i;
	int r = store_followup_list(c->store, row->id, &rows, &n);

	for (i = 0; !r && i < n; i++) {
		struct queue_row q = { .desk = row->desk, .case_id = row->id, .what = "followup", .ref = rows[i].id,
			               .risk = row->risk, .owner = row->owner, .since = rows[i].due_at, .why = "followup" };

		if (strcmp(rows[i].state, "open") || rows[i].due_at > c->now)
			continue;
		q.rank = case_rank(row->risk < 3 ? row->risk : 2, rows[i].due_at);
		r = store_queue_put(c->store, &q);
	}
	return r;
}

static int queue_own(struct call *c, struct work *w)
{
	const struct case_row *row = &w->row;
	bool waiting = row->state == CASE_WAITING;
	bool cover = !waiting && row->owner && row->cover_until <= c->now && case_needs_cover(&w->facts, row->oldest_at != 0);
	struct queue_row q = { .desk = row->desk, .case_id = row->id, .what = cover ? "covered" : "case", .risk = row->risk,
		               .owner = row->owner, .since = oldest_of(row) };

	if (!waiting && !cover)
		return 0;
	q.rank = case_rank(row->risk, q.since);
	q.why = case_why(row->risk, row->marks, false, cover);
	return store_queue_put(c->store, &q);
}

int queue_settle(struct call *c, struct work *w)
{
	struct case_facts *f = &w->facts;
	int r = store_queue_clear_case(c->store, w->row.id);

	/* The facts as they are after the verb: the owner may have changed. */
	f->state = w->row.state;
	f->marks = w->row.marks;
	f->risk = w->row.risk;
	f->touched = w->row.touched;
	if (f->has_owner != (w->row.owner != 0) || (w->row.owner && w->row.owner == c->who.id)) {
		f->has_owner = w->row.owner != 0;
		f->owner_on_shift = true; /* whoever acts is here; a receiver's absence is seen at the next tick */
	}
	if (!r && w->row.state < CASE_CLOSED && w->row.state > CASE_SCREENING)
		r = queue_own(c, w);
	if (!r && w->row.state < CASE_CLOSED)
		r = queue_tasks(c, &w->row);
	return r ? r : queue_followups(c, &w->row);
}
