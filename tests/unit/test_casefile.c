/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of lawful moves, exhaustively: every event × state × kind of person × every combination of the facts
 * that bear on the event. `bears` says which do; one test proves that no other fact matters, the others state what
 * must hold for all of them.
 */
#include "casefile.h"

#include "mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* One bit a fact; the level takes two. */
enum {
	OWNED = 1 << 0, SHIFT = 1 << 1, SELF = 1 << 2, COVERING = 1 << 3, TOUCHED = 1 << 4, DESK = 1 << 5, TASK = 1 << 6,
		TASKS = 1 << 7,
	REPORT = 1 << 8, SECOND = 1 << 9, HOLD = 1 << 10, ANSWERED = 1 << 11, SILENT = 1 << 12, OVERDUE = 1 << 13,
		ALONE = 1 << 14,
	COVERED = 1 << 15, UNSCREENED = 1 << 16, ERASED = 1 << 17, EXTENDED = 1 << 18, UNCONFIRMED = 1 << 19, LEVEL_SHIFT = 20,
	LEVEL = 3 << LEVEL_SHIFT, ALL = (1 << 22) - 1,
	PERSON = OWNED | SELF | COVERING | DESK | TASK | TASKS,
	WISH = LEVEL | REPORT | HOLD | TASKS | UNSCREENED | TOUCHED | UNCONFIRMED,
};
static const unsigned bears[CASE_EVENT_COUNT] = {
	[CASE_ON_SCREENED] = UNSCREENED,
	[CASE_ON_UNSCREENED] = 0,
	[CASE_ON_CLAIM] = PERSON,
	[CASE_ON_RELEASE] = PERSON | TOUCHED,
	[CASE_ON_LEASE_END] = COVERING | TOUCHED,
	[CASE_ON_REPLY] = PERSON,
	[CASE_ON_NOTE] = PERSON,
	[CASE_ON_CALLER_MESSAGE] = PERSON | SHIFT | ERASED,
	[CASE_ON_ASSIGN] = PERSON,
	[CASE_ON_TRANSFER] = PERSON | ANSWERED,
	[CASE_ON_FACTS] = PERSON | ALONE,
	[CASE_ON_RISK_RAISE] = PERSON | SHIFT,
	[CASE_ON_RISK_LOWER] = PERSON | SECOND,
	[CASE_ON_TASK_ADD] = PERSON,
	[CASE_ON_TASK_END] = PERSON,
	[CASE_ON_COVER] = PERSON | SHIFT | COVERED,
	[CASE_ON_TAKE_OVER] = PERSON | SHIFT | COVERED,
	[CASE_ON_FOLLOWUP] = PERSON,
	[CASE_ON_EXTEND] = PERSON | EXTENDED | OVERDUE | SECOND,
	[CASE_ON_URGE] = PERSON | SHIFT | LEVEL,
	[CASE_ON_CLOSE] = PERSON | LEVEL | REPORT | SECOND | SILENT | UNCONFIRMED,
	[CASE_ON_CONFIRM] = PERSON | LEVEL | REPORT | SECOND | SILENT | UNCONFIRMED,
	[CASE_ON_REFUSE] = PERSON,
	[CASE_ON_WITHDRAW] = WISH,
	[CASE_ON_REOPEN] = PERSON | SHIFT | ERASED,
	[CASE_ON_ERASE] = WISH | OWNED | SELF | DESK | ERASED | SECOND,
	[CASE_ON_ARCHIVE] = TASKS | REPORT | COVERED,
};
static const unsigned people[] = {
	CASE_ROLE_NOBODY, CASE_ROLE_COUNSELOR, CASE_ROLE_LEAD, CASE_ROLE_SUPERVISOR, CASE_ROLE_ADMIN, CASE_ROLE_AUDITOR,
		CASE_ROLE_CALLER,
	CASE_ROLE_SYSTEM, CASE_ROLE_AUDITOR | CASE_ROLE_SUPERVISOR | CASE_ROLE_COUNSELOR, CASE_ROLE_ADMIN |
		CASE_ROLE_COUNSELOR,
};

