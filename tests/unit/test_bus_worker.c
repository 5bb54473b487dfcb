/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The worker end of the bus against a scripted router: one request at a time, the lease token comes back as it went, and
 * whatever is not answered is given back.
 */
#include "script_router.h"

enum { BEAT_MS = 1000, SILENCE_MS = 10000, TRY_MS = 100 };
#define TOKEN "0123456789abcdef0123456789abcdef"

struct handled {
	int times;
	struct bus_worker *worker;
	json_t *body;
	const struct msg *m;
	size_t first;
	int answer_at_once; /* status; 0: later */
};

static void handle(struct bus_worker *w, json_t *body, const struct msg *m, size_t first, void *ctx)
{
	struct handled *h = ctx;

	h->times++;
	h->worker = w;
	h->body = body;
	h->m = m;
	h->first = first;
	if (h->answer_at_once)
		bus_worker_refuse(w, h->answer_at_once, json_pack("{s:s}", "error", "damaged"));
}

static struct bus_worker *open_worker(struct script *s, struct handled *h)
{
	struct bus_worker *w = NULL;

	assert_int_equal(bus_worker_open(s->loop, s->endpoint, NULL, "desk.psych", handle, h, &w), 0);
	until_came(s, 1);
	assert_int_equal(s->inbox[0].count, 4);
	assert_true(msg_is(&s->inbox[0], 1, "MDPW02") && msg_is(&s->inbox[0], 2, "\x01"));
	assert_true(msg_is(&s->inbox[0], 3, "desk.psych"));
	return w;
}

static void tell(struct script *s, const struct msg *to, const char *command, const char *json, const char *blob)
{
	struct msg m = { 0 };

	msg_add(&m, to->frame[0].data, to->frame[0].bytes);
	msg_add_text(&m, "MDPW02");
	msg_add_text(&m, command);
	if (json) {
		msg_add_text(&m, TOKEN);
		msg_add_text(&m, "");
		msg_add_text(&m, json);
	}
	if (blob)
		msg_add_text(&m, blob);
	script_send(s, &m);
}

static void give(struct script *s, const struct msg *to, const char *json)
{
	tell(s, to, "\x02", json, NULL);
}

static void until_handled(struct script *s, const struct handled *h, int times)
{
	while (h->times < times)
		turn(s);
	assert_int_equal(h->times, times);
}

static void until_came_later(struct script *s, size_t n)
{
	while (s->count < n)
		later(s, TRY_MS);
}

/* The n-th message is this worker command with these frames behind it. */
static void assert_said(struct script *s, size_t n, const char *command, const char *const *frames, size_t count)
{
	const struct msg *m = &s->inbox[n];

	assert_int_equal(m->count, 3 + count);
	assert_true(msg_is(m, 1, "MDPW02") && msg_is(m, 2, command));
	for (size_t i = 0; i < count; i++)
		assert_true(msg_is(m, 3 + i, frames[i]));
}

static void assert_ready(struct script *s, size_t n)
{
	assert_said(s, n, "\x01", (const char *const[]){ "desk.psych" }, 1);
}

static void a_request_is_handled_and_its_token_comes_back(void **state)
{
	struct script *s = *state;
	struct handled h = { 0 };
	struct bus_worker *w = open_worker(s, &h);

	tell(s, &s->inbox[0], "\x02", "{\"number\":7}", "sealed");
	until_handled(s, &h, 1);
	assert_ptr_equal(h.worker, w);
	assert_int_equal(json_int(h.body, "number", 0), 7);
	assert_int_equal(h.m->count - h.first, 1);
	assert_true(msg_is(h.m, h.first, "sealed"));
	bus_worker_reply(w, json_pack("{s:i}", "risk", 2));
	until_came(s, 2);
	assert_said(s, 1, "\x04", (const char *const[]){ TOKEN, "", "200", "{\"risk\":2}" }, 4);
	/* A router sends the next one unasked: READY is said once. */
	give(s, &s->inbox[0], "{}");
	until_handled(s, &h, 2);
	assert_int_equal(s->count, 2);
	bus_worker_close(&w);
}

static void a_refusal_has_its_status(void **state)
{
	struct script *s = *state;
	struct handled h = { .answer_at_once = 400 };
	struct bus_worker *w = open_worker(s, &h);

	for (size_t i = 1; i <= 3; i++) {
		give(s, &s->inbox[0], "{}");
		until_came(s, 1 + i);
		assert_said(s, i, "\x04", (const char *const[]){ TOKEN, "", "400", "{\"error\":\"damaged\"}" }, 4);
	}
	bus_worker_close(&w);
}

static void progress_renews_the_lease(void **state)
{
	struct script *s = *state;
	struct handled h = { 0 };
	struct bus_worker *w = open_worker(s, &h);

	bus_worker_progress(w); /* holding nothing: nothing is said */
	give(s, &s->inbox[0], "{}");
	until_handled(s, &h, 1);
	bus_worker_progress(w);
	until_came(s, 2);
	assert_said(s, 1, "\x03", (const char *const[]){ TOKEN, "", "200" }, 3);
	bus_worker_reply(w, json_object());
	until_came(s, 3);
	bus_worker_close(&w);
}

