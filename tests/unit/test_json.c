/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of JSON from outside: one strict object, and a table says what may be in it. */
#include "json.h"
#include "mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static int read_outcome(const char *text)
{
	json_t *value;
	int result = json_read(text, strlen(text), &value);

	assert_true((result == 0) == (value != NULL));
	json_release(&value);
	return result;
}

static void an_object_is_read(void **state)
{
	AUTO(json_release) json_t *o = NULL;
	const char *text = " {\"text\":\"救\",\"n\":-7,\"yes\":true,\"none\":null} \n";

	(void)state;
	assert_int_equal(json_read(text, strlen(text), &o), 0);
	assert_string_equal(json_text(o, "text"), "救");
	assert_int_equal(json_int(o, "n", 1), -7);
	assert_true(json_bool(o, "yes", false));
	assert_null(json_text(o, "none"));
	assert_null(json_text(o, "absent"));
	assert_int_equal(json_int(o, "text", 5), 5);
	assert_true(json_bool(o, "absent", true));
}

static void what_is_not_one_strict_object_is_refused(void **state)
{
	static const char *const malformed[] = {
		"",
		" ",
		"{",
		"{}}",
		"{} x",
		"{}{}",
		"\xef\xbb\xbf{}",
		"{\"a\":1,\"a\":2}",
		"{\"a\":1e999}",
		"{\"a\":-0}",
		"{\"a\":[-0]}",
		"{\"a\":99999999999999999999}",
		"{\"a\":01}",
		"{\"a\":+1}",
		"{\"a\":NaN}",
		"{\"a\":'x'}",
		"{a:1}",
		"{\"a\":1,}",
		"{\"a\":\"\\u0000\"}",
		"{\"a\":\"\\ud800\"}",
		"{\"a\":\"\xc0\xaf\"}",
		"{\"a\":\"\xed\xa0\x80\"}",
		"{\"a\":\"\n\"}",
		"{\"a\":\"\\x\"}",
		"{\"a\":/**/1}",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(malformed); i++)
		assert_int_equal(read_outcome(malformed[i]), JSON_MALFORMED);
	assert_int_equal(read_outcome("[]"), JSON_NOT_OBJECT);
	assert_int_equal(read_outcome("[{\"a\":1}]"), JSON_NOT_OBJECT);
}

static void a_nul_byte_ends_nothing(void **state)
{
	static const char text[] = "{\"a\":1}\0{\"b\":2}";
	json_t *value;

	(void)state;
	assert_int_equal(json_read(text, sizeof(text) - 1, &value), JSON_MALFORMED);
	assert_null(value);
}

static void a_minus_in_a_text_or_before_a_fraction_is_fine(void **state)
{
	(void)state;
	assert_int_equal(read_outcome("{\"a\":\"-0\",\"b\":-0.5,\"c\":-10}"), 0);
}

static void sixteen_levels_are_enough(void **state)
{
	struct buf b = { 0 };

	(void)state;
	for (int depth = 16; depth <= 10000; depth = depth == 16 ? 17 : depth == 17 ? 10000 : depth + 1) {
		buf_clear(&b);
		buf_text(&b, "{\"a\":");
		for (int i = 1; i < depth; i++)
			buf_text(&b, "[");
		for (int i = 1; i < depth; i++)
			buf_text(&b, "]");
		buf_text(&b, "}");
		assert_int_equal(read_outcome(b.data), depth == 16 ? 0 : JSON_TOO_DEEP);
	}
	/* Brackets in texts are no depth. */
	assert_int_equal(read_outcome("{\"a\":\"[[[[[[[[[[[[[[[[[[[[[[[[\\\"[[[[\"}"), 0);
	buf_finish(&b);
}

static const char *const desks[] = { "legal", "psych", NULL };
static const struct json_field fields[] = {
	{ .name = "text", .kind = JSON_TEXT, .required = true, .min = 1, .max = 4 },
	{ .name = "mood", .kind = JSON_INT, .min = 1, .max = 5 },
	{ .name = "live", .kind = JSON_BOOL },
	{ .name = "id", .kind = JSON_HEX, .max = 4 },
	{ .name = "key", .kind = JSON_HEX, .min = 1, .max = 4 },
	{ .name = "desk", .kind = JSON_CODE, .codes = desks },
	{ .name = "at", .kind = JSON_TIME },
	{ .name = "groups", .kind = JSON_LIST, .max = 2 },
	{ .name = "contact", .kind = JSON_OBJ },
};

/* The sentence for this object; "" when it is fine. Lent until the next call. */
static const char *why(const char *text)
{
	static char said[200];
	AUTO(json_release) json_t *o = NULL;
	AUTO(mem_free) char *sentence = NULL;
	int outcome;

	assert_int_equal(json_read(text, strlen(text), &o), 0);
	outcome = json_check(o, fields, ARRAY_LEN(fields), &sentence);
	assert_int_equal(outcome, sentence != NULL);
	snprintf(said, sizeof(said), "%s", sentence ? sentence : "");
	return said;
}

