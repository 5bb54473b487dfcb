/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a screening brings: risk, desk, proposals; committed with the end of its job. When no worker answers in time the case goes to a
 * human all the same, marked unscreened: a dead process never stands between a child and a person.
 */
#include "screened.h"

#include "claim.h"
#include "mem.h"
#include "route.h"
#include "seal.h"
#include "task.h"
#include <string.h>

static const struct json_field result_fields[] = {
	{ "risk", JSON_INT, true, 0, 3, NULL },
	{ "desk", JSON_TEXT, false, 0, 15, NULL },
	{ "category", JSON_TEXT, false, 0, 40, NULL },
	{ "kind", JSON_CODE, false, 0, 0, case_kind_words },
	{ "urgency", JSON_CODE, false, 0, 0, case_urgency_words },
	{ "third_party", JSON_BOOL, false, 0, 0, NULL },
	{ "report", JSON_BOOL, false, 0, 0, NULL },
	{ "hits", JSON_LIST, false, 0, 32, NULL },
};

/* A worker that returns garbage has not screened: NULL, and the case is dealt unscreened. */
static const json_t *result_checked(const json_t *result)
{
	AUTO(mem_free) char *why = NULL;

	return result && !json_check(result, result_fields, ARRAY_LEN(result_fields), &why) ? result : NULL;
}

static int psych_facts(struct call *c, struct work *w, struct route_facts *f)
{
	struct task_row *tasks;
	struct desk_row desk;
	size_t n, i;
	int r = store_desk_find_kind(c->store, w->row.site, "psych", &desk);

	if (r > 0 || (!r && !desk.open))
		return 0;
	if (!r)
		r = store_task_list(c->store, w->row.id, &tasks, &n);
	f->psych = desk.num;
	for (i = 0; !r && i < n; i++)
		f->psych_task_open = f->psych_task_open || (tasks[i].desk == desk.num && strcmp(tasks[i].state, "done"));
	return r;
}

static int route_facts_of(struct call *c, struct work *w, const struct job_row *job, int message_risk, const char *suggested,
                          struct route_facts *f)
{
	struct desk_row desk;
	struct wrap_row wrap;
	int r;

	*f = (struct route_facts){ .marks = w->row.marks, .risk = w->row.risk, .message_risk = message_risk, .desk = w->row.desk,
		                   .later = job->n != 0, .closed = w->row.state >= CASE_CLOSED };
	if (suggested && *suggested && !store_desk_find_kind(c->store, w->row.site, suggested, &desk) && desk.open)
		f->suggested = desk.num;
	r = psych_facts(c, w, f);
	if (r || !f->psych)
		return r;
	f->has_psych_wrap = job->crisis_wrap.bytes || !store_wrap_get(c->store, w->row.id, "desk", f->psych, 1, &wrap);
	return 0;
}

static int open_crisis_task(struct call *c, struct work *w, const struct job_row *job, int64_t psych)
{
	struct seal_wrap_head head;
	struct wrap_row wrap = { .case_id = w->row.id, .target = "task", .desk = psych, .sealer = "intake", .note_key = 2,
		                 .blob = job->crisis_wrap };
	struct desk_row desk;
	int64_t id;
	int r = store_desk_get(c->store, psych, &desk);

	if (r || !job->crisis_wrap.bytes || seal_wrap_head(job->crisis_wrap.data, job->crisis_wrap.bytes, &head))
		return r < 0 ? r : 0;
	wrap.generation = head.generation;
	wrap.epoch = head.epoch;
	r = task_open(c, w, &desk, &wrap, true, job->n, &id);
	return r ? r : work_event(c, w, "task", id, desk.id);
}

/* A crisis that came to light after the end takes the case up again. */
static int route_reopen(struct call *c, struct work *w)
{
	int r = work_do(c, w, CASE_ON_REOPEN);

	if (r)
		return r < 0 ? r : 0; /* its words are destroyed: there is nothing to take up */
	w->row.disposition = NULL;
	w->row.closed_at = w->row.closing_by = 0;
	if (!w->row.oldest_at)
		w->row.oldest_at = c->now;
	return work_event(c, w, "reopened", 0, NULL);
}

/* Whatever a worker thinks: a desk without a wrap could not read the case. */
static bool desk_can_read(struct call *c, int64_t case_id, int64_t desk)
{
	struct wrap_row wrap;

	return !store_wrap_get(c->store, case_id, "desk", desk, 1, &wrap);
}