static struct case_facts facts_of(unsigned bits, enum case_state state, unsigned roles)
{
	return (struct case_facts){
		.state = state,
		.marks = (bits & COVERED ? CASE_MARK_COVERED : 0U) | (bits & UNSCREENED ? CASE_MARK_UNSCREENED : 0U) |
			 (bits & ERASED ? CASE_MARK_ERASED : 0U) | (bits & EXTENDED ? CASE_MARK_EXTENDED : 0U) |
			 (bits & UNCONFIRMED ? CASE_MARK_UNCONFIRMED : 0U),
		.risk = (int)(bits >> LEVEL_SHIFT & 3),
		.has_owner = bits & OWNED,
		.owner_on_shift = bits & SHIFT,
		.actor_is_owner = bits & SELF,
		.actor_is_cover = bits & COVERING,
		.touched = bits & TOUCHED,
		.actor_has_desk = bits & DESK,
		.actor_has_task = bits & TASK,
		.tasks_open = bits & TASKS ? 1 : 0,
		.report_due = bits & REPORT,
		.second_person = bits & SECOND,
		.hold = bits & HOLD,
		.answered = bits & ANSWERED,
		.silent = bits & SILENT,
		.overdue = bits & OVERDUE,
		.alone = bits & ALONE,
		.actor_roles = roles,
	};
}

struct seen {
	enum case_event event;
	struct case_facts f;
	int rc;
	struct case_move to; /* when rc is 0 */
	unsigned marks;      /* afterwards */
};

static void must(bool holds, const struct seen *s, const char *says)
{
	if (!holds)
		fail_msg("%s: %s in %s, marks %x, level %d, roles %x, owner %d%d%d, rc %d → %s", says, case_event_text(s->event),
			 case_state_text(s->f.state), s->f.marks, s->f.risk, s->f.actor_roles, s->f.has_owner, s->f.owner_on_shift,
			 s->f.actor_is_owner, s->rc, s->rc ? "" : case_state_text(s->to.next));
}

static void see(struct seen *s)
{
	s->to = (struct case_move){ 0 };
	s->rc = case_next(s->event, &s->f, &s->to);
	s->marks = s->rc ? s->f.marks : (s->f.marks | s->to.marks_on) & ~s->to.marks_off;
}

static bool is_staff(unsigned roles)
{
	return roles & (CASE_ROLE_COUNSELOR | CASE_ROLE_LEAD | CASE_ROLE_SUPERVISOR);
}

/* What cannot be is left out: an owner of a case in the queue, none of one that is worked on, a caller who sits at a
 * desk. */
static bool can_be(unsigned bits, int state, unsigned roles, int event)
{
	if (!is_staff(roles) && event != CASE_ON_LEASE_END && bits & (SELF | COVERING | DESK | TASK))
		return false;
	if (state < CASE_ASSIGNED)
		return !(bits & (OWNED | SELF));
	return state >= CASE_CLOSED || bits & OWNED || !(bears[event] & OWNED);
}

/* Calls check for every combination. */
static void for_all(void (*check)(const struct seen *s))
{
	for (int e = 0; e < CASE_EVENT_COUNT; e++)
		for (int state = 0; state < CASE_STATE_COUNT; state++)
			for (size_t p = 0; p < ARRAY_LEN(people); p++)
				for (unsigned bits = bears[e];; bits = (bits - 1) & bears[e]) {
					struct seen s = { .event = (enum case_event)e,
							  .f = facts_of(bits, (enum case_state)state, people[p]) };

					if (state >= CASE_ASSIGNED && state < CASE_CLOSED)
						s.f.has_owner = true;
					if (can_be(bits, state, people[p], e)) {
						see(&s);
						check(&s);
					}
					if (!bits)
						break;
				}
}

#define EVERY(rule, check)                                                                                             \
	static void rule(void **state)                                                                                 \
	{                                                                                                              \
		(void)state;                                                                                           \
		for_all(check);                                                                                        \
	}

static bool heads(const struct case_facts *f)
{
	return f->actor_roles & (CASE_ROLE_LEAD | CASE_ROLE_SUPERVISOR);
}

/* ---- the facts that bear ----------------------------------------------------------------------------------------- */

