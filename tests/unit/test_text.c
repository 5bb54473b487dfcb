/* SPDX-License-Identifier: Apache-2.0 */
/* Text from people: what counts as UTF-8, how long it is, when it is empty, how it is folded for the rules, escaped,
 * compared. */
#include "text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void only_whole_utf8_without_nul_is_valid(void **state)
{
	static const char *const good[] = { "", "a", "救", "😀", "\xED\x9F\xBF", "\xEE\x80\x80", "\xF4\x8F\xBF\xBF", "é\n\t" };
	static const char *const bad[] = {
		"\x80", "\xBF", "\xC0\xAF", "\xC1\xBF", "\xE0\x80\xAF", "\xE0\x9F\xBF", "\xF0\x80\x80\xAF", "\xF0\x8F\xBF\xBF",
		"\xED\xA0\x80", "\xED\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFE", "\xFF", "\xE6\x95", "\xE6",
		"\xF0\x9F\x98", "\xE6\x95\x91\xE6", "a\xC3", "\xC3(", "\xE6(\x91", "\xF8\x88\x80\x80\x80",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		assert_true(text_valid(good[i], strlen(good[i])));
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(text_valid(bad[i], strlen(bad[i])));
	assert_false(text_valid("a\0b", 3));
	assert_false(text_valid("", 1));
	assert_true(text_valid("救x", 3));  /* n decides, not what stands behind it */
	assert_false(text_valid("救x", 2));
}

static void length_is_counted_in_code_points(void **state)
{
	struct buf long_text = { 0 };

	(void)state;
	assert_int_equal(text_length(""), 0);
	assert_int_equal(text_length("救"), 1);
	assert_int_equal(text_length("a救😀é"), 4);
	for (int i = 0; i < 20000; i++)
		buf_text(&long_text, "字");
	assert_int_equal(text_length(long_text.data), 20000);
	buf_finish(&long_text);
}

static void a_single_character_is_words_and_unseen_characters_are_not(void **state)
{
	static const char *const blank[] = { "", " ", "\t\r\n", "\u3000", "\u00A0\u2003", "\u200B", "\uFEFF", "\u202E\u202C",
					     "\u2060 \u00AD", "\uFE0F", "\u3164", "\u2800", "\U000E0020", "\u2028" };
	static const char *const words[] = { "救", "a", "。", "?", "😀", " 救 ", "\u200B救", "0", "​1" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(blank); i++)
		assert_true(text_blank(blank[i]));
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		assert_false(text_blank(words[i]));
}

static const struct {
	const char *from, *to;
} folds[] = {
	{ "", "" },
	{ "我想和你说说话", "我想和你说说话" },
	{ "自\u200B杀", "自杀" },                       /* zero width space */
	{ "自\u200D\u2060\uFEFF杀", "自杀" },
	{ "自\u202E杀\u202C", "自杀" },                 /* bidi override */
	{ "自\u00AD杀\uFE0F", "自杀" },
	{ "自 杀", "自杀" },
	{ "自\u3000 \t杀", "自杀" },
	{ "我\n想\n死", "我想死" },                      /* written downwards */
	{ "我很好，\n真的", "我很好,\n真的" },
	{ "今天没有事\n明天再说吧", "今天没有事\n明天再说吧" },
	{ "今天没有事\r\n\r\n明天再说吧", "今天没有事\n明天再说吧" },
	{ "今天没有事\u2028明天再说吧", "今天没有事\n明天再说吧" },
	{ "自\u0336杀\u0336", "自杀" },                  /* struck through */
	{ "自\u0301\u0302\u0303\u0304\u0305\u0306杀", "自杀" },
	{ "自\u20DD杀", "自杀" },                        /* enclosing circle */
	{ "ＡＢＣ１２３！", "abc123!" },                 /* full width */
	{ "ｶﾞ", "ガ" },
	{ "STRASSE Straße", "strasse strasse" },
	{ "E\u0301te\u0301", "été" },                    /* composed, not stripped */
	{ "\u2F83\u6BBA", "自殺" },                      /* Kangxi radical for 自 */
	{ "①㊙", "1秘" },
	{ "ﬁn", "fin" },
	{ "  a   b  ", "a b" },
	{ "用 QQ 说", "用 qq 说" },
	{ "好 , 的", "好 , 的" },
	{ "\u0F40\u0F72\u0F74\u0F7A\u0F7C", "\u0F40\u0F72\u0F7A" }, /* Tibetan keeps its vowels, a tower does not */
	{ "\u2800自\u2800杀", "自杀" },
	{ "自\uFFF9杀", "自杀" },
	{ "\u200B", "" },
	{ "   ", "" },
	{ "\u0301", "" },
	{ "😀👨\u200D👩", "😀👨👩" },
};

static void folding_finds_the_same_words_under_any_dress(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(folds); i++) {
		AUTO(mem_free) char *once = text_fold(folds[i].from);
		AUTO(mem_free) char *twice = text_fold(once);

		assert_string_equal(once, folds[i].to);
		assert_string_equal(twice, once);
		assert_true(text_valid(once, strlen(once)));
	}
}

static void folding_grows_where_one_character_stands_for_many(void **state)
{
	struct buf b = { 0 };

	(void)state;
	for (int i = 0; i < 1000; i++)
		buf_text(&b, "\uFDFA");
	{
		AUTO(mem_free) char *folded = text_fold(b.data);

		assert_true(text_length(folded) > 8000);
		assert_true(text_valid(folded, strlen(folded)));
	}
	buf_finish(&b);
}

