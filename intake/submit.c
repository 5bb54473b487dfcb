/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From words to a kept case: derive the case's secrets from key and body, seal, send, answer. The words and every key are wiped when the
 * router has them. Called by the JSON API and by the pages alike.
 */
#include "submit.h"

#include "code.h"
#include "house.h"
#include "json.h"
#include "log.h"
#include "mem.h"
#include "text.h"
#include <stdio.h>
#include <string.h>

enum { SEND_MS = 20000, WRAPS_MAX = 1 + CONF_DESKS_MAX };

struct sealed_wrap {
	char name[SEAL_NAME_BYTES];
	uint8_t bytes[SEAL_WRAP_CASE_BYTES];
	size_t length;
};
struct submission {
	struct intake *intake;
	void (*done)(const struct submitted *s, void *ctx);
	void *ctx;
	json_t *request;
	char *canonical, key[SUBMIT_KEY_MAX + 1];
	const char *desk;             /* kind the words are sealed for */
	const struct conf_site *site;
	struct screen_result result;
	struct submitted out;
	struct seal_epoch *epoch;
	const uint8_t *replay;        /* which replay key the case is derived from */
	/* Made on the pool thread. */
	struct seal_case secrets;
	struct seal_idem idem;
	struct seal_halves halves;
	uint64_t message_id, contact_id;
	struct buf message, contact;
	uint8_t bundle[SEAL_WRAP_KEY_BYTES];
	uint32_t worker_generation;
	struct sealed_wrap wrap[WRAPS_MAX];
	size_t wraps;
	json_t *generation;
	int failed;
	uint8_t earlier_auth[32];     /* proof for "continues" */
};

static void submission_free(struct submission **submission)
{
	struct submission *s = *submission;
	char *text = s->canonical;

	if (text)
		seal_wipe(text, strlen(text));
	mem_free(&s->canonical);
	if (s->message.data)
		seal_wipe(s->message.data, s->message.bytes);
	buf_finish(&s->message);
	buf_finish(&s->contact);
	json_release(&s->request);
	json_release(&s->generation);
	seal_epoch_drop(&s->epoch);
	seal_wipe(s, sizeof(*s));
	mem_free(submission);
}

static void finish(struct submission *s)
{
	s->done(&s->out, s->ctx);
	submission_free(&s);
}

static void fail(struct submission *s, int status, const char *code, const char *detail)
{
	s->out.status = status;
	s->out.code = code;
	s->out.detail = detail;
	finish(s);
}

/* ---- on a pool thread ---------------------------------------------------------------------------------------------------- */

static int seal_words(struct submission *s)
{
	const char *text = json_text(s->request, "text");
	json_t *contact = json_object_get(s->request, "contact");
	struct seal_place place = { .uid = s->secrets.uid, .kind = SEAL_MESSAGE, .author = "caller" };
	int r;

	s->message_id = place.message = seal_random_id();
	r = seal_blob_write(s->secrets.case_key, &place, text, strlen(text), &s->message);
	if (!r && json_is_object(contact) && json_object_size(contact)) {
		AUTO(mem_free) char *words = json_write(contact);

		s->contact_id = place.message = seal_random_id();
		place.kind = SEAL_CONTACT;
		place.key_number = s->secrets.note_number;
		r = seal_blob_write(s->secrets.note_key, &place, words, strlen(words), &s->contact);
		seal_wipe(words, strlen(words));
	}
	return r;
}

static int seal_bundle(struct submission *s)
{
	struct seal_place place = { .uid = s->secrets.uid, .kind = SEAL_MESSAGE, .author = "caller", .message = s->message_id };
	char name[SEAL_NAME_BYTES];
	const struct seal_target *worker;
	uint8_t key[SEAL_KEY_BYTES];
	int r;

	snprintf(name, sizeof(name), "worker:%s", s->desk);
	worker = keyring_target(s->intake->public, name);
	if (!worker)
		return 1;
	s->worker_generation = worker->generation;
	seal_message_key(s->secrets.case_key, &place, key);
	r = seal_wrap_write(s->epoch, worker, s->secrets.uid, SEAL_CARGO_MESSAGE, key, s->bundle);
	seal_wipe(key, sizeof(key));
	return r;
}

static int seal_desk_wrap(struct submission *s, const char *kind, const uint8_t payload[SEAL_DESK_PAYLOAD_BYTES])
{
	struct sealed_wrap *wrap = &s->wrap[s->wraps];
	const struct seal_target *desk;

	snprintf(wrap->name, sizeof(wrap->name), "desk:%s.%s", s->site->id, kind);
	desk = keyring_target(s->intake->public, wrap->name);
	if (!desk)
		return 1;
	wrap->length = SEAL_WRAP_CASE_BYTES;
	json_object_set_new(s->generation, kind, json_integer(desk->generation));
	s->wraps++;
	return seal_wrap_write(s->epoch, desk, s->secrets.uid, SEAL_CARGO_CASE, payload, wrap->bytes);
}

