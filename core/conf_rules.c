/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads the rules of the screen, every .conf file of a directory (words, holds, rules) and ../categories.conf, with
 * libconfig, strictly: an unknown key, a missing sentence or a wrong type is refused with file, line and what would be
 * right. What the words mean is screen_build.c's affair. Called by screen_load only, at the start of a process.
 */
#include "mem.h"
#include "screen_part.h"
#include "text.h"

#include <dirent.h>
#include <libconfig.h>
#include <stdlib.h>
#include <string.h>

enum { RULE_FILES_MAX = 32, RULE_LIST_MAX = 512 };

struct rule_file {
	char *path;
	config_t conf;
};
struct rule_files {
	struct rule_file file[RULE_FILES_MAX];
	size_t count;
	char **why;
	struct screen *s;
};

/* ---- refusing ---- */

static int refuse_at(struct rule_files *f, const config_setting_t *at, char *sentence)
{
	const char *file = config_setting_source_file(at);

	*f->why = mem_format("%s, line %u: %s.", file ? file : "rules", config_setting_source_line(at), sentence);
	text_repair(*f->why);
	mem_free(&sentence);
	return 1;
}

/* What the builder said, with file and line in front. */
static int refuse_built(struct rule_files *f, const config_setting_t *at)
{
	char *sentence = *f->why;

	return refuse_at(f, at, sentence);
}

static int check_keys(struct rule_files *f, const config_setting_t *group, const char *const *keys, const char *what)
{
	for (int i = 0; i < config_setting_length(group); i++) {
		const config_setting_t *one = config_setting_get_elem(group, (unsigned)i);
		const char *const *key = keys;

		while (*key && strcmp(*key, config_setting_name(one)) != 0)
			key++;
		if (!*key)
			return refuse_at(f, one,
			                 mem_format("there is no key \"%s\" in %s", config_setting_name(one), what));
	}
	return 0;
}

/* ---- values
 * ------------------------------------------------------------------------------------------------------------ */

static const char *text_of(const config_setting_t *group, const char *key)
{
	const char *text = NULL;

	return config_setting_lookup_string(group, key, &text) ? text : NULL;
}

static int int_of(const config_setting_t *group, const char *key, int otherwise)
{
	int n = otherwise;

	return config_setting_lookup_int(group, key, &n) ? n : otherwise;
}

static bool bool_of(const config_setting_t *group, const char *key)
{
	int on = 0;

	return config_setting_lookup_bool(group, key, &on) && on;
}

/* A list of strings as a NULL-terminated array (mem_free); NULL where the key is absent. 0, or 1 refused. */
static int list_of(struct rule_files *f, const config_setting_t *group, const char *key, const char ***out)
{
	config_setting_t *list = config_setting_get_member(group, key);
	int n = list ? config_setting_length(list) : 0;

	*out = NULL;
	if (!list)
		return 0;
	if (!config_setting_is_aggregate(list) || config_setting_is_group(list) || n > RULE_LIST_MAX)
		return refuse_at(f, list,
		                 mem_format("\"%s\" must be a list of at most %d strings: [ \"…\", \"…\" ]", key,
		                            RULE_LIST_MAX));
	*out = mem_array((size_t)n + 1, sizeof(**out));
	for (int i = 0; i < n; i++) {
		(*out)[i] = config_setting_get_string_elem(list, i);
		if ((*out)[i])
			continue;
		mem_free(out);
		return refuse_at(f, list, mem_format("an element of \"%s\" is no string", key));
	}
	return 0;
}

/* ---- sections
 * ---------------------------------------------------------------------------------------------------------- */

static int read_words(struct rule_files *f, const config_setting_t *root)
{
	const config_setting_t *words = config_setting_get_member(root, "words");

	for (int i = 0; words && i < config_setting_length(words); i++) {
		config_setting_t *class = config_setting_get_elem(words, (unsigned)i);
		AUTO(mem_free) const char **list = NULL;

		if (list_of(f, words, config_setting_name(class), &list))
			return 1;
		for (size_t k = 0; list[k]; k++)
			if (screen_build_class(f->s, config_setting_name(class), list[k], f->why))
				return refuse_built(f, class);
	}
	return 0;
}

