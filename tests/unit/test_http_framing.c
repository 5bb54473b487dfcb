/* SPDX-License-Identifier: Apache-2.0 */
/* Hostile bytes at the HTTP door (hostile.md §1, rows 1–21): what cannot be believed is refused, and nothing behind it served. */
#include "http_kit.h"

#include <stdio.h>
#include <sys/socket.h>

/* The text with every "H@" made the right Host line. A gift. */
static char *with_host(const struct kit *kit, const char *text)
{
	struct buf b = { 0 };
	const char *at;

	while ((at = strstr(text, "H@")) != NULL) {
		buf_add(&b, text, (size_t)(at - text));
		buf_format(&b, "Host: 127.0.0.1:%d", http_port(kit->http));
		text = at + 2;
	}
	buf_text(&b, text);
	return b.data;
}

/* The request gets this status and the connection ends; no handler ran. */
static void refused(struct kit *kit, const char *text, int status)
{
	AUTO(mem_free) char *bytes = with_host(kit, text);
	struct answer a = ask(kit, bytes);

	if (a.status != status)
		fail_msg("%d instead of %d for: %s", a.status, status, text);
	if (!a.ended)
		fail_msg("the connection stays open after: %s", text);
	assert_int_equal(kit->handled, 0);
}

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
	AUTO(mem_free) char *bytes =
		with_host(kit, "GET /header HTTP/1.1\r\nH@\r\nX-Desk:psych\r\nA:\r\nB: \r\nC:  \t x\r\n\r\n");

	assert_int_equal(ask(kit, bytes).status, 200);
	assert_string_equal(kit->seen.data, "psych");
}

