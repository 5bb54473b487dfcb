/* SPDX-License-Identifier: Apache-2.0 */
/* Leases: one a job, named by a token, ending in order; and how long a failed job waits. */
#include "lease.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { MANY = 3000 };

static const char *token_of(int n)
{
	static char token[LEASE_TOKEN_BYTES];

	snprintf(token, sizeof(token), "%08x%08x%016x", (unsigned)n * 2654435761U, (unsigned)n, 7U);
	return token;
}

static int made(void **state)
{
	*state = lease_table_new();
	return 0;
}

static int unmade(void **state)
{
	struct lease_table *t = *state;

	lease_table_free(&t);
	assert_null(t);
	lease_table_free(&t);
	return 0;
}

static void a_job_is_leased_once_and_found_by_its_token(void **state)
{
	struct lease_table *t = *state;
	struct lease *lease = lease_grant(t, token_of(1), 41, 2, 1000, 500);

	assert_non_null(lease);
	assert_int_equal(lease->job, 41);
	assert_int_equal(lease->attempts, 2);
	assert_int_equal(lease->until_ms, 1500);
	assert_ptr_equal(lease_find(t, token_of(1)), lease);
	assert_null(lease_find(t, token_of(2)));
	assert_null(lease_find(t, ""));
	assert_true(lease_holds_job(t, 41));
	assert_false(lease_holds_job(t, 42));
	assert_null(lease_grant(t, token_of(2), 41, 3, 1000, 500)); /* leased already */
	assert_null(lease_grant(t, token_of(1), 42, 1, 1000, 500)); /* a token names one lease */
	assert_null(lease_grant(t, "short", 43, 1, 1000, 500));
	assert_int_equal(lease_count(t), 1);
}

static void a_lease_ends_when_its_time_is_over_and_not_before(void **state)
{
	struct lease_table *t = *state;

	assert_int_equal(lease_next_ms(t), -1);
	assert_null(lease_expired(t, INT64_MAX));
	assert_non_null(lease_grant(t, token_of(1), 1, 1, 1000, 500));
	assert_int_equal(lease_next_ms(t), 1500);
	assert_null(lease_expired(t, 1499));
	assert_non_null(lease_expired(t, 1500));
	assert_int_equal(lease_expired(t, 1500)->job, 1);
}

static void progress_renews_a_lease(void **state)
{
	struct lease_table *t = *state;
	struct lease *a = lease_grant(t, token_of(1), 1, 1, 0, 100), *b = lease_grant(t, token_of(2), 2, 1, 0, 200);

	lease_renew(t, a, 50, 300);
	assert_int_equal(lease_next_ms(t), 200);
	assert_ptr_equal(lease_expired(t, 200), b);
	lease_renew(t, b, 0, 10); /* a shorter one comes forward again */
	lease_renew(t, a, 0, 5);
	assert_ptr_equal(lease_expired(t, 1000), a);
}

static void an_ended_lease_is_forgotten_and_its_job_free(void **state)
{
	struct lease_table *t = *state;
	struct lease *lease = lease_grant(t, token_of(1), 1, 1, 0, 100), *nothing = NULL;

	lease_end(t, &nothing);
	lease_end(t, &lease);
	assert_null(lease);
	assert_int_equal(lease_count(t), 0);
	assert_null(lease_find(t, token_of(1)));
	assert_false(lease_holds_job(t, 1));
	assert_null(lease_expired(t, INT64_MAX));
	assert_non_null(lease_grant(t, token_of(1), 1, 2, 0, 100)); /* the same again, later */
}

static void leases_end_in_order_whatever_happens_between(void **state)
{
	struct lease_table *t = *state;
	int64_t last = 0;
	size_t ended = 0;

	for (int i = 0; i < MANY; i++)
		assert_non_null(lease_grant(t, token_of(i), i + 1, 1, 0, 1 + (int64_t)i * 7919 % 4096));
	for (int i = 0; i < MANY; i += 3) /* some work on, some give up */
		lease_renew(t, lease_find(t, token_of(i)), 4096, 1 + (int64_t)i * 104729 % 4096);
	for (int i = 1; i < MANY; i += 3) {
		struct lease *lease = lease_find(t, token_of(i));

		lease_end(t, &lease);
	}
	assert_int_equal(lease_count(t), MANY - MANY / 3);
	for (struct lease *first; (first = lease_expired(t, 100000)); ended++) {
		assert_true(first->until_ms >= last);
		assert_int_equal(first->until_ms, lease_next_ms(t));
		assert_ptr_equal(lease_find(t, first->token), first);
		last = first->until_ms;
		lease_end(t, &first);
	}
	assert_int_equal(ended, MANY - MANY / 3);
	for (int i = 0; i < MANY; i++) {
		assert_null(lease_find(t, token_of(i)));
		assert_false(lease_holds_job(t, i + 1));
	}
}

static void leases_that_end_together_end_in_the_order_of_their_jobs(void **state)
{
	struct lease_table *t = *state;

	for (int i = 20; i > 0; i--)
		assert_non_null(lease_grant(t, token_of(i), i, 1, 0, 100));
	for (int i = 1; i <= 20; i++) {
		struct lease *first = lease_expired(t, 100);

		assert_int_equal(first->job, i);
		lease_end(t, &first);
	}
}

static void a_failed_job_waits_twice_as_long_each_time_at_most_half_a_minute(void **state)
{
	static const int64_t wait[] = { 0, 500, 1000, 2000, 4000, 8000, 16000, 30000, 30000 };

	(void)state;
	for (int64_t i = 0; i < 9; i++)
		assert_int_equal(lease_backoff_ms(i, 500), wait[i]);
	assert_int_equal(lease_backoff_ms(INT64_MAX, 500), 30000);
	assert_int_equal(lease_backoff_ms(1, 60000), 30000);
	assert_int_equal(lease_backoff_ms(-1, 500), 0);
}

static void a_job_that_failed_as_often_as_allowed_is_parked_for_a_person(void **state)
{
	(void)state;
	assert_false(lease_spent(0, 3));
	assert_false(lease_spent(2, 3));
	assert_true(lease_spent(3, 3));
	assert_true(lease_spent(4, 3));
}

#define LEASED(rule) cmocka_unit_test_setup_teardown(rule, made, unmade)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LEASED(a_job_is_leased_once_and_found_by_its_token),
		LEASED(a_lease_ends_when_its_time_is_over_and_not_before),
		LEASED(progress_renews_a_lease),
		LEASED(an_ended_lease_is_forgotten_and_its_job_free),
		LEASED(leases_end_in_order_whatever_happens_between),
		LEASED(leases_that_end_together_end_in_the_order_of_their_jobs),
		cmocka_unit_test(a_failed_job_waits_twice_as_long_each_time_at_most_half_a_minute),
		cmocka_unit_test(a_job_that_failed_as_often_as_allowed_is_parked_for_a_person),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