static void a_heartbeat_goes_every_second(void **state)
{
	struct script *s = *state;
	struct handled h = { 0 };
	struct bus_worker *w = open_worker(s, &h);

	s->hears_beats = true;
	assert_nothing_more(s);
	for (size_t i = 1; i <= 5; i++) {
		later(s, BEAT_MS - 1);
		assert_int_equal(s->count, i);
		later(s, 1);
		until_came(s, 1 + i);
		assert_said(s, i, "\x05", NULL, 0);
	}
	/* Also while it works. */
	give(s, &s->inbox[0], "{}");
	until_handled(s, &h, 1);
	later(s, BEAT_MS);
	until_came(s, 7);
	assert_said(s, 6, "\x05", NULL, 0);
	bus_worker_close(&w);
}

static void a_worker_that_gives_back_says_so_and_is_ready_again_on_a_new_socket(void **state)
{
	struct script *s = *state;
	struct handled h = { 0 };
	struct bus_worker *w = open_worker(s, &h);

	give(s, &s->inbox[0], "{}");
	until_handled(s, &h, 1);
	bus_worker_give_back(w);
	assert_false(bus_worker_connected(w));
	until_came(s, 2);
	assert_said(s, 1, "\x06", NULL, 0);
	assert_true(same_peer(&s->inbox[0], &s->inbox[1]));
	until_came_later(s, 3);
	assert_ready(s, 2);
	assert_false(same_peer(&s->inbox[0], &s->inbox[2]));
	give(s, &s->inbox[2], "{}");
	until_handled(s, &h, 2);
	bus_worker_close(&w);
}

static void a_closing_worker_gives_back_what_it_holds(void **state)
{
	struct script *s = *state;
	struct handled h = { 0 };
	struct bus_worker *w = open_worker(s, &h);

	give(s, &s->inbox[0], "{}");
	until_handled(s, &h, 1);
	bus_worker_close(&w);
	assert_null(w);
	until_came(s, 2);
	assert_said(s, 1, "\x06", NULL, 0);
	bus_worker_close(&w);
}

static void a_worker_told_to_go_comes_back_with_ready(void **state)
{
	struct script *s = *state;
	struct handled h = { 0 };
	struct bus_worker *w = open_worker(s, &h);

	tell(s, &s->inbox[0], "\x06", NULL, NULL);
	until_came_later(s, 2);
	assert_ready(s, 1);
	assert_false(same_peer(&s->inbox[0], &s->inbox[1]));
	bus_worker_close(&w);
}

static void a_silent_router_is_left_for_a_new_socket(void **state)
{
	struct script *s = *state;
	struct handled h = { 0 };
	struct bus_worker *w = open_worker(s, &h);

	assert_true(bus_worker_connected(w));
	later(s, SILENCE_MS - 1);
	assert_true(bus_worker_connected(w));
	later(s, 1);
	assert_false(bus_worker_connected(w));
	until_came_later(s, 2);
	assert_ready(s, 1);
	assert_false(same_peer(&s->inbox[0], &s->inbox[1]));
	assert_true(bus_worker_connected(w));
	bus_worker_close(&w);
}

static void a_router_that_beats_is_kept(void **state)
{
	struct script *s = *state;
	struct handled h = { 0 };
	struct bus_worker *w = open_worker(s, &h);

	s->hears_beats = true;
	for (size_t i = 1; i <= 30; i++) {
		tell(s, &s->inbox[0], "\x05", NULL, NULL);
		later(s, BEAT_MS);
		until_came(s, 1 + i);
		assert_true(same_peer(&s->inbox[0], &s->inbox[i]) && is_beat(&s->inbox[i]));
	}
	bus_worker_close(&w);
}

static void a_router_may_be_silent_while_a_request_is_worked_on(void **state)
{
	struct script *s = *state;
	struct handled h = { 0 };
	struct bus_worker *w = open_worker(s, &h);

	give(s, &s->inbox[0], "{}");
	until_handled(s, &h, 1);
	for (int i = 0; i < 30; i++)
		later(s, BEAT_MS);
	assert_true(bus_worker_connected(w));
	bus_worker_reply(w, json_object());
	/* And then for as long again as an idle router may be. */
	later(s, SILENCE_MS - BEAT_MS);
	assert_true(bus_worker_connected(w));
	until_came(s, 2);
	assert_said(s, 1, "\x04", (const char *const[]){ TOKEN, "", "200", "{}" }, 4);
	bus_worker_close(&w);
}

