/* SPDX-License-Identifier: Apache-2.0 */
/* Opening: who may, what is refused with which sentence, and that nothing is overwritten on the way. */
#include "store_kit.h"

#include "clock.h"
#include "mem.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char *name_of(const struct kit *k, const char *tail)
{
	return mem_format("%s%s", k->path, tail);
}

static bool there(const struct kit *k, const char *tail)
{
	AUTO(mem_free) char *name = name_of(k, tail);

	return access(name, F_OK) == 0;
}

static void refused_saying(struct kit *k, const char *words)
{
	const char *why = kit_refusal(k);

	assert_non_null(why);
	if (!strstr(why, words))
		fail_msg("expected \"%s\" in: %s", words, why);
}

static void scratch(const struct kit *k, off_t at, const void *bytes, size_t n)
{
	int fd = open(k->path, O_WRONLY);

	assert_int_equal(pwrite(fd, bytes, n, at), n);
	close(fd);
}

static void a_second_writer_is_refused(void **state)
{
	struct kit *k = *state;
	struct store *second = NULL;
	AUTO(mem_free) char *why = NULL;

	assert_int_equal(store_open_write(k->path, kit_key, &second, &why), STORE_REFUSED);
	assert_null(second);
	assert_non_null(strstr(why, "Another router"));
	assert_int_equal(kit_case(k, 1, CASE_WAITING, 0, 0), 1); /* the first one is not disturbed */
}

static void what_was_stored_is_there_after_opening_again(void **state)
{
	struct kit *k = *state;
	int64_t id = kit_case(k, 1, CASE_WAITING, 2, 0);
	struct case_row row;

	kit_reopen(k);
	assert_int_equal(store_case_get(k->store, id, &row), 0);
	assert_int_equal(row.risk, 2);
}

static void the_number_of_commits_grows_over_openings(void **state)
{
	struct kit *k = *state;
	struct store_figures before, after;

	kit_case(k, 1, CASE_WAITING, 0, 0);
	store_figures(k->store, &before);
	kit_reopen(k);
	kit_case(k, 1, CASE_WAITING, 0, 0);
	store_figures(k->store, &after);
	assert_int_equal(after.commit_number, before.commit_number + 1);
}

static void a_newer_schema_is_refused(void **state)
{
	struct kit *k = *state;

	kit_shut(k);
	kit_sql(k, "PRAGMA user_version = 9999");
	refused_saying(k, "newer than this program's");
	assert_int_equal(kit_number(k, "PRAGMA user_version"), 9999);
}

static void a_database_of_another_program_is_refused(void **state)
{
	struct kit *k = *state;

	kit_shut(k);
	kit_sql(k, "PRAGMA application_id = 77");
	refused_saying(k, "another program");
}

static void an_empty_file_is_refused_and_left_alone(void **state)
{
	struct kit *k = *state;
	struct stat st;

	kit_case(k, 1, CASE_WAITING, 0, 0);
	kit_shut(k);
	assert_int_equal(truncate(k->path, 0), 0);
	refused_saying(k, "empty");
	assert_int_equal(stat(k->path, &st), 0);
	assert_int_equal(st.st_size, 0);
}

static void an_empty_file_without_a_history_is_refused_too(void **state)
{
	struct kit *k = *state;
	AUTO(mem_free) char *lock = name_of(k, ".lock");

	kit_shut(k);
	unlink(lock);
	assert_int_equal(truncate(k->path, 0), 0);
	refused_saying(k, "empty");
}

static void a_cut_file_is_refused(void **state)
{
	struct kit *k = *state;
	struct stat st;

	for (int i = 0; i < 50; i++)
		kit_case(k, 1, CASE_WAITING, 0, 0);
	kit_shut(k);
	assert_int_equal(stat(k->path, &st), 0);
	assert_int_equal(truncate(k->path, st.st_size / 2 / 4096 * 4096), 0);
	refused_saying(k, "damaged");
}

static void a_file_cut_inside_its_first_page_is_refused(void **state)
{
	struct kit *k = *state;

	kit_shut(k);
	assert_int_equal(truncate(k->path, 700), 0);
	refused_saying(k, "damaged");
}

static void a_scratched_header_is_refused(void **state)
{
	struct kit *k = *state;

	kit_shut(k);
	scratch(k, 0, "not a database, not at all", 26);
	refused_saying(k, "damaged");
}

