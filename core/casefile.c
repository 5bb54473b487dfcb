/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The interpreter of the table of lawful moves. The router asks it before it changes a case, web before it offers a
 * button; it knows nothing but the facts it is handed and changes nothing. Every judgement about a fact is in
 * case_whens, case_whos or ask_fails.
 */
#include "casefile_rules.h"

enum { STAFF = CASE_ROLE_COUNSELOR | CASE_ROLE_LEAD | CASE_ROLE_SUPERVISOR };

static bool owner_away(const struct case_facts *f)
{
	return f->has_owner && !f->owner_on_shift;
}

static unsigned marked(const struct case_facts *f, unsigned mark, unsigned when)
{
	return f->marks & mark ? when : 0;
}

/* Withdrawing and erasing are wishes: the hand on the phone may be the abuser's. */
static bool held(const struct case_facts *f)
{
	bool unread = f->marks & CASE_MARK_UNSCREENED && !f->touched;

	return f->risk >= 2 || f->report_due || f->hold || f->tasks_open > 0 || unread || f->marks & CASE_MARK_UNCONFIRMED;
}

static unsigned case_whens(const struct case_facts *f)
{
	bool coverable = f->marks & CASE_MARK_COVERED || owner_away(f), silent = f->silent && f->risk >= 2;
	bool review = f->risk >= 3 || silent || f->marks & CASE_MARK_UNCONFIRMED;
	unsigned w = 0;

	w |= f->has_owner ? WHEN_OWNED : 0;
	w |= owner_away(f) ? WHEN_AWAY : 0;
	w |= f->actor_is_owner ? WHEN_SELF : 0;
	w |= f->actor_is_cover ? WHEN_COVERING : 0;
	w |= f->touched ? WHEN_TOUCHED : 0;
	w |= coverable ? WHEN_COVERABLE : 0;
	w |= coverable || f->actor_is_cover ? WHEN_TAKEABLE : 0;
	w |= f->risk >= 2 ? WHEN_HIGH : 0;
	w |= f->risk >= 3 ? WHEN_TOP : 0;
	w |= review ? WHEN_REVIEW : 0;
	w |= silent ? WHEN_SILENT : 0;
	w |= held(f) ? WHEN_HELD : 0;
	w |= f->overdue ? WHEN_OVERDUE : 0;
	w |= f->answered ? WHEN_ANSWERED : 0;
	w |= f->alone ? WHEN_ALONE : 0;
	w |= f->tasks_open > 0 ? WHEN_TASKS : 0;
	w |= marked(f, CASE_MARK_UNCONFIRMED, WHEN_UNCONFIRMED) | marked(f, CASE_MARK_UNSCREENED, WHEN_UNSCREENED);
	w |= marked(f, CASE_MARK_COVERED, WHEN_COVERED) | marked(f, CASE_MARK_ERASED, WHEN_ERASED);
	return w | marked(f, CASE_MARK_EXTENDED, WHEN_EXTENDED);
}

static unsigned case_whos(const struct case_facts *f)
{
	unsigned roles = f->actor_roles, who = 0;
	bool staff = roles & STAFF, head = roles & (CASE_ROLE_LEAD | CASE_ROLE_SUPERVISOR);

	if (roles & CASE_ROLE_AUDITOR) /* who checks does not act, whatever else they may be */
		return 0;
	if (roles & CASE_ROLE_CALLER)
		return WHO_CALLER;
	if (roles & CASE_ROLE_SYSTEM)
		return WHO_SYSTEM;
	who |= roles & CASE_ROLE_LEAD ? WHO_LEAD : 0;
	who |= roles & CASE_ROLE_SUPERVISOR ? WHO_SUPER : 0;
	who |= staff && f->actor_has_task && f->tasks_open > 0 ? WHO_TASK : 0;
	if (!staff || !f->actor_has_desk)
		return who;
	who |= WHO_DESK | (head ? WHO_HEAD : 0);
	who |= f->has_owner && f->actor_is_owner ? WHO_OWNER : 0;
	return who | (f->has_owner && f->actor_is_cover ? WHO_COVER : 0);
}

