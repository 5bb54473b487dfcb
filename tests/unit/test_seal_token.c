/* SPDX-License-Identifier: Apache-2.0 */
/* What browsers carry for us: whole, in time, under the right key and purpose, or refused. */
#include "seal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t key[32] = { 1 }, key_other[32] = { 2 };
enum { NOW = 1000000, END = 1060000 };

static int read_token(const uint8_t k[32], const char *purpose, const char *text, size_t n, int64_t now)
{
	char *plain = NULL;
	size_t bytes = 0;
	int outcome = seal_token_read(k, purpose, text, n, now, &plain, &bytes);

	assert_true(!outcome == !!plain);
	seal_words_free(&plain, bytes);
	return outcome;
}

static void a_draft_comes_back_until_its_end(void **state)
{
	char *text = NULL, *plain = NULL;
	size_t n = 0;

	(void)state;
	assert_int_equal(seal_token_write(key, "draft", "half a sentence", 15, END, &text), 0);
	assert_null(strstr(text, "half"));
	assert_int_equal(seal_token_read(key, "draft", text, strlen(text), END - 1, &plain, &n), 0);
	assert_int_equal(n, 15);
	assert_string_equal(plain, "half a sentence");
	seal_words_free(&plain, n);
	assert_int_equal(read_token(key, "draft", text, strlen(text), END), SEAL_EXPIRED);
	assert_int_equal(read_token(key, "draft", text, strlen(text), INT64_MAX), SEAL_EXPIRED);
	mem_free(&text);
}

static void an_empty_draft_is_a_draft(void **state)
{
	char *text = NULL;

	(void)state;
	assert_int_equal(seal_token_write(key, "draft", NULL, 0, END, &text), 0);
	assert_int_equal(read_token(key, "draft", text, strlen(text), NOW), 0);
	mem_free(&text);
}

static void a_token_of_another_key_or_purpose_is_damaged(void **state)
{
	char *text = NULL;

	(void)state;
	assert_int_equal(seal_token_write(key, "draft", "x", 1, END, &text), 0);
	assert_int_equal(read_token(key_other, "draft", text, strlen(text), NOW), SEAL_DAMAGED);
	assert_int_equal(read_token(key, "caller-token", text, strlen(text), NOW), SEAL_DAMAGED);
	mem_free(&text);
}

static void a_token_with_any_character_changed_cut_or_added_is_refused(void **state)
{
	char *text = NULL, longer[300];
	size_t n;

	(void)state;
	assert_int_equal(seal_token_write(key, "draft", "words of a draft", 16, END, &text), 0);
	n = strlen(text);
	for (size_t i = 0; i < n; i++) {
		char was = text[i];

		for (int bit = 0; bit < 8; bit++) {
			text[i] = (char)(was ^ 1 << bit);
			assert_int_not_equal(read_token(key, "draft", text, n, NOW), 0);
		}
		text[i] = was;
	}
	for (size_t i = 0; i < n; i++)
		assert_int_not_equal(read_token(key, "draft", text, i, NOW), 0);
	memcpy(longer, text, n);
	for (size_t i = n; i < n + 8; i++) {
		longer[i] = 'A';
		assert_int_not_equal(read_token(key, "draft", longer, i + 1, NOW), 0);
	}
	mem_free(&text);
}

static void the_size_of_a_token_is_bounded_both_ways(void **state)
{
	char *words = mem_new(SEAL_TOKEN_MAX + 1), *text = NULL;
	size_t most = 0;

	(void)state;
	memset(words, 'A', SEAL_TOKEN_MAX + 1);
	assert_int_equal(read_token(key, "draft", words, SEAL_TOKEN_MAX + 1, NOW), SEAL_TOO_LONG);
	assert_int_not_equal(read_token(key, "draft", words, SEAL_TOKEN_MAX, NOW), 0);
	assert_int_equal(seal_token_write(key, "draft", words, SEAL_TOKEN_MAX, END, &text), SEAL_TOO_LONG);
	for (size_t n = SEAL_TOKEN_MAX / 4 * 3 - 252; !seal_token_write(key, "draft", words, n, END, &text); n++) {
		most = n;
		assert_true(strlen(text) <= SEAL_TOKEN_MAX);
		assert_int_equal(read_token(key, "draft", text, strlen(text), NOW), 0);
		mem_free(&text);
	}
	assert_true(most > SEAL_TOKEN_MAX / 4 * 3 - 152);
	mem_free(&words);
}

static void random_text_opens_nothing(void **state)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=";
	struct seal_caller c;
	char text[400];

	(void)state;
	for (size_t i = 0; i < 3000; i++) {
		size_t n = i % sizeof(text);

		seal_random(text, n);
		for (size_t j = 0; i % 3 && j < n; j++)
			text[j] = letters[(unsigned char)text[j] % (sizeof(letters) - 1)];
		assert_int_not_equal(read_token(key, "draft", text, n, NOW), 0);
		assert_int_not_equal(seal_caller_read(key, text, n, NOW, &c), 0);
	}
}

