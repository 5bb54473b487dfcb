/* SPDX-License-Identifier: Apache-2.0 */
/* The primitives of the sealing door: hashes that keep uses apart, strict base64url, boxes that open only where they
 * belong. */
#include "seal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t key_a[32] = { 1, 2, 3 }, key_b[32] = { 1, 2, 4 };

static void random_bytes_differ_and_ids_fit_a_column(void **state)
{
	uint8_t a[32] = { 0 }, b[32] = { 0 };

	(void)state;
	seal_random(a, sizeof(a));
	seal_random(b, sizeof(b));
	assert_false(seal_same(a, b, sizeof(a)));
	assert_true(seal_same(a, a, sizeof(a)));
	for (int i = 0; i < 1000; i++) {
		uint64_t id = seal_random_id();

		assert_true(id > 0 && id <= INT64_MAX);
	}
}

static void wiped_memory_holds_nothing(void **state)
{
	uint8_t a[32], zero[32] = { 0 };

	(void)state;
	seal_random(a, sizeof(a));
	seal_wipe(a, sizeof(a));
	assert_memory_equal(a, zero, sizeof(a));
}

static void locked_memory_is_zeroed_aligned_and_can_be_given_back(void **state)
{
	static const size_t sizes[] = { 0, 1, 32, 33, 4096, 100000 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		uint8_t *p = seal_locked_new(sizes[i]);

		assert_int_equal((uintptr_t)p % 64, 0);
		for (size_t j = 0; j < sizes[i]; j++)
			assert_int_equal(p[j], 0);
		memset(p, 7, sizes[i]);
		seal_locked_free(&p);
		assert_null(p);
		seal_locked_free(&p);
	}
}

static void a_hash_depends_on_key_label_data_and_length(void **state)
{
	uint8_t a[32], b[32];

	(void)state;
	seal_hash(a, 32, key_a, "label", "data", 4);
	seal_hash(b, 32, key_a, "label", "data", 4);
	assert_memory_equal(a, b, 32);
	seal_hash(b, 32, key_b, "label", "data", 4);
	assert_memory_not_equal(a, b, 32);
	seal_hash(b, 32, NULL, "label", "data", 4);
	assert_memory_not_equal(a, b, 32);
	seal_hash(b, 32, key_a, "labe", "ldata", 5); /* the label's end is not where it looks */
	assert_memory_not_equal(a, b, 32);
	seal_hash(b, 16, key_a, "label", "data", 4);
	assert_memory_not_equal(a, b, 16);
}

static void a_hash_in_pieces_is_the_hash_of_the_whole(void **state)
{
	uint8_t whole[64], pieces[64];
	struct seal_hash h;

	(void)state;
	seal_hash(whole, 64, NULL, "x", "one two three", 13);
	seal_hash_begin(&h, 64, NULL, "x");
	seal_hash_add(&h, "one ", 4);
	seal_hash_add(&h, NULL, 0);
	seal_hash_add(&h, "two three", 9);
	seal_hash_end(&h, pieces);
	assert_memory_equal(whole, pieces, 64);
}

static void subkeys_of_other_numbers_and_contexts_are_other_keys(void **state)
{
	uint8_t a[32], b[32];

	(void)state;
	seal_subkey(key_a, 1, "contexta", a, 32);
	seal_subkey(key_a, 2, "contexta", b, 32);
	assert_memory_not_equal(a, b, 32);
	seal_subkey(key_a, 1, "contextb", b, 32);
	assert_memory_not_equal(a, b, 32);
	seal_subkey(key_b, 1, "contexta", b, 32);
	assert_memory_not_equal(a, b, 32);
	seal_subkey(key_a, 1, "contexta", b, 32);
	assert_memory_equal(a, b, 32);
}

static void base64url_goes_and_comes_back(void **state)
{
	uint8_t in[100], out[100];
	char text[SEAL_BASE64_BYTES(100)];
	size_t n = 0;

	(void)state;
	for (size_t bytes = 0; bytes <= sizeof(in); bytes++) {
		seal_random(in, bytes);
		seal_base64_write(text, in, bytes);
		assert_int_equal(strlen(text) + 1, SEAL_BASE64_BYTES(bytes));
		assert_null(strpbrk(text, "+/="));
		assert_int_equal(seal_base64_read(text, strlen(text), out, sizeof(out), &n), 0);
		assert_int_equal(n, bytes);
		assert_memory_equal(in, out, bytes);
	}
}

