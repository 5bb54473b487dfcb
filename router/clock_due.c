/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What time brings, once a second inside a batch: screening limits, claims whose lease ended, covers, follow-ups that came due, planned
 * erasures, people whose sessions ran out. Bounded per turn; each kind has its own index. Wall-clock times, so nothing is due twice.
 */
#include "presence.h"
#include "screened.h"

#include <string.h>

enum { DUE_ROWS = 64, PRESENCE_TURNS = 10 };

static int due_screen(struct call *c, struct work *w)
{
	struct job_row job = { .case_id = w->row.id };
	int r = screening_under_way(c, w->row.id, &job);

	if (r < 0)
		return r;
	if (!r || w->row.state == CASE_SCREENING) /* never left there, whatever became of its job */
		return screened_late(c, w, &job);
	w->row.screen_until = 0; /* nothing is under way: the limit was left over */
	return store_case_save(c->store, &w->row);
}

static int due_lease(struct call *c, struct work *w)
{
	int r = work_do(c, w, CASE_ON_LEASE_END);

	w->row.lease_until = 0;
	if (r > 0) /* touched meanwhile: it stays with its counselor */
		return store_case_save(c->store, &w->row);
	return r ? r : work_keep(c, w, "released", 0, "lease_end");
}

/* A cover who did not do the due thing in time: it stands in the queue again. */
static int due_cover(struct call *c, struct work *w)
{
	int r;

	w->facts.actor_is_cover = true;
	r = work_do(c, w, CASE_ON_LEASE_END);
	w->row.cover = w->row.cover_until = 0;
	return r < 0 ? r : work_keep(c, w, "released", 0, "cover_end");
}

static int due_erase(struct call *c, struct work *w)
{
	bool open = w->row.state < CASE_CLOSED;
	int r = work_do(c, w, CASE_ON_ERASE);

	w->row.erase_at = 0;
	if (!r && open) {
		w->row.disposition = "withdrawn";
		w->row.closed_at = c->now;
		w->row.oldest_at = w->row.screen_until = w->row.lease_until = 0;
	}
	if (r > 0)
		return work_keep(c, w, "erase_asked", 0, NULL); /* risk rose meanwhile: a supervisor decides */
	if (!r)
		r = store_case_erase(c->store, w->row.id);
	w->row.marks |= CASE_MARK_ERASED;
	return r ? r : work_keep(c, w, "erased", 0, NULL);
}

static const struct {
	enum store_due which;
	int (*run)(struct call *c, struct work *w);
} dues[] = {
	{ STORE_DUE_SCREEN, due_screen },
	{ STORE_DUE_LEASE, due_lease },
	{ STORE_DUE_COVER, due_cover },
	{ STORE_DUE_ERASE, due_erase },
};

static int due_cases(struct call *c, size_t kind)
{
	int64_t *ids, next_at;
	size_t n, i;
	int r = store_case_due(c->store, dues[kind].which, c->now, DUE_ROWS, &ids, &n, &next_at);

	for (i = 0; !r && i < n; i++) {
		struct work w;

		r = work_load_as(c, ids[i], CASE_ROLE_SYSTEM, &w);
		if (r > 0) { /* frozen: an alarm stands already */
			r = 0;
			continue;
		}
		if (!r)
			r = dues[kind].run(c, &w);
	}
	return r;
}

/* Follow-ups that came due take their place with the desk of the day. Those in the queue already are not asked for. */
static int due_followups(struct call *c)
{
	struct followup_row *rows;
	size_t n, i;
	int r = store_followup_due(c->store, c->now, DUE_ROWS, &rows, &n);

	for (i = 0; !r && i < n; i++) {
		struct work w;

		r = work_load_as(c, rows[i].case_id, CASE_ROLE_SYSTEM, &w);
		if (!r)
			r = queue_settle(c, &w);
		if (!r)
			r = work_event(c, &w, "followup_due", rows[i].id, rows[i].kind);
		r = r > 0 ? 0 : r;
	}
	return r;
}

int clock_due(struct call *c)
{
	size_t i;
	int r = 0;

	for (i = 0; !r && i < ARRAY_LEN(dues); i++)
		r = due_cases(c, i);
	if (!r)
		r = due_followups(c);
	if (!r && c->router->ticks++ % PRESENCE_TURNS == 0)
		r = presence_expire(c);
	c->status = 200;
	return r;
}
