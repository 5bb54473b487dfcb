/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the hits of a text mean together: the risk (the highest that counts), the desk and category (by weight; a crisis
 * goes to the crisis desk whatever was chosen), proposals of kind and urgency, whose risk it is, and whether a report
 * is to be thought of. Called by screen.c only. Pure.
 */
#include "screen_part.h"

#include "mem.h"

#include <stdlib.h>
#include <string.h>

enum { SCREEN_RISK_CRISIS = 2, SCREEN_TIMES_COUNTED = 2 };

struct judging {
	const struct screen *s;
	const struct screen_found *found;
	int *score;   /* one a category */
	bool topical; /* a rule with a category spoke */
};

static bool rule_speaks(const struct judging *j, size_t i)
{
	const struct screen_found *f = &j->found[i];
	const struct screen_rule *rule = &j->s->rule[i];

	/* A denial leaves the hit in the list and takes its voice; so does "alone" where there is a subject. */
	if (f->counts < 0 || (f->hold >= 0 && j->s->hold[f->hold].cap == 0))
		return false;
	return !(rule->alone && j->topical);
}

static void judge_scores(struct judging *j)
{
	for (size_t i = 0; i < j->s->rules; i++) {
		const struct screen_rule *rule = &j->s->rule[i];
		int times = j->found[i].times < SCREEN_TIMES_COUNTED ? j->found[i].times : SCREEN_TIMES_COUNTED;

		if (rule->category < 0 || !rule_speaks(j, i))
			continue;
		j->score[rule->category] += rule->weight * times;
		j->topical = j->topical || rule->weight > 0;
	}
}

static int desk_score(const struct judging *j, const char *desk)
{
	int sum = 0;

	for (size_t i = 0; i < j->s->categories; i++)
		if (strcmp(j->s->category[i].desk, desk) == 0)
			sum += j->score[i];
	return sum;
}

/* The desk that weighs most; the caller's own choice stands unless another outweighs it clearly. Lent by the screen. */
static const char *judge_desk(const struct judging *j, const char *chosen, int risk)
{
	const char *best = NULL;
	int most = 0;

	if (risk >= SCREEN_RISK_CRISIS)
		return j->s->crisis_desk;
	for (size_t i = 0; i < j->s->categories; i++) {
		const char *desk = j->s->category[i].desk;
		int score;

		if (i && strcmp(desk, j->s->category[i - 1].desk) == 0)
			continue; /* the leaves of a desk stand together: counted with the first */
		score = desk_score(j, desk);
		if (score && chosen && strcmp(desk, chosen) == 0)
			score += j->s->chosen_bonus;
		if (score > most) {
			most = score;
			best = desk;
		}
	}
	/* No word for the chosen desk at all: it still needs more than a slight hint to overrule a person. */
	return chosen && best && strcmp(best, chosen) != 0 && most <= j->s->chosen_bonus ? NULL : best;
}

/* The leaf of the desk: what made the crisis, else what weighs most, "other" last. */
static const char *judge_category(const struct judging *j, const char *desk, int risk)
{
	const struct screen_category *category = j->s->category;
	int most = 0, best = SCREEN_NONE, other = SCREEN_NONE;

	for (size_t i = 0; risk >= SCREEN_RISK_CRISIS && i < j->s->rules; i++)
		if (j->found[i].counts == risk && j->s->rule[i].category >= 0 &&
		    strcmp(category[j->s->rule[i].category].desk, desk) == 0)
			return category[j->s->rule[i].category].id;
	for (size_t i = 0; desk && i < j->s->categories; i++) {
		if (strcmp(category[i].desk, desk) != 0)
			continue;
		if (strcmp(strchr(category[i].id, '.'), ".other") == 0)
			other = (int)i;
		else if (j->score[i] > most) {
			most = j->score[i];
			best = (int)i;
		}
	}
	best = best < 0 ? other : best;
	return best < 0 ? NULL : category[best].id;
}

