/* SPDX-License-Identifier: Apache-2.0 */
/* Cases: every column comes back, every changed one is seen; counts and clocks follow. */
#include "store_kit.h"

#include "mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct case_row full = {
	.uid = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 },
	.site = 3,
	.desk = 4,
	.state = CASE_IN_PROGRESS,
	.marks = 5,
	.risk = 2,
	.tick = 1,
	.version = 9,
	.channel = "phone",
	.kind = "help",
	.urgency = "urgent",
	.relation = "parent",
	.age_band = "14-17",
	.gender = "f",
	.region = "450100",
	.category = "psych.mood",
	.groups = "[\"a\"]",
	.prefer = "{\"x\":1}",
	.mood = 3,
	.lang = "en",
	.live = true,
	.owner = 17,
	.touched = true,
	.opened_by = 18,
	.cover = 19,
	.cover_until = 20,
	.disposition = "answered",
	.closing_by = 21,
	.messages = 22,
	.opened_at = 23,
	.oldest_at = 24,
	.first_reply_at = 25,
	.replied_at = 26,
	.closed_at = 27,
	.due_at = 28,
	.reply_by = 29,
	.screen_until = 30,
	.lease_until = 31,
	.withdrawn_at = 32,
	.erase_at = 33,
	.hits = "[1]",
	.continues = 34,
	.has_caller = true,
	.caller_hash = { 9, 8, 7 },
	.caller_epoch = 35,
	.caller_opened_at = 36,
	.show_own = true,
};

static int insert_run(struct store *s, void *ctx)
{
	return store_case_insert(s, ctx);
}

static int save_run(struct store *s, void *ctx)
{
	return store_case_save(s, ctx);
}

static void same_texts(const struct case_row *a, const struct case_row *b)
{
	assert_string_equal(a->channel, b->channel);
	assert_string_equal(a->kind, b->kind);
	assert_string_equal(a->urgency, b->urgency);
	assert_string_equal(a->relation, b->relation);
	assert_string_equal(a->age_band, b->age_band);
	assert_string_equal(a->gender, b->gender);
	assert_string_equal(a->region, b->region);
	assert_string_equal(a->category, b->category);
	assert_string_equal(a->groups, b->groups);
	assert_string_equal(a->prefer, b->prefer);
	assert_string_equal(a->lang, b->lang);
	assert_string_equal(a->disposition, b->disposition);
	assert_string_equal(a->hits, b->hits);
}

static void same_numbers(const struct case_row *a, const struct case_row *b)
{
	const struct case_row *pair[] = { a, b };
	int64_t sum[2][40] = { { 0 } };

	for (int i = 0; i < 2; i++) {
		const struct case_row *r = pair[i];
		const int64_t all[] = { r->site,
					r->desk,
					r->state,
					r->marks,
					r->risk,
					r->tick,
					r->version,
					r->mood,
					r->live,
					r->owner,
					r->touched,
					r->opened_by,
					r->cover,
					r->cover_until,
					r->closing_by,
					r->messages,
					r->opened_at,
					r->oldest_at,
					r->first_reply_at,
					r->replied_at,
					r->closed_at,
					r->due_at,
					r->reply_by,
					r->screen_until,
					r->lease_until,
					r->withdrawn_at,
					r->erase_at,
					r->continues,
					r->has_caller,
					r->caller_epoch,
					r->caller_opened_at,
					r->show_own };

		memcpy(sum[i], all, sizeof(all));
	}
	assert_memory_equal(sum[0], sum[1], sizeof(sum[0]));
	assert_memory_equal(a->uid, b->uid, sizeof(a->uid));
	assert_memory_equal(a->caller_hash, b->caller_hash, sizeof(a->caller_hash));
}

static void every_column_of_a_case_comes_back(void **state)
{
	struct kit *k = *state;
	struct case_row row = full, back;

	assert_int_equal(kit_run(k, insert_run, &row), 0);
	assert_int_equal(store_case_get(k->store, row.id, &back), 0);
	same_numbers(&full, &back);
	same_texts(&full, &back);
	assert_true(back.changed_at > 0);
}

