/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of the loop: what is ready is called, timers fire in order, hooks run before each wait, a pool comes
 * back. */
#include "clock.h"
#include "loop.h"
#include "mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { PIPES = 150 };

struct scene {
	struct loop *loop;
	struct buf seen;
	int pipe[2];
	struct watch *watch, *other;
	struct timer *timer;
	int count;
};

static void note(struct scene *s, const char *what)
{
	buf_text(&s->seen, what);
}

static int scene_open(void **state)
{
	struct scene *s = mem_new(sizeof(*s));

	alarm(20);
	clock_hold(1000000, 1000);
	s->loop = loop_new();
	assert_int_equal(pipe(s->pipe), 0);
	*state = s;
	return 0;
}

static int scene_close(void **state)
{
	struct scene *s = *state;

	loop_unwatch(s->loop, &s->watch);
	loop_free(&s->loop);
	close(s->pipe[0]);
	close(s->pipe[1]);
	buf_finish(&s->seen);
	mem_free(&s);
	clock_hold(-1, -1);
	return 0;
}

static void turn(struct scene *s)
{
	assert_int_equal(loop_turn(s->loop, 0), 0);
}

static void read_one(void *ctx)
{
	struct scene *s = ctx;
	char c[2] = { 0 };

	assert_int_equal(read(s->pipe[0], c, 1), 1);
	note(s, c);
}

static void a_readable_descriptor_is_called_until_it_is_empty(void **state)
{
	struct scene *s = *state;

	s->watch = loop_fd(s->loop, s->pipe[0], read_one, s);
	turn(s);
	assert_int_equal(s->seen.bytes, 0);
	assert_int_equal(write(s->pipe[1], "abc", 3), 3);
	for (int i = 0; i < 5; i++)
		turn(s);
	assert_string_equal(s->seen.data, "abc");
}

static void unwatch_itself(void *ctx)
{
	struct scene *s = ctx;

	note(s, "x");
	loop_unwatch(s->loop, &s->watch);
	loop_unwatch(s->loop, &s->other);
}

static void a_callback_may_unwatch_itself_and_others(void **state)
{
	struct scene *s = *state;

	s->watch = loop_fd(s->loop, s->pipe[0], unwatch_itself, s);
	s->other = loop_fd(s->loop, s->pipe[0], unwatch_itself, s);
	assert_int_equal(write(s->pipe[1], "a", 1), 1);
	turn(s);
	turn(s);
	assert_string_equal(s->seen.data, "x");
	assert_null(s->watch);
	assert_null(s->other);
}

static void count_one(void *ctx)
{
	struct scene *s = ctx;

	s->count++;
}

static void more_than_a_hundred_things_can_be_watched(void **state)
{
	struct scene *s = *state;
	struct watch *w[PIPES];
	int p[PIPES][2];

	for (int i = 0; i < PIPES; i++) {
		assert_int_equal(pipe(p[i]), 0);
		w[i] = loop_fd(s->loop, p[i][0], count_one, s);
		assert_int_equal(write(p[i][1], "x", 1), 1);
	}
	turn(s);
	assert_int_equal(s->count, PIPES);
	for (int i = 0; i < PIPES; i += 2)
		loop_unwatch(s->loop, &w[i]);
	turn(s);
	assert_int_equal(s->count, PIPES + PIPES / 2);
	for (int i = 0; i < PIPES; i++) {
		loop_unwatch(s->loop, &w[i]);
		close(p[i][0]);
		close(p[i][1]);
	}
	turn(s);
	assert_int_equal(s->count, PIPES + PIPES / 2);
}

static void watch_more(void *ctx)
{
	struct scene *s = ctx;

	for (int i = 0; i < 40; i++)
		loop_fd(s->loop, s->pipe[0], count_one, s);
	loop_unwatch(s->loop, &s->watch);
}

static void a_callback_may_watch_more(void **state)
{
	struct scene *s = *state;

	s->watch = loop_fd(s->loop, s->pipe[0], watch_more, s);
	assert_int_equal(write(s->pipe[1], "a", 1), 1);
	turn(s);
	assert_int_equal(s->count, 0);
	turn(s);
	assert_int_equal(s->count, 40);
}