static void a_tower_of_marks_costs_no_more_than_its_length(void **state)
{
	struct buf b = { 0 };

	(void)state;
	buf_text(&b, "救");
	for (int i = 0; i < 19999; i++)
		buf_text(&b, i % 2 ? "\u0301" : "\u0316");
	{
		AUTO(mem_free) char *folded = text_fold(b.data);

		assert_string_equal(folded, "救");
	}
	buf_finish(&b);
}

static void bytes_that_are_not_text_come_back_as_they_were(void **state)
{
	AUTO(mem_free) char *folded = text_fold("A\xC0\xAF");

	(void)state;
	assert_string_equal(folded, "A\xC0\xAF");
	assert_false(text_blank("\xC0\xAF"));
}

/* Ordinary texts are folded without utf8proc. A character beyond them ("é") brings it back: both must say the same. */
static void the_short_way_of_folding_is_the_long_one(void **state)
{
	(void)state;
	for (unsigned c = 1; c < 0x10000; c++) {
		char shown[4] = { (char)c };
		struct buf alone = { 0 }, beside = { 0 };
		AUTO(mem_free) char *short_way = NULL;
		AUTO(mem_free) char *long_way = NULL;

		if (c > 0x3400 && c < 0xF900 && c % 101) /* Han and Hangul: some of them */
			continue;
		if (c >= 0x80 && c < 0x800) {
			shown[0] = (char)(0xC0 | c >> 6);
			shown[1] = (char)(0x80 | (c & 0x3F));
		} else if (c >= 0x800) {
			shown[0] = (char)(0xE0 | c >> 12);
			shown[1] = (char)(0x80 | (c >> 6 & 0x3F));
			shown[2] = (char)(0x80 | (c & 0x3F));
		}
		if (!text_valid(shown, strlen(shown)))
			continue;
		buf_format(&alone, "%s好%s%s好x%s y", shown, shown, shown, shown);
		buf_format(&beside, "%s\né", alone.data);
		short_way = text_fold(alone.data);
		long_way = text_fold(beside.data);
		assert_true(strlen(long_way) == strlen(short_way) + 3);
		assert_memory_equal(short_way, long_way, strlen(short_way));
		buf_finish(&alone);
		buf_finish(&beside);
	}
}

static void markup_is_shown_and_not_obeyed(void **state)
{
	struct buf b = { 0 };

	(void)state;
	text_html(&b, "<script>alert('救 & \"x\"')</script>");
	assert_string_equal(b.data, "&lt;script&gt;alert(&#39;救 &amp; &quot;x&quot;&#39;)&lt;/script&gt;");
	buf_clear(&b);
	text_html(&b, "&amp;");
	assert_string_equal(b.data, "&amp;amp;");
	buf_clear(&b);
	text_html(&b, "%s%n");
	assert_string_equal(b.data, "%s%n");
	buf_clear(&b);
	text_html(&b, "");
	assert_int_equal(b.bytes, 0);
	buf_finish(&b);
}

static void secrets_are_the_same_only_when_every_byte_is(void **state)
{
	uint8_t a[32] = { 0 }, b[32] = { 0 };

	(void)state;
	assert_true(text_same(a, b, 0));
	assert_true(text_same(a, b, 32));
	for (size_t i = 0; i < 32; i++) {
		b[i] = 0x80;
		assert_false(text_same(a, b, 32));
		b[i] = 0;
	}
}

static void hex_goes_there_and_back_and_nothing_else_is_hex(void **state)
{
	static const char *const bad[] = { "0", "0g", "AB", "abc", " ab", "ab ", "-1", "0x", "ａｂ" };
	uint8_t all[256], back[256];
	char text[513];

	(void)state;
	for (int i = 0; i < 256; i++)
		all[i] = (uint8_t)i;
	hex_write(text, all, 256);
	assert_int_equal(strlen(text), 512);
	assert_int_equal(hex_read(text, back, 256), 256);
	assert_memory_equal(all, back, 256);
	assert_int_equal(hex_read(text, back, 255), 0);
	assert_int_equal(hex_read("", back, 1), 0);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(hex_read(bad[i], back, sizeof(back)), 0);
	assert_memory_equal(all, back, 256);
	hex_write(text, all, 0);
	assert_string_equal(text, "");
}

static void what_is_quoted_is_repaired_and_nothing_else(void **state)
{
	char cut[] = "\xe6\x95\x91\xe6\x95", whole[] = "\xe6\x95\x91 a", raw[] = "a\nb\x7f\xff";

	(void)state;
	text_repair(cut);
	assert_string_equal(cut, "\xe6\x95\x91??");
	text_repair(whole);
	assert_string_equal(whole, "\xe6\x95\x91 a");
	text_repair(raw);
	assert_string_equal(raw, "a?b??");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_quoted_is_repaired_and_nothing_else),
		cmocka_unit_test(only_whole_utf8_without_nul_is_valid),
		cmocka_unit_test(length_is_counted_in_code_points),
		cmocka_unit_test(a_single_character_is_words_and_unseen_characters_are_not),
		cmocka_unit_test(folding_finds_the_same_words_under_any_dress),
		cmocka_unit_test(folding_grows_where_one_character_stands_for_many),
		cmocka_unit_test(a_tower_of_marks_costs_no_more_than_its_length),
		cmocka_unit_test(bytes_that_are_not_text_come_back_as_they_were),
		cmocka_unit_test(the_short_way_of_folding_is_the_long_one),
		cmocka_unit_test(markup_is_shown_and_not_obeyed),
		cmocka_unit_test(secrets_are_the_same_only_when_every_byte_is),
		cmocka_unit_test(hex_goes_there_and_back_and_nothing_else_is_hex),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
