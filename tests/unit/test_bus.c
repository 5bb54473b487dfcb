/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The client end of the bus against a scripted router: answers go to who asked, in whatever way the router behaves, and
 * every call ends exactly once.
 */
#include "bus_kit.h"

static void a_request_is_mdp_02_with_one_json_frame_and_blobs(void **state)
{
	struct script *s = *state;
	struct bus *bus = open_bus(s, 1);
	struct msg blobs = { 0 };
	struct asked a = { 0 };

	msg_add(&blobs, "\0seal", 5);
	msg_add(&blobs, "", 0);
	bus_call(bus, "intake.submit", json_pack("{s:i}", "n", 1), &blobs, FOREVER_MS, on_answer, &a);
	assert_int_equal(blobs.count, 0);
	until_came(s, 1);
	assert_int_equal(s->inbox[0].count, 7);
	assert_true(msg_is(&s->inbox[0], 1, "MDPC02") && msg_is(&s->inbox[0], 2, "\x01"));
	assert_true(msg_is(&s->inbox[0], 3, "intake.submit") && msg_is(&s->inbox[0], 4, "{\"n\":1}"));
	assert_memory_equal(s->inbox[0].frame[5].data, "\0seal", 5);
	assert_int_equal(s->inbox[0].frame[6].bytes, 0);
	answer(s, &s->inbox[0], "201", "{\"n\":5}", "sealed");
	until_done(s, &a);
	assert_int_equal(a.status, 201);
	assert_int_equal(a.n, 5);
	assert_int_equal(a.blobs, 1);
	assert_string_equal(a.first_blob, "sealed");
	bus_close(&bus);
	assert_int_equal(a.times, 1);
}

static void calls_are_sent_without_waiting_and_answered_in_order(void **state)
{
	enum { CALLS = 100 };
	struct script *s = *state;
	struct bus *bus = open_bus(s, 1);
	struct asked a[CALLS] = { 0 };

	for (int i = 0; i < CALLS; i++)
		ask(bus, i % 2 ? "intake.a" : "intake.b", i, FOREVER_MS, &a[i]);
	assert_int_equal(bus_pending(bus), CALLS);
	until_came(s, CALLS);
	for (int i = 0; i < CALLS; i++)
		echo(s, &s->inbox[i]);
	until_done(s, &a[CALLS - 1]);
	for (int i = 0; i < CALLS; i++) {
		assert_int_equal(a[i].times, 1);
		assert_int_equal(a[i].n, i);
	}
	assert_int_equal(bus_pending(bus), 0);
	bus_close(&bus);
}

static void a_window_bounds_what_is_in_flight(void **state)
{
	enum { CALLS = 300, WINDOW = 128 };
	struct script *s = *state;
	struct bus *bus = open_bus(s, 1);
	struct asked a[CALLS] = { 0 };

	for (int i = 0; i < CALLS; i++)
		ask(bus, "intake.a", i, FOREVER_MS, &a[i]);
	until_came(s, WINDOW);
	assert_nothing_more(s);
	for (size_t i = 0; i < CALLS; i++) {
		while (s->count <= i)
			turn(s);
		echo(s, &s->inbox[i]);
	}
	until_done(s, &a[CALLS - 1]);
	for (int i = 0; i < CALLS; i++)
		assert_true(a[i].times == 1 && a[i].n == i);
	bus_close(&bus);
}

static void lanes_are_used_in_turn_and_are_no_order_to_each_other(void **state)
{
	struct script *s = *state;
	struct bus *bus = open_bus(s, 3);
	struct asked a[3];
	bool apart = false;

	/* A line that is up is preferred to one that is not yet; once all are, three calls go three ways. */
	while (!apart) {
		memset(a, 0, sizeof(a));
		script_forget(s);
		for (int i = 0; i < 3; i++)
			ask(bus, "intake.a", i, FOREVER_MS, &a[i]);
		until_came(s, 3);
		apart = !same_peer(&s->inbox[0], &s->inbox[1]) && !same_peer(&s->inbox[1], &s->inbox[2]) &&
		        !same_peer(&s->inbox[2], &s->inbox[0]);
		for (int i = 0; i < 3; i++)
			echo(s, &s->inbox[apart ? 2 - i : i]);
		for (int i = 0; i < 3; i++)
			until_done(s, &a[i]);
		for (int i = 0; i < 3; i++)
			assert_int_equal(a[i].n, i);
		turn(s);
	}
	bus_close(&bus);
}

