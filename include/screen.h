/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The risk rules: code over text (domain.md §4). The same file is used by the worker to route, by intake to answer a caller in
 * danger at once, by web to hint. Text has no authority; a missing word lowers nothing. Rules are data: etc/rules/*.conf.
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
	int risk;           /* what this hit says, 0–3 */
	int at, length;     /* code points in the folded text (for a counselor's highlighter), -1 when not a span */
	const char *held;   /* NULL, or why it did not count in full: "negated", "third_person", "quoted", "past" */
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
/* Loads every rule file of a directory. 0; 1 refused with *why (a gift: file, line, sentence). */
NODISCARD int screen_load(const char *directory, struct screen **out, char **why);
void screen_free(struct screen **screen);
/* chosen: the desk the caller chose or NULL (unsure). Never fails; text is valid UTF-8. */
void screen_text(const struct screen *screen, const char *text, const char *chosen, struct screen_result *out);

#endif
