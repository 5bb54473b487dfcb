/* SPDX-License-Identifier: Apache-2.0 */
/* Receipts, passwords, recovery codes: two halves from one slow function, and what each opens. */
#include "seal.h"

#include "text.h"
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const struct seal_cost light = { 8192, 1 };
static const uint8_t uid[16] = { 7 }, uid_other[16] = { 8 }, pepper[32] = { 1 }, pepper_other[32] = { 2 };
static const char digits[] = "12345678901234567890";

static void a_receipt_gives_the_same_halves_each_time(void **state)
{
	struct seal_halves a, b;

	(void)state;
	assert_int_equal(seal_receipt(digits, uid, pepper, light, &a), 0);
	assert_int_equal(seal_receipt(digits, uid, pepper, light, &b), 0);
	assert_memory_equal(&a, &b, sizeof(a));
	assert_memory_not_equal(a.auth, a.wrap, 32);
}

static void receipt_uid_pepper_and_cost_each_change_both_halves(void **state)
{
	struct seal_halves a, b[5];

	(void)state;
	assert_int_equal(seal_receipt(digits, uid, pepper, light, &a), 0);
	assert_int_equal(seal_receipt("12345678901234567891", uid, pepper, light, &b[0]), 0);
	assert_int_equal(seal_receipt(digits, uid_other, pepper, light, &b[1]), 0);
	assert_int_equal(seal_receipt(digits, uid, pepper_other, light, &b[2]), 0);
	assert_int_equal(seal_receipt(digits, uid, pepper, (struct seal_cost){ 16384, 1 }, &b[3]), 0);
	assert_int_equal(seal_receipt(digits, uid, pepper, (struct seal_cost){ 8192, 2 }, &b[4]), 0);
	for (size_t i = 0; i < ARRAY_LEN(b); i++) {
		assert_memory_not_equal(a.auth, b[i].auth, 32);
		assert_memory_not_equal(a.wrap, b[i].wrap, 32);
	}
}

static void receipt_password_and_code_of_one_text_are_strangers(void **state)
{
	static const char code[SEAL_CODE_BYTES] = "0123456789ABCDEFGHJKMNPQRS";
	struct seal_halves a, b, c;

	(void)state;
	assert_int_equal(seal_receipt(code, uid, pepper, light, &a), 0);
	assert_int_equal(seal_password(code, strlen(code), uid, pepper, light, &b), 0);
	assert_int_equal(seal_code(code, uid, pepper, light, &c), 0);
	assert_memory_not_equal(a.auth, b.auth, 32);
	assert_memory_not_equal(a.auth, c.auth, 32);
	assert_memory_not_equal(b.auth, c.auth, 32);
}

static void a_password_is_never_cut(void **state)
{
	char word[SEAL_SECRET_TEXT_MAX + 1];
	struct seal_halves a, b;

	(void)state;
	memset(word, 'p', sizeof(word));
	assert_int_equal(seal_password(word, SEAL_SECRET_TEXT_MAX, uid, pepper, light, &a), 0);
	word[SEAL_SECRET_TEXT_MAX - 1] = 'q';
	assert_int_equal(seal_password(word, SEAL_SECRET_TEXT_MAX, uid, pepper, light, &b), 0);
	assert_memory_not_equal(a.auth, b.auth, 32);
	assert_int_equal(seal_password("ab\0c", 4, uid, pepper, light, &a), 0);
	assert_int_equal(seal_password("ab\0d", 4, uid, pepper, light, &b), 0);
	assert_memory_not_equal(a.auth, b.auth, 32);
	assert_int_equal(seal_password("密码是全部汉字", strlen("密码是全部汉字"), uid, pepper, light, &a), 0);
	assert_int_equal(seal_password(word, sizeof(word), uid, pepper, light, &a), SEAL_TOO_LONG);
	assert_int_equal(seal_password("", 0, uid, pepper, light, &a), SEAL_MALFORMED);
}

static void an_empty_or_endless_receipt_costs_no_work(void **state)
{
	char endless[100];
	struct seal_halves h;

	(void)state;
	memset(endless, '1', sizeof(endless));
	endless[99] = 0;
	assert_int_equal(seal_receipt("", uid, pepper, light, &h), SEAL_MALFORMED);
	assert_int_equal(seal_receipt(endless, uid, pepper, light, &h), SEAL_TOO_LONG);
}

static void an_unlawful_cost_is_a_fault_and_not_a_crash(void **state)
{
	static const struct seal_cost bad[] = { { 0, 1 },       { 8191, 1 },  { 8192, 0 },
		                                { 8192, -1 },   { 8192, 17 }, { (size_t)2 << 30, 1 },
		                                { SIZE_MAX, 1 } };
	struct seal_halves h;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(seal_receipt(digits, uid, pepper, bad[i], &h), -EINVAL);
}

