/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of the screen, shared by core/screen*.c and the loader core/conf_rules.c only. A rule's patterns are
 * sequences of word sets ("classes") with a largest gap between them; all words of all classes live in one Aho–Corasick
 * automaton over folded code points, so a text is read once however many rules there are. Built once, then read-only.
 */
#ifndef QT_SCREEN_PART_H
#define QT_SCREEN_PART_H

#include "screen.h"
#include <stdint.h>

enum { SCREEN_DESKS_MAX = 12, SCREEN_HOLDS_MAX = 16, SCREEN_NONE = -1 };
enum screen_scope { SCREEN_CLAUSE, SCREEN_SENTENCE };

/* ---- the folded text, ready for matching (screen_stream.c)
 * ------------------------------------------------------------- */

struct screen_point {
	uint32_t c;      /* folded code point; ' ' only between Latin words */
	int32_t at;      /* its place in the text of text_fold, in code points */
	uint32_t clause; /* grows at every stop or pause */
	uint32_t hard;   /* grows at every stop; a pause ("…") does not hold words apart */
	uint32_t sentence;
	bool title; /* inside 《 》: the name of a work */
};
struct screen_stream {
	struct screen_point *point;
	size_t points;
};
/* fold: 65536 entries, a character to its simplified or plain form. free with screen_stream_finish. */
void screen_stream_read(const uint16_t *fold, const char *text, struct screen_stream *out);
void screen_stream_finish(struct screen_stream *s);

/* ---- the automaton (screen_automaton.c)
 * -------------------------------------------------------------------------------- */

struct screen_event { /* one word seen */
	uint32_t word;
	int32_t from, to; /* points [from, to) of the stream */
};
struct screen_automaton;
struct screen_automaton *screen_automaton_new(void);
/* The number of the word (the same again for the same word); < 0 when it is empty. */
int screen_automaton_add(struct screen_automaton *a, const struct screen_stream *word);
void screen_automaton_seal(struct screen_automaton *a); /* links suffixes; no add after it */
size_t screen_automaton_words(const struct screen_automaton *a);
/* Appends what it sees, in the order of `to`. Gives *events. */
size_t screen_automaton_run(const struct screen_automaton *a, const struct screen_stream *s,
                            struct screen_event **events);
void screen_automaton_free(struct screen_automaton **a);

/* ---- rules
 * ------------------------------------------------------------------------------------------------------------- */

struct screen_step {
	int class;
	int gap;                 /* most points between the step before and this one */
	enum screen_scope scope; /* … within the same clause or sentence */
};
enum screen_use { SCREEN_WHEN, SCREEN_ALSO };
struct screen_sequence {
	size_t step, steps; /* in screen.step */
	size_t rule;
	enum screen_use use;
};
struct screen_class {
	char *name; /* NULL: written inline in a pattern */
	int *word;
	size_t words;
};
struct screen_hold { /* what makes a hit count less */
	char *name;  /* "negated" … */
	int cap;     /* the risk it may still count for */
	int gap;     /* most points from the cue to the hit */
	enum screen_scope scope;
	int cue, not_cue;   /* classes: the cue; what only looks like it, or SCREEN_NONE */
	int broken;         /* class of words that undo it between cue and hit, or SCREEN_NONE */
	int bridge;         /* class of the only words that may stand between, or SCREEN_NONE: any */
	bool titles;        /* hits inside 《 》 are held too */
	bool third;         /* says that the client is somebody else */
	bool only_imminent; /* holds hits of risk 3 only */
	bool inside;        /* the cue may stand within the hit as well */
};
struct screen_rule {
	char *id, *why_zh, *why_en;
	int category; /* index or SCREEN_NONE */
	int risk, weight;
	uint32_t holds;             /* bits of screen.hold */
	int not_class;              /* words over which the rule does not hold, or SCREEN_NONE */
	size_t most;                /* points of a text the rule is for; 0: any */
	bool also;                  /* needs a SCREEN_ALSO sequence somewhere in the text */
	bool report, third, alone;  /* alone: speaks only where no rule with a category does */
	const char *kind, *urgency; /* NULL: no opinion */
};
struct screen {
	uint16_t *fold;
	struct screen_automaton *automaton;
	struct screen_class *class;
	size_t classes;
	struct screen_step *step;
	size_t steps;
	struct screen_sequence *sequence;
	size_t sequences;
	struct screen_hold hold[SCREEN_HOLDS_MAX];
	size_t holds;
	struct screen_rule *rule;
	size_t rules;
	struct screen_category *category;
	size_t categories;
	int mask;          /* class of figures of speech, or SCREEN_NONE */
	int chosen_bonus;  /* what the caller's own choice weighs */
	char *crisis_desk; /* where risk >= 2 goes whatever was chosen */
	/* compiled: for word w the classes word_class[word_first[w] .. word_first[w + 1]); for class c the steps
	 * likewise */
	size_t *word_first, *class_first;
	int *word_class;
	uint32_t *word_cues; /* bits of the holds a word is a cue of */
	struct screen_use_of {
		size_t sequence, step;
	} * class_step;
};

