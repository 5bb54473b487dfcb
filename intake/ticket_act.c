/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a caller does on their ticket's page: writing back, complaining, rating, facts, wishes. Each act shows the page again with what came
 * of it; words that could not be kept stand in their field again.
 */
#include "casefile.h"
#include "json.h"
#include "mem.h"
#include "rating.h"
#include "submit.h"
#include "text.h"
#include "ticket_page.h"
#include <stdlib.h>
#include <string.h>

struct acting {
	struct http_req *req;
	struct caller caller;
	struct ticket_news news;
	bool crisis; /* known before the router has spoken */
};

static void act_end(struct acting *a)
{
	ticket_show(a->req, &a->caller, &a->news);
	seal_wipe(a, sizeof(*a));
	mem_free(&a);
}

/* Refused here: flag says why, and the words are still there. */
static void act_refuse(struct acting *a, const char *flag)
{
	a->news.flag = flag;
	a->news.text = a->news.field ? http_field(a->req, a->news.field) : NULL;
	act_end(a);
}

static void acted(int status, json_t *answer, void *ctx)
{
	struct acting *a = ctx;
	const char *what = json_text(answer, "what"), *code = json_text(answer, "error");

	a->news.crisis = a->crisis || json_bool(answer, "crisis", false);
	if (status < 400) {
		if (what && !strcmp(what, "asked"))
			a->news.flag = "asked";
		act_end(a);
		return;
	}
	act_refuse(a, status == 503 ? "not_kept" : code && !strcmp(code, "rated") ? "thanked" : code && !strcmp(code, "erased") ? "gone" : "refused");
}

/* The words of a field; NULL after the act was refused. */
static const char *words_of(struct acting *a)
{
	const char *text = http_field(a->req, a->news.field);

	if (text && !text_blank(text) && text_length(text) <= SUBMIT_TEXT_MAX)
		return text;
	act_refuse(a, text && !text_blank(text) ? "long" : "empty");
	return NULL;
}

/* The key minted with the page; NULL when the form has none of ours. */
static const char *once_of(const struct acting *a)
{
	const char *once = http_field(a->req, "once");

	return once && strlen(once) >= SUBMIT_KEY_MIN && strlen(once) <= SUBMIT_KEY_MAX ? once : NULL;
}

static void act_say(struct acting *a)
{
	const char *text = words_of(a);

	if (text)
		caller_say(intake_of(a->req), &a->caller, text, once_of(a), acted, a);
}

static void act_complaint(struct acting *a)
{
	const char *text = words_of(a);

	if (text)
		caller_complain(intake_of(a->req), &a->caller, text, once_of(a), acted, a);
}

static void act_rate(struct acting *a)
{
	static const char *const names[] = { "heard", "helped", "again" };
	const char *words = http_field(a->req, "words");
	json_t *request = json_object();
	size_t i;

	for (i = 0; i < ARRAY_LEN(names); i++) {
		const char *value = http_field(a->req, names[i]);

		if (value && strlen(value) == 1 && *value >= '1' && *value <= '3')
			json_object_set_new(request, names[i], json_integer(*value - '0'));
	}
	if (words && !text_blank(words))
		json_object_set_new(request, "words", json_string(words));
	if (json_object_size(request) >= ARRAY_LEN(names) && (!words || text_length(words) <= RATING_WORDS_MAX)) {
		a->crisis = words && submit_risk(intake_of(a->req), words, NULL, NULL) >= 2;
		rating_give(intake_of(a->req), &a->caller, request, once_of(a), acted, a);
		return;
	}
	json_release(&request);
	act_refuse(a, "refused");
}

static void take(struct http_req *req, json_t *facts, const char *name, const char *const *codes)
{
	const char *value = http_field(req, name);

	if (case_word_index(codes, value) >= 0)
		json_object_set_new(facts, name, json_string(value));
}

static void act_facts(struct acting *a)
{
	static const char *const harms[] = { "yes", "unsure", "no", "unsaid", NULL };
	const char *mood = http_field(a->req, "mood");
	json_t *facts = json_object();

	take(a->req, facts, "self_harm", harms);
	take(a->req, facts, "age_band", case_age_band_words);
	take(a->req, facts, "gender", case_gender_words);
	if (mood && strlen(mood) == 1 && *mood >= '1' && *mood <= '5')
		json_object_set_new(facts, "mood", json_integer(*mood - '0'));
	a->crisis = submit_tick(json_text(facts, "self_harm")) >= 2;
	caller_order(intake_of(a->req), &a->caller, "intake.facts", submit_facts_body(facts), once_of(a), acted, a);
	json_release(&facts);
}

static void act_show_own(struct acting *a)
{
	const char *on = http_field(a->req, "on");

	caller_order(intake_of(a->req), &a->caller, "intake.facts", json_pack("{s:b}", "show_own", on && !strcmp(on, "1")), NULL, acted, a);
}

static const struct act {
	const char *path, *service, *flag, *field;
	void (*run)(struct acting *a);
} acts[] = {
	{ "/ticket/say", NULL, "said", "text", act_say },
	{ "/ticket/complaint", NULL, "complained", "complaint", act_complaint },
	{ "/ticket/rate", NULL, "thanked", "words", act_rate },
	{ "/ticket/facts", NULL, "noted", NULL, act_facts },
	{ "/ticket/show_own", NULL, "noted", NULL, act_show_own },
	{ "/ticket/withdraw", "intake.withdraw", "withdrawn_now", NULL, NULL },
	{ "/ticket/erase", "intake.erase", "planned", NULL, NULL },
	{ "/ticket/erase_stop", "intake.erase_stop", "stopped", NULL, NULL },
	{ "/ticket/another", "intake.another", "another", NULL, NULL },
};

static const struct act *act_of(const struct http_req *req)
{
	const char *path = http_path(req);
	size_t i;

	if (!strncmp(path, "/en/", 4))
		path += 3;
	for (i = 0; i < ARRAY_LEN(acts) - 1 && strcmp(acts[i].path, path); i++)
		;
	return &acts[i];
}

void ticket_act(struct http_req *req)
{
	const struct act *act = act_of(req);
	struct caller caller;
	struct acting *a;

	if (!ticket_caller(req, &caller))
		return;
	a = mem_new(sizeof(*a));
	*a = (struct acting){ .req = req, .caller = caller, .news = { .flag = act->flag, .field = act->field } };
	if (http_form_bad(req))
		act_refuse(a, "refused");
	else if (act->run)
		act->run(a);
	else
		caller_order(intake_of(req), &caller, act->service, json_object(), NULL, acted, a);
}