/* Who does not exist takes the same road: a fake salt, the same function, a compare that fails. */
static void an_unknown_ticket_does_the_same_work_and_fails(void **state)
{
	uint8_t fake[16], stored[32] = { 0 }, case_key[32], wrap[SEAL_CALLER_WRAP_BYTES] = { 3 };
	struct seal_halves h;

	(void)state;
	seal_fake(pepper, "uid", "YT-0000-0000", fake);
	assert_int_equal(seal_receipt(digits, fake, pepper, light, &h), 0);
	assert_false(seal_auth_check(h.auth, stored));
	assert_int_equal(seal_caller_wrap_read(&h, fake, wrap, sizeof(wrap), case_key), SEAL_DAMAGED);
}

static void the_router_checks_a_hash_it_cannot_turn_back(void **state)
{
	struct seal_halves h;
	uint8_t stored[32];

	(void)state;
	assert_int_equal(seal_receipt(digits, uid, pepper, light, &h), 0);
	seal_auth_hash(h.auth, stored);
	assert_memory_not_equal(stored, h.auth, 32);
	assert_true(seal_auth_check(h.auth, stored));
	assert_false(seal_auth_check(h.wrap, stored));
	assert_false(seal_auth_check(stored, stored));
	stored[31] ^= 1;
	assert_false(seal_auth_check(h.auth, stored));
}

static void the_caller_wrap_opens_with_the_receipt_of_its_case(void **state)
{
	uint8_t key[32] = { 5, 6 }, out[32], wrap[SEAL_CALLER_WRAP_BYTES];
	struct seal_halves right, wrong;

	(void)state;
	assert_int_equal(seal_receipt(digits, uid, pepper, light, &right), 0);
	assert_int_equal(seal_receipt("12345678901234567891", uid, pepper, light, &wrong), 0);
	seal_caller_wrap_write(&right, uid, key, wrap);
	assert_int_equal(seal_caller_wrap_read(&right, uid, wrap, sizeof(wrap), out), 0);
	assert_memory_equal(key, out, 32);
	assert_int_equal(seal_caller_wrap_read(&wrong, uid, wrap, sizeof(wrap), out), SEAL_DAMAGED);
	assert_int_equal(seal_caller_wrap_read(&right, uid_other, wrap, sizeof(wrap), out), SEAL_DAMAGED);
	assert_int_equal(seal_caller_wrap_read(&right, uid, wrap, sizeof(wrap) - 1, out), SEAL_MALFORMED);
	assert_int_equal(seal_caller_wrap_read(&right, uid, wrap, 0, out), SEAL_MALFORMED);
}

static void a_person_s_secret_opens_by_password_or_code_each_its_own_copy(void **state)
{
	uint8_t secret[32] = { 9 }, out[32], by_password[SEAL_PERSON_BOX_BYTES], by_code[SEAL_PERSON_BOX_BYTES];
	char code[SEAL_CODE_BYTES];
	struct seal_halves p, c;

	(void)state;
	seal_code_new(code);
	assert_int_equal(seal_password("a good long password", 20, uid, pepper, light, &p), 0);
	assert_int_equal(seal_code(code, uid, pepper, light, &c), 0);
	seal_person_box_write(&p, "password", "person:1", secret, by_password);
	seal_person_box_write(&c, "code", "person:1", secret, by_code);
	assert_int_equal(seal_person_box_read(&p, "password", "person:1", by_password, sizeof(by_password), out), 0);
	assert_memory_equal(out, secret, 32);
	assert_int_equal(seal_person_box_read(&c, "code", "person:1", by_code, sizeof(by_code), out), 0);
	assert_memory_equal(out, secret, 32);
	assert_int_equal(seal_person_box_read(&p, "password", "person:2", by_password, sizeof(by_password), out),
	                 SEAL_DAMAGED);
	assert_int_equal(seal_person_box_read(&p, "code", "person:1", by_password, sizeof(by_password), out),
	                 SEAL_DAMAGED);
	assert_int_equal(seal_person_box_read(&c, "code", "person:1", by_password, sizeof(by_password), out),
	                 SEAL_DAMAGED);
}

static void a_recovery_code_is_130_bits_and_comes_back_from_paper(void **state)
{
	char code[SEAL_CODE_BYTES], again[SEAL_CODE_BYTES], text[SEAL_CODE_TEXT_BYTES], other[SEAL_CODE_BYTES];

	(void)state;
	seal_code_new(code);
	seal_code_new(other);
	assert_int_equal(strlen(code), 26);
	assert_string_not_equal(code, other);
	assert_int_equal(strspn(code, "0123456789ABCDEFGHJKMNPQRSTVWXYZ"), 26);
	seal_code_text(code, text);
	assert_int_equal(strlen(text), 32);
	assert_int_equal(seal_code_tidy(text, strlen(text), again), 0);
	assert_string_equal(code, again);
}

