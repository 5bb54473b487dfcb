/* SPDX-License-Identifier: Apache-2.0 */
/* Rule files from outside: what is wrong is said with file, line and what would be right; the pattern language does
 * what it says. */
#include "mem.h"
#include "screen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static const char categories[] = "categories = ( { id = \"psych.mood\"; zh = \"甲\"; en = \"a\"; chi = \"x\"; },\n"
				 "  { id = \"psych.other\"; zh = \"乙\"; en = \"b\"; chi = \"x\"; } );\n";

struct ground {
	char dir[64];
};

static void ground_write(const struct ground *g, const char *name, const char *text)
{
	AUTO(mem_free) char *path = mem_format("%s/%s", g->dir, name);
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static int ground_make(void **state)
{
	struct ground *g = mem_new(sizeof(*g));
	AUTO(mem_free) char *rules = NULL;

	snprintf(g->dir, sizeof(g->dir), "/tmp/qt-rules-XXXXXX");
	assert_non_null(mkdtemp(g->dir));
	rules = mem_format("%s/rules", g->dir);
	assert_int_equal(mkdir(rules, 0700), 0);
	ground_write(g, "categories.conf", categories);
	*state = g;
	return 0;
}

static int ground_clear(void **state)
{
	static const char *const names[] = { "rules/a.conf", "rules/b.conf", "rules/.hidden.conf", "rules",
		                             "categories.conf" };
	struct ground *g = *state;

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		AUTO(mem_free) char *path = mem_format("%s/%s", g->dir, names[i]);

		if (unlink(path) && rmdir(path))
			continue;
	}
	rmdir(g->dir);
	mem_free(state);
	return 0;
}

static int ground_load(const struct ground *g, struct screen **out, char **why)
{
	AUTO(mem_free) char *rules = mem_format("%s/rules", g->dir);

	return screen_load(rules, out, why);
}

#define WHY "why_zh = \"说明一句话。\"; why_en = \"A sentence that explains.\"; "

static struct screen *ground_screen(const struct ground *g, const char *rules)
{
	AUTO(mem_free) char *why = NULL;
	struct screen *s = NULL;

	ground_write(g, "rules/a.conf", rules);
	if (ground_load(g, &s, &why))
		fail_msg("%s", why);
	return s;
}

static int risk_of(const struct screen *s, const char *text)
{
	struct screen_result r;

	screen_text(s, text, NULL, &r);
	return r.risk;
}

static void a_pattern_keeps_its_gaps_and_its_stops(void **state)
{
	AUTO(screen_free)
	struct screen *s = ground_screen(*state, "rules = ( { id = \"a\"; risk = 1; " WHY
	                                         "when = [ \"甲乙\" ]; }, { id = \"b\"; risk = 2; " WHY
	                                         "when = [ \"丙~丁\" ]; },\n"
	                                         " { id = \"c\"; risk = 3; " WHY "when = [ \"(东|西)...北\" ]; } );\n");

	assert_int_equal(risk_of(s, "甲乙"), 1);
	assert_int_equal(risk_of(s, "甲*乙"), 1);
	assert_int_equal(risk_of(s, "甲……乙"), 1);
	assert_int_equal(risk_of(s, "甲，乙好"), 0);
	assert_int_equal(risk_of(s, "甲，乙"), 1); /* one letter alone between stops: a word cut apart */
	assert_int_equal(risk_of(s, "甲, 乙，好"), 1);
	assert_int_equal(risk_of(s, "甲。乙"), 0);
	assert_int_equal(risk_of(s, "甲个乙"), 0);
	assert_int_equal(risk_of(s, "丙一二三四丁"), 2);
	assert_int_equal(risk_of(s, "丙一二三四五丁"), 0);
	assert_int_equal(risk_of(s, "丙，丁好"), 0);
	assert_int_equal(risk_of(s, "丁丙"), 0);
	assert_int_equal(risk_of(s, "西一，二，三北"), 3);
	assert_int_equal(risk_of(s, "西一。三北"), 0);
}

static void latin_words_match_whole(void **state)
{
	AUTO(screen_free)
	struct screen *s =
		ground_screen(*state, "rules = ( { id = \"a\"; risk = 2; " WHY "when = [ \"zs\", \"4了\" ]; } );\n");

	assert_int_equal(risk_of(s, "想zs了"), 2);
	assert_int_equal(risk_of(s, "ZS"), 2);
	assert_int_equal(risk_of(s, "puzs zsa"), 0);
	assert_int_equal(risk_of(s, "4了"), 2);
	assert_int_equal(risk_of(s, "14了"), 0);
}

static void a_longer_word_does_not_hide_a_shorter_one(void **state)
{
	AUTO(screen_free)
	struct screen *s = ground_screen(*state, "rules = ( { id = \"a\"; risk = 2; " WHY
	                                         "when = [ \"今晚~(就|就去|去)~(去死|死了)\" ]; } );\n");

	assert_int_equal(risk_of(s, "今晚就去死"), 2);
}

