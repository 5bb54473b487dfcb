/* SPDX-License-Identifier: Apache-2.0 */
/* Facts of the person concerned, and the risk: checked against the code lists here, so that a wrong code gets a
 * sentence of its own. */
#include "api.h"

#include "case_answer.h"
#include "codes.h"
#include "mem.h"
#include <string.h>

const char *const api_abouts[] = { "me", "other", NULL };
const char *const api_langs[] = { "zh-CN", "en", NULL };

static const struct json_field fact_fields[] = { API_FACT_FIELDS };
static const struct json_field prefer_fields[] = {
	{ "gender", JSON_CODE, false, 0, 0, case_gender_words },
	{ "language", JSON_TEXT, false, 0, 16, NULL },
	{ "same", JSON_BOOL, false, 0, 0, NULL },
};

static bool category_known(const struct web *web, const char *category)
{
	size_t count, i;
	const struct screen_category *all = screen_categories(web->screen, &count);

	for (i = 0; i < count; i++)
		if (!strcmp(all[i].id, category))
			return true;
	return false;
}

static bool region_plain(const char *region)
{
	return strspn(region, "0123456789") == strlen(region);
}

static bool groups_known(const json_t *groups)
{
	json_t *group;
	size_t i;

	json_array_foreach(groups, i, group)
		if (case_word_index(codes_groups, json_string_value(group)) < 0)
			return false;
	return true;
}

/* The sentence that says which code is none; NULL when all are. */
static const char *codes_wrong(const struct web *web, const json_t *in)
{
	const char *category = json_text(in, "category"), *region = json_text(in, "region");

	if (category && *category && !category_known(web, category))
		return "\"category\" is one of the codes of GET /api/v1/service.";
	if (region && !region_plain(region))
		return "\"region\" is a code of GB/T 2260: digits.";
	if (!groups_known(json_object_get(in, "groups")))
		return "\"groups\" is a list of codes of GET /api/v1/service.";
	return NULL;
}

json_t *api_facts_of(struct http_req *req, const json_t *in)
{
	AUTO(mem_free) char *why = NULL;
	json_t *prefer = json_object_get(in, "prefer"), *facts;
	const char *wrong = codes_wrong(web_of(req), in);
	size_t i;

	if (!wrong && json_is_object(prefer) && json_check(prefer, prefer_fields, ARRAY_LEN(prefer_fields), &why))
		wrong = why;
	if (wrong) {
		api_refuse(req, "bad_facts", wrong);
		return NULL;
	}
	facts = json_object();
	for (i = 0; i < ARRAY_LEN(fact_fields); i++) {
		json_t *value = json_object_get(in, fact_fields[i].name);

		if (value && !json_is_null(value))
			json_object_set(facts, fact_fields[i].name, value);
	}
	return facts;
}

void api_facts(struct http_req *req)
{
	json_t *in = api_body(req, fact_fields, ARRAY_LEN(fact_fields)), *facts, *body;

	facts = in ? api_facts_of(req, in) : NULL;
	if (!facts)
		return;
	body = api_order(req);
	json_object_set_new(body, "facts", facts);
	if (order_version(req, body))
		order_send(req, "order.facts", body, NULL, case_answer_order, NULL);
	else
		json_release(&body);
}

static const struct json_field risk_fields[] = { { "risk", JSON_INT, true, 0, 3, NULL },
	                                         { "reason", JSON_TEXT, false, 1, 200, NULL } };

void api_risk(struct http_req *req)
{
	json_t *in = api_body(req, risk_fields, ARRAY_LEN(risk_fields)), *body;

	if (!in)
		return;
	body = api_order(req);
	json_object_set(body, "risk", json_object_get(in, "risk"));
	if (json_text(in, "reason"))
		json_object_set(body, "reason", json_object_get(in, "reason"));
	if (order_version(req, body))
		order_send(req, "order.risk", body, NULL, case_answer_order, NULL);
	else
		json_release(&body);
}
