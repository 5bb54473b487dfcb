/* SPDX-License-Identifier: Apache-2.0 */
/* The words of a case in both directions; the order of the queue and its reasons; what risk holds; when the desk
 * covers. */
#include "casefile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void every_word_goes_there_and_back(void **state)
{
	enum case_state s;
	enum case_event e;
	enum case_disposition d;

	(void)state;
	for (int i = 0; i < CASE_STATE_COUNT; i++) {
		assert_int_equal(case_state_parse(case_state_text((enum case_state)i), &s), 0);
		assert_int_equal(s, i);
	}
	for (int i = 0; i < CASE_EVENT_COUNT; i++) {
		assert_int_equal(case_event_parse(case_event_text((enum case_event)i), &e), 0);
		assert_int_equal(e, i);
	}
	for (int i = 0; i < CASE_END_COUNT; i++) {
		assert_int_equal(case_disposition_parse(case_disposition_text((enum case_disposition)i), &d), 0);
		assert_int_equal(d, i);
	}
	for (unsigned bit = 1; bit <= CASE_MARK_UNSURE; bit <<= 1)
		assert_int_equal(case_mark_parse(case_mark_text(bit)), bit);
	for (unsigned bit = 1; bit <= CASE_ROLE_SYSTEM; bit <<= 1)
		assert_int_equal(case_role_parse(case_role_text(bit)), bit);
}

static void a_word_of_no_list_is_none(void **state)
{
	static const char *const odd[] = { "", "Waiting", "waiting ", "WAITING", "?", "1" };
	enum case_state s = CASE_CLOSED;
	enum case_event e;
	enum case_disposition d;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(odd); i++) {
		assert_int_equal(case_state_parse(odd[i], &s), 1);
		assert_int_equal(case_event_parse(odd[i], &e), 1);
		assert_int_equal(case_disposition_parse(odd[i], &d), 1);
		assert_int_equal(case_mark_parse(odd[i]), 0);
		assert_int_equal(case_role_parse(odd[i]), 0);
		assert_int_equal(case_word_index(case_channel_words, odd[i]), -1);
	}
	assert_int_equal(s, CASE_CLOSED);
	assert_int_equal(case_state_parse(NULL, &s), 1);
	assert_int_equal(case_mark_parse(NULL), 0);
	assert_int_equal(case_word_index(case_kind_words, NULL), -1);
	assert_string_equal(case_state_text(CASE_STATE_COUNT), "?");
	assert_string_equal(case_event_text(CASE_EVENT_COUNT), "?");
	assert_string_equal(case_disposition_text(CASE_END_COUNT), "?");
	assert_string_equal(case_mark_text(CASE_MARK_COVERED | CASE_MARK_ERASED), "?");
	assert_string_equal(case_role_text(0), "nobody");
}