static void no_other_fact_matters(void **state)
{
	uint64_t x = 88172645463325252U;

	(void)state;
	for (int i = 0; i < 600000; i++) {
		struct seen whole, bare;
		unsigned bits, roles;

		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		whole.event = (enum case_event)(x % CASE_EVENT_COUNT);
		bits = (unsigned)(x >> 8) & ALL;
		roles = people[(x >> 32) % ARRAY_LEN(people)];
		bare.event = whole.event;
		whole.f = facts_of(bits, (enum case_state)((x >> 40) % CASE_STATE_COUNT), roles);
		whole.f.marks |= (unsigned)(x >> 44) & (CASE_MARK_TICK_YES | CASE_MARK_DESK_SETTLED | CASE_MARK_RATED |
			CASE_MARK_WITHDRAWN);
		bare.f = facts_of(bits & bears[whole.event], whole.f.state, roles);
		see(&whole);
		see(&bare);
		must(whole.rc == bare.rc && !memcmp(&whole.to, &bare.to, sizeof(whole.to)), &whole,
			"a fact bears that is not listed");
	}
}

/* ---- who --------------------------------------------------------------------------------------------------------- */

static void check_idle(const struct seen *s)
{
	bool idle = s->f.actor_roles & CASE_ROLE_AUDITOR || s->f.actor_roles == CASE_ROLE_NOBODY ||
		s->f.actor_roles == CASE_ROLE_ADMIN;

	must(!idle || s->rc == CASE_NOT_LAWFUL || s->rc == CASE_NOT_ALLOWED, s, "auditors, admins and nobody never act");
}
EVERY(auditors_admins_and_nobody_never_act, check_idle)

static void check_caller(const struct seen *s)
{
	bool theirs = s->event == CASE_ON_CALLER_MESSAGE || s->event == CASE_ON_WITHDRAW || s->event == CASE_ON_ERASE ||
		      s->event == CASE_ON_FACTS;

	must(s->f.actor_roles != CASE_ROLE_CALLER || s->rc || theirs, s, "a caller gives words, wishes and facts only");
	must(s->f.actor_roles == CASE_ROLE_CALLER || s->rc || s->event != CASE_ON_WITHDRAW, s, "only a caller withdraws");
}
EVERY(a_caller_gives_words_wishes_and_facts_only, check_caller)

static void check_stranger(const struct seen *s)
{
	bool stranger = s->f.actor_roles & CASE_ROLE_COUNSELOR && !s->f.actor_has_desk && !(s->f.actor_has_task &&
		s->f.tasks_open);
	bool judgement = s->event == CASE_ON_REPLY || s->event == CASE_ON_NOTE || s->event == CASE_ON_CLAIM ||
		s->event == CASE_ON_COVER ||
			 s->event == CASE_ON_TAKE_OVER;

	must(!stranger || s->rc, s, "a counselor of another desk does nothing");
	must(!heads(&s->f) || s->f.actor_has_desk || (s->f.actor_has_task && s->f.tasks_open) || s->rc || !judgement, s,
	     "nobody without the desk's key handles its words");
}
EVERY(who_is_not_of_the_desk_does_not_touch_its_words, check_stranger)

static void check_reply(const struct seen *s)
{
	const struct case_facts *f = &s->f;
	bool own = f->actor_has_desk && (f->actor_is_owner || f->actor_is_cover || heads(f));

	if (s->event != CASE_ON_REPLY || s->rc)
		return;
	must(own || (f->actor_has_task && f->tasks_open), s,
		"who replies has the case, covers it, leads its desk or has a task on it");
	must(s->to.next == CASE_AWAITING_CALLER || s->to.next == f->state, s, "a reply hands the turn over");
	must(own || s->to.next == f->state, s, "a task's reply leaves the case's turn alone");
}
EVERY(only_who_has_the_case_answers_for_it, check_reply)

static void check_transfer(const struct seen *s)
{
	if (s->event != CASE_ON_TRANSFER || s->rc)
		return;
	must(s->f.actor_roles & CASE_ROLE_SUPERVISOR || (s->f.actor_is_owner && !s->f.answered), s,
		"transfer is for the wrong desk");
	must(s->to.next == CASE_WAITING && s->to.version, s, "it waits at the other desk");
	must(s->marks & CASE_MARK_RETURNED, s, "it is counted as returned");
}
EVERY(only_a_supervisor_or_an_owner_who_has_not_answered_transfers, check_transfer)

