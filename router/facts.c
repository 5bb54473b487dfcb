/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts of the person concerned: age band, gender, region, relation, groups … Every code is checked; nothing else is taken. The lists
 * of groups and preferences are kept as small JSON texts.
 */
#include "facts.h"

#include "mem.h"
#include <string.h>

enum { GROUPS_MAX = 12 };

static const char *const abouts[] = { "me", "other", NULL };
static const char *const langs[] = { "zh-CN", "en", NULL };
static const struct json_field fields[] = {
	{ "age_band", JSON_CODE, false, 0, 0, case_age_band_words },
	{ "gender", JSON_CODE, false, 0, 0, case_gender_words },
	{ "relation", JSON_CODE, false, 0, 0, case_relation_words },
	{ "region", JSON_TEXT, false, 0, 12, NULL },
	{ "category", JSON_TEXT, false, 0, 40, NULL },
	{ "groups", JSON_LIST, false, 0, GROUPS_MAX, NULL },
	{ "prefer", JSON_OBJ, false, 0, 0, NULL },
	{ "about", JSON_CODE, false, 0, 0, abouts },
	{ "mood", JSON_INT, false, 0, 5, NULL },
	{ "lang", JSON_CODE, false, 0, 0, langs },
	{ "kind", JSON_CODE, false, 0, 0, case_kind_words },
	{ "urgency", JSON_CODE, false, 0, 0, case_urgency_words },
};
static const struct json_field prefer_fields[] = {
	{ "gender", JSON_CODE, false, 0, 0, case_gender_words },
	{ "language", JSON_TEXT, false, 0, 16, NULL },
	{ "same", JSON_BOOL, false, 0, 0, NULL },
};

static bool code_plain(const char *s)
{
	return s && strlen(s) <= 32 && strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == strlen(s);
}

static bool groups_plain(const json_t *groups)
{
	size_t i;
	json_t *g;

	json_array_foreach(groups, i, g)
		if (!code_plain(json_string_value(g)))
			return false;
	return true;
}

/* A JSON part kept as text; the text is owned by the facts object itself, so that it lives as long as the call. */
static const char *part_text(json_t *facts, const char *name)
{
	AUTO(mem_free) char *text = json_write(json_object_get(facts, name));
	AUTO(mem_free) char *hidden = mem_format("%s text", name);

	json_object_set_new(facts, hidden, json_string(text));
	return json_text(facts, hidden);
}

static void take_text(const json_t *facts, const char *name, const char **to)
{
	const char *text = json_text(facts, name);

	if (text)
		*to = text;
}

int facts_take(struct call *c, struct case_row *row, bool staff)
{
	json_t *facts = json_object_get(c->in, "facts");
	AUTO(mem_free) char *why = NULL;

	if (!facts)
		return 0;
	if (json_check(facts, fields, ARRAY_LEN(fields), &why))
		return call_refuse(c, 400, "bad_facts", "%s", why);
	if (json_object_get(facts, "prefer") &&
	    json_check(json_object_get(facts, "prefer"), prefer_fields, ARRAY_LEN(prefer_fields), &why))
		return call_refuse(c, 400, "bad_facts", "%s", why);
	if (!groups_plain(json_object_get(facts, "groups")) ||
	    (json_text(facts, "category") && *json_text(facts, "category") && !code_plain(json_text(facts, "category"))) ||
	    (json_text(facts, "region") && *json_text(facts, "region") && !code_plain(json_text(facts, "region"))))
		return call_refuse(c, 400, "bad_facts", "Groups, category and region are codes of the service list.");
	take_text(facts, "age_band", &row->age_band);
	take_text(facts, "gender", &row->gender);
	take_text(facts, "relation", &row->relation);
	take_text(facts, "region", &row->region);
	take_text(facts, "category", &row->category);
	take_text(facts, "lang", &row->lang);
	if (staff) {
		take_text(facts, "kind", &row->kind);
		take_text(facts, "urgency", &row->urgency);
	}
	if (json_object_get(facts, "groups"))
		row->groups = part_text(facts, "groups");
	if (json_object_get(facts, "prefer"))
		row->prefer = part_text(facts, "prefer");
	row->mood = (int)json_int(facts, "mood", row->mood);
	return 0;
}

json_t *facts_json(const struct case_row *row)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "age_band", row->age_band, "gender", row->gender, "relation",
	                 row->relation, "region", row->region, "category", row->category, "kind", row->kind, "channel",
	                 row->channel);
}
