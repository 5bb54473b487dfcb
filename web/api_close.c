/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ending a case, taking it up again, and what is planned for it: follow-ups, checks, call-backs. Nothing ends without a
 * disposition; where a second person must say yes the case stands in closing_review (202).
 */
#include "api.h"

#include "case_answer.h"
#include "clock.h"
#include "mem.h"
#include "words.h"
#include <string.h>

static const char *const followup_kinds[] = { "followup", "callback_check", "call_back", NULL };
static const char *const followup_results[] = { "reached", "seen", "no_answer", "not_seen", "moved", NULL };
static const struct json_field close_fields[] = {
	{ "disposition", JSON_CODE, true, 0, 0, case_disposition_words },
	{ "category", JSON_TEXT, false, 1, 40, NULL },
	{ "followup", JSON_OBJ, false, 0, 0, NULL },
};
static const struct json_field plan_fields[] = { { "kind", JSON_CODE, true, 0, 0, followup_kinds },
	                                         { "due_at", JSON_TIME, true, 0, 0, NULL } };

/* The plan inside a closing, with its time in ms. False after it has answered 400. */
static bool plan_set(struct http_req *req, const json_t *in, json_t *body)
{
	AUTO(mem_free) char *why = NULL;
	json_t *plan = json_object_get(in, "followup");
	int64_t due;

	if (!plan || json_is_null(plan))
		return true;
	if (json_check(plan, plan_fields, ARRAY_LEN(plan_fields), &why) ||
	    clock_parse(json_text(plan, "due_at"), &due)) {
		api_refuse(req, "bad_request", why ? why : "\"due_at\" is no time.");
		return false;
	}
	json_object_set_new(body, "followup",
	                    json_pack("{s:O, s:I}", "kind", json_object_get(plan, "kind"), "due_at", (json_int_t)due));
	return true;
}

/* The members that were given, as they are. */
static void copy(json_t *body, const json_t *in, const char *name)
{
	json_t *value = json_object_get(in, name);

	if (value && !json_is_null(value))
		json_object_set(body, name, value);
}

void api_close(struct http_req *req)
{
	json_t *in = api_body(req, close_fields, ARRAY_LEN(close_fields)), *body, *facts;

	facts = in ? api_facts_of(req, in) : NULL; /* checks the category */
	if (!facts)
		return;
	json_release(&facts);
	body = api_order(req);
	copy(body, in, "disposition");
	copy(body, in, "category");
	if (plan_set(req, in, body) && order_version(req, body))
		order_send(req, "order.close", body, NULL, case_answer_order, NULL);
	else
		json_release(&body);
}

void api_refuse_closing(struct http_req *req)
{
	if (api_body(req, NULL, 0))
		order_send(req, "order.refuse", api_order(req), NULL, case_answer_order, NULL);
}

void api_reopen(struct http_req *req)
{
	if (api_body(req, NULL, 0))
		order_send(req, "order.reopen", api_order(req), NULL, case_answer_order, NULL);
}

/* ---- follow-ups ------------------------------------------------------------------------------ */

static const struct json_field followup_fields[] = { { "kind", JSON_CODE, true, 0, 0, followup_kinds },
	                                             { "due_at", JSON_TIME, true, 0, 0, NULL },
	                                             { "note", JSON_TEXT, false, 0, WORDS_TEXT_MAX, NULL } };

/* The note for whoever picks it up, sealed. 0; WORDS_LOCKED; < 0. */
static int note_seal(struct http_req *req, const char *note, json_t *body, struct msg *blobs)
{
	uint64_t id = words_id(req, note);
	struct buf blob = { 0 };
	struct words words;
	struct view view;
	uint32_t note_key;
	int r;

	if (!api_view(req, &view))
		return -1;
	r = words_open(view.who, &view.row, &words);
	if (!r)
		r = words_write(&words, view.who, SEAL_NOTE, id, note, &blob, &note_key);
	words_wipe(&words);
	if (!r) {
		words_set_id(body, "message_id", id);
		json_object_set_new(body, "note_key", json_integer(note_key));
		msg_add(blobs, blob.data, blob.bytes);
	} else if (r > 0) {
		api_locked(req);
	} else {
		api_fault(req);
	}
	buf_finish(&blob);
	return r;
}

static void planned(struct http_req *req, const struct bus_answer *answer, void *ctx UNUSED)
{
	if (!order_refused(req, answer))
		http_reply_json(req, 201, json_pack("{s:I}", "id", (json_int_t)json_int(answer->body, "id", 0)));
}

void api_followup(struct http_req *req)
{
	json_t *in = api_body(req, followup_fields, ARRAY_LEN(followup_fields)), *body;
	struct msg blobs = { 0 };
	const char *note;
	int64_t due;

	if (!in)
		return;
	note = json_text(in, "note");
	if (clock_parse(json_text(in, "due_at"), &due) || due <= 0) {
		api_refuse(req, "bad_request", "\"due_at\" is a time like \"2026-11-23T06:41:23Z\".");
		return;
	}
	body = api_order(req);
	copy(body, in, "kind");
	json_object_set_new(body, "due_at", json_integer(due));
	if (note && *note && note_seal(req, note, body, &blobs)) {
		json_release(&body);
		return;
	}
	order_send(req, "order.followup", body, blobs.count ? &blobs : NULL, planned, NULL);
}

static const struct json_field done_fields[] = { { "result", JSON_CODE, true, 0, 0, followup_results } };

void api_followup_done(struct http_req *req)
{
	json_t *in = api_body(req, done_fields, ARRAY_LEN(done_fields)), *body;
	int64_t id = api_number(req, "id");

	if (!in)
		return;
	if (id < 1) {
		http_error(req, 404, "not_found", "There is no such follow-up on this case.");
		return;
	}
	body = api_order(req);
	json_object_set_new(body, "id", json_integer(id));
	copy(body, in, "result");
	order_send(req, "order.followup_done", body, NULL, case_answer_order, NULL);
}
