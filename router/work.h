/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A case under the hands of a verb: load it with what the table of lawful moves needs, apply an event, keep it. Keeping is always the
 * same: the row, its places in the queues, one event, one hint. No verb writes a case in any other way.
 */
#ifndef QT_ROUTER_WORK_H
#define QT_ROUTER_WORK_H

#include "call.h"

struct work {
	struct case_row row;
	struct case_facts facts;
	struct case_move move;
	struct task_row task;  /* id 0: none; the open task of the actor's desk on this case */
	bool mine;             /* the actor owns the case, covers it, or owns its task: may read the words */
};

/* Loads the case of "ticket". 404 for whoever has neither its desk nor a task on it, and for auditors. */
NODISCARD int work_load(struct call *c, struct work *w);
/* The same for a known case, for callers and the clock: actor roles given. */
NODISCARD int work_load_as(struct call *c, int64_t case_id, unsigned roles, struct work *w);
/* The case of a caller's session (BOOK_CALLER): 403 wrong_code, 401 ended. */
NODISCARD int work_caller(struct call *c, struct work *w);
/* Fills the facts of a row that stands already (a new case). */
NODISCARD int work_facts(struct call *c, struct work *w, unsigned roles);
/* Applies an event: state, marks, owner off, version. Refusals: 409 not_lawful, 403 not_allowed / not_owner, 409 tasks_open, report_due,
 * second_person. */
NODISCARD int work_do(struct call *c, struct work *w, enum case_event event);
/* "version" of the request against the row: 412 stale with the version; -1 fits any. */
NODISCARD int work_version(struct call *c, const struct work *w);
/* Saves the row, sets the queues right, writes the event, and hints. kind: event kind; detail may be NULL. */
NODISCARD int work_keep(struct call *c, struct work *w, const char *kind, int64_t number, const char *detail);
/* A further event of the same case. */
NODISCARD int work_event(struct call *c, const struct work *w, const char *kind, int64_t number, const char *detail);
/* One audit line about this case by the actor. */
NODISCARD int work_audit(struct call *c, const struct work *w, const char *act, const char *detail);
/* Any act of the owner renews the claim; the first reply or note ends it for good. */
void work_renew(struct call *c, struct work *w, bool touched);
/* Answers 200 with ticket, state, version. */
int work_answer(struct call *c, const struct work *w, int status);
/* Sets the queue rows of a case right (also when only its owner's presence changed). */
NODISCARD int queue_settle(struct call *c, struct work *w);

#endif