static void a_lead_or_supervisor_may_assign_in_every_open_state(void **state)
{
	(void)state;
	for (int s = CASE_SCREENING; s < CASE_STATE_COUNT; s++)
		for (unsigned role = CASE_ROLE_LEAD; role <= CASE_ROLE_SUPERVISOR; role <<= 1) {
			struct seen one = { .event = CASE_ON_ASSIGN, .f = facts_of(s >= CASE_ASSIGNED ? OWNED : 0, (enum case_state)s,
				role) };

			see(&one);
			assert_int_equal(one.rc, s < CASE_CLOSED ? 0 : CASE_NOT_LAWFUL);
			must(one.rc || (one.to.owner_on && one.to.version), &one, "the named person becomes the owner");
		}
}

/* ---- what must hold of every move -------------------------------------------------------------------------------- */

static void check_ends(const struct seen *s)
{
	bool back = s->event == CASE_ON_CALLER_MESSAGE || s->event == CASE_ON_REOPEN;

	if (s->rc || s->f.state < CASE_CLOSED || s->to.next == s->f.state)
		return;
	must(back || (s->event == CASE_ON_ARCHIVE && s->f.state == CASE_CLOSED), s, "nothing leaves the end by itself");
	must(!back || (s->marks & CASE_MARK_REOPENED && !(s->f.marks & CASE_MARK_ERASED)), s,
		"what comes back is marked, and has words");
}
EVERY(nothing_leaves_closed_but_a_message_a_reopening_and_the_archive, check_ends)

static void check_closing(const struct seen *s)
{
	const struct case_facts *f = &s->f;

	if (s->rc || s->to.next != CASE_CLOSED || f->state == CASE_CLOSED || s->event == CASE_ON_ERASE)
		return;
	must(f->tasks_open == 0 && !f->report_due, s, "closing asks for every task and the report");
	must(f->risk < 3 || (f->state == CASE_CLOSING_REVIEW && f->second_person && is_staff(f->actor_roles)), s,
		"level 3 is never closed by one person");
	must(f->risk < 2 || f->state != CASE_WAITING, s, "an unclaimed crisis is not closed");
	must(!(f->marks & CASE_MARK_UNCONFIRMED) || (f->second_person && heads(f)), s,
		"what stands unconfirmed is confirmed first");
	must(!(f->silent && f->risk >= 2) || f->actor_roles & CASE_ROLE_SUPERVISOR, s,
		"a silent crisis is closed by a supervisor");
	must(f->state != CASE_CLOSING_REVIEW || f->second_person || s->event == CASE_ON_WITHDRAW, s,
		"a review is ended by a second person");
	must(!(s->marks & CASE_MARK_COVERED), s, "nothing is due on a closed case");
}
EVERY(level_3_is_never_closed_by_one_person, check_closing)

static void check_review(const struct seen *s)
{
	const struct case_facts *f = &s->f;
	bool needs = f->risk == 3 || f->marks & CASE_MARK_UNCONFIRMED || (f->silent && f->risk >= 2);

	must(s->rc || s->to.next != CASE_CLOSING_REVIEW || f->state == CASE_CLOSING_REVIEW || (s->event == CASE_ON_CLOSE &&
		needs), s,
	     "a review only where a rule asks");
}
EVERY(a_closing_is_reviewed_only_where_a_rule_asks, check_review)

static void check_owner(const struct seen *s)
{
	bool owned = (s->f.has_owner && !s->to.owner_off) || s->to.owner_on;

	if (s->rc)
		return;
	must(s->to.next > CASE_WAITING || !owned, s, "what waits is nobody's");
	must(s->to.next < CASE_ASSIGNED || s->to.next > CASE_CLOSING_REVIEW || owned, s, "what is worked on is somebody's");
	must(!(s->to.owner_on && s->to.owner_off), s, "not both");
	must(s->to.version || (s->to.next == s->f.state && !s->to.owner_on && !s->to.owner_off), s,
		"state and owner count as a version");
	must(!(s->to.marks_on & s->to.marks_off), s, "a mark comes or goes");
}
EVERY(what_waits_is_nobodys_and_what_is_worked_on_is_somebodys, check_owner)