static int seal_wraps(struct submission *s)
{
	const struct conf *conf = s->intake->conf;
	uint8_t payload[SEAL_DESK_PAYLOAD_BYTES];
	int i, r = 0;

	snprintf(s->wrap[0].name, sizeof(s->wrap[0].name), "caller");
	s->wrap[0].length = SEAL_CALLER_WRAP_BYTES;
	seal_caller_wrap_write(&s->halves, s->secrets.uid, s->secrets.case_key, s->wrap[0].bytes);
	s->wraps = 1;
	seal_desk_payload_write(&s->secrets, payload);
	for (i = 0; !r && i < conf->desks && s->wraps < WRAPS_MAX; i++)
		if (conf->desk[i].open)
			r = seal_desk_wrap(s, conf->desk[i].kind, payload);
	seal_wipe(payload, sizeof(payload));
	return r;
}

static void derive(struct submission *s)
{
	char digits[RECEIPT_DIGITS + 1];

	seal_case_derive(s->replay, s->key, strlen(s->key), s->canonical, strlen(s->canonical), &s->secrets);
	receipt_write(s->secrets.receipt_seed, s->out.receipt);
	s->failed = receipt_tidy(s->out.receipt, digits);
	if (!s->failed)
		s->failed = code_halves(s->intake, digits, s->secrets.uid, &s->halves);
	seal_wipe(digits, sizeof(digits));
}

static void seal_all(void *ctx)
{
	struct submission *s = ctx;

	derive(s);
	seal_idem_make(s->intake->keys->idem, s->key, strlen(s->key), s->canonical, strlen(s->canonical), &s->idem);
	if (!s->failed)
		s->failed = seal_words(s);
	if (!s->failed)
		s->failed = seal_bundle(s);
	if (!s->failed)
		s->failed = seal_wraps(s);
}

/* ---- on the loop ----------------------------------------------------------------------------------------------------------- */

json_t *hits_json(const struct screen_result *result)
{
	json_t *hits = json_array();
	size_t i;

	for (i = 0; i < result->hits; i++)
		json_array_append_new(hits, json_pack("{s:s, s:i, s:s}", "rule", result->hit[i].rule, "risk", result->hit[i].counts, "held",
		                                      result->hit[i].held ? result->hit[i].held : ""));
	return hits;
}

static void set_id(json_t *body, const char *name, uint64_t id)
{
	uint8_t bytes[8];
	int i;

	for (i = 0; i < 8; i++)
		bytes[i] = (uint8_t)(id >> (56 - 8 * i));
	json_set_hex(body, name, bytes, sizeof(bytes));
}

static json_t *body_of(struct submission *s)
{
	const char *harm = json_text(s->request, "self_harm"), *choice = json_text(s->request, "desk");
	bool unsure = !choice || !strcmp(choice, "unsure"), live = json_bool(s->request, "live", false);
	uint8_t stored[32];
	json_t *body = json_pack("{s:s, s:s, s:b, s:s, s:o, s:i, s:i, s:o, s:b, s:I, s:O, s:I}", "site", s->site->id, "desk", s->desk,
	                         "unsure", unsure, "channel", live ? "web_chat" : "web_form", "facts", submit_facts(s->request), "tick",
	                         submit_tick(harm), "risk", s->result.risk, "hits", hits_json(&s->result), "live", live, "epoch",
	                         (json_int_t)seal_epoch_row(s->epoch)->number, "generation", s->generation, "worker_generation",
	                         (json_int_t)s->worker_generation);
	json_t *names = json_array(), *earlier = json_object_get(s->request, "continues");
	size_t i;

	for (i = 0; i < s->wraps; i++)
		json_array_append_new(names, json_string(s->wrap[i].name));
	json_object_set_new(body, "wraps", names);
	if (json_is_object(earlier)) {
		json_t *chain = json_pack("{s:s}", "ticket", json_text(earlier, "ticket"));

		json_set_hex(chain, "auth", s->earlier_auth, sizeof(s->earlier_auth));
		json_object_set_new(body, "continues", chain);
	}
	seal_auth_hash(s->halves.auth, stored);
	json_set_hex(body, "caller_hash", stored, sizeof(stored));
	json_set_hex(body, "uid", s->secrets.uid, sizeof(s->secrets.uid));
	json_set_hex(body, "key", s->idem.key, sizeof(s->idem.key));
	json_set_hex(body, "digest", s->idem.digest, sizeof(s->idem.digest));
	set_id(body, "message_id", s->message_id);
	if (s->contact_id)
		set_id(body, "contact_id", s->contact_id);
	return body;
}

static void again_derived(void *ctx)
{
	struct submission *s = ctx;

	finish(s);
}