static void a_hold_lowers_only_within_its_reach(void **state)
{
	AUTO(screen_free)
	struct screen *s = ground_screen(
		*state,
		"words = { no = [ \"不会\" ]; nono = [ \"会不会\" ]; now = [ \"今天\" ]; };\n"
		"holds = ( { name = \"negated\"; cap = 0; gap = 3; scope = \"clause\"; cue = \"no\";\n"
		"  not_cue = \"nono\"; broken = \"now\"; } );\n"
		"rules = ( { id = \"a\"; risk = 2; " WHY "when = [ \"跳河\" ]; }, { id = \"b\"; risk = 1; " WHY
		"when = [ \"跳河\" ]; hold = [ ]; } );\n");
	struct screen_result r;

	screen_text(s, "我不会跳河", NULL, &r);
	assert_int_equal(r.risk, 1);
	assert_int_equal(r.hits, 2);
	assert_int_equal(risk_of(s, "我不会去去去跳河"), 1);
	assert_int_equal(risk_of(s, "我不会去去去去跳河"), 2);
	assert_int_equal(risk_of(s, "我不会，跳河"), 2);
	assert_int_equal(risk_of(s, "会不会跳河"), 2);
	assert_int_equal(risk_of(s, "不会今天跳河"), 2);
}

static void also_not_and_most_bound_a_rule(void **state)
{
	AUTO(screen_free)
	struct screen *s =
		ground_screen(*state,
	                      "rules = ( { id = \"a\"; risk = 1; " WHY "when = [ \"怀孕\" ]; also = [ \"12岁\" ]; },\n"
	                      " { id = \"b\"; risk = 2; " WHY
	                      "when = [ \"自残\" ]; not = [ \"自残念头\" ]; }, { id = \"c\"; risk = 3; most = 3; " WHY
	                      "when = [ \"救命\" ]; } );\n");

	assert_int_equal(risk_of(s, "她怀孕了"), 0);
	assert_int_equal(risk_of(s, "她怀孕了。她12岁。"), 1);
	assert_int_equal(risk_of(s, "自残念头"), 0);
	assert_int_equal(risk_of(s, "自残念头，自残"), 2);
	assert_int_equal(risk_of(s, "救命！"), 3);
	assert_int_equal(risk_of(s, "救命之恩人"), 0);
}

static void variants_are_folded_in_text_and_rules_alike(void **state)
{
	AUTO(screen_free)
	struct screen *s = ground_screen(*state, "fold = [ \"殺杀樓楼\" ];\nrules = ( { id = \"a\"; risk = 2; " WHY
	                                         "when = [ \"自殺\", \"跳楼\" ]; } );\n");

	assert_int_equal(risk_of(s, "自杀"), 2);
	assert_int_equal(risk_of(s, "自殺"), 2);
	assert_int_equal(risk_of(s, "跳樓"), 2);
}

