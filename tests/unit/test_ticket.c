/* SPDX-License-Identifier: Apache-2.0 */
/* Tickets and receipts: one number for one case, out of order, and every way a tired hand types them. */
#include "ticket.h"

#include "mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t key[TICKET_KEY_BYTES] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };
static const int64_t last_id = ((int64_t)1 << 35) - 1;
static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static int compare_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void ids_and_tickets_stand_one_to_one(void **state)
{
	enum { COUNT = 40000 };
	AUTO(mem_free) char(*all)[TICKET_TEXT_BYTES] = mem_array(COUNT + 1000, TICKET_TEXT_BYTES);
	size_t n = 0;
	int64_t id, back;

	(void)state;
	for (id = 1; id <= COUNT; id++)
		ticket_write(key, id, all[n++]);
	for (id = last_id; id > last_id - 1000; id--)
		ticket_write(key, id, all[n++]);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(ticket_read(key, all[i], &back), 0);
		assert_int_equal(back, i < COUNT ? (int64_t)i + 1 : last_id - (int64_t)(i - COUNT));
	}
	qsort(all, n, TICKET_TEXT_BYTES, compare_text);
	for (size_t i = 1; i < n; i++)
		assert_string_not_equal(all[i - 1], all[i]);
}

static void numbers_in_order_look_like_no_order(void **state)
{
	char a[TICKET_TEXT_BYTES], b[TICKET_TEXT_BYTES];
	int rising = 0, same_head = 0;

	(void)state;
	for (int64_t id = 1; id <= 4000; id++) {
		ticket_write(key, id, a);
		ticket_write(key, id + 1, b);
		rising += strcmp(a, b) < 0;
		same_head += strncmp(a, b, 7) == 0;
	}
	assert_in_range(rising, 1850, 2150); /* sd is about 32 */
	assert_in_range(same_head, 0, 3);
}

static void another_key_gives_other_numbers(void **state)
{
	uint8_t other[TICKET_KEY_BYTES];
	char a[TICKET_TEXT_BYTES], b[TICKET_TEXT_BYTES];
	int same = 0;

	(void)state;
	memcpy(other, key, sizeof(other));
	other[15] ^= 1;
	for (int64_t id = 1; id <= 1000; id++) {
		ticket_write(key, id, a);
		ticket_write(other, id, b);
		same += strcmp(a, b) == 0;
	}
	assert_in_range(same, 0, 1);
}

/* The written form is a promise: tickets on paper must open after every upgrade. Computed once by a separate
 * program. */
static void the_written_form_never_changes(void **state)
{
	char text[TICKET_TEXT_BYTES], receipt[RECEIPT_TEXT_BYTES];

	(void)state;
	ticket_write(key, 1, text);
	assert_string_equal(text, "YT-WD1C-6E0J");
	ticket_write(key, 2, text);
	assert_string_equal(text, "YT-K7B8-E7AX");
	ticket_write(key, last_id, text);
	assert_string_equal(text, "YT-KCY0-W079");
	receipt_write((const uint8_t[8]){ 1, 2, 3, 4, 5, 6, 7, 8 }, receipt);
	assert_string_equal(receipt, "0578 4376 9575 2307 2016");
}

static void every_single_wrong_symbol_is_caught(void **state)
{
	char text[TICKET_TEXT_BYTES], out[TICKET_TEXT_BYTES];

	(void)state;
	for (int64_t id = 1; id <= 300; id++) {
		ticket_write(key, id * 7919, text);
		for (size_t at = 3; at < 12; at++) {
			char right = text[at];

			for (int s = 0; s < 32 && right != '-'; s++) {
				text[at] = alphabet[s];
				assert_int_equal(ticket_tidy(text, out), alphabet[s] == right ? 0 : TICKET_BAD_CHECK);
			}
			text[at] = right;
		}
	}
}

