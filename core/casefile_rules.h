/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shape of one row of the table of lawful moves, shared by the table (casefile_rules.c), its interpreter
 * (casefile.c) and its printer (casefile_table.c), and by nobody else.
 */
#ifndef QT_CASEFILE_RULES_H
#define QT_CASEFILE_RULES_H

#include "casefile.h"

/* When a row applies: what the case and the actor are like. Each is computed from the facts in one place
 * (casefile.c). */
#define CASE_WHENS(X)                                                                                                  \
	X(OWNED, "owned") X(AWAY, "owner away") X(SELF, "by its owner") X(COVERING, "by its cover") X(TOUCHED, "touched") \
	X(COVERABLE, "covered or owner away") X(TAKEABLE, "covered, covering or owner away") X(HIGH, "risk 2–3")       \
	X(REVIEW, "needs review") X(SILENT, "silent at risk 2–3") X(UNCONFIRMED, "unconfirmed") X(TOP, "risk 3")       \
	X(HELD, "held") X(UNSCREENED, "unscreened") X(COVERED, "covered") X(ERASED, "erased") X(EXTENDED, "extended")  \
	X(OVERDUE, "overdue") X(ANSWERED, "answered") X(ALONE, "alone") X(TASKS, "tasks open")
/* Who may. */
#define CASE_WHOS(X)                                                                                                   \
	X(OWNER, "owner") X(COVER, "cover") X(DESK, "desk") X(TASK, "task desk") X(HEAD, "desk head") X(LEAD, "lead")  \
	X(SUPER, "supervisor") X(CALLER, "caller") X(SYSTEM, "system")
/* What must be true besides, or why not. */
#define CASE_ASKS(X)                                                                                                   \
	X(TASKS, "tasks ended", CASE_TASKS_OPEN) X(REPORT, "report answered", CASE_REPORT_DUE)                         \
	X(SECOND, "second person", CASE_SECOND_PERSON) X(SUPER, "second person, supervisor", CASE_SECOND_PERSON)       \
	X(FREE, "not held, or decided", CASE_SECOND_PERSON) X(UNHELD, "no hold", CASE_SECOND_PERSON)
/* What it does beside state and marks. */
#define CASE_DOINGS(X)                                                                                                 \
	X(VERSION, "version") X(OWNER_ON, "owner on") X(OWNER_OFF, "owner off")                                        \
	X(COVER_ON, "cover on") X(COVER_OFF, "cover off")

#define CASE_BIT_ENUM(prefix, list)                                                                                    \
	enum prefix##_index { list(prefix##_INDEX) prefix##_INDEX_COUNT };                                             \
	enum prefix { list(prefix##_BIT) }
#define rule_when_INDEX(id, word) RULE_WHEN_##id,
#define rule_when_BIT(id, word) WHEN_##id = 1 << RULE_WHEN_##id,
CASE_BIT_ENUM(rule_when, CASE_WHENS);
#define rule_who_INDEX(id, word) RULE_WHO_##id,
#define rule_who_BIT(id, word) WHO_##id = 1 << RULE_WHO_##id,
CASE_BIT_ENUM(rule_who, CASE_WHOS);
#define rule_ask_INDEX(id, word, outcome) RULE_ASK_##id,
#define rule_ask_BIT(id, word, outcome) ASK_##id = 1 << RULE_ASK_##id,
CASE_BIT_ENUM(rule_ask, CASE_ASKS);
#define rule_does_INDEX(id, word) RULE_DOES_##id,
#define rule_does_BIT(id, word) DOES_##id = 1 << RULE_DOES_##id,
CASE_BIT_ENUM(rule_does, CASE_DOINGS);

enum { RULE_SAME = -1, RULE_ALSO = -2 }; /* next: the state stays; a row that only adds marks to the one that applied */

struct rule {
	uint32_t on;              /* events, one bit each */
	unsigned in;              /* states, one bit each */
	unsigned yes, no;         /* WHEN bits that must and must not hold */
	unsigned who, ask;
	int next;
	unsigned marks_on, marks_off;
	unsigned does;
};
extern const struct rule case_rules[];
extern const int case_rules_count;

#endif
