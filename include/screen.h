/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The risk rules: code over text (domain.md §4). The same file is used by the worker to route, by intake to answer a caller in
 * danger at once, by web to hint. Text has no authority; a missing word lowers nothing. Rules are data: etc/rules.
 */
#ifndef QT_SCREEN_H
#define QT_SCREEN_H

#include "macros.h"
#include <stdbool.h>
#include <stddef.h>

enum { SCREEN_HITS_MAX = 32 };
struct screen; /* compiled rules, read-only, thread-safe */
struct screen_hit {
	const char *rule;   /* id, "psych.plan.pills"; lent by the screen */
	const char *why_zh, *why_en; /* one sentence each for a counselor; no words of the caller */
	int risk;           /* what the words say, 0–3 */
	int counts;         /* what they count for after `held`, 0–3; the result's risk is the highest of these */
	int at, length;     /* code points in the text of text_fold (for a counselor's highlighter), -1 when not a span */
	const char *held;   /* NULL, or how it is said: "negated", "third_person", "quoted", "past", "imagined", "supposed", "almost" (etc/rules/common.conf) */
};
struct screen_result {
	int risk;                 /* 0–3 to the client */
	const char *desk;         /* "legal", "psych", "social", or NULL: no opinion */
	const char *category;     /* "psych.mood" … NULL: no opinion */
	const char *kind, *urgency; /* proposals; never NULL: "consult", "normal" */
	bool third_party;     /* the client is somebody else */
	bool report;          /* a situation of domain.md §5 is suspected */
	size_t hits;
	struct screen_hit hit[SCREEN_HITS_MAX];
};
/* A leaf of the category tree (etc/categories.conf, beside the directory of rules). `<desk>.other` always exists. */
struct screen_category {
	char *id, *desk;      /* "psych.mood", "psych" */
	char *zh, *en, *chi;  /* names; the reason in Child Helpline International's data framework, "mental_health.mood" */
};
/* Loads every rule file (.conf) of a directory and ../categories.conf. 0; 1 refused with *why (a gift: file, line, sentence). */
NODISCARD int screen_load(const char *directory, struct screen **out, char **why);
void screen_free(struct screen **screen);
/* chosen: the desk the caller chose or NULL (unsure). Never fails; text is valid UTF-8. */
void screen_text(const struct screen *screen, const char *text, const char *chosen, struct screen_result *out);

/* The sentence of a rule by its id, zh or en; NULL when there is no such rule (a rule file that has changed). Lent by the screen. */
const char *screen_why(const struct screen *screen, const char *rule, bool english);
/* Every leaf, in the order of the file; every rule id (for tests and documentation). Lent by the screen. */
const struct screen_category *screen_categories(const struct screen *screen, size_t *count);
const char *screen_rule_id(const struct screen *screen, size_t i); /* NULL behind the last */

#endif
