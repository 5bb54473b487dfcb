/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of event streams: they begin, carry events, say ":" when there is nothing to say, and end in every way
 * there is. */
#include "http_kit.h"

#include <stdio.h>
#include <sys/socket.h>

static void listen_to(struct kit *kit, struct client *client, const char *headers)
{
	AUTO(mem_free) char *text = request(kit, "GET /stream", headers, NULL);

	client_open(kit, client);
	client_text(kit, client, text);
	assert_true(client_sees(kit, client, "\r\n\r\n"));
}

static void a_stream_begins_at_once_and_carries_events(void **state)
{
	struct kit *kit = *state;
	struct client client;

	listen_to(kit, &client, "Last-Event-ID: 17\r\n");
	assert_string_equal(kit->seen.data, "17");
	assert_non_null(strstr(client.in.data, "HTTP/1.1 200 OK\r\n"));
	assert_non_null(strstr(client.in.data, "\r\nContent-Type: text/event-stream\r\n"));
	assert_non_null(strstr(client.in.data, "\r\nCache-Control: no-store\r\n"));
	assert_non_null(strstr(client.in.data, "\r\nContent-Security-Policy: default-src 'self'\r\n"));
	assert_non_null(strstr(client.in.data, "\r\nConnection: close\r\n"));
	buf_clear(&client.in);
	assert_true(http_stream_send(kit->stream, "18", "case", "{\"a\":1}"));
	assert_true(http_stream_send(kit->stream, NULL, NULL, "one\ntwo\r\nthree\rfour"));
	assert_true(client_sees(kit, &client, "four\n\n"));
	assert_string_equal(client.in.data, "id: 18\nevent: case\ndata: {\"a\":1}\n\n"
					    "data: one\ndata: two\ndata: three\ndata: four\n\n");
	client_close(&client);
}

static void silence_is_broken_every_fifteen_seconds(void **state)
{
	struct kit *kit = *state;
	struct client client;

	listen_to(kit, &client, NULL);
	buf_clear(&client.in);
	kit_pass(kit, 10000);
	assert_true(http_stream_send(kit->stream, NULL, NULL, "x"));
	kit_pass(kit, 14000);
	assert_true(client_sees(kit, &client, "data: x\n\n"));
	assert_string_equal(client.in.data, "data: x\n\n");
	kit_pass(kit, 1001);
	assert_true(client_sees(kit, &client, ":\n\n"));
	kit_pass(kit, 15001);
	assert_true(client_sees(kit, &client, ":\n\n:\n\n"));
	/* And no deadline of a request ends it. */
	kit_pass(kit, 120000);
	assert_false(client_ends(kit, &client));
	client_close(&client);
}

static void a_peer_that_leaves_is_told_once_and_at_once(void **state)
{
	struct kit *kit = *state;
	struct client client;

	listen_to(kit, &client, NULL);
	client_close(&client);
	for (int i = 0; i < 10; i++)
		kit_turn(kit);
	assert_int_equal(kit->closed, 1);
	assert_null(kit->stream);
}

static void a_room_may_end_a_stream(void **state)
{
	struct kit *kit = *state;
	struct client client;

	listen_to(kit, &client, NULL);
	assert_true(http_stream_send(kit->stream, NULL, "bye", ""));
	http_stream_close(kit->stream);
	assert_true(client_sees(kit, &client, "event: bye\ndata: \n\n"));
	assert_true(client_ends(kit, &client));
	assert_int_equal(kit->closed, 0);
	client_close(&client);
}