static void a_wrong_rule_file_is_refused_in_a_sentence_with_file_and_line(void **state)
{
	static const struct {
		const char *text, *says;
	} bad[] = {
		{ "rules = ( { id = \"a\"; ", "a.conf, line" },
		{ "rules = ( );\n", "no rule at all" },
		{ "rulez = ( );\n", "no key \"rulez\"" },
		{ "rules = ( { id = \"a\"; risk = 1; when = [ \"x\" ]; } );\n", "needs id, when, why_zh and why_en" },
		{ "rules = ( { id = \"a\"; risk = 7; " WHY "when = [ \"x\" ]; } );\n", "risk 7" },
		{ "rules = ( { id = \"a\"; weight = -1; " WHY "when = [ \"x\" ]; } );\n", "weight -1" },
		{ "rules = ( { id = \"a\"; when = [ ]; " WHY "} );\n", "no pattern" },
		{ "rules = ( { id = \"a\"; category = \"psych.nope\"; " WHY "when = [ \"x\" ]; } );\n", "psych.nope" },
		{ "rules = ( { id = \"a\"; kind = \"nope\"; " WHY "when = [ \"x\" ]; } );\n", "kind or urgency" },
		{ "rules = ( { id = \"a\"; colour = \"red\"; " WHY "when = [ \"x\" ]; } );\n",
		  "no key \"colour\" in a rule" },
		{ "rules = ( { id = \"a\"; " WHY "when = [ \"<nope>\" ]; } );\n", "<nope>" },
		{ "rules = ( { id = \"a\"; " WHY "when = [ \"<nope\" ]; } );\n", "without \">\"" },
		{ "rules = ( { id = \"a\"; " WHY "when = [ \"(x|y\" ]; } );\n", "without \")\"" },
		{ "rules = ( { id = \"a\"; " WHY "when = [ \"(x||y)\" ]; } );\n", "no word" },
		{ "rules = ( { id = \"a\"; " WHY "when = [ \"..x\" ]; } );\n", "begins with a gap" },
		{ "rules = ( { id = \"a\"; " WHY "when = [ \"x..\" ]; } );\n", "ends with a gap" },
		{ "rules = ( { id = \"a\"; " WHY "when = [ \"x.y\" ]; } );\n", "one dot" },
		{ "rules = ( { id = \"a\"; " WHY "when = [ \"\" ]; } );\n", "empty" },
		{ "rules = ( { id = \"a\"; " WHY "when = [ 1 ]; } );\n", "no string" },
		{ "rules = ( { id = \"a\"; " WHY "when = \"x\"; } );\n", "must be a list" },
		{ "rules = ( { id = \"a\"; " WHY "when = [ \"x\" ]; hold = [ \"nope\" ]; } );\n", "hold \"nope\"" },
		{ "rules = ( { id = \"a\"; " WHY "when = [ \"x\" ]; }, { id = \"a\"; " WHY "when = [ \"y\" ]; } );\n",
		  "there twice" },
		{ "rules = ( { id = \"a\"; why_zh = \"\"; why_en = \"\"; when = [ \"x\" ]; } );\n",
		  "lacks its sentence" },
		{ "holds = ( { name = \"n\"; cap = 0; gap = 3; scope = \"page\"; cue = \"c\"; } );\n",
		  "scope \"page\"" },
		{ "words = { c = [ \"x\" ]; };\n"
		  "holds = ( { name = \"n\"; cap = 9; gap = 3; scope = \"clause\"; cue = \"c\"; } );\n",
		  "cap 9" },
		{ "words = { c = [ \"x\" ]; };\n"
		  "holds = ( { name = \"n\"; cap = 1; gap = 999; scope = \"clause\"; cue = \"c\"; } );\n",
		  "gap 999" },
		{ "holds = ( { name = \"n\"; cap = 0; gap = 3; scope = \"clause\"; cue = \"c\"; } );\n",
		  "word class \"c\"" },
		{ "holds = ( { name = \"n\"; cap = 0; } );\n", "needs name, scope and cue" },
		{ "fold = [ \"殺杀樓\" ];\n", "odd number" },
		{ "crisis_desk = \"nobody\";\n", "crisis_desk" },
		{ "words = { c = \"x\"; };\n", "must be a list" },
	};

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		AUTO(mem_free) char *why = NULL;
		AUTO(screen_free) struct screen *s = NULL;

		ground_write(*state, "rules/a.conf", bad[i].text);
		assert_int_equal(ground_load(*state, &s, &why), 1);
		assert_null(s);
		if (!strstr(why, bad[i].says))
			fail_msg("file %zu: \"%s\" does not say \"%s\"", i, why, bad[i].says);
	}
}

static void a_wrong_category_tree_is_refused(void **state)
{
	static const struct {
		const char *text, *says;
	} bad[] = {
		{ "categories = ( { id = \"psych\"; zh = \"x\"; en = \"x\"; chi = \"x\"; } );\n", "<desk>.<leaf>" },
		{ "categories = ( { id = \"psych.mood\"; zh = \"x\"; en = \"x\"; chi = \"x\"; } );\n", "psych.other" },
		{ "categories = ( { id = \"psych.other\"; zh = \"x\"; en = \"x\"; } );\n", "needs id, zh, en and chi" },
		{ "categories = ( { id = \"psych.other\"; zh = \"x\"; en = \"x\"; chi = \"x\"; },\n"
		  " { id = \"psych.other\"; zh = \"x\"; en = \"x\"; chi = \"x\"; } );\n",
		  "declared twice" },
		{ "categories = (", "categories.conf, line" },
	};

	ground_write(*state, "rules/a.conf", "rules = ( { id = \"a\"; " WHY "when = [ \"x\" ]; } );\n");
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		AUTO(mem_free) char *why = NULL;
		AUTO(screen_free) struct screen *s = NULL;

		ground_write(*state, "categories.conf", bad[i].text);
		assert_int_equal(ground_load(*state, &s, &why), 1);
		if (!strstr(why, bad[i].says))
			fail_msg("file %zu: \"%s\" does not say \"%s\"", i, why, bad[i].says);
	}
}

static void a_directory_without_rules_is_refused(void **state)
{
	AUTO(mem_free) char *why = NULL;
	AUTO(screen_free) struct screen *s = NULL;

	ground_write(*state, "rules/.hidden.conf", "rules = ( );\n");
	assert_int_equal(ground_load(*state, &s, &why), 1);
	assert_non_null(strstr(why, "no rule file"));
}

#define GROUND(test) cmocka_unit_test_setup_teardown(test, ground_make, ground_clear)

int main(void)
{
	const struct CMUnitTest tests[] = {
		GROUND(a_pattern_keeps_its_gaps_and_its_stops),
		GROUND(latin_words_match_whole),
		GROUND(a_longer_word_does_not_hide_a_shorter_one),
		GROUND(a_hold_lowers_only_within_its_reach),
		GROUND(also_not_and_most_bound_a_rule),
		GROUND(variants_are_folded_in_text_and_rules_alike),
		GROUND(a_wrong_rule_file_is_refused_in_a_sentence_with_file_and_line),
		GROUND(a_wrong_category_tree_is_refused),
		GROUND(a_directory_without_rules_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
