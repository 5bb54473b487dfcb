/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each step takes its own fields into the sealed draft and shows the next page; "send" at any step sends what is there. What was written is
 * looked at with the risk rules on every step, so help stands on the very next page with every worker stopped.
 */
#include "flow.h"

#include "casefile.h"
#include "draft.h"
#include "house.h"
#include "json.h"
#include "mem.h"
#include "page.h"
#include "submit.h"
#include "text.h"
#include <stdlib.h>
#include <string.h>

static const char *const harms[] = { "yes", "unsure", "no", "unsaid", NULL };
static const char *const moods[] = { "1", "2", "3", "4", "5", NULL };
static const char *const topics[] = { "psych", "legal", "social", NULL };

/* ---- taking fields ------------------------------------------------------------------------------------------------------------- */

static bool code_of(const char *const *codes, const char *value)
{
	for (; value && *codes; codes++)
		if (!strcmp(*codes, value))
			return true;
	return false;
}

/* A field that is one of its codes goes into the request; "" takes it out again. */
static void take_code(struct http_req *req, json_t *request, const char *field, const char *member, const char *const *codes)
{
	const char *value = http_field(req, field);

	if (code_of(codes, value))
		json_object_set_new(request, member, json_string(value));
	else if (value)
		json_object_del(request, member);
}

/* Forms end lines with CR LF (HTML); what a caller wrote has LF. */
static char *unix_lines(const char *text)
{
	char *out = mem_text(text), *to = out;

	for (; *text; text++)
		if (*text != '\r')
			*to++ = *text;
	*to = 0;
	return out;
}

static void take_write(struct http_req *req, json_t *request)
{
	const char *text = http_field(req, "text"), *about = http_field(req, "about");
	char *lines;

	if (text) {
		lines = unix_lines(text);
		json_object_set_new(request, "text", json_string(lines));
		mem_free(&lines);
	}
	if (about)
		json_object_set_new(request, "about", json_string(!strcmp(about, "other") ? "other" : "me"));
	take_code(req, request, "topic", "desk", topics);
}

static void take_feel(struct http_req *req, json_t *request)
{
	const char *mood = http_field(req, "mood");

	take_code(req, request, "self_harm", "self_harm", harms);
	if (code_of(moods, mood))
		json_object_set_new(request, "mood", json_integer(atoi(mood)));
}

static void take_who(struct http_req *req, json_t *request)
{
	take_code(req, request, "age_band", "age_band", case_age_band_words);
	take_code(req, request, "gender", "gender", case_gender_words);
	take_code(req, request, "relation", "relation", case_relation_words);
}

static void take_reach(struct http_req *req, json_t *request)
{
	static const char *const names[] = { "phone", "times", "say_who" };
	json_t *contact = json_object();
	size_t i;

	for (i = 0; i < ARRAY_LEN(names); i++) {
		const char *value = http_field(req, names[i]);

		if (value && !text_blank(value))
			json_object_set_new(contact, names[i], json_string(value));
	}
	if (json_object_size(contact))
		json_object_set(request, "contact", contact);
	else
		json_object_del(request, "contact");
	json_release(&contact);
}

static void take_nothing(struct http_req *req UNUSED, json_t *request UNUSED)
{
}

/* ---- the steps ------------------------------------------------------------------------------------------------------------------- */

static const struct step {
	const char *path, *template;
	void (*take)(struct http_req *req, json_t *request);
} steps[] = {
	{ "/write", "start.html", take_write }, { "/feel", "feel.html", take_feel }, { "/who", "who.html", take_who },
	{ "/reach", "reach.html", take_reach }, { "/check", "check.html", take_nothing },
};

static json_t *page_of(struct http_req *req, const json_t *draft)
{
	struct intake *intake = intake_of(req);
	const json_t *request = draft_request(draft), *contact = json_object_get(request, "contact");
	enum i18n_lang lang = page_lang(req);
	const char *text = json_text(request, "text"), *harm = json_text(request, "self_harm");
	AUTO(mem_free) char *token = draft_write(intake, draft);
	AUTO(mem_free) char *mood = mem_format("%d", (int)json_int(request, "mood", 0));
	bool other = json_text(request, "about") && !strcmp(json_text(request, "about"), "other");
	int risk = text ? submit_risk(intake, text, harm, json_text(request, "desk")) : submit_tick(harm);
	json_t *data = json_pack("{s:s, s:s, s:b, s:b, s:s, s:s, s:s}", "draft", token, "text", text ? text : "", "other", other, "crisis",
	                         risk >= 2, "phone", contact && json_text(contact, "phone") ? json_text(contact, "phone") : "", "times",
	                         contact && json_text(contact, "times") ? json_text(contact, "times") : "", "say_who",
	                         contact && json_text(contact, "say_who") ? json_text(contact, "say_who") : "");

	json_object_set_new(data, "topics", page_choices(lang, "portal.topic", topics, json_text(request, "desk")));
	json_object_set_new(data, "moods", page_choices(lang, "portal.mood", moods, mood));
	json_object_set_new(data, "harms", page_choices(lang, "portal.harm", harms, harm));
	json_object_set_new(data, "ages", page_choices(lang, "portal.age_band", case_age_band_words, json_text(request, "age_band")));
	json_object_set_new(data, "genders", page_choices(lang, "portal.gender", case_gender_words, json_text(request, "gender")));
	json_object_set_new(data, "relations", page_choices(lang, "portal.relation", case_relation_words, json_text(request, "relation")));
	return data;
}

