/* SPDX-License-Identifier: Apache-2.0 */
/* Claiming, leases, covers, dealing, and the queue that follows from them, on a real store. */
#include "router_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void of_two_who_claim_one_gets_it_and_the_other_is_told_who(void **state)
{
	struct house *h = *state;
	const char *t = waiting(h, "psych", 0);

	assert_int_equal(ask(h, "psych1", "order.claim", "{s:s}", "ticket", t), 200);
	assert_string_equal(said(h, "state"), "assigned");
	assert_int_equal(ask(h, "psych2", "order.claim", "{s:s}", "ticket", t), 409);
	assert_string_equal(said(h, "error"), "taken");
	assert_string_equal(said(h, "by"), "甲");
	assert_int_equal(ask(h, "psych1", "order.claim", "{s:s}", "ticket", t), 200); /* an honest retry */
	assert_int_equal(row_of(h, t).owner, staff_id(h, "psych1"));
	assert_int_equal(rows(h, "SELECT count(*) FROM events WHERE case_id = ?1 AND kind = 'claimed'", t), 1);
}

static void the_same_key_claims_the_same_case_again_and_no_other(void **state)
{
	struct house *h = *state;
	char first[16];

	waiting(h, "psych", 0);
	waiting(h, "psych", 0);
	h->same_key = "one";
	assert_int_equal(ask(h, "psych1", "order.next", "{}"), 200);
	snprintf(first, sizeof(first), "%s", said(h, "ticket"));
	h->same_key = "one";
	assert_int_equal(ask(h, "psych1", "order.next", "{}"), 200);
	assert_string_equal(said(h, "ticket"), first);
	assert_true(json_bool(h->out, "again", false));
	assert_int_equal(rows(h, "SELECT count(*) FROM cases WHERE state = 'waiting'", NULL), 1);
}

static void an_untouched_claim_goes_back_when_its_lease_ends(void **state)
{
	struct house *h = *state;
	const char *t = owned(h, "psych1", "psych", 0);

	later(h, 14 * MINUTE);
	assert_state(h, t, "assigned");
	later(h, 2 * MINUTE);
	assert_state(h, t, "waiting");
	assert_int_equal(row_of(h, t).owner, 0);
	assert_int_equal(rows(h, "SELECT count(*) FROM queue WHERE case_id = ?1 AND what = 'case'", t), 1);
}

static void any_act_renews_the_lease_and_the_first_word_ends_it(void **state)
{
	struct house *h = *state;
	const char *t = owned(h, "psych1", "psych", 0);

	later(h, 14 * MINUTE);
	assert_int_equal(ask(h, "psych1", "order.facts", "{s:s, s:i, s:{s:s}}", "ticket", t, "version", -1, "facts", "age_band", "14-17"), 200);
	later(h, 14 * MINUTE);
	assert_state(h, t, "assigned");
	with_blob(h, "sealed", 6);
	assert_int_equal(ask(h, "psych1", "order.note", "{s:s, s:s, s:i}", "ticket", t, "message_id", "0000000000000009", "note_key", 1), 201);
	later(h, 3 * HOUR);
	assert_int_equal(row_of(h, t).owner, staff_id(h, "psych1"));
}

static void a_released_case_waits_again_and_remembers_why(void **state)
{
	struct house *h = *state;
	const char *t = owned(h, "psych1", "psych", 0);

	assert_int_equal(ask(h, "psych2", "order.release", "{s:s}", "ticket", t), 403);
	assert_int_equal(ask(h, "psych1", "order.release", "{s:s, s:s}", "ticket", t, "reason", "conflict"), 200);
	assert_state(h, t, "waiting");
	assert_true(row_of(h, t).marks & CASE_MARK_RETURNED);
	assert_int_equal(ask(h, "psych2", "order.next", "{}"), 200);
	assert_string_equal(said(h, "ticket"), t);
}

static void nobody_of_another_desk_finds_the_case(void **state)
{
	struct house *h = *state;
	const char *t = waiting(h, "psych", 0);
	static const char *const orders[] = { "order.claim", "order.release", "order.open", "order.urge", "order.help", "order.reopen", "hint.looking" };

	for (size_t i = 0; i < ARRAY_LEN(orders); i++)
		assert_int_equal(ask(h, "legal1", orders[i], "{s:s}", "ticket", t), 404);
	assert_int_equal(ask(h, "psych1", "order.claim", "{s:s}", "ticket", "YT-0000-0000"), 404);
	assert_int_equal(ask(h, "psych1", "order.next", "{s:s}", "desk", "450100.legal"), 404);
	assert_int_equal(ask(h, "legal1", "order.next", "{}"), 204);
	assert_int_equal(ask(h, "admin1", "order.next", "{}"), 403);
	assert_int_equal(ask(h, "audit1", "order.claim", "{s:s}", "ticket", t), 404);
}

