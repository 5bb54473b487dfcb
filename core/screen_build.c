/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Builds a screen from what the loader reads: the fold table, categories, word classes, holds, rules; checks each and
 * says in one sentence what would be right; seal compiles the whole. Called by core/conf_rules.c; afterwards the screen
 * is read-only. Pure.
 */
#include "screen_part.h"

#include "casefile.h"
#include "mem.h"

#include <string.h>

struct screen *screen_build_new(void)
{
	struct screen *s = mem_new(sizeof(*s));

	s->fold = mem_array(0x10000, sizeof(*s->fold));
	for (size_t c = 0; c < 0x10000; c++)
		s->fold[c] = (uint16_t)c;
	s->automaton = screen_automaton_new();
	s->mask = SCREEN_NONE;
	return s;
}

static int screen_refuse(char **why, char *sentence)
{
	*why = sentence;
	return 1;
}

/* The table must not have begun to fold itself: pairs are read before any word. */
int screen_build_fold(struct screen *s, const char *pairs, char **why)
{
	struct screen_stream pair = { 0 };
	int refused = 0;

	screen_stream_read(s->fold, pairs, &pair);
	if (pair.points % 2)
		refused = screen_refuse(
			why,
			mem_text(
				"fold has an odd number of characters; write pairs, the variant before the plain one"));
	for (size_t i = 0; !refused && i < pair.points; i += 2)
		if (pair.point[i].c < 0x10000)
			s->fold[pair.point[i].c] = (uint16_t)pair.point[i + 1].c;
	screen_stream_finish(&pair);
	return refused;
}

/* ---- classes and words
 * ------------------------------------------------------------------------------------------------- */

int screen_build_class_find(const struct screen *s, const char *name, size_t bytes)
{
	for (size_t i = 0; i < s->classes; i++)
		if (s->class[i].name && strlen(s->class[i].name) == bytes && memcmp(s->class[i].name, name, bytes) == 0)
			return (int)i;
	return SCREEN_NONE;
}

int screen_build_class_new(struct screen *s, const char *name)
{
	s->class = mem_resize(s->class, (s->classes + 1) * sizeof(*s->class));
	s->class[s->classes] = (struct screen_class){ .name = mem_text(name) };
	return (int)s->classes++;
}

/* Words parted by "|". */
int screen_build_words(struct screen *s, int class, const char *words, size_t bytes, char **why)
{
	struct screen_class *c = &s->class[class];
	const char *end = words + bytes;

	for (const char *from = words; from <= end;) {
		const char *bar = memchr(from, '|', (size_t)(end - from));
		AUTO(mem_free) char *text = mem_copy(from, (size_t)((bar ? bar : end) - from));
		struct screen_stream stream = { 0 };
		int word;

		screen_stream_read(s->fold, text, &stream);
		word = screen_automaton_add(s->automaton, &stream);
		screen_stream_finish(&stream);
		if (word < 0)
			return screen_refuse(
				why, mem_format("\"%s\" is no word to look for; write letters between the bars", text));
		c->word = mem_resize(c->word, (c->words + 1) * sizeof(*c->word));
		c->word[c->words++] = word;
		if (!bar)
			break;
		from = bar + 1;
	}
	return 0;
}

int screen_build_class(struct screen *s, const char *name, const char *words, char **why)
{
	int class = screen_build_class_find(s, name, strlen(name));

	return screen_build_words(s, class < 0 ? screen_build_class_new(s, name) : class, words, strlen(words), why);
}

/* ---- categories and holds
 * ---------------------------------------------------------------------------------------------- */

static int category_find(const struct screen *s, const char *id)
{
	for (size_t i = 0; i < s->categories; i++)
		if (strcmp(s->category[i].id, id) == 0)
			return (int)i;
	return SCREEN_NONE;
}

int screen_build_category(struct screen *s, const char *const text[4], char **why)
{
	const char *id = text[0];
	size_t desk = strcspn(id, ".");

	if (!desk || !id[desk] || !id[desk + 1])
		return screen_refuse(why,
		                     mem_format("category \"%s\" is not <desk>.<leaf>, such as \"psych.mood\"", id));
	if (category_find(s, id) >= 0)
		return screen_refuse(why,
		                     mem_format("category \"%s\" is declared twice; give one of them another id", id));
	s->category = mem_resize(s->category, (s->categories + 1) * sizeof(*s->category));
	s->category[s->categories++] = (struct screen_category){ .id = mem_text(id),
		                                                 .desk = mem_copy(id, desk),
		                                                 .zh = mem_text(text[1]),
		                                                 .en = mem_text(text[2]),
		                                                 .chi = mem_text(text[3]) };
	return 0;
}

