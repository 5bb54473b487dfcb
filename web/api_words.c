/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writing: replies to the caller, notes for the desk, taking one back, and drafts. Words are sealed here, under the
 * case's keys and the writer's pen; the router gets a blob. A draft is sealed under a key of the writer's own and
 * nobody else opens it.
 */
#include "api.h"

#include "case_answer.h"
#include "mem.h"
#include "words.h"
#include <stdio.h>
#include <string.h>

enum { DRAFT_KEY = 1, DRAFT_ROOM = 128 * 1024 };

/* What a kept message answers: number, time, state, version. */
static void kept(struct http_req *req, const struct bus_answer *answer, void *ctx UNUSED)
{
	json_t *out;

	if (order_refused(req, answer))
		return;
	out = json_pack("{s:I, s:s, s:I}", "n", (json_int_t)json_int(answer->body, "n", 0), "state",
	                json_text(answer->body, "state"), "version", (json_int_t)json_int(answer->body, "version", 0));
	json_set_time(out, "at", json_int(answer->body, "at", 0));
	http_reply_json(req, 201, out);
}

/* Seals text into the order and sends it. */
static void words_send(struct http_req *req, const char *service, enum seal_kind kind, const char *text)
{
	struct view view;
	struct words words;
	struct buf blob = { 0 };
	struct msg blobs = { 0 };
	uint64_t id = words_id(req, text);
	uint32_t note_key;
	json_t *body;
	int r;

	if (!api_view(req, &view))
		return;
	r = words_open(view.who, &view.row, &words);
	if (!r)
		r = words_write(&words, view.who, kind, id, text, &blob, &note_key);
	words_wipe(&words);
	if (r) {
		buf_finish(&blob);
		if (r == WORDS_LOCKED)
			api_locked(req);
		else
			api_fault(req);
		return;
	}
	body = api_order(req);
	words_set_id(body, "message_id", id);
	json_object_set_new(body, "note_key", json_integer(note_key));
	if (kind != SEAL_REPLY)
		json_object_set_new(body, "kind", json_string(seal_kind_text(kind)));
	msg_add(&blobs, blob.data, blob.bytes);
	buf_finish(&blob);
	order_send(req, service, body, &blobs, kept, NULL);
}

static const struct json_field reply_fields[] = { { "text", JSON_TEXT, true, 1, WORDS_TEXT_MAX, NULL } };

void api_words_reply(struct http_req *req)
{
	json_t *in = api_body(req, reply_fields, ARRAY_LEN(reply_fields));

	if (in && api_has_words(req, json_text(in, "text")))
		words_send(req, "order.reply", SEAL_REPLY, json_text(in, "text"));
}

static const char *const note_kinds[] = { "note", "summary", "contact", NULL };
static const struct json_field note_fields[] = { { "text", JSON_TEXT, true, 1, WORDS_TEXT_MAX, NULL },
	                                         { "kind", JSON_CODE, false, 0, 0, note_kinds } };

void api_words_note(struct http_req *req)
{
	json_t *in = api_body(req, note_fields, ARRAY_LEN(note_fields));

	if (in && api_has_words(req, json_text(in, "text")))
		words_send(req, "order.note",
		           json_text(in, "kind") ? seal_kind_parse(json_text(in, "kind")) : SEAL_NOTE,
		           json_text(in, "text"));
}

void api_words_recall(struct http_req *req)
{
	int64_t n = api_number(req, "n");
	json_t *body;

	if (n < 0 || n > INT32_MAX) {
		http_error(req, 404, "not_found", "There is no such message.");
		return;
	}
	body = api_order(req);
	json_object_set_new(body, "n", json_integer(n));
	order_send(req, "order.recall", body, NULL, case_answer_order, NULL);
}

/* ---- drafts ---------------------------------------------------------------------------------- */

static bool draft_key(struct who *who, uint8_t out[SEAL_KEY_BYTES])
{
	const struct who_keys *keys = who_open_keys(who);

	if (keys)
		seal_subkey(keys->person, DRAFT_KEY, "qtdrafts", out, SEAL_KEY_BYTES);
	return keys != NULL;
}

static void draft_place(const struct view *v, char author[SEAL_NAME_BYTES], struct seal_place *place)
{
	snprintf(author, SEAL_NAME_BYTES, "person:%lld", (long long)v->who->id);
	*place = (struct seal_place){ .uid = v->row.uid, .kind = SEAL_DRAFT, .author = author };
}

/* "reply", "note" … : a short plain word. */
static const char *draft_kind(struct http_req *req)
{
	const char *kind = http_param(req, "kind");

	if (strlen(kind) <= 16 && strspn(kind, "abcdefghijklmnopqrstuvwxyz_") == strlen(kind))
		return kind;
	http_error(req, 404, "not_found", "Drafts are of kind \"reply\" or \"note\".");
	return NULL;
}

static json_t *draft_open(const struct view *v, const uint8_t key[SEAL_KEY_BYTES], const struct draft_row *row)
{
	char author[SEAL_NAME_BYTES], *plain = NULL;
	struct seal_place place;
	uint32_t number;
	size_t bytes;
	json_t *text;

	draft_place(v, author, &place);
	if (seal_blob_head(row->blob.data, row->blob.bytes, &number, &place.message) ||
	    seal_blob_read(key, &place, row->blob.data, row->blob.bytes, &plain, &bytes))
		return json_string("");
	text = json_stringn(plain, bytes);
	seal_words_free(&plain, bytes);
	return text ? text : json_string("");
}

void api_draft_get(struct http_req *req)
{
	const char *kind = draft_kind(req);
	uint8_t key[SEAL_KEY_BYTES];
	struct draft_row row;
	struct view view;
	int r;

	if (!kind || !api_view(req, &view))
		return;
	r = store_draft_get(view.who->web->store, view.who->id, view.row.id, kind, &row);
	if (r == STORE_NONE) {
		http_reply_json(req, 200, json_pack("{s:i, s:s}", "seq", 0, "text", ""));
		return;
	}
	if (r || !draft_key(view.who, key)) {
		api_fault(req);
		return;
	}
	http_reply_json(req, 200,
	                json_pack("{s:I, s:o}", "seq", (json_int_t)row.seq, "text", draft_open(&view, key, &row)));
	seal_wipe(key, sizeof(key));
}

static const struct json_field draft_fields[] = { { "seq", JSON_INT, true, 0, INT64_MAX, NULL },
	                                          { "text", JSON_TEXT, true, 0, WORDS_TEXT_MAX, NULL } };

void api_draft_put(struct http_req *req)
{
	json_t *in = api_body(req, draft_fields, ARRAY_LEN(draft_fields)), *body;
	const char *kind = in ? draft_kind(req) : NULL, *text;
	char author[SEAL_NAME_BYTES];
	uint8_t key[SEAL_KEY_BYTES];
	struct seal_place place;
	struct buf blob = { 0 };
	struct msg blobs = { 0 };
	struct view view;

	if (!kind || !api_view(req, &view))
		return;
	text = json_text(in, "text");
	if (!draft_key(view.who, key)) {
		api_fault(req);
		return;
	}
	draft_place(&view, author, &place);
	place.message = seal_random_id();
	if (*text && !seal_blob_write(key, &place, text, strlen(text), &blob))
		msg_add(&blobs, blob.data, blob.bytes);
	seal_wipe(key, sizeof(key));
	buf_finish(&blob);
	body = api_order(req);
	json_object_set_new(body, "kind", json_string(kind));
	json_object_set(body, "seq", json_object_get(in, "seq"));
	order_send(req, "order.draft", body, blobs.count ? &blobs : NULL, api_done, NULL);
}
