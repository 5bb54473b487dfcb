/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules of messages at the socket door: bounded, and sends that never block and never vanish. Paths are in
 * test_sock_ipc.c, CURVE in test_sock_zap.c.
 */
#include "sock_kit.h"

#include <errno.h>

static void a_message_comes_as_it_went(void **state)
{
	struct sock *router, *dealer;
	struct msg m = { 0 }, copy = { 0 };

	pair(*state, &router, &dealer);
	msg_add(&m, "a\0b", 3);
	msg_add(&m, "", 0);
	add_zeroes(&m, SOCK_FRAME_BYTES_MAX);
	while (m.count < SOCK_FRAMES_MAX)
		msg_add_text(&m, "x");
	msg_copy(&copy, &m);
	assert_int_equal(sock_send(dealer, &m), 0);
	assert_int_equal(receive(router, &m), 0);
	assert_int_equal(m.count, 1 + SOCK_FRAMES_MAX);
	for (size_t i = 0; i < copy.count; i++) {
		assert_int_equal(m.frame[1 + i].bytes, copy.frame[i].bytes);
		assert_memory_equal(m.frame[1 + i].data, copy.frame[i].data, copy.frame[i].bytes);
		assert_int_equal(m.frame[1 + i].data[m.frame[1 + i].bytes], 0);
	}
	assert_true(msg_is(&m, 4, "x") && !msg_is(&m, 4, "xy") && !msg_is(&m, 99, "x"));
	assert_int_equal(sock_send(router, &m), 0);
	assert_int_equal(receive(dealer, &m), 0);
	assert_int_equal(m.count, SOCK_FRAMES_MAX);
	assert_int_equal(sock_receive(dealer, &m), SOCK_EMPTY);
	assert_int_equal(m.count, 0);
	msg_clear(&copy);
	sock_close(&dealer);
	sock_close(&router);
}

static void an_oversize_message_is_dropped_whole_and_its_sender_is_known(void **state)
{
	struct sock *router, *dealer;
	struct msg m = { 0 };

	pair(*state, &router, &dealer);
	for (size_t i = 0; i < SOCK_FRAMES_MAX + 1; i++)
		msg_add(&m, "", 0);
	assert_int_equal(sock_send(dealer, &m), 0);
	for (size_t i = 0; i < SOCK_MESSAGE_BYTES_MAX / SOCK_FRAME_BYTES_MAX; i++)
		add_zeroes(&m, SOCK_FRAME_BYTES_MAX);
	msg_add(&m, "1", 1);
	assert_int_equal(sock_send(dealer, &m), 0);
	send_text(dealer, "next");
	for (int i = 0; i < 2; i++) {
		assert_int_equal(receive(router, &m), SOCK_OVERSIZE);
		assert_int_equal(m.count, 1);
		msg_add_text(&m, "too much");
		assert_int_equal(sock_send(router, &m), 0);
		assert_int_equal(receive(dealer, &m), 0);
		assert_true(m.count == 1 && msg_is(&m, 0, "too much"));
	}
	assert_int_equal(receive(router, &m), 0);
	assert_true(m.count == 2 && msg_is(&m, 1, "next"));
	msg_clear(&m);
	sock_close(&dealer);
	sock_close(&router);
}

static void a_frame_over_the_limit_ends_the_connection_of_its_sender_only(void **state)
{
	struct place *p = *state;
	struct sock *router, *dealer, *other;
	struct msg m = { 0 };

	pair(p, &router, &dealer);
	assert_int_equal(sock_connect_once(p->endpoint, NULL, &other), 0);
	assert_int_equal(news(other), SOCK_NEWS_UP);
	add_zeroes(&m, SOCK_FRAME_BYTES_MAX + 1);
	assert_int_equal(sock_send(dealer, &m), 0);
	assert_int_equal(news(dealer), SOCK_NEWS_DOWN);
	send_text(other, "still here");
	assert_int_equal(receive(router, &m), 0);
	assert_true(msg_is(&m, 1, "still here"));
	msg_clear(&m);
	sock_close(&other);
	sock_close(&dealer);
	sock_close(&router);
}

static void a_peer_that_is_gone_is_told_not_swallowed(void **state)
{
	struct sock *router, *dealer;
	struct msg m = { 0 };
	int rc;

	pair(*state, &router, &dealer);
	msg_add_text(&m, "nobody");
	msg_add_text(&m, "words");
	assert_int_equal(sock_send(router, &m), SOCK_GONE);
	assert_true(m.count == 2 && msg_is(&m, 1, "words"));
	send_text(dealer, "hello");
	assert_int_equal(receive(router, &m), 0);
	sock_close(&dealer);
	/* The router's end learns of it in its own time; until then a send is accepted. */
	do {
		struct msg again = { 0 };

		msg_copy(&again, &m);
		rc = sock_send(router, &again);
		msg_clear(&again);
		usleep(1000);
	} while (!rc);
	assert_int_equal(rc, SOCK_GONE);
	msg_clear(&m);
	sock_close(&router);
}

