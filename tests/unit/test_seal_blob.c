/* SPDX-License-Identifier: Apache-2.0 */
/* Words as blobs: they open in their place, under their author and key, whole; anywhere else they are damaged, never
 * empty. */
#include "seal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t parent[32] = { 1, 2, 3 }, other[32] = { 3, 2, 1 };
static const uint8_t uid[16] = { 7 }, uid_other[16] = { 8 };
static const struct seal_place here = { uid, 42, SEAL_MESSAGE, "caller", 0 };

static void write_here(const char *words, struct buf *blob)
{
	assert_int_equal(seal_blob_write(parent, &here, words, strlen(words), blob), 0);
}

static int read_at(const uint8_t key[32], const struct seal_place *place, const void *blob, size_t n)
{
	char *words = NULL;
	size_t bytes = 0;
	int outcome = seal_blob_read(key, place, blob, n, &words, &bytes);

	assert_true(!outcome == !!words);
	seal_words_free(&words, bytes);
	return outcome;
}

static void words_of_every_length_come_back(void **state)
{
	static const size_t lengths[] = { 0, 1, 254, 255, 256, 257, 511, 512, 1000, 20000, SEAL_WORDS_MAX };
	static uint8_t in[SEAL_WORDS_MAX];

	(void)state;
	seal_random(in, sizeof(in));
	for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
		struct buf blob = { 0 };
		char *words = NULL;
		size_t n = 1;

		buf_text(&blob, "head"); /* a blob is appended to what is there */
		assert_int_equal(seal_blob_write(parent, &here, in, lengths[i], &blob), 0);
		assert_int_equal(blob.bytes, 4 + seal_blob_bytes(lengths[i]));
		assert_memory_equal(blob.data, "head", 4);
		assert_int_equal(seal_blob_read(parent, &here, blob.data + 4, blob.bytes - 4, &words, &n), 0);
		assert_int_equal(n, lengths[i]);
		assert_memory_equal(words, in, n);
		assert_int_equal(words[n], 0);
		seal_words_free(&words, n);
		buf_finish(&blob);
	}
}

static void longer_words_than_the_limit_are_refused(void **state)
{
	static uint8_t in[SEAL_WORDS_MAX + 1];
	struct seal_place place = here;
	struct buf blob = { 0 };
	char author[66];

	(void)state;
	assert_int_equal(seal_blob_write(parent, &here, in, sizeof(in), &blob), SEAL_TOO_LONG);
	memset(author, 'a', 65);
	author[65] = 0;
	place.author = author;
	assert_int_equal(seal_blob_write(parent, &place, "x", 1, &blob), SEAL_TOO_LONG);
	assert_int_equal(blob.bytes, 0);
	buf_finish(&blob);
}

static void padding_hides_the_length(void **state)
{
	(void)state;
	assert_int_equal(seal_blob_bytes(0), seal_blob_bytes(255));
	assert_int_equal(seal_blob_bytes(3), seal_blob_bytes(200));
	assert_int_equal(seal_blob_bytes(256), seal_blob_bytes(300));
	assert_int_equal(seal_blob_bytes(256) - seal_blob_bytes(255), 256);
}

static void the_same_words_twice_look_different(void **state)
{
	struct buf one = { 0 }, two = { 0 };

	(void)state;
	write_here("the same", &one);
	write_here("the same", &two);
	assert_int_equal(one.bytes, two.bytes);
	assert_memory_not_equal(one.data + 13, two.data + 13, 24);
	assert_memory_not_equal(one.data + 37, two.data + 37, one.bytes - 37);
	buf_finish(&one);
	buf_finish(&two);
}

static void no_words_stand_in_a_blob(void **state)
{
	struct buf blob = { 0 };

	(void)state;
	write_here("a sentence nobody but the desk may read", &blob);
	assert_null(memmem(blob.data, blob.bytes, "nobody", 6));
	buf_finish(&blob);
}

