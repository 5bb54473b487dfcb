/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A screen's life: loaded from a directory of rule files (read by core/conf_rules.c, the only part that knows
 * libconfig), freed. Apart from screen.c so that the matching itself stays pure.
 */
#include "screen_part.h"

#include "mem.h"

int screen_load(const char *directory, struct screen **out, char **why)
{
	AUTO(screen_free) struct screen *s = screen_build_new();
	int refused = conf_rules_read(directory, s, why);

	if (refused)
		return refused;
	*out = steal(&s);
	return 0;
}

static void rule_finish(struct screen_rule *r)
{
	mem_free(&r->id);
	mem_free(&r->why_zh);
	mem_free(&r->why_en);
}

static void category_finish(struct screen_category *c)
{
	mem_free(&c->id);
	mem_free(&c->desk);
	mem_free(&c->zh);
	mem_free(&c->en);
	mem_free(&c->chi);
}

void screen_free(struct screen **screen)
{
	struct screen *s = *screen;

	if (!s)
		return;
	for (size_t i = 0; i < s->classes; i++) {
		mem_free(&s->class[i].name);
		mem_free(&s->class[i].word);
	}
	for (size_t i = 0; i < s->holds; i++)
		mem_free(&s->hold[i].name);
	for (size_t i = 0; i < s->rules; i++)
		rule_finish(&s->rule[i]);
	for (size_t i = 0; i < s->categories; i++)
		category_finish(&s->category[i]);
	screen_automaton_free(&s->automaton);
	mem_free(&s->fold);
	mem_free(&s->crisis_desk);
	mem_free(&s->word_cues);
	mem_free(&s->class);
	mem_free(&s->step);
	mem_free(&s->sequence);
	mem_free(&s->rule);
	mem_free(&s->category);
	mem_free(&s->word_first);
	mem_free(&s->word_class);
	mem_free(&s->class_first);
	mem_free(&s->class_step);
	mem_free(screen);
}