static void every_adjacent_swap_is_caught_but_zero_with_z(void **state)
{
	char text[TICKET_TEXT_BYTES], out[TICKET_TEXT_BYTES];
	int blind = 0;

	(void)state;
	for (int64_t id = 1; id <= 20000; id++) {
		ticket_write(key, id, text);
		for (int at = 3; at < 11; at++) {
			int next = text[at + 1] == '-' ? at + 2 : at + 1;
			char a = text[at], b = text[next];
			bool zero_z = (a == '0' && b == 'Z') || (a == 'Z' && b == '0');

			if (a == '-' || a == b)
				continue;
			text[at] = b;
			text[next] = a;
			assert_int_equal(ticket_tidy(text, out), zero_z ? 0 : TICKET_BAD_CHECK);
			blind += zero_z;
			text[at] = a;
			text[next] = b;
		}
	}
	assert_in_range(blind, 100, 500); /* 2 in 1,024 of 140,000 */
}

/* A ticket whose text holds 0 and 1, so that O, I and L can stand for them; and one that begins with YT. */
static int64_t find_id(bool (*fits)(const char *text))
{
	char text[TICKET_TEXT_BYTES];

	for (int64_t id = 1; id <= 2000000; id++) {
		ticket_write(key, id, text);
		if (fits(text + 3))
			return id;
	}
	return 0;
}

static bool has_zero_and_one(const char *text)
{
	return strchr(text, '0') && strchr(text, '1');
}

static bool begins_with_yt(const char *text)
{
	return text[0] == 'Y' && text[1] == 'T';
}

static void what_people_type_is_understood(void **state)
{
	int64_t id = find_id(has_zero_and_one), back;
	char text[TICKET_TEXT_BYTES], typed[64], out[TICKET_TEXT_BYTES];
	static const char *const around[][2] = { { "", "" }, { " ", " " }, { "", "\n" }, { "\u3000", "" }, { "\u200B", "-" } };
	char lower[TICKET_TEXT_BYTES] = "", bare[9], eye[TICKET_TEXT_BYTES], wide[64] = "";

	(void)state;
	assert_true(id > 0);
	ticket_write(key, id, text);
	for (size_t i = 0; i < ARRAY_LEN(around); i++) {
		snprintf(typed, sizeof(typed), "%s%s%s", around[i][0], text, around[i][1]);
		assert_int_equal(ticket_tidy(typed, out), 0);
		assert_string_equal(out, text);
	}
	for (size_t i = 0; i < sizeof(lower); i++) {
		lower[i] = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] - 'A' + 'a') : text[i];
		eye[i] = text[i] == '0' ? 'o' : text[i] == '1' ? (i % 2 ? 'I' : 'l') : text[i];
	}
	snprintf(bare, sizeof(bare), "%.4s%.4s", text + 3, text + 8);
	for (size_t i = 0, w = 0; i < 12; i++, w += 3) { /* U+FF01 … is ASCII 0x21 … in full width */
		wide[w] = (char)0xEF;
		wide[w + 1] = (char)(0xBC + ((text[i] - 0x20) >> 6));
		wide[w + 2] = (char)(0x80 | ((text[i] - 0x20) & 0x3F));
	}
	for (size_t i = 0; i < 4; i++) {
		const char *form[] = { lower, eye, bare, wide };

		assert_int_equal(ticket_read(key, form[i], &back), 0);
		assert_int_equal(back, id);
	}
	snprintf(typed, sizeof(typed), "yt %.4s \u2014 %.4s", text + 3, text + 8);
	assert_int_equal(ticket_read(key, typed, &back), 0);
	snprintf(typed, sizeof(typed), "YT%s", bare);
	assert_int_equal(ticket_read(key, typed, &back), 0);
	assert_int_equal(back, id);
}

static void a_number_that_itself_begins_with_yt_needs_no_prefix(void **state)
{
	int64_t id = find_id(begins_with_yt), back;
	char text[TICKET_TEXT_BYTES];

	(void)state;
	assert_true(id > 0);
	ticket_write(key, id, text);
	assert_int_equal(ticket_read(key, text, &back), 0);
	assert_int_equal(back, id);
	assert_int_equal(ticket_read(key, text + 3, &back), 0);
	assert_int_equal(back, id);
}

