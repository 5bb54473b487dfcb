/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tracking and the ticket. The only cookie of the portal is set here, by a successful track: a token sealed by this process. Each answer
 * renews it; leaving ends every session of the ticket at the router and clears what the browser holds.
 */
#include "ticket_page.h"

#include "caller.h"
#include "clock.h"
#include "json.h"
#include "mem.h"
#include "page.h"
#include "rating.h"
#include "submit.h"
#include "text.h"
#include <string.h>

static const char cookie_name[] = "qtc";

static void cookie_set(struct http_req *req, const char *token)
{
	AUTO(mem_free) char *value = mem_format("%s=%s; Path=/; HttpOnly; SameSite=Strict%s", cookie_name, token ? token : "",
	                                        token ? "" : "; Max-Age=0");

	http_set(req, "Set-Cookie", value);
}

static void caller_keep(struct http_req *req, const struct caller *caller)
{
	AUTO(mem_free) char *token = caller_token(intake_of(req), caller);

	cookie_set(req, token);
}

/* The caller of the cookie; shows the track form, said to have ended, and returns false. */
static bool caller_here(struct http_req *req, struct caller *caller)
{
	const char *token;

	if (!http_cookie(req, cookie_name, &token) && !caller_from(intake_of(req), token, caller))
		return true;
	page_reply(req, 200, "track.html", json_pack("{s:b}", "ended", 1));
	return false;
}

void track_form(struct http_req *req)
{
	page_reply(req, 200, "track.html", json_object());
}

/* ---- the ticket's page ------------------------------------------------------------------------------------------------------------ */

struct showing {
	struct http_req *req;
	struct caller caller;
	char flag[16];     /* what has just happened: "said", "rated" … */
	bool crisis;
	char *text;        /* what could not be kept, still there */
};

static json_t *times_text(struct http_req *req, json_t *list)
{
	json_t *item;
	size_t i;

	json_array_foreach(list, i, item) {
		int64_t at = 0;
		AUTO(mem_free) char *when = NULL;
		AUTO(mem_free) char *key = json_text(item, "what") ? mem_format("portal.timeline.%s", json_text(item, "what")) : NULL;

		if (clock_parse(json_text(item, "at") ? json_text(item, "at") : "", &at))
			at = 0;
		when = page_time(page_lang(req), at);
		json_object_set_new(item, "when", json_string(when));
		json_object_set_new(item, "mine", json_boolean(json_text(item, "from") && !strcmp(json_text(item, "from"), "you")));
		if (key)
			json_object_set_new(item, "label", json_string(i18n_text(page_lang(req), key)));
	}
	return list;
}

static void set_when(struct http_req *req, json_t *data, const char *name)
{
	int64_t at = 0;
	AUTO(mem_free) char *when = NULL;

	if (!json_text(data, name) || clock_parse(json_text(data, name), &at))
		at = 0;
	when = page_time(page_lang(req), at);
	json_object_set_new(data, name, json_string(when));
}

static void showing_free(struct showing **s)
{
	mem_free(&(*s)->text);
	seal_wipe(*s, sizeof(**s));
	mem_free(s);
}

static void shown(int status, json_t *view, void *ctx)
{
	struct showing *s = ctx;
	struct http_req *req = s->req;
	json_t *data;

	if (status == 200) {
		AUTO(mem_free) char *state = mem_format("portal.state.%s", json_text(view, "state"));

		data = json_deep_copy(view);
		times_text(req, json_object_get(data, "timeline"));
		times_text(req, json_object_get(data, "messages"));
		set_when(req, data, "last_opened_at");
		set_when(req, data, "reply_by");
		set_when(req, data, "erase_at");
		json_object_set_new(data, "state_text", json_string(i18n_text(page_lang(req), state)));
		json_object_set_new(data, "closed", json_boolean(!strcmp(json_text(view, "state"), "closed")));
		json_object_set_new(data, "crisis", json_boolean(s->crisis || json_bool(view, "high_risk", false)));
		json_object_set_new(data, "text", json_string(s->text ? s->text : ""));
		if (*s->flag)
			json_object_set_new(data, s->flag, json_true());
		caller_keep(req, &s->caller);
		page_reply(req, 200, "ticket.html", data);
	} else if (status == 401 || status == 403) {
		cookie_set(req, NULL);
		page_reply(req, 200, "track.html", json_pack("{s:b}", "ended", 1));
	} else {
		page_reply(req, 503, "error.html", json_pack("{s:b, s:s}", "busy", 1, "text", s->text ? s->text : ""));
	}
	showing_free(&s);
}

static void show(struct http_req *req, const struct caller *caller, const char *flag, bool crisis, const char *text)
{
	struct showing *s = mem_new(sizeof(*s));

	s->req = req;
	s->caller = *caller;
	s->crisis = crisis;
	s->text = mem_text(text);
	strncpy(s->flag, flag ? flag : "", sizeof(s->flag) - 1);
	caller_view(intake_of(req), caller, -1, shown, s);
}

