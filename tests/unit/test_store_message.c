/* SPDX-License-Identifier: Apache-2.0 */
/* Messages and wraps: in order, once, by kind; and what is erased is gone from the files. */
#include "store_kit.h"

#include "clock.h"
#include "mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char marker[] = "MARKER-of-the-sealed-words-0123456789";

static int words_run(struct store *s, void *ctx)
{
	AUTO(mem_free) char *big = mem_new(9000);
	struct message_row first = {
		.case_id = 1, .n = 0, .kind = "message", .key_id = { 1, 2 }, .blob = { marker, sizeof(marker) }
	};
	struct message_row second = { .case_id = 1, .n = -1, .kind = "note", .note_key = 5, .author = 7, .alias = "x" };
	struct wrap_row wrap = { .case_id = 1, .target = "desk", .desk = 1, .generation = 2, .epoch = 3, .note_key = 1,
		                 .blob = { marker, sizeof(marker) } };
	struct draft_row draft = {
		.staff = 7, .case_id = 1, .kind = "reply", .seq = 1, .blob = { marker, sizeof(marker) }
	};
	struct job_row job = { .service = "desk.psych", .case_id = 1, .bundle = { marker, sizeof(marker) } };
	int rc;

	(void)ctx;
	memset(big, 'z', 9000);
	memcpy(big + 8000, marker, sizeof(marker));
	second.blob = (struct store_blob){ big, 9000 }; /* a blob with overflow pages */
	rc = store_message_add(s, &first);
	if (!rc)
		rc = store_message_add(s, &second);
	if (!rc)
		rc = store_wrap_put(s, &wrap);
	if (!rc)
		rc = store_draft_put(s, &draft);
	if (!rc)
		rc = store_job_add(s, &job);
	return rc ? rc : second.n == 1 ? 0 : -1;
}

