/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A case taken by telephone or at the counter. The case's secrets are derived from the idempotency key and the body, as
 * the portal does, so an honest retry finds the same ticket and the same receipt. What was said is sealed as a summary:
 * the caller's receipt opens replies, not our notes. The words are looked at by the risk rules: they may only raise.
 */
#include "api.h"

#include "case_answer.h"
#include "clock.h"
#include "i18n.h"
#include "mem.h"
#include "ticket.h"
#include "words.h"
#include <stdio.h>
#include <string.h>

static const char *const harms[] = { "yes", "unsure", "no", "unsaid", NULL };
static const struct json_field create_fields[] = {
	API_FACT_FIELDS,
	{ "text", JSON_TEXT, true, 1, WORDS_TEXT_MAX, NULL },
	{ "summary", JSON_TEXT, false, 0, WORDS_TEXT_MAX, NULL },
	{ "desk", JSON_TEXT, true, 1, 32, NULL },
	{ "self_harm", JSON_CODE, false, 0, 0, harms },
	{ "channel", JSON_CODE, true, 0, 0, case_channel_words },
	{ "call", JSON_OBJ, false, 0, 0, NULL },
	{ "contact", JSON_OBJ, false, 0, 0, NULL },
	{ "receipt", JSON_BOOL, false, 0, 0, NULL },
};
static const struct json_field call_fields[] = {
	{ "began_at", JSON_TIME, true, 0, 0, NULL },
	{ "seconds", JSON_INT, true, 0, 86400, NULL },
	{ "type", JSON_CODE, false, 0, 0, contact_type_words },
};
static const struct json_field contact_fields[] = {
	{ "phone", JSON_TEXT, false, 0, 40, NULL },
	{ "times", JSON_TEXT, false, 0, 200, NULL },
	{ "say_who", JSON_BOOL, false, 0, 0, NULL },
};

/* One being made; the request stays until the router has answered. */
struct creation {
	struct http_req *req;
	struct web *web;
	json_t *in, *facts;       /* in: the request's own */
	char *canonical, *key;
	const uint8_t *replay;
	struct desk_row desk;     /* texts of our own */
	char desk_id[32], desk_kind[16], site_id[16];
	bool unsure, receipt_wanted;
	struct seal_case secrets;
	struct seal_idem idem;
	struct seal_halves halves;
	char receipt[RECEIPT_TEXT_BYTES];
	int failed;
};

static void text_wipe(char **text)
{
	if (*text)
		seal_wipe(*text, strlen(*text));
	mem_free(text);
}

static void creation_free(struct creation **creation)
{
	struct creation *c = *creation;

	json_release(&c->facts);
	text_wipe(&c->canonical);
	mem_free(&c->key);
	seal_wipe(c, sizeof(*c));
	mem_free(creation);
}

/* ---- on a pool thread ------------------------------------------------------------------------ */

static void creation_derive(void *ctx)
{
	struct creation *c = ctx;
	const struct conf *conf = c->web->conf;
	struct seal_cost cost = { (size_t)conf->kdf_receipt_bytes, conf->kdf_receipt_passes };
	char digits[RECEIPT_DIGITS + 1];

	seal_case_derive(c->replay, c->key, strlen(c->key), c->canonical, strlen(c->canonical), &c->secrets);
	seal_idem_make(c->web->keys->idem, c->key, strlen(c->key), c->canonical, strlen(c->canonical), &c->idem);
	if (!c->receipt_wanted)
		return;
	receipt_write(c->secrets.receipt_seed, c->receipt);
	c->failed = receipt_tidy(c->receipt, digits);
	if (!c->failed)
		c->failed = seal_receipt(digits, c->secrets.uid, c->web->keys->pepper, cost, &c->halves);
	seal_wipe(digits, sizeof(digits));
}

/* ---- the order ------------------------------------------------------------------------------- */

static int tick_of(const char *harm)
{
	return !harm ? 0 : !strcmp(harm, "yes") ? 2 : !strcmp(harm, "unsure") ? 1 : 0;
}

static void risk_set(const struct creation *c, json_t *body)
{
	struct screen_result found;
	int tick = tick_of(json_text(c->in, "self_harm"));
	json_t *hits = json_array();
	size_t i;

	screen_text(c->web->screen, json_text(c->in, "text"), c->desk_kind, &found);
	for (i = 0; i < found.hits; i++)
		json_array_append_new(hits, json_pack("{s:s, s:i, s:s}", "rule", found.hit[i].rule, "risk",
		                                      found.hit[i].counts, "held",
		                                      found.hit[i].held ? found.hit[i].held : ""));
	json_object_set_new(body, "hits", hits);
	json_object_set_new(body, "tick", json_integer(tick));
	json_object_set_new(body, "risk", json_integer(found.risk > tick ? found.risk : tick));
}

