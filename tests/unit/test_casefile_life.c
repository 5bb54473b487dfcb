/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lives of cases, told: the map of states and events as somebody wrote it down from the rules (not from the table),
 * whole lives from first word to archive, what each refusal says, and the page that shows it all.
 */
#include "casefile.h"

#include "mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* One letter a state: s w a p c(aller) r(eview) e(nded) x(archived); what an event can lead to from there, '.'
 * nothing. */
static const char *const map[CASE_EVENT_COUNT][CASE_STATE_COUNT] = {
	/*                          screening waiting assigned progress caller review ended archived */
	[CASE_ON_SCREENED]       = { "w",  "w",  "a",  "p",  "c",  "r",  "e",  "" },
	[CASE_ON_UNSCREENED]     = { "w",  "w",  "a",  "p",  "c",  "r",  "",   "" },
	[CASE_ON_CLAIM]          = { "a",  "a",  "",   "",   "",   "",   "",   "" },
	[CASE_ON_RELEASE]        = { "",   "",   "wa", "wp", "wc", "r",  "",   "" },
	[CASE_ON_LEASE_END]      = { "",   "",   "wa", "p",  "c",  "r",  "",   "" },
	[CASE_ON_REPLY]          = { "",   "w",  "ac", "pc", "c",  "c",  "",   "" },
	[CASE_ON_NOTE]           = { "",   "w",  "ap", "p",  "c",  "r",  "e",  "" },
	[CASE_ON_CALLER_MESSAGE] = { "s",  "w",  "a",  "p",  "p",  "p",  "wp", "w" },
	[CASE_ON_ASSIGN]         = { "a",  "a",  "a",  "p",  "c",  "r",  "",   "" },
	[CASE_ON_TRANSFER]       = { "",   "w",  "w",  "w",  "w",  "",   "",   "" },
	[CASE_ON_FACTS]          = { "s",  "w",  "a",  "p",  "c",  "r",  "e",  "" },
	[CASE_ON_RISK_RAISE]     = { "s",  "w",  "a",  "p",  "p",  "p",  "",   "" },
	[CASE_ON_RISK_LOWER]     = { "",   "",   "a",  "p",  "c",  "r",  "",   "" },
	[CASE_ON_TASK_ADD]       = { "",   "w",  "a",  "p",  "c",  "p",  "",   "" },
	[CASE_ON_TASK_END]       = { "",   "w",  "a",  "p",  "c",  "r",  "",   "" },
	[CASE_ON_COVER]          = { "",   "",   "a",  "p",  "c",  "r",  "",   "" },
	[CASE_ON_TAKE_OVER]      = { "",   "",   "a",  "p",  "c",  "",   "",   "" },
	[CASE_ON_FOLLOWUP]       = { "",   "w",  "a",  "p",  "c",  "r",  "e",  "" },
	[CASE_ON_EXTEND]         = { "",   "w",  "a",  "p",  "c",  "",   "",   "" },
	[CASE_ON_URGE]           = { "",   "w",  "a",  "p",  "c",  "r",  "",   "" },
	[CASE_ON_CLOSE]          = { "",   "e",  "re", "re", "re", "e",  "",   "" },
	[CASE_ON_CONFIRM]        = { "",   "w",  "a",  "p",  "c",  "e",  "",   "" },
	[CASE_ON_REFUSE]         = { "",   "",   "",   "",   "",   "p",  "",   "" },
	[CASE_ON_WITHDRAW]       = { "s",  "we", "ae", "pe", "ce", "re", "e",  "" },
	[CASE_ON_REOPEN]         = { "",   "",   "",   "",   "",   "",   "wp", "w" },
	[CASE_ON_ERASE]          = { "se", "e",  "e",  "e",  "e",  "e",  "e",  "x" },
	[CASE_ON_ARCHIVE]        = { "",   "",   "",   "",   "",   "",   "x",  "" },
};

/* True when a printed cell, " waiting, closed ", names the word. */
static bool cell_names(const char *cell, const char *word)
{
	AUTO(mem_free) char *first = mem_format(" %s", word);
	const char *at = strstr(cell, first);

	return at && strchr(" ,", at[strlen(first)]);
}