static void opened(int status, const struct caller *caller, void *ctx)
{
	struct http_req *req = ctx;

	if (status == 200)
		show(req, caller, NULL, false, NULL);
	else
		page_reply(req, status == 503 ? 503 : 200, "track.html",
		           json_pack("{s:b, s:b, s:b, s:b, s:s}", "mistyped", status == 400, "wrong", status == 403, "erased", status == 409,
		                     "busy", status == 503, "ticket", http_field(req, "ticket") ? http_field(req, "ticket") : ""));
}

void track_open(struct http_req *req)
{
	const char *ticket = http_field(req, "ticket"), *receipt = http_field(req, "receipt");
	char both_ticket[TICKET_TEXT_BYTES], digits[RECEIPT_DIGITS + 1];

	if (!ticket)
		ticket = "";
	if (!receipt)
		receipt = "";
	if (!*receipt && !receipt_split(ticket, both_ticket, digits)) /* both lines pasted into one field */
		caller_open(intake_of(req), both_ticket, digits, opened, req);
	else
		caller_open(intake_of(req), ticket, receipt, opened, req);
}

void ticket_get(struct http_req *req)
{
	struct caller caller;

	if (caller_here(req, &caller))
		show(req, &caller, NULL, false, NULL);
}

/* ---- acts ---------------------------------------------------------------------------------------------------------------------------- */

struct acting {
	struct http_req *req;
	struct caller caller;
	const char *flag;
	char *text;
};

static void acted(int status, json_t *answer, void *ctx)
{
	struct acting *a = ctx;
	const char *what = json_text(answer, "what");
	bool fine = status < 400;

	if (what && !strcmp(what, "asked"))
		a->flag = "asked";
	if (!fine)
		a->flag = status == 503 ? "not_kept" : "refused";
	show(a->req, &a->caller, a->flag, json_bool(answer, "crisis", false), fine ? NULL : a->text);
	mem_free(&a->text);
	seal_wipe(a, sizeof(*a));
	mem_free(&a);
}

static void act_say(struct acting *a)
{
	if (!a->text || text_blank(a->text) || text_length(a->text) > SUBMIT_TEXT_MAX) {
		acted(400, NULL, a);
		return;
	}
	caller_say(intake_of(a->req), &a->caller, a->text, http_field(a->req, "key"), acted, a);
}

static void act_complaint(struct acting *a)
{
	if (!a->text || text_blank(a->text))
		acted(400, NULL, a);
	else
		caller_complain(intake_of(a->req), &a->caller, a->text, acted, a);
}

static void act_rate(struct acting *a)
{
	static const char *const names[] = { "heard", "helped", "again" };
	json_t *request = json_object();
	size_t i;

	for (i = 0; i < ARRAY_LEN(names); i++) {
		const char *value = http_field(a->req, names[i]);

		if (value && strlen(value) == 1 && *value >= '1' && *value <= '3')
			json_object_set_new(request, names[i], json_integer(*value - '0'));
	}
	if (json_object_size(request) == ARRAY_LEN(names)) {
		rating_give(intake_of(a->req), &a->caller, request, acted, a);
		return;
	}
	json_release(&request);
	acted(400, NULL, a);
}

static const struct {
	const char *path, *service, *flag;
	void (*act)(struct acting *a);
} acts[] = {
	{ "/ticket/say", NULL, "said", act_say },
	{ "/ticket/complaint", NULL, "complained", act_complaint },
	{ "/ticket/rate", NULL, "thanked", act_rate },
	{ "/ticket/withdraw", "intake.withdraw", "withdrawn_now", NULL },
	{ "/ticket/erase", "intake.erase", "planned", NULL },
	{ "/ticket/erase_stop", "intake.erase_stop", "stopped", NULL },
	{ "/ticket/another", "intake.another", "another", NULL },
};

void ticket_act(struct http_req *req)
{
	const char *path = http_path(req);
	struct caller caller;
	struct acting *a;
	size_t i;

	if (!caller_here(req, &caller))
		return;
	if (!strncmp(path, "/en/", 4))
		path += 3;
	for (i = 0; i < ARRAY_LEN(acts) - 1 && strcmp(acts[i].path, path); i++)
		;
	a = mem_new(sizeof(*a));
	*a = (struct acting){ .req = req, .caller = caller, .flag = acts[i].flag, .text = mem_text(http_field(req, "text")) };
	if (acts[i].act)
		acts[i].act(a);
	else
		caller_order(intake_of(req), &caller, acts[i].service, json_object(), acted, a);
}

/* ---- leaving -------------------------------------------------------------------------------------------------------------------------- */

static void left(int status UNUSED, json_t *answer UNUSED, void *ctx)
{
	struct http_req *req = ctx;

	cookie_set(req, NULL);
	http_set(req, "Clear-Site-Data", "\"cache\", \"cookies\", \"storage\"");
	http_set(req, "Location", intake_of(req)->conf->exit_url);
	http_reply(req, 303, "text/html; charset=utf-8", "", 0);
}

void ticket_exit(struct http_req *req)
{
	struct caller caller;
	const char *token;

	if (!http_cookie(req, cookie_name, &token) && !caller_from(intake_of(req), token, &caller))
		caller_order(intake_of(req), &caller, "intake.exit", json_object(), left, req);
	else
		left(200, NULL, req);
}

void ticket_left(struct http_req *req)
{
	left(200, NULL, req);
}
