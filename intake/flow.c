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
#include "qr.h"
#include "submit.h"
#include "text.h"
#include <stdlib.h>
#include <string.h>

enum { QR_QUIET = 4 }; /* modules of white around the code, as its standard asks */

static const char *const harms[] = { "yes", "unsure", "no", "unsaid", NULL };
static const char *const moods[] = { "1", "2", "3", "4", "5", NULL };
static const char *const topics[] = { "psych", "legal", "social", NULL };
static const char *const others[] = { "parent", "teacher", "friend", "other", NULL }; /* what one can be to somebody else */

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

/* Forms end lines with CR LF (HTML); what a caller wrote has LF. Other control characters mean nothing to a reader and would make the
 * draft too long to be carried. */
static char *plain_lines(const char *text)
{
	char *out = mem_text(text), *to = out;

	for (; *text; text++)
		if ((unsigned char)*text >= 0x20 || *text == '\n' || *text == '\t')
			*to++ = *text;
	*to = 0;
	return out;
}

static void take_write(struct http_req *req, json_t *request)
{
	const char *text = http_field(req, "text"), *about = http_field(req, "about");
	char *lines;

	if (text) {
		lines = plain_lines(text);
		json_object_set_new(request, "text", json_string(lines));
		mem_free(&lines);
	}
	if (about && strcmp(about, "other"))
		json_object_del(request, "relation"); /* of somebody else, said before */
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

static bool is_other(const json_t *request)
{
	const char *about = json_text(request, "about");

	return about && !strcmp(about, "other");
}

static const char *contact_text(const json_t *request, const char *name)
{
	const char *text = json_text(json_object_get(request, "contact"), name);

	return text ? text : "";
}

/* What every page with a draft shows, and the choices of all steps. */
static json_t *page_with(struct http_req *req, const struct step *step, const json_t *request, const char *token, const char *leave)
{
	struct intake *intake = intake_of(req);
	enum i18n_lang lang = page_lang(req);
	const char *text = json_text(request, "text"), *harm = json_text(request, "self_harm");
	AUTO(mem_free) char *mood = mem_format("%d", (int)json_int(request, "mood", 0));
	int risk = text ? submit_risk(intake, text, harm, json_text(request, "desk")) : submit_tick(harm);
	json_t *data = json_pack("{s:s, s:s, s:s, s:s, s:s, s:b, s:b, s:s, s:s, s:s}", "draft", token, "leave", leave, "step", step->path, "stay",
	                         "stay", "text", text ? text : "", "other", is_other(request), "crisis", risk >= 2, "phone",
	                         contact_text(request, "phone"), "times", contact_text(request, "times"), "say_who",
	                         contact_text(request, "say_who"));

	json_object_set_new(data, "topics", page_choices(lang, "portal.topic", topics, json_text(request, "desk")));
	json_object_set_new(data, "moods", page_choices(lang, "portal.mood", moods, mood));
	json_object_set_new(data, "harms", page_choices(lang, "portal.harm", harms, harm));
	json_object_set_new(data, "ages", page_choices(lang, "portal.age_band", case_age_band_words, json_text(request, "age_band")));
	json_object_set_new(data, "genders", page_choices(lang, "portal.gender", case_gender_words, json_text(request, "gender")));
	json_object_set_new(data, "relations", page_choices(lang, "portal.relation", others, json_text(request, "relation")));
	page_hours(req, data);
	return data;
}

static json_t *page_of(struct http_req *req, const struct step *step, const json_t *draft)
{
	AUTO(mem_free) char *token = draft_write(intake_of(req), draft);
	AUTO(mem_free) char *leave = draft_leave(intake_of(req), draft);

	return page_with(req, step, draft_request(draft), token, leave);
}

static json_t *start_with(struct http_req *req, const char *token, const char *leave)
{
	return page_with(req, &steps[0], NULL, token, leave);
}

static void step_show(struct http_req *req, int status, const struct step *step, const json_t *draft, const char *problem)
{
	json_t *data = page_of(req, step, draft);

	if (problem)
		json_object_set_new(data, problem, json_true());
	page_reply(req, status, step->template, data);
}

void flow_start(struct http_req *req)
{
	struct intake *intake = intake_of(req);
	AUTO(mem_free) char *token = NULL;
	AUTO(mem_free) char *leave = NULL;
	json_t *draft;

	if (house_heard(intake->house) && !house_open(intake->house)) {
		page_reply(req, 200, "closed.html", json_object());
		return;
	}
	draft = draft_new();
	token = draft_write(intake, draft);
	leave = draft_leave(intake, draft);
	json_release(&draft);
	page_reply_start(req, steps[0].template, start_with, token, leave);
}

/* ---- sending ----------------------------------------------------------------------------------------------------------------------- */

struct sending {
	struct http_req *req;
	json_t *draft;
	const struct step *step;
};

static void receipt_show(struct sending *s, const struct submitted *out)
{
	struct intake *intake = intake_of(s->req);
	AUTO(mem_free) char *when = page_time(page_lang(s->req), out->reply_by);
	AUTO(mem_free) char *token = draft_write(intake, s->draft);
	AUTO(mem_free) char *leave = draft_leave(intake, s->draft);
	AUTO(mem_free) char *both = mem_format("%s %s", out->ticket, out->receipt);
	int side = 0;
	AUTO(mem_free) char *qr = qr_path(both, &side);
	json_t *data = json_pack("{s:s, s:s, s:b, s:s, s:s, s:s, s:s, s:s}", "ticket", out->ticket, "receipt", out->receipt, "crisis", out->crisis,
	                         "reply_by", when, "draft", token, "leave", leave, "step", "/check", "stay", "send");

	json_object_set_new(data, "other", json_boolean(is_other(draft_request(s->draft))));
	json_object_set_new(data, "qr", json_string(qr ? qr : ""));
	json_object_set_new(data, "qr_side", json_integer(side + 2 * QR_QUIET));
	seal_wipe(both, strlen(both));
	page_hours(s->req, data);
	page_reply(s->req, 200, "receipt.html", data);
}

/* What was written is still there, with the same one-time key: sending again is one request. */
static void not_sent(struct sending *s, const struct submitted *out)
{
	const char *code = out->code ? out->code : "";

	if (!strcmp(code, "not_open"))
		step_show(s->req, 503, s->step, s->draft, "closed_now");
	else if (!strcmp(code, "key_reused")) { /* sent before from this very page, and changed since: a new request */
		draft_renew(s->draft);
		step_show(s->req, 409, s->step, s->draft, "sent_before");
	} else
		step_show(s->req, out->status == 503 ? 503 : 400, s->step, s->draft, out->status == 503 ? "not_kept" : "bad");
}

static void sent(const struct submitted *out, void *ctx)
{
	struct sending *s = ctx;

	if (out->status == 201)
		receipt_show(s, out);
	else
		not_sent(s, out);
	json_release(&s->draft);
	mem_free(&s);
}

static void flow_send(struct http_req *req, const struct step *step, const json_t *draft)
{
	AUTO(mem_free) char *why = NULL;
	struct sending *s;

	/* Part of what is sent, so once said it stays: the receipt can be read again in the other language. */
	if (!json_text(draft_request(draft), "lang"))
		json_object_set_new(draft_request(draft), "lang", json_string(i18n_tag(page_lang(req))));
	if (submit_check(intake_of(req), draft_request(draft), &why)) {
		step_show(req, 400, step, draft, "bad");
		return;
	}
	s = mem_new(sizeof(*s));
	s->req = req;
	s->draft = json_deep_copy(draft);
	s->step = step;
	submit(intake_of(req), json_deep_copy(draft_request(draft)), draft_key(draft), sent, s);
}

/* ---- one step ------------------------------------------------------------------------------------------------------------------------ */

static const struct step *step_of(struct http_req *req, size_t *at)
{
	const char *path = http_path(req);

	if (!strncmp(path, "/en/", 4))
		path += 3;
	for (*at = 0; *at < ARRAY_LEN(steps) - 1 && strcmp(steps[*at].path, path); (*at)++)
		;
	return &steps[*at];
}

/* What stands in the way of sending or going on; NULL nothing. */
static const char *words_missing(const json_t *request)
{
	const char *text = json_text(request, "text");

	return !text || text_blank(text) ? "empty" : text_length(text) > SUBMIT_TEXT_MAX ? "long" : NULL;
}

static void step_go(struct http_req *req, size_t at, const json_t *draft)
{
	const struct step *step = &steps[at];
	const char *act = http_field(req, "do") ? http_field(req, "do") : "next", *missing = words_missing(draft_request(draft));

	if (!strcmp(act, "stay"))
		step_show(req, 200, step, draft, NULL);
	else if (!strcmp(act, "back"))
		step_show(req, 200, &steps[at ? at - 1 : 0], draft, NULL);
	else if (missing)
		step_show(req, 400, &steps[0], draft, missing);
	else if (!strcmp(act, "send") || at + 1 == ARRAY_LEN(steps))
		flow_send(req, step, draft);
	else
		step_show(req, 200, &steps[at + 1], draft, NULL);
}

void flow_step(struct http_req *req)
{
	size_t at;
	const struct step *step = step_of(req, &at);
	bool left;
	json_t *draft = draft_read(req, &left);

	if (draft) {
		step->take(req, draft_request(draft));
		step_go(req, at, draft);
	} else { /* too old or damaged: what the form itself holds is shown, and sent only when they say so again */
		draft = draft_new();
		if (!left)
			step->take(req, draft_request(draft));
		step_show(req, http_form_bad(req) ? 400 : 200, &steps[0], draft, http_form_bad(req) ? "bad" : "expired");
	}
	json_release(&draft);
}
