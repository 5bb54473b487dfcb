/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Leases, pure: a job handed to a worker is under a lease named by a random token, which the worker must echo.
 * Volatile on purpose: after a restart every job that is not done is simply ready again. Times are monotonic ms,
 * handed in. (The lead wrote this header for dispatch.c and worker_door.c; lease.c implements it.)
 */
#ifndef QT_ROUTER_LEASE_H
#define QT_ROUTER_LEASE_H

#include "macros.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LEASE_TOKEN_BYTES = 33 }; /* 32 hex symbols and a NUL */

struct lease {
	char token[LEASE_TOKEN_BYTES];
	int64_t job;          /* jobs.id */
	int64_t attempts;     /* counted before it was handed out */
	int64_t until_ms;
	size_t place;         /* in the heap; lease.c's own */
};

struct lease_table;
struct lease_table *lease_table_new(void);
void lease_table_free(struct lease_table **table);
size_t lease_count(const struct lease_table *table);

/* Grants a lease on a job under a token (32 hex symbols, the caller's randomness). Lent until it ends. NULL: the job
 * is leased already. */
struct lease *lease_grant(struct lease_table *table, const char *token, int64_t job, int64_t attempts, int64_t now_ms,
                          int64_t length_ms);
/* NULL when there is no such live lease. */
struct lease *lease_find(struct lease_table *table, const char *token);
bool lease_holds_job(const struct lease_table *table, int64_t job);
void lease_renew(struct lease_table *table, struct lease *lease, int64_t now_ms, int64_t length_ms);
/* Ends it and forgets it; nulls the pointer. */
void lease_end(struct lease_table *table, struct lease **lease);
/* The lease that expires first, if it has: until_ms ≤ now_ms; NULL otherwise. */
struct lease *lease_expired(struct lease_table *table, int64_t now_ms);
/* When the next one expires; -1 none. */
int64_t lease_next_ms(const struct lease_table *table);

/* Back-off before attempt number attempts + 1: base, doubling, at most 30 s. */
int64_t lease_backoff_ms(int64_t attempts, int64_t base_ms);
/* True when a job that failed its attempts-th attempt must be parked for a human. */
bool lease_spent(int64_t attempts, int attempts_max);

#endif
