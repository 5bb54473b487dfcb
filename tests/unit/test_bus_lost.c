/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The client end of the bus on bad days: a router that dies, hangs, comes back or answers what nobody asked. Nothing is
 * answered with another's answer, nothing is lost, and every call ends exactly once.
 */
#include "bus_kit.h"

static void a_call_nobody_can_take_ends_at_its_deadline(void **state)
{
	struct script *s = *state;
	struct bus *bus = open_bus(s, 2);
	struct asked a = { 0 };

	script_die(s);
	ask(bus, "intake.a", 1, 5000, &a);
	for (int64_t waited = 0; waited < 4900; waited += TRY_MS)
		later(s, TRY_MS);
	assert_int_equal(a.times, 0);
	later(s, 200);
	assert_int_equal(a.times, 1);
	assert_int_equal(a.status, 503);
	script_bind(s);
	bus_close(&bus);
}

static void what_is_unanswered_is_sent_again_to_the_next_router_and_nothing_else(void **state)
{
	struct script *s = *state;
	struct bus *bus = open_bus(s, 1);
	struct asked done = { 0 }, gone = { 0 }, kept[2] = { { 0 }, { 0 } }, waiting = { 0 };
	struct msg first = { 0 };

	ask(bus, "intake.a", 0, FOREVER_MS, &done);
	ask(bus, "intake.b", 1, FOREVER_MS, &kept[0]);
	ask(bus, "intake.c", 2, 100, &gone);
	ask(bus, "intake.d", 3, FOREVER_MS, &kept[1]);
	until_came(s, 4);
	msg_copy(&first, &s->inbox[1]);
	echo(s, &s->inbox[0]);
	until_done(s, &done);
	later(s, 200);
	assert_int_equal(gone.status, 503);
	script_die(s);
	for (int i = 0; i < 5; i++)
		later(s, TRY_MS);
	ask(bus, "intake.e", 4, FOREVER_MS, &waiting);
	script_bind(s);
	until_came_later(s, 3);
	assert_true(msg_is(&s->inbox[0], 3, "intake.b") && msg_is(&s->inbox[1], 3, "intake.d"));
	assert_true(msg_is(&s->inbox[2], 3, "intake.e"));
	assert_int_equal(s->inbox[0].count, first.count);
	for (size_t i = 1; i < first.count; i++) {
		assert_int_equal(s->inbox[0].frame[i].bytes, first.frame[i].bytes);
		assert_memory_equal(s->inbox[0].frame[i].data, first.frame[i].data, first.frame[i].bytes);
	}
	for (int i = 0; i < 3; i++)
		echo(s, &s->inbox[i]);
	until_done(s, &waiting);
	assert_true(kept[0].n == 1 && kept[1].n == 3 && waiting.n == 4);
	assert_true(done.times == 1 && gone.times == 1 && kept[0].times == 1 && kept[1].times == 1);
	msg_clear(&first);
	bus_close(&bus);
}

static void an_answer_on_its_way_when_the_router_ends_counts_once(void **state)
{
	struct script *s = *state;
	struct bus *bus = open_bus(s, 1);
	struct asked a = { 0 }, b = { 0 };

	ask(bus, "intake.a", 1, FOREVER_MS, &a);
	ask(bus, "intake.a", 2, FOREVER_MS, &b);
	until_came(s, 2);
	echo(s, &s->inbox[0]);
	loop_unwatch(s->loop, &s->watch);
	script_forget(s);
	sock_close(&s->router); /* lingers: the answer leaves, and is read or lost with the connection */
	script_bind(s);
	until_came_later(s, 1);
	for (size_t i = 0; !b.times; i++) {
		while (s->count <= i)
			turn(s);
		echo(s, &s->inbox[i]);
		turn(s);
	}
	assert_true(a.times == 1 && a.n == 1);
	assert_true(b.times == 1 && b.n == 2);
	bus_close(&bus);
}