static void a_caller_s_token_holds_the_visit(void **state)
{
	struct seal_caller in = { .uid = { 1 }, .case_key = { 2 }, .auth = { 3 }, .epoch = 5, .since_ms = NOW }, out;
	char text[SEAL_CALLER_TEXT_BYTES];

	(void)state;
	seal_caller_write(key, &in, END, text);
	assert_int_equal(strlen(text), SEAL_CALLER_TEXT_BYTES - 1);
	assert_int_equal(seal_caller_read(key, text, strlen(text), NOW, &out), 0);
	assert_memory_equal(in.uid, out.uid, 16);
	assert_memory_equal(in.case_key, out.case_key, 32);
	assert_memory_equal(in.auth, out.auth, 32);
	assert_int_equal(out.epoch, 5);
	assert_int_equal(out.since_ms, NOW);
	assert_int_equal(seal_caller_read(key, text, strlen(text), END, &out), SEAL_EXPIRED);
	assert_int_equal(seal_caller_read(key_other, text, strlen(text), NOW, &out), SEAL_DAMAGED);
	assert_int_equal(seal_caller_read(key, text, strlen(text) - 1, NOW, &out), SEAL_MALFORMED);
	text[10] = text[10] == 'A' ? 'B' : 'A';
	assert_int_equal(seal_caller_read(key, text, strlen(text), NOW, &out), SEAL_DAMAGED);
}

static void a_draft_cannot_pass_for_a_caller_s_token(void **state)
{
	char *text = NULL, words[96] = { 0 };
	struct seal_caller out;

	(void)state;
	assert_int_equal(seal_token_write(key, "draft", words, sizeof(words), END, &text), 0);
	assert_int_equal(strlen(text), SEAL_CALLER_TEXT_BYTES - 1);
	assert_int_equal(seal_caller_read(key, text, strlen(text), NOW, &out), SEAL_DAMAGED);
	mem_free(&text);
}

static void a_session_comes_back_from_its_cookie(void **state)
{
	struct seal_session a, b;

	(void)state;
	seal_session_new(key, &a);
	assert_int_equal(strlen(a.token), SEAL_TOKEN_TEXT_BYTES - 1);
	assert_int_equal(seal_session_from(a.token, key, &b), 0);
	assert_string_equal(a.token, b.token);
	assert_string_equal(a.csrf, b.csrf);
	assert_memory_equal(a.sid, b.sid, 32);
	assert_memory_equal(a.keys, b.keys, 32);
}

static void the_parts_of_a_session_tell_nothing_of_each_other(void **state)
{
	struct seal_session a, b;
	uint8_t token[32], stored[32];
	size_t n;

	(void)state;
	seal_session_new(key, &a);
	assert_int_equal(seal_base64_read(a.token, strlen(a.token), token, sizeof(token), &n), 0);
	assert_memory_not_equal(a.sid, token, 32);
	assert_memory_not_equal(a.sid, a.keys, 32);
	assert_string_not_equal(a.csrf, a.token);
	seal_auth_hash(a.sid, stored);
	assert_memory_not_equal(stored, a.sid, 32);
	/* Without web's secret the token does not open the keyring. */
	assert_int_equal(seal_session_from(a.token, key_other, &b), 0);
	assert_memory_equal(a.sid, b.sid, 32);
	assert_memory_not_equal(a.keys, b.keys, 32);
	seal_session_new(key, &b);
	assert_string_not_equal(a.token, b.token);
}

static void a_cookie_of_another_shape_is_malformed(void **state)
{
	static const char *const bad[] = { "",
		                           "a",
		                           "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		                           "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		                           "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
		                           "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB",
		                           "AAAAAAAAAAAAAAAAAAAAA AAAAAAAAAAAAAAAAAAAAA" };
	struct seal_session s;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(seal_session_from(bad[i], key, &s), SEAL_MALFORMED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_draft_comes_back_until_its_end),
		cmocka_unit_test(an_empty_draft_is_a_draft),
		cmocka_unit_test(a_token_of_another_key_or_purpose_is_damaged),
		cmocka_unit_test(a_token_with_any_character_changed_cut_or_added_is_refused),
		cmocka_unit_test(the_size_of_a_token_is_bounded_both_ways),
		cmocka_unit_test(random_text_opens_nothing),
		cmocka_unit_test(a_caller_s_token_holds_the_visit),
		cmocka_unit_test(a_draft_cannot_pass_for_a_caller_s_token),
		cmocka_unit_test(a_session_comes_back_from_its_cookie),
		cmocka_unit_test(the_parts_of_a_session_tell_nothing_of_each_other),
		cmocka_unit_test(a_cookie_of_another_shape_is_malformed),
	};

	if (seal_init())
		return 1;
	return cmocka_run_group_tests_name("seal_token", tests, NULL, NULL);
}