/* ---- building (screen_build.c, screen_pattern.c): called by the loader; why is a gift, a sentence without file and
 * line -- */

/* gap words of the pattern language, in code points */
enum { SCREEN_GAP_NEAR = 4, SCREEN_GAP_CLAUSE = 12, SCREEN_GAP_SENTENCE = 40 };
struct screen_rule_text { /* a rule as it stands in the file; lent for the call */
	const char *id, *why_zh, *why_en, *category, *kind, *urgency;
	int risk, weight, most;
	bool report, third, alone;
	const char **when, **also, **not, **hold; /* NULL-terminated; hold NULL: every hold */
};
struct screen_hold_text {
	const char *name, *scope, *cue, *not_cue, *broken, *bridge; /* the last three may be NULL */
	int cap, gap;
	bool titles, third, only_imminent, inside;
};
struct screen *screen_build_new(void);
NODISCARD int screen_build_fold(struct screen *s, const char *pairs, char **why);
NODISCARD int screen_build_category(struct screen *s, const char *const text[4], char **why); /* id, zh, en, chi */
NODISCARD int screen_build_desks(struct screen *s, const char *crisis_desk, int chosen_bonus, char **why);
NODISCARD int screen_build_class(struct screen *s, const char *name, const char *words,
                                 char **why); /* adds to the class */
NODISCARD int screen_build_hold(struct screen *s, const struct screen_hold_text *h, char **why);
NODISCARD int screen_build_rule(struct screen *s, const struct screen_rule_text *r, char **why);
NODISCARD int screen_build_seal(struct screen *s, char **why);
/* For screen_pattern.c. */
int screen_build_class_find(const struct screen *s, const char *name, size_t bytes);
int screen_build_class_new(struct screen *s, const char *name);
NODISCARD int screen_build_words(struct screen *s, int class, const char *words, size_t bytes, char **why);
/* Reads one pattern into a new sequence of the rule. */
NODISCARD int screen_pattern_read(struct screen *s, const char *pattern, size_t rule, enum screen_use use, char **why);

/* The loader (core/conf_rules.c). 0, or 1 with *why: file, line, sentence. */
NODISCARD int conf_rules_read(const char *directory, struct screen *s, char **why);

/* ---- judging (screen_judge.c)
 * ------------------------------------------------------------------------------------------ */

struct screen_found { /* the best hit of one rule */
	int from, to; /* points */
	int counts;   /* risk it counts for; < 0: not found */
	int hold;     /* index or SCREEN_NONE */
	int times;
};
void screen_judge(const struct screen *s, const struct screen_stream *stream, const struct screen_found *found,
                  const char *chosen, struct screen_result *out);

#endif