static void a_request_whose_line_was_lost_is_finished_for_nothing_and_then_the_next_is_asked_for(void **state)
{
	struct script *s = *state;
	struct handled h = { 0 };
	struct bus_worker *w = open_worker(s, &h);

	for (int round = 1; round <= 2; round++) {
		give(s, &s->inbox[s->count - 1], "{\"number\":1}");
		until_handled(s, &h, round);
		script_die(s);
		while (bus_worker_connected(w))
			turn(s);
		script_bind(s);
		while (!bus_worker_connected(w))
			later(s, TRY_MS);
		assert_nothing_more(s);
		assert_int_equal(s->count, 0);
		/* body and m are still lent. */
		assert_int_equal(json_int(h.body, "number", 0), 1);
		assert_true(msg_is(h.m, h.first - 1, "{\"number\":1}"));
		bus_worker_progress(w);
		if (round == 1)
			bus_worker_reply(w, json_object());
		else
			bus_worker_give_back(w);
		until_came(s, 1);
		assert_ready(s, 0);
	}
	bus_worker_close(&w);
}

static void a_message_that_cannot_be_right_gives_everything_back(void **state)
{
	static const struct {
		const char *command, *json;
	} wrong[] = { { "\x02", "not json" }, { "\x02", "[1]" }, { "\x02", "" }, { "\x03", "{}" },
		      { "\x04", "{}" },       { "\x02", NULL },  { "\x09", NULL }, { "", NULL } };
	struct script *s = *state;
	struct handled h = { 0 };
	struct bus_worker *w = open_worker(s, &h);

	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		size_t ready = s->count - 1;

		tell(s, &s->inbox[ready], wrong[i].command, wrong[i].json, NULL);
		until_came_later(s, ready + 3);
		assert_said(s, ready + 1, "\x06", NULL, 0);
		assert_ready(s, ready + 2);
		assert_int_equal(s->count, ready + 3);
	}
	assert_int_equal(h.times, 0);
	bus_worker_close(&w);
}

static void a_second_request_at_once_is_not_taken(void **state)
{
	struct script *s = *state;
	struct handled h = { 0 };
	struct bus_worker *w = open_worker(s, &h);

	give(s, &s->inbox[0], "{}");
	give(s, &s->inbox[0], "{}");
	until_came(s, 2);
	assert_int_equal(h.times, 1);
	assert_said(s, 1, "\x06", NULL, 0);
	while (!bus_worker_connected(w))
		later(s, TRY_MS);
	assert_nothing_more(s);
	bus_worker_reply(w, json_object());
	until_came(s, 3);
	assert_ready(s, 2);
	bus_worker_close(&w);
}

static void an_oversize_request_is_given_back(void **state)
{
	struct script *s = *state;
	struct handled h = { 0 };
	struct bus_worker *w = open_worker(s, &h);
	struct msg m = { 0 };

	msg_add(&m, s->inbox[0].frame[0].data, s->inbox[0].frame[0].bytes);
	for (int i = 0; i < 5; i++)
		msg_take(&m, mem_new(SOCK_FRAME_BYTES_MAX), SOCK_FRAME_BYTES_MAX);
	script_send(s, &m);
	until_came_later(s, 3);
	assert_said(s, 1, "\x06", NULL, 0);
	assert_ready(s, 2);
	assert_int_equal(h.times, 0);
	bus_worker_close(&w);
}

static void a_worker_waits_for_a_router_that_is_not_there_yet(void **state)
{
	struct script *s = *state;
	struct handled h = { 0 };
	struct bus_worker *w = NULL;

	script_die(s);
	assert_int_equal(bus_worker_open(s->loop, s->endpoint, NULL, "desk.legal", handle, &h, &w), 0);
	for (int i = 0; i < 50; i++)
		later(s, TRY_MS);
	assert_false(bus_worker_connected(w));
	script_bind(s);
	until_came_later(s, 1);
	assert_true(msg_is(&s->inbox[0], 2, "\x01") && msg_is(&s->inbox[0], 3, "desk.legal"));
	bus_worker_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, script_set_up, script_tear_down)
		T(a_request_is_handled_and_its_token_comes_back),
		T(a_refusal_has_its_status),
		T(progress_renews_the_lease),
		T(a_heartbeat_goes_every_second),
		T(a_worker_that_gives_back_says_so_and_is_ready_again_on_a_new_socket),
		T(a_closing_worker_gives_back_what_it_holds),
		T(a_worker_told_to_go_comes_back_with_ready),
		T(a_silent_router_is_left_for_a_new_socket),
		T(a_router_that_beats_is_kept),
		T(a_router_may_be_silent_while_a_request_is_worked_on),
		T(a_request_whose_line_was_lost_is_finished_for_nothing_and_then_the_next_is_asked_for),
		T(a_message_that_cannot_be_right_gives_everything_back),
		T(a_second_request_at_once_is_not_taken),
		T(an_oversize_request_is_given_back),
		T(a_worker_waits_for_a_router_that_is_not_there_yet),
#undef T
	};

	log_open("test", LOG_LEVEL_ERROR);
	alarm(50);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