static void nul_bytes_are_refused_wherever_they_are(void **state)
{
	static const char *const with_nul[] = {
		"GET /hello@ HTTP/1.1\r\nH\r\n\r\n",     "GET /hel@lo HTTP/1.1\r\nH\r\n\r\n", "G@ET /hello HTTP/1.1\r\nH\r\n\r\n",
		"GET /hello HTTP/1.1\r\nH\r\nX: a@b\r\n\r\n", "GET /hello HTTP/1.1\r\nH\r\nX: a@\r\n\r\n",
		"GET /hello HTTP/1.1\r\nH\r\nX@: a\r\n\r\n",  "GET /query?wait=1@ HTTP/1.1\r\nH\r\n\r\n",
		"GET /hello HTTP/1.1\r\nH\r\n@\r\n\r\n",      "GET /hello HTTP/1.1@\r\nH\r\n\r\n",
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
		AUTO(mem_free) char *text = mem_format("POST /raw HTTP/1.1\r\nH@\r\nTransfer-Encoding: chunked\r\n\r\n%s", bodies[i]);

		refused(*state, text, 411);
	}
	refused(*state, "POST /raw HTTP/1.1\r\nH@\r\nTransfer-Encoding: xchunked\r\n\r\n", 501);
	refused(*state, "POST /raw HTTP/1.1\r\nH@\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501);
	refused(*state, "POST /raw HTTP/1.1\r\nH@\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 400);
	refused(*state, "GET /hello HTTP/1.1\r\nH@\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411);
}

static void only_the_hosts_of_this_door_are_answered(void **state)
{
	struct kit *kit = *state;
	AUTO(mem_free) char *local = mem_format("GET /hello HTTP/1.1\r\nHost: LocalHost:%d\r\n\r\n", http_port(kit->http));

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
		{ "/%68ello", 400 },	{ "/hello%00", 400 },  { "/hello%zz", 400 }, { "/%2e%2e/hello", 400 }, { "/hel\\lo", 400 },
		{ "/hello#x", 400 },	{ "/h\xc3\xa9", 400 }, { "//hello", 404 },   { "/hello/", 404 },       { "/hello;x", 404 },
		{ "/./hello", 404 },	{ "/../hello", 404 },  { "/Hello", 404 },    { "/cases/", 404 },       { "/cases/..", 404 },
		{ "/cases/.", 404 },	{ "/cases/a,b", 404 }, { "/cases/a/b", 404 }, { "/cases/a+b", 404 },    { "/cases//notes/1", 404 },
		{ "/hello?", 400 },	{ "/hello?x=1", 400 }, { "/etc/passwd", 404 },
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
		{ "TRACE /hello", 405, "GET, HEAD" },	  { "CONNECT /hello", 405, "GET, HEAD" }, { "get /hello", 405, "GET, HEAD" },
		{ "OPTIONS /json", 405, "POST, PUT" },	  { "PATCH /json", 405, "POST, PUT" },	  { "GET /json", 405, "POST, PUT" },
		{ "HEAD /json", 405, "POST, PUT" },	  { "BREW /hello", 405, "GET, HEAD" },	  { "POST /nothing", 404, NULL },
		{ "GET /cases/a/notes/1", 405, "POST, DELETE" }, { "DELETE /cases/next", 405, "GET, HEAD" },
		{ "OPTIONS /nothing", 404, NULL },	  { "BREW /nothing", 501, NULL },
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

static void what_is_too_large_is_refused(void **state)
{
	struct kit *kit = *state;
	struct buf b = { 0 };

	/* One header of 40 KB. */
	buf_text(&b, "GET /hello HTTP/1.1\r\nH@\r\nX: ");
	for (int i = 0; i < 4000; i++)
		buf_text(&b, "0123456789");
	buf_text(&b, "\r\n\r\n");
	refused(kit, b.data, 431);
	/* 3,000 headers. */
	buf_clear(&b);
	buf_text(&b, "GET /hello HTTP/1.1\r\nH@\r\n");
	for (int i = 0; i < 3000; i++)
		buf_format(&b, "X%d: y\r\n", i);
	buf_text(&b, "\r\n");
	refused(kit, b.data, 431);
	/* A path of 40 KB, and one of 5 KB. */
	for (int n = 40000; n >= 5000; n -= 35000) {
		buf_clear(&b);
		buf_text(&b, "GET /");
		for (int i = 0; i < n / 10; i++)
			buf_text(&b, "0123456789");
		buf_text(&b, " HTTP/1.1\r\nH@\r\n\r\n");
		refused(kit, b.data, 414);
	}
	buf_finish(&b);
}

static void eight_kilobytes_of_headers_are_fine(void **state)
{
	struct kit *kit = *state;
	struct buf b = { 0 };
	char *text;

	for (int i = 0; i < 40; i++)
		buf_format(&b, "X-Some-Header-%02d: %0180d\r\n", i, i);
	assert_in_range(b.bytes, 7900, 8100);
	text = request(kit, "GET /hello", b.data, NULL);
	assert_int_equal(ask(kit, text).status, 200);
	mem_free(&text);
	/* And with all of it in one cookie, which the library copies. */
	buf_clear(&b);
	buf_format(&b, "Cookie: other=%04000d; qt=yes\r\n", 7);
	text = request(kit, "GET /cookie", b.data, NULL);
	assert_int_equal(ask(kit, text).status, 200);
	assert_string_equal(kit->seen.data, "yes");
	mem_free(&text);
	buf_finish(&b);
}

static void five_hundred_arguments_do_not_hang_the_connection(void **state)
{
	struct kit *kit = *state;
	struct buf b = { 0 };

	buf_text(&b, "GET /query?");
	for (int i = 0; i < 500; i++)
		buf_format(&b, "a%d=1&", i);
	buf_text(&b, "z HTTP/1.1\r\nH@\r\n\r\n");
	refused(kit, b.data, 414);
	buf_finish(&b);
}

static void slow_headers_end_at_the_deadline(void **state)
{
	struct kit *kit = *state;
	struct client client;

	client_open(kit, &client);
	client_text(kit, &client, "GET /hello HTTP/1.1\r\n");
	for (int i = 0; i < 4; i++) {
		kit_pass(kit, 2400);
		client_text(kit, &client, "X: y\r\n");
		assert_false(client.ended);
	}
	kit_pass(kit, 600);
	assert_true(client_ends(kit, &client));
	assert_int_equal(client.in.bytes, 0);
	client_close(&client);
}

static void a_connection_without_a_word_ends_at_the_deadline(void **state)
{
	struct kit *kit = *state;
	struct client client;

	client_open(kit, &client);
	kit_pass(kit, 9000);
	assert_false(client_ends(kit, &client));
	kit_pass(kit, 1001);
	assert_true(client_ends(kit, &client));
	client_close(&client);
}

static void a_slow_body_ends_at_the_deadline(void **state)
{
	struct kit *kit = *state;
	AUTO(mem_free) char *head = request(kit, "POST /raw", "Content-Length: 100\r\n", NULL);
	struct client client;

	client_open(kit, &client);
	client_text(kit, &client, head);
	for (int i = 0; i < 11; i++) {
		kit_pass(kit, 5000);
		client_text(kit, &client, "x");
	}
	assert_false(client_ends(kit, &client));
	kit_pass(kit, 6000);
	assert_true(client_ends(kit, &client));
	assert_int_equal(kit->handled, 0);
	client_close(&client);
}

static void a_slow_reader_ends_at_the_deadline(void **state)
{
	struct kit *kit = *state;
	AUTO(mem_free) char *head = request(kit, "GET /big", NULL, NULL);
	struct client client;
	int small = 4096;

	client_open(kit, &client);
	setsockopt(client.fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	for (int i = 0; i < 40; i++)
		client_text(kit, &client, head);
	kit_pass(kit, 61000);
	assert_true(client_ends(kit, &client));
	client_close(&client);
}

static void a_kept_connection_may_be_idle_longer_but_not_for_ever(void **state)
{
	struct kit *kit = *state;
	AUTO(mem_free) char *head = request(kit, "GET /hello", NULL, NULL);
	struct client client;

	client_open(kit, &client);
	client_text(kit, &client, head);
	assert_int_equal(client_answer(kit, &client).status, 200);
	kit_pass(kit, 50000);
	client_text(kit, &client, head);
	assert_int_equal(client_answer(kit, &client).status, 200);
	/* A later request's headers have the same deadline as the first one's. */
	client_text(kit, &client, "GET /hello HTTP/1.1\r\nX: y\r\n");
	kit_pass(kit, 9000);
	assert_false(client_ends(kit, &client));
	kit_pass(kit, 1001);
	assert_true(client_ends(kit, &client));
	client_close(&client);
	client_open(kit, &client);
	client_text(kit, &client, head);
	assert_int_equal(client_answer(kit, &client).status, 200);
	kit_pass(kit, 60001);
	assert_true(client_ends(kit, &client));
	client_close(&client);
}

static void a_body_over_the_cap_is_refused_before_it_is_read(void **state)
{
	struct kit *kit = *state;
	AUTO(mem_free) char *body = mem_new(100002);
	AUTO(mem_free) char *text = NULL;

	refused(kit, "POST /raw HTTP/1.1\r\nH@\r\nContent-Length: 100001\r\n\r\n", 413);
	refused(kit, "POST /raw HTTP/1.1\r\nH@\r\nContent-Length: 9223372036854775807\r\n\r\n", 413);
	refused(kit, "POST /raw HTTP/1.1\r\nH@\r\nContent-Length: 18446744073709551615\r\n\r\n", 413);
	refused(kit, "POST /raw HTTP/1.1\r\nH@\r\nContent-Length: 18446744073709551616\r\n\r\n", 413);
	refused(kit, "GET /hello HTTP/1.1\r\nH@\r\nContent-Length: 5\r\n\r\nhello", 413);
	/* Whoever sends it all the same still gets to read why. */
	memset(body, 'x', 100001);
	text = request(kit, "POST /raw", NULL, body);
	assert_int_equal(ask(kit, text).status, 413);
	/* The last byte that fits, fits. */
	body[100000] = 0;
	mem_free(&text);
	text = request(kit, "POST /raw", NULL, body);
	assert_int_equal(ask(kit, text).body_bytes, 100000);
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

static void one_address_gets_its_share_of_connections(void **state)
{
	enum { CAP = 20, MORE = 30 };
	struct kit *kit = *state;
	struct client client[MORE];
	int ended = 0;

	kit->config.per_address = CAP;
	kit_reopen(kit);
	for (int i = 0; i < MORE; i++) {
		client_open(kit, &client[i]);
		kit_turn(kit);
	}
	for (int i = 0; i < MORE; i++)
		ended += client_ends(kit, &client[i]);
	assert_int_equal(ended, MORE - CAP);
	/* One that leaves makes room for one. */
	client_close(&client[0]);
	kit_pass(kit, 0);
	client_open(kit, &client[0]);
	assert_false(client_ends(kit, &client[0]));
	for (int i = 0; i < MORE; i++)
		client_close(&client[i]);
}

static void upgrades_are_not_heard(void **state)
{
	struct kit *kit = *state;
	AUTO(mem_free) char *text =
		request(kit, "GET /hello", "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n", NULL);

	assert_int_equal(ask(kit, text).status, 200);
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
		RULE(what_is_too_large_is_refused),
		RULE(eight_kilobytes_of_headers_are_fine),
		RULE(five_hundred_arguments_do_not_hang_the_connection),
		RULE(slow_headers_end_at_the_deadline),
		RULE(a_connection_without_a_word_ends_at_the_deadline),
		RULE(a_slow_body_ends_at_the_deadline),
		RULE(a_slow_reader_ends_at_the_deadline),
		RULE(a_kept_connection_may_be_idle_longer_but_not_for_ever),
		RULE(a_body_over_the_cap_is_refused_before_it_is_read),
		RULE(an_expectation_gets_its_final_answer),
		RULE(a_hundred_pipelined_requests_are_answered_in_order),
		RULE(one_address_gets_its_share_of_connections),
		RULE(upgrades_are_not_heard),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