static void check_marks(const struct seen *s)
{
	const unsigned table = CASE_MARK_UNSCREENED | CASE_MARK_COVERED | CASE_MARK_RETURNED | CASE_MARK_REOPENED |
		CASE_MARK_EXTENDED |
			       CASE_MARK_UNCONFIRMED | CASE_MARK_WITHDRAWN | CASE_MARK_ERASED;
	bool archives = s->event == CASE_ON_ARCHIVE;

	must(s->rc || !(s->to.marks_on & ~table), s, "marks bound to another act are not set here");
	must(s->rc || !(s->to.marks_off & ~(table | (archives ? CASE_MARK_CRISIS_WATCH : 0U))), s, "nor taken away");
	must(s->rc || !(s->f.marks & ~s->marks & CASE_MARK_ERASED), s, "erased stays erased");
}
EVERY(marks_bound_to_another_act_are_left_alone, check_marks)

static void check_delay(const struct seen *s)
{
	bool waits = s->event == CASE_ON_RISK_LOWER || s->event == CASE_ON_CLOSE || s->event == CASE_ON_CONFIRM ||
		     s->event == CASE_ON_ERASE || s->event == CASE_ON_EXTEND;

	must(s->rc != CASE_SECOND_PERSON || waits, s,
		"nothing waits for a second person but lowering, closing, extending and destroying");
	must(s->event != CASE_ON_CLOSE || s->rc != CASE_SECOND_PERSON || s->f.state == CASE_CLOSING_REVIEW, s,
		"asking to close does not wait");
	must(s->event != CASE_ON_RISK_RAISE || s->f.state >= CASE_CLOSED || !is_staff(s->f.actor_roles) ||
		!s->f.actor_has_desk ||
		     s->f.actor_roles & CASE_ROLE_AUDITOR || !s->rc,
	     s, "anybody of the desk raises at any open state");
	must(s->event != CASE_ON_RISK_LOWER || s->rc || s->f.second_person, s, "nobody lowers alone");
}
EVERY(nothing_is_delayed_but_lowering_closing_extending_and_destroying, check_delay)

static void check_message(const struct seen *s)
{
	bool worked = s->to.next >= CASE_ASSIGNED && s->to.next <= CASE_CLOSING_REVIEW;

	if (s->event != CASE_ON_CALLER_MESSAGE || s->f.actor_roles != CASE_ROLE_CALLER)
		return;
	must(!s->rc || (s->f.state >= CASE_CLOSED && s->f.marks & CASE_MARK_ERASED), s, "a message is always accepted");
	must(s->rc || s->to.next < CASE_CLOSING_REVIEW, s, "and somebody's turn");
	must(s->rc || !worked || s->f.owner_on_shift || s->f.actor_is_cover || s->marks & CASE_MARK_COVERED, s,
	     "an absent owner's message is covered");
}
EVERY(a_callers_message_is_always_accepted_and_seen_by_somebody, check_message)

static void check_wish(const struct seen *s)
{
	const struct case_facts *f = &s->f;
	bool held = f->risk >= 2 || f->report_due || f->hold || f->tasks_open;

	if (s->event == CASE_ON_WITHDRAW && !s->rc)
		must((!held || s->to.next == f->state) && s->marks & CASE_MARK_WITHDRAWN, s,
			"a held case is not withdrawn, only told");
	if (s->event != CASE_ON_ERASE || s->rc)
		return;
	must(!held || f->actor_roles != CASE_ROLE_CALLER, s, "a held case is not erased on a wish");
	if (!(s->to.marks_on & CASE_MARK_ERASED))
		return;
	must(f->actor_roles == CASE_ROLE_SYSTEM, s, "only the router destroys");
	must(f->state == CASE_ARCHIVED || !held || f->second_person, s, "what is held needs a decision");
	must(!f->hold || f->second_person, s, "a legal hold holds");
}
EVERY(withdrawing_and_erasing_are_wishes, check_wish)

static void check_cover(const struct seen *s)
{
	const struct case_facts *f = &s->f;
	bool due = f->marks & CASE_MARK_COVERED || !f->owner_on_shift;

	if (s->rc || (s->event != CASE_ON_COVER && s->event != CASE_ON_TAKE_OVER))
		return;
	must(!f->actor_is_owner, s, "nobody covers their own case");
	must(due || (s->event == CASE_ON_TAKE_OVER && (heads(f) || f->actor_is_cover)), s, "only what is covered is covered");
	must(s->to.next == f->state && !s->to.owner_off, s, "covering changes no state");
	must(s->event != CASE_ON_COVER || (s->to.cover_on && !s->to.owner_on), s, "who covers does not become the owner");
	must(s->event != CASE_ON_TAKE_OVER || s->to.owner_on, s, "who takes over does");
}
EVERY(off_shift_the_desk_covers_and_the_owner_keeps_the_case, check_cover)