static void a_field_of_the_table_is_fine_within_its_bounds(void **state)
{
	(void)state;
	assert_string_equal(why("{\"text\":\"我想说话\",\"mood\":5,\"live\":false,\"id\":\"00ff10aa\",\"key\":\"0f\","
				"\"desk\":\"psych\",\"at\":\"2026-11-23T06:41:23+08:00\",\"groups\":[1,2],\"contact\":{}}"),
			    "");
	assert_string_equal(why("{\"text\":\"x\",\"mood\":null,\"desk\":null}"), "");
}

static void each_kind_says_what_would_be_right(void **state)
{
	static const char *const wrong[][2] = {
		{ "{}", "The field \"text\" is missing." },
		{ "{\"text\":null}", "The field \"text\" is missing." },
		{ "{\"text\":\"\"}", "The field \"text\" must be a text of 1 to 4 characters." },
		{ "{\"text\":\"我想说话了\"}", "The field \"text\" must be a text of 1 to 4 characters." },
		{ "{\"text\":7}", "The field \"text\" must be a text of 1 to 4 characters." },
		{ "{\"text\":\"x\",\"mood\":6}", "The field \"mood\" must be a whole number from 1 to 5." },
		{ "{\"text\":\"x\",\"mood\":2.0}", "The field \"mood\" must be a whole number from 1 to 5." },
		{ "{\"text\":\"x\",\"mood\":\"2\"}", "The field \"mood\" must be a whole number from 1 to 5." },
		{ "{\"text\":\"x\",\"live\":1}", "The field \"live\" must be true or false." },
		{ "{\"text\":\"x\",\"id\":\"00\"}",
		  "The field \"id\" must be exactly 4 bytes as lower-case hexadecimal." },
		{ "{\"text\":\"x\",\"id\":\"00FF10AA\"}",
		  "The field \"id\" must be exactly 4 bytes as lower-case hexadecimal." },
		{ "{\"text\":\"x\",\"key\":\"0011223344\"}",
		  "The field \"key\" must be at most 4 bytes as lower-case hexadecimal." },
		{ "{\"text\":\"x\",\"key\":\"001\"}",
		  "The field \"key\" must be at most 4 bytes as lower-case hexadecimal." },
		{ "{\"text\":\"x\",\"desk\":\"other\"}", "The field \"desk\" must be one of \"legal\", \"psych\"." },
		{ "{\"text\":\"x\",\"desk\":1}", "The field \"desk\" must be one of \"legal\", \"psych\"." },
		{ "{\"text\":\"x\",\"at\":\"yesterday\"}",
		  "The field \"at\" must be a time like \"2026-11-23T06:41:23Z\"." },
		{ "{\"text\":\"x\",\"groups\":[1,2,3]}", "The field \"groups\" must be a list of at most 2." },
		{ "{\"text\":\"x\",\"groups\":{}}", "The field \"groups\" must be a list of at most 2." },
		{ "{\"text\":\"x\",\"contact\":[]}", "The field \"contact\" must be an object." },
		{ "{\"text\":\"x\",\"risk\":0}", "The field \"risk\" is not known here." },
		{ "{\"text\":\"x\",\"a\\nb<c>\":0}", "The field \"a?b?c?\" is not known here." },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_string_equal(why(wrong[i][0]), wrong[i][1]);
}

static void bytes_and_times_come_back_as_they_went(void **state)
{
	static const uint8_t bytes[3] = { 0, 0xab, 255 };
	AUTO(json_release) json_t *o = json_object();
	AUTO(mem_free) char *text = NULL;
	uint8_t back[3];

	(void)state;
	json_set_hex(o, "id", bytes, sizeof(bytes));
	json_set_time(o, "at", 1);
	json_set_time(o, "never", 0);
	assert_int_equal(json_hex(o, "id", back, sizeof(back)), 3);
	assert_memory_equal(back, bytes, 3);
	assert_int_equal(json_hex(o, "id", back, 2), 0);
	assert_int_equal(json_hex(o, "absent", back, 3), 0);
	text = json_write(o);
	assert_string_equal(text, "{\"id\":\"00abff\",\"at\":\"1970-01-01T00:00:00.001Z\",\"never\":null}");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_object_is_read),
		cmocka_unit_test(what_is_not_one_strict_object_is_refused),
		cmocka_unit_test(a_nul_byte_ends_nothing),
		cmocka_unit_test(a_minus_in_a_text_or_before_a_fraction_is_fine),
		cmocka_unit_test(sixteen_levels_are_enough),
		cmocka_unit_test(a_field_of_the_table_is_fine_within_its_bounds),
		cmocka_unit_test(each_kind_says_what_would_be_right),
		cmocka_unit_test(bytes_and_times_come_back_as_they_went),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
