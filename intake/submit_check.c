/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shape of a request: one table, every field optional but the text. A single character is a request; white space alone is not. Risk
 * and desk of a client are never honoured beyond what the table names.
 */
#include "submit.h"

#include "casefile.h"
#include "codes.h"
#include "house.h"
#include "json.h"
#include "mem.h"
#include "text.h"
#include <string.h>

static const char *const abouts[] = { "me", "other", NULL };
static const char *const harms[] = { "yes", "unsure", "no", "unsaid", NULL };
static const char *const langs[] = { "zh-CN", "en", NULL };
/* Facts of the person concerned: in a request, and any time later. */
#define FACTS                                                                                                                      \
	{ "age_band", JSON_CODE, false, 0, 0, case_age_band_words }, { "gender", JSON_CODE, false, 0, 0, case_gender_words },      \
	{ "region", JSON_TEXT, false, 0, 12, NULL }, { "relation", JSON_CODE, false, 0, 0, case_relation_words },                  \
	{ "groups", JSON_LIST, false, 0, 12, NULL }, { "category", JSON_TEXT, false, 0, 40, NULL },                                \
	{ "about", JSON_CODE, false, 0, 0, abouts }, { "prefer", JSON_OBJ, false, 0, 0, NULL },                                    \
	{ "self_harm", JSON_CODE, false, 0, 0, harms }, { "mood", JSON_INT, false, 1, 5, NULL },                                   \
	{ "lang", JSON_CODE, false, 0, 0, langs }
static const struct json_field fields[] = {
	FACTS,
	{ "text", JSON_TEXT, true, 1, SUBMIT_TEXT_MAX, NULL },
	{ "desk", JSON_TEXT, false, 1, 15, NULL },
	{ "continues", JSON_OBJ, false, 0, 0, NULL },
	{ "live", JSON_BOOL, false, 0, 0, NULL },
	{ "contact", JSON_OBJ, false, 0, 0, NULL },
};
static const struct json_field fact_fields[] = { FACTS, { "show_own", JSON_BOOL, false, 0, 0, NULL } };
static const struct json_field contact_fields[] = {
	{ "phone", JSON_TEXT, false, 0, 40, NULL },
	{ "times", JSON_TEXT, false, 0, 200, NULL },
	{ "say_who", JSON_TEXT, false, 0, 200, NULL },
};
static const struct json_field continues_fields[] = {
	{ "ticket", JSON_TEXT, true, 1, 64, NULL },
	{ "receipt", JSON_TEXT, true, 1, 128, NULL },
};
static const struct json_field prefer_fields[] = {
	{ "gender", JSON_CODE, false, 0, 0, case_gender_words },
	{ "language", JSON_TEXT, false, 0, 16, NULL },
	{ "same", JSON_BOOL, false, 0, 0, NULL },
};
static const struct {
	const char *name;
	const struct json_field *fields;
	size_t count;
} parts[] = {
	{ "contact", contact_fields, ARRAY_LEN(contact_fields) },
	{ "continues", continues_fields, ARRAY_LEN(continues_fields) },
	{ "prefer", prefer_fields, ARRAY_LEN(prefer_fields) },
};

/* GB/T 2260 and the levels below it: two to twelve digits. */
static bool region_plain(const char *region)
{
	return strlen(region) >= 2 && strspn(region, "0123456789") == strlen(region);
}

static bool group_known(const json_t *group)
{
	return case_word_index(codes_groups, json_string_value(group)) >= 0;
}

static bool category_known(const struct intake *intake, const char *category)
{
	size_t count, i;
	const struct screen_category *all = screen_categories(intake->screen, &count);

	for (i = 0; i < count; i++)
		if (!strcmp(all[i].id, category))
			return true;
	return false;
}

static int codes_check(const struct intake *intake, const json_t *r, char **why)
{
	json_t *group;
	size_t i;

	if (json_text(r, "desk") && strcmp(json_text(r, "desk"), "unsure") && !house_desk(intake->conf, json_text(r, "desk"))) {
		*why = mem_text("\"desk\" names no open desk of this house; \"unsure\" always works.");
		return 1;
	}
	if (json_text(r, "category") && *json_text(r, "category") && !category_known(intake, json_text(r, "category"))) {
		*why = mem_text("\"category\" is one of the codes of /api/v1/service.");
		return 1;
	}
	if (json_text(r, "region") && *json_text(r, "region") && !region_plain(json_text(r, "region"))) {
		*why = mem_text("\"region\" is a code of GB/T 2260: digits.");
		return 1;
	}
	json_array_foreach(json_object_get(r, "groups"), i, group) {
		if (group_known(group))
			continue;
		*why = mem_text("\"groups\" is a list of codes of /api/v1/service.");
		return 1;
	}
	return 0;
}

static int parts_check(const struct intake *intake, const json_t *request, char **why)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(parts); i++) {
		json_t *part = json_object_get(request, parts[i].name);
		AUTO(mem_free) char *inner = NULL;

		if (!part || json_is_null(part) || !json_check(part, parts[i].fields, parts[i].count, &inner))
			continue;
		*why = mem_format("In \"%s\": %s", parts[i].name, inner);
		return 1;
	}
	return codes_check(intake, request, why);
}

int submit_check(const struct intake *intake, const json_t *request, char **why)
{
	if (json_check(request, fields, ARRAY_LEN(fields), why))
		return 1;
	if (text_blank(json_text(request, "text"))) {
		*why = mem_text("\"text\" is empty; one character is enough.");
		return 1;
	}
	return parts_check(intake, request, why);
}

int submit_check_facts(const struct intake *intake, const json_t *facts, char **why)
{
	return json_check(facts, fact_fields, ARRAY_LEN(fact_fields), why) || parts_check(intake, facts, why);
}

/* Somebody else's case is never the caller's own: whose it is stays open until they say. */
static void set_relation(const json_t *request, json_t *facts)
{
	const char *about = json_text(request, "about"), *relation = json_text(facts, "relation");

	if (about && !strcmp(about, "other") && (!relation || !strcmp(relation, "self")))
		json_object_set_new(facts, "relation", json_string("other"));
}

json_t *submit_facts(const json_t *request)
{
	static const char *const names[] = { "age_band", "gender", "region", "relation", "groups", "category", "prefer", "mood", "lang" };
	json_t *facts = json_object();
	size_t i;

	for (i = 0; i < ARRAY_LEN(names); i++) {
		json_t *value = json_object_get(request, names[i]);

		if (value && !json_is_null(value))
			json_object_set(facts, names[i], value);
	}
	set_relation(request, facts);
	return facts;
}

json_t *submit_facts_body(const json_t *facts)
{
	json_t *body = json_pack("{s:o}", "facts", submit_facts(facts)), *show_own = json_object_get(facts, "show_own");

	if (json_text(facts, "self_harm"))
		json_object_set_new(body, "tick", json_integer(submit_tick(json_text(facts, "self_harm"))));
	if (json_is_boolean(show_own))
		json_object_set(body, "show_own", show_own);
	return body;
}

int submit_tick(const char *self_harm)
{
	if (!self_harm)
		return 0;
	return !strcmp(self_harm, "yes") ? 2 : !strcmp(self_harm, "unsure") ? 1 : 0;
}

int submit_risk(const struct intake *intake, const char *text, const char *self_harm, const char *desk)
{
	struct screen_result result;
	int tick = submit_tick(self_harm);

	screen_text(intake->screen, text, house_choice(desk), &result);
	return result.risk > tick ? result.risk : tick;
}