static void the_lists_say_what_the_interface_promises(void **state)
{
	static const struct {
		const char *const *words;
		int count;
		const char *first, *last;
	} row[] = {
		{ case_state_words, 8, "screening", "archived" },     { case_disposition_words, 9, "answered", "withdrawn" },
		{ case_channel_words, 11, "phone", "bus" },           { case_kind_words, 7, "consult", "thanks" },
		{ case_urgency_words, 3, "normal", "top" },           { case_relation_words, 5, "self", "other" },
		{ case_age_band_words, 7, "u8", "unsaid" },           { case_gender_words, 4, "f", "unsaid" },
		{ contact_type_words, 10, "self", "message" },        { case_role_words, 5, "counselor", "auditor" },
		{ case_event_words, CASE_EVENT_COUNT, "screened", "archive" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(row); i++) {
		int n = 0;

		while (row[i].words[n])
			n++;
		assert_int_equal(n, row[i].count);
		assert_string_equal(row[i].words[0], row[i].first);
		assert_string_equal(row[i].words[n - 1], row[i].last);
	}
}

static void nobody_can_be_hired_as_caller_or_system(void **state)
{
	static const char *const not_for_people[] = { "nobody", "caller", "system" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(not_for_people); i++)
		assert_int_equal(case_word_index(case_role_words, not_for_people[i]), -1);
	for (int i = 0; case_role_words[i]; i++)
		assert_int_not_equal(case_role_parse(case_role_words[i]), 0);
}

static void risk_is_served_first_then_age_and_nothing_starves(void **state)
{
	const int64_t now = 1790000000000, hour = 3600000, minute = 60000;

	(void)state;
	assert_true(case_rank(3, now) < case_rank(2, now - 1000 * hour));
	assert_true(case_rank(3, now) < case_rank(0, 0));
	assert_true(case_rank(3, now - 1) < case_rank(3, now));
	assert_true(case_rank(2, now) < case_rank(1, now));
	assert_true(case_rank(1, now) < case_rank(0, now));
	assert_true(case_rank(1, now) < case_rank(0, now - hour + minute));  /* level 1 is worth an hour */
	assert_true(case_rank(1, now) > case_rank(0, now - hour - minute));
	assert_true(case_rank(2, now) < case_rank(0, now - 24 * hour + minute)); /* level 2 a day */
	assert_true(case_rank(2, now) > case_rank(0, now - 24 * hour - minute));
	assert_true(case_rank(2, now) < case_rank(1, now - 23 * hour + minute));
	assert_int_equal(case_rank(0, now), now);
	assert_int_equal(case_rank(-1, now), case_rank(0, now));
	assert_int_equal(case_rank(9, now), case_rank(3, now));
}

static void every_row_says_why_it_stands_there(void **state)
{
	(void)state;
	assert_string_equal(case_why(3, 0, false, false), "level3");
	assert_string_equal(case_why(3, CASE_MARK_UNSCREENED, true, true), "level3");
	assert_string_equal(case_why(2, 0, true, false), "raised");
	assert_string_equal(case_why(1, 0, true, false), "task");
	assert_string_equal(case_why(2, 0, false, true), "covered");
	assert_string_equal(case_why(0, 0, false, true), "covered");
	assert_string_equal(case_why(2, CASE_MARK_UNSCREENED, false, false), "level2");
	assert_string_equal(case_why(1, CASE_MARK_UNSCREENED, false, false), "unscreened");
	assert_string_equal(case_why(1, 0, false, false), "level1");
	assert_string_equal(case_why(0, 0, false, false), "oldest");
}

static void a_workers_result_never_falls_below_a_tick_or_a_settled_level(void **state)
{
	(void)state;
	for (int now = 0; now <= 3; now++)
		for (int worker = 0; worker <= 3; worker++) {
			int higher = worker > now ? worker : now;

			assert_int_equal(case_risk_after(now, worker, 0, false), worker);
			assert_int_equal(case_risk_after(now, worker, 0, true), higher);
			assert_int_equal(case_risk_after(now, worker, CASE_MARK_TICK_YES, false), worker > 2 ? worker : 2);
			assert_int_equal(case_risk_after(now, worker, CASE_MARK_TICK_UNSURE, false), worker > 1 ? worker : 1);
			assert_int_equal(case_risk_after(now, worker, CASE_MARK_TICK_YES, true), higher > 2 ? higher : 2);
		}
	assert_int_equal(case_risk_after(0, 99, 0, false), 3);
	assert_int_equal(case_risk_after(99, -5, 0, true), 3);
}

static void the_desk_covers_what_is_due_of_somebody_who_is_away(void **state)
{
	(void)state;
	for (int s = 0; s < CASE_STATE_COUNT; s++)
		for (int bits = 0; bits < 64; bits++) {
			struct case_facts f = { .state = (enum case_state)s, .has_owner = bits & 1, .owner_on_shift = bits & 2,
						.risk = bits & 4 ? 2 : 1, .marks = bits & 8 ? CASE_MARK_COVERED : 0 };
			bool due = bits & 16, worked = s >= CASE_ASSIGNED && s <= CASE_CLOSING_REVIEW;
			bool away = !(bits & 2) || ((bits & 12) == 12);

			assert_int_equal(case_needs_cover(&f, due), due && (bits & 1) && worked && away);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_word_goes_there_and_back),
		cmocka_unit_test(a_word_of_no_list_is_none),
		cmocka_unit_test(the_lists_say_what_the_interface_promises),
		cmocka_unit_test(nobody_can_be_hired_as_caller_or_system),
		cmocka_unit_test(risk_is_served_first_then_age_and_nothing_starves),
		cmocka_unit_test(every_row_says_why_it_stands_there),
		cmocka_unit_test(a_workers_result_never_falls_below_a_tick_or_a_settled_level),
		cmocka_unit_test(the_desk_covers_what_is_due_of_somebody_who_is_away),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
