/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words of a caller who has come back: reading the replies, writing back, complaining. Each message has a key of its own; a wrap for the
 * psych desk rides along with what is written, and is kept only if screening finds a crisis.
 */
#include "caller.h"

#include "caller_order.h"
#include "clock.h"
#include "house.h"
#include "mem.h"
#include "submit.h"
#include "text.h"
#include <stdio.h>
#include <string.h>

enum { ROUND_MS = 60000, PAGES_MAX = 100 };

/* ---- reading ---------------------------------------------------------------------------------------------------------------- */

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

static void set_minute(json_t *object, const char *name, int64_t at_ms)
{
	json_set_time(object, name, at_ms - at_ms % ROUND_MS);
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

/* One message opened; damaged words are shown as damaged, never as empty. */
static json_t *message_json(const struct viewing *v, const json_t *item, const struct frame *blob)
{
	struct seal_place place = { .uid = v->caller.uid, .message = id_of(item), .author = json_text(item, "author") };
	json_t *out = json_pack("{s:O, s:s, s:s}", "n", json_object_get(item, "n"), "from", json_text(item, "from"), "alias",
	                        json_text(item, "alias"));
	char *words = NULL;
	size_t bytes = 0;

	set_minute(out, "at", json_int(item, "at", 0));
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
	set_minute(view, "opened_at", json_int(body, "opened_at", 0));
	set_minute(view, "last_opened_at", v->caller.last_opened_ms);
	set_minute(view, "reply_by", json_int(body, "reply_by", 0));
	set_minute(view, "erase_at", json_int(body, "erase_at", 0));
	json_array_foreach(json_object_get(body, "timeline"), i, t) {
		json_t *row = json_pack("{s:s}", "what", json_text(t, "what"));

		set_minute(row, "at", json_int(t, "at", 0));
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

/* ---- writing ---------------------------------------------------------------------------------------------------------------- */

struct saying {
	int crisis;
	void (*done)(int status, json_t *answer, void *ctx);
	void *ctx;
};

static void said(int status, json_t *answer, void *ctx)
{
	struct saying *s = ctx;
	json_t *out = status == 201 ? json_pack("{s:O, s:b}", "n", json_object_get(answer, "n"), "crisis", s->crisis) : json_incref(answer);

	if (status == 201)
		set_minute(out, "reply_by", json_int(answer, "reply_by", 0));
	else
		json_object_set_new(out, "crisis", json_boolean(s->crisis));
	s->done(status, out, s->ctx);
	json_decref(out);
	mem_free(&s);
}

static int seal_worker(struct intake *intake, const struct caller *c, const struct seal_place *place, const char *kind, struct msg *blobs,
                       json_t *body)
{
	struct seal_epoch *epoch = epochs_now(intake->epochs);
	uint8_t key[SEAL_KEY_BYTES], wrap[SEAL_WRAP_KEY_BYTES];
	const struct seal_target *worker;
	char name[SEAL_NAME_BYTES];
	int r;

	snprintf(name, sizeof(name), "worker:%s", kind);
	worker = keyring_target(intake->public, name);
	if (!worker)
		return 1;
	seal_message_key(c->case_key, place, key);
	r = seal_wrap_write(epoch, worker, c->uid, SEAL_CARGO_MESSAGE, key, wrap);
	seal_wipe(key, sizeof(key));
	msg_add(blobs, wrap, sizeof(wrap));
	json_object_set_new(body, "worker_generation", json_integer(worker->generation));
	return r;
}

/* The psych desk's wrap: the case key and a fresh note key, since the desk's own is not ours to know. */
static int seal_psych(struct intake *intake, const struct caller *c, const char *site, struct msg *blobs, json_t *body)
{
	struct seal_case secrets = { 0 };
	uint8_t payload[SEAL_DESK_PAYLOAD_BYTES], wrap[SEAL_WRAP_CASE_BYTES];
	const struct seal_target *desk;
	char name[SEAL_NAME_BYTES];
	int r;

	snprintf(name, sizeof(name), "desk:%s.psych", site);
	desk = keyring_target(intake->public, name);
	if (!desk)
		return 1;
	memcpy(secrets.case_key, c->case_key, sizeof(secrets.case_key));
	seal_note_key_new(secrets.note_key, &secrets.note_number);
	seal_desk_payload_write(&secrets, payload);
	r = seal_wrap_write(epochs_now(intake->epochs), desk, c->uid, SEAL_CARGO_CASE, payload, wrap);
	seal_wipe(&secrets, sizeof(secrets));
	seal_wipe(payload, sizeof(payload));
	msg_add(blobs, wrap, sizeof(wrap));
	json_object_set_new(body, "generation", json_integer(desk->generation));
	return r;
}

static void set_key(const struct intake *intake, const struct caller *c, const char *key, const char *text, json_t *body)
{
	struct seal_idem idem;
	AUTO(mem_free) char *own = NULL;
	uint8_t random[16];
	char fresh[33];

	if (!key) {
		seal_random(random, sizeof(random));
		hex_write(fresh, random, sizeof(random));
	}
	own = mem_format("%s %s", c->ticket, key ? key : fresh);
	seal_idem_make(intake->keys->idem, own, strlen(own), text, strlen(text), &idem);
	json_set_hex(body, "key", idem.key, sizeof(idem.key));
	json_set_hex(body, "digest", idem.digest, sizeof(idem.digest));
}

static void set_id(json_t *body, uint64_t id)
{
	uint8_t bytes[8];
	int i;

	for (i = 0; i < 8; i++)
		bytes[i] = (uint8_t)(id >> (56 - 8 * i));
	json_set_hex(body, "message_id", bytes, sizeof(bytes));
}

/* The desk whose worker can open it comes from the view: the desk may have changed since the ticket was opened. */
struct desk_asking {
	struct intake *intake;
	struct caller caller;
	char *text, *key;
	void (*done)(int status, json_t *answer, void *ctx);
	void *ctx;
};

static void say_to(struct desk_asking *a, const char *desk, const char *site)
{
	struct intake *intake = a->intake;
	struct seal_place place = { .uid = a->caller.uid, .message = seal_random_id(), .kind = SEAL_MESSAGE, .author = "caller" };
	struct saying *s = mem_new(sizeof(*s));
	struct screen_result result;
	struct buf blob = { 0 };
	struct msg blobs = { 0 };
	json_t *body;

	screen_text(intake->screen, a->text, desk, &result);
	*s = (struct saying){ result.risk >= 2, a->done, a->ctx };
	body = json_pack("{s:i, s:o}", "risk", result.risk, "hits", hits_json(&result));
	if (!epochs_now(intake->epochs) || seal_blob_write(a->caller.case_key, &place, a->text, strlen(a->text), &blob)) {
		said(503, body, s);
		json_release(&body);
		buf_finish(&blob);
		return;
	}
	json_object_set_new(body, "epoch", json_integer(seal_epoch_row(epochs_now(intake->epochs))->number));
	msg_take(&blobs, (uint8_t *)blob.data, blob.bytes);
	set_id(body, place.message);
	set_key(intake, &a->caller, a->key, a->text, body);
	if (seal_worker(intake, &a->caller, &place, desk, &blobs, body) ||
	    seal_psych(intake, &a->caller, site, &blobs, body)) {
		said(503, body, s);
		json_release(&body);
		msg_clear(&blobs);
		return;
	}
	caller_send(intake, &a->caller, "intake.say", body, &blobs, said, s);
}

static void desk_asking_free(struct desk_asking **a)
{
	seal_wipe((*a)->text, strlen((*a)->text));
	mem_free(&(*a)->text);
	mem_free(&(*a)->key);
	seal_wipe(*a, sizeof(**a));
	mem_free(a);
}

static void desk_told(const struct bus_answer *answer, void *ctx)
{
	struct desk_asking *a = ctx;

	if (answer->status == 200 && json_text(answer->body, "desk") && json_text(answer->body, "site")) {
		say_to(a, json_text(answer->body, "desk"), json_text(answer->body, "site"));
	} else {
		struct saying *s = mem_new(sizeof(*s));

		*s = (struct saying){ submit_risk(a->intake, a->text, NULL, NULL) >= 2, a->done, a->ctx };
		said(answer->m ? answer->status : 503, answer->body, s);
	}
	desk_asking_free(&a);
}

void caller_say(struct intake *intake, const struct caller *caller, const char *text, const char *key,
                void (*done)(int status, json_t *answer, void *ctx), void *ctx)
{
	struct desk_asking *a = mem_new(sizeof(*a));
	json_t *body = json_pack("{s:I}", "after", (json_int_t)INT32_MAX);

	*a = (struct desk_asking){ intake, *caller, mem_text(text), mem_text(key), done, ctx };
	caller_proof(caller, body);
	bus_call(intake->bus, "intake.read", body, NULL, CALLER_MS, desk_told, a);
}

void caller_complain(struct intake *intake, const struct caller *caller, const char *text,
                     void (*done)(int status, json_t *answer, void *ctx), void *ctx)
{
	struct seal_epoch *epoch = epochs_now(intake->epochs);
	struct seal_place place = { .uid = caller->uid, .message = seal_random_id(), .kind = SEAL_COMPLAINT, .author = "caller" };
	uint8_t key[SEAL_KEY_BYTES], wrap[SEAL_WRAP_KEY_BYTES];
	const struct seal_target *oversight;
	char name[SEAL_NAME_BYTES];
	struct buf blob = { 0 };
	struct msg blobs = { 0 };
	json_t *body = json_object();

	snprintf(name, sizeof(name), "oversight:%s", house_site(intake->conf, NULL)->id);
	oversight = keyring_target(intake->public, name);
	seal_message_key(caller->case_key, &place, key);
	if (!epoch || !oversight || seal_blob_write(caller->case_key, &place, text, strlen(text), &blob) ||
	    seal_wrap_write(epoch, oversight, caller->uid, SEAL_CARGO_MESSAGE, key, wrap)) {
		buf_finish(&blob);
		done(503, body, ctx);
		json_release(&body);
		return;
	}
	seal_wipe(key, sizeof(key));
	msg_take(&blobs, (uint8_t *)blob.data, blob.bytes);
	msg_add(&blobs, wrap, sizeof(wrap));
	set_id(body, place.message);
	set_key(intake, caller, NULL, text, body);
	json_object_set_new(body, "epoch", json_integer(seal_epoch_row(epoch)->number));
	json_object_set_new(body, "generation", json_integer(oversight->generation));
	caller_send(intake, caller, "intake.complaint", body, &blobs, done, ctx);
}
