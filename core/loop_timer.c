/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The timers of a loop: a binary heap by due time, then by age, so that equal ones fire in the order they were set.
 * Called by loop.c only. Time is clock_mono_ms, which a test can hold.
 */
#include "loop_impl.h"

#include "clock.h"
#include "mem.h"

#include <stdbool.h>

struct timer {
	int64_t at_ms, every_ms;
	uint64_t age;
	size_t place; /* in the heap */
	void (*fn)(void *ctx);
	void *ctx;
	bool firing, dropped;
};

struct loop_timers {
	struct timer **heap;
	size_t count, room;
	uint64_t ages;
};

struct loop_timers *loop_timers_new(void)
{
	return mem_new(sizeof(struct loop_timers));
}

void loop_timers_free(struct loop_timers **timers)
{
	struct loop_timers *ts = steal(timers);

	if (!ts)
		return;
	for (size_t i = 0; i < ts->count; i++)
		mem_free(&ts->heap[i]);
	mem_free(&ts->heap);
	mem_free(&ts);
}

static bool timer_before(const struct timer *a, const struct timer *b)
{
	return a->at_ms != b->at_ms ? a->at_ms < b->at_ms : a->age < b->age;
}

static void heap_put(struct loop_timers *ts, size_t place, struct timer *t)
{
	ts->heap[place] = t;
	t->place = place;
}

static void heap_rise(struct loop_timers *ts, struct timer *t)
{
	size_t i = t->place;

	for (; i > 0 && timer_before(t, ts->heap[(i - 1) / 2]); i = (i - 1) / 2)
		heap_put(ts, i, ts->heap[(i - 1) / 2]);
	heap_put(ts, i, t);
}

static void heap_sink(struct loop_timers *ts, struct timer *t)
{
	size_t i = t->place;

	for (;;) {
		size_t child = 2 * i + 1;

		if (child + 1 < ts->count && timer_before(ts->heap[child + 1], ts->heap[child]))
			child++;
		if (child >= ts->count || !timer_before(ts->heap[child], t))
			break;
		heap_put(ts, i, ts->heap[child]);
		i = child;
	}
	heap_put(ts, i, t);
}

static void heap_add(struct loop_timers *ts, struct timer *t)
{
	if (ts->count == ts->room) {
		ts->room = ts->room ? ts->room * 2 : 16;
		ts->heap = mem_resize(ts->heap, ts->room * sizeof(struct timer *));
	}
	t->age = ++ts->ages;
	heap_put(ts, ts->count++, t);
	heap_rise(ts, t);
}

static void heap_remove(struct loop_timers *ts, const struct timer *t)
{
	struct timer *last = ts->heap[--ts->count];

	if (last == t)
		return;
	heap_put(ts, t->place, last);
	heap_rise(ts, last);
	heap_sink(ts, last);
}

struct timer *loop_timers_add(struct loop_timers *ts, int64_t ms, int64_t every_ms, void (*fn)(void *ctx), void *ctx)
{
	struct timer *t = mem_new(sizeof(*t));

	*t = (struct timer){ .at_ms = clock_mono_ms() + (ms > 0 ? ms : 0), .every_ms = every_ms, .fn = fn, .ctx = ctx };
	heap_add(ts, t);
	return t;
}

void loop_timers_drop(struct loop_timers *ts, struct timer *t)
{
	if (t->firing) {
		t->dropped = true;
		return;
	}
	heap_remove(ts, t);
	mem_free(&t);
}

static void timer_fire(struct loop_timers *ts, struct timer *t, int64_t now)
{
	heap_remove(ts, t);
	t->firing = true;
	t->fn(t->ctx);
	t->firing = false;
	if (t->dropped || !t->every_ms) {
		mem_free(&t);
		return;
	}
	t->at_ms += t->every_ms;
	if (t->at_ms <= now)
		t->at_ms = now + t->every_ms;
	heap_add(ts, t);
}

void loop_timers_fire(struct loop_timers *ts)
{
	uint64_t youngest = ts->ages;
	int64_t now;

	if (!ts->count)
		return;
	now = clock_mono_ms();
	while (ts->count && ts->heap[0]->at_ms <= now && ts->heap[0]->age <= youngest)
		timer_fire(ts, ts->heap[0], now);
}

int64_t loop_timers_wait(const struct loop_timers *ts)
{
	int64_t left;

	if (!ts->count)
		return -1;
	left = ts->heap[0]->at_ms - clock_mono_ms();
	return left > 0 ? left : 0;
}
