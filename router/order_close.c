/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Orders that end a case or take it up again. Nothing ends without a disposition; level 3 never by its owner alone: it stands in
 * closing_review until a second person confirms or refuses.
 */
#include "claim.h"

#include "mem.h"



static const char *const followup_kinds[] = { "followup", "callback_check", "call_back", NULL };
static const struct json_field followup_fields[] = {
	{ "kind", JSON_CODE, true, 0, 0, followup_kinds },
	{ "due_at", JSON_INT, true, 1, INT64_MAX, NULL },
};

static int close_followup(struct call *c, const struct work *w)
{
	json_t *plan = json_object_get(c->in, "followup");
	char *why = NULL;
	struct followup_row row;
	int r;

	if (!plan)
		return 0;
	if (json_check(plan, followup_fields, ARRAY_LEN(followup_fields), &why)) {
		r = call_refuse(c, 400, "bad_message", "%s", why);
		mem_free(&why);
		return r;
	}
	row = (struct followup_row){ .case_id = w->row.id, .desk = w->row.desk, .kind = json_text(plan, "kind"),
		                     .due_at = json_int(plan, "due_at", 0), .state = "open", .staff = c->who.id, .note = -1 };
	return store_followup_add(c->store, &row);
}

static int closed(struct call *c, struct work *w)
{
	int r;

	w->row.closed_at = c->now;
	w->row.oldest_at = w->row.lease_until = w->row.screen_until = 0;
	w->row.cover = w->row.cover_until = 0;
	w->row.closing_by = 0;
	r = work_audit(c, w, "close", w->row.disposition);
	if (!r)
		r = work_keep(c, w, "closed", 0, w->row.disposition);
	return r ? r : work_answer(c, w, 200);
}

static int order_close(struct call *c)
{
	struct work w;
	const char *category = json_text(c->in, "category");
	bool review;
	int r = work_load(c, &w);

	if (!r)
		r = work_version(c, &w);
	if (r)
		return r;
	if (w.row.state == CASE_CLOSING_REVIEW) { /* the second person's close completes it */
		r = work_do(c, &w, CASE_ON_CONFIRM);
		return r ? r : closed(c, &w);
	}
	r = work_do(c, &w, CASE_ON_CLOSE);
	if (r)
		return r;
	review = w.row.state == CASE_CLOSING_REVIEW;
	w.row.disposition = json_text(c->in, "disposition");
	if (category)
		w.row.category = category;
	r = close_followup(c, &w);
	if (r)
		return r;
	if (!review)
		return closed(c, &w);
	w.row.closing_by = c->who.id;
	r = work_keep(c, &w, "closing", 0, w.row.disposition);
	return r ? r : work_answer(c, &w, 202);
}

static int order_refuse(struct call *c)
{
	struct work w;
	int r = work_load(c, &w);

	if (!r)
		r = work_do(c, &w, CASE_ON_REFUSE);
	if (r)
		return r;
	w.row.closing_by = 0;
	w.row.disposition = NULL;
	r = work_keep(c, &w, "closing_refused", 0, NULL);
	return r ? r : work_answer(c, &w, 200);
}

static int order_reopen(struct call *c)
{
	struct work w;
	int r = work_load(c, &w);

	if (!r)
		r = work_do(c, &w, CASE_ON_REOPEN);
	if (r)
		return r;
	w.row.disposition = NULL;
	w.row.closed_at = 0;
	w.row.oldest_at = c->now;
	w.row.marks &= ~(unsigned)CASE_MARK_RATED;
	w.row.due_at = claim_due(c, &w.row);
	if (w.move.owner_on)
		claim_own(c, &w, c->who.id, false);
	r = work_audit(c, &w, "reopen", NULL);
	if (!r)
		r = work_keep(c, &w, "reopened", 0, NULL);
	return r ? r : work_answer(c, &w, 200);
}

const struct verb verbs_close[] = {
	{ "order.close", order_close, false },
	{ "order.refuse", order_refuse, false },
	{ "order.reopen", order_reopen, false },
	{ 0 },
};
