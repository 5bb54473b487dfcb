/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Leases in memory: a binary heap by expiry, and two chained hash tables, by token and by job. Grant, renew and end
 * cost O(log n), finding O(1). dispatch.c and worker_door.c call it; it reads no clock and keeps nothing on disk.
 */
#include "lease.h"

#include "mem.h"

#include <string.h>

enum { ROOM_FIRST = 16, BACKOFF_MAX_MS = 30000 };

struct entry {
	struct lease lease; /* first: a lent lease is its entry */
	struct entry *next_token, *next_job;
};
struct lease_table {
	struct entry **heap, **token, **job; /* the two tables have `room` chains each */
	size_t count, room;                  /* room: a power of two */
};

static size_t hash_text(const char *s)
{
	uint64_t h = 14695981039346656037U;

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 1099511628211U;
	return (size_t)(h ^ h >> 32);
}

static size_t hash_number(int64_t n)
{
	uint64_t h = (uint64_t)n * 0x9E3779B97F4A7C15U;

	return (size_t)(h ^ h >> 32);
}

static struct entry **token_chain(const struct lease_table *t, const char *token)
{
	return &t->token[hash_text(token) & (t->room - 1)];
}

static struct entry **job_chain(const struct lease_table *t, int64_t job)
{
	return &t->job[hash_number(job) & (t->room - 1)];
}

static void chain_in(struct lease_table *t, struct entry *e)
{
	struct entry **token = token_chain(t, e->lease.token), **job = job_chain(t, e->lease.job);

	e->next_token = *token;
	*token = e;
	e->next_job = *job;
	*job = e;
}

static void chain_out(struct lease_table *t, const struct entry *e)
{
	struct entry **p = token_chain(t, e->lease.token);

	while (*p != e)
		p = &(*p)->next_token;
	*p = e->next_token;
	p = job_chain(t, e->lease.job);
	while (*p != e)
		p = &(*p)->next_job;
	*p = e->next_job;
}

static void heap_put(struct lease_table *t, size_t place, struct entry *e)
{
	t->heap[place] = e;
	e->lease.place = place;
}

static bool earlier(const struct entry *a, const struct entry *b)
{
	return a->lease.until_ms != b->lease.until_ms ? a->lease.until_ms < b->lease.until_ms : a->lease.job < b->lease.job;
}

static void heap_up(struct lease_table *t, struct entry *e)
{
	size_t place = e->lease.place;

	for (; place && earlier(e, t->heap[(place - 1) / 2]); place = (place - 1) / 2)
		heap_put(t, place, t->heap[(place - 1) / 2]);
	heap_put(t, place, e);
}

static void heap_down(struct lease_table *t, struct entry *e)
{
	size_t place = e->lease.place, child;

	while ((child = 2 * place + 1) < t->count) {
		if (child + 1 < t->count && earlier(t->heap[child + 1], t->heap[child]))
			child++;
		if (!earlier(t->heap[child], e))
			break;
		heap_put(t, place, t->heap[child]);
		place = child;
	}
	heap_put(t, place, e);
}

static void table_room(struct lease_table *t, size_t room)
{
	t->room = room;
	t->heap = mem_resize(t->heap, room * sizeof(*t->heap));
	mem_free(&t->token);
	mem_free(&t->job);
	t->token = mem_array(room, sizeof(*t->token));
	t->job = mem_array(room, sizeof(*t->job));
	for (size_t i = 0; i < t->count; i++)
		chain_in(t, t->heap[i]);
}

struct lease_table *lease_table_new(void)
{
	struct lease_table *t = mem_new(sizeof(*t));

	table_room(t, ROOM_FIRST);
	return t;
}

void lease_table_free(struct lease_table **table)
{
	struct lease_table *t = *table;

	if (!t)
		return;
	for (size_t i = 0; i < t->count; i++)
		mem_free(&t->heap[i]);
	mem_free(&t->heap);
	mem_free(&t->token);
	mem_free(&t->job);
	mem_free(table);
}

size_t lease_count(const struct lease_table *table)
{
	return table->count;
}

struct lease *lease_grant(struct lease_table *table, const char *token, int64_t job, int64_t attempts, int64_t now_ms,
                          int64_t length_ms)
{
	struct entry *e;

	if (strlen(token) != LEASE_TOKEN_BYTES - 1 || lease_holds_job(table, job) || lease_find(table, token))
		return NULL;
	if (table->count == table->room)
		table_room(table, table->room * 2);
	e = mem_new(sizeof(*e));
	memcpy(e->lease.token, token, LEASE_TOKEN_BYTES);
	e->lease.job = job;
	e->lease.attempts = attempts;
	e->lease.until_ms = now_ms + length_ms;
	e->lease.place = table->count++;
	chain_in(table, e);
	heap_up(table, e);
	return &e->lease;
}

struct lease *lease_find(struct lease_table *table, const char *token)
{
	struct entry *e = *token_chain(table, token);

	while (e && strcmp(e->lease.token, token) != 0)
		e = e->next_token;
	return e ? &e->lease : NULL;
}

bool lease_holds_job(const struct lease_table *table, int64_t job)
{
	const struct entry *e = *job_chain(table, job);

	while (e && e->lease.job != job)
		e = e->next_job;
	return e != NULL;
}

void lease_renew(struct lease_table *table, struct lease *lease, int64_t now_ms, int64_t length_ms)
{
	struct entry *e = table->heap[lease->place];
	int64_t until_ms = now_ms + length_ms;
	bool sooner = until_ms < e->lease.until_ms;

	e->lease.until_ms = until_ms;
	if (sooner)
		heap_up(table, e);
	else
		heap_down(table, e);
}

void lease_end(struct lease_table *table, struct lease **lease)
{
	struct entry *e = *lease ? table->heap[(*lease)->place] : NULL;
	struct entry *last;

	*lease = NULL;
	if (!e)
		return;
	chain_out(table, e);
	last = table->heap[--table->count];
	if (last != e) {
		heap_put(table, e->lease.place, last);
		heap_up(table, last);
		heap_down(table, last);
	}
	mem_free(&e);
}

struct lease *lease_expired(struct lease_table *table, int64_t now_ms)
{
	return table->count && table->heap[0]->lease.until_ms <= now_ms ? &table->heap[0]->lease : NULL;
}

int64_t lease_next_ms(const struct lease_table *table)
{
	return table->count ? table->heap[0]->lease.until_ms : -1;
}

int64_t lease_backoff_ms(int64_t attempts, int64_t base_ms)
{
	int64_t wait = attempts > 0 ? base_ms : 0;

	while (--attempts > 0 && wait < BACKOFF_MAX_MS)
		wait *= 2;
	return wait < BACKOFF_MAX_MS ? wait : BACKOFF_MAX_MS;
}

bool lease_spent(int64_t attempts, int attempts_max)
{
	return attempts >= attempts_max;
}