/* The cells of one printed line of the map. */
static void check_line(const char *line, int event)
{
	static const char letter[] = "swapcrex";
	const char *cell = strchr(line + 1, '|') + 1;

	for (int state = 0; state < CASE_STATE_COUNT; state++) {
		const char *end = strchr(cell, '|');
		AUTO(mem_free) char *text = mem_copy(cell, (size_t)(end - cell));
		char got[CASE_STATE_COUNT + 1] = "", *p = got;

		for (int to = 0; to < CASE_STATE_COUNT; to++)
			if (strstr(text, "•") ? to == state : cell_names(text, case_state_words[to]))
				*p++ = letter[to];
		*p = 0;
		if (strcmp(got, map[event][state]) != 0)
			fail_msg("%s from %s: the rules say \"%s\", the table \"%s\"", case_event_words[event], case_state_words[state],
				 map[event][state], got);
		cell = end + 1;
	}
}

static void the_table_is_the_map_the_rules_ask_for(void **state)
{
	AUTO(mem_free) char *table = case_table();

	(void)state;
	for (int e = 0; e < CASE_EVENT_COUNT; e++) {
		AUTO(mem_free) char *begin = mem_format("\n| %s |", case_event_words[e]);
		const char *line = strstr(table, begin);

		assert_non_null(line);
		check_line(line + 1, e);
	}
}

static void the_page_shows_the_table_as_it_is(void **state)
{
	AUTO(mem_free) char *table = case_table();
	struct buf page = { 0 };
	char chunk[4096];
	FILE *file = fopen(QT_SOURCE_DIR "/doc/life-of-a-case.md", "r");
	size_t n;

	(void)state;
	assert_non_null(file);
	while ((n = fread(chunk, 1, sizeof(chunk), file)) > 0)
		buf_add(&page, chunk, n);
	fclose(file);
	if (!strstr(page.data, "### Map") || strcmp(strstr(page.data, "### Map"), table) != 0)
		fail_msg("doc/life-of-a-case.md does not end with what case_table() prints");
	buf_finish(&page);
}

/* ---- lives: a case that is told event by event ------------------------------------------------------------------- */

static struct case_facts life;
static int open_tasks;

static int try_as(unsigned role, enum case_event event)
{
	struct case_move move;
	int rc;

	life.actor_roles = role;
	life.actor_has_desk = !(role & (CASE_ROLE_CALLER | CASE_ROLE_SYSTEM));
	life.tasks_open = open_tasks;
	rc = case_next(event, &life, &move);
	if (rc)
		return rc;
	life.state = move.next;
	life.marks = (life.marks | move.marks_on) & ~move.marks_off;
	if (move.owner_on || move.owner_off) {
		life.has_owner = move.owner_on;
		life.touched = false;
	}
	if (event == CASE_ON_REPLY || event == CASE_ON_NOTE)
		life.touched = life.touched || life.actor_is_owner;
	life.answered = life.answered || event == CASE_ON_REPLY;
	return 0;
}

static int owner(enum case_event event)
{
	int rc;

	life.actor_is_owner = life.has_owner;
	life.second_person = false;
	rc = try_as(CASE_ROLE_COUNSELOR, event);
	life.actor_is_owner = false;
	return rc;
}

static int colleague(enum case_event event)
{
	life.second_person = true;
	return try_as(CASE_ROLE_COUNSELOR, event);
}

static int lead(enum case_event event)
{
	life.second_person = true;
	return try_as(CASE_ROLE_LEAD, event);
}

static int supervisor(enum case_event event)
{
	life.second_person = true;
	return try_as(CASE_ROLE_SUPERVISOR, event);
}

static int caller(enum case_event event)
{
	life.second_person = false;
	return try_as(CASE_ROLE_CALLER, event);
}

static int router(enum case_event event)
{
	life.second_person = false;
	return try_as(CASE_ROLE_SYSTEM, event);
}

static void begin(int risk)
{
	life = (struct case_facts){ .state = CASE_SCREENING, .risk = risk, .owner_on_shift = true };
	open_tasks = 0;
}

static void now(enum case_state state, unsigned marks)
{
	assert_string_equal(case_state_text(life.state), case_state_text(state));
	assert_int_equal(life.marks, marks);
}

