/* SPDX-License-Identifier: Apache-2.0 */
/* The secrets of a case come from one seed: a retry finds the same, anything else another; and what the bus is told of
 * it. */
#include "seal.h"

#include "text.h"
#include "ticket.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t replay[32] = { 9, 8, 7 }, replay_next[32] = { 9, 8, 6 };

static void derive(const uint8_t key[32], const char *idem, const char *body, struct seal_case *out)
{
	seal_case_derive(key, idem, strlen(idem), body, strlen(body), out);
}

static void an_honest_retry_makes_the_same_case_and_receipt(void **state)
{
	char first[RECEIPT_TEXT_BYTES], again[RECEIPT_TEXT_BYTES];
	struct seal_case a, b;

	(void)state;
	derive(replay, "key-1", "{\"text\":\"hello\"}", &a);
	derive(replay, "key-1", "{\"text\":\"hello\"}", &b);
	assert_memory_equal(a.case_key, b.case_key, 32);
	assert_memory_equal(a.note_key, b.note_key, 32);
	assert_memory_equal(a.uid, b.uid, 16);
	assert_int_equal(a.note_number, SEAL_NOTE_NUMBER_FIRST);
	receipt_write(a.receipt_seed, first);
	receipt_write(b.receipt_seed, again);
	assert_string_equal(first, again);
}

static void another_key_body_or_replay_key_makes_another_case(void **state)
{
	static const struct {
		const uint8_t *key;
		const char *idem, *body;
	} others[] = { { replay, "key-2", "body" },
		       { replay, "key-1", "bodx" },
		       { replay_next, "key-1", "body" },
		       { replay, "key-1b", "ody" },
		       { replay, "", "key-1body" } };
	struct seal_case a, b;

	(void)state;
	derive(replay, "key-1", "body", &a);
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		derive(others[i].key, others[i].idem, others[i].body, &b);
		assert_memory_not_equal(a.case_key, b.case_key, 32);
		assert_memory_not_equal(a.note_key, b.note_key, 32);
		assert_memory_not_equal(a.uid, b.uid, 16);
		assert_memory_not_equal(a.receipt_seed, b.receipt_seed, 8);
	}
}

static void the_parts_of_a_case_share_no_bytes(void **state)
{
	struct seal_case c;

	(void)state;
	derive(replay, "key-1", "body", &c);
	assert_memory_not_equal(c.case_key, c.note_key, 32);
	assert_memory_not_equal(c.case_key, c.uid, 16);
	assert_memory_not_equal(c.uid, c.receipt_seed, 8);
}

/* The derivation is a promise to everybody who wrote yesterday: this value must never change. */
static void the_derivation_stays_what_it_was(void **state)
{
	char hex[33];
	struct seal_case c;

	(void)state;
	derive(replay, "key-1", "body", &c);
	hex_write(hex, c.uid, 16);
	assert_string_equal(hex, "efa2931bd30a6c4cf01dd6e00f1c7f9a");
	hex_write(hex, c.receipt_seed, 8);
	assert_string_equal(hex, "c7ba4c7921c700a6");
}

static void the_bus_is_told_key_and_digest_apart(void **state)
{
	struct seal_idem a, b;

	(void)state;
	seal_idem_make(replay, "k", 1, "body", 4, &a);
	seal_idem_make(replay, "k", 1, "bodx", 4, &b);
	assert_memory_equal(a.key, b.key, 32);
	assert_memory_not_equal(a.digest, b.digest, 32);
	seal_idem_make(replay, "l", 1, "body", 4, &b);
	assert_memory_not_equal(a.key, b.key, 32);
	assert_memory_equal(a.digest, b.digest, 32);
	seal_idem_make(replay_next, "k", 1, "body", 4, &b);
	assert_memory_not_equal(a.key, b.key, 32);
	assert_memory_not_equal(a.digest, b.digest, 32);
	seal_idem_make(replay, "same", 4, "same", 4, &b);
	assert_memory_not_equal(b.key, b.digest, 32);
}

static void a_fresh_note_key_never_takes_the_first_number(void **state)
{
	uint8_t a[32], b[32];
	uint32_t m, n;

	(void)state;
	for (int i = 0; i < 100; i++) {
		seal_note_key_new(a, &m);
		seal_note_key_new(b, &n);
		assert_memory_not_equal(a, b, 32);
		assert_true(m > SEAL_NOTE_NUMBER_FIRST && n > SEAL_NOTE_NUMBER_FIRST);
	}
}

static void who_does_not_exist_always_gets_the_same_fake(void **state)
{
	uint8_t a[16], b[16];

	(void)state;
	seal_fake(replay, "uid", "YT-0000-0001", a);
	seal_fake(replay, "uid", "YT-0000-0001", b);
	assert_memory_equal(a, b, 16);
	seal_fake(replay, "uid", "YT-0000-0002", b);
	assert_memory_not_equal(a, b, 16);
	seal_fake(replay, "salt", "YT-0000-0001", b);
	assert_memory_not_equal(a, b, 16);
	seal_fake(replay_next, "uid", "YT-0000-0001", b);
	assert_memory_not_equal(a, b, 16);
}

static void a_desk_payload_carries_both_keys_and_the_number(void **state)
{
	uint8_t payload[SEAL_DESK_PAYLOAD_BYTES];
	struct seal_case a, b = { .uid = { 5 } };

	(void)state;
	derive(replay, "key-1", "body", &a);
	a.note_number = 0xfedcba98;
	seal_desk_payload_write(&a, payload);
	seal_desk_payload_read(payload, &b);
	assert_memory_equal(a.case_key, b.case_key, 32);
	assert_memory_equal(a.note_key, b.note_key, 32);
	assert_int_equal(b.note_number, 0xfedcba98);
	assert_int_equal(b.uid[0], 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_honest_retry_makes_the_same_case_and_receipt),
		cmocka_unit_test(another_key_body_or_replay_key_makes_another_case),
		cmocka_unit_test(the_parts_of_a_case_share_no_bytes),
		cmocka_unit_test(the_derivation_stays_what_it_was),
		cmocka_unit_test(the_bus_is_told_key_and_digest_apart),
		cmocka_unit_test(a_fresh_note_key_never_takes_the_first_number),
		cmocka_unit_test(who_does_not_exist_always_gets_the_same_fake),
		cmocka_unit_test(a_desk_payload_carries_both_keys_and_the_number),
	};

	if (seal_init())
		return 1;
	return cmocka_run_group_tests_name("seal_case", tests, NULL, NULL);
}