static void a_blob_moved_to_another_place_is_damaged(void **state)
{
	const struct seal_place elsewhere[] = {
		{ uid_other, 42, SEAL_MESSAGE, "caller", 0 },
		{ uid, 43, SEAL_MESSAGE, "caller", 0 },
		{ uid, 42, SEAL_REPLY, "caller", 0 },
		{ uid, 42, SEAL_RATING, "caller", 0 },
		{ uid, 42, SEAL_MESSAGE, "person:1", 0 },
		{ uid, 42, SEAL_MESSAGE, "calle", 0 },
		{ uid, 42, SEAL_MESSAGE, "callers", 0 },
		{ uid, 42, SEAL_MESSAGE, "caller", 1 },
		{ uid, 42, SEAL_MESSAGE, "", 0 },
	};
	struct buf blob = { 0 };

	(void)state;
	write_here("words", &blob);
	assert_int_equal(read_at(parent, &here, blob.data, blob.bytes), 0);
	for (size_t i = 0; i < ARRAY_LEN(elsewhere); i++)
		assert_int_equal(read_at(parent, &elsewhere[i], blob.data, blob.bytes), SEAL_DAMAGED);
	assert_int_equal(read_at(other, &here, blob.data, blob.bytes), SEAL_DAMAGED);
	buf_finish(&blob);
}

/* A router that rewrites the open head gains nothing: it is authenticated too. */
static void a_head_rewritten_to_match_is_damaged(void **state)
{
	struct seal_place place = here;
	struct buf blob = { 0 };

	(void)state;
	write_here("words", &blob);
	blob.data[12] = 43;
	place.message = 43;
	assert_int_equal(read_at(parent, &place, blob.data, blob.bytes), SEAL_DAMAGED);
	blob.data[12] = 42;
	blob.data[4] = 1;
	place.message = 42;
	place.key_number = 1;
	assert_int_equal(read_at(parent, &place, blob.data, blob.bytes), SEAL_DAMAGED);
	buf_finish(&blob);
}

static void a_blob_with_any_bit_flipped_is_refused(void **state)
{
	struct buf blob = { 0 };

	(void)state;
	write_here("words", &blob);
	for (size_t bit = 0; bit < 8 * blob.bytes; bit++) {
		blob.data[bit / 8] = (char)(blob.data[bit / 8] ^ 1 << bit % 8);
		assert_int_not_equal(read_at(parent, &here, blob.data, blob.bytes), 0);
		blob.data[bit / 8] = (char)(blob.data[bit / 8] ^ 1 << bit % 8);
	}
	buf_finish(&blob);
}

static void a_truncated_or_extended_blob_is_refused(void **state)
{
	struct buf blob = { 0 };
	size_t whole;

	(void)state;
	write_here("words", &blob);
	whole = blob.bytes;
	for (size_t n = 0; n < whole; n++)
		assert_int_equal(read_at(parent, &here, blob.data, n), SEAL_MALFORMED);
	for (size_t n = whole + 1; n < whole + 513; n++) {
		buf_add(&blob, "", 1);
		assert_int_not_equal(read_at(parent, &here, blob.data, n), 0);
	}
	buf_finish(&blob);
}

static void an_unknown_format_or_kind_is_malformed(void **state)
{
	struct seal_place place = here;
	struct buf blob = { 0 };

	(void)state;
	write_here("words", &blob);
	for (int format = 0; format < 256; format++) {
		blob.data[0] = (char)format;
		assert_int_equal(read_at(parent, &here, blob.data, blob.bytes), format == 1 ? 0 : SEAL_MALFORMED);
	}
	blob.data[0] = 1;
	for (int kind = 0; kind < 256; kind++) {
		place.kind = (enum seal_kind)kind;
		if (!seal_kind_text(place.kind))
			assert_int_equal(read_at(parent, &place, blob.data, blob.bytes), SEAL_MALFORMED);
	}
	place.kind = (enum seal_kind)0;
	assert_int_equal(seal_blob_write(parent, &place, "x", 1, &blob), SEAL_MALFORMED);
	buf_finish(&blob);
}

static void random_bytes_open_nothing(void **state)
{
	uint8_t junk[1024];
	uint32_t number;
	uint64_t message;

	(void)state;
	for (size_t i = 0; i < 4000; i++) {
		size_t n = i % sizeof(junk);

		seal_random(junk, n);
		if (n && i % 2)
			junk[0] = 1;
		assert_int_not_equal(read_at(parent, &here, junk, n), 0);
		if (!seal_blob_head(junk, n, &number, &message))
			assert_true(n >= seal_blob_bytes(0));
	}
}

