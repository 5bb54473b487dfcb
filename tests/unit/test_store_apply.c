/* SPDX-License-Identifier: Apache-2.0 */
/* Batches: what stands, what is undone, what is said when nothing could be kept. */
#include "store_kit.h"

#include "clock.h"
#include "mem.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* One operation: makes a case of `desk`, writes an audit line and keeps an answer, then ends with `end`. */
struct act { struct store_op op; int64_t desk, id, now; int end; uint8_t key[STORE_HASH_BYTES]; };

static int act_run(struct store *s, struct store_op *op)
{
	struct act *a = (struct act *)op;
	struct case_row row = { .site = 1, .desk = a->desk, .state = CASE_WAITING };
	struct answer_row answer = { .status = 201, .body = "{\"a\":1}" };
	int rc;

	a->now = store_now(s);
	if (op->validates && a->end > 0)
		return a->end;
	rc = store_case_insert(s, &row);
	if (!rc)
		rc = store_audit_add(s, 7, "test", row.id, "");
	memcpy(answer.key, a->key, sizeof(answer.key));
	if (!rc)
		rc = store_answer_keep(s, &answer);
	a->id = row.id;
	return rc ? rc : a->end;
}

static int apply2(struct kit *k, struct act *a, struct act *b)
{
	a->op.run = b->op.run = act_run;
	return store_apply(k->store, (struct store_op *const[]){ &a->op, &b->op }, 2);
}