static void messages_come_in_order_and_by_kind(void **state)
{
	struct kit *k = *state;
	struct message_row *rows, one;
	size_t n;

	kit_case(k, 1, CASE_WAITING, 0, 0);
	assert_int_equal(kit_run(k, words_run, NULL), 0);
	assert_int_equal(store_message_list(k->store, 1, -1, 10, NULL, true, &rows, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(rows[0].n, 0);
	assert_int_equal(rows[0].key_id[1], 2);
	assert_int_equal(rows[0].blob.bytes, sizeof(marker));
	assert_memory_equal(rows[0].blob.data, marker, sizeof(marker));
	assert_int_equal(rows[1].note_key, 5);
	assert_int_equal(rows[1].blob.bytes, 9000);
	assert_int_equal(store_message_list(k->store, 1, -1, 10, "message,reply", false, &rows, &n), 0);
	assert_int_equal(n, 1);
	assert_null(rows[0].blob.data);
	assert_int_equal(store_message_list(k->store, 1, 0, 10, NULL, false, &rows, &n), 0);
	assert_int_equal(n, 1);
	assert_string_equal(rows[0].kind, "note");
	assert_int_equal(store_message_get(k->store, 1, 1, &one), 0);
	assert_string_equal(one.alias, "x");
	assert_int_equal(store_message_get(k->store, 1, 2, &one), STORE_NONE);
}

static int twice_run(struct store *s, void *ctx)
{
	struct message_row row = { .case_id = 1, .n = 0, .kind = "message" };

	(void)ctx;
	return store_message_add(s, &row);
}

static void a_place_in_a_case_is_taken_once(void **state)
{
	struct kit *k = *state;

	assert_int_equal(kit_run(k, twice_run, NULL), 0);
	assert_int_equal(kit_run(k, twice_run, NULL), STORE_EXISTS);
}

static int marks_run(struct store *s, void *ctx)
{
	int *results = ctx;

	results[0] = store_message_seen(s, 1, 0);
	results[1] = store_message_seen(s, 1, 0);
	results[2] = store_message_recall(s, 1, 1);
	results[3] = store_message_recall(s, 1, 1);
	results[4] = store_message_screened(s, 1, 0, 2, "[\"r1\"]");
	results[5] = store_message_screened(s, 1, 9, 2, NULL);
	return 0;
}

static void seen_and_recalled_happen_once_and_recall_takes_the_words(void **state)
{
	struct kit *k = *state;
	struct message_row row;
	int results[6];

	kit_case(k, 1, CASE_WAITING, 0, 0);
	assert_int_equal(kit_run(k, words_run, NULL), 0);
	assert_int_equal(kit_run(k, marks_run, results), 0);
	assert_int_equal(results[0], 0);
	assert_int_equal(results[1], STORE_NONE);
	assert_int_equal(results[2], 0);
	assert_int_equal(results[3], STORE_NONE);
	assert_int_equal(results[4], 0);
	assert_int_equal(results[5], STORE_NONE);
	assert_int_equal(store_message_get(k->store, 1, 0, &row), 0);
	assert_true(row.seen_at && row.screened_at && row.risk == 2);
	assert_int_equal(store_message_get(k->store, 1, 1, &row), 0);
	assert_true(row.recalled_at);
	assert_non_null(row.blob.data);
	assert_int_equal(row.blob.bytes, 0);
}

static int wraps_run(struct store *s, void *ctx)
{
	struct wrap_row wrap = { .case_id = 1, .target = "desk", .note_key = 1, .blob = { "w", 1 } };
	int rc = 0;

	(void)ctx;
	for (wrap.desk = 1; !rc && wrap.desk <= 3; wrap.desk++)
		rc = store_wrap_put(s, &wrap);
	wrap.target = "caller";
	wrap.desk = 0;
	if (!rc)
		rc = store_wrap_put(s, &wrap);
	wrap.target = "desk";
	wrap.desk = 2;
	wrap.note_key = 77;
	if (!rc)
		rc = store_wrap_put(s, &wrap);
	return rc ? rc : store_wrap_delete_desks(s, 1, 2);
}

static void settling_the_desk_leaves_its_wraps_and_the_callers(void **state)
{
	struct kit *k = *state;
	struct wrap_row *rows, one;
	size_t n;

	assert_int_equal(kit_run(k, wraps_run, NULL), 0);
	assert_int_equal(store_wrap_list(k->store, 1, &rows, &n), 0);
	assert_int_equal(n, 3);
	assert_int_equal(store_wrap_get(k->store, 1, "desk", 2, 77, &one), 0);
	assert_int_equal(store_wrap_get(k->store, 1, "desk", 1, 1, &one), STORE_NONE);
	assert_int_equal(store_wrap_get(k->store, 1, "caller", 0, 1, &one), 0);
}

static int erase_run(struct store *s, void *ctx)
{
	(void)ctx;
	return store_case_erase(s, 1);
}

static void erased_words_are_gone_from_database_and_log(void **state)
{
	struct kit *k = *state;
	struct store_figures figures;
	struct message_row row;
	struct wrap_row *wraps;
	size_t n;

	clock_hold(1700000000000, 1000);
	kit_reopen(k);
	kit_case(k, 1, CASE_CLOSED, 0, 0);
	assert_int_equal(kit_run(k, words_run, NULL), 0);
	kit_reopen(k); /* so that the words are in the main file too */
	assert_true(kit_grep(k, marker, sizeof(marker)) >= 5);
	kit_reopen(k); /* kit_grep closed a descriptor of the file */
	assert_int_equal(kit_run(k, erase_run, NULL), 0);
	assert_int_equal(store_message_get(k->store, 1, 0, &row), 0);
	assert_non_null(row.blob.data);
	assert_int_equal(row.blob.bytes, 0);
	assert_int_equal(store_wrap_list(k->store, 1, &wraps, &n), 0);
	assert_int_equal(n, 0);
	store_figures(k->store, &figures);
	assert_int_equal(figures.erased_at, 1700000000000);
	assert_int_equal(store_checkpoint(k->store), 0); /* not yet: once a minute */
	store_figures(k->store, &figures);
	assert_true(figures.erased_at);
	clock_hold(1700000000000, 1000 + 60000);
	assert_int_equal(store_checkpoint(k->store), 0);
	store_figures(k->store, &figures);
	assert_int_equal(figures.erased_at, 0);
	assert_int_equal(figures.wal_bytes, 0);
	assert_int_equal(kit_grep(k, marker, sizeof(marker)), 0);
	clock_hold(-1, -1);
}

static void a_reader_in_the_way_only_delays_erasure(void **state)
{
	struct kit *k = *state;
	struct store *reader = NULL;
	struct store_figures figures;
	struct case_row row;
	char *why = NULL;

	clock_hold(1700000000000, 1000);
	kit_reopen(k);
	kit_case(k, 1, CASE_CLOSED, 0, 0);
	assert_int_equal(store_open_read(k->path, kit_key, &reader, &why), 0);
	assert_int_equal(store_read_begin(reader), 0);
	assert_int_equal(store_case_get(reader, 1, &row), 0);
	assert_int_equal(kit_run(k, erase_run, NULL), 0);
	clock_hold(1700000000000, 62000);
	assert_int_equal(store_checkpoint(k->store), 0);
	store_figures(k->store, &figures);
	assert_true(figures.erased_at);
	store_read_end(reader);
	clock_hold(1700000000000, 62000 + 5000);
	assert_int_equal(store_checkpoint(k->store), 0);
	store_figures(k->store, &figures);
	assert_int_equal(figures.erased_at, 0);
	store_close(&reader);
	clock_hold(-1, -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define RULE(f) cmocka_unit_test_setup_teardown(f, kit_begin, kit_end)
		RULE(messages_come_in_order_and_by_kind),
		RULE(a_place_in_a_case_is_taken_once),
		RULE(seen_and_recalled_happen_once_and_recall_takes_the_words),
		RULE(settling_the_desk_leaves_its_wraps_and_the_callers),
		RULE(erased_words_are_gone_from_database_and_log),
		RULE(a_reader_in_the_way_only_delays_erasure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