static void call_set(const struct creation *c, json_t *body)
{
	json_t *call = json_object_get(c->in, "call");
	int64_t began;

	if (!json_is_object(call) || clock_parse(json_text(call, "began_at"), &began))
		return;
	json_object_set_new(body, "began_at", json_integer(began));
	json_object_set(body, "seconds", json_object_get(call, "seconds"));
	if (json_text(call, "type"))
		json_object_set(body, "type", json_object_get(call, "type"));
}

/* What was said and, apart from it, the summary: one text, so that both are kept or neither. */
static char *summary_text(const struct creation *c)
{
	const char *summary = json_text(c->in, "summary");
	enum i18n_lang lang = !strcmp(session_who(c->req)->lang, "en") ? I18N_EN : I18N_ZH_CN;

	if (!summary || !*summary)
		return mem_text(json_text(c->in, "text"));
	return mem_format("%s\n\n【%s】\n%s", json_text(c->in, "text"), i18n_text(lang, "console.entry.summary"),
	                  summary);
}

/* Seals one body under the case's note key. 0 or > 0. */
static int body_seal(const struct creation *c, enum seal_kind kind, const char *text, const char *id_name, json_t *body,
                     struct msg *blobs)
{
	struct words words = { .open = true, .notes = 1 };
	struct buf blob = { 0 };
	uint64_t id = seal_random_id();
	uint32_t number;
	int r;

	memcpy(words.uid, c->secrets.uid, sizeof(words.uid));
	words.note[0].number = c->secrets.note_number;
	memcpy(words.note[0].key, c->secrets.note_key, sizeof(words.note[0].key));
	r = words_write(&words, session_who(c->req), kind, id, text, &blob, &number);
	words_wipe(&words);
	words_set_id(body, id_name, id);
	if (!r)
		msg_add(blobs, blob.data, blob.bytes);
	buf_finish(&blob);
	return r;
}

static int wraps_set(const struct creation *c, json_t *body, struct msg *blobs)
{
	struct words words = { .open = true, .notes = 1 };
	uint8_t wrap[SEAL_WRAP_CASE_BYTES], caller[SEAL_CALLER_WRAP_BYTES], stored[32];
	struct desk_row desk = c->desk;
	json_t *names = json_array();
	int r;

	desk.id = c->desk_id;
	memcpy(words.uid, c->secrets.uid, sizeof(words.uid));
	memcpy(words.case_key, c->secrets.case_key, sizeof(words.case_key));
	words.note[0].number = c->secrets.note_number;
	memcpy(words.note[0].key, c->secrets.note_key, sizeof(words.note[0].key));
	r = words_wrap(&words, c->web, &desk, wrap);
	words_wipe(&words);
	json_array_append_new(names, json_sprintf("desk:%s", c->desk_id));
	msg_add(blobs, wrap, sizeof(wrap));
	if (c->receipt_wanted) {
		seal_caller_wrap_write(&c->halves, c->secrets.uid, c->secrets.case_key, caller);
		json_array_append_new(names, json_string("caller"));
		msg_add(blobs, caller, sizeof(caller));
		seal_auth_hash(c->halves.auth, stored);
		json_set_hex(body, "caller_hash", stored, sizeof(stored));
	}
	json_object_set_new(body, "wraps", names);
	return r;
}

/* The frames in the router's order: summary, wraps, contact. 0 or > 0. */
static int blobs_set(const struct creation *c, json_t *body, struct msg *blobs)
{
	json_t *contact = json_object_get(c->in, "contact");
	char *text = summary_text(c);
	int r = body_seal(c, SEAL_SUMMARY, text, "message_id", body, blobs);

	text_wipe(&text);
	if (!r)
		r = wraps_set(c, body, blobs);
	if (!r && json_is_object(contact) && json_object_size(contact)) {
		text = json_write(contact);
		r = body_seal(c, SEAL_CONTACT, text, "contact_id", body, blobs);
		text_wipe(&text);
	}
	return r;
}

static void created(struct http_req *req, const struct bus_answer *answer, void *ctx)
{
	struct creation **held = ctx, *c = *held;
	uint8_t uid[SEAL_UID_BYTES] = { 0 };
	json_t *out;
	int64_t id;

	if (order_refused(req, answer)) {
		creation_free(held);
		return;
	}
	json_hex(answer->body, "uid", uid, sizeof(uid));
	if (c->receipt_wanted && memcmp(uid, c->secrets.uid, sizeof(uid)) && c->web->keys->replay.keys > 1) {
		/* An honest retry across a turn of the replay key: the receipt is the first answer's. */
		seal_case_derive(c->web->keys->replay.key[1], c->key, strlen(c->key), c->canonical,
		                 strlen(c->canonical), &c->secrets);
		receipt_write(c->secrets.receipt_seed, c->receipt);
	}
	id = api_ticket(c->web, json_text(answer->body, "ticket"));
	out = json_pack("{s:s, s:o}", "ticket", json_text(answer->body, "ticket"), "receipt",
	                c->receipt_wanted ? json_string(c->receipt) : json_null());
	creation_free(held);
	case_answer(req, 201, id, out, false);
}