static void a_refused_operation_is_undone_and_the_others_stand(void **state)
{
	struct kit *k = *state;
	struct act refused = { .desk = 1, .end = 409 }, kept = { .desk = 2 };
	struct case_count *counts;
	struct case_row row;
	int64_t last;
	bool end;
	size_t n;

	assert_int_equal(apply2(k, &refused, &kept), 0);
	assert_int_equal(refused.op.result, 409);
	assert_int_equal(kept.op.result, 0);
	assert_int_equal(kept.id, 1); /* the number of the one undone is free again */
	assert_int_equal(store_case_get(k->store, kept.id, &row), 0);
	assert_int_equal(row.desk, 2);
	assert_int_equal(kit_number(k, "SELECT count(*) FROM audit"), 1);
	assert_int_equal(store_audit_verify(k->store, 0, 10, &last, &end), 0);
	assert_int_equal(last, 1);
	assert_int_equal(store_case_count(k->store, 1, &counts, &n), 0);
	assert_int_equal(n, 0);
	assert_int_equal(store_case_count(k->store, 2, &counts, &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(counts[0].cases, 1);
}

static void a_fault_takes_the_whole_batch_back(void **state)
{
	struct kit *k = *state;
	struct act kept = { .desk = 1, .key = { 1 } }, broken = { .desk = 1, .end = -EIO };
	struct store_figures figures;
	int64_t last;
	bool end;

	assert_int_equal(apply2(k, &kept, &broken), STORE_NOT_DURABLE);
	assert_int_equal(kept.op.result, STORE_NOT_DURABLE);
	assert_int_equal(broken.op.result, STORE_NOT_DURABLE);
	assert_int_equal(kit_number(k, "SELECT (SELECT count(*) FROM cases) + (SELECT count(*) FROM audit) + (SELECT "
				       "count(*) FROM counts)"),
			 0);
	assert_int_equal(kit_case(k, 1, CASE_WAITING, 0, 0), 1);
	assert_int_equal(store_audit_verify(k->store, 0, 10, &last, &end), 0);
	store_figures(k->store, &figures);
	assert_int_equal(figures.not_durable, 2);
	assert_int_equal(figures.commits, 1);
}

static int bad_row_run(struct store *s, struct store_op *op)
{
	struct case_row row = { .desk = 1, .risk = 9 }; /* the schema knows 0 to 3 */

	(void)op;
	return store_case_insert(s, &row);
}

static void a_row_the_schema_refuses_takes_only_its_own_operation(void **state)
{
	struct kit *k = *state;
	struct act kept = { .op = { .run = act_run }, .desk = 1 };
	struct store_op bad = { .run = bad_row_run };

	assert_int_equal(store_apply(k->store, (struct store_op *const[]){ &bad, &kept.op }, 2), 0);
	assert_int_equal(bad.result, STORE_NOT_DURABLE);
	assert_int_equal(kept.op.result, 0);
	assert_int_equal(kit_number(k, "SELECT count(*) FROM cases"), 1);
}

static void an_operation_that_validates_needs_no_savepoint(void **state)
{
	struct kit *k = *state;
	struct act refused = { .op = { .validates = true }, .end = 404 },
		   kept = { .op = { .validates = true }, .desk = 1 };

	assert_int_equal(apply2(k, &refused, &kept), 0);
	assert_int_equal(refused.op.result, 404);
	assert_int_equal(kept.op.result, 0);
	assert_int_equal(kit_number(k, "SELECT count(*) FROM cases"), 1);
}

static int writes_then_refuses(struct store *s, struct store_op *op)
{
	struct case_row row = { .desk = 1 };

	(void)op;
	return store_case_insert(s, &row) ? -EIO : 409;
}

static void one_that_said_it_validates_but_wrote_first_is_a_fault(void **state)
{
	struct kit *k = *state;
	struct act kept = { .op = { .run = act_run }, .desk = 1 };
	struct store_op liar = { .run = writes_then_refuses, .validates = true };

	assert_int_equal(store_apply(k->store, (struct store_op *const[]){ &kept.op, &liar }, 2), STORE_NOT_DURABLE);
	assert_int_equal(kit_number(k, "SELECT count(*) FROM cases"), 0);
}

static void the_clock_stands_still_for_a_batch(void **state)
{
	struct kit *k = *state;
	struct act a = { .desk = 1 }, b = { .desk = 1 };

	assert_int_equal(apply2(k, &a, &b), 0);
	assert_int_equal(a.now, b.now);
	clock_hold(a.now + 5000, 1);
	assert_int_equal(store_now(k->store), a.now + 5000);
	clock_hold(-1, -1);
}

static void an_empty_batch_is_nothing(void **state)
{
	struct kit *k = *state;

	assert_int_equal(store_apply(k->store, NULL, 0), 0);
}

/* ---- idempotency ---- */

struct ask { const uint8_t *key; int found, status; };

static int ask_run(struct store *s, void *ctx)
{
	struct ask *a = ctx;
	struct answer_row row;

	a->found = store_answer_find(s, a->key, &row);
	a->status = a->found ? 0 : row.status;
	return a->found < 0 ? a->found : 0;
}

static int ask(struct kit *k, const uint8_t key[STORE_HASH_BYTES])
{
	struct ask a = { .key = key };

	assert_int_equal(kit_run(k, ask_run, &a), 0);
	return a.found ? a.found : a.status;
}

static void the_first_answer_to_a_key_is_found_again(void **state)
{
	struct kit *k = *state;
	struct act a = { .desk = 1, .key = "first" }, refused = { .desk = 1, .end = 409, .key = "second" };

	assert_int_equal(apply2(k, &a, &refused), 0);
	assert_int_equal(ask(k, a.key), 201);
	assert_int_equal(ask(k, refused.key), STORE_NONE); /* it was undone with its operation */
	kit_reopen(k);
	assert_int_equal(ask(k, a.key), 201);
}

static int keep_and_ask(struct store *s, void *ctx)
{
	struct answer_row row = { .key = "same batch", .status = 200 }, found;

	(void)ctx;
	if (store_answer_keep(s, &row) || store_answer_find(s, row.key, &found))
		return -EIO;
	return found.status == 200 ? 0 : 1;
}

static void an_answer_is_found_within_its_own_batch(void **state)
{
	assert_int_equal(kit_run(*state, keep_and_ask, NULL), 0);
}

static void keys_with_the_same_beginning_are_told_apart(void **state)
{
	struct kit *k = *state;
	struct act a = { .desk = 1, .key = "12345678 a" }, b = { .desk = 1, .key = "12345678 b" };

	a.op.run = b.op.run = act_run;
	assert_int_equal(store_apply(k->store, (struct store_op *const[]){ &a.op }, 1), 0);
	assert_int_equal(ask(k, a.key), 201);
	assert_int_equal(ask(k, b.key), STORE_NONE);
	assert_int_equal(store_apply(k->store, (struct store_op *const[]){ &b.op }, 1), 0);
	assert_int_equal(ask(k, b.key), 201);
}

static int keep_many(struct store *s, void *ctx)
{
	int rc = 0;

	(void)ctx;
	for (int i = 0; !rc && i < 2500; i++) {
		struct answer_row row = { .status = 201 };

		memcpy(row.key, &i, sizeof(i));
		row.key[9] = 1;
		rc = store_answer_keep(s, &row);
	}
	return rc;
}

static void answers_are_forgotten_after_a_day_in_small_slices(void **state)
{
	struct kit *k = *state;
	uint8_t key[STORE_HASH_BYTES] = { [0] = 7, [9] = 1 };
	bool more = true;
	int rounds = 0;

	clock_hold(1700000000000, 1);
	assert_int_equal(kit_run(k, keep_many, NULL), 0);
	assert_int_equal(ask(k, key), 201);
	clock_hold(1700000000000 + 24 * 3600 * 1000 + 1, 2);
	assert_int_equal(ask(k, key), STORE_NONE);
	for (; more; rounds++)
		assert_int_equal(store_housekeep(k->store, 1000, &more), 0);
	assert_int_equal(rounds, 3);
	assert_int_equal(kit_number(k, "SELECT count(*) FROM answers"), 0);
	clock_hold(-1, -1);
}

/* ---- a full disk ---- */

struct fat { struct store_op op; char *data; };

static int fat_run(struct store *s, struct store_op *op)
{
	struct fat *f = (struct fat *)op;
	struct message_row row = { .case_id = 1, .n = -1, .kind = "message", .blob = { f->data, 200000 } };

	return store_message_add(s, &row);
}

static int light_run(struct store *s, struct store_op *op)
{
	(void)op;
	return store_meta_set(s, "room", "made");
}

static void a_full_disk_answers_not_durable_and_intake_resumes_by_itself(void **state)
{
	struct kit *k = *state;
	AUTO(mem_free) char *ballast = mem_format("%s.ballast", k->path);
	AUTO(mem_free) char *data = mem_new(200000);
	struct fat fat = { .op = { .run = fat_run }, .data = data };
	struct act small = { .op = { .run = act_run }, .desk = 1 };
	struct store_op light = { .run = light_run, .makes_room = true };
	struct store_figures figures;

	assert_int_equal(access(ballast, F_OK), 0);
	store_limit_pages(k->store, kit_number(k, "PRAGMA page_count") + 10);
	assert_int_equal(store_apply(k->store, (struct store_op *const[]){ &small.op, &fat.op }, 2), STORE_NOT_DURABLE);
	assert_int_equal(small.op.result, STORE_NOT_DURABLE);
	assert_int_equal(kit_number(k, "SELECT count(*) FROM cases"), 0);
	store_figures(k->store, &figures);
	assert_true(figures.full);
	assert_int_not_equal(access(ballast, F_OK), 0); /* released */
	assert_int_equal(store_apply(k->store, (struct store_op *const[]){ &small.op, &light }, 2), 0);
	assert_int_equal(small.op.result, STORE_NOT_DURABLE); /* only what makes room is taken */
	assert_int_equal(light.result, 0);
	store_limit_pages(k->store, 0);
	assert_int_equal(store_checkpoint(k->store), 0);
	assert_int_equal(store_apply(k->store, (struct store_op *const[]){ &small.op, &fat.op }, 2), 0);
	assert_int_equal(small.op.result, 0);
	assert_int_equal(access(ballast, F_OK), 0);
}

/* ---- a disk that fails ---- */

static int erase_run(struct store *s, void *ctx)
{
	(void)ctx;
	return store_case_erase(s, 1);
}

static bool sync_fails;

/* Stands in front of the C library's: SQLite calls it at COMMIT and checkpoint. */
int fdatasync(int fd)
{
	if (sync_fails) {
		errno = EIO;
		return -1;
	}
	return fsync(fd);
}

static void a_commit_whose_fsync_failed_is_unknown_and_nothing_more_is_taken(void **state)
{
	struct kit *k = *state;
	struct act a = { .desk = 1 }, b = { .desk = 1 };

	sync_fails = true;
	assert_int_equal(apply2(k, &a, &b), STORE_UNKNOWN_OUTCOME);
	assert_int_equal(a.op.result, STORE_UNKNOWN_OUTCOME);
	sync_fails = false;
	assert_int_equal(apply2(k, &a, &b), STORE_UNKNOWN_OUTCOME); /* never tried again: restart and replay */
	assert_int_equal(store_checkpoint(k->store), STORE_UNKNOWN_OUTCOME);
	kit_reopen(k);
	assert_int_equal(apply2(k, &a, &b), 0);
}

static void a_checkpoint_whose_fsync_failed_stops_the_store(void **state)
{
	struct kit *k = *state;
	struct act a = { .desk = 1 }, b = { .desk = 1 };

	clock_hold(1700000000000, 1000);
	kit_reopen(k);
	assert_int_equal(apply2(k, &a, &b), 0);
	assert_int_equal(kit_run(k, erase_run, NULL), 0);
	clock_hold(1700000000000, 1000 + 61000);
	sync_fails = true;
	assert_int_equal(store_checkpoint(k->store), STORE_UNKNOWN_OUTCOME);
	sync_fails = false;
	assert_int_equal(apply2(k, &a, &b), STORE_UNKNOWN_OUTCOME);
	clock_hold(-1, -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define RULE(f) cmocka_unit_test_setup_teardown(f, kit_begin, kit_end)
		RULE(a_refused_operation_is_undone_and_the_others_stand),
		RULE(a_fault_takes_the_whole_batch_back),
		RULE(a_row_the_schema_refuses_takes_only_its_own_operation),
		RULE(an_operation_that_validates_needs_no_savepoint),
		RULE(one_that_said_it_validates_but_wrote_first_is_a_fault),
		RULE(the_clock_stands_still_for_a_batch),
		RULE(an_empty_batch_is_nothing),
		RULE(the_first_answer_to_a_key_is_found_again),
		RULE(an_answer_is_found_within_its_own_batch),
		RULE(keys_with_the_same_beginning_are_told_apart),
		RULE(answers_are_forgotten_after_a_day_in_small_slices),
		RULE(a_commit_whose_fsync_failed_is_unknown_and_nothing_more_is_taken),
		RULE(a_checkpoint_whose_fsync_failed_stops_the_store),
		RULE(a_full_disk_answers_not_durable_and_intake_resumes_by_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
