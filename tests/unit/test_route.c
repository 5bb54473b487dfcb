/* SPDX-License-Identifier: Apache-2.0 */
/* Where a screening takes its case, for every combination of desk, choice, opinion, level and what is settled. */
#include "route.h"

#include "casefile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { LEGAL = 1, PSYCH = 2, SOCIAL = 3 };

/* Every combination; check states the rule. */
static void for_all(void (*check)(const struct route_facts *f))
{
	static const unsigned ticks[] = { 0, CASE_MARK_TICK_UNSURE, CASE_MARK_TICK_YES };

	for (int bits = 0; bits < 128; bits++)
		for (int risk = 0; risk < 16; risk++)
			for (int desks = 0; desks < 12; desks++)
				for (int tick = 0; tick < 3; tick++) {
					struct route_facts f = {
						.marks = ticks[tick] | (bits & 1 ? CASE_MARK_DESK_SETTLED : 0U) |
							 (bits & 2 ? CASE_MARK_UNSURE : 0U),
						.risk = risk / 4, .message_risk = risk % 4,
						.desk = LEGAL + desks % 3, .suggested = desks / 3,
						.psych = bits & 4 ? PSYCH : 0,
						.has_psych_wrap = bits & 8, .psych_task_open = bits & 16,
						.later = bits & 32, .closed = bits & 64,
					};

					check(&f);
				}
}

static bool settled(const struct route_facts *f)
{
	return f->marks & CASE_MARK_DESK_SETTLED;
}

static void check_risk(const struct route_facts *f)
{
	struct route s, u;
	int tick = f->marks & CASE_MARK_TICK_YES ? 2 : f->marks & CASE_MARK_TICK_UNSURE ? 1 : 0;

	route_screened(f, &s);
	route_unscreened(f, &u);
	assert_true(s.risk >= f->message_risk && s.risk >= tick);
	assert_true(!settled(f) || s.risk >= f->risk);
	assert_true(!f->later || s.risk >= f->risk);
	assert_true(s.risk <= 3 && (s.risk == f->message_risk || s.risk == tick || s.risk == f->risk));
	assert_true(u.risk >= f->risk && u.risk >= f->message_risk && u.risk >= tick); /* silence of a worker lowers nothing */
	if (!settled(f) && !f->later && !tick)
		assert_int_equal(s.risk, f->message_risk); /* the result replaces the provisional look */
}
static void a_result_replaces_the_provisional_risk_but_never_undercuts_a_tick(void **state)
{
	(void)state;
	for_all(check_risk);
}

static void check_settled(const struct route_facts *f)
{
	struct route s, u;

	if (!settled(f))
		return;
	route_screened(f, &s);
	route_unscreened(f, &u);
	assert_int_equal(s.desk, f->desk);
	assert_int_equal(u.desk, f->desk);
	assert_false(s.settles || s.wrong_desk || u.settles || u.wrong_desk);
}
static void a_settled_desk_keeps_its_case(void **state)
{
	(void)state;
	for_all(check_settled);
}

static void check_crisis(const struct route_facts *f)
{
	bool can = f->psych && f->has_psych_wrap;
	struct route s, u;

	route_screened(f, &s);
	route_unscreened(f, &u);
	if (s.risk >= 2 && can && !settled(f))
		assert_int_equal(s.desk, PSYCH);
	if (u.risk >= 2 && can && !settled(f))
		assert_int_equal(u.desk, PSYCH);
	if (f->message_risk >= 2 && can && settled(f) && f->desk != PSYCH && !f->psych_task_open)
		assert_true(s.psych_task && u.psych_task);
	if (s.psych_task || u.psych_task)
		assert_true(can && settled(f) && f->desk != PSYCH && !f->psych_task_open);
	if (s.psych_task)
		assert_true(f->message_risk >= 2); /* an old crisis does not open a new task at each message */
	if (s.risk >= 2 && !can && !settled(f))
		assert_int_equal(s.desk, f->desk); /* no key for psych at hand: who can read it keeps it */
}
static void a_crisis_reaches_the_psych_desk_whatever_was_chosen(void **state)
{
	(void)state;
	for_all(check_crisis);
}

static void check_desk(const struct route_facts *f)
{
	struct route s, u;

	if (settled(f))
		return;
	route_screened(f, &s);
	route_unscreened(f, &u);
	if (!f->later)
		assert_true(s.settles);
	else if (s.desk == f->desk)
		assert_false(s.settles);
	if (s.risk < 2 && !f->later)
		assert_int_equal(s.desk, f->suggested ? f->suggested : f->desk);
	assert_int_equal(s.wrong_desk, s.desk != f->desk && !(f->marks & CASE_MARK_UNSURE));
	assert_false(u.settles || u.wrong_desk); /* no worker spoke: the first person who opens it settles the desk */
	if (u.risk < 2)
		assert_int_equal(u.desk, f->desk);
}
static void screening_settles_the_desk_and_corrects_a_wrong_choice(void **state)
{
	(void)state;
	for_all(check_desk);
}

static void check_reopen(const struct route_facts *f)
{
	struct route s, u;

	route_screened(f, &s);
	route_unscreened(f, &u);
	assert_int_equal(s.reopens, f->closed && f->message_risk >= 2);
	assert_int_equal(u.reopens, f->closed && f->message_risk >= 2);
}
static void a_crisis_that_comes_to_light_after_the_end_reopens(void **state)
{
	(void)state;
	for_all(check_reopen);
}

static void a_lawyers_question_goes_to_the_lawyers(void **state)
{
	struct route_facts f = { .marks = CASE_MARK_UNSURE, .desk = PSYCH, .suggested = LEGAL, .psych = PSYCH,
		.has_psych_wrap = true };
	struct route to;

	(void)state;
	route_screened(&f, &to);
	assert_int_equal(to.desk, LEGAL);
	assert_true(to.settles && !to.wrong_desk && !to.psych_task && to.risk == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_result_replaces_the_provisional_risk_but_never_undercuts_a_tick),
		cmocka_unit_test(a_settled_desk_keeps_its_case),
		cmocka_unit_test(a_crisis_reaches_the_psych_desk_whatever_was_chosen),
		cmocka_unit_test(screening_settles_the_desk_and_corrects_a_wrong_choice),
		cmocka_unit_test(a_crisis_that_comes_to_light_after_the_end_reopens),
		cmocka_unit_test(a_lawyers_question_goes_to_the_lawyers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