static void an_everyday_question_is_answered_rated_and_archived(void **state)
{
	(void)state;
	begin(0);
	assert_int_equal(router(CASE_ON_SCREENED), 0);
	now(CASE_WAITING, 0);
	assert_int_equal(colleague(CASE_ON_CLAIM), 0);
	now(CASE_ASSIGNED, 0);
	assert_int_equal(owner(CASE_ON_REPLY), 0);
	now(CASE_AWAITING_CALLER, 0);
	assert_int_equal(caller(CASE_ON_CALLER_MESSAGE), 0);
	now(CASE_IN_PROGRESS, 0);
	assert_int_equal(owner(CASE_ON_REPLY), 0);
	assert_int_equal(owner(CASE_ON_CLOSE), 0);
	now(CASE_CLOSED, 0);
	assert_int_equal(caller(CASE_ON_CALLER_MESSAGE), 0);
	now(CASE_IN_PROGRESS, CASE_MARK_REOPENED);
	assert_int_equal(owner(CASE_ON_CLOSE), 0);
	assert_int_equal(router(CASE_ON_ARCHIVE), 0);
	assert_int_equal(router(CASE_ON_ERASE), 0);
	now(CASE_ARCHIVED, CASE_MARK_REOPENED | CASE_MARK_ERASED);
	assert_int_equal(caller(CASE_ON_CALLER_MESSAGE), CASE_NOT_LAWFUL);
	assert_int_equal(supervisor(CASE_ON_REOPEN), CASE_NOT_LAWFUL);
}

static void a_crisis_meets_a_dead_worker_and_still_a_person(void **state)
{
	(void)state;
	begin(3);
	assert_int_equal(router(CASE_ON_UNSCREENED), 0);
	now(CASE_WAITING, CASE_MARK_UNSCREENED);
	assert_int_equal(lead(CASE_ON_CLOSE), CASE_NOT_LAWFUL);
	assert_int_equal(colleague(CASE_ON_CLAIM), 0);
	assert_int_equal(router(CASE_ON_SCREENED), 0);
	now(CASE_ASSIGNED, 0);
	assert_int_equal(owner(CASE_ON_REPLY), 0);
	assert_int_equal(owner(CASE_ON_RISK_LOWER), CASE_SECOND_PERSON);
	assert_int_equal(owner(CASE_ON_CLOSE), 0);
	now(CASE_CLOSING_REVIEW, 0);
	assert_int_equal(owner(CASE_ON_CLOSE), CASE_SECOND_PERSON);
	assert_int_equal(owner(CASE_ON_CONFIRM), CASE_SECOND_PERSON);
	assert_int_equal(caller(CASE_ON_CALLER_MESSAGE), 0);
	now(CASE_IN_PROGRESS, 0);
	assert_int_equal(owner(CASE_ON_CLOSE), 0);
	assert_int_equal(colleague(CASE_ON_REFUSE), 0);
	now(CASE_IN_PROGRESS, 0);
	assert_int_equal(supervisor(CASE_ON_CLOSE), 0); /* a supervisor alone only asks, too */
	now(CASE_CLOSING_REVIEW, 0);
	assert_int_equal(colleague(CASE_ON_CONFIRM), 0);
	now(CASE_CLOSED, 0);
}

static void an_absent_counselors_case_is_covered_and_stays_hers(void **state)
{
	(void)state;
	begin(1);
	assert_int_equal(router(CASE_ON_SCREENED), 0);
	assert_int_equal(colleague(CASE_ON_CLAIM), 0);
	assert_int_equal(owner(CASE_ON_REPLY), 0);
	assert_int_equal(colleague(CASE_ON_COVER), CASE_NOT_LAWFUL);
	life.owner_on_shift = false;
	assert_int_equal(caller(CASE_ON_CALLER_MESSAGE), 0);
	now(CASE_IN_PROGRESS, CASE_MARK_COVERED);
	assert_true(case_needs_cover(&life, true));
	assert_int_equal(colleague(CASE_ON_REPLY), CASE_NOT_OWNER);
	assert_int_equal(colleague(CASE_ON_COVER), 0);
	now(CASE_IN_PROGRESS, 0);
	life.actor_is_cover = true;
	life.touched = false;
	assert_int_equal(router(CASE_ON_LEASE_END), 0); /* she did not do it */
	now(CASE_IN_PROGRESS, CASE_MARK_COVERED);
	life.actor_is_cover = false;
	assert_int_equal(colleague(CASE_ON_COVER), 0);
	life.actor_is_cover = true;
	assert_int_equal(colleague(CASE_ON_REPLY), 0);
	now(CASE_AWAITING_CALLER, 0);
	assert_true(life.has_owner);
	life.actor_is_cover = false;
	assert_int_equal(colleague(CASE_ON_RISK_RAISE), 0);
	now(CASE_IN_PROGRESS, CASE_MARK_COVERED);
	assert_int_equal(colleague(CASE_ON_TAKE_OVER), 0);
	now(CASE_IN_PROGRESS, 0);
}

