/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a caller who has come back sees: state, timeline, replies, their own words of this session. The router gives sealed pages of
 * messages; they are opened here with the case key of the caller's token. Damaged words are shown as damaged, never as empty.
 */
#include "caller.h"

#include "caller_order.h"
#include "mem.h"
#include "minute.h"
#include <string.h>

enum { PAGES_MAX = 100 };

struct viewing {
	struct intake *intake;
	struct caller caller;
	json_t *view; /* grows page by page */
	int pages;
	void (*done)(int status, json_t *view, void *ctx);
	void *ctx;
};

static void viewed(struct viewing *v, int status)
{
	v->done(status, status == 200 ? v->view : NULL, v->ctx);
	json_release(&v->view);
	seal_wipe(v, sizeof(*v));
	mem_free(&v);
}

static uint64_t id_of(const json_t *item)
{
	uint8_t bytes[8] = { 0 };
	uint64_t id = 0;
	int i;

	json_hex(item, "key_id", bytes, sizeof(bytes));
	for (i = 0; i < 8; i++)
		id = id << 8 | bytes[i];
	return id;
}

static json_t *message_json(const struct viewing *v, const json_t *item, const struct frame *blob)
{
	struct seal_place place = { .uid = v->caller.uid, .message = id_of(item), .author = json_text(item, "author") };
	json_t *out = json_pack("{s:O, s:s, s:s}", "n", json_object_get(item, "n"), "from", json_text(item, "from"), "alias",
	                        json_text(item, "alias"));
	char *words = NULL;
	size_t bytes = 0;

	minute_was(out, "at", json_int(item, "at", 0));
	place.kind = seal_kind_parse(strcmp(json_text(item, "kind"), "system") ? json_text(item, "kind") : "reply");
	if (!blob || seal_blob_read(v->caller.case_key, &place, blob->data, blob->bytes, &words, &bytes)) {
		json_object_set_new(out, "text", json_null());
		json_object_set_new(out, "damaged", json_true());
	} else {
		json_object_set_new(out, "text", json_stringn(words, bytes));
	}
	seal_words_free(&words, bytes);
	return out;
}

static json_t *view_begin(const struct viewing *v, json_t *body)
{
	static const char *const same[] = { "ticket", "state", "desk", "withdrawn", "rated", "can_rate", "high_risk", "show_own" };
	json_t *view = json_object(), *times = json_array(), *t;
	size_t i;

	for (i = 0; i < ARRAY_LEN(same); i++)
		json_object_set(view, same[i], json_object_get(body, same[i]));
	minute_was(view, "opened_at", json_int(body, "opened_at", 0));
	minute_was(view, "last_opened_at", v->caller.last_opened_ms);
	minute_will(view, "reply_by", json_int(body, "reply_by", 0));
	minute_will(view, "erase_at", json_int(body, "erase_at", 0));
	json_array_foreach(json_object_get(body, "timeline"), i, t) {
		json_t *row = json_pack("{s:s}", "what", json_text(t, "what"));

		minute_was(row, "at", json_int(t, "at", 0));
		json_array_append_new(times, row);
	}
	json_object_set_new(view, "timeline", times);
	json_object_set_new(view, "messages", json_array());
	return view;
}

static void view_ask(struct viewing *v, int64_t after);

static void view_page(const struct bus_answer *answer, void *ctx)
{
	struct viewing *v = ctx;
	json_t *item;
	size_t i;

	if (answer->status != 200 || !answer->m) {
		viewed(v, answer->m ? answer->status : 503);
		return;
	}
	if (!v->view)
		v->view = view_begin(v, answer->body);
	json_array_foreach(json_object_get(answer->body, "messages"), i, item) {
		const struct frame *blob = answer->first + i < answer->m->count ? &answer->m->frame[answer->first + i] : NULL;

		json_array_append_new(json_object_get(v->view, "messages"), message_json(v, item, blob));
	}
	if (json_bool(answer->body, "more", false) && ++v->pages < PAGES_MAX)
		view_ask(v, json_int(answer->body, "after", 0));
	else
		viewed(v, 200);
}

static void view_ask(struct viewing *v, int64_t after)
{
	json_t *body = json_pack("{s:I, s:I}", "after", (json_int_t)after, "since", (json_int_t)v->caller.since_ms);

	caller_proof(&v->caller, body);
	bus_call(v->intake->bus, "intake.read", body, NULL, CALLER_MS, view_page, v);
}

void caller_view(struct intake *intake, const struct caller *caller, int64_t after,
                 void (*done)(int status, json_t *view, void *ctx), void *ctx)
{
	struct viewing *v = mem_new(sizeof(*v));

	v->intake = intake;
	v->caller = *caller;
	v->done = done;
	v->ctx = ctx;
	view_ask(v, after);
}