static void check_lease(const struct seen *s)
{
	if (s->event != CASE_ON_LEASE_END || s->rc)
		return;
	must(s->f.actor_roles == CASE_ROLE_SYSTEM, s, "leases end by themselves");
	must(!s->to.owner_off || (s->f.state == CASE_ASSIGNED && !s->f.touched), s, "only an untouched case goes back");
	must(!s->f.actor_is_cover || s->f.touched || s->marks & CASE_MARK_COVERED, s,
		"what a cover left undone stands there again");
}
EVERY(the_end_of_a_lease_returns_only_what_is_untouched, check_lease)

/* ---- reachability, rows ------------------------------------------------------------------------------------------ */

static unsigned leads_to[CASE_EVENT_COUNT][CASE_STATE_COUNT];
static bool row_used[256];
static int rows_seen;

static void note_lead(const struct seen *s)
{
	if (s->rc)
		return;
	leads_to[s->event][s->f.state] |= 1U << s->to.next;
	assert_in_range(s->to.rule, 0, 255);
	rows_seen += !row_used[s->to.rule];
	row_used[s->to.rule] = true;
}

static size_t lines_that_begin(const char *text, const char *with, const char *but)
{
	size_t n = 0;

	for (const char *line = text; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
		if (!strncmp(line, with, strlen(with))) {
			AUTO(mem_free) char *one = mem_copy(line, strcspn(line, "\n"));

			n += !strstr(one, but);
		}
	return n;
}

static void every_row_is_needed_by_some_case(void **state)
{
	AUTO(mem_free) char *table = case_table();
	const char *rows = strstr(table, "### Rows");

	(void)state;
	for_all(note_lead);
	/* Rows that move: every line but the two of the head and those that only add marks. */
	assert_int_equal(rows_seen, lines_that_begin(rows, "| ", "| also |") - 1);
}

static void every_state_is_reached_and_none_is_a_dead_end(void **state)
{
	unsigned reached = 1U << CASE_SCREENING, ends = 1U << CASE_CLOSED;

	(void)state;
	for_all(note_lead);
	for (int turn = 0; turn < CASE_STATE_COUNT; turn++)
		for (int e = 0; e < CASE_EVENT_COUNT; e++)
			for (int s = 0; s < CASE_STATE_COUNT; s++) {
				reached |= reached & 1U << s ? leads_to[e][s] : 0;
				ends |= leads_to[e][s] & ends ? 1U << s : 0;
			}
	assert_int_equal(reached, (1U << CASE_STATE_COUNT) - 1);
	assert_int_equal(ends, (1U << CASE_STATE_COUNT) - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_other_fact_matters),
		cmocka_unit_test(auditors_admins_and_nobody_never_act),
		cmocka_unit_test(a_caller_gives_words_wishes_and_facts_only),
		cmocka_unit_test(who_is_not_of_the_desk_does_not_touch_its_words),
		cmocka_unit_test(only_who_has_the_case_answers_for_it),
		cmocka_unit_test(only_a_supervisor_or_an_owner_who_has_not_answered_transfers),
		cmocka_unit_test(a_lead_or_supervisor_may_assign_in_every_open_state),
		cmocka_unit_test(nothing_leaves_closed_but_a_message_a_reopening_and_the_archive),
		cmocka_unit_test(level_3_is_never_closed_by_one_person),
		cmocka_unit_test(a_closing_is_reviewed_only_where_a_rule_asks),
		cmocka_unit_test(what_waits_is_nobodys_and_what_is_worked_on_is_somebodys),
		cmocka_unit_test(marks_bound_to_another_act_are_left_alone),
		cmocka_unit_test(nothing_is_delayed_but_lowering_closing_extending_and_destroying),
		cmocka_unit_test(a_callers_message_is_always_accepted_and_seen_by_somebody),
		cmocka_unit_test(withdrawing_and_erasing_are_wishes),
		cmocka_unit_test(off_shift_the_desk_covers_and_the_owner_keeps_the_case),
		cmocka_unit_test(the_end_of_a_lease_returns_only_what_is_untouched),
		cmocka_unit_test(every_row_is_needed_by_some_case),
		cmocka_unit_test(every_state_is_reached_and_none_is_a_dead_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
