/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Leases: a hash by token, a hash by job, a binary heap by expiry. Pure and volatile: after a restart every job that is not done is
 * ready again. Called by dispatch.c and worker_door.c with the monotonic clock.
 */
#include "lease.h"

#include "mem.h"
#include <string.h>
#include <uthash.h>

enum { BACKOFF_MAX_MS = 30000 };

struct entry {
	struct lease lease; /* first: what callers hold */
	UT_hash_handle by_token, by_job;
};

struct lease_table {
	struct entry *tokens, *jobs;
	struct entry **heap;
	size_t count, room;
};

struct lease_table *lease_table_new(void)
{
	return mem_new(sizeof(struct lease_table));
}

void lease_table_free(struct lease_table **table)
{
	struct lease_table *t = steal(table);

	if (!t)
		return;
	while (t->count) {
		struct lease *lease = &t->heap[t->count - 1]->lease;

		lease_end(t, &lease);
	}
	mem_free(&t->heap);
	mem_free(&t);
}

size_t lease_count(const struct lease_table *table)
{
	return table->count;
}

static void heap_put(struct lease_table *t, size_t at, struct entry *e)
{
	t->heap[at] = e;
	e->lease.place = at;
}

static void heap_up(struct lease_table *t, size_t at)
{
	struct entry *e = t->heap[at];

	for (; at && t->heap[(at - 1) / 2]->lease.until_ms > e->lease.until_ms; at = (at - 1) / 2)
		heap_put(t, at, t->heap[(at - 1) / 2]);
	heap_put(t, at, e);
}

static void heap_down(struct lease_table *t, size_t at)
{
	struct entry *e = t->heap[at];
	size_t child;

	while ((child = 2 * at + 1) < t->count) {
		if (child + 1 < t->count && t->heap[child + 1]->lease.until_ms < t->heap[child]->lease.until_ms)
			child++;
		if (t->heap[child]->lease.until_ms >= e->lease.until_ms)
			break;
		heap_put(t, at, t->heap[child]);
		at = child;
	}
	heap_put(t, at, e);
}

struct lease *lease_grant(struct lease_table *t, const char *token, int64_t job, int64_t attempts, int64_t now_ms, int64_t length_ms)
{
	struct entry *e;

	if (lease_holds_job(t, job) || lease_find(t, token))
		return NULL;
	e = mem_new(sizeof(*e));
	memcpy(e->lease.token, token, LEASE_TOKEN_BYTES - 1);
	e->lease.job = job;
	e->lease.attempts = attempts;
	e->lease.until_ms = now_ms + length_ms;
	HASH_ADD_KEYPTR(by_token, t->tokens, e->lease.token, LEASE_TOKEN_BYTES - 1, e);
	HASH_ADD_KEYPTR(by_job, t->jobs, &e->lease.job, sizeof(e->lease.job), e);
	if (t->count == t->room) {
		t->room = t->room ? t->room * 2 : 16;
		t->heap = mem_resize(t->heap, t->room * sizeof(struct entry *));
	}
	t->count++;
	heap_put(t, t->count - 1, e);
	heap_up(t, t->count - 1);
	return &e->lease;
}

struct lease *lease_find(struct lease_table *t, const char *token)
{
	struct entry *e = NULL;

	if (strlen(token) == LEASE_TOKEN_BYTES - 1)
		HASH_FIND(by_token, t->tokens, token, LEASE_TOKEN_BYTES - 1, e);
	return e ? &e->lease : NULL;
}

bool lease_holds_job(const struct lease_table *t, int64_t job)
{
	struct entry *e = NULL;

	HASH_FIND(by_job, t->jobs, &job, sizeof(job), e);
	return e != NULL;
}

void lease_renew(struct lease_table *t, struct lease *lease, int64_t now_ms, int64_t length_ms)
{
	int64_t before = lease->until_ms;

	lease->until_ms = now_ms + length_ms;
	if (lease->until_ms < before)
		heap_up(t, lease->place);
	else
		heap_down(t, lease->place);
}

void lease_end(struct lease_table *t, struct lease **lease)
{
	struct entry *e = (struct entry *)*lease, *last = t->heap[t->count - 1];
	size_t at = e->lease.place;

	*lease = NULL;
	HASH_DELETE(by_token, t->tokens, e);
	HASH_DELETE(by_job, t->jobs, e);
	t->count--;
	if (last != e) {
		heap_put(t, at, last);
		heap_up(t, at);
		heap_down(t, last->lease.place);
	}
	mem_free(&e);
}

struct lease *lease_expired(struct lease_table *t, int64_t now_ms)
{
	return t->count && t->heap[0]->lease.until_ms <= now_ms ? &t->heap[0]->lease : NULL;
}

int64_t lease_next_ms(const struct lease_table *t)
{
	return t->count ? t->heap[0]->lease.until_ms : -1;
}

int64_t lease_backoff_ms(int64_t attempts, int64_t base_ms)
{
	int64_t wait = base_ms;

	for (; attempts > 1 && wait < BACKOFF_MAX_MS; attempts--)
		wait *= 2;
	return wait < BACKOFF_MAX_MS ? wait : BACKOFF_MAX_MS;
}

bool lease_spent(int64_t attempts, int attempts_max)
{
	return attempts >= attempts_max;
}