static void a_code_is_read_as_people_type_it(void **state)
{
	static const char *const same[] = {
		"0123-4567-89AB-CDEF-GHJK-MNPQ-RS",     "0123456789abcdefghjkmnpqrs",
		" o123 4567\t89ab\ncdef ghjk mnpq rs ", "OI23456789ABCDEFGHJKMNPQRS",
		"0l23456789abcdefghjkmnpqrs",           "０１２３４５６７８９ＡＢＣＤＥＦｇｈｊｋｍｎｐｑｒｓ",
		"0123　4567–89AB—CDEF－GHJKMNPQRS",
	};
	static const char *const bad[] = { "",
		                           "0123456789ABCDEFGHJKMNPQR",
		                           "0123456789ABCDEFGHJKMNPQRST",
		                           "0123456789ABCDEFGHJKMNPQRU",
		                           "0123456789ABCDEFGHJKMNPQR救",
		                           "0123456789ABCDEFGHJKMNPQR\xEF",
		                           "0123456789ABCDEFGHJKMNPQR\xEF\xBC\xFF" };
	char code[SEAL_CODE_BYTES], endless[300];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(same); i++) {
		assert_int_equal(seal_code_tidy(same[i], strlen(same[i]), code), 0);
		assert_string_equal(code, "0123456789ABCDEFGHJKMNPQRS");
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(seal_code_tidy(bad[i], strlen(bad[i]), code), SEAL_MALFORMED);
	assert_int_equal(seal_code_tidy("0123456789ABCDEFGHJKMNPQR\0", 26, code), SEAL_MALFORMED);
	memset(endless, ' ', sizeof(endless));
	assert_int_equal(seal_code_tidy(endless, sizeof(endless), code), SEAL_TOO_LONG);
	for (int i = 0; i < 2000; i++) {
		seal_random(endless, 40);
		(void)!seal_code_tidy(endless, (size_t)(i % 40), code);
	}
}

static void the_recovery_pair_comes_from_the_sheet_alone(void **state)
{
	char code[SEAL_CODE_BYTES], other[SEAL_CODE_BYTES];
	struct seal_pair a, b, c;

	(void)state;
	seal_code_new(code);
	seal_code_new(other);
	seal_code_pair(code, &a);
	seal_code_pair(code, &b);
	seal_code_pair(other, &c);
	assert_memory_equal(&a, &b, sizeof(a));
	assert_memory_not_equal(a.public, c.public, 32);
}

/* The real parameters, once, against values computed by another Argon2 (libargon2) and Python's hashlib. */
static void the_real_cost_gives_the_known_values(void **state)
{
	struct seal_halves h;
	char hex[65];

	(void)state;
	assert_int_equal(seal_receipt(digits, uid, pepper, (struct seal_cost){ 1 << 20, 1 }, &h), 0);
	hex_write(hex, h.auth, 32);
	assert_string_equal(hex, "fd46c0f1cf9c2fb38c2d22174cb19a1dfb7d7c63997d9435fc780afa79254bc8");
	assert_int_equal(seal_password("correct horse", 13, uid, pepper, (struct seal_cost){ 64 << 20, 3 }, &h), 0);
	hex_write(hex, h.auth, 32);
	assert_string_equal(hex, "e5d7aeebdaf2c59f4ad5da12a4f03ea292876db6d63f6a533b6398095bd5fe0f");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_receipt_gives_the_same_halves_each_time),
		cmocka_unit_test(receipt_uid_pepper_and_cost_each_change_both_halves),
		cmocka_unit_test(receipt_password_and_code_of_one_text_are_strangers),
		cmocka_unit_test(a_password_is_never_cut),
		cmocka_unit_test(an_empty_or_endless_receipt_costs_no_work),
		cmocka_unit_test(an_unlawful_cost_is_a_fault_and_not_a_crash),
		cmocka_unit_test(an_unknown_ticket_does_the_same_work_and_fails),
		cmocka_unit_test(the_router_checks_a_hash_it_cannot_turn_back),
		cmocka_unit_test(the_caller_wrap_opens_with_the_receipt_of_its_case),
		cmocka_unit_test(a_person_s_secret_opens_by_password_or_code_each_its_own_copy),
		cmocka_unit_test(a_recovery_code_is_130_bits_and_comes_back_from_paper),
		cmocka_unit_test(a_code_is_read_as_people_type_it),
		cmocka_unit_test(the_recovery_pair_comes_from_the_sheet_alone),
		cmocka_unit_test(the_real_cost_gives_the_known_values),
	};

	if (seal_init())
		return 1;
	return cmocka_run_group_tests_name("seal_kdf", tests, NULL, NULL);
}
