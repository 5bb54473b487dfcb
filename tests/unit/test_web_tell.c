/* SPDX-License-Identifier: Apache-2.0 */
/* Rules of what a case shows to whom, what they may do, and whom an event concerns. */
#include "web_kit.h"

#include "casefile_json.h"
#include "live_tell.h"
#include "mem.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const int64_t legal[] = { DESK_LEGAL }, psych[] = { DESK_PSYCH };

static bool can(struct web_kit *k, struct who *who, int64_t id, const char *act)
{
	struct view view;
	json_t *list, *one;
	bool found = false;
	size_t i;

	assert_int_equal(view_load(who, id, &view), 0);
	list = view_can(&view);
	json_array_foreach(list, i, one)
		found = found || !strcmp(json_string_value(one), act);
	json_release(&list);
	store_lent_drop(k->web.store);
	return found;
}

static void owned_by_five(struct case_row *row)
{
	row->owner = 5;
	row->state = CASE_IN_PROGRESS;
	row->touched = true;
}

static void somebody_of_the_desk_may_claim_what_waits(void **state)
{
	struct web_kit *k = *state;
	struct who *five = who_kit(k, 5, DESK_LEGAL, CASE_ROLE_COUNSELOR),
		   *other = who_kit(k, 6, DESK_PSYCH, CASE_ROLE_COUNSELOR);
	struct who *audit = who_kit(k, 7, DESK_LEGAL, CASE_ROLE_AUDITOR);
	struct seal_case secrets;
	int64_t id = case_kit(k, DESK_LEGAL, "甲", NULL, &secrets);

	assert_true(can(k, five, id, "claim"));
	assert_false(can(k, five, id, "reply"));
	assert_false(can(k, other, id, "claim"));
	assert_false(can(k, audit, id, "claim"));
	case_kit_change(k, id, owned_by_five);
	assert_true(can(k, five, id, "reply"));
	assert_true(can(k, five, id, "release"));
	assert_true(can(k, five, id, "close"));
	who_kit_end(&five);
	who_kit_end(&other);
	who_kit_end(&audit);
}

static void an_owner_sees_the_case_though_the_desk_is_no_longer_theirs(void **state)
{
	struct web_kit *k = *state;
	struct who *five = who_kit(k, 5, 0, CASE_ROLE_COUNSELOR), *six = who_kit(k, 6, 0, CASE_ROLE_COUNSELOR);
	struct seal_case secrets;
	struct view view;
	int64_t id = case_kit(k, DESK_LEGAL, "甲", NULL, &secrets);

	case_kit_change(k, id, owned_by_five);
	assert_int_equal(view_load(five, id, &view), 0);
	assert_true(view.visible && view.mine);
	assert_int_equal(view_load(six, id, &view), 0);
	assert_false(view.visible || view.mine);
	assert_int_equal(view_load(six, 999, &view), STORE_NONE);
	who_kit_end(&five);
	who_kit_end(&six);
}

static int task_run(struct store *store, void *ctx)
{
	struct task_row task = {
		.case_id = *(int64_t *)ctx, .desk = DESK_PSYCH, .state = "waiting", .asked_by = 5, .note = -1
	};

	return store_task_add(store, &task);
}

/* What somebody with these desks is told; a gift, "" when nothing. */
static char *told(struct web_kit *k, const struct event_row *event, int64_t staff, const int64_t *desks, size_t n)
{
	struct tell *t = mem_new(sizeof(*t));
	const char *text = NULL;
	char *out;

	if (!tell_event(&k->web, event, t))
		text = tell_text(t, staff, 1, desks, n);
	out = mem_text(text ? text : "");
	tell_finish(t);
	mem_free(&t);
	store_lent_drop(k->web.store);
	return out;
}

static void expect(struct web_kit *k, const struct event_row *event, int64_t staff, const int64_t *desks, size_t n,
                   const char *part)
{
	char *text = told(k, event, staff, desks, n);

	if (*part ? !strstr(text, part) : *text != 0)
		fail_msg("told \"%s\", wanted \"%s\"", text, part);
	mem_free(&text);
}

static void an_event_concerns_the_desk_the_parts_and_the_owner(void **state)
{
	struct web_kit *k = *state;
	struct seal_case secrets;
	int64_t id = case_kit(k, DESK_LEGAL, "甲", NULL, &secrets);
	struct event_row event = { .seq = 3, .case_id = id, .desk = DESK_LEGAL, .site = 1, .kind = "facts" };

	expect(k, &event, 9, legal, 1, "\"what\":\"case\"");
	expect(k, &event, 9, psych, 1, "");
	expect(k, &event, 9, NULL, 0, "");
	case_kit_change(k, id, owned_by_five);
	expect(k, &event, 5, NULL, 0, "\"state\":\"in_progress\"");
	assert_int_equal(kit_run(k->kit, task_run, &id), 0);
	expect(k, &event, 9, psych, 1, "\"what\":\"task\"");
	expect(k, &event, 9, legal, 1, "\"what\":\"case\"");
}

static void whoever_may_no_longer_see_a_case_is_told_that_it_is_gone(void **state)
{
	struct web_kit *k = *state;
	struct seal_case secrets;
	int64_t id = case_kit(k, DESK_LEGAL, "甲", NULL, &secrets);
	struct event_row event = { .seq = 3, .case_id = id, .desk = DESK_LEGAL, .kind = "moved", .number = DESK_PSYCH };

	expect(k, &event, 9, psych, 1, "\"row\":null");
	expect(k, &event, 9, legal, 1, "\"desk\":\"legal\"");
}

static void an_event_of_a_case_that_is_gone_is_told_to_nobody(void **state)
{
	struct web_kit *k = *state;
	struct event_row event = { .seq = 3, .case_id = 999, .desk = DESK_LEGAL, .kind = "facts" };

	expect(k, &event, 9, legal, 1, "");
}

static void news_and_rows_hold_no_words(void **state)
{
	struct web_kit *k = *state;
	struct seal_case secrets;
	int64_t id = case_kit(k, DESK_LEGAL, "只给一个人的话", NULL, &secrets);
	struct event_row event = { .seq = 3, .case_id = id, .desk = DESK_LEGAL, .kind = "submitted" };
	char *text = told(k, &event, 9, legal, 1);

	assert_null(strstr(text, "只给一个人的话"));
	assert_non_null(strstr(text, "\"ticket\":\"YT-"));
	mem_free(&text);
}

#define WITH_KIT(test) cmocka_unit_test_setup_teardown(test, web_kit_begin, web_kit_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_KIT(somebody_of_the_desk_may_claim_what_waits),
		WITH_KIT(an_owner_sees_the_case_though_the_desk_is_no_longer_theirs),
		WITH_KIT(an_event_concerns_the_desk_the_parts_and_the_owner),
		WITH_KIT(whoever_may_no_longer_see_a_case_is_told_that_it_is_gone),
		WITH_KIT(an_event_of_a_case_that_is_gone_is_told_to_nobody),
		WITH_KIT(news_and_rows_hold_no_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