static bool ask_fails(enum rule_ask_index ask, const struct case_facts *f)
{
	switch (ask) {
	case RULE_ASK_TASKS:
		return f->tasks_open > 0;
	case RULE_ASK_REPORT:
		return f->report_due;
	case RULE_ASK_SECOND:
		return !f->second_person;
	case RULE_ASK_SUPER:
		return !f->second_person || !(f->actor_roles & CASE_ROLE_SUPERVISOR);
	case RULE_ASK_FREE: /* only people decide, never the one who asks */
		return held(f) && (!f->second_person || f->actor_roles & CASE_ROLE_CALLER);
	default:
		return f->hold;
	}
}

/* 0, or the outcome that says what is missing. */
static int rule_missing(const struct rule *rule, const struct case_facts *f)
{
#define OUTCOME(id, word, outcome) outcome,
	static const int outcomes[] = { CASE_ASKS(OUTCOME) };
#undef OUTCOME

	for (int i = 0; i < rule_ask_INDEX_COUNT; i++)
		if (rule->ask & 1U << i && ask_fails((enum rule_ask_index)i, f))
			return outcomes[i];
	return 0;
}

static bool rule_applies(const struct rule *rule, enum case_event event, enum case_state state, unsigned whens)
{
	return rule->on & 1U << event && rule->in & 1U << state && (whens & rule->yes) == rule->yes && !(whens & rule->no);
}

static void move_take(const struct rule *rule, const struct case_facts *f, struct case_move *move)
{
	bool owner_changes = rule->does & (DOES_OWNER_ON | DOES_OWNER_OFF);

	*move = (struct case_move){
		.next = rule->next == RULE_SAME ? f->state : (enum case_state)rule->next,
		.marks_on = rule->marks_on,
		.marks_off = rule->marks_off,
		.owner_on = rule->does & DOES_OWNER_ON,
		.owner_off = rule->does & DOES_OWNER_OFF,
		.cover_on = rule->does & DOES_COVER_ON,
		.cover_off = rule->does & DOES_COVER_OFF,
		.rule = (int)(rule - case_rules),
	};
	move->version = rule->does & DOES_VERSION || owner_changes || move->next != f->state;
}

static void move_also(enum case_event event, const struct case_facts *f, unsigned whens, unsigned who,
	struct case_move *move)
{
	for (int i = 0; i < case_rules_count; i++) {
		const struct rule *rule = &case_rules[i];

		if (rule->next != RULE_ALSO || !rule_applies(rule, event, f->state, whens) || !(rule->who & who))
			continue;
		move->marks_on |= rule->marks_on;
		move->marks_off &= ~rule->marks_on;
	}
}

int case_next(enum case_event event, const struct case_facts *facts, struct case_move *move)
{
	unsigned whens = case_whens(facts), who = case_whos(facts), may = 0;
	int why = CASE_NOT_LAWFUL, missing = 0;

	if ((unsigned)event >= CASE_EVENT_COUNT || (unsigned)facts->state >= CASE_STATE_COUNT)
		return CASE_NOT_LAWFUL;
	for (int i = 0; i < case_rules_count; i++) {
		const struct rule *rule = &case_rules[i];

		if (rule->next == RULE_ALSO || !rule_applies(rule, event, facts->state, whens))
			continue;
		may |= rule->who;
		if (!(rule->who & who))
			continue;
		missing = rule_missing(rule, facts);
		if (missing) {
			why = missing;
			continue;
		}
		move_take(rule, facts, move);
		move_also(event, facts, whens, who, move);
		return 0;
	}
	if (why == CASE_NOT_LAWFUL && may)
		why = who & WHO_DESK && may & (WHO_OWNER | WHO_COVER) ? CASE_NOT_OWNER : CASE_NOT_ALLOWED;
	return why;
}