static void level_three_comes_first_then_the_oldest(void **state)
{
	struct house *h = *state;
	char quiet[13], later_one[13], urgent[13];

	snprintf(quiet, sizeof(quiet), "%s", waiting(h, "psych", 0));
	h->now += MINUTE;
	later(h, 0);
	snprintf(later_one, sizeof(later_one), "%s", waiting(h, "psych", 0));
	snprintf(urgent, sizeof(urgent), "%s", waiting(h, "psych", 3));
	assert_int_equal(ask(h, "psych1", "order.next", "{}"), 200);
	assert_string_equal(said(h, "ticket"), urgent);
	assert_int_equal(ask(h, "psych1", "order.next", "{}"), 200);
	assert_string_equal(said(h, "ticket"), quiet);
	assert_int_equal(ask(h, "psych1", "order.next", "{}"), 200);
	assert_string_equal(said(h, "ticket"), later_one);
	assert_int_equal(ask(h, "psych1", "order.next", "{}"), 204);
}

static void a_limit_is_a_limit_but_not_for_level_three(void **state)
{
	struct house *h = *state;
	char urgent[13];

	hand(h, "UPDATE staff SET capacity = 1 WHERE user = 'psych1'");
	owned(h, "psych1", "psych", 0);
	waiting(h, "psych", 1);
	assert_int_equal(ask(h, "psych1", "order.next", "{}"), 409);
	assert_string_equal(said(h, "error"), "at_limit");
	snprintf(urgent, sizeof(urgent), "%s", waiting(h, "psych", 3));
	assert_int_equal(ask(h, "psych1", "order.next", "{}"), 200);
	assert_string_equal(said(h, "ticket"), urgent);
}

static void a_frozen_case_does_not_stand_before_the_others(void **state)
{
	struct house *h = *state;
	char frozen[13], sound[13];

	snprintf(frozen, sizeof(frozen), "%s", waiting(h, "psych", 0));
	h->now += MINUTE;
	later(h, 0);
	snprintf(sound, sizeof(sound), "%s", waiting(h, "psych", 0));
	hand(h, "UPDATE cases SET region = '450200' WHERE id = 1");
	assert_int_equal(ask(h, "psych1", "order.claim", "{s:s}", "ticket", frozen), 409);
	assert_string_equal(said(h, "error"), "damaged");
	assert_int_equal(ask(h, "psych1", "order.next", "{}"), 200);
	assert_string_equal(said(h, "ticket"), sound);
	later(h, HOUR); /* and the clock goes round it */
}

static void while_the_owner_is_off_shift_the_desk_covers(void **state)
{
	struct house *h = *state;
	const char *t = owned(h, "psych1", "psych", 0);

	with_blob(h, "sealed", 6);
	assert_int_equal(ask(h, "psych1", "order.reply", "{s:s, s:s}", "ticket", t, "message_id", "0000000000000009"), 201);
	assert_int_equal(ask(h, "psych1", "order.presence", "{s:s}", "state", "off"), 200);
	assert_int_equal(rows(h, "SELECT count(*) FROM queue WHERE case_id = ?1", t), 0); /* nothing is due */
	assert_int_equal(caller_says(h, 0), 201);
	assert_int_equal(rows(h, "SELECT count(*) FROM queue WHERE case_id = ?1 AND what = 'covered'", t), 1);
	assert_int_equal(ask(h, "psych2", "order.next", "{}"), 200);
	assert_string_equal(said(h, "what"), "covered");
	assert_int_equal(ask(h, "lead1", "order.claim", "{s:s}", "ticket", t), 409);
	with_blob(h, "sealed", 6);
	assert_int_equal(ask(h, "psych2", "order.reply", "{s:s, s:s}", "ticket", t, "message_id", "000000000000000a"), 201);
	assert_int_equal(row_of(h, t).owner, staff_id(h, "psych1"));
	assert_int_equal(row_of(h, t).cover, 0);
	with_blob(h, "sealed", 6);
	assert_int_equal(ask(h, "psych2", "order.reply", "{s:s, s:s}", "ticket", t, "message_id", "000000000000000b"), 403);
}

static void a_cover_that_does_nothing_ends_and_the_thing_is_due_again(void **state)
{
	struct house *h = *state;
	const char *t = owned(h, "psych1", "psych", 0);

	assert_int_equal(ask(h, "psych1", "order.presence", "{s:s}", "state", "off"), 200);
	assert_int_equal(caller_says(h, 0), 201);
	assert_int_equal(ask(h, "psych2", "order.next", "{}"), 200);
	assert_int_equal(rows(h, "SELECT count(*) FROM queue WHERE case_id = ?1", t), 0);
	later(h, 16 * MINUTE);
	assert_int_equal(rows(h, "SELECT count(*) FROM queue WHERE case_id = ?1", t), 1);
	assert_int_equal(row_of(h, t).cover, 0);
}

static int64_t plan(struct house *h, const char *by, const char *t, int64_t in_ms)
{
	assert_int_equal(ask(h, by, "order.followup", "{s:s, s:s, s:I}", "ticket", t, "kind", "followup", "due_at", (json_int_t)(h->now + in_ms)), 201);
	return said_number(h, "id");
}