static int read_holds(struct rule_files *f, const config_setting_t *root)
{
	static const char *const keys[] = { "name",   "cap",    "gap",   "scope",         "cue",    "not_cue", "broken",
		                            "bridge", "titles", "third", "only_imminent", "inside", NULL };
	const config_setting_t *holds = config_setting_get_member(root, "holds");

	for (int i = 0; holds && i < config_setting_length(holds); i++) {
		const config_setting_t *h = config_setting_get_elem(holds, (unsigned)i);
		struct screen_hold_text text = {
			.name = text_of(h, "name"),
			.scope = text_of(h, "scope"),
			.cue = text_of(h, "cue"),
			.not_cue = text_of(h, "not_cue"),
			.broken = text_of(h, "broken"),
			.bridge = text_of(h, "bridge"),
			.cap = int_of(h, "cap", -1),
			.gap = int_of(h, "gap", -1),
			.titles = bool_of(h, "titles"),
			.third = bool_of(h, "third"),
			.only_imminent = bool_of(h, "only_imminent"),
			.inside = bool_of(h, "inside"),
		};

		if (check_keys(f, h, keys, "a hold"))
			return 1;
		if (!text.name || !text.scope || !text.cue)
			return refuse_at(f, h, mem_text("a hold needs name, scope and cue"));
		if (screen_build_hold(f->s, &text, f->why))
			return refuse_built(f, h);
	}
	return 0;
}

static int read_rule(struct rule_files *f, const config_setting_t *r)
{
	static const char *const keys[] = { "id",     "risk",  "weight", "category", "kind", "urgency",
		                            "report", "third", "alone",  "most",     "when", "also",
		                            "not",    "hold",  "why_zh", "why_en",   NULL };
	AUTO(mem_free) const char **when = NULL, **also = NULL, **not = NULL, **hold = NULL;
	struct screen_rule_text text = {
		.id = text_of(r, "id"),
		.category = text_of(r, "category"),
		.kind = text_of(r, "kind"),
		.urgency = text_of(r, "urgency"),
		.why_zh = text_of(r, "why_zh"),
		.why_en = text_of(r, "why_en"),
		.risk = int_of(r, "risk", 0),
		.weight = int_of(r, "weight", 0),
		.most = int_of(r, "most", 0),
		.report = bool_of(r, "report"),
		.third = bool_of(r, "third"),
		.alone = bool_of(r, "alone"),
	};

	if (check_keys(f, r, keys, "a rule") || list_of(f, r, "when", &when) || list_of(f, r, "also", &also) ||
	    list_of(f, r, "not", &not ) || list_of(f, r, "hold", &hold))
		return 1;
	if (!text.id || !text.why_zh || !text.why_en || !when)
		return refuse_at(f, r, mem_text("a rule needs id, when, why_zh and why_en"));
	text.when = when;
	text.also = also;
	text.not = not ;
	text.hold = hold;
	return screen_build_rule(f->s, &text, f->why) ? refuse_built(f, r) : 0;
}

static int read_rules(struct rule_files *f, const config_setting_t *root)
{
	static const char *const keys[] = { "fold", "crisis_desk", "chosen_bonus", "words", "holds", "rules", NULL };
	const config_setting_t *rules = config_setting_get_member(root, "rules");

	if (check_keys(f, root, keys, "a rule file"))
		return 1;
	for (int i = 0; rules && i < config_setting_length(rules); i++)
		if (read_rule(f, config_setting_get_elem(rules, (unsigned)i)))
			return 1;
	return 0;
}

static int read_fold(struct rule_files *f, const config_setting_t *root)
{
	AUTO(mem_free) const char **pairs = NULL;

	if (list_of(f, root, "fold", &pairs))
		return 1;
	for (size_t i = 0; pairs && pairs[i]; i++)
		if (screen_build_fold(f->s, pairs[i], f->why))
			return refuse_built(f, root);
	return 0;
}