static void creation_send(void *ctx)
{
	struct creation *c = ctx, **held;
	struct msg blobs = { 0 };
	json_t *body;

	if (c->failed || !c->web->epoch) {
		http_error(c->req, 503, "not_kept",
		           "It could not be sealed just now; send it again with the same key.");
		creation_free(&c);
		return;
	}
	body = json_pack("{s:s, s:s, s:b, s:o, s:O, s:I, s:{s:I}}", "site", c->site_id, "desk", c->desk_kind, "unsure",
	                 c->unsure, "facts", steal(&c->facts), "channel", json_object_get(c->in, "channel"), "epoch",
	                 (json_int_t)seal_epoch_row(c->web->epoch)->number, "generation", c->desk_kind,
	                 (json_int_t)c->desk.generation);
	json_set_hex(body, "key", c->idem.key, sizeof(c->idem.key));
	json_set_hex(body, "digest", c->idem.digest, sizeof(c->idem.digest));
	json_set_hex(body, "uid", c->secrets.uid, sizeof(c->secrets.uid));
	risk_set(c, body);
	call_set(c, body);
	if (blobs_set(c, body, &blobs)) {
		json_release(&body);
		msg_clear(&blobs);
		http_error(c->req, 409, "no_desk_key",
		           "The desk has no public key in keys/public, so nothing can be sealed to it.");
		creation_free(&c);
		return;
	}
	held = mem_new(sizeof(*held));
	*held = c;
	order_send(c->req, "order.create", body, &blobs, created, held);
}

/* ---- the request ----------------------------------------------------------------------------- */

static bool parts_fine(struct http_req *req, const json_t *in)
{
	AUTO(mem_free) char *why = NULL;
	json_t *call = json_object_get(in, "call"), *contact = json_object_get(in, "contact");

	if ((!json_is_object(call) || !json_check(call, call_fields, ARRAY_LEN(call_fields), &why)) &&
	    (!json_is_object(contact) || !json_check(contact, contact_fields, ARRAY_LEN(contact_fields), &why)))
		return api_has_words(req, json_text(in, "text"));
	api_refuse(req, "bad_request", why);
	return false;
}

/* The desk of the person's own site that takes it; "unsure" is the duty desk. */
static bool desk_set(struct creation *c, const struct who *who)
{
	const char *wanted = json_text(c->in, "desk");
	struct site_row site;

	c->unsure = !strcmp(wanted, "unsure");
	if (store_site_get(c->web->store, who->site, &site) ||
	    api_desk(c->web, who->site, c->unsure ? c->web->conf->duty_desk : wanted, &c->desk) ||
	    c->desk.site != who->site)
		return false;
	snprintf(c->desk_id, sizeof(c->desk_id), "%s", c->desk.id);
	snprintf(c->desk_kind, sizeof(c->desk_kind), "%s", c->desk.kind);
	snprintf(c->site_id, sizeof(c->site_id), "%s", site.id);
	return true;
}

/* Of the person and their own key; without one, random: nothing to retry. */
static char *creation_key(struct http_req *req, const struct who *who)
{
	const char *header = http_header(req, "Idempotency-Key");

	if (header && strlen(header) >= 8)
		return mem_format("%lld cases %.128s", (long long)who->id, header);
	return mem_format("%lld cases %llx%llx", (long long)who->id, (unsigned long long)seal_random_id(),
	                  (unsigned long long)seal_random_id());
}

void api_create(struct http_req *req)
{
	struct who *who = session_who(req);
	json_t *in = api_body(req, create_fields, ARRAY_LEN(create_fields)), *facts;
	struct creation *c;

	if (!in || !parts_fine(req, in))
		return;
	facts = api_facts_of(req, in);
	if (!facts)
		return;
	c = mem_new(sizeof(*c));
	*c = (struct creation){ .req = req,
		                .web = who->web,
		                .in = in,
		                .facts = facts,
		                .key = creation_key(req, who),
		                .canonical = json_dumps(in, JSON_COMPACT | JSON_SORT_KEYS),
		                .replay = who->web->keys->replay.key[0],
		                .receipt_wanted = json_bool(in, "receipt", true) };
	if (!desk_set(c, who)) {
		http_error(req, 404, "no_desk", "This house has no such desk; \"unsure\" always works.");
		creation_free(&c);
	} else if (pool_run(who->web->kdf, creation_derive, creation_send, c)) {
		http_error(req, 503, "busy", "Many people sign in at once; send it again with the same key.");
		creation_free(&c);
	}
}