static void base64url_of_another_shape_is_refused(void **state)
{
	static const char *const bad[] = {
		"A", "AB=", "AB==", "A+B/", "AAA A", "QUJ", "AAB" /* stray bits at the end */, "AAAA\n", "=", "ÄA"
	};
	uint8_t out[16];
	size_t n;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(seal_base64_read(bad[i], strlen(bad[i]), out, sizeof(out), &n), SEAL_MALFORMED);
	for (int c = 0; c < 256; c++) /* no byte outside the alphabet passes for a digit */
		if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", c) || !c) {
			const char text[4] = { 'A', (char)c, 'A', 'A' };

			assert_int_equal(seal_base64_read(text, 4, out, sizeof(out), &n), SEAL_MALFORMED);
		}
	assert_int_equal(seal_base64_read("AA\0A", 4, out, sizeof(out), &n), SEAL_MALFORMED);
	assert_int_equal(seal_base64_read("AAAAAAAAAAAAAAAAAAAAAAAAAAAA", 28, out, sizeof(out), &n), SEAL_TOO_LONG);
}

static void a_pair_comes_back_from_its_secret(void **state)
{
	struct seal_pair a, b;

	(void)state;
	seal_pair_new(&a);
	seal_pair_from(a.secret, &b);
	assert_memory_equal(a.public, b.public, 32);
	assert_memory_equal(a.secret, b.secret, 32);
}

static void a_box_opens_with_its_key_purpose_and_subject_only(void **state)
{
	uint8_t box[SEAL_BOX_BYTES(5)], plain[5];

	(void)state;
	seal_box_write(key_a, "draft", "case", 4, "words", 5, box);
	assert_int_equal(seal_box_read(key_a, "draft", "case", 4, box, sizeof(box), plain, 5), 0);
	assert_memory_equal(plain, "words", 5);
	assert_int_equal(seal_box_read(key_b, "draft", "case", 4, box, sizeof(box), plain, 5), SEAL_DAMAGED);
	assert_int_equal(seal_box_read(key_a, "draf", "tcase", 5, box, sizeof(box), plain, 5), SEAL_DAMAGED);
	assert_int_equal(seal_box_read(key_a, "draft", "casf", 4, box, sizeof(box), plain, 5), SEAL_DAMAGED);
	assert_int_equal(seal_box_read(key_a, "draft", NULL, 0, box, sizeof(box), plain, 5), SEAL_DAMAGED);
}

static void a_box_with_any_bit_or_length_changed_is_refused(void **state)
{
	uint8_t box[SEAL_BOX_BYTES(5) + 1], plain[6];

	(void)state;
	seal_box_write(key_a, "draft", NULL, 0, "words", 5, box);
	for (size_t bit = 0; bit < 8 * SEAL_BOX_BYTES(5); bit++) {
		box[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_int_not_equal(seal_box_read(key_a, "draft", NULL, 0, box, SEAL_BOX_BYTES(5), plain, 5), 0);
		box[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	for (size_t n = 0; n <= sizeof(box); n++)
		if (n != SEAL_BOX_BYTES(5))
			assert_int_equal(seal_box_read(key_a, "draft", NULL, 0, box, n, plain, 5), SEAL_MALFORMED);
}

static void the_same_secret_boxed_twice_looks_different(void **state)
{
	uint8_t one[SEAL_BOX_BYTES(5)], two[SEAL_BOX_BYTES(5)];

	(void)state;
	seal_box_write(key_a, "draft", NULL, 0, "words", 5, one);
	seal_box_write(key_a, "draft", NULL, 0, "words", 5, two);
	assert_memory_not_equal(one, two, sizeof(one));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_bytes_differ_and_ids_fit_a_column),
		cmocka_unit_test(wiped_memory_holds_nothing),
		cmocka_unit_test(locked_memory_is_zeroed_aligned_and_can_be_given_back),
		cmocka_unit_test(a_hash_depends_on_key_label_data_and_length),
		cmocka_unit_test(a_hash_in_pieces_is_the_hash_of_the_whole),
		cmocka_unit_test(subkeys_of_other_numbers_and_contexts_are_other_keys),
		cmocka_unit_test(base64url_goes_and_comes_back),
		cmocka_unit_test(base64url_of_another_shape_is_refused),
		cmocka_unit_test(a_pair_comes_back_from_its_secret),
		cmocka_unit_test(a_box_opens_with_its_key_purpose_and_subject_only),
		cmocka_unit_test(a_box_with_any_bit_or_length_changed_is_refused),
		cmocka_unit_test(the_same_secret_boxed_twice_looks_different),
	};

	if (seal_init())
		return 1;
	return cmocka_run_group_tests_name("seal", tests, NULL, NULL);
}
