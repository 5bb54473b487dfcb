/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The portal's JSON API: requests, tracking, the ticket. No account, no cookie: a Bearer token sealed by this process. Every refusal is a
 * problem document with a sentence a person can act on; whatever fails, the telephone numbers come with it.
 */
#include "api.h"

#include "caller.h"
#include "codes.h"
#include "house.h"
#include "json.h"
#include "mem.h"
#include "rating.h"
#include "submit.h"
#include "text.h"
#include <string.h>

static const char later[] = "It could not be kept just now. Send it again with the same Idempotency-Key, or telephone 12355.";

/* ---- POST /api/v1/requests ---------------------------------------------------------------------------------------------------- */

static void submitted(const struct submitted *s, void *ctx)
{
	struct http_req *req = ctx;
	json_t *out;

	if (s->status != 201) {
		out = json_pack("{s:o, s:s, s:i, s:s, s:b, s:o}", "type", json_sprintf("/problems/%s", s->code ? s->code : "not_kept"),
		                "title", s->code ? s->code : "not_kept", "status", s->status, "detail",
		                s->status == 503 || !s->detail ? later : s->detail, "crisis", s->crisis, "numbers",
		                codes_numbers(intake_of(req)->conf));
		http_reply_json(req, s->status, out);
		return;
	}
	out = json_pack("{s:s, s:s, s:s, s:b, s:s}", "ticket", s->ticket, "receipt", s->receipt, "state", s->state, "crisis", s->crisis,
	                "next", i18n_text(i18n_pick(http_header(req, "Accept-Language")), s->crisis ? "portal.next.crisis" : "portal.next.plain"));
	json_set_time(out, "reply_by", s->reply_by);
	http_reply_json(req, 201, out);
}

/* The caller's own key: at least 22 characters, so that nobody can guess it. */
static bool key_taken(struct http_req *req, const char **key)
{
	*key = http_header(req, "Idempotency-Key");
	if (!*key || (strlen(*key) >= SUBMIT_KEY_MIN && strlen(*key) <= SUBMIT_KEY_MAX))
		return true;
	http_error(req, 400, "bad_key", "Idempotency-Key has 22 to 128 characters; a UUID will do.");
	return false;
}

void api_submit(struct http_req *req)
{
	AUTO(mem_free) char *why = NULL;
	json_t *in = http_json(req);
	const char *key;

	if (!in || !key_taken(req, &key))
		return;
	if (submit_check(intake_of(req), in, &why))
		http_error(req, 400, "bad_request", why);
	else
		submit(intake_of(req), json_deep_copy(in), key, submitted, req);
}

/* ---- POST /api/v1/track --------------------------------------------------------------------------------------------------------- */

static const struct json_field track_fields[] = {
	{ "ticket", JSON_TEXT, true, 1, 64, NULL },
	{ "receipt", JSON_TEXT, true, 1, 128, NULL },
};

static void tracked(int status, const struct caller *caller, void *ctx)
{
	struct http_req *req = ctx;
	struct intake *intake = intake_of(req);
	AUTO(mem_free) char *token = NULL;

	if (status == 200) {
		token = caller_token(intake, caller);
		http_reply_json(req, 200, json_pack("{s:s, s:I}", "token", token, "expires_in", (json_int_t)(intake->conf->caller_idle_ms / 1000)));
	} else if (status == 400) {
		http_error(req, 400, "mistyped", "The ticket or the code has a typing error; check it against what you kept.");
	} else if (status == 403) {
		http_error(req, 403, "wrong_code", "Ticket and code do not fit.");
	} else if (status == 409) {
		http_error(req, 409, "erased", "The words of this ticket are destroyed; you can begin a new request.");
	} else {
		http_set(req, "Retry-After", "2");
		http_error(req, 503, "busy", "Many people look at once; try again in a moment, or telephone 12355.");
	}
}

