/* SPDX-License-Identifier: Apache-2.0 */
/* Hostile bytes at the HTTP door (hostile.md §1): what cannot be believed is refused, and nothing behind it served. */
#include "http_kit.h"

static void two_ways_to_say_the_length_are_refused(void **state)
{
	refused(*state, "POST /raw HTTP/1.1\r\nH@\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
			"GET /hello HTTP/1.1\r\nH@\r\n\r\n", 400);
	refused(*state, "POST /raw HTTP/1.1\r\nH@\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"
			"GET /hello HTTP/1.1\r\nH@\r\n\r\n", 400);
	refused(*state, "POST /raw HTTP/1.1\r\nH@\r\nContent-Length: 5\r\ntransfer-encoding: identity\r\n\r\nhello"
			"GET /hello HTTP/1.1\r\nH@\r\n\r\n", 400);
	refused(*state, "POST /raw HTTP/1.1\r\nH@\r\nContent-Length: 0\r\nContent-Length: 38\r\n\r\n"
			"GET /hello HTTP/1.1\r\nH@\r\n\r\n", 400);
	refused(*state, "POST /raw HTTP/1.1\r\nH@\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello", 400);
	refused(*state, "POST /raw HTTP/1.1\r\nH@\r\nContent-Length: 5, 5\r\n\r\nhello", 400);
	refused(*state, "POST /raw HTTP/1.1\r\nH@\r\nContent-Length: +5\r\n\r\nhello", 400);
	refused(*state, "POST /raw HTTP/1.1\r\nH@\r\nContent-Length: 0x5\r\n\r\nhello", 400);
	refused(*state, "POST /raw HTTP/1.1\r\nH@\r\nContent-Length: -1\r\n\r\nhello", 400);
	refused(*state, "POST /raw HTTP/1.1\r\nH@\r\nContent-Length:\r\n\r\nhello", 400);
}

static void a_header_name_that_is_no_token_is_refused(void **state)
{
	refused(*state, "POST /raw HTTP/1.1\r\nH@\r\nContent-Length : 5\r\n\r\nhello", 400);
	refused(*state, "POST /raw HTTP/1.1\r\nH@\r\nContent-Length\t: 5\r\n\r\nhello", 400);
	refused(*state, "POST /raw HTTP/1.1\r\nH@\r\nContent Length: 5\r\n\r\nhello", 400);
	refused(*state, "GET /hello HTTP/1.1\r\nH@\r\nX\x01Y: 5\r\n\r\n", 400);
	refused(*state, "GET /hello HTTP/1.1\r\nH@\r\n\xe5\x80\xbe: 5\r\n\r\n", 400);
	refused(*state, "GET /hello HTTP/1.1\r\nH@\r\n: 5\r\n\r\n", 400);
	refused(*state, "GET /hello HTTP/1.1\r\nH@\r\nX(Y): 5\r\n\r\n", 400);
	refused(*state, "GET /hello HTTP/1.1\r\nH@\r\nno colon\r\n\r\n", 400);
	refused(*state, "GET /hello HTTP/1.1\r\n Early: 5\r\nH@\r\n\r\n", 400);
}

static void a_folded_header_is_refused_however_it_is_balanced(void **state)
{
	refused(*state, "GET /hello HTTP/1.1\r\nH@\r\nX: a\r\n b\r\n\r\n", 400);
	refused(*state, "GET /hello HTTP/1.1\r\nH@\r\nX: a\r\n\tb\r\nY: c\r\n\r\n", 400);
	refused(*state, "GET /hello HTTP/1.1\r\nH@\r\nX: a\r\n \r\n\r\n", 400);
	refused(*state, "GET /hello HTTP/1.1\r\nX: a\r\n b\r\n c\r\nH@\r\n\r\n", 400);
	/* The three bytes a fold hides, given back by three headers without their blank: a sum would be right again. */
	refused(*state, "GET /hello HTTP/1.1\r\nH@\r\nX: a\r\n b\r\nA:1\r\nB:2\r\nC:3\r\n\r\n", 400);
	refused(*state, "GET /hello HTTP/1.1\r\nA:1\r\nB:2\r\nC:3\r\nH@\r\nX: a\r\n b\r\n\r\n", 400);
}