static bool desk_known(const struct screen *s, const char *desk)
{
	for (size_t i = 0; i < s->categories; i++)
		if (strcmp(s->category[i].desk, desk) == 0)
			return true;
	return false;
}

int screen_build_desks(struct screen *s, const char *crisis_desk, int chosen_bonus, char **why)
{
	if (!desk_known(s, crisis_desk))
		return screen_refuse(why,
		                     mem_format("crisis_desk \"%s\" has no category in categories.conf", crisis_desk));
	s->crisis_desk = mem_text(crisis_desk);
	s->chosen_bonus = chosen_bonus;
	return 0;
}

static int class_wanted(const struct screen *s, const char *name, int *class, char **why)
{
	*class = name ? screen_build_class_find(s, name, strlen(name)) : SCREEN_NONE;
	if (name && *class < 0)
		return screen_refuse(
			why, mem_format("a hold names the word class \"%s\", which no file declares in its words group",
		                        name));
	return 0;
}

int screen_build_hold(struct screen *s, const struct screen_hold_text *h, char **why)
{
	struct screen_hold hold = { .cap = h->cap,
		                    .gap = h->gap,
		                    .titles = h->titles,
		                    .third = h->third,
		                    .only_imminent = h->only_imminent,
		                    .inside = h->inside };

	if (s->holds == SCREEN_HOLDS_MAX)
		return screen_refuse(
			why, mem_format("there are more than %d holds; join some of their words", SCREEN_HOLDS_MAX));
	if (strcmp(h->scope, "clause") != 0 && strcmp(h->scope, "sentence") != 0)
		return screen_refuse(
			why, mem_format("the scope \"%s\" of a hold is neither \"clause\" nor \"sentence\"", h->scope));
	if (h->gap < 0 || h->gap > SCREEN_GAP_SENTENCE)
		return screen_refuse(why, mem_format("the gap %d of hold \"%s\" is out of bounds; write 0 to %d",
		                                     h->gap, h->name, SCREEN_GAP_SENTENCE));
	if (h->cap < 0 || h->cap > 3)
		return screen_refuse(why,
		                     mem_format("the cap %d of hold \"%s\" is no risk; write 0 to 3", h->cap, h->name));
	if (class_wanted(s, h->cue, &hold.cue, why) || class_wanted(s, h->not_cue, &hold.not_cue, why) ||
	    class_wanted(s, h->broken, &hold.broken, why) || class_wanted(s, h->bridge, &hold.bridge, why))
		return 1;
	hold.name = mem_text(h->name);
	hold.scope = strcmp(h->scope, "clause") == 0 ? SCREEN_CLAUSE : SCREEN_SENTENCE;
	s->hold[s->holds++] = hold;
	return 0;
}

/* ---- rules
 * ------------------------------------------------------------------------------------------------------------- */

static int rule_holds(const struct screen *s, const struct screen_rule_text *r, uint32_t *bits, char **why)
{
	*bits = r->hold ? 0 : (1u << s->holds) - 1;
	for (size_t i = 0; r->hold && r->hold[i]; i++) {
		uint32_t before = *bits;

		for (size_t h = 0; h < s->holds; h++)
			if (strcmp(s->hold[h].name, r->hold[i]) == 0)
				*bits |= 1u << h;
		if (*bits == before)
			return screen_refuse(
				why, mem_format("rule \"%s\" names the hold \"%s\", which common.conf does not declare",
			                        r->id, r->hold[i]));
	}
	return 0;
}

static int rule_check(const struct screen *s, const struct screen_rule_text *r, char **why)
{
	size_t i;

	for (i = 0; i < s->rules; i++)
		if (strcmp(s->rule[i].id, r->id) == 0)
			return screen_refuse(
				why, mem_format("rule \"%s\" is there twice; give one of them another id", r->id));
	if (!*r->why_zh || !*r->why_en)
		return screen_refuse(why, mem_format("rule \"%s\" lacks its sentence why_zh or why_en", r->id));
	if (r->risk < 0 || r->risk > 3)
		return screen_refuse(why,
		                     mem_format("the risk %d of rule \"%s\" is none; write 0 to 3", r->risk, r->id));
	if (r->weight < 0 || r->weight > 20)
		return screen_refuse(why, mem_format("the weight %d of rule \"%s\" is out of bounds; write 0 to 20",
		                                     r->weight, r->id));
	if (r->category && category_find(s, r->category) < 0)
		return screen_refuse(
			why, mem_format("rule \"%s\" names the category \"%s\", which categories.conf does not declare",
		                        r->id, r->category));
	if (!r->when[0])
		return screen_refuse(why, mem_format("rule \"%s\" has no pattern in when", r->id));
	return 0;
}

