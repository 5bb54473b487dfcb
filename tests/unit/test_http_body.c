/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of what a request carries at the HTTP door: JSON, forms, queries, cookies, headers. */
#include "http_kit.h"

#include <stdio.h>

static void json_must_be_called_json(void **state)
{
	static const char *const wrong[] = { "text/plain", "application/x-www-form-urlencoded", "application/jsonx",
					     "application/json; charset=gbk", "application/json; charset=utf-8; x=y",
					     "application/json, text/plain", "multipart/form-data; boundary=x" };
	static const char *const right[] = { "application/json", "Application/JSON; Charset=UTF-8",
					     "application/json;charset=\"utf-8\"" };
	struct kit *kit = *state;

	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_int_equal(post(kit, "POST /json", wrong[i], "{\"text\":\"x\"}").status, 415);
	assert_int_equal(post(kit, "POST /json", NULL, "{\"text\":\"x\"}").status, 415);
	assert_int_equal(post(kit, "POST /form", "application/json", "{}").status, 415);
	assert_int_equal(kit->handled, 0);
	for (size_t i = 0; i < ARRAY_LEN(right); i++)
		assert_int_equal(post(kit, "POST /json", right[i], "{\"text\":\"我想说话\"}").status, 201);
	assert_string_equal(kit->seen.data, "我想说话");
}

static void a_body_that_is_not_strict_json_is_refused(void **state)
{
	static const char *const wrong[] = { "{\"text\":\"\xc0\xaf\"}", "{\"text\":1,\"text\":2}", "[]", "{} {}", "{",
					     "{\"text\":\"\\u0000\"}", "[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]" };
	struct kit *kit = *state;

	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_int_equal(post(kit, "POST /json", "application/json", wrong[i]).status, 400);
	assert_int_equal(kit->handled, 0);
	/* No body at all is an object without fields. */
	assert_string_equal(get(kit, "POST /json", NULL).body, "{}");
}

static void a_large_body_arrives_whole_in_any_pieces(void **state)
{
	enum { BYTES = 150000 };
	struct kit *kit = *state;
	AUTO(mem_free) char *body = mem_new(BYTES + 1);
	AUTO(mem_free) char *text = NULL;
	struct client client;
	size_t n;

	snprintf(body, BYTES, "{\"text\":\"%0149985d\"}", 7);
	text = request(kit, "PUT /json", "Content-Type: application/json\r\n", body);
	n = strlen(text);
	client_open(kit, &client);
	for (size_t at = 0; at < n; at += 7001)
		client_send(kit, &client, text + at, n - at < 7001 ? n - at : 7001);
	assert_string_equal(client_answer(kit, &client).body, body);
	client_close(&client);
}

static void a_form_is_decoded_strictly(void **state)
{
	static const char type[] = "application/x-www-form-urlencoded";
	static const char *const bad[] = { "text=%", "text=%4", "text=%zz", "text=%c0%af", "text=%00", "text=a&text=b",
					   "=x", "a&&b", "te%78t=a&text=b", "text=%ed%a0%80" };
	struct kit *kit = *state;

	assert_int_equal(post(kit, "POST /form", type, "text=%E6%95%91+1%2b1&x=&y").status, 303);
	assert_string_equal(kit->seen.data, "救 1+1");
	assert_int_equal(post(kit, "POST /form", type, "other=1").status, 303);
	assert_string_equal(kit->seen.data, "(nothing)");
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_int_equal(post(kit, "POST /form", type, bad[i]).status, 400);
		assert_string_equal(kit->seen.data, "(nothing)");
	}
}

static void a_form_has_a_bounded_number_of_fields(void **state)
{
	struct kit *kit = *state;
	struct buf b = { 0 };

	for (int i = 0; i < 129; i++)
		buf_format(&b, "%sa%d=", i ? "&" : "", i);
	assert_int_equal(post(kit, "POST /form", "application/x-www-form-urlencoded", b.data).status, 400);
	buf_finish(&b);
}

static void a_query_is_taken_only_where_the_table_says_so(void **state)
{
	struct kit *kit = *state;

	assert_int_equal(get(kit, "GET /query?wait=2%35&x=", NULL).status, 200);
	assert_string_equal(kit->seen.data, "25");
	assert_int_equal(get(kit, "GET /query", NULL).status, 200);
	assert_string_equal(kit->seen.data, "(nothing)");
	assert_int_equal(get(kit, "GET /query?wait=1&wait=2", NULL).status, 400);
	assert_int_equal(get(kit, "GET /query?wait=%ff", NULL).status, 400);
	assert_int_equal(get(kit, "GET /hello?wait=1", NULL).status, 400);
}

static void a_cookie_given_twice_is_told(void **state)
{
	struct kit *kit = *state;

	get(kit, "GET /cookie", "Cookie: a=b; qt=value; c\r\n");
	assert_string_equal(kit->seen.data, "value");
	get(kit, "GET /cookie", "Cookie: a=b\r\n");
	assert_string_equal(kit->seen.data, "(none)");
	get(kit, "GET /cookie", NULL);
	assert_string_equal(kit->seen.data, "(none)");
	get(kit, "GET /cookie", "Cookie: qt=1; qt=2\r\n");
	assert_string_equal(kit->seen.data, "(two)");
	get(kit, "GET /cookie", "Cookie: qt=1\r\nCookie: qt=2\r\n");
	assert_string_equal(kit->seen.data, "(two)");
	get(kit, "GET /cookie", "Cookie: a=1\r\nCookie: qt=2\r\n");
	assert_string_equal(kit->seen.data, "2");
	get(kit, "GET /cookie", "Cookie: xqt=1; QT=2; qt =3\r\n");
	assert_string_equal(kit->seen.data, "(none)");
}

static void set_cookie_adds_and_other_headers_replace(void **state)
{
	struct kit *kit = *state;
	struct answer a = get(kit, "GET /header", "X-Desk: psych\r\n");

	assert_string_equal(kit->seen.data, "psych");
	assert_non_null(strstr(a.head, "Set-Cookie: a=1\r\n"));
	assert_non_null(strstr(a.head, "Set-Cookie: b=2\r\n"));
	assert_string_equal(header_of(a, "X-Twice"), "last");
	assert_null(strstr(a.head, "first"));
}

static void a_header_that_may_come_once_is_refused_twice(void **state)
{
	static const char *const once[] = { "Authorization: a", "Origin: a", "Content-Type: text/plain", "If-Match: 1",
					    "Idempotency-Key: x", "X-CSRF-Token: x", "Last-Event-ID: 1" };
	struct kit *kit = *state;

	for (size_t i = 0; i < ARRAY_LEN(once); i++) {
		AUTO(mem_free) char *twice = mem_format("%s\r\n%s\r\n", once[i], once[i]);

		assert_int_equal(get(kit, "GET /hello", twice).status, 400);
	}
	assert_int_equal(get(kit, "GET /hello", "Accept: a\r\nAccept: b\r\n").status, 200);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define RULE(name) cmocka_unit_test_setup_teardown(name, kit_open, kit_close)
		RULE(json_must_be_called_json),
		RULE(a_body_that_is_not_strict_json_is_refused),
		RULE(a_large_body_arrives_whole_in_any_pieces),
		RULE(a_form_is_decoded_strictly),
		RULE(a_form_has_a_bounded_number_of_fields),
		RULE(a_query_is_taken_only_where_the_table_says_so),
		RULE(a_cookie_given_twice_is_told),
		RULE(set_cookie_adds_and_other_headers_replace),
		RULE(a_header_that_may_come_once_is_refused_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
