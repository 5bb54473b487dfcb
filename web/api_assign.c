/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Giving work to others: one case to a colleague of its desk, or to another desk. Who holds the desk's key seals the
 * case to the receiving desk at once; who does not leaves the move pending until a member of the desk is here
 * (moves.c).
 */
#include "api.h"

#include "case_answer.h"
#include "mem.h"
#include "words.h"
#include <string.h>

static const struct json_field assign_fields[] = { { "to", JSON_TEXT, true, 1, 64, NULL } };

void api_assign(struct http_req *req)
{
	json_t *in = api_body(req, assign_fields, ARRAY_LEN(assign_fields)), *body;

	if (!in)
		return;
	body = api_order(req);
	json_object_set(body, "to", json_object_get(in, "to"));
	if (order_version(req, body))
		order_send(req, "order.assign", body, NULL, case_answer_order, NULL);
	else
		json_release(&body);
}

/* 202 says that it waits for somebody with the key. */
static void transferred(struct http_req *req, const struct bus_answer *answer, void *ctx UNUSED)
{
	if (!case_answer_refused(req, answer))
		case_answer(req, answer->status, api_ticket(web_of(req), http_param(req, "ticket")), NULL, false);
}

static const struct json_field transfer_fields[] = { { "desk", JSON_TEXT, true, 1, 32, NULL } };

void api_transfer(struct http_req *req)
{
	json_t *in = api_body(req, transfer_fields, ARRAY_LEN(transfer_fields)), *body;
	uint8_t wrap[SEAL_WRAP_CASE_BYTES];
	struct msg blobs = { 0 };
	struct words words;
	struct desk_row desk;
	struct view view;

	if (!in || !api_view(req, &view))
		return;
	if (api_desk(view.who->web, view.row.site, json_text(in, "desk"), &desk)) {
		http_error(req, 404, "no_desk", "This house has no such desk.");
		return;
	}
	body = api_order(req);
	json_object_set_new(body, "desk", json_string(desk.id));
	if (!order_version(req, body)) {
		json_release(&body);
		return;
	}
	if (!words_open(view.who, &view.row, &words) && !words_wrap(&words, view.who->web, &desk, wrap))
		msg_add(&blobs, wrap, sizeof(wrap));
	words_wipe(&words);
	order_send(req, "order.transfer", body, blobs.count ? &blobs : NULL, transferred, NULL);
}
