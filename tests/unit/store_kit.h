/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the tests of the store share: a directory and an open store for each test, a way to run a few lines inside a
 * batch, and a hand that changes the file behind the store's back.
 */
#ifndef QT_TEST_STORE_KIT_H
#define QT_TEST_STORE_KIT_H

#include "store.h"

struct kit {
	char dir[64], path[96];
	struct store *store;
};

extern const uint8_t kit_key[STORE_KEY_BYTES];

int kit_begin(void **state); /* cmocka setup: an empty directory and a store opened for writing */
int kit_end(void **state);
void kit_reopen(struct kit *k);
void kit_shut(struct kit *k);
/* Tries to open for writing; the sentence, or NULL where it opened (then it stands in k->store). Lent until the next
 * call. */
const char *kit_refusal(struct kit *k);

/* Runs one operation alone; its result. */
int kit_run(struct kit *k, int (*run)(struct store *store, void *ctx), void *ctx);

/* Another program's hand on the file. */
void kit_sql(const struct kit *k, const char *sql);
int64_t kit_number(const struct kit *k, const char *sql);
/* How often the bytes stand in any file of the directory. */
size_t kit_grep(const struct kit *k, const void *bytes, size_t n);

/* A case of desk 1 in state waiting, made in a batch of its own; gives its id. */
int64_t kit_case(struct kit *k, int64_t desk, enum case_state state, int risk, int64_t owner);

#endif
