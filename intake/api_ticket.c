/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The portal's JSON API of a caller who has come back: reading, writing back, wishes, rating. The Bearer token proves them; each read gives
 * a fresh one. Bodies are checked here, so that nothing a caller wrote travels as a field of ours.
 */
#include "api.h"

#include "json.h"
#include "mem.h"
#include "minute.h"
#include "rating.h"
#include "submit.h"
#include "text.h"
#include <string.h>

/* The router's refusal of what a caller asked. */
static void refused(struct http_req *req, int status, const json_t *answer)
{
	const char *code = json_text(answer, "error"), *detail = json_text(answer, "detail");

	if (status == 401 || status == 403) {
		http_error(req, 401, "ended", "Open the ticket again with its code.");
		return;
	}
	api_refused(req, status < 400 ? 503 : status, code ? code : "not_kept", status == 503 || !detail ? api_later : detail,
	            json_bool(answer, "crisis", false));
}

/* ---- GET /api/v1/ticket ---------------------------------------------------------------------------------------------------------- */

static void viewed(int status, json_t *view, void *ctx)
{
	struct http_req *req = ctx;
	struct intake *intake = intake_of(req);
	AUTO(mem_free) char *token = NULL;
	json_t *out;

	if (status != 200) {
		refused(req, status, NULL);
		return;
	}
	out = json_deep_copy(view);
	json_object_del(out, "high_risk"); /* for our own pages: whoever holds the phone need not be who wrote */
	token = caller_token(intake, http_attached(req));
	json_object_set_new(out, "token", json_string(token));
	json_object_set_new(out, "expires_in", json_integer(intake->conf->caller_idle_ms / 1000));
	http_reply_json(req, 200, out);
}

static void caller_free(void *p)
{
	seal_wipe(p, sizeof(struct caller));
	mem_free(&p);
}

void api_ticket(struct http_req *req)
{
	struct caller caller;

	if (!api_bearer(req, &caller))
		return;
	http_attach(req, mem_copy(&caller, sizeof(caller)), caller_free);
	caller_view(intake_of(req), &caller, -1, viewed, req);
}

/* ---- words ------------------------------------------------------------------------------------------------------------------------ */

static void said(int status, json_t *answer, void *ctx)
{
	struct http_req *req = ctx;

	if (status == 201)
		http_reply_json(req, 201, json_deep_copy(answer));
	else
		refused(req, status, answer);
}

/* A body of one text; NULL after it has answered 400. */
static const char *text_body(struct http_req *req)
{
	static const struct json_field fields[] = { { "text", JSON_TEXT, true, 1, SUBMIT_TEXT_MAX, NULL } };
	AUTO(mem_free) char *why = NULL;
	json_t *in = http_json(req);

	if (!in)
		return NULL;
	if (!json_check(in, fields, ARRAY_LEN(fields), &why) && !text_blank(json_text(in, "text")))
		return json_text(in, "text");
	http_error(req, 400, "bad_request", why ? why : "\"text\" is empty; one character is enough.");
	return NULL;
}

void api_say(struct http_req *req)
{
	struct caller caller;
	const char *text, *key;

	if (api_bearer(req, &caller) && api_key(req, &key) && (text = text_body(req)))
		caller_say(intake_of(req), &caller, text, key, said, req);
}

void api_complaint(struct http_req *req)
{
	struct caller caller;
	const char *text, *key;

	if (api_bearer(req, &caller) && api_key(req, &key) && (text = text_body(req)))
		caller_complain(intake_of(req), &caller, text, key, said, req);
}

/* ---- wishes ----------------------------------------------------------------------------------------------------------------------- */

