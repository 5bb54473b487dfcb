/* SPDX-License-Identifier: Apache-2.0 */
/* A row's MAC says every column: no two rows share an encoding, and every change is seen. */
#include "seal.h"

#include "text.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t key[32] = { 1 }, key_other[32] = { 2 };

/* Rows of every shape; pairwise all must differ. A field is 'i' number, 't' text, 'b' bytes, 'n' null, 0 the end. */
static const struct shape {
	const uint8_t *key;
	const char *table;
	uint32_t version;
	struct {
		char type;
		const char *bytes;
		int64_t number; /* of bytes, for 'b' */
	} field[2];
} shapes[] = {
	{ key, "cases", 1, { { 0 } } },
	{ key_other, "cases", 1, { { 0 } } },
	{ key, "case", 1, { { 0 } } },
	{ key, "cases", 2, { { 0 } } },
	{ key, "cases", 1, { { 't', "ab", 0 }, { 't', "c", 0 } } },
	{ key, "cases", 1, { { 't', "a", 0 }, { 't', "bc", 0 } } },
	{ key, "cases", 1, { { 't', "abc", 0 } } },
	{ key, "cases", 1, { { 'b', "abc", 3 } } },
	{ key, "cases", 1, { { 't', "abc", 0 }, { 't', "", 0 } } },
	{ key, "cases", 1, { { 't', "abc", 0 }, { 'n', NULL, 0 } } },
	{ key, "cases", 1, { { 'i', NULL, 0 } } },
	{ key, "cases", 1, { { 'i', NULL, 1 } } },
	{ key, "cases", 1, { { 'i', NULL, -1 } } },
	{ key, "cases", 1, { { 'i', NULL, INT64_MIN } } },
	{ key, "cases", 1, { { 'n', NULL, 0 } } },
	{ key, "cases", 1, { { 't', "", 0 } } },
	{ key, "cases", 1, { { 'b', "", 0 } } },
	{ key, "cases", 1, { { 'b', "\0\0\0\0\0\0\0", 8 } } },
	{ key, "cases", 1, { { 't', "abc\x01", 0 } } },
};

static void shape_write(struct seal_mac *m, size_t i)
{
	const struct shape *s = &shapes[i];

	seal_mac_begin(m, s->key, s->table, s->version);
	for (size_t f = 0; f < 2 && s->field[f].type; f++)
		if (s->field[f].type == 'i')
			seal_mac_int(m, s->field[f].number);
		else if (s->field[f].type == 't')
			seal_mac_text(m, s->field[f].bytes);
		else if (s->field[f].type == 'b')
			seal_mac_blob(m, s->field[f].bytes, (size_t)s->field[f].number);
		else
			seal_mac_null(m);
}

static void no_two_rows_share_a_mac(void **state)
{
	uint8_t mac[ARRAY_LEN(shapes)][SEAL_MAC_BYTES];
	struct seal_mac m;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(shapes); i++) {
		shape_write(&m, i);
		seal_mac_end(&m, mac[i]);
		for (size_t j = 0; j < i; j++)
			assert_memory_not_equal(mac[i], mac[j], SEAL_MAC_BYTES);
	}
}

static void the_same_row_has_the_same_mac_and_any_bit_is_seen(void **state)
{
	uint8_t mac[SEAL_MAC_BYTES];
	struct seal_mac m;

	(void)state;
	shape_write(&m, 4);
	seal_mac_end(&m, mac);
	shape_write(&m, 4);
	assert_true(seal_mac_check(&m, mac, sizeof(mac)));
	for (size_t bit = 0; bit < 8 * sizeof(mac); bit++) {
		mac[bit / 8] ^= (uint8_t)(1u << bit % 8);
		shape_write(&m, 4);
		assert_false(seal_mac_check(&m, mac, sizeof(mac)));
		mac[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	shape_write(&m, 4);
	assert_false(seal_mac_check(&m, mac, sizeof(mac) - 1));
	shape_write(&m, 4);
	assert_false(seal_mac_check(&m, NULL, 0));
}

static void a_missing_text_is_null(void **state)
{
	uint8_t a[SEAL_MAC_BYTES], b[SEAL_MAC_BYTES];
	struct seal_mac m;

	(void)state;
	seal_mac_begin(&m, key, "t", 1);
	seal_mac_text(&m, NULL);
	seal_mac_end(&m, a);
	seal_mac_begin(&m, key, "t", 1);
	seal_mac_null(&m);
	seal_mac_end(&m, b);
	assert_memory_equal(a, b, sizeof(a));
}

/* Rows on disk carry it: the encoding must never change under the same version. */
static void the_encoding_stays_what_it_was(void **state)
{
	uint8_t mac[SEAL_MAC_BYTES];
	struct seal_mac m;
	char hex[33];

	(void)state;
	seal_mac_begin(&m, key, "cases", 1);
	seal_mac_int(&m, 42);
	seal_mac_text(&m, "waiting");
	seal_mac_blob(&m, "\x01\x02", 2);
	seal_mac_null(&m);
	seal_mac_end(&m, mac);
	hex_write(hex, mac, sizeof(mac));
	assert_string_equal(hex, "e579811420f5a835d461a0dd7a004202");
}

static void a_person_s_public_row_is_bound_whole(void **state)
{
	uint8_t public[32] = { 5 }, a[SEAL_MAC_BYTES], b[SEAL_MAC_BYTES];

	(void)state;
	seal_person_mac(key, "person:1", 1, public, a);
	seal_person_mac(key, "person:1", 1, public, b);
	assert_memory_equal(a, b, sizeof(a));
	seal_person_mac(key_other, "person:1", 1, public, b);
	assert_memory_not_equal(a, b, sizeof(a));
	seal_person_mac(key, "person:2", 1, public, b);
	assert_memory_not_equal(a, b, sizeof(a));
	seal_person_mac(key, "person:1", 2, public, b);
	assert_memory_not_equal(a, b, sizeof(a));
	public[31] = 1;
	seal_person_mac(key, "person:1", 1, public, b);
	assert_memory_not_equal(a, b, sizeof(a));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_two_rows_share_a_mac),
		cmocka_unit_test(the_same_row_has_the_same_mac_and_any_bit_is_seen),
		cmocka_unit_test(a_missing_text_is_null),
		cmocka_unit_test(the_encoding_stays_what_it_was),
		cmocka_unit_test(a_person_s_public_row_is_bound_whole),
	};

	if (seal_init())
		return 1;
	return cmocka_run_group_tests_name("seal_mac", tests, NULL, NULL);
}
