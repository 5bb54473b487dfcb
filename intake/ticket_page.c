/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tracking and the ticket. The only cookie of the portal is set here, by a successful track: a token sealed by this process. Each answer
 * renews it; leaving ends every session of the ticket at the router and clears what the browser holds.
 */
#include "ticket_page.h"

#include "casefile.h"
#include "clock.h"
#include "draft.h"
#include "json.h"
#include "mem.h"
#include "page.h"
#include "text.h"
#include <string.h>

static const char cookie_name[] = "qtc";

static void cookie_set(struct http_req *req, const char *token)
{
	AUTO(mem_free) char *value = mem_format("%s=%s; Path=/; HttpOnly; SameSite=Strict%s", cookie_name, token ? token : "",
	                                        token ? "" : "; Max-Age=0");

	http_set(req, "Set-Cookie", value);
}

static bool cookie_caller(struct http_req *req, struct caller *caller)
{
	const char *token;

	return !http_cookie(req, cookie_name, &token) && !caller_from(intake_of(req), token, caller);
}

static void show_ended(struct http_req *req)
{
	cookie_set(req, NULL);
	page_reply(req, 200, "track.html", json_pack("{s:b}", "ended", 1));
}

bool ticket_caller(struct http_req *req, struct caller *caller)
{
	if (cookie_caller(req, caller))
		return true;
	show_ended(req);
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
	struct ticket_news news;
	char *text;
};

static json_t *when_of(const struct http_req *req, const json_t *object, const char *name)
{
	int64_t at = 0;
	AUTO(mem_free) char *when = NULL;

	if (!json_text(object, name) || clock_parse(json_text(object, name), &at))
		at = 0;
	when = page_time(page_lang(req), at);
	return json_string(when);
}

static void add_labels(const struct http_req *req, json_t *list)
{
	json_t *item;
	size_t i;

	json_array_foreach(list, i, item) {
		const char *what = json_text(item, "what"), *from = json_text(item, "from");
		AUTO(mem_free) char *key = what ? mem_format("portal.timeline.%s", what) : NULL;

		json_object_set_new(item, "when", when_of(req, item, "at"));
		json_object_set_new(item, "mine", json_boolean(from && !strcmp(from, "you")));
		if (key)
			json_object_set_new(item, "label", json_string(i18n_text(page_lang(req), key)));
	}
}

/* The hour that was said has passed, and no answer stands there: a broken promise is said. */
static bool is_late(const json_t *view)
{
	const char *state = json_text(view, "state"), *by = json_text(view, "reply_by");
	int64_t at = 0;

	return by && strcmp(state, "closed") && strcmp(state, "awaiting_caller") && !clock_parse(by, &at) && at < clock_wall_ms();
}

static void add_choices(const struct http_req *req, json_t *data)
{
	static const char *const harms[] = { "yes", "unsure", "no", "unsaid", NULL }, *const moods[] = { "1", "2", "3", "4", "5", NULL };
	enum i18n_lang lang = page_lang(req);

	json_object_set_new(data, "moods", page_choices(lang, "portal.mood", moods, NULL));
	json_object_set_new(data, "harms", page_choices(lang, "portal.harm", harms, NULL));
	json_object_set_new(data, "ages", page_choices(lang, "portal.age_band", case_age_band_words, NULL));
	json_object_set_new(data, "genders", page_choices(lang, "portal.gender", case_gender_words, NULL));
}

/* The forms of a page carry one key: the same letter sent twice is one letter. */
static json_t *once_new(void)
{
	uint8_t random[16];
	char text[2 * sizeof(random) + 1];

	seal_random(random, sizeof(random));
	hex_write(text, random, sizeof(random));
	return json_string(text);
}

