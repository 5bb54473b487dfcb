/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Orders on one case that move it or its facts: claim, release, open, facts, risk, urge, extend, help. What is lawful stands in
 * casefile.c; here it is done and kept.
 */
#include "claim.h"
#include "facts.h"

#include <string.h>

static int order_claim(struct call *c)
{
	struct work w;
	int r = work_load(c, &w);

	return r ? r : claim_take(c, &w, json_int(c->in, "task", 0));
}

static int order_release(struct call *c)
{
	struct work w;
	const char *reason = json_text(c->in, "reason");
	int r = work_load(c, &w);

	if (!r && w.task.id && w.task.owner == c->who.id && !w.facts.actor_is_owner)
		return claim_release_task(c, &w);
	if (!r)
		r = work_do(c, &w, CASE_ON_RELEASE);
	if (!r && reason && strcmp(reason, "end"))
		w.row.marks |= CASE_MARK_RETURNED;
	if (!r)
		r = work_audit(c, &w, "release", reason);
	if (!r)
		r = work_keep(c, &w, "released", 0, reason);
	return r ? r : work_answer(c, &w, 200);
}

/* The audit line stands before the words leave. The first human opening settles the desk: after that screening may only raise risk. */
static int order_open(struct call *c)
{
	struct work w;
	const char *reason = json_text(c->in, "reason");
	int r = work_load(c, &w);

	if (r)
		return r;
	if (!(c->who.roles & (CASE_ROLE_COUNSELOR | CASE_ROLE_SUPERVISOR)))
		return call_refuse(c, 403, "not_allowed", "Your role reads facts, not words.");
	if (!w.mine && !reason)
		return call_refuse(c, 403, "reason_needed", "It is not your case: say why you open it.");
	r = work_audit(c, &w, w.mine ? "read" : "open", reason);
	if (r)
		return r;
	if (!w.row.opened_by && !(w.row.marks & CASE_MARK_DESK_SETTLED)) {
		w.row.opened_by = c->who.id;
		w.row.marks |= CASE_MARK_DESK_SETTLED;
		r = store_wrap_delete_desks(c->store, w.row.id, w.row.desk);
		if (!r)
			r = store_case_save(c->store, &w.row);
	}
	if (!r && !w.mine) {
		r = work_event(c, &w, "opened", 0, NULL);
		call_hint(c, w.row.uid);
	}
	return r ? r : work_answer(c, &w, 200);
}

static int order_facts(struct call *c)
{
	struct work w;
	int r = work_load(c, &w);

	if (!r)
		r = work_version(c, &w);
	if (!r)
		r = work_do(c, &w, CASE_ON_FACTS);
	if (!r)
		r = facts_take(c, &w.row, true);
	if (!r)
		w.row.due_at = w.row.marks & CASE_MARK_EXTENDED ? w.row.due_at : claim_due(c, &w.row);
	work_renew(c, &w, false);
	if (!r)
		r = work_keep(c, &w, "facts", 0, NULL);
	return r ? r : work_answer(c, &w, 200);
}

static int order_risk(struct call *c)
{
	struct work w;
	int risk = (int)json_int(c->in, "risk", 0), before;
	int r = work_load(c, &w);

	if (!r)
		r = work_version(c, &w);
	if (r)
		return r;
	before = w.row.risk;
	if (risk == before)
		return work_answer(c, &w, 200);
	r = work_do(c, &w, risk > before ? CASE_ON_RISK_RAISE : CASE_ON_RISK_LOWER);
	if (r)
		return r;
	w.row.risk = risk;
	w.row.marks = risk >= 2 ? w.row.marks | CASE_MARK_CRISIS_WATCH : w.row.marks & ~(unsigned)CASE_MARK_CRISIS_WATCH;
	work_renew(c, &w, false);
	r = work_audit(c, &w, risk > before ? "risk_raised" : "risk_lowered", json_text(c->in, "reason"));
	if (!r)
		r = work_keep(c, &w, "risk", risk, NULL);
	return r ? r : work_answer(c, &w, 200);
}

static int order_urge(struct call *c)
{
	struct work w;
	int r = work_load(c, &w);

	if (!r)
		r = work_do(c, &w, CASE_ON_URGE);
	if (!r)
		r = work_keep(c, &w, "urged", 0, NULL);
	return r ? r : work_answer(c, &w, 200);
}

static int order_extend(struct call *c)
{
	const struct conf_desk *conf;
	struct work w;
	struct desk_row desk;
	int r = work_load(c, &w);

	if (!r)
		r = store_desk_get(c->store, w.row.desk, &desk);
	if (r)
		return r;
	if (w.row.marks & CASE_MARK_EXTENDED || !w.row.due_at || c->now > w.row.due_at)
		return call_refuse(c, 409, "no_extension", "One extension is possible, asked before the limit.");
	r = work_do(c, &w, CASE_ON_EXTEND);
	if (r)
		return r;
	conf = conf_desk(c->router->conf, desk.kind);
	w.row.due_at = calendar_add_workdays(c->router->calendar, w.row.due_at, conf ? conf->clock.extension_days : 15);
	w.row.marks |= CASE_MARK_EXTENDED;
	r = work_keep(c, &w, "extended", 0, NULL);
	return r ? r : work_answer(c, &w, 200);
}

static int order_help(struct call *c)
{
	struct work w;
	int r = work_load(c, &w);

	if (!r && !w.mine)
		return call_refuse(c, 403, "not_owner", "Claim the case first; this is for its counselor.");
	if (!r)
		r = work_keep(c, &w, "help", 0, NULL);
	return r ? r : work_answer(c, &w, 200);
}

const struct verb verbs_case[] = {
	{ "order.next", claim_next, false },
	{ "order.claim", order_claim, false },
	{ "order.release", order_release, false },
	{ "order.open", order_open, false },
	{ "order.facts", order_facts, false },
	{ "order.risk", order_risk, false },
	{ "order.urge", order_urge, false },
	{ "order.extend", order_extend, false },
	{ "order.help", order_help, false },
	{ 0 },
};
