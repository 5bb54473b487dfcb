/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads a text against the rules: one pass of the automaton, one pass of the sequences over the words it saw, then the
 * cues that hold a hit back (a denial, somebody else, a quotation, the past). Used by the worker, intake and web. It is
 * linear in the text, takes no orders from it, and never fails; deciding what the hits mean together is screen_judge.c.
 * Pure.
 */
#include "screen_part.h"

#include "mem.h"

#include <string.h>

struct reading {
	const struct screen *s;
	struct screen_stream stream;
	struct screen_event *event;
	size_t events;
	bool *figure;     /* points inside a figure of speech */
	struct progress { /* the two last ways a step was reached: a long word must not hide a short one that fits
		             better */
		int32_t from[2], to[2]; /* to == 0: not reached */
	} * progress;                   /* one a step */
	bool *also;                     /* one a rule */
	struct screen_found *found;
};

static bool word_in(const struct screen *s, uint32_t word, int class)
{
	for (size_t i = s->word_first[word]; i < s->word_first[word + 1]; i++)
		if (s->word_class[i] == class)
			return true;
	return false;
}

static void reading_figures(struct reading *r)
{
	r->figure = mem_array(r->stream.points, sizeof(*r->figure));
	for (size_t i = 0; r->s->mask >= 0 && i < r->events; i++)
		if (word_in(r->s, r->event[i].word, r->s->mask))
			for (int32_t k = r->event[i].from; k < r->event[i].to; k++)
				r->figure[k] = true;
}

static bool event_is_figure(const struct reading *r, const struct screen_event *e)
{
	for (int32_t k = e->from; k < e->to; k++)
		if (r->figure[k])
			return true;
	return false;
}

/* A word of the class that overlaps [from, to). Words end in order, so only the neighbours of event i can. */
static bool class_overlaps(const struct reading *r, size_t i, int class, int32_t from, int32_t to)
{
	if (class < 0)
		return false;
	for (size_t k = i + 1; k-- > 0 && r->event[k].to > from;)
		if (r->event[k].from < to && word_in(r->s, r->event[k].word, class))
			return true;
	for (size_t k = i + 1; k < r->events && r->event[k].to < to + SCREEN_GAP_SENTENCE; k++)
		if (r->event[k].from < to && word_in(r->s, r->event[k].word, class))
			return true;
	return false;
}

static uint32_t point_scope(const struct screen_point *p, enum screen_scope scope)
{
	return scope == SCREEN_CLAUSE ? p->clause : p->sentence;
}

/* Whether a word of the class stands between the cue and the end of the hit. */
static bool class_between(const struct reading *r, size_t i, int class, int32_t from, int32_t to)
{
	for (size_t k = i + 1; class >= 0 && k-- > 0 && r->event[k].to > from;)
		if (r->event[k].from >= from && r->event[k].to <= to && word_in(r->s, r->event[k].word, class))
			return true;
	return false;
}

/* Whether words of the class, end to end, fill what stands between a cue and the hit. */
static bool class_bridges(const struct reading *r, size_t i, int class, int32_t from, int32_t to)
{
	int32_t at = from;

	if (class < 0)
		return true;
	while (i > 0 && r->event[i - 1].to > from)
		i--;
	for (; i < r->events && r->event[i].from < to && r->event[i].to <= to + SCREEN_GAP_NEAR && at < to; i++) {
		at += r->stream.point[at].c == ' ';
		if (r->event[i].from <= at && r->event[i].to > at && word_in(r->s, r->event[i].word, class))
			at = r->event[i].to;
	}
	return at + (r->stream.point[at].c == ' ') >= to;
}

/* Does the hold apply to the hit [from, to) whose last word is event i? */
static bool hold_applies(const struct reading *r, const struct screen_hold *h, size_t i, int32_t from, int32_t to)
{
	const struct screen_point *p = r->stream.point;
	uint32_t scope = point_scope(&p[from], h->scope), bit = 1u << (h - r->s->hold);

	if (h->titles && p[from].title)
		return true;
	for (size_t k = i + 1; k-- > 0;) {
		const struct screen_event *e = &r->event[k];

		if (h->inside && e->from >= from && e->to <= to && r->s->word_cues[e->word] & bit)
			return true;
		if (from - e->to > h->gap + 1 || point_scope(&p[e->to - 1], h->scope) < scope)
			return false;
		if (e->to > from || from - e->to - (p[e->to].c == ' ') > h->gap || !(r->s->word_cues[e->word] & bit))
			continue;
		if (point_scope(&p[e->from], h->scope) == scope && !class_overlaps(r, k, h->not_cue, e->from, e->to) &&
		    !class_between(r, i, h->broken, e->to, to) && class_bridges(r, k, h->bridge, e->to, from))
			return true;
	}
	return false;
}

/* The hold that lowers most; the first declared among equals. */
static int hold_of(const struct reading *r, const struct screen_rule *rule, size_t i, int32_t from, int32_t to)
{
	int best = SCREEN_NONE;

	for (size_t h = 0; h < r->s->holds; h++) {
		const struct screen_hold *hold = &r->s->hold[h];

		if (!(rule->holds & 1u << h) || (hold->only_imminent && rule->risk < 3))
			continue;
		if ((best < 0 || hold->cap < r->s->hold[best].cap) && hold_applies(r, hold, i, from, to))
			best = (int)h;
	}
	return best;
}