static void what_is_no_ticket_is_refused(void **state)
{
	static const char *const bad[] = { "", " ", "YT", "YT-", "YT-7KQ2", "YT-7KQ2-9D3", "YT-7KQ2-9D3MM", "YT-7KQ2-9D3U",
		"YT-7KQ2-9D3*",
					   "XX-7KQ2-9D3M", "YT-7KQ2/9D3M", "YT-7KQ2-9D3M x", "救救救救救救救救", "\xC0\xAF",
					   "YT-YT-7KQ2-9D3M" };
	char out[TICKET_TEXT_BYTES] = "untouched";
	char big[1 << 12];
	int64_t id = 5;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_int_equal(ticket_tidy(bad[i], out), TICKET_MALFORMED);
		assert_int_equal(ticket_read(key, bad[i], &id), TICKET_MALFORMED);
	}
	memset(big, '-', sizeof(big));
	memcpy(big + 100, "YT-0000-0000", 13);
	assert_int_equal(ticket_tidy(big, out), TICKET_MALFORMED);
	memset(big, '1', sizeof(big));
	big[sizeof(big) - 1] = 0;
	assert_int_equal(ticket_tidy(big, out), TICKET_MALFORMED);
	assert_string_equal(out, "untouched");
	assert_int_equal(id, 5);
}

static void seed_of(unsigned n, uint8_t seed[8])
{
	uint64_t x = n * 0x9E3779B97F4A7C15U + 1;

	for (int i = 0; i < 8; i++, x >>= 8)
		seed[i] = (uint8_t)x;
}

static void a_receipt_is_twenty_digits_in_five_groups(void **state)
{
	static const uint8_t most[8] = { 255, 255, 255, 255, 255, 255, 255, 255 }, none[8] = { 0 };
	char text[RECEIPT_TEXT_BYTES], digits[RECEIPT_DIGITS + 1];

	(void)state;
	receipt_write(none, text);
	assert_string_equal(text, "0000 0000 0000 0000 0000");
	receipt_write(most, text); /* 2^64 - 1 mod 10^19 */
	assert_memory_equal(text, "8446 7440 7370 9551 615", 23);
	assert_int_equal(receipt_tidy(text, digits), 0);
	assert_int_equal(strlen(digits), 20);
	assert_memory_equal(digits, "8446744073709551615", 19);
}

static void every_wrong_digit_and_every_swap_in_a_receipt_is_caught(void **state)
{
	char text[RECEIPT_TEXT_BYTES], digits[RECEIPT_DIGITS + 1], out[RECEIPT_DIGITS + 1];
	uint8_t seed[8];

	(void)state;
	for (unsigned n = 0; n < 400; n++) {
		seed_of(n, seed);
		receipt_write(seed, text);
		assert_int_equal(receipt_tidy(text, digits), 0);
		for (int at = 0; at < RECEIPT_DIGITS; at++) {
			char right = digits[at];

			for (char c = '0'; c <= '9'; c++) {
				digits[at] = c;
				assert_int_equal(receipt_tidy(digits, out), c == right ? 0 : RECEIPT_BAD_CHECK);
			}
			digits[at] = right;
			if (at + 1 < RECEIPT_DIGITS && digits[at] != digits[at + 1]) {
				digits[at] = digits[at + 1];
				digits[at + 1] = right;
				assert_int_equal(receipt_tidy(digits, out), RECEIPT_BAD_CHECK);
				digits[at + 1] = digits[at];
				digits[at] = right;
			}
		}
	}
}

static void receipts_are_read_as_people_write_them(void **state)
{
	static const char *const good[] = { "84467440737095516156", "8446 7440 7370 9551 6156", "8446-7440-7370-9551-6156",
					    "８４４６ ７４４０ ７３７０ ９５５１ ６１５６", " 8446\n7440\t73 70 9551\u30006156 ",
					    "8446 744O 737o 955I 6l56", "8446–7440–7370–9551–6156", "8446\u200B7440737095516156" };
	static const char *const bad[] = { "", "8446", "8446744073709551615", "844674407370955161563",
		"8446 7440 7370 9551 615a",
					   "8446 7440 7370 9551 615.", "８４４６", "八四四六", "\xFF", "8446 7440 7370 9551 6156 x" };
	char digits[RECEIPT_DIGITS + 1] = "";
	char big[200];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		assert_int_equal(receipt_tidy(good[i], digits), 0);
		assert_string_equal(digits, "84467440737095516156");
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(receipt_tidy(bad[i], digits), RECEIPT_MALFORMED);
	assert_int_equal(receipt_tidy("84467440737095516157", digits), RECEIPT_BAD_CHECK);
	memset(big, ' ', sizeof(big));
	memcpy(big + 150, "84467440737095516156", 21);
	assert_int_equal(receipt_tidy(big, digits), RECEIPT_MALFORMED);
}