static void what_is_not_said_has_its_default_word(void **state)
{
	struct kit *k = *state;
	int64_t id = kit_case(k, 1, CASE_SCREENING, 0, 0);
	struct case_row row;

	assert_int_equal(store_case_get(k->store, id, &row), 0);
	assert_string_equal(row.kind, "consult");
	assert_string_equal(row.age_band, "unsaid");
	assert_string_equal(row.groups, "[]");
	assert_null(row.disposition);
	assert_false(row.has_caller);
	assert_int_equal(row.owner, 0);
	assert_int_equal(row.version, 1);
}

/* One column after the other, behind the store's back. */
static const char *const flips[] = {
	"uid = x'00000000000000000000000000000000'",
	"site = 2",
	"desk = 9",
	"state = 'waiting'",
	"marks = 4",
	"risk = 0",
	"tick = 0",
	"version = 8",
	"channel = 'qq'",
	"kind = 'thanks'",
	"urgency = 'normal'",
	"relation = 'self'",
	"age_band = '26+'",
	"gender = 'm'",
	"region = ''",
	"category = ''",
	"groups = '[]'",
	"prefer = '{}'",
	"mood = NULL",
	"lang = 'zh-CN'",
	"live = 0",
	"owner = NULL",
	"owner = 16",
	"touched = 0",
	"opened_by = NULL",
	"cover = NULL",
	"cover_until = 21",
	"disposition = NULL",
	"closing_by = 0",
	"messages = 0",
	"opened_at = 0",
	"oldest_at = NULL",
	"first_reply_at = 1",
	"replied_at = 1",
	"closed_at = 1",
	"due_at = 1",
	"reply_by = 1",
	"screen_until = NULL",
	"lease_until = 1",
	"withdrawn_at = NULL",
	"erase_at = NULL",
	"changed_at = 1",
	"hits = '[2]'",
	"continues = NULL",
	"caller_hash = NULL",
	"caller_epoch = 34",
	"caller_opened_at = NULL",
	"show_own = 0",
	"mac = x'00'",
	"state = 'closed'",
};

static void a_change_of_any_column_behind_our_back_freezes_the_case(void **state)
{
	struct kit *k = *state;
	struct case_row row = full;
	struct store_figures figures;
	char sql[256];

	assert_int_equal(kit_run(k, insert_run, &row), 0);
	kit_sql(k, "CREATE TABLE good AS SELECT * FROM cases");
	for (size_t i = 0; i < ARRAY_LEN(flips); i++) {
		snprintf(sql, sizeof(sql), "UPDATE cases SET %s", flips[i]);
		kit_sql(k, sql);
		if (store_case_get(k->store, 1, &row) != STORE_DAMAGED || !row.damaged)
			fail_msg("not seen: %s", flips[i]);
		assert_int_equal(kit_run(k, save_run, &row), STORE_DAMAGED);
		kit_sql(k, "DELETE FROM cases; INSERT INTO cases SELECT * FROM good");
		assert_int_equal(store_case_get(k->store, 1, &row), 0);
	}
	store_figures(k->store, &figures);
	assert_int_equal(figures.damaged, ARRAY_LEN(flips));
}

static void a_row_of_another_case_does_not_pass_for_this_one(void **state)
{
	struct kit *k = *state;
	struct case_row row;

	kit_case(k, 1, CASE_WAITING, 0, 0);
	kit_case(k, 1, CASE_WAITING, 3, 0);
	kit_sql(k, "DELETE FROM cases WHERE id = 1; UPDATE cases SET id = 1 WHERE id = 2");
	assert_int_equal(store_case_get(k->store, 1, &row), STORE_DAMAGED);
}

static void another_row_key_finds_every_case_damaged(void **state)
{
	static const uint8_t other[STORE_KEY_BYTES] = { 42 };
	struct kit *k = *state;
	struct store *reader = NULL;
	struct case_row row;
	char *why = NULL;

	kit_case(k, 1, CASE_WAITING, 0, 0);
	assert_int_equal(store_open_read(k->path, other, &reader, &why), 0);
	assert_int_equal(store_case_get(reader, 1, &row), STORE_DAMAGED);
	store_close(&reader);
}

