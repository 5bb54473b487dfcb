/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pattern language of the rule files, read into sequences of word classes. `word`, `<class>`, `(one|other)` in a
 * row stand side by side; `~` lets a few characters between (same clause), `..` up to a clause, `...` up to a sentence.
 * Nothing else: no repetition, no negation, so that a text is always matched in linear time. Called by screen_build.c
 * only.
 */
#include "screen_part.h"

#include "mem.h"

#include <string.h>

struct pattern {
	struct screen *screen;
	const char *at;
	struct screen_step next; /* gap and scope the next step will have */
	struct screen_sequence *sequence;
	char **why;
};

static void pattern_step(struct pattern *p, int class)
{
	struct screen *s = p->screen;

	s->step = mem_resize(s->step, (s->steps + 1) * sizeof(*s->step));
	p->next.class = class;
	s->step[s->steps++] = p->next;
	p->sequence->steps++;
	p->next = (struct screen_step){ .class = SCREEN_NONE, .gap = 0, .scope = SCREEN_CLAUSE };
}

static int pattern_refuse(struct pattern *p, const char *sentence)
{
	*p->why = mem_text(sentence);
	return 1;
}

static int pattern_class(struct pattern *p)
{
	size_t bytes = strcspn(++p->at, ">");
	int class = screen_build_class_find(p->screen, p->at, bytes);

	if (!p->at[bytes])
		return pattern_refuse(p, "a pattern has \"<\" without \">\"; a word class is written <name>");
	if (class < 0) {
		*p->why = mem_format("a pattern names the word class <%.*s>, which no file declares in its words group",
		                     (int)bytes, p->at);
		return 1;
	}
	pattern_step(p, class);
	p->at += bytes + 1;
	return 0;
}

static int pattern_words(struct pattern *p, size_t bytes)
{
	int class = screen_build_class_new(p->screen, NULL);

	if (screen_build_words(p->screen, class, p->at, bytes, p->why))
		return 1;
	pattern_step(p, class);
	p->at += bytes;
	return 0;
}

static int pattern_choice(struct pattern *p)
{
	size_t bytes = strcspn(++p->at, ")");

	if (!p->at[bytes])
		return pattern_refuse(p, "a pattern has \"(\" without \")\"; a choice is written (one|other)");
	if (pattern_words(p, bytes))
		return 1;
	p->at++;
	return 0;
}

static int pattern_gap(struct pattern *p)
{
	size_t dots = strspn(p->at, ".");

	if (*p->at == '~')
		p->next.gap = SCREEN_GAP_NEAR;
	else if (dots == 2)
		p->next.gap = SCREEN_GAP_CLAUSE;
	else if (dots == 3)
		p->next = (struct screen_step){ .gap = SCREEN_GAP_SENTENCE, .scope = SCREEN_SENTENCE };
	else
		return pattern_refuse(
			p,
			"a pattern has one dot or more than three; write \"..\" for a clause, \"...\" for a sentence");
	if (!p->sequence->steps)
		return pattern_refuse(p, "a pattern begins with a gap; it must begin with a word");
	p->at += dots ? dots : 1;
	return 0;
}

int screen_pattern_read(struct screen *s, const char *pattern, size_t rule, enum screen_use use, char **why)
{
	struct pattern p = { .screen = s, .at = pattern, .why = why };
	int refused = 0;

	s->sequence = mem_resize(s->sequence, (s->sequences + 1) * sizeof(*s->sequence));
	p.sequence = &s->sequence[s->sequences++];
	*p.sequence = (struct screen_sequence){ .step = s->steps, .rule = rule, .use = use };
	while (*p.at && !refused) {
		if (*p.at == '<')
			refused = pattern_class(&p);
		else if (*p.at == '(')
			refused = pattern_choice(&p);
		else if (*p.at == '~' || *p.at == '.')
			refused = pattern_gap(&p);
		else
			refused = pattern_words(&p, strcspn(p.at, "<(~."));
	}
	if (refused)
		return refused;
	if (!p.sequence->steps)
		return pattern_refuse(&p, "a pattern is empty; it needs at least one word");
	if (p.next.gap)
		return pattern_refuse(&p, "a pattern ends with a gap; it must end with a word");
	return 0;
}
