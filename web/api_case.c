/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One case: reading it, opening one that is not one's own with a reason, claiming and giving back, and the small acts
 * around it. Each order is the router's to allow; the answer is the case as it is afterwards.
 */
#include "api.h"

#include "case_answer.h"
#include "mem.h"
#include "opened.h"
#include <string.h>

void api_case_get(struct http_req *req)
{
	struct view view;

	if (api_view(req, &view))
		case_answer(req, 200, view.row.id, NULL, true);
}

static const struct json_field open_fields[] = { { "reason", JSON_TEXT, false, 1, 200, NULL } };

static void opened(struct http_req *req, const struct bus_answer *answer, void *ctx UNUSED)
{
	struct who *who = session_who(req);
	int64_t id = api_ticket(who->web, http_param(req, "ticket"));

	if (order_refused(req, answer))
		return;
	opened_put(who->web->opened, who->session, id, OPENED_REASON);
	case_answer(req, 200, id, NULL, true);
}

void api_case_open(struct http_req *req)
{
	json_t *in = api_body(req, open_fields, ARRAY_LEN(open_fields)), *body;

	if (!in)
		return;
	body = api_order(req);
	if (json_text(in, "reason"))
		json_object_set(body, "reason", json_object_get(in, "reason"));
	order_send(req, "order.open", body, NULL, opened, NULL);
}

/* The waiting task of one of the person's desks, when the case itself is another desk's. */
static int64_t task_to_claim(const struct view *v)
{
	size_t i;

	if (who_has_desk(v->who, v->row.desk) && v->row.state == CASE_WAITING)
		return 0;
	for (i = 0; i < v->tasks; i++)
		if (!strcmp(v->task[i].state, "waiting") && who_has_desk(v->who, v->task[i].desk))
			return v->task[i].id;
	return 0;
}

static const struct json_field claim_fields[] = { { "task", JSON_INT, false, 1, INT64_MAX, NULL } };

void api_case_claim(struct http_req *req)
{
	json_t *in = api_body(req, claim_fields, ARRAY_LEN(claim_fields)), *body;
	struct view view;
	int64_t task;

	if (!in || !api_view(req, &view))
		return;
	task = json_int(in, "task", task_to_claim(&view));
	body = api_order(req);
	if (task)
		json_object_set_new(body, "task", json_integer(task));
	order_send(req, "order.claim", body, NULL, case_answer_order, NULL);
}

static const char *const reasons[] = { "end", "conflict", "unsuited", NULL };
static const struct json_field release_fields[] = { { "reason", JSON_CODE, false, 0, 0, reasons } };

void api_case_release(struct http_req *req)
{
	json_t *in = api_body(req, release_fields, ARRAY_LEN(release_fields)), *body;

	if (!in)
		return;
	body = api_order(req);
	if (json_text(in, "reason"))
		json_object_set(body, "reason", json_object_get(in, "reason"));
	order_send(req, "order.release", body, NULL, case_answer_order, NULL);
}

static void plain(struct http_req *req, const char *service)
{
	if (api_body(req, NULL, 0))
		order_send(req, service, api_order(req), NULL, case_answer_order, NULL);
}

void api_case_urge(struct http_req *req)
{
	plain(req, "order.urge");
}

void api_case_extend(struct http_req *req)
{
	plain(req, "order.extend");
}

void api_case_help(struct http_req *req)
{
	plain(req, "order.help");
}

static void hint(struct http_req *req, const char *service)
{
	if (api_body(req, NULL, 0))
		order_send(req, service, api_order(req), NULL, api_done, NULL);
}

void api_case_looking(struct http_req *req)
{
	hint(req, "hint.looking");
}

void api_case_typing(struct http_req *req)
{
	hint(req, "hint.typing");
}