static void a_crisis_does_not_wait_for_an_owner_who_does_not_come(void **state)
{
	(void)state;
	begin(2);
	assert_int_equal(router(CASE_ON_SCREENED), 0);
	assert_int_equal(lead(CASE_ON_ASSIGN), 0);
	assert_false(case_needs_cover(&life, true)); /* she is there */
	assert_int_equal(lead(CASE_ON_URGE), 0);
	now(CASE_ASSIGNED, 0);
	assert_int_equal(router(CASE_ON_URGE), 0); /* a limit passed */
	now(CASE_ASSIGNED, CASE_MARK_COVERED);
	assert_true(case_needs_cover(&life, true));
	assert_false(case_needs_cover(&life, false));
	assert_int_equal(colleague(CASE_ON_COVER), 0);
	life.risk = 1;
	assert_int_equal(router(CASE_ON_URGE), 0);
	now(CASE_ASSIGNED, 0);
	life.owner_on_shift = false;
	assert_int_equal(lead(CASE_ON_URGE), 0);
	now(CASE_ASSIGNED, CASE_MARK_COVERED);
}

static void another_desks_part_holds_the_closing_but_not_the_talk(void **state)
{
	(void)state;
	begin(0);
	assert_int_equal(router(CASE_ON_SCREENED), 0);
	assert_int_equal(colleague(CASE_ON_CLAIM), 0);
	assert_int_equal(owner(CASE_ON_TASK_ADD), 0);
	open_tasks = 1;
	assert_int_equal(owner(CASE_ON_REPLY), 0);
	assert_int_equal(owner(CASE_ON_CLOSE), CASE_TASKS_OPEN);
	assert_int_equal(caller(CASE_ON_WITHDRAW), 0);
	now(CASE_AWAITING_CALLER, CASE_MARK_WITHDRAWN);
	assert_int_equal(owner(CASE_ON_TRANSFER), CASE_NOT_ALLOWED); /* answered: only a supervisor moves it now */
	life.actor_has_task = true;
	assert_int_equal(colleague(CASE_ON_TASK_END), 0);
	life.actor_has_task = false;
	open_tasks = 0;
	life.report_due = true;
	assert_int_equal(owner(CASE_ON_CLOSE), CASE_REPORT_DUE);
	life.report_due = false;
	assert_int_equal(owner(CASE_ON_CLOSE), 0);
}

static void who_acted_alone_is_confirmed_before_the_end(void **state)
{
	(void)state;
	begin(1);
	assert_int_equal(router(CASE_ON_SCREENED), 0);
	assert_int_equal(colleague(CASE_ON_CLAIM), 0);
	life.alone = true;
	assert_int_equal(owner(CASE_ON_FACTS), 0);
	life.alone = false;
	now(CASE_ASSIGNED, CASE_MARK_UNCONFIRMED);
	assert_int_equal(caller(CASE_ON_ERASE), CASE_SECOND_PERSON);
	assert_int_equal(owner(CASE_ON_CLOSE), 0);
	now(CASE_CLOSING_REVIEW, CASE_MARK_UNCONFIRMED);
	assert_int_equal(colleague(CASE_ON_CONFIRM), CASE_NOT_ALLOWED);
	assert_int_equal(owner(CASE_ON_REFUSE), 0);
	assert_int_equal(lead(CASE_ON_CONFIRM), 0);
	now(CASE_IN_PROGRESS, 0);
	assert_int_equal(lead(CASE_ON_CONFIRM), CASE_NOT_LAWFUL);
	assert_int_equal(owner(CASE_ON_CLOSE), 0);
	now(CASE_CLOSED, 0);
}

static void a_silent_crisis_is_closed_by_a_supervisor(void **state)
{
	(void)state;
	begin(2);
	life.state = CASE_AWAITING_CALLER;
	life.has_owner = life.silent = true;
	assert_int_equal(owner(CASE_ON_CLOSE), 0);
	now(CASE_CLOSING_REVIEW, 0);
	assert_int_equal(lead(CASE_ON_CONFIRM), CASE_NOT_ALLOWED);
	assert_int_equal(supervisor(CASE_ON_CONFIRM), 0);
	now(CASE_CLOSED, 0);
	life.state = CASE_AWAITING_CALLER;
	assert_int_equal(supervisor(CASE_ON_CLOSE), 0);
	now(CASE_CLOSED, 0);
}