static void a_peer_that_does_not_read_is_dropped_at_its_bound(void **state)
{
	enum { EVENT = 1000 };
	struct kit *kit = *state;
	struct client client;
	char event[EVENT];
	size_t sent = 0;
	int small = 4096;

	memset(event, 'x', EVENT - 1);
	event[EVENT - 1] = 0;
	listen_to(kit, &client, NULL);
	setsockopt(client.fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	while (http_stream_send(kit->stream, NULL, NULL, event))
		assert_in_range(sent += EVENT, 0, 64 << 20);
	/* The room is told from the loop, not from inside its own call. */
	assert_true(sent > 256 * 1024);
	assert_int_equal(kit->closed, 0);
	assert_false(http_stream_send(kit->stream, NULL, NULL, "more"));
	kit_pass(kit, 0);
	assert_int_equal(kit->closed, 1);
	client_close(&client);
}

static void a_slow_peer_gets_everything_in_order(void **state)
{
	enum { EVENTS = 300, MORE = 100 };
	struct kit *kit = *state;
	struct client client;
	struct buf want = { 0 }, data = { 0 };
	int small = 32768;
	char some[1000];

	listen_to(kit, &client, NULL);
	setsockopt(client.fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	buf_clear(&client.in);
	/* More than the kernel takes; then one more for every one that is read. */
	for (int i = 0; i < EVENTS + MORE; i++) {
		if (i >= EVENTS) {
			ssize_t n = recv(client.fd, some, sizeof(some), 0);

			assert_true(n > 0);
			buf_add(&client.in, some, (size_t)n);
			kit_turn(kit);
		}
		buf_clear(&data);
		buf_format(&data, "%0990d", i);
		buf_format(&want, "data: %s\n\n", data.data);
		assert_true(http_stream_send(kit->stream, NULL, NULL, data.data));
	}
	http_stream_close(kit->stream);
	assert_true(client_sees(kit, &client, data.data));
	assert_true(client_ends(kit, &client));
	assert_string_equal(client.in.data, want.data);
	buf_finish(&want);
	buf_finish(&data);
	client_close(&client);
}

static void closing_the_door_ends_streams_and_tells_their_rooms(void **state)
{
	struct kit *kit = *state;
	struct client client[3];

	for (int i = 0; i < 3; i++)
		listen_to(kit, &client[i], NULL);
	http_close(&kit->http);
	assert_int_equal(kit->closed, 3);
	for (int i = 0; i < 3; i++) {
		assert_true(client_ends(kit, &client[i]));
		client_close(&client[i]);
	}
	assert_int_equal(http_open(kit->loop, &kit->config, &kit->http), 0);
}

static void a_stream_may_begin_later(void **state)
{
	struct kit *kit = *state;
	AUTO(mem_free) char *text = request(kit, "GET /later", NULL, NULL);
	struct client client;
	struct http_stream *s;

	client_open(kit, &client);
	client_text(kit, &client, text);
	s = http_stream_open(kit->later, NULL, NULL);
	assert_non_null(s);
	assert_true(http_stream_send(s, NULL, NULL, "late"));
	assert_true(client_sees(kit, &client, "data: late\n\n"));
	kit_pass(kit, 0);
	assert_int_equal(kit->freed, 1);
	http_stream_close(s);
	assert_true(client_ends(kit, &client));
	client_close(&client);
}

static void head_of_a_stream_ends(void **state)
{
	struct kit *kit = *state;
	AUTO(mem_free) char *text = request(kit, "HEAD /stream", NULL, NULL);
	struct client client;

	client_open(kit, &client);
	client_text(kit, &client, text);
	assert_int_equal(client_answer_without_body(kit, &client).status, 200);
	assert_int_equal(kit->closed, 1);
	client_close(&client);
}

static void streams_count_among_the_connections(void **state)
{
	enum { MOST = 8 };
	struct kit *kit = *state;
	struct client client[MOST], more;
	AUTO(mem_free) char *text = NULL;

	kit->config.connections = MOST;
	kit_reopen(kit);
	for (int i = 0; i < MOST; i++)
		listen_to(kit, &client[i], NULL);
	client_open(kit, &more);
	text = request(kit, "GET /hello", NULL, NULL);
	client_text(kit, &more, text);
	assert_true(client_ends(kit, &more));
	assert_int_equal(more.in.bytes, 0);
	client_close(&more);
	client_close(&client[0]);
	kit_pass(kit, 0);
	assert_int_equal(ask(kit, text).status, 200);
	for (int i = 0; i < MOST; i++)
		client_close(&client[i]);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define RULE(name) cmocka_unit_test_setup_teardown(name, kit_open, kit_close)
		RULE(a_stream_begins_at_once_and_carries_events),
		RULE(silence_is_broken_every_fifteen_seconds),
		RULE(a_peer_that_leaves_is_told_once_and_at_once),
		RULE(a_room_may_end_a_stream),
		RULE(a_peer_that_does_not_read_is_dropped_at_its_bound),
		RULE(a_slow_peer_gets_everything_in_order),
		RULE(closing_the_door_ends_streams_and_tells_their_rooms),
		RULE(a_stream_may_begin_later),
		RULE(head_of_a_stream_ends),
		RULE(streams_count_among_the_connections),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