static void bare_line_feeds_are_refused(void **state)
{
	refused(*state, "GET /hello HTTP/1.1\nH@\n\n", 400);
	refused(*state, "GET /hello HTTP/1.1\r\nH@\nX: y\r\n\r\n", 400);
	refused(*state, "GET /hello HTTP/1.1\r\nH@\r\nX: y\n\r\n", 400);
	refused(*state, "GET /hello HTTP/1.1\r\nH@\r\nX: y\r\n\n", 400);
	refused(*state, "GET /hello HTTP/1.1\r\nH@\r\nX: a\rb\r\n\r\n", 400);
}

static void blanks_around_a_value_are_no_fault(void **state)
{
	struct kit *kit = *state;

	assert_int_equal(get(kit, "GET /header", "X-Desk:psych\r\nA:\r\nB: \r\nC:  \t x\r\n").status, 200);
	assert_string_equal(kit->seen.data, "psych");
}

static void nul_bytes_are_refused_wherever_they_are(void **state)
{
	static const char *const with_nul[] = {
		"GET /hello@ HTTP/1.1\r\nH\r\n\r\n", "GET /hel@lo HTTP/1.1\r\nH\r\n\r\n",
		"G@ET /hello HTTP/1.1\r\nH\r\n\r\n", "GET /hello HTTP/1.1\r\nH\r\nX: a@b\r\n\r\n",
		"GET /hello HTTP/1.1\r\nH\r\nX: a@\r\n\r\n", "GET /hello HTTP/1.1\r\nH\r\nX@: a\r\n\r\n",
		"GET /query?wait=1@ HTTP/1.1\r\nH\r\n\r\n", "GET /hello HTTP/1.1\r\nH\r\n@\r\n\r\n",
		"GET /hello HTTP/1.1@\r\nH\r\n\r\n",
	};
	struct kit *kit = *state;

	for (size_t i = 0; i < ARRAY_LEN(with_nul); i++) {
		struct buf b = { 0 };
		struct answer a;

		for (const char *s = with_nul[i]; *s; s++) {
			if (*s == 'H' && (s[1] == '\r'))
				buf_format(&b, "Host: 127.0.0.1:%d", http_port(kit->http));
			else
				buf_add(&b, *s == '@' ? "" : s, 1);
		}
		a = ask_bytes(kit, b.data, b.bytes);
		buf_finish(&b);
		/* 0: the library closes without a word when the method is cut. */
		if (a.status != 400 && a.status != 0)
			fail_msg("%d for %s", a.status, with_nul[i]);
		assert_true(a.ended);
	}
	assert_int_equal(kit->handled, 0);
}

