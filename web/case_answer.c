/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One way for a case to leave the process. A case of one's own is read under one audit line a session; a case that is
 * not one's own gives facts alone until it was opened with a reason.
 */
#include "case_answer.h"

#include "api.h"
#include "casefile_json.h"
#include "mem.h"
#include "opened.h"
#include <stdio.h>

/* The case as JSON in one state of the store; NULL where it does not read. */
static json_t *case_now(struct who *who, int64_t case_id, bool words, int64_t *version)
{
	struct view view;
	json_t *out = NULL;

	if (store_read_begin(who->web->store))
		return NULL;
	if (!view_load(who, case_id, &view)) {
		/* Between the audit line and now it may have gone to another desk. */
		bool mine = view.visible &&
		            (view.mine || opened_get(who->web->opened, who->session, case_id) == OPENED_REASON);

		out = casefile_json(&view, words && mine);
		*version = view.row.version;
	}
	store_read_end(who->web->store);
	return out;
}

static void reply(struct http_req *req, int status, int64_t case_id, json_t *within, bool words)
{
	struct who *who = session_who(req);
	int64_t version = 0;
	json_t *out = case_now(who, case_id, words, &version);
	char etag[32];

	if (!out) {
		json_release(&within);
		api_fault(req);
		return;
	}
	snprintf(etag, sizeof(etag), "\"%lld\"", (long long)version);
	http_set(req, "ETag", etag);
	if (within)
		json_object_set_new(within, "case", out);
	http_reply_json(req, status, within ? within : out);
}

struct reading {
	int status;
	int64_t case_id;
	json_t *within;
	bool asked;
};

static void audited(struct http_req *req, const struct bus_answer *answer, void *ctx)
{
	struct reading *r = ctx;
	struct who *who = session_who(req);

	if (r->asked && order_refused(req, answer)) {
		json_release(&r->within);
		return;
	}
	if (answer->status == 200)
		opened_put(who->web->opened, who->session, r->case_id, OPENED_MINE);
	reply(req, r->status, r->case_id, steal(&r->within), answer->status == 200);
}

void case_answer(struct http_req *req, int status, int64_t case_id, json_t *within, bool asked)
{
	struct who *who = session_who(req);
	enum opened_how how = opened_get(who->web->opened, who->session, case_id);
	struct reading *reading;
	struct view view;
	int r = view_load(who, case_id, &view);

	if (r) {
		json_release(&within);
		if (r < 0)
			api_fault(req);
		else
			api_missing(req);
		return;
	}
	if (how != OPENED_NOT || !view.visible || !view.mine || view.damaged || !view_reads_words(who)) {
		reply(req, status, case_id, within, how != OPENED_NOT);
		return;
	}
	reading = mem_new(sizeof(*reading));
	*reading = (struct reading){ status, case_id, within, asked };
	order_send(req, "order.open", json_pack("{s:s}", "ticket", view.ticket), NULL, audited, reading);
}

bool case_answer_refused(struct http_req *req, const struct bus_answer *answer)
{
	struct who *who = session_who(req);
	json_t *problem, *now;
	int64_t version, id;

	if (answer->status != 412)
		return order_refused(req, answer);
	id = api_ticket(who->web, http_param(req, "ticket"));
	problem = order_problem(answer);
	now = id ? case_now(who, id, opened_get(who->web->opened, who->session, id) != OPENED_NOT, &version) : NULL;
	if (now)
		json_object_set_new(problem, "case", now);
	order_problem_reply(req, 412, problem);
	return true;
}

void case_answer_order(struct http_req *req, const struct bus_answer *answer, void *ctx UNUSED)
{
	if (!case_answer_refused(req, answer))
		case_answer(req, answer->status, api_ticket(web_of(req), http_param(req, "ticket")), NULL, false);
}
