/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The portal's JSON API before anybody is known: a request, and opening a ticket with its code. No account, no cookie. Every refusal is a
 * problem document with a sentence a person can act on; where words could not be kept the telephone numbers come with it.
 */
#include "api.h"

#include "codes.h"
#include "i18n.h"
#include "json.h"
#include "mem.h"
#include "minute.h"
#include "submit.h"
#include <string.h>

const char api_later[] = "It could not be kept just now. Send it again with the same Idempotency-Key, or telephone 12355.";

/* ---- POST /api/v1/requests ---------------------------------------------------------------------------------------------------- */

void api_refused(struct http_req *req, int status, const char *code, const char *detail, bool crisis)
{
	AUTO(mem_free) char *type = mem_format("/problems/%s", code);
	json_t *problem = json_pack("{s:s, s:s, s:i, s:s, s:b, s:o}", "type", type, "title", code, "status", status, "detail", detail,
	                            "crisis", crisis, "numbers", codes_numbers(intake_of(req)->conf));
	AUTO(mem_free) char *text = json_write(problem);

	json_release(&problem);
	http_reply(req, status, "application/problem+json", text, strlen(text));
}

/* The language of an answer: what the request says, else what the browser asks for. */
static enum i18n_lang lang_of(struct http_req *req)
{
	const char *lang = json_text(http_json(req), "lang");

	return i18n_pick(lang ? lang : http_header(req, "Accept-Language"));
}

static void submitted(const struct submitted *s, void *ctx)
{
	struct http_req *req = ctx;
	json_t *out;

	if (s->status != 201) {
		api_refused(req, s->status, s->code ? s->code : "not_kept", s->detail ? s->detail : api_later, s->crisis);
		return;
	}
	out = json_pack("{s:s, s:s, s:s, s:b, s:s}", "ticket", s->ticket, "receipt", s->receipt, "state", s->state, "crisis", s->crisis,
	                "next", i18n_text(lang_of(req), s->crisis ? "portal.next.crisis" : "portal.next.plain"));
	minute_will(out, "reply_by", s->reply_by);
	http_reply_json(req, 201, out);
}

bool api_key(struct http_req *req, const char **key)
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

	if (!in || !api_key(req, &key))
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

static const struct {
	int status;
	const char *code, *detail;
} track_refusals[] = {
	{ 400, "mistyped", "The ticket or the code has a typing error; check it against what you kept." },
	{ 403, "wrong_code", "Ticket and code do not fit." },
	{ 409, "erased", "The words of this ticket are destroyed; you can begin a new request." },
	{ 503, "busy", "Many people look at once, or the house is restarting; try again in a moment, or telephone 12355." },
};

static void tracked(int status, const struct caller *caller, void *ctx)
{
	struct http_req *req = ctx;
	struct intake *intake = intake_of(req);
	AUTO(mem_free) char *token = NULL;
	size_t i;

	if (status == 200) {
		token = caller_token(intake, caller);
		http_reply_json(req, 200, json_pack("{s:s, s:I}", "token", token, "expires_in", (json_int_t)(intake->conf->caller_idle_ms / 1000)));
		return;
	}
	for (i = 0; i < ARRAY_LEN(track_refusals) - 1 && track_refusals[i].status != status; i++)
		;
	if (track_refusals[i].status == 503)
		http_set(req, "Retry-After", "2");
	http_error(req, track_refusals[i].status, track_refusals[i].code, track_refusals[i].detail);
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

bool api_bearer(struct http_req *req, struct caller *caller)
{
	const char *header = http_header(req, "Authorization");

	if (header && !strncmp(header, "Bearer ", 7) && !caller_from(intake_of(req), header + 7, caller))
		return true;
	http_set(req, "WWW-Authenticate", "Bearer");
	http_error(req, 401, "ended", "Open the ticket again with its code.");
	return false;
}