/* Applies a route: risk, desk, wraps, task. Events of their own for what the console must notice. */
static int route_apply(struct call *c, struct work *w, const struct job_row *job, const struct route_facts *f, const struct route *to)
{
	bool raised = to->risk > w->row.risk;
	int r = to->reopens ? route_reopen(c, w) : 0;

	if (r)
		return r;
	w->row.risk = to->risk;
	if (to->risk >= 2)
		w->row.marks |= CASE_MARK_CRISIS_WATCH;
	if (to->desk != w->row.desk && desk_can_read(c, w->row.id, to->desk)) {
		w->row.marks |= to->wrong_desk ? CASE_MARK_WRONG_DESK : 0;
		w->row.desk = to->desk;
		w->row.due_at = claim_due(c, &w->row);
	}
	if (to->settles) {
		w->row.marks |= CASE_MARK_DESK_SETTLED;
		r = store_wrap_delete_desks(c->store, w->row.id, w->row.desk);
	}
	if (!r && to->psych_task)
		r = open_crisis_task(c, w, job, f->psych);
	if (!r && raised)
		r = work_event(c, w, "risk", to->risk, NULL);
	return r;
}

/* Proposals of the worker stand only where no person has spoken. */
static void take_proposals(struct work *w, const json_t *result)
{
	const char *category = json_text(result, "category"), *kind = json_text(result, "kind"), *urgency = json_text(result, "urgency");

	if (w->row.opened_by)
		return;
	if (category && *category && !*w->row.category)
		w->row.category = category;
	if (kind)
		w->row.kind = kind;
	if (urgency)
		w->row.urgency = urgency;
}

static int message_screened(struct call *c, const struct job_row *job, const json_t *result)
{
	json_t *hits = json_object_get(result, "hits");
	AUTO(mem_free) char *text = hits ? json_write(hits) : mem_text("[]");

	return store_message_screened(c->store, job->case_id, job->n, (int)json_int(result, "risk", 0), text);
}

int screening_under_way(struct call *c, int64_t case_id, struct job_row *job)
{
	struct job_row *jobs;
	size_t n, i;
	int r = store_job_of_case(c->store, case_id, &jobs, &n);

	for (i = 0; !r && i < n; i++)
		if (!strcmp(jobs[i].state, "ready")) { /* a parked one is an operator's, and was told already */
			*job = jobs[i];
			return 0;
		}
	return r ? r : 1;
}

/* The screening limit ends when no further screening of the case is under way. */
static int limit_end(struct call *c, struct work *w)
{
	struct job_row job;
	int r = screening_under_way(c, w->row.id, &job);

	if (r > 0)
		w->row.screen_until = 0;
	return r < 0 ? r : 0;
}

static int case_screened(struct call *c, struct work *w, const struct job_row *job, const json_t *result)
{
	json_t *hits = json_object_get(result, "hits");
	AUTO(mem_free) char *text = hits ? json_write(hits) : NULL;
	struct route_facts f;
	struct route to;
	int r = route_facts_of(c, w, job, (int)json_int(result, "risk", 0), json_text(result, "desk"), &f);

	if (!r)
		r = work_do(c, w, CASE_ON_SCREENED);
	if (r < 0)
		return r; /* refused: the state stays, the risk still counts */
	route_screened(&f, &to);
	if (!job->n) {
		take_proposals(w, result);
		if (text)
			w->row.hits = text;
	}
	r = message_screened(c, job, result);
	if (!r)
		r = route_apply(c, w, job, &f, &to);
	if (!r)
		r = store_job_done(c->store, job->id, (struct store_blob){ 0 });
	if (!r)
		r = limit_end(c, w);
	return r ? r : work_keep(c, w, "screened", w->row.risk, NULL);
}

/* `job` gone or done meanwhile: the result has no effect. */
int screened_run(struct call *c)
{
	struct screened *s = c->ctx;
	const json_t *result = result_checked(s->result);
	struct job_row job;
	struct work w;
	int r = store_job_get(c->store, s->job, &job);

	if (r || strcmp(job.state, "done") == 0)
		return r < 0 ? r : 0;
	if (!result) {
		r = store_job_park(c->store, job.id);
		return r ? r : screened_parked(c, &job);
	}
	r = work_load_as(c, job.case_id, CASE_ROLE_SYSTEM, &w);
	if (r > 0) /* a frozen case: the result is not applied, the job does not loop */
		return store_job_park(c->store, job.id);
	if (!r)
		r = case_screened(c, &w, &job, result);
	return r;
}

int screened_late(struct call *c, struct work *w, const struct job_row *job)
{
	struct message_row m;
	struct route_facts f;
	struct route to;
	int r = store_message_get(c->store, w->row.id, job->n, &m);

	if (r >= 0)
		r = route_facts_of(c, w, job, r ? w->row.risk : m.risk, NULL, &f);
	if (!r)
		r = work_do(c, w, CASE_ON_UNSCREENED);
	if (r < 0)
		return r; /* refused: the state stays, the limit still ends */
	route_unscreened(&f, &to);
	r = route_apply(c, w, job, &f, &to);
	w->row.screen_until = 0;
	return r ? r : work_keep(c, w, "unscreened", job->n, NULL);
}

int screened_parked(struct call *c, const struct job_row *job)
{
	struct work w;
	int r = work_load_as(c, job->case_id, CASE_ROLE_SYSTEM, &w);

	return r ? (r < 0 ? r : 0) : screened_late(c, &w, job);
}