static void a_corrupt_page_is_refused_with_a_sentence(void **state)
{
	struct kit *k = *state;
	char rubbish[4096];
	int64_t root;

	kit_case(k, 1, CASE_WAITING, 0, 0);
	root = kit_number(k, "SELECT rootpage FROM sqlite_schema WHERE name = 'cases'");
	kit_shut(k);
	memset(rubbish, 0xa5, sizeof(rubbish));
	scratch(k, (off_t)(root - 1) * 4096, rubbish, sizeof(rubbish));
	refused_saying(k, "damaged");
}

static void a_missing_database_that_was_made_before_is_refused(void **state)
{
	struct kit *k = *state;
	AUTO(mem_free) char *wal = name_of(k, "-wal");

	kit_shut(k);
	unlink(k->path);
	unlink(wal);
	refused_saying(k, "missing though it was made before");
	assert_false(there(k, ""));
}

/* Leaves as a killed router does: no close. */
static void killed_writer(struct kit *k)
{
	pid_t child;

	kit_shut(k);
	child = fork();
	if (child == 0) {
		char *why = NULL;

		if (store_open_write(k->path, kit_key, &k->store, &why))
			_exit(1);
		kit_case(k, 1, CASE_WAITING, 3, 0);
		_exit(0);
	}
	assert_true(child > 0 && waitpid(child, NULL, 0) == child);
}

static void what_was_acknowledged_survives_a_kill(void **state)
{
	struct kit *k = *state;
	struct case_row row;

	killed_writer(k);
	kit_reopen(k);
	assert_int_equal(store_case_get(k->store, 1, &row), 0);
	assert_int_equal(row.risk, 3);
}

static void a_lost_log_after_a_kill_is_refused(void **state)
{
	struct kit *k = *state;
	AUTO(mem_free) char *wal = name_of(k, "-wal");

	killed_writer(k);
	assert_int_equal(unlink(wal), 0);
	refused_saying(k, "write-ahead log");
	refused_saying(k, "write-ahead log"); /* and not by accident: it was not made by the first try */
}

static void the_log_stays_after_an_orderly_end(void **state)
{
	struct kit *k = *state;
	struct store *reader = NULL;
	char *why = NULL;
	struct case_row row;

	kit_case(k, 1, CASE_WAITING, 1, 0);
	kit_shut(k);
	assert_true(there(k, "-wal"));
	assert_int_equal(store_open_read(k->path, kit_key, &reader, &why), 0);
	assert_int_equal(store_case_get(reader, 1, &row), 0);
	store_close(&reader);
	assert_true(there(k, "-wal"));
}

/* The log of another store, of the same schema and in use: SQLite itself would take it. */
static void a_swapped_log_is_refused_and_not_worked_in(void **state)
{
	struct kit *k = *state, *other = NULL;
	AUTO(mem_free) char *wal = name_of(k, "-wal"), *theirs = NULL;
	void *second = NULL;

	kit_case(k, 1, CASE_WAITING, 2, 0);
	assert_int_equal(kit_begin(&second), 0);
	other = second;
	theirs = name_of(other, "-wal");
	killed_writer(other);
	kit_shut(k);
	assert_int_equal(rename(theirs, wal), 0);
	for (int i = 0; i < 2; i++) {
		const char *why = kit_refusal(k);

		assert_non_null(why);
		assert_true(strstr(why, "damaged") || strstr(why, "not the one that stood here"));
	}
	assert_int_equal(truncate(wal, 0),
			 0); /* the operator takes the foreign log away: nothing of it went into the file */
	kit_reopen(k);
	assert_int_equal(kit_number(k, "SELECT risk FROM cases"), 2);
	kit_end(&second);
}

static void another_database_in_its_place_is_refused(void **state)
{
	struct kit *k = *state, *other = NULL;
	void *second = NULL;

	assert_int_equal(kit_begin(&second), 0);
	other = second;
	kit_shut(k);
	kit_shut(other);
	assert_int_equal(rename(other->path, k->path), 0);
	refused_saying(k, "not the one that stood here");
	kit_end(&second);
}

static int insert_on(struct store *s, struct store_op *op)
{
	struct case_row row = { .desk = 1 };

	(void)op;
	return store_case_insert(s, &row);
}

