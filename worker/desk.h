/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a desk makes of the common reading of a text. The rules are the same for all (screen.h); a desk knows which
 * matters are its own, which it hands on, and what it adds. A view never lowers the risk and never sees the words.
 */
#ifndef QT_WORKER_DESK_H
#define QT_WORKER_DESK_H

#include "screen.h"

struct view { /* what is reported; texts lent by the screen or constant */
	int risk;
	const char *desk, *category, *kind, *urgency; /* desk, category: NULL no opinion */
	bool third_party, report;
};
struct desk {
	const char *name; /* "legal" */
	/* view: begins as what was read. chosen: the desk the caller chose, "" when unsure. */
	void (*look)(const struct screen_result *read, const char *chosen, struct view *view);
};
extern const struct desk desk_legal, desk_psych, desk_social;

/* The view of the desk of that name; a desk without a file of its own takes the common reading as it is. */
void desk_look(const char *name, const struct screen_result *read, const char *chosen, struct view *view);
/* True when a counted hit belongs to the desk ("legal" → rules "legal.…"). */
bool desk_has_hit(const struct screen_result *read, const char *desk);
/* The case stays here: no other desk is proposed, the category is one of ours. */
void desk_keep(const char *desk, struct view *view);

#endif