static int word_of(const char *const *words, const char *word, const char **out)
{
	*out = NULL;
	for (; word && *words; words++)
		if (strcmp(*words, word) == 0)
			*out = *words;
	return word && !*out;
}

static int rule_patterns(struct screen *s, const char **patterns, enum screen_use use, char **why)
{
	for (size_t i = 0; patterns && patterns[i]; i++)
		if (screen_pattern_read(s, patterns[i], s->rules, use, why))
			return 1;
	return 0;
}

static int rule_not(struct screen *s, const char **words, int *class, char **why)
{
	*class = words && words[0] ? screen_build_class_new(s, NULL) : SCREEN_NONE;
	for (size_t i = 0; words && words[i]; i++)
		if (screen_build_words(s, *class, words[i], strlen(words[i]), why))
			return 1;
	return 0;
}

int screen_build_rule(struct screen *s, const struct screen_rule_text *r, char **why)
{
	struct screen_rule rule = { .risk = r->risk,
		                    .weight = r->weight,
		                    .report = r->report,
		                    .third = r->third,
		                    .alone = r->alone,
		                    .category = SCREEN_NONE,
		                    .also = r->also && r->also[0],
		                    .most = r->most > 0 ? (size_t)r->most : 0 };

	if (rule_check(s, r, why) || rule_holds(s, r, &rule.holds, why))
		return 1;
	if (word_of(case_kind_words, r->kind, &rule.kind) || word_of(case_urgency_words, r->urgency, &rule.urgency))
		return screen_refuse(
			why,
			mem_format("rule \"%s\" has a kind or urgency that is not in the list of casefile.h", r->id));
	if (rule_patterns(s, r->when, SCREEN_WHEN, why) || rule_patterns(s, r->also, SCREEN_ALSO, why) ||
	    rule_not(s, r->not, &rule.not_class, why))
		return 1;
	if (r->category)
		rule.category = category_find(s, r->category);
	rule.id = mem_text(r->id);
	rule.why_zh = mem_text(r->why_zh);
	rule.why_en = mem_text(r->why_en);
	s->rule = mem_resize(s->rule, (s->rules + 1) * sizeof(*s->rule));
	s->rule[s->rules++] = rule;
	return 0;
}

/* ---- sealing
 * ----------------------------------------------------------------------------------------------------------- */

static void seal_words(struct screen *s)
{
	size_t words = screen_automaton_words(s->automaton), n = 0;
	size_t *at = s->word_first = mem_array(words + 2, sizeof(*at));

	for (size_t c = 0; c < s->classes; c++)
		for (size_t i = 0; i < s->class[c].words; i++, n++)
			at[s->class[c].word[i] + 2]++;
	for (size_t i = 2; i < words + 2; i++)
		at[i] += at[i - 1];
	s->word_class = mem_array(n, sizeof(*s->word_class));
	for (size_t c = 0; c < s->classes; c++)
		for (size_t i = 0; i < s->class[c].words; i++)
			s->word_class[at[s->class[c].word[i] + 1]++] = (int)c;
	s->word_cues = mem_array(words, sizeof(*s->word_cues));
	for (size_t h = 0; h < s->holds; h++)
		for (size_t i = 0; i < s->class[s->hold[h].cue].words; i++)
			s->word_cues[s->class[s->hold[h].cue].word[i]] |= 1u << h;
}

/* Within a sequence later steps come first, so that one word never fills two steps at once. */
static void seal_steps(struct screen *s)
{
	size_t *at = s->class_first = mem_array(s->classes + 2, sizeof(*at));

	for (size_t i = 0; i < s->steps; i++)
		at[s->step[i].class + 2]++;
	for (size_t i = 2; i < s->classes + 2; i++)
		at[i] += at[i - 1];
	s->class_step = mem_array(s->steps, sizeof(*s->class_step));
	for (size_t q = 0; q < s->sequences; q++)
		for (size_t k = s->sequence[q].steps; k-- > 0;)
			s->class_step[at[s->step[s->sequence[q].step + k].class + 1]++] =
				(struct screen_use_of){ q, k };
}

int screen_build_seal(struct screen *s, char **why)
{
	if (!s->rules)
		return screen_refuse(why, mem_text("there is no rule at all; the rule files must hold at least one"));
	for (size_t i = 0; i < s->categories; i++) {
		AUTO(mem_free) char *other = mem_format("%s.other", s->category[i].desk);

		if (category_find(s, other) < 0)
			return screen_refuse(why, mem_format("categories.conf must declare \"%s\"", other));
	}
	s->mask = screen_build_class_find(s, "figure", strlen("figure"));
	screen_automaton_seal(s->automaton);
	seal_words(s);
	seal_steps(s);
	return 0;
}