static void a_late_answer_disturbs_no_other(void **state)
{
	struct script *s = *state;
	struct bus *bus = open_bus(s, 1);
	struct asked late = { 0 }, kept = { 0 };

	ask(bus, "intake.a", 1, 200, &late);
	ask(bus, "intake.a", 2, FOREVER_MS, &kept);
	until_came(s, 2);
	later(s, 199);
	assert_int_equal(late.times, 0);
	later(s, 1 + TICK_MS);
	assert_int_equal(late.times, 1);
	assert_int_equal(late.status, 503);
	assert_false(late.had_message);
	assert_int_equal(bus_pending(bus), 1);
	echo(s, &s->inbox[0]);
	echo(s, &s->inbox[1]);
	until_done(s, &kept);
	assert_int_equal(kept.n, 2);
	assert_int_equal(late.times, 1);
	bus_close(&bus);
}

static void the_body_of_an_answer_is_read_with_care(void **state)
{
	static const struct {
		const char *status, *json, *blob;
		int reads_as, n;
		size_t blobs;
	} answers[] = {
		{ "409", "{\"n\":3}", NULL, 409, 3, 0 },  { "204", NULL, NULL, 204, -1, 0 },
		{ "200", "0123abcd", NULL, 200, -1, 1 },  { "200", "", "x", 200, -1, 2 },
		{ "2000", "{\"n\":3}", NULL, 503, 3, 0 }, { "", NULL, NULL, 503, -1, 0 },
		{ "2x0", NULL, NULL, 503, -1, 0 },        { "200", "{\"n\":3", NULL, 503, -1, 0 },
		{ "200", "{\"n\":1,\"n\":2}", NULL, 503, -1, 0 },
	};
	struct script *s = *state;
	struct bus *bus = open_bus(s, 1);

	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		struct asked a = { 0 };

		ask(bus, "titanic.request", 1, FOREVER_MS, &a);
		until_came(s, 1);
		answer(s, &s->inbox[0], answers[i].status, answers[i].json, answers[i].blob);
		until_done(s, &a);
		assert_int_equal(a.status, answers[i].reads_as);
		assert_int_equal(a.n, answers[i].n);
		assert_int_equal(a.blobs, answers[i].blobs);
		assert_true(a.had_message);
		script_forget(s);
	}
	bus_close(&bus);
}

static void an_answer_too_big_to_read_ends_its_own_call_only(void **state)
{
	struct script *s = *state;
	struct bus *bus = open_bus(s, 1);
	struct asked a = { 0 }, b = { 0 };
	struct msg m = { 0 };

	ask(bus, "intake.a", 1, FOREVER_MS, &a);
	ask(bus, "intake.a", 2, FOREVER_MS, &b);
	until_came(s, 2);
	msg_add(&m, s->inbox[0].frame[0].data, s->inbox[0].frame[0].bytes);
	msg_add_text(&m, "MDPC02");
	msg_add_text(&m, "\x03");
	for (int i = 0; i < 5; i++)
		msg_take(&m, mem_new(SOCK_FRAME_BYTES_MAX), SOCK_FRAME_BYTES_MAX);
	script_send(s, &m);
	echo(s, &s->inbox[1]);
	until_done(s, &b);
	assert_int_equal(a.status, 503);
	assert_false(a.had_message);
	assert_true(b.status == 200 && b.n == 2);
	bus_close(&bus);
}

static void too_much_for_one_message_is_refused_before_it_is_sent(void **state)
{
	struct script *s = *state;
	struct bus *bus = open_bus(s, 1);
	static const size_t sizes[][13] = {
		{ SOCK_FRAME_BYTES_MAX + 1 },
		{ SOCK_FRAME_BYTES_MAX, SOCK_FRAME_BYTES_MAX, SOCK_FRAME_BYTES_MAX, SOCK_FRAME_BYTES_MAX },
		{ 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 },
	};

	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		struct asked a = { 0 };
		struct msg blobs = { 0 };

		for (size_t b = 0; b < 13 && sizes[i][b]; b++)
			msg_take(&blobs, mem_new(sizes[i][b]), sizes[i][b]);
		bus_call(bus, "intake.a", json_object(), &blobs, FOREVER_MS, on_answer, &a);
		assert_int_equal(blobs.count, 0);
		assert_int_equal(a.times, 0);
		later(s, TICK_MS);
		assert_true(a.times == 1 && a.status == 413 && !a.had_message);
	}
	assert_nothing_more(s);
	assert_int_equal(s->count, 0);
	bus_close(&bus);
}