static void a_body_in_chunks_is_refused_at_once(void **state)
{
	static const char *const bodies[] = { "5\r\nhello\r\n0\r\n\r\n", "ZZ\r\n", "-1\r\n", "11111111111111111\r\n",
					      "5;ext=aaaaaaaaaaaaaaa\r\nhello\r\n0\r\n\r\n", "5\nhello\n0\n\n",
					      "0\r\nX-Desk: 1\r\n\r\n", "" };

	for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
		AUTO(mem_free) char *text =
			mem_format("POST /raw HTTP/1.1\r\nH@\r\nTransfer-Encoding: chunked\r\n\r\n%s", bodies[i]);

		refused(*state, text, 411);
	}
	refused(*state, "POST /raw HTTP/1.1\r\nH@\r\nTransfer-Encoding: xchunked\r\n\r\n", 501);
	refused(*state, "POST /raw HTTP/1.1\r\nH@\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501);
	refused(*state, "POST /raw HTTP/1.1\r\nH@\r\nTransfer-Encoding: chunked\r\n"
			"Transfer-Encoding: chunked\r\n\r\n", 400);
	refused(*state, "GET /hello HTTP/1.1\r\nH@\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411);
}

static void only_the_hosts_of_this_door_are_answered(void **state)
{
	struct kit *kit = *state;
	AUTO(mem_free) char *local =
		mem_format("GET /hello HTTP/1.1\r\nHost: LocalHost:%d\r\n\r\n", http_port(kit->http));

	refused(kit, "GET /hello HTTP/1.1\r\n\r\n", 400);
	refused(kit, "GET /hello HTTP/1.0\r\n\r\n", 400);
	refused(kit, "GET /hello HTTP/1.1\r\nH@\r\nH@\r\n\r\n", 400);
	refused(kit, "GET /hello HTTP/1.1\r\nH@\r\nHost: evil.test\r\n\r\n", 400);
	refused(kit, "GET /hello HTTP/1.1\r\nHost: evil.test\r\n\r\n", 421);
	refused(kit, "GET /hello HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 421);
	refused(kit, "GET /hello HTTP/1.1\r\nHost: 127.0.0.1:1\r\n\r\n", 421);
	refused(kit, "GET /hello HTTP/1.1\r\nHost: portal.test.evil.test\r\n\r\n", 421);
	refused(kit, "GET /hello HTTP/1.1\r\nHost:\r\n\r\n", 421);
	refused(kit, "GET http://127.0.0.1/hello HTTP/1.1\r\nH@\r\n\r\n", 400);
	refused(kit, "GET hello HTTP/1.1\r\nH@\r\n\r\n", 400);
	refused(kit, "OPTIONS * HTTP/1.1\r\nH@\r\n\r\n", 400);
	assert_int_equal(ask(kit, local).status, 200);
	assert_int_equal(ask(kit, "GET /hello HTTP/1.1\r\nHost: portal.test\r\n\r\n").status, 200);
}

static void a_path_is_matched_as_it_was_sent(void **state)
{
	static const struct {
		const char *path;
		int status;
	} paths[] = {
		{ "/%68ello", 400 }, { "/hello%00", 400 }, { "/hello%zz", 400 }, { "/%2e%2e/hello", 400 },
		{ "/hel\\lo", 400 }, { "/hello#x", 400 }, { "/h\xc3\xa9", 400 }, { "//hello", 404 },
		{ "/hello/", 404 }, { "/hello;x", 404 }, { "/./hello", 404 }, { "/../hello", 404 },
		{ "/Hello", 404 }, { "/cases/", 404 }, { "/cases/..", 404 }, { "/cases/.", 404 },
		{ "/cases/a,b", 404 }, { "/cases/a/b", 404 }, { "/cases/a+b", 404 }, { "/cases//notes/1", 404 },
		{ "/hello?", 400 }, { "/hello?x=1", 400 }, { "/etc/passwd", 404 },
	};
	struct kit *kit = *state;

	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		AUTO(mem_free) char *line = mem_format("GET %s", paths[i].path);
		AUTO(mem_free) char *text = request(kit, line, NULL, NULL);
		struct answer a = ask(kit, text);

		if (a.status != paths[i].status)
			fail_msg("%d instead of %d for %s", a.status, paths[i].status, paths[i].path);
	}
	assert_int_equal(kit->handled, 0);
}

static void blanks_in_the_request_line_are_refused(void **state)
{
	refused(*state, "GET  /hello HTTP/1.1\r\nH@\r\n\r\n", 400);
	refused(*state, "GET /hello  HTTP/1.1\r\nH@\r\n\r\n", 400);
	refused(*state, "GET /hel lo HTTP/1.1\r\nH@\r\n\r\n", 400);
	refused(*state, "GET /hello\tHTTP/1.1 HTTP/1.1\r\nH@\r\n\r\n", 400);
	refused(*state, "GET /hello HTTP/1.1 \r\nH@\r\n\r\n", 400);
	/* Without a method the library closes without a word. */
	refused(*state, " GET /hello HTTP/1.1\r\nH@\r\n\r\n", 0);
}

static void methods_are_those_of_the_table(void **state)
{
	struct kit *kit = *state;
	static const struct {
		const char *line;
		int status;
		const char *allow;
	} lines[] = {
		{ "TRACE /hello", 405, "GET, HEAD" }, { "CONNECT /hello", 405, "GET, HEAD" },
		{ "get /hello", 405, "GET, HEAD" }, { "OPTIONS /json", 405, "POST, PUT" },
		{ "PATCH /json", 405, "POST, PUT" }, { "GET /json", 405, "POST, PUT" },
		{ "HEAD /json", 405, "POST, PUT" }, { "BREW /hello", 405, "GET, HEAD" },
		{ "POST /nothing", 404, NULL }, { "GET /cases/a/notes/1", 405, "POST, DELETE" },
		{ "DELETE /cases/next", 405, "GET, HEAD" }, { "OPTIONS /nothing", 404, NULL },
		{ "BREW /nothing", 501, NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		AUTO(mem_free) char *text = request(kit, lines[i].line, NULL, NULL);
		struct client client;
		struct answer a;

		client_open(kit, &client);
		client_text(kit, &client, text);
		a = client_answer_without_body(kit, &client);
		if (a.status != lines[i].status)
			fail_msg("%d for %s", a.status, lines[i].line);
		if (lines[i].allow)
			assert_string_equal(header_of(a, "Allow"), lines[i].allow);
		client_close(&client);
	}
	refused(kit, "G\x01T /hello HTTP/1.1\r\nH@\r\n\r\n", 400);
	assert_int_equal(kit->handled, 0);
}

static void other_protocols_are_refused(void **state)
{
	struct kit *kit = *state;

	refused(kit, "GET /hello\r\n\r\n", 400);
	refused(kit, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505);
	refused(kit, "GET /hello HTTP/9.9\r\nH@\r\n\r\n", 505);
	refused(kit, "GET /hello HTTP/1.2\r\nH@\r\n\r\n", 505);
	refused(kit, "GET /hello HTTP/0.9\r\nH@\r\n\r\n", 505);
	refused(kit, "GET /hello http/1.1\r\nH@\r\n\r\n", 400);
	refused(kit, "GET /hello HTTP/1.1x\r\nH@\r\n\r\n", 400);
	assert_in_range(ask_bytes(kit, "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 \r\n\r\n", 15).status, 0, 400);
}

static void an_expectation_gets_its_final_answer(void **state)
{
	struct kit *kit = *state;
	struct client client;
	AUTO(mem_free) char *head = request(kit, "POST /raw", "Expect: 100-continue\r\nContent-Length: 5\r\n", NULL);

	refused(kit, "POST /raw HTTP/1.1\r\nH@\r\nExpect: 100-continue\r\nContent-Length: 1000000\r\n\r\n", 413);
	refused(kit, "POST /hello HTTP/1.1\r\nH@\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n", 405);
	refused(kit, "POST /json HTTP/1.1\r\nH@\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n", 415);
	refused(kit, "POST /raw HTTP/1.1\r\nH@\r\nExpect: junk\r\nContent-Length: 5\r\n\r\n", 417);
	client_open(kit, &client);
	client_text(kit, &client, head);
	assert_int_equal(client_answer(kit, &client).status, 100);
	client_text(kit, &client, "hello");
	assert_string_equal(client_answer(kit, &client).body, "hello");
	client_close(&client);
}

static void a_hundred_pipelined_requests_are_answered_in_order(void **state)
{
	struct kit *kit = *state;
	struct client client;
	struct buf b = { 0 };

	for (int i = 0; i < 100; i++) {
		AUTO(mem_free) char *line = mem_format("GET /cases/%d", i);
		AUTO(mem_free) char *text = request(kit, line, NULL, NULL);

		buf_text(&b, text);
	}
	client_open(kit, &client);
	client_send(kit, &client, b.data, b.bytes);
	for (int i = 0; i < 100; i++) {
		AUTO(mem_free) char *want = mem_format("{\"ticket\":\"%d\"}", i);

		assert_string_equal(client_answer(kit, &client).body, want);
	}
	assert_int_equal(kit->guarded, 100);
	client_close(&client);
	buf_finish(&b);
}

static void upgrades_are_not_heard(void **state)
{
	struct kit *kit = *state;

	assert_int_equal(get(kit, "GET /hello", "Connection: Upgrade\r\nUpgrade: websocket\r\n").status, 200);
	assert_int_equal(get(kit, "GET /hello", "Connection: Upgrade\r\nUpgrade: h2c\r\n").status, 200);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define RULE(name) cmocka_unit_test_setup_teardown(name, kit_open, kit_close)
		RULE(two_ways_to_say_the_length_are_refused),
		RULE(a_header_name_that_is_no_token_is_refused),
		RULE(a_folded_header_is_refused_however_it_is_balanced),
		RULE(bare_line_feeds_are_refused),
		RULE(blanks_around_a_value_are_no_fault),
		RULE(nul_bytes_are_refused_wherever_they_are),
		RULE(a_body_in_chunks_is_refused_at_once),
		RULE(only_the_hosts_of_this_door_are_answered),
		RULE(a_path_is_matched_as_it_was_sent),
		RULE(blanks_in_the_request_line_are_refused),
		RULE(methods_are_those_of_the_table),
		RULE(other_protocols_are_refused),
		RULE(an_expectation_gets_its_final_answer),
		RULE(a_hundred_pipelined_requests_are_answered_in_order),
		RULE(upgrades_are_not_heard),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