#define NOTE(letter)                                                                                                   \
	static void note_##letter(void *ctx)                                                                           \
	{                                                                                                              \
		note(ctx, #letter);                                                                                    \
	}
NOTE(a) NOTE(b) NOTE(c)

static void timers_fire_in_the_order_of_their_time_then_of_their_age(void **state)
{
	struct scene *s = *state;

	loop_after(s->loop, 20, note_c, s);
	loop_after(s->loop, 10, note_a, s);
	loop_after(s->loop, 10, note_b, s);
	turn(s);
	assert_int_equal(s->seen.bytes, 0);
	clock_hold(1000000, 1010);
	turn(s);
	assert_string_equal(s->seen.data, "ab");
	clock_hold(1000000, 1020);
	turn(s);
	turn(s);
	assert_string_equal(s->seen.data, "abc");
}

static void a_cancelled_timer_does_not_fire(void **state)
{
	struct scene *s = *state;
	struct timer *t[64], *none = NULL;

	for (int i = 0; i < 64; i++)
		t[i] = loop_after(s->loop, (i * 37) % 64, count_one, s);
	for (int i = 0; i < 64; i += 2)
		loop_cancel(s->loop, &t[i]);
	loop_cancel(s->loop, &none);
	assert_null(t[0]);
	clock_hold(1000000, 2000);
	turn(s);
	assert_int_equal(s->count, 32);
}

static void cancel_at_three(void *ctx)
{
	struct scene *s = ctx;

	if (++s->count == 3)
		loop_cancel(s->loop, &s->timer);
}

static void a_repeating_timer_ends_when_it_cancels_itself(void **state)
{
	struct scene *s = *state;

	s->timer = loop_every(s->loop, 10, cancel_at_three, s);
	for (int i = 1; i < 10; i++) {
		clock_hold(1000000, 1000 + 10 * i);
		turn(s);
	}
	assert_int_equal(s->count, 3);
}

static void missed_intervals_fire_once(void **state)
{
	struct scene *s = *state;

	s->timer = loop_every(s->loop, 10, count_one, s);
	clock_hold(1000000, 9000);
	turn(s);
	turn(s);
	assert_int_equal(s->count, 1);
	clock_hold(1000000, 9010);
	turn(s);
	assert_int_equal(s->count, 2);
	loop_cancel(s->loop, &s->timer);
}

static void set_again(void *ctx)
{
	struct scene *s = ctx;

	s->count++;
	loop_after(s->loop, 0, set_again, s);
}

static void a_timer_that_sets_another_does_not_starve_the_rest(void **state)
{
	struct scene *s = *state;

	loop_after(s->loop, 0, set_again, s);
	s->watch = loop_fd(s->loop, s->pipe[0], read_one, s);
	assert_int_equal(write(s->pipe[1], "z", 1), 1);
	turn(s);
	assert_int_equal(s->count, 1);
	assert_string_equal(s->seen.data, "z");
}

static int64_t hook_a(void *ctx)
{
	note(ctx, "A");
	return -1;
}

static int64_t hook_b(void *ctx)
{
	struct scene *s = ctx;

	note(s, "B");
	if (s->count++ == 0)
		loop_soon(s->loop);
	return 1000000;
}

static void hooks_run_in_order_and_again_at_once_when_asked(void **state)
{
	struct scene *s = *state;

	loop_before_wait(s->loop, hook_a, s);
	loop_before_wait(s->loop, hook_b, s);
	/* Without loop_soon this would wait for a million milliseconds, and the alarm would end it. */
	assert_int_equal(loop_turn(s->loop, -1), 0);
	turn(s);
	assert_string_equal(s->seen.data, "ABAB");
	loop_before_wait_stop(s->loop, hook_a, s);
	turn(s);
	assert_string_equal(s->seen.data, "ABABB");
}

static void stop(void *ctx)
{
	loop_stop(((struct scene *)ctx)->loop);
}

static void it_runs_until_it_is_stopped(void **state)
{
	struct scene *s = *state;

	s->watch = loop_fd(s->loop, s->pipe[0], stop, s);
	assert_int_equal(write(s->pipe[1], "a", 1), 1);
	assert_int_equal(loop_run(s->loop), 0);
	loop_stop(s->loop);
	assert_int_equal(loop_run(s->loop), 0);
}

static void work_in_pool(void *ctx)
{
	struct scene *s = ctx;

	__atomic_add_fetch(&s->count, 1, __ATOMIC_SEQ_CST);
}

static void done_on_loop(void *ctx)
{
	struct scene *s = ctx;

	note(s, "d");
	if (s->seen.bytes == 4)
		loop_stop(s->loop);
}

static void a_job_comes_back_on_the_loop(void **state)
{
	struct scene *s = *state;
	struct pool *pool = pool_new(s->loop, 3, 8);

	for (int i = 0; i < 4; i++)
		assert_int_equal(pool_run(pool, work_in_pool, done_on_loop, s), 0);
	assert_int_equal(loop_run(s->loop), 0);
	assert_int_equal(s->count, 4);
	assert_string_equal(s->seen.data, "dddd");
	pool_free(&pool);
	assert_null(pool);
}

static void wait_for_byte(void *ctx)
{
	struct scene *s = ctx;
	char c;

	assert_int_equal(read(s->pipe[0], &c, 1), 1);
}

static void a_full_pool_says_so_and_a_freed_one_drops_what_waits(void **state)
{
	struct scene *s = *state;
	struct pool *pool = pool_new(s->loop, 1, 2);
	int taken = 0, outcome;

	/* One may be running already, so two or three fit. */
	while ((outcome = pool_run(pool, wait_for_byte, done_on_loop, s)) == 0)
		taken++;
	assert_int_equal(outcome, POOL_FULL);
	assert_in_range(taken, 2, 3);
	assert_int_equal(write(s->pipe[1], "abc", 3), 3);
	pool_free(&pool);
	/* Those that ran are done, none more. */
	assert_in_range(s->seen.bytes, 0, (size_t)taken);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define RULE(name) cmocka_unit_test_setup_teardown(name, scene_open, scene_close)
		RULE(a_readable_descriptor_is_called_until_it_is_empty),
		RULE(a_callback_may_unwatch_itself_and_others),
		RULE(more_than_a_hundred_things_can_be_watched),
		RULE(a_callback_may_watch_more),
		RULE(timers_fire_in_the_order_of_their_time_then_of_their_age),
		RULE(a_cancelled_timer_does_not_fire),
		RULE(a_repeating_timer_ends_when_it_cancels_itself),
		RULE(missed_intervals_fire_once),
		RULE(a_timer_that_sets_another_does_not_starve_the_rest),
		RULE(hooks_run_in_order_and_again_at_once_when_asked),
		RULE(it_runs_until_it_is_stopped),
		RULE(a_job_comes_back_on_the_loop),
		RULE(a_full_pool_says_so_and_a_freed_one_drops_what_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