static void the_background_check_finds_a_damaged_case(void **state)
{
	struct kit *k = *state;
	int64_t damaged = 0;
	bool done = false;
	int rc = 0, rounds = 0;

	for (int i = 0; i < 5; i++)
		kit_case(k, 1, CASE_WAITING, 0, 0);
	kit_sql(k, "UPDATE cases SET risk = 3 WHERE id = 4");
	for (; !done && rc != STORE_DAMAGED; rounds++)
		rc = store_scrub(k->store, 2, &damaged, &done);
	assert_int_equal(rc, STORE_DAMAGED);
	assert_int_equal(damaged, 4);
	while (!done)
		assert_int_equal(store_scrub(k->store, 2, &damaged, &done), 0);
}

/* ---- counts, clocks ---- */

static void counts_follow_state_level_and_desk(void **state)
{
	struct kit *k = *state;
	struct case_count *rows;
	struct case_row row;
	size_t n;

	kit_case(k, 1, CASE_WAITING, 0, 0);
	kit_case(k, 1, CASE_WAITING, 0, 0);
	assert_int_equal(store_case_get(k->store, 2, &row), 0);
	row.state = CASE_ASSIGNED;
	row.risk = 3;
	row.desk = 2;
	assert_int_equal(kit_run(k, save_run, &row), 0);
	assert_int_equal(store_case_count(k->store, 1, &rows, &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(rows[0].state, CASE_WAITING);
	assert_int_equal(rows[0].cases, 1);
	assert_int_equal(store_case_count(k->store, 2, &rows, &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(rows[0].state, CASE_ASSIGNED);
	assert_int_equal(rows[0].risk, 3);
}

static void clocks_that_ran_out_come_oldest_first_and_the_next_is_named(void **state)
{
	struct kit *k = *state;
	int64_t *ids, next;
	size_t n;

	for (int i = 0; i < 4; i++) {
		struct case_row row = {
			.desk = 1, .screen_until = 400 - i * 100, .lease_until = 50, .cover_until = 60, .erase_at = 70
		};

		assert_int_equal(kit_run(k, insert_run, &row), 0);
	}
	assert_int_equal(store_case_due(k->store, STORE_DUE_SCREEN, 250, 10, &ids, &n, &next), 0);
	assert_int_equal(n, 2);
	assert_int_equal(ids[0], 4);
	assert_int_equal(ids[1], 3);
	assert_int_equal(next, 300);
	assert_int_equal(store_case_due(k->store, STORE_DUE_SCREEN, 1000, 3, &ids, &n, &next), 0);
	assert_int_equal(n, 3);
	assert_int_equal(next, 400);
	assert_int_equal(store_case_due(k->store, STORE_DUE_LEASE, 50, 10, &ids, &n, &next), 0);
	assert_int_equal(n, 4);
	assert_int_equal(store_case_due(k->store, STORE_DUE_COVER, 59, 10, &ids, &n, &next), 0);
	assert_int_equal(n, 0);
	assert_int_equal(next, 60);
	assert_int_equal(store_case_due(k->store, STORE_DUE_ERASE, 70, 10, &ids, &n, &next), 0);
	assert_int_equal(n, 4);
	assert_int_equal(store_case_due(k->store, STORE_DUE_SILENT, 70, 10, &ids, &n, &next), 0);
	assert_int_equal(n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define RULE(f) cmocka_unit_test_setup_teardown(f, kit_begin, kit_end)
		RULE(every_column_of_a_case_comes_back),
		RULE(what_is_not_said_has_its_default_word),
		RULE(a_change_of_any_column_behind_our_back_freezes_the_case),
		RULE(a_row_of_another_case_does_not_pass_for_this_one),
		RULE(another_row_key_finds_every_case_damaged),
		RULE(the_background_check_finds_a_damaged_case),
		RULE(counts_follow_state_level_and_desk),
		RULE(clocks_that_ran_out_come_oldest_first_and_the_next_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