static json_t *data_of(const struct showing *s, const json_t *view)
{
	static const char *const times[] = { "last_opened_at", "reply_by", "erase_at" };
	AUTO(mem_free) char *state = mem_format("portal.state.%s", json_text(view, "state"));
	json_t *data = json_deep_copy(view);
	bool late = is_late(view);
	size_t i;

	add_labels(s->req, json_object_get(data, "timeline"));
	add_labels(s->req, json_object_get(data, "messages"));
	for (i = 0; i < ARRAY_LEN(times); i++)
		json_object_set_new(data, times[i], when_of(s->req, view, times[i]));
	json_object_set_new(data, "state_text", json_string(i18n_text(page_lang(s->req), state)));
	json_object_set_new(data, "late", json_boolean(late));
	/* What was just written is answered; a case known as dangerous shows the numbers again, without saying why. */
	json_object_set_new(data, "help", json_boolean(s->news.crisis || json_bool(view, "high_risk", false)));
	json_object_set_new(data, "again", json_boolean(!s->news.crisis));
	json_object_set_new(data, "once", once_new());
	if (s->text)
		json_object_set_new(data, s->news.field, json_string(s->text));
	if (s->news.flag)
		json_object_set_new(data, s->news.flag, json_true());
	add_choices(s->req, data);
	page_hours(s->req, data);
	return data;
}

static void showing_free(struct showing **s)
{
	if ((*s)->text)
		seal_wipe((*s)->text, strlen((*s)->text));
	mem_free(&(*s)->text);
	seal_wipe(*s, sizeof(**s));
	mem_free(s);
}

static void shown(int status, json_t *view, void *ctx)
{
	struct showing *s = ctx;

	if (status == 200) {
		AUTO(mem_free) char *token = caller_token(intake_of(s->req), &s->caller);

		cookie_set(s->req, token);
		page_reply(s->req, 200, "ticket.html", data_of(s, view));
	} else if (status == 401 || status == 403) {
		show_ended(s->req);
	} else {
		page_reply(s->req, 503, "error.html", json_pack("{s:b, s:b, s:s}", "busy", 1, "crisis", s->news.crisis, "text", s->text ? s->text : ""));
	}
	showing_free(&s);
}

void ticket_show(struct http_req *req, const struct caller *caller, const struct ticket_news *news)
{
	struct showing *s = mem_new(sizeof(*s));

	s->req = req;
	s->caller = *caller;
	if (news)
		s->news = *news;
	s->text = mem_text(s->news.text);
	caller_view(intake_of(req), caller, -1, shown, s);
}

static void opened(int status, const struct caller *caller, void *ctx)
{
	struct http_req *req = ctx;
	const char *ticket = http_field(req, "ticket");

	if (status == 200)
		ticket_show(req, caller, NULL);
	else
		page_reply(req, status, "track.html",
		           json_pack("{s:b, s:b, s:b, s:b, s:s}", "mistyped", status == 400, "wrong", status == 403, "erased", status == 409, "busy",
		                     status == 503, "ticket", ticket ? ticket : ""));
}

void track_open(struct http_req *req)
{
	const char *ticket = http_field(req, "ticket"), *receipt = http_field(req, "receipt");
	char both_ticket[TICKET_TEXT_BYTES], digits[RECEIPT_DIGITS + 1];

	if (!ticket)
		ticket = "";
	if (!receipt)
		receipt = "";
	if (!receipt_split(*receipt ? receipt : ticket, both_ticket, digits)) /* both lines pasted into one field */
		caller_open(intake_of(req), both_ticket, digits, opened, req);
	else
		caller_open(intake_of(req), ticket, receipt, opened, req);
}

void ticket_get(struct http_req *req)
{
	struct caller caller;

	if (ticket_caller(req, &caller))
		ticket_show(req, &caller, NULL);
}

/* ---- leaving -------------------------------------------------------------------------------------------------------------------------- */

static void left(int status UNUSED, json_t *answer UNUSED, void *ctx UNUSED)
{
}

/* Nobody waits at the exit: the answer goes out at once, the session's end follows. */
void ticket_exit(struct http_req *req)
{
	struct caller caller;

	draft_left(req);
	if (cookie_caller(req, &caller))
		caller_order(intake_of(req), &caller, "intake.exit", json_object(), NULL, left, NULL);
	cookie_set(req, NULL);
	http_set(req, "Clear-Site-Data", "\"cache\", \"cookies\", \"storage\"");
	http_set(req, "Location", intake_of(req)->conf->exit_url);
	http_reply(req, 303, "text/html; charset=utf-8", "", 0);
}