static void again_derive(void *ctx)
{
	derive(ctx);
}

/* Kept: 201, also for an honest retry. When the first answer was of a case derived with the replay key before, derive with that. */
static void kept(const struct bus_answer *answer, void *ctx)
{
	struct submission *s = ctx;
	uint8_t uid[SEAL_UID_BYTES] = { 0 };

	if (answer->status != 201) {
		/* What the caller can mend is told; anything else is between us and the router. */
		bool theirs = answer->m && (answer->status == 403 || answer->status == 409);

		if (answer->m && !theirs)
			log_warn("submit_refused", "status=%d", answer->status);
		fail(s, theirs ? answer->status : 503, theirs ? json_text(answer->body, "error") : "not_kept",
		     theirs ? json_text(answer->body, "detail") : NULL);
		return;
	}
	s->out.status = 201;
	snprintf(s->out.ticket, sizeof(s->out.ticket), "%s", json_text(answer->body, "ticket"));
	snprintf(s->out.state, sizeof(s->out.state), "%s", json_text(answer->body, "state"));
	s->out.reply_by = json_int(answer->body, "reply_by", 0);
	json_hex(answer->body, "uid", uid, sizeof(uid));
	if (memcmp(uid, s->secrets.uid, sizeof(uid)) && s->intake->keys->replay.keys > 1) {
		s->replay = s->intake->keys->replay.key[1];
		if (!pool_run(s->intake->sealing, again_derive, again_derived, s))
			return;
	}
	finish(s);
}

static void sealed(void *ctx)
{
	struct submission *s = ctx;
	struct msg blobs = { 0 };
	size_t i;

	if (s->failed) {
		fail(s, 503, "not_kept", NULL);
		return;
	}
	msg_take(&blobs, (uint8_t *)steal(&s->message.data), s->message.bytes);
	msg_add(&blobs, s->bundle, sizeof(s->bundle));
	for (i = 0; i < s->wraps; i++)
		msg_add(&blobs, s->wrap[i].bytes, s->wrap[i].length);
	if (s->contact_id)
		msg_add(&blobs, s->contact.data, s->contact.bytes);
	bus_call(s->intake->bus, "intake.submit", body_of(s), &blobs, SEND_MS, kept, s);
}

static void seal_start(struct submission *s)
{
	if (pool_run(s->intake->sealing, seal_all, sealed, s))
		fail(s, 503, "not_kept", NULL);
}

/* The earlier ticket's code is proven to the router with this request. */
static void earlier_known(int status, const struct code_proof *proof, void *ctx)
{
	struct submission *s = ctx;

	if (status == 400) {
		fail(s, 400, "mistyped", "The ticket or the code of the earlier request has a typing error.");
		return;
	}
	if (status != 200) {
		fail(s, 503, "not_kept", NULL);
		return;
	}
	memcpy(s->earlier_auth, proof->halves.auth, sizeof(s->earlier_auth));
	seal_start(s);
}

static char *canonical_of(const json_t *request)
{
	char *text = json_dumps(request, JSON_COMPACT | JSON_SORT_KEYS);

	return text ? text : mem_text("");
}

void submit(struct intake *intake, json_t *request, const char *key, void (*done)(const struct submitted *s, void *ctx), void *ctx)
{
	struct submission *s = mem_new(sizeof(*s));
	json_t *earlier = json_object_get(request, "continues");
	uint8_t random[16];

	*s = (struct submission){ .intake = intake, .done = done, .ctx = ctx, .request = request, .canonical = canonical_of(request),
		                  .generation = json_object(), .replay = intake->keys->replay.key[0] };
	seal_random(random, sizeof(random));
	hex_write(s->key, random, sizeof(random));
	if (key)
		snprintf(s->key, sizeof(s->key), "%s", key);
	s->desk = house_desk(intake->conf, json_text(request, "desk"));
	s->site = house_site(intake->conf, json_text(request, "region"));
	screen_text(intake->screen, json_text(request, "text"), house_choice(json_text(request, "desk")), &s->result);
	if (s->result.risk < submit_tick(json_text(request, "self_harm")))
		s->result.risk = submit_tick(json_text(request, "self_harm"));
	s->out.crisis = s->result.risk >= 2;
	s->epoch = epochs_now(intake->epochs) ? seal_epoch_hold(epochs_now(intake->epochs)) : NULL;
	if (!s->epoch || !s->desk || !house_open(intake->house))
		fail(s, 503, house_heard(intake->house) ? "not_open" : "not_kept",
		     house_heard(intake->house) ? "This house is not open yet. You can telephone 12355." : NULL);
	else if (json_is_object(earlier))
		code_prove(intake, json_text(earlier, "ticket"), json_text(earlier, "receipt"), earlier_known, s);
	else
		seal_start(s);
}