static void a_wish_to_end_closes_what_is_safe_and_only_tells_what_is_not(void **state)
{
	(void)state;
	begin(0);
	assert_int_equal(caller(CASE_ON_WITHDRAW), 0);
	now(CASE_SCREENING, CASE_MARK_WITHDRAWN);
	assert_int_equal(router(CASE_ON_SCREENED), 0);
	now(CASE_WAITING, CASE_MARK_WITHDRAWN);
	assert_int_equal(caller(CASE_ON_ERASE), 0);
	now(CASE_CLOSED, CASE_MARK_WITHDRAWN);
	assert_int_equal(caller(CASE_ON_CALLER_MESSAGE), 0);
	now(CASE_WAITING, CASE_MARK_REOPENED);
	life.risk = 2;
	assert_int_equal(caller(CASE_ON_WITHDRAW), 0);
	now(CASE_WAITING, CASE_MARK_REOPENED | CASE_MARK_WITHDRAWN);
	assert_int_equal(caller(CASE_ON_ERASE), CASE_SECOND_PERSON);
	assert_int_equal(router(CASE_ON_ERASE), CASE_SECOND_PERSON);
	assert_int_equal(supervisor(CASE_ON_ERASE), CASE_NOT_ALLOWED); /* close it first: that has its own second person */
	life.state = CASE_CLOSED;
	assert_int_equal(supervisor(CASE_ON_ERASE), 0);
	life.hold = true;
	life.state = CASE_ARCHIVED;
	assert_int_equal(router(CASE_ON_ERASE), CASE_SECOND_PERSON);
	life.hold = false;
	assert_int_equal(router(CASE_ON_ERASE), 0);
}

static void one_extension_asked_by_the_owner_granted_by_a_supervisor(void **state)
{
	(void)state;
	begin(0);
	life.state = CASE_IN_PROGRESS;
	life.has_owner = true;
	assert_int_equal(owner(CASE_ON_EXTEND), CASE_SECOND_PERSON);
	assert_int_equal(colleague(CASE_ON_EXTEND), CASE_NOT_OWNER);
	life.overdue = true;
	assert_int_equal(supervisor(CASE_ON_EXTEND), CASE_NOT_LAWFUL);
	life.overdue = false;
	assert_int_equal(supervisor(CASE_ON_EXTEND), 0);
	now(CASE_IN_PROGRESS, CASE_MARK_EXTENDED);
	assert_int_equal(supervisor(CASE_ON_EXTEND), CASE_NOT_LAWFUL);
}

static void an_untouched_claim_goes_back_and_a_touched_one_stays(void **state)
{
	(void)state;
	begin(0);
	assert_int_equal(router(CASE_ON_SCREENED), 0);
	assert_int_equal(colleague(CASE_ON_CLAIM), 0);
	assert_int_equal(colleague(CASE_ON_CLAIM), CASE_NOT_LAWFUL);
	assert_int_equal(caller(CASE_ON_CALLER_MESSAGE), 0);
	assert_int_equal(router(CASE_ON_LEASE_END), 0);
	now(CASE_WAITING, 0);
	assert_false(life.has_owner);
	assert_int_equal(colleague(CASE_ON_CLAIM), 0);
	assert_int_equal(owner(CASE_ON_NOTE), 0);
	now(CASE_IN_PROGRESS, 0);
	assert_int_equal(router(CASE_ON_LEASE_END), CASE_NOT_LAWFUL);
}

static void a_code_outside_the_lists_is_refused(void **state)
{
	struct case_facts f = { .state = CASE_STATE_COUNT, .actor_roles = CASE_ROLE_SYSTEM };
	struct case_move move;

	(void)state;
	assert_int_equal(case_next(CASE_ON_SCREENED, &f, &move), CASE_NOT_LAWFUL);
	f.state = CASE_SCREENING;
	assert_int_equal(case_next(CASE_EVENT_COUNT, &f, &move), CASE_NOT_LAWFUL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_is_the_map_the_rules_ask_for),
		cmocka_unit_test(the_page_shows_the_table_as_it_is),
		cmocka_unit_test(an_everyday_question_is_answered_rated_and_archived),
		cmocka_unit_test(a_crisis_meets_a_dead_worker_and_still_a_person),
		cmocka_unit_test(an_absent_counselors_case_is_covered_and_stays_hers),
		cmocka_unit_test(a_crisis_does_not_wait_for_an_owner_who_does_not_come),
		cmocka_unit_test(another_desks_part_holds_the_closing_but_not_the_talk),
		cmocka_unit_test(who_acted_alone_is_confirmed_before_the_end),
		cmocka_unit_test(a_silent_crisis_is_closed_by_a_supervisor),
		cmocka_unit_test(a_wish_to_end_closes_what_is_safe_and_only_tells_what_is_not),
		cmocka_unit_test(one_extension_asked_by_the_owner_granted_by_a_supervisor),
		cmocka_unit_test(an_untouched_claim_goes_back_and_a_touched_one_stays),
		cmocka_unit_test(a_code_outside_the_lists_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