/* A pattern is complete with event i: keep it when it counts for more than what the rule has. */
static void reading_hit(struct reading *r, size_t rule_at, size_t i, int32_t from, int32_t to)
{
	const struct screen_rule *rule = &r->s->rule[rule_at];
	struct screen_found *f = &r->found[rule_at];
	int hold, counts;

	if (f->times && f->hold < 0) { /* counts in full already */
		f->times++;
		return;
	}
	if (class_overlaps(r, i, rule->not_class, from, to))
		return;
	hold = hold_of(r, rule, i, from, to);
	counts = hold < 0 || r->s->hold[hold].cap > rule->risk ? rule->risk : r->s->hold[hold].cap;
	if (!f->times || counts > f->counts || hold < 0)
		*f = (struct screen_found){ .from = from, .to = to, .counts = counts, .hold = hold, .times = f->times };
	f->times++;
}

/* Where the hit began if a word at `from` may follow the step before; < 0: it may not. */
static int32_t step_follows(const struct screen_point *p, const struct screen_step *step, const struct progress *before,
                            int32_t from)
{
	for (size_t i = 0; i < 2; i++) {
		int32_t end = before->to[i];

		if (!end || end > from || from - end - (p[end].c == ' ') > step->gap)
			continue;
		if (step->scope == SCREEN_CLAUSE ? p[end - 1].hard == p[from].hard
		                                 : p[end - 1].sentence == p[from].sentence)
			return before->from[i];
	}
	return -1;
}

/* One more step of a sequence by the word of event i. */
static void reading_step(struct reading *r, const struct screen_use_of *use, size_t i)
{
	const struct screen_sequence *q = &r->s->sequence[use->sequence];
	const struct screen_step *step = &r->s->step[q->step + use->step];
	struct progress *here = &r->progress[q->step + use->step];
	const struct screen_point *p = r->stream.point;
	const struct screen_event *e = &r->event[i];
	int32_t from = use->step ? step_follows(p, step, here - 1, e->from) : e->from;

	if (from < 0)
		return;
	if (here->to[0] != e->to)
		*here = (struct progress){ { from, here->from[0] }, { e->to, here->to[0] } };
	if (use->step + 1 < q->steps)
		return;
	if (q->use == SCREEN_ALSO)
		r->also[q->rule] = true;
	else
		reading_hit(r, q->rule, i, from, e->to);
}

static void reading_sequences(struct reading *r)
{
	const struct screen *s = r->s;

	for (size_t i = 0; i < r->events; i++) {
		uint32_t word = r->event[i].word;

		if (event_is_figure(r, &r->event[i]))
			continue;
		for (size_t w = s->word_first[word]; w < s->word_first[word + 1]; w++) {
			size_t class = (size_t)s->word_class[w];

			for (size_t u = s->class_first[class]; u < s->class_first[class + 1]; u++)
				reading_step(r, &s->class_step[u], i);
		}
	}
	for (size_t i = 0; i < s->rules; i++)
		if ((s->rule[i].also && !r->also[i]) || (s->rule[i].most && r->stream.points > s->rule[i].most))
			r->found[i] = (struct screen_found){ .counts = -1, .hold = SCREEN_NONE };
}

void screen_text(const struct screen *screen, const char *text, const char *chosen, struct screen_result *out)
{
	struct reading r = { .s = screen };

	screen_stream_read(screen->fold, text, &r.stream);
	r.events = screen_automaton_run(screen->automaton, &r.stream, &r.event);
	r.progress = mem_array(screen->steps, sizeof(*r.progress));
	r.also = mem_array(screen->rules, sizeof(*r.also));
	r.found = mem_array(screen->rules, sizeof(*r.found));
	for (size_t i = 0; i < screen->rules; i++)
		r.found[i] = (struct screen_found){ .counts = -1, .hold = SCREEN_NONE };
	reading_figures(&r);
	reading_sequences(&r);
	screen_judge(screen, &r.stream, r.found, chosen, out);
	mem_free(&r.progress);
	mem_free(&r.also);
	mem_free(&r.found);
	mem_free(&r.figure);
	mem_free(&r.event);
	screen_stream_finish(&r.stream);
}

static const struct screen_rule *rule_find(const struct screen *s, const char *id)
{
	for (size_t i = 0; i < s->rules; i++)
		if (strcmp(s->rule[i].id, id) == 0)
			return &s->rule[i];
	return NULL;
}

const char *screen_why(const struct screen *screen, const char *rule, bool english)
{
	const struct screen_rule *r = rule_find(screen, rule);

	return !r ? NULL : english ? r->why_en : r->why_zh;
}

const char *screen_rule_id(const struct screen *screen, size_t i)
{
	return i < screen->rules ? screen->rule[i].id : NULL;
}

const struct screen_category *screen_categories(const struct screen *screen, size_t *count)
{
	*count = screen->categories;
	return screen->category;
}