static void step_show(struct http_req *req, int status, const struct step *step, const json_t *draft, const char *problem)
{
	json_t *data = page_of(req, draft);

	if (problem)
		json_object_set_new(data, problem, json_true());
	page_reply(req, status, step->template, data);
}

void flow_start(struct http_req *req)
{
	struct intake *intake = intake_of(req);
	json_t *draft;

	if (house_heard(intake->house) && !house_open(intake->house)) {
		page_reply(req, 200, "closed.html", json_object());
		return;
	}
	draft = draft_new();
	step_show(req, 200, &steps[0], draft, NULL);
	json_release(&draft);
}

/* ---- sending ----------------------------------------------------------------------------------------------------------------------- */

struct sending {
	struct http_req *req;
	json_t *draft;
	const struct step *step;
};

static void receipt_show(struct sending *s, const struct submitted *out)
{
	enum i18n_lang lang = page_lang(s->req);
	AUTO(mem_free) char *when = page_time(lang, out->reply_by);
	AUTO(mem_free) char *token = draft_write(intake_of(s->req), s->draft);
	json_t *groups = json_array();
	int i;

	for (i = 0; i < 5; i++)
		json_array_append_new(groups, json_stringn(out->receipt + 5 * i, 4));
	page_reply(s->req, 200, "receipt.html", json_pack("{s:s, s:s, s:o, s:b, s:s, s:s}", "ticket", out->ticket, "receipt", out->receipt,
	                                                  "groups", groups, "crisis", out->crisis, "reply_by", when, "draft", token));
}

static void sent(const struct submitted *out, void *ctx)
{
	struct sending *s = ctx;

	if (out->status == 201)
		receipt_show(s, out);
	else if (out->code && !strcmp(out->code, "not_open"))
		page_reply(s->req, 503, "closed.html", json_object());
	else /* what was written is still there, with the same one-time key: sending again is one request */
		step_show(s->req, out->status == 503 ? 503 : 400, s->step, s->draft, out->status == 503 ? "not_kept" : "bad");
	json_release(&s->draft);
	mem_free(&s);
}

static void flow_send(struct http_req *req, const struct step *step, const json_t *draft)
{
	AUTO(mem_free) char *why = NULL;
	json_t *request = json_deep_copy(draft_request(draft));
	struct sending *s;

	json_object_set_new(request, "lang", json_string(i18n_tag(page_lang(req))));
	if (submit_check(intake_of(req), request, &why)) {
		json_release(&request);
		step_show(req, 400, step, draft, "bad");
		return;
	}
	s = mem_new(sizeof(*s));
	s->req = req;
	s->draft = json_deep_copy(draft);
	s->step = step;
	submit(intake_of(req), request, draft_key(draft), sent, s);
}

static const struct step *step_of(struct http_req *req, size_t *at)
{
	const char *path = http_path(req);

	if (!strncmp(path, "/en/", 4))
		path += 3;
	for (*at = 0; *at < ARRAY_LEN(steps) - 1 && strcmp(steps[*at].path, path); (*at)++)
		;
	return &steps[*at];
}

/* True when there is something to send or to go on with. */
static bool has_words(const json_t *request)
{
	const char *text = json_text(request, "text");

	return text && !text_blank(text) && text_length(text) <= SUBMIT_TEXT_MAX;
}

void flow_step(struct http_req *req)
{
	size_t at;
	const struct step *step = step_of(req, &at);
	const char *act = http_field(req, "do");
	json_t *draft = draft_read(req);

	if (!draft)
		draft = draft_new(); /* too old or damaged: go on with what the form holds */
	step->take(req, draft_request(draft));
	if (!act)
		act = "next";
	if (!strcmp(act, "back"))
		step_show(req, 200, &steps[at ? at - 1 : 0], draft, NULL);
	else if (!has_words(draft_request(draft)))
		step_show(req, 400, &steps[0], draft, at ? "expired" : "empty");
	else if (!strcmp(act, "send") || at + 1 == ARRAY_LEN(steps))
		flow_send(req, step, draft);
	else
		step_show(req, 200, &steps[at + 1], draft, NULL);
	json_release(&draft);
}