static void a_slow_router_is_left_in_peace_a_silent_one_is_asked_again(void **state)
{
	struct script *s = *state;
	struct bus *bus = open_bus(s, 1);
	struct asked life = { 0 }, a = { 0 }, b = { 0 };

	ask(bus, "intake.a", 0, FOREVER_MS, &life);
	ask(bus, "intake.a", 1, FOREVER_MS, &a);
	until_came(s, 2);
	for (int64_t waited = 0; waited < SILENCE_MS - 1000; waited += 500)
		later(s, 500);
	/* Any frame is a sign of life. */
	answer_as(s, &s->inbox[0], 2, NULL, "100", NULL, NULL);
	echo(s, &s->inbox[0]);
	until_done(s, &life);
	assert_int_equal(life.status, 200);
	for (int64_t waited = 0; waited < SILENCE_MS - 1000; waited += 500)
		later(s, 500);
	assert_nothing_more(s);
	assert_int_equal(a.times, 0);
	for (int64_t waited = 0; waited < 3000; waited += 500)
		later(s, 500);
	until_came_later(s, 3);
	assert_false(same_peer(&s->inbox[0], &s->inbox[2]));
	echo(s, &s->inbox[2]);
	until_done(s, &a);
	ask(bus, "intake.a", 2, FOREVER_MS, &b);
	until_came(s, 4);
	echo(s, &s->inbox[3]);
	until_done(s, &b);
	assert_true(life.times == 1 && a.times == 1 && a.n == 1 && b.n == 2);
	bus_close(&bus);
}

static void an_answer_that_fits_no_question_ends_the_connection_not_the_call(void **state)
{
	static const struct {
		char verb;
		const char *service, *status;
	} wrong[] = { { 3, "intake.other", "200" }, { 3, NULL, NULL }, { 1, NULL, "200" }, { 9, NULL, "200" },
		      { 3, "no spaces please", "200" } };
	struct script *s = *state;
	struct bus *bus = open_bus(s, 1);

	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct asked a = { 0 }, b = { 0 };

		script_forget(s);
		ask(bus, "intake.a", 1, FOREVER_MS, &a);
		ask(bus, "intake.b", 2, FOREVER_MS, &b);
		until_came_later(s, 2);
		answer_as(s, &s->inbox[0], wrong[i].verb, wrong[i].service, wrong[i].status, NULL, NULL);
		until_came_later(s, 4);
		assert_int_equal(a.times, 0);
		assert_false(same_peer(&s->inbox[0], &s->inbox[2]));
		echo(s, &s->inbox[2]);
		echo(s, &s->inbox[3]);
		until_done(s, &b);
		assert_true(a.times == 1 && a.n == 1 && b.n == 2);
	}
	bus_close(&bus);
}

static void an_answer_to_nothing_does_not_become_the_next_ones(void **state)
{
	struct script *s = *state;
	struct bus *bus = open_bus(s, 1);
	struct asked a = { 0 }, b = { 0 };
	size_t i = 1;

	ask(bus, "intake.a", 1, FOREVER_MS, &a);
	until_came(s, 1);
	echo(s, &s->inbox[0]);
	echo(s, &s->inbox[0]);
	until_done(s, &a);
	ask(bus, "intake.b", 2, FOREVER_MS, &b);
	for (; !b.times; later(s, TRY_MS))
		for (; i < s->count; i++)
			echo(s, &s->inbox[i]);
	assert_true(a.times == 1 && a.n == 1 && b.times == 1 && b.n == 2);
	bus_close(&bus);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, script_set_up, script_tear_down)
		T(a_call_nobody_can_take_ends_at_its_deadline),
		T(what_is_unanswered_is_sent_again_to_the_next_router_and_nothing_else),
		T(an_answer_on_its_way_when_the_router_ends_counts_once),
		T(a_slow_router_is_left_in_peace_a_silent_one_is_asked_again),
		T(an_answer_that_fits_no_question_ends_the_connection_not_the_call),
		T(an_answer_to_nothing_does_not_become_the_next_ones),
#undef T
	};

	log_open("test", LOG_LEVEL_ERROR);
	alarm(50);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