void api_track(struct http_req *req)
{
	AUTO(mem_free) char *why = NULL;
	json_t *in = http_json(req);

	if (!in)
		return;
	if (json_check(in, track_fields, ARRAY_LEN(track_fields), &why))
		http_error(req, 400, "bad_request", why);
	else
		caller_open(intake_of(req), json_text(in, "ticket"), json_text(in, "receipt"), tracked, req);
}

/* ---- with a token ---------------------------------------------------------------------------------------------------------------- */

/* The caller of the Bearer token; answers 401 and returns false. */
static bool bearer(struct http_req *req, struct caller *caller)
{
	const char *header = http_header(req, "Authorization");

	if (header && !strncmp(header, "Bearer ", 7) && !caller_from(intake_of(req), header + 7, caller))
		return true;
	http_error(req, 401, "ended", "Open the ticket again with its code.");
	return false;
}

static void refused(struct http_req *req, int status, const json_t *answer)
{
	const char *code = json_text(answer, "error"), *detail = json_text(answer, "detail");

	http_error(req, status < 400 ? 503 : status, code ? code : "not_kept", status == 503 || !detail ? later : detail);
}

static void viewed(int status, json_t *view, void *ctx)
{
	struct http_req *req = ctx;

	if (status == 200)
		http_reply_json(req, 200, json_deep_copy(view));
	else if (status == 401 || status == 403)
		http_error(req, 401, "ended", "Open the ticket again with its code.");
	else
		refused(req, status, NULL);
}

void api_ticket(struct http_req *req)
{
	struct caller caller;

	if (bearer(req, &caller))
		caller_view(intake_of(req), &caller, -1, viewed, req);
}

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

	if (bearer(req, &caller) && key_taken(req, &key) && (text = text_body(req)))
		caller_say(intake_of(req), &caller, text, key, said, req);
}

void api_complaint(struct http_req *req)
{
	struct caller caller;
	const char *text;

	if (bearer(req, &caller) && (text = text_body(req)))
		caller_complain(intake_of(req), &caller, text, said, req);
}

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
		json_set_time(out, "when", json_int(answer, "when", 0));
	}
	http_reply_json(req, 200, out);
}

static void wish(struct http_req *req, const char *service, json_t *body)
{
	struct caller caller;

	if (bearer(req, &caller))
		caller_order(intake_of(req), &caller, service, body, wished, req);
	else
		json_release(&body);
}

void api_withdraw(struct http_req *req)
{
	wish(req, "intake.withdraw", json_object());
}

void api_erase(struct http_req *req)
{
	wish(req, "intake.erase", json_object());
}

void api_erase_stop(struct http_req *req)
{
	wish(req, "intake.erase_stop", json_object());
}

void api_another(struct http_req *req)
{
	wish(req, "intake.another", json_object());
}

void api_exit(struct http_req *req)
{
	wish(req, "intake.exit", json_object());
}

void api_facts(struct http_req *req)
{
	json_t *in = http_json(req), *facts, *body;

	if (!in)
		return;
	facts = json_deep_copy(in);
	body = json_pack("{s:o}", "facts", facts);
	if (json_text(facts, "self_harm")) {
		json_object_set_new(body, "tick", json_integer(submit_tick(json_text(facts, "self_harm"))));
		json_object_del(facts, "self_harm");
	}
	if (json_object_get(facts, "show_own")) {
		json_object_set(body, "show_own", json_object_get(facts, "show_own"));
		json_object_del(facts, "show_own");
	}
	wish(req, "intake.facts", body);
}

void api_live(struct http_req *req)
{
	json_t *in = http_json(req);

	if (in)
		wish(req, "intake.live", json_deep_copy(in));
}

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
		                                    { "words", JSON_TEXT, false, 0, 2000, NULL } };
	AUTO(mem_free) char *why = NULL;
	json_t *in = http_json(req);
	struct caller caller;

	if (!in || !bearer(req, &caller))
		return;
	if (json_check(in, fields, ARRAY_LEN(fields), &why))
		http_error(req, 400, "bad_request", why);
	else
		rating_give(intake_of(req), &caller, json_deep_copy(in), rated, req);
}