static void a_peer_that_does_not_read_is_full_and_loses_nothing_accepted(void **state)
{
	struct sock *router, *dealer;
	struct msg m = { 0 }, next = { 0 };
	size_t sent = 0;
	int rc;

	pair(*state, &router, &dealer);
	send_text(dealer, "hello");
	assert_int_equal(receive(router, &m), 0);
	msg_clear(&next);
	for (;;) {
		msg_add(&next, m.frame[0].data, m.frame[0].bytes);
		msg_add(&next, &sent, sizeof(sent));
		add_zeroes(&next, 16384);
		rc = sock_send(router, &next);
		if (rc)
			break;
		sent++;
	}
	assert_int_equal(rc, SOCK_FULL);
	assert_int_equal(next.count, 3);
	for (size_t i = 0; i < sent; i++) {
		assert_int_equal(receive(dealer, &m), 0);
		assert_memory_equal(m.frame[0].data, &i, sizeof(i));
	}
	while (sock_send(router, &next) == SOCK_FULL)
		usleep(1000);
	assert_int_equal(receive(dealer, &m), 0);
	assert_memory_equal(m.frame[0].data, &sent, sizeof(sent));
	msg_clear(&m);
	sock_close(&dealer);
	sock_close(&router);
}

static void a_send_without_a_connection_does_not_block(void **state)
{
	struct place *p = *state;
	struct sock *dealer, *router;
	struct msg m = { 0 };

	assert_int_equal(sock_connect(SOCK_DEALER, p->endpoint, NULL, &dealer), 0);
	msg_add_text(&m, "early");
	assert_int_equal(sock_send(dealer, &m), SOCK_FULL);
	assert_int_equal(m.count, 1);
	/* It connects by itself once somebody is there. */
	assert_int_equal(sock_bind(SOCK_ROUTER, p->endpoint, NULL, &router), 0);
	while (sock_send(dealer, &m) == SOCK_FULL)
		usleep(1000);
	assert_int_equal(receive(router, &m), 0);
	assert_true(msg_is(&m, 1, "early"));
	msg_clear(&m);
	assert_int_equal(sock_send(dealer, &m), -EINVAL);
	msg_add_text(&m, "only an address");
	assert_int_equal(sock_send(router, &m), -EINVAL);
	msg_clear(&m);
	sock_close(&dealer);
	sock_close(&router);
}

static void a_socket_of_one_connection_tells_when_it_is_over_and_has_no_other(void **state)
{
	struct place *p = *state;
	struct sock *router, *dealer, *early, *other;
	struct msg m = { 0 };

	assert_int_equal(sock_connect_once(p->endpoint, NULL, &early), 0);
	assert_int_equal(news(early), SOCK_NEWS_DOWN);
	pair(p, &router, &dealer);
	sock_close(&router);
	assert_int_equal(news(dealer), SOCK_NEWS_DOWN);
	/* Another router at the same place is not reached by it: what it still accepts is lost with it. */
	assert_int_equal(sock_bind(SOCK_ROUTER, p->endpoint, NULL, &router), 0);
	msg_add_text(&m, "question");
	(void)!sock_send(dealer, &m);
	assert_int_equal(sock_connect_once(p->endpoint, NULL, &other), 0);
	assert_int_equal(news(other), SOCK_NEWS_UP);
	send_text(other, "other");
	assert_int_equal(receive(router, &m), 0);
	assert_true(msg_is(&m, 1, "other"));
	assert_int_equal(sock_news_next(early), SOCK_NEWS_NONE);
	msg_clear(&m);
	sock_close(&other);
	sock_abandon(&early);
	sock_abandon(&dealer);
	sock_close(&router);
}

static void a_hint_reaches_those_who_asked_for_its_topic(void **state)
{
	struct place *p = *state;
	struct sock *pub, *sub;
	struct msg m = { 0 };

	assert_int_equal(sock_bind(SOCK_PUB, p->endpoint, NULL, &pub), 0);
	assert_int_equal(sock_connect(SOCK_SUB, p->endpoint, NULL, &sub), 0);
	assert_int_equal(sock_subscribe(sub, "staff"), 0);
	while (sock_receive(sub, &m) == SOCK_EMPTY) {
		send_text(pub, "case/1");
		send_text(pub, "staff");
		usleep(1000);
	}
	assert_true(m.count == 1 && msg_is(&m, 0, "staff"));
	msg_clear(&m);
	sock_close(&sub);
	sock_close(&pub);
}

static void what_is_still_open_at_the_end_may_be_closed_after_it(void **state)
{
	struct sock *router, *dealer;

	pair(*state, &router, &dealer);
	send_text(dealer, "unread");
	sock_end();
	sock_end();
	sock_close(&dealer);
	sock_abandon(&router);
	sock_close(&router);
	/* And the door opens again. */
	pair(*state, &router, &dealer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		T(a_message_comes_as_it_went),
		T(an_oversize_message_is_dropped_whole_and_its_sender_is_known),
		T(a_frame_over_the_limit_ends_the_connection_of_its_sender_only),
		T(a_peer_that_is_gone_is_told_not_swallowed),
		T(a_peer_that_does_not_read_is_full_and_loses_nothing_accepted),
		T(a_send_without_a_connection_does_not_block),
		T(a_socket_of_one_connection_tells_when_it_is_over_and_has_no_other),
		T(a_hint_reaches_those_who_asked_for_its_topic),
		T(what_is_still_open_at_the_end_may_be_closed_after_it),
#undef T
	};

	alarm(50);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
