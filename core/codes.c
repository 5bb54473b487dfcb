/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Code lists for the pages and the API, made once from the word tables, the configuration and the catalogue (word.<list>.<code>). Called
 * by intake and web; the words themselves stand in casefile.h and i18n/.
 */
#include "codes.h"

#include "casefile.h"
#include "i18n.h"
#include "mem.h"

const char *const codes_groups[] = { "school", "society", "special", "left_behind", "migrant_child", "idle", "orphan_disabled",
	                             "relocated", "single_parent", "migrant_worker", "new_work", NULL };

static json_t *both(const char *zh, const char *en)
{
	return json_pack("{s:s, s:s}", "zh-CN", zh, "en", en);
}

static json_t *words_json(const char *list, const char *const *codes)
{
	json_t *out = json_array();

	for (; *codes; codes++) {
		AUTO(mem_free) char *key = mem_format("word.%s.%s", list, *codes);

		json_array_append_new(out, json_pack("{s:s, s:o}", "id", *codes, "name",
		                                     both(i18n_text(I18N_ZH_CN, key), i18n_text(I18N_EN, key))));
	}
	return out;
}

static json_t *desks_json(const struct conf *conf)
{
	json_t *out = json_array();
	int i;

	for (i = 0; i < conf->desks; i++)
		json_array_append_new(out, json_pack("{s:s, s:s, s:o, s:b}", "id", conf->desk[i].kind, "kind", conf->desk[i].kind, "name",
		                                     both(conf->desk[i].name_zh, conf->desk[i].name_en), "open", conf->desk[i].open));
	return out;
}

static json_t *categories_json(const struct screen *screen)
{
	size_t count, i;
	const struct screen_category *all = screen_categories(screen, &count);
	json_t *out = json_array();

	for (i = 0; i < count; i++)
		json_array_append_new(out, json_pack("{s:s, s:s, s:o, s:s}", "id", all[i].id, "desk", all[i].desk, "name",
		                                     both(all[i].zh, all[i].en), "chi", all[i].chi ? all[i].chi : ""));
	return out;
}

static json_t *regions_json(const struct conf *conf)
{
	json_t *out = json_array();
	int i;

	for (i = 0; i < conf->sites; i++)
		json_array_append_new(out, json_pack("{s:s, s:o}", "id", conf->site[i].id, "name",
		                                     both(conf->site[i].name_zh, conf->site[i].name_en)));
	return out;
}

json_t *codes_numbers(const struct conf *conf)
{
	json_t *out = json_array();
	int i;

	for (i = 0; i < conf->numbers; i++) {
		const struct conf_number *n = &conf->number[i];

		json_array_append_new(out, json_pack("{s:s, s:o, s:o}", "number", n->number, "name", both(n->name_zh, n->name_en), "hours",
		                                     both(n->hours_zh, n->hours_en)));
	}
	return out;
}

json_t *codes_json(const struct conf *conf, const struct screen *screen)
{
	static const struct {
		const char *member, *list;
		const char *const *codes;
	} lists[] = {
		{ "groups", "group", codes_groups },
		{ "dispositions", "disposition", case_disposition_words },
		{ "channels", "channel", case_channel_words },
		{ "kinds", "kind", case_kind_words },
		{ "urgencies", "urgency", case_urgency_words },
		{ "relations", "relation", case_relation_words },
		{ "age_bands", "age_band", case_age_band_words },
		{ "genders", "gender", case_gender_words },
		{ "contact_types", "contact_type", contact_type_words },
	};
	json_t *out = json_object();
	size_t i;

	for (i = 0; i < ARRAY_LEN(lists); i++)
		json_object_set_new(out, lists[i].member, words_json(lists[i].list, lists[i].codes));
	json_object_set_new(out, "desks", desks_json(conf));
	json_object_set_new(out, "categories", categories_json(screen));
	json_object_set_new(out, "regions", regions_json(conf));
	json_object_set_new(out, "crisis_numbers", codes_numbers(conf));
	json_object_set_new(out, "name", both(conf->name_zh, conf->name_en));
	return out;
}
