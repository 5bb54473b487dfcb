/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A case as one person sees it: facts, whether it is theirs, and what they could do with it now by the table of lawful
 * moves. The router decides every order anew; this only spares people buttons that would be refused.
 */
#ifndef QT_WEB_VIEW_H
#define QT_WEB_VIEW_H

#include "casefile.h"
#include "session.h"

struct view {
	struct who *who;
	struct case_row row;
	struct desk_row desk;
	char ticket[13];
	struct task_row *task; /* all of the case, ended ones too */
	size_t tasks;
	struct queue_row *queue; /* where it stands in queues */
	size_t queue_rows;
	struct case_facts facts;
	bool visible;  /* works on its desk or on an open task of it, or owns it */
	bool mine;     /* owns it, covers it, or owns one of its tasks: reads the words without a reason */
	bool damaged;  /* its facts were altered outside the router: shown, but frozen */
};

/* Loads; what it points to is lent by the store. 0; STORE_NONE; < 0. */
NODISCARD int view_load(struct who *who, int64_t case_id, struct view *out);
/* What the person may do, as a JSON list of words. Gives. */
json_t *view_can(const struct view *view);
/* How the case stands in the list of this desk (0: of whatever concerns the person): what, ref, why, since. */
void view_item(const struct view *view, int64_t desk, struct store_item *out);
/* True when a role reads words at all. */
bool view_reads_words(const struct who *who);

#endif