static int read_desks(struct rule_files *f, const config_setting_t *root)
{
	const char *desk = text_of(root, "crisis_desk");

	if (desk && screen_build_desks(f->s, desk, int_of(root, "chosen_bonus", 0), f->why))
		return refuse_built(f, root);
	return 0;
}

static int read_categories(struct rule_files *f, const config_setting_t *root)
{
	static const char *const keys[] = { "id", "zh", "en", "chi", NULL };
	const config_setting_t *list = config_setting_get_member(root, "categories");

	for (int i = 0; list && i < config_setting_length(list); i++) {
		const config_setting_t *c = config_setting_get_elem(list, (unsigned)i);
		const char *text[] = { text_of(c, "id"), text_of(c, "zh"), text_of(c, "en"), text_of(c, "chi") };

		if (check_keys(f, c, keys, "a category"))
			return 1;
		if (!text[0] || !text[1] || !text[2] || !text[3])
			return refuse_at(f, c, mem_text("a category needs id, zh, en and chi"));
		if (screen_build_category(f->s, text, f->why))
			return refuse_built(f, c);
	}
	return 0;
}

/* ---- files
 * ------------------------------------------------------------------------------------------------------------- */

static int file_open(struct rule_files *f, char *path)
{
	struct rule_file *one = &f->file[f->count];

	if (f->count == RULE_FILES_MAX) {
		*f->why = mem_format("%s: there are more than %d rule files; join some of them.", path,
		                     RULE_FILES_MAX - 1);
		mem_free(&path);
		return 1;
	}
	one->path = path;
	config_init(&one->conf);
	f->count++;
	if (config_read_file(&one->conf, path))
		return 0;
	*f->why = mem_format("%s, line %d: %s.", path, config_error_line(&one->conf),
	                     config_error_type(&one->conf) == CONFIG_ERR_FILE_IO ? "the file cannot be read"
	                                                                         : config_error_text(&one->conf));
	return 1;
}

static int is_rule_file(const struct dirent *e)
{
	size_t n = strlen(e->d_name);

	return n > 5 && e->d_name[0] != '.' && strcmp(e->d_name + n - 5, ".conf") == 0;
}

/* categories.conf first, then the rule files by name. */
static int files_open(struct rule_files *f, const char *directory)
{
	struct dirent **entry = NULL;
	int n = scandir(directory, &entry, is_rule_file, alphasort);
	int refused = n > 0 ? file_open(f, mem_format("%s/../categories.conf", directory)) : 1;

	if (n <= 0)
		*f->why = mem_format(
			"%s: there is no rule file; the directory must hold common.conf and at least one desk's rules.",
			directory);
	for (int i = 0; i < n; i++) {
		if (!refused)
			refused = file_open(f, mem_format("%s/%s", directory, entry[i]->d_name));
		free(entry[i]);
	}
	free(entry);
	return refused;
}

static void files_close(struct rule_files *f)
{
	for (size_t i = 0; i < f->count; i++) {
		config_destroy(&f->file[i].conf);
		mem_free(&f->file[i].path);
	}
}

/* Sections across all files in the order in which they need each other. */
static int files_read(struct rule_files *f)
{
	static int (*const section[])(struct rule_files *, const config_setting_t *) = { read_fold, read_desks,
		                                                                         read_words, read_holds,
		                                                                         read_rules };

	if (read_categories(f, config_root_setting(&f->file[0].conf)))
		return 1;
	for (size_t s = 0; s < ARRAY_LEN(section); s++)
		for (size_t i = 1; i < f->count; i++)
			if (section[s](f, config_root_setting(&f->file[i].conf)))
				return 1;
	return 0;
}

int conf_rules_read(const char *directory, struct screen *s, char **why)
{
	struct rule_files f = { .why = why, .s = s };
	int refused = files_open(&f, directory) || files_read(&f);

	files_close(&f);
	if (!refused && screen_build_seal(s, why)) {
		char *sentence = *why;

		*why = mem_format("%s: %s.", directory, sentence);
		mem_free(&sentence);
		refused = 1;
	}
	return refused;
}
