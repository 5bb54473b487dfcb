/* SPDX-License-Identifier: Apache-2.0 */
/* The rule of plain JSON: what it reads and writes is what jansson reads and writes, and what it is not sure of it leaves alone. */
#include "../../core/json_plain.h"

#include "json.h"
#include "mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const plain[] = {
	"{}",
	" { } ",
	"{\"a\":1}",
	"{\"a\":0,\"b\":-1,\"c\":9223372036854775807,\"d\":-9223372036854775807}",
	"{ \"a\" : [ ] , \"b\" : [ 1 , \"x\" , true , false , null , { } ] }\r\n\t ",
	"{\"\":\"\"}",
	"{\"text\":\"最近睡不好 \xf0\x9f\x98\x80 \x7f\",\"名\":{\"深\":[[[[{\"a\":1}]]]]}}",
	"{\"a\":[1,2,3],\"b\":{\"c\":\"0123456789abcdef\"},\"e\":true}",
};
static const char *const not_plain[] = {
	"", " ", "[]", "1", "{", "}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{,}", "{\"a\":1}x", "{\"a\":1}{}",
	"{\"a\":1,\"a\":2}", "{\"a\":-0}", "{\"a\":01}", "{\"a\":1.5}", "{\"a\":1e3}", "{\"a\":+1}", "{\"a\":-}", "{\"a\":9223372036854775808}", "{\"a\":12345678901234567890}",
	"{\"a\":\"\\n\"}", "{\"a\":\"\\u0041\"}", "{\"a\":\"\n\"}", "{\"a\":\"\xc0\xaf\"}", "{\"a\":\"\xed\xa0\x80\"}", "{\"a\":\"",
	"{\"a\":tru}", "{\"a\":truex}", "{\"a\":nul", "{\"a\":[1 2]}", "{\"a\":[1,]}", "{\"a\" 1}", "{a:1}", "{\"a\":'b'}", "\xef\xbb\xbf{}",
};

/* What is read plainly is what jansson reads; what is written plainly is what jansson writes. */
static void compare(const char *text, size_t n)
{
	AUTO(json_release) json_t *fast = json_plain_read(text, n);
	AUTO(json_release) json_t *slow = NULL;
	AUTO(mem_free) char *short_way = NULL;
	AUTO(mem_free) char *long_way = NULL;

	if (!fast)
		return;
	slow = json_loadb(text, n, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(slow);
	assert_true(json_equal(fast, slow));
	short_way = json_plain_write(fast);
	long_way = json_dumps(slow, JSON_COMPACT);
	assert_non_null(short_way);
	assert_string_equal(short_way, long_way);
}

static void plain_objects_are_read_and_written_as_jansson_does(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(plain); i++) {
		json_t *value = json_plain_read(plain[i], strlen(plain[i]));

		assert_non_null(value);
		json_decref(value);
		compare(plain[i], strlen(plain[i]));
	}
}

static void what_is_not_plain_is_left_to_jansson(void **state)
{
	static const char nul[] = "{\"a\":1\0}";

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(not_plain); i++)
		assert_null(json_plain_read(not_plain[i], strlen(not_plain[i])));
	assert_null(json_plain_read(nul, sizeof(nul) - 1));
}

static void depth_ends_where_json_read_ends(void **state)
{
	(void)state;
	for (int depth = 15; depth <= 18; depth++) {
		struct buf b = { 0 };
		json_t *value;

		buf_text(&b, "{\"a\":");
		for (int i = 1; i < depth; i++)
			buf_text(&b, "[");
		for (int i = 1; i < depth; i++)
			buf_text(&b, "]");
		buf_text(&b, "}");
		value = json_plain_read(b.data, b.bytes);
		assert_int_equal(value != NULL, depth <= 16);
		json_decref(value);
		buf_finish(&b);
	}
}

/* One byte of every text set to every value, and every text cut at every place. */
static void no_changed_byte_is_read_in_another_way(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(plain); i++) {
		size_t n = strlen(plain[i]);
		AUTO(mem_free) char *text = mem_copy(plain[i], n);

		for (size_t at = 0; at < n; at++) {
			for (int byte = 0; byte < 256; byte++) {
				text[at] = (char)byte;
				compare(text, n);
			}
			text[at] = plain[i][at];
			compare(text, at);
		}
	}
}

static void what_jansson_would_escape_or_round_is_not_written(void **state)
{
	static const char *const texts[] = { "{\"a\":\"\\\"\"}", "{\"a\\n\":1}", "{\"a\":1.5}", "{\"a\":[\"\\\\\"]}" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		AUTO(json_release) json_t *value = json_loads(texts[i], JSON_REJECT_DUPLICATES, NULL);
		AUTO(mem_free) char *whole = json_write(value);

		assert_null(json_plain_write(value));
		assert_string_equal(whole, texts[i]);
	}
	assert_null(json_plain_write(NULL));
}

static void the_smallest_number_is_written(void **state)
{
	AUTO(json_release) json_t *value = json_pack("{s:I, s:I, s:I}", "a", (json_int_t)INT64_MIN, "b", (json_int_t)INT64_MAX, "c",
	                                             (json_int_t)0);
	AUTO(mem_free) char *text = json_plain_write(value);

	(void)state;
	assert_string_equal(text, "{\"a\":-9223372036854775808,\"b\":9223372036854775807,\"c\":0}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_objects_are_read_and_written_as_jansson_does),
		cmocka_unit_test(what_is_not_plain_is_left_to_jansson),
		cmocka_unit_test(depth_ends_where_json_read_ends),
		cmocka_unit_test(no_changed_byte_is_read_in_another_way),
		cmocka_unit_test(what_jansson_would_escape_or_round_is_not_written),
		cmocka_unit_test(the_smallest_number_is_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
