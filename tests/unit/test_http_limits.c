/* SPDX-License-Identifier: Apache-2.0 */
/* The bounds of the HTTP door: sizes, counts, places and deadlines (hostile.md §1, rows 13 to 18). */
#include "http_kit.h"

#include <sys/socket.h>

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

static void a_new_connection_takes_the_place_of_an_idle_one(void **state)
{
	enum { MOST = 6 };
	struct kit *kit = *state;
	struct client client[MOST + 1], silent;
	AUTO(mem_free) char *text = NULL;

	kit->config.connections = MOST;
	kit_reopen(kit);
	text = request(kit, "GET /hello", NULL, NULL);
	for (int i = 0; i < MOST; i++) {
		client_open(kit, &client[i]);
		client_text(kit, &client[i], text);
		assert_int_equal(client_answer(kit, &client[i]).status, 200);
	}
	client_open(kit, &client[MOST]);
	assert_true(client_ends(kit, &client[0]));
	assert_false(client_ends(kit, &client[1]));
	client_text(kit, &client[MOST], text);
	assert_int_equal(client_answer(kit, &client[MOST]).status, 200);
	for (int i = 0; i <= MOST; i++)
		client_close(&client[i]);
	kit_pass(kit, 0);
	/* One that waits for its first request is not idle: it has ten seconds. */
	for (int i = 0; i < MOST; i++)
		client_open(kit, &client[i]);
	client_open(kit, &silent);
	assert_true(client_ends(kit, &silent));
	assert_false(client_ends(kit, &client[0]));
	client_close(&silent);
	for (int i = 0; i < MOST; i++)
		client_close(&client[i]);
}

static void headers_that_leave_no_room_for_the_answer_are_refused(void **state)
{
	struct buf b = { 0 };

	buf_format(&b, "GET /hello HTTP/1.1\r\nH@\r\nX: %013300d\r\n\r\n", 7);
	refused(*state, b.data, 431);
	buf_clear(&b);
	buf_text(&b, "GET /hello HTTP/1.1\r\nH@\r\n");
	for (int i = 0; i < 200; i++)
		buf_text(&b, "X: y\r\n");
	buf_text(&b, "\r\n");
	refused(*state, b.data, 431);
	buf_finish(&b);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define RULE(name) cmocka_unit_test_setup_teardown(name, kit_open, kit_close)
		RULE(what_is_too_large_is_refused),
		RULE(eight_kilobytes_of_headers_are_fine),
		RULE(five_hundred_arguments_do_not_hang_the_connection),
		RULE(slow_headers_end_at_the_deadline),
		RULE(a_connection_without_a_word_ends_at_the_deadline),
		RULE(a_slow_body_ends_at_the_deadline),
		RULE(a_slow_reader_ends_at_the_deadline),
		RULE(a_kept_connection_may_be_idle_longer_but_not_for_ever),
		RULE(a_body_over_the_cap_is_refused_before_it_is_read),
		RULE(one_address_gets_its_share_of_connections),
		RULE(a_new_connection_takes_the_place_of_an_idle_one),
		RULE(headers_that_leave_no_room_for_the_answer_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