static void wished(int status, json_t *answer, void *ctx)
{
	struct http_req *req = ctx;
	json_t *out;

	if (status != 200) {
		refused(req, status, answer);
		return;
	}
	out = json_object();
	if (json_text(answer, "what")) {
		json_object_set(out, "what", json_object_get(answer, "what"));
		minute_will(out, "when", json_int(answer, "when", 0));
	}
	if (json_object_get(answer, "crisis"))
		json_object_set(out, "crisis", json_object_get(answer, "crisis"));
	http_reply_json(req, 200, out);
}

/* body is taken, also when it answers by itself. */
static void wish(struct http_req *req, const char *service, json_t *body)
{
	struct caller caller;
	const char *key;

	if (api_bearer(req, &caller) && api_key(req, &key))
		caller_order(intake_of(req), &caller, service, body, key, wished, req);
	else
		json_release(&body);
}

/* A route without fields of its own. */
static void wish_plain(struct http_req *req, const char *service)
{
	AUTO(mem_free) char *why = NULL;
	json_t *in = http_json(req);

	if (!in)
		return;
	if (json_check(in, NULL, 0, &why))
		http_error(req, 400, "bad_request", why);
	else
		wish(req, service, json_object());
}

void api_withdraw(struct http_req *req)
{
	wish_plain(req, "intake.withdraw");
}

void api_erase(struct http_req *req)
{
	wish_plain(req, "intake.erase");
}

void api_erase_stop(struct http_req *req)
{
	wish_plain(req, "intake.erase_stop");
}

void api_another(struct http_req *req)
{
	wish_plain(req, "intake.another");
}

void api_exit(struct http_req *req)
{
	wish_plain(req, "intake.exit");
}

static void facts_known(int status, json_t *answer, void *ctx)
{
	struct http_req *req = ctx;

	if (status == 200)
		json_object_set_new(answer, "crisis", json_boolean(submit_tick(json_text(http_json(req), "self_harm")) >= 2));
	wished(status, answer, ctx);
}

void api_facts(struct http_req *req)
{
	AUTO(mem_free) char *why = NULL;
	json_t *in = http_json(req);
	struct caller caller;
	const char *key;

	if (!in || !api_bearer(req, &caller) || !api_key(req, &key))
		return;
	if (submit_check_facts(intake_of(req), in, &why))
		http_error(req, 400, "bad_request", why);
	else
		caller_order(intake_of(req), &caller, "intake.facts", submit_facts_body(in), key, facts_known, req);
}

void api_live(struct http_req *req)
{
	static const char *const acts[] = { "typing", "pause", "resume", "end", NULL };
	static const struct json_field fields[] = { { "do", JSON_CODE, true, 0, 0, acts } };
	AUTO(mem_free) char *why = NULL;
	json_t *in = http_json(req);

	if (!in)
		return;
	if (json_check(in, fields, ARRAY_LEN(fields), &why))
		http_error(req, 400, "bad_request", why);
	else
		wish(req, "intake.live", json_deep_copy(in));
}

/* ---- rating ------------------------------------------------------------------------------------------------------------------------ */

static void rated(int status, json_t *answer, void *ctx)
{
	struct http_req *req = ctx;

	if (status == 201)
		http_reply_json(req, 201, json_pack("{s:b}", "rated", 1));
	else
		refused(req, status, answer);
}

void api_rating(struct http_req *req)
{
	static const struct json_field fields[] = { { "heard", JSON_INT, true, 1, 3, NULL },
		                                    { "helped", JSON_INT, true, 1, 3, NULL },
		                                    { "again", JSON_INT, true, 1, 3, NULL },
		                                    { "words", JSON_TEXT, false, 0, RATING_WORDS_MAX, NULL } };
	AUTO(mem_free) char *why = NULL;
	json_t *in = http_json(req);
	struct caller caller;
	const char *key;

	if (!in || !api_bearer(req, &caller) || !api_key(req, &key))
		return;
	if (json_check(in, fields, ARRAY_LEN(fields), &why))
		http_error(req, 400, "bad_request", why);
	else
		rating_give(intake_of(req), &caller, json_deep_copy(in), key, rated, req);
}
