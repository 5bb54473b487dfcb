/* SPDX-License-Identifier: Apache-2.0 */
/* The audit chain: a changed, a missing and a cut line are seen, and the hotline opens all the same. */
#include "store_kit.h"

#include "mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static int lines_run(struct store *s, void *ctx)
{
	int rc = 0;

	for (int i = 0; !rc && i < *(int *)ctx; i++)
		rc = store_audit_add(s, i % 3 ? 7 : 0, i % 2 ? "read" : "sign_in", i % 2 ? 40 + i % 4 : 0,
				     i % 5 ? NULL : "why");
	return rc;
}

static void lines(struct kit *k, int n)
{
	assert_int_equal(kit_run(k, lines_run, &n), 0);
}

static int64_t broken_at(struct kit *k)
{
	struct store_figures figures;

	store_figures(k->store, &figures);
	return figures.audit_broken_at;
}

static void the_chain_holds_over_batches_and_openings(void **state)
{
	struct kit *k = *state;
	int64_t last;
	bool end;

	lines(k, 30);
	lines(k, 1);
	kit_reopen(k);
	lines(k, 9);
	assert_int_equal(store_audit_verify(k->store, 0, 100, &last, &end), 0);
	assert_int_equal(last, 40);
	assert_true(end);
	assert_int_equal(store_audit_verify(k->store, 20, 5, &last, &end), 0);
	assert_int_equal(last, 25);
	assert_false(end);
	kit_reopen(k);
	assert_int_equal(broken_at(k), 0);
}

static void a_changed_line_is_named(void **state)
{
	static const char *const changes[] = { "staff = 8",    "act = 'x'",   "case_id = 1",
					       "detail = 'y'", "at = at + 1", "hash = zeroblob(32)" };
	struct kit *k = *state;
	char sql[128];
	int64_t last;
	bool end;

	lines(k, 20);
	kit_sql(k, "CREATE TABLE good AS SELECT * FROM audit");
	for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
		snprintf(sql, sizeof(sql), "UPDATE audit SET %s WHERE seq = 12", changes[i]);
		kit_sql(k, sql);
		assert_int_equal(store_audit_verify(k->store, 0, 100, &last, &end), STORE_TAMPERED);
		assert_int_equal(last, 12);
		kit_sql(k, "DELETE FROM audit; INSERT INTO audit SELECT * FROM good");
	}
}

static void a_missing_line_is_seen_at_opening(void **state)
{
	struct kit *k = *state;

	lines(k, 20);
	kit_shut(k);
	kit_sql(k, "DELETE FROM audit WHERE seq = 5");
	kit_reopen(k); /* the hotline opens: it is an alarm, not a closed door */
	assert_int_equal(broken_at(k), 5);
	lines(k, 1);
}

static void a_cut_tail_is_seen_at_opening(void **state)
{
	struct kit *k = *state;

	lines(k, 20);
	kit_shut(k);
	kit_sql(k, "DELETE FROM audit WHERE seq > 18");
	kit_reopen(k);
	assert_int_equal(broken_at(k), 19);
}

static void a_chain_made_anew_without_the_key_does_not_pass(void **state)
{
	struct kit *k = *state;

	lines(k, 3);
	kit_shut(k);
	kit_sql(k, "DELETE FROM audit; DELETE FROM meta WHERE name LIKE 'audit.%'; "
	           "INSERT INTO audit (seq, at, act, hash) VALUES (1, 5, 'nothing', zeroblob(32))");
	kit_reopen(k);
	assert_int_equal(broken_at(k), 1);
}

static void opening_verifies_from_the_last_mark_and_the_background_the_rest(void **state)
{
	struct kit *k = *state;
	int64_t damaged;
	bool more, done = false;
	int rc = 0;

	lines(k, 1500);
	assert_int_equal(store_housekeep(k->store, 100, &more), 0); /* moves the mark */
	lines(k, 10);
	kit_shut(k);
	kit_sql(k, "UPDATE audit SET act = 'x' WHERE seq = 700");
	kit_reopen(k);
	assert_int_equal(broken_at(k), 0);
	while (!done && rc != STORE_TAMPERED)
		rc = store_scrub(k->store, 300, &damaged, &done);
	assert_int_equal(rc, STORE_TAMPERED);
	assert_int_equal(broken_at(k), 700);
}

static void a_forged_mark_does_not_hide_a_changed_line(void **state)
{
	struct kit *k = *state;

	lines(k, 20);
	kit_shut(k);
	kit_sql(k, "UPDATE audit SET act = 'x' WHERE seq = 7; INSERT INTO meta (name, value) VALUES ('audit.checked', "
	           "'14 00000000000000000000000000000000')");
	kit_reopen(k);
	assert_int_equal(broken_at(k), 7);
}

static void lines_are_listed_newest_first_by_person_and_case(void **state)
{
	struct kit *k = *state;
	struct audit_row *rows;
	char next[STORE_CURSOR_BYTES];
	size_t n, pages = 0, seen = 0;

	lines(k, 30);
	next[0] = 0;
	do {
		assert_int_equal(store_audit_list(k->store, 0, 0, next, 7, &rows, &n, next), 0);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(rows[i].seq, 30 - (int64_t)seen++);
		pages++;
	} while (next[0]);
	assert_int_equal(seen, 30);
	assert_int_equal(pages, 5);
	assert_int_equal(store_audit_list(k->store, 7, 0, NULL, 100, &rows, &n, next), 0);
	assert_int_equal(n, 20);
	assert_int_equal(store_audit_list(k->store, 0, 41, NULL, 100, &rows, &n, next), 0);
	assert_int_equal(n, 8);
	assert_int_equal(store_audit_list(k->store, 7, 41, NULL, 100, &rows, &n, next), 0);
	assert_in_range(n, 1, 7);
	assert_int_equal(store_audit_list(k->store, 0, 0, "u.zz", 7, &rows, &n, next), STORE_REFUSED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define RULE(f) cmocka_unit_test_setup_teardown(f, kit_begin, kit_end)
		RULE(the_chain_holds_over_batches_and_openings),
		RULE(a_changed_line_is_named),
		RULE(a_missing_line_is_seen_at_opening),
		RULE(a_cut_tail_is_seen_at_opening),
		RULE(a_chain_made_anew_without_the_key_does_not_pass),
		RULE(opening_verifies_from_the_last_mark_and_the_background_the_rest),
		RULE(a_forged_mark_does_not_hide_a_changed_line),
		RULE(lines_are_listed_newest_first_by_person_and_case),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