static void a_follow_up_is_the_desk_of_the_days_and_one_persons_at_a_time(void **state)
{
	struct house *h = *state;
	const char *t = owned(h, "psych1", "psych", 0);
	int64_t id = plan(h, "psych1", t, HOUR);
	char other[13];

	with_blob(h, "sealed", 6);
	assert_int_equal(ask(h, "psych1", "order.reply", "{s:s, s:s}", "ticket", t, "message_id", "0000000000000009"), 201);
	assert_int_equal(ask(h, "psych2", "order.next", "{}"), 204);
	later(h, HOUR + MINUTE);
	assert_int_equal(ask(h, "psych2", "order.next", "{}"), 200);
	assert_string_equal(said(h, "what"), "followup");
	assert_int_equal(said_number(h, "ref"), id);
	assert_int_equal(row_of(h, t).owner, staff_id(h, "psych1"));
	snprintf(other, sizeof(other), "%s", waiting(h, "psych", 0));
	assert_int_equal(ask(h, "psych2", "order.next", "{}"), 200);
	assert_string_equal(said(h, "ticket"), other); /* not the same follow-up again */
	assert_int_equal(ask(h, "lead1", "order.next", "{}"), 204);
	assert_int_equal(ask(h, "psych2", "order.followup_done", "{s:s, s:I, s:s}", "ticket", t, "id", (json_int_t)id, "result", "reached"), 200);
	assert_int_equal(rows(h, "SELECT count(*) FROM queue WHERE case_id = ?1 AND what = 'followup'", t), 0);
}

static void a_follow_up_of_a_closed_case_nobody_owns_is_dealt_too(void **state)
{
	struct house *h = *state;
	const char *t = waiting(h, "psych", 0);

	assert_int_equal(ask(h, "lead1", "order.close", "{s:s, s:i, s:s, s:{s:s, s:I}}", "ticket", t, "version", -1, "disposition", "answered",
	                     "followup", "kind", "callback_check", "due_at", (json_int_t)(h->now + HOUR)), 200);
	later(h, 2 * HOUR);
	assert_int_equal(ask(h, "psych2", "order.next", "{}"), 200);
	assert_string_equal(said(h, "what"), "followup");
	assert_state(h, t, "closed");
	assert_int_equal(ask(h, "psych1", "order.next", "{}"), 204);
	later(h, 20 * MINUTE);
	assert_int_equal(ask(h, "psych1", "order.next", "{}"), 200);
}

static void many_follow_ups_that_come_due_together_all_find_their_place(void **state)
{
	struct house *h = *state;
	const char *t = owned(h, "psych1", "psych", 0);

	for (int i = 0; i < 150; i++)
		plan(h, "psych1", t, HOUR);
	later(h, HOUR + MINUTE);
	for (int i = 0; i < 4; i++)
		tick(h);
	assert_int_equal(rows(h, "SELECT count(*) FROM queue WHERE what = 'followup'", NULL), 150);
	assert_true(rows(h, "SELECT count(*) FROM events WHERE kind = 'followup_due'", NULL) <= 150);
}

static void a_session_that_idles_out_takes_its_person_off_shift(void **state)
{
	struct house *h = *state;
	const char *t = owned(h, "psych1", "psych", 0);

	with_blob(h, "sealed", 6);
	assert_int_equal(ask(h, "psych1", "order.reply", "{s:s, s:s}", "ticket", t, "message_id", "0000000000000009"), 201);
	assert_int_equal(caller_says(h, 0), 201);
	assert_int_equal(rows(h, "SELECT count(*) FROM queue WHERE case_id = ?1", t), 0);
	h->idle = true;
	later(h, 31 * MINUTE);
	for (int i = 0; i < 10; i++)
		tick(h);
	assert_int_equal(rows(h, "SELECT count(*) FROM staff WHERE user = 'psych1' AND presence = 'off'", NULL), 1);
	assert_int_equal(rows(h, "SELECT count(*) FROM queue WHERE case_id = ?1 AND what = 'covered'", t), 1);
	assert_int_equal(ask(h, "psych1", "order.next", "{}"), 401);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		rule(of_two_who_claim_one_gets_it_and_the_other_is_told_who),
		rule(the_same_key_claims_the_same_case_again_and_no_other),
		rule(an_untouched_claim_goes_back_when_its_lease_ends),
		rule(any_act_renews_the_lease_and_the_first_word_ends_it),
		rule(a_released_case_waits_again_and_remembers_why),
		rule(nobody_of_another_desk_finds_the_case),
		rule(level_three_comes_first_then_the_oldest),
		rule(a_limit_is_a_limit_but_not_for_level_three),
		rule(a_frozen_case_does_not_stand_before_the_others),
		rule(while_the_owner_is_off_shift_the_desk_covers),
		rule(a_cover_that_does_nothing_ends_and_the_thing_is_due_again),
		rule(a_follow_up_is_the_desk_of_the_days_and_one_persons_at_a_time),
		rule(a_follow_up_of_a_closed_case_nobody_owns_is_dealt_too),
		rule(many_follow_ups_that_come_due_together_all_find_their_place),
		rule(a_session_that_idles_out_takes_its_person_off_shift),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