/* Strongest first. */
static const char *const kind_order[] = {
	"protection", "help", "complaint", "report", "suggestion", "consult", "thanks"
};
static const char *const urgency_order[] = { "top", "urgent", "normal" };

static size_t order_of(const char *const *order, size_t n, const char *word)
{
	size_t i = 0;

	while (i < n && strcmp(order[i], word) != 0)
		i++;
	return i;
}

static void judge_proposals(const struct judging *j, struct screen_result *out)
{
	size_t kinds = ARRAY_LEN(kind_order), urgencies = ARRAY_LEN(urgency_order);
	size_t kind = kinds, urgency = out->risk == 3 ? 0 : out->risk == 2 || out->report ? 1 : 2;

	for (size_t i = 0; i < j->s->rules; i++) {
		const struct screen_rule *rule = &j->s->rule[i];

		if (!rule_speaks(j, i) || j->found[i].hold >= 0)
			continue;
		if (rule->kind && order_of(kind_order, kinds, rule->kind) < kind)
			kind = order_of(kind_order, kinds, rule->kind);
		if (rule->urgency && order_of(urgency_order, urgencies, rule->urgency) < urgency)
			urgency = order_of(urgency_order, urgencies, rule->urgency);
	}
	out->kind = out->report ? "protection" : kind < kinds ? kind_order[kind] : "consult";
	if (out->risk >= SCREEN_RISK_CRISIS && !out->report && strcmp(out->kind, "protection") != 0)
		out->kind = "help";
	out->urgency = urgency_order[urgency];
}

/* Whose risk it is: somebody else's, unless what the caller says of themselves weighs as much. */
static bool judge_third(const struct judging *j)
{
	int own = 0, other = 0;
	bool said = false;

	for (size_t i = 0; i < j->s->rules; i++) {
		const struct screen_found *f = &j->found[i];

		if (!rule_speaks(j, i))
			continue;
		said = said || (j->s->rule[i].third && f->hold < 0);
		if (f->hold >= 0 && j->s->hold[f->hold].third)
			other = f->counts > other ? f->counts : other;
		else
			own = f->counts > own ? f->counts : own;
	}
	return (said || other) && (!own || own < other || (said && own < SCREEN_RISK_CRISIS));
}

static void judge_hits(const struct judging *j, const struct screen_stream *stream, struct screen_result *out)
{
	for (int risk = 3; risk >= 0; risk--) {
		for (size_t i = 0; i < j->s->rules && out->hits < SCREEN_HITS_MAX; i++) {
			const struct screen_rule *rule = &j->s->rule[i];
			const struct screen_found *f = &j->found[i];

			if (f->counts != risk || (rule->alone && j->topical))
				continue;
			out->hit[out->hits++] = (struct screen_hit){
				.rule = rule->id,
				.why_zh = rule->why_zh,
				.why_en = rule->why_en,
				.risk = rule->risk,
				.counts = f->counts,
				.at = stream->point[f->from].at,
				.length = stream->point[f->to - 1].at - stream->point[f->from].at + 1,
				.held = f->hold < 0 ? NULL : j->s->hold[f->hold].name,
			};
		}
	}
}

void screen_judge(const struct screen *s, const struct screen_stream *stream, const struct screen_found *found,
                  const char *chosen, struct screen_result *out)
{
	struct judging j = { .s = s, .found = found, .score = mem_array(s->categories, sizeof(*j.score)) };

	*out = (struct screen_result){ .kind = "consult", .urgency = "normal" };
	for (size_t i = 0; i < s->rules; i++) {
		if (found[i].counts > out->risk)
			out->risk = found[i].counts;
		if (s->rule[i].report && found[i].counts >= 0 && (found[i].hold < 0 || s->hold[found[i].hold].third))
			out->report = true;
	}
	judge_scores(&j);
	out->desk = judge_desk(&j, chosen && *chosen ? chosen : NULL, out->risk);
	out->category = judge_category(&j, out->desk, out->risk);
	judge_proposals(&j, out);
	out->third_party = judge_third(&j);
	judge_hits(&j, stream, out);
	mem_free(&j.score);
}