static void a_reader_cannot_write(void **state)
{
	struct kit *k = *state;
	struct store_op op = { .run = insert_on };
	struct case_row row = { .desk = 1 };
	struct store *reader = NULL;
	char *why = NULL;

	assert_int_equal(store_open_read(k->path, kit_key, &reader, &why), 0);
	assert_int_equal(store_apply(reader, (struct store_op *const[]){ &op }, 1), STORE_NOT_DURABLE);
	assert_true(store_case_insert(reader, &row) < 0);
	assert_true(store_meta_set(reader, "a", "b") < 0);
	store_close(&reader);
	assert_int_equal(kit_number(k, "SELECT count(*) FROM cases"), 0);
}

static void a_reader_without_a_database_is_told_who_makes_it(void **state)
{
	struct kit *k = *state;
	AUTO(mem_free) char *path = mem_format("%s/none.db", k->dir), *why = NULL;
	struct store *reader = NULL;

	assert_int_equal(store_open_read(path, kit_key, &reader, &why), STORE_REFUSED);
	assert_non_null(strstr(why, "router"));
}

static void a_reader_sees_one_state_until_it_ends(void **state)
{
	struct kit *k = *state;
	struct store *reader = NULL;
	struct case_row row;
	char *why = NULL;

	assert_int_equal(store_open_read(k->path, kit_key, &reader, &why), 0);
	assert_int_equal(store_read_begin(reader), 0);
	assert_int_equal(store_case_get(reader, 1, &row), STORE_NONE);
	kit_case(k, 1, CASE_WAITING, 0, 0);
	assert_int_equal(store_case_get(reader, 1, &row), STORE_NONE);
	store_read_end(reader);
	assert_int_equal(store_case_get(reader, 1, &row), 0);
	store_close(&reader);
}

static void a_reader_that_stays_too_long_is_ended(void **state)
{
	struct kit *k = *state;
	struct store *reader = NULL;
	struct case_row row;
	char *why = NULL;

	clock_hold(1000000, 1000);
	assert_int_equal(store_open_read(k->path, kit_key, &reader, &why), 0);
	assert_int_equal(store_read_begin(reader), 0);
	assert_int_equal(store_case_get(reader, 1, &row), STORE_NONE);
	clock_hold(1003000, 4000);
	assert_int_equal(store_case_get(reader, 1, &row), -ETIMEDOUT);
	assert_int_equal(store_case_get(reader, 1, &row), -ETIMEDOUT);
	store_read_end(reader);
	assert_int_equal(store_case_get(reader, 1, &row), STORE_NONE);
	store_close(&reader);
	clock_hold(-1, -1);
}

/* An older release's file: ours by its mark, with tables, but version 0. */
static void before_the_schema_changes_a_copy_is_made(void **state)
{
	struct kit *k = *state;
	AUTO(mem_free) char *copy = NULL;

	kit_case(k, 1, CASE_WAITING, 0, 0);
	kit_shut(k);
	kit_sql(k, "PRAGMA user_version = 0");
	refused_saying(k, "stands as before"); /* its tables stand already: the change fails as a whole */
	copy = name_of(k, ".before-0001");
	assert_int_equal(access(copy, F_OK), 0);
	assert_int_equal(kit_number(k, "PRAGMA user_version"), 0);
	assert_int_equal(kit_number(k, "SELECT count(*) FROM cases"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define RULE(f) cmocka_unit_test_setup_teardown(f, kit_begin, kit_end)
		RULE(a_second_writer_is_refused),
		RULE(what_was_stored_is_there_after_opening_again),
		RULE(the_number_of_commits_grows_over_openings),
		RULE(a_newer_schema_is_refused),
		RULE(a_database_of_another_program_is_refused),
		RULE(an_empty_file_is_refused_and_left_alone),
		RULE(an_empty_file_without_a_history_is_refused_too),
		RULE(a_cut_file_is_refused),
		RULE(a_file_cut_inside_its_first_page_is_refused),
		RULE(a_scratched_header_is_refused),
		RULE(a_corrupt_page_is_refused_with_a_sentence),
		RULE(a_missing_database_that_was_made_before_is_refused),
		RULE(what_was_acknowledged_survives_a_kill),
		RULE(a_lost_log_after_a_kill_is_refused),
		RULE(a_swapped_log_is_refused_and_not_worked_in),
		RULE(another_database_in_its_place_is_refused),
		RULE(the_log_stays_after_an_orderly_end),
		RULE(a_reader_cannot_write),
		RULE(a_reader_without_a_database_is_told_who_makes_it),
		RULE(a_reader_sees_one_state_until_it_ends),
		RULE(a_reader_that_stays_too_long_is_ended),
		RULE(before_the_schema_changes_a_copy_is_made),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
