/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asking another desk for its part: the case's keys are sealed to that desk, with a note that says what is asked. The
 * first desk keeps the case; ending the task takes the key away again.
 */
#include "api.h"

#include "case_answer.h"
#include "mem.h"
#include "words.h"
#include <string.h>

static const struct json_field task_fields[] = { { "desk", JSON_TEXT, true, 1, 32, NULL },
	                                         { "text", JSON_TEXT, false, 0, WORDS_TEXT_MAX, NULL } };

/* The wrap for the desk, then the note. 0; > 0 refused by a lack of keys. */
static int task_seal(struct http_req *req, const struct view *v, const struct desk_row *desk, const char *text,
                     json_t *body, struct msg *blobs)
{
	uint8_t wrap[SEAL_WRAP_CASE_BYTES];
	struct buf note = { 0 };
	struct words words;
	uint64_t id = words_id(req, text ? text : "");
	uint32_t note_key = 1;
	int r = words_open(v->who, &v->row, &words);

	if (!r)
		r = words_wrap(&words, v->who->web, desk, wrap);
	if (!r) {
		note_key = words.note[0].number;
		msg_add(blobs, wrap, sizeof(wrap));
	}
	if (!r && text && *text) {
		r = words_write(&words, v->who, SEAL_NOTE, id, text, &note, &note_key);
		if (!r) {
			msg_add(blobs, note.data, note.bytes);
			words_set_id(body, "message_id", id);
		}
	}
	json_object_set_new(body, "note_key", json_integer(note_key));
	words_wipe(&words);
	buf_finish(&note);
	return r;
}

void api_task(struct http_req *req)
{
	json_t *in = api_body(req, task_fields, ARRAY_LEN(task_fields)), *body;
	struct msg blobs = { 0 };
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
	if (task_seal(req, &view, &desk, json_text(in, "text"), body, &blobs)) {
		json_release(&body);
		msg_clear(&blobs);
		api_locked(req);
		return;
	}
	order_send(req, "order.task", body, &blobs, case_answer_order, NULL);
}

static const struct json_field end_fields[] = { { "disposition", JSON_CODE, true, 0, 0, case_disposition_words } };

void api_task_end(struct http_req *req)
{
	json_t *in = api_body(req, end_fields, ARRAY_LEN(end_fields)), *body;
	int64_t id = api_number(req, "id");

	if (!in)
		return;
	if (id < 1) {
		http_error(req, 404, "not_found", "There is no such task on this case.");
		return;
	}
	body = api_order(req);
	json_object_set_new(body, "task", json_integer(id));
	json_object_set(body, "disposition", json_object_get(in, "disposition"));
	order_send(req, "order.task_end", body, NULL, case_answer_order, NULL);
}