static void the_worker_opens_one_message_with_its_key_and_no_other(void **state)
{
	struct seal_place second = here;
	struct buf one = { 0 }, two = { 0 };
	uint8_t key[32];
	char *words = NULL;
	size_t n = 0;

	(void)state;
	second.message = 43;
	write_here("first", &one);
	assert_int_equal(seal_blob_write(parent, &second, "second", 6, &two), 0);
	seal_message_key(parent, &here, key);
	assert_int_equal(seal_blob_read_with(key, &here, one.data, one.bytes, &words, &n), 0);
	assert_int_equal(n, 5);
	assert_memory_equal(words, "first", 5);
	seal_words_free(&words, n);
	assert_int_equal(seal_blob_read_with(key, &second, two.data, two.bytes, &words, &n), SEAL_DAMAGED);
	buf_finish(&one);
	buf_finish(&two);
}

static void the_head_tells_which_note_key_and_message(void **state)
{
	const struct seal_place note = { uid, 0x0102030405060708, SEAL_NOTE, "person:17", 0xa1b2c3d4 };
	struct buf blob = { 0 };
	uint32_t number;
	uint64_t message;

	(void)state;
	assert_int_equal(seal_blob_write(parent, &note, "x", 1, &blob), 0);
	assert_int_equal(seal_blob_head(blob.data, blob.bytes, &number, &message), 0);
	assert_int_equal(number, 0xa1b2c3d4);
	assert_int_equal(message, 0x0102030405060708);
	assert_int_equal(read_at(parent, &note, blob.data, blob.bytes), 0);
	buf_finish(&blob);
}

static void every_kind_has_a_word_and_a_parent(void **state)
{
	(void)state;
	for (int kind = 1; kind <= SEAL_FILE; kind++) {
		const char *word = seal_kind_text((enum seal_kind)kind);

		assert_non_null(word);
		assert_int_equal(seal_kind_parse(word), kind);
	}
	assert_false(seal_kind_wants_note_key(SEAL_MESSAGE));
	assert_false(seal_kind_wants_note_key(SEAL_REPLY));
	assert_true(seal_kind_wants_note_key(SEAL_NOTE));
	assert_true(seal_kind_wants_note_key(SEAL_CONTACT));
	assert_false(seal_kind_wants_note_key((enum seal_kind)0));
	assert_int_equal(seal_kind_parse("nonsense"), 0);
	assert_int_equal(seal_kind_parse(""), 0);
	assert_null(seal_kind_text((enum seal_kind)200));
}

static void message_and_reply_and_note_keys_differ(void **state)
{
	struct seal_place place = here;
	uint8_t a[32], b[32], c[32];

	(void)state;
	seal_message_key(parent, &place, a);
	place.kind = SEAL_REPLY;
	seal_message_key(parent, &place, b);
	place.kind = SEAL_NOTE;
	seal_message_key(parent, &place, c);
	assert_memory_not_equal(a, b, 32);
	assert_memory_not_equal(a, c, 32);
	assert_memory_not_equal(b, c, 32);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_of_every_length_come_back),
		cmocka_unit_test(longer_words_than_the_limit_are_refused),
		cmocka_unit_test(padding_hides_the_length),
		cmocka_unit_test(the_same_words_twice_look_different),
		cmocka_unit_test(no_words_stand_in_a_blob),
		cmocka_unit_test(a_blob_moved_to_another_place_is_damaged),
		cmocka_unit_test(a_head_rewritten_to_match_is_damaged),
		cmocka_unit_test(a_blob_with_any_bit_flipped_is_refused),
		cmocka_unit_test(a_truncated_or_extended_blob_is_refused),
		cmocka_unit_test(an_unknown_format_or_kind_is_malformed),
		cmocka_unit_test(random_bytes_open_nothing),
		cmocka_unit_test(the_worker_opens_one_message_with_its_key_and_no_other),
		cmocka_unit_test(the_head_tells_which_note_key_and_message),
		cmocka_unit_test(every_kind_has_a_word_and_a_parent),
		cmocka_unit_test(message_and_reply_and_note_keys_differ),
	};

	if (seal_init())
		return 1;
	return cmocka_run_group_tests_name("seal_blob", tests, NULL, NULL);
}