static void ticket_and_receipt_pasted_together_come_apart(void **state)
{
	static const char *const form[] = { "YT-%s %s", "yt-%s\n%s", "编号：YT-%s 查询码：%s", "编号：YT-%s\n查询码：%s。请收好",
					    "%s %s", "Ticket: YT-%s, code: %s", "ticket %s code %s", "YT-%s%s", "YT %s / %s" };
	char ticket[TICKET_TEXT_BYTES], receipt[RECEIPT_TEXT_BYTES], got[TICKET_TEXT_BYTES], digits[RECEIPT_DIGITS + 1];
	char want[RECEIPT_DIGITS + 1];
	uint8_t seed[8];

	(void)state;
	for (unsigned n = 1; n <= 300; n++) {
		ticket_write(key, n, ticket);
		seed_of(n, seed);
		receipt_write(seed, receipt);
		assert_int_equal(receipt_tidy(receipt, want), 0);
		for (size_t i = 0; i < ARRAY_LEN(form); i++) {
			struct buf pasted = { 0 };
			const char *gap = strstr(form[i] + 1, "%s");
			const char *second = strstr(gap + 2, "%s");
			const char *first = second ? gap : form[i];

			second = second ? second : gap;
			buf_add(&pasted, form[i], (size_t)(first - form[i]));
			buf_text(&pasted, ticket + 3);
			buf_add(&pasted, first + 2, (size_t)(second - first - 2));
			buf_text(&pasted, receipt);
			buf_text(&pasted, second + 2);
			assert_int_equal(receipt_split(pasted.data, got, digits), 0);
			assert_string_equal(got, ticket);
			assert_string_equal(digits, want);
			buf_clear(&pasted);
			buf_format(&pasted, "%s  %s", receipt, ticket); /* the other way round */
			assert_int_equal(receipt_split(pasted.data, got, digits), 0);
			assert_string_equal(got, ticket);
			assert_string_equal(digits, want);
			buf_finish(&pasted);
		}
	}
}

static void half_a_paste_is_not_guessed_at(void **state)
{
	static const char *const bad[] = { "", "YT-7KQ2-9D3M", "8446 7440 7370 9551 6156", "YT-7KQ2-9D3M 8446 7440 7370 9551",
					   "我忘了", "\xC3" };
	char ticket[TICKET_TEXT_BYTES], digits[RECEIPT_DIGITS + 1], pasted[400];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(receipt_split(bad[i], ticket, digits), 1);
	ticket_write(key, 9, ticket);
	snprintf(pasted, sizeof(pasted), "%s 8446 7440 7370 9551 6157", ticket);
	assert_int_equal(receipt_split(pasted, ticket, digits), 1);
	snprintf(pasted, sizeof(pasted), "%s 8446 7440 7370 9551 6156 4", ticket);
	assert_int_equal(receipt_split(pasted, ticket, digits), 1);
	snprintf(pasted, sizeof(pasted), "%300s %s", "8446 7440 7370 9551 6156", ticket);
	assert_int_equal(receipt_split(pasted, ticket, digits), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_and_tickets_stand_one_to_one),
		cmocka_unit_test(numbers_in_order_look_like_no_order),
		cmocka_unit_test(another_key_gives_other_numbers),
		cmocka_unit_test(the_written_form_never_changes),
		cmocka_unit_test(every_single_wrong_symbol_is_caught),
		cmocka_unit_test(every_adjacent_swap_is_caught_but_zero_with_z),
		cmocka_unit_test(what_people_type_is_understood),
		cmocka_unit_test(a_number_that_itself_begins_with_yt_needs_no_prefix),
		cmocka_unit_test(what_is_no_ticket_is_refused),
		cmocka_unit_test(a_receipt_is_twenty_digits_in_five_groups),
		cmocka_unit_test(every_wrong_digit_and_every_swap_in_a_receipt_is_caught),
		cmocka_unit_test(receipts_are_read_as_people_write_them),
		cmocka_unit_test(ticket_and_receipt_pasted_together_come_apart),
		cmocka_unit_test(half_a_paste_is_not_guessed_at),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