static void a_call_may_be_made_from_inside_an_answer(void **state)
{
	struct script *s = *state;
	struct bus *bus = open_bus(s, 1);
	struct asked second = { 0 }, first = { .again = bus, .next = &second };
	struct asked third = { 0 }, expired = { .again = bus, .next = &third };

	ask(bus, "intake.a", 1, FOREVER_MS, &first);
	until_came(s, 1);
	echo(s, &s->inbox[0]);
	until_came(s, 2);
	echo(s, &s->inbox[1]);
	until_done(s, &second);
	assert_int_equal(second.n, 77);
	ask(bus, "intake.a", 1, 100, &expired);
	until_came(s, 3);
	later(s, 200);
	until_came(s, 4);
	echo(s, &s->inbox[2]);
	echo(s, &s->inbox[3]);
	until_done(s, &third);
	assert_true(expired.status == 503 && third.n == 77);
	bus_close(&bus);
}

static void closing_ends_every_call(void **state)
{
	struct script *s = *state;
	struct bus *bus = open_bus(s, 1);
	struct asked a[200] = { 0 }, last = { 0 };

	a[7].again = bus;
	a[7].next = &last;
	for (int i = 0; i < 200; i++)
		ask(bus, "intake.a", i, FOREVER_MS, &a[i]);
	until_came(s, 128);
	bus_close(&bus);
	assert_null(bus);
	for (int i = 0; i < 200; i++)
		assert_true(a[i].times == 1 && a[i].status == 503 && !a[i].had_message);
	assert_int_equal(last.times, 1);
	bus_close(&bus);
}

static void a_bus_is_not_opened_at_a_place_that_is_not_safe(void **state)
{
	struct script *s = *state;
	struct bus *bus = NULL;
	struct bus_hints *hints = NULL;

	assert_int_equal(bus_open(s->loop, "ipc:///tmp/qt-open-to-all", NULL, 1, &bus), SOCK_BAD_ADDRESS);
	assert_int_equal(bus_open(s->loop, "tcp://127.0.0.1:1", NULL, 8, &bus), SOCK_BAD_ADDRESS);
	assert_int_equal(bus_hints_open(s->loop, "tcp://127.0.0.1:1", NULL, "", NULL, NULL, &hints), SOCK_BAD_ADDRESS);
	assert_null(bus);
	assert_null(hints);
	turn(s);
}

static void on_hint(const char *topic, const char *body, void *ctx)
{
	char *seen = ctx;

	if (!seen[0])
		snprintf(seen, 64, "%s %s", topic, body);
}

static void a_hint_comes_as_topic_and_body(void **state)
{
	struct script *s = *state;
	AUTO(mem_free) char *endpoint = mem_format("ipc://%s/h", s->dir);
	AUTO(mem_free) char *lock = mem_format("%s/h.lock", s->dir);
	struct bus_hints *hints = NULL;
	struct sock *pub = NULL;
	char seen[64] = "";

	assert_int_equal(sock_bind(SOCK_PUB, endpoint, NULL, &pub), 0);
	assert_int_equal(bus_hints_open(s->loop, endpoint, NULL, "staff", on_hint, seen, &hints), 0);
	while (!seen[0]) {
		struct msg m = { 0 };

		/* One frame, three, a NUL inside: not hints. */
		msg_add_text(&m, "staff");
		assert_int_equal(sock_send(pub, &m), 0);
		for (int i = 0; i < 3; i++)
			msg_add_text(&m, "staff");
		assert_int_equal(sock_send(pub, &m), 0);
		msg_add(&m, "staff\0x", 7);
		msg_add_text(&m, "{}");
		assert_int_equal(sock_send(pub, &m), 0);
		msg_add_text(&m, "case/1");
		msg_add_text(&m, "{}");
		assert_int_equal(sock_send(pub, &m), 0);
		msg_add_text(&m, "staff");
		msg_add_text(&m, "{\"cursor\":7}");
		assert_int_equal(sock_send(pub, &m), 0);
		turn(s);
	}
	assert_string_equal(seen, "staff {\"cursor\":7}");
	bus_hints_close(&hints);
	bus_hints_close(&hints);
	sock_close(&pub);
	assert_int_equal(unlink(lock), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, script_set_up, script_tear_down)
		T(a_request_is_mdp_02_with_one_json_frame_and_blobs),
		T(calls_are_sent_without_waiting_and_answered_in_order),
		T(a_window_bounds_what_is_in_flight),
		T(lanes_are_used_in_turn_and_are_no_order_to_each_other),
		T(a_late_answer_disturbs_no_other),
		T(the_body_of_an_answer_is_read_with_care),
		T(an_answer_too_big_to_read_ends_its_own_call_only),
		T(too_much_for_one_message_is_refused_before_it_is_sent),
		T(a_call_may_be_made_from_inside_an_answer),
		T(closing_ends_every_call),
		T(a_bus_is_not_opened_at_a_place_that_is_not_safe),
		T(a_hint_comes_as_topic_and_body),
#undef T
	};

	log_open("test", LOG_LEVEL_ERROR);
	alarm(50);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
