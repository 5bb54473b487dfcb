/* SPDX-License-Identifier: Apache-2.0 */
/* A store with a little of everything in it, for the targets that read one. */
#ifndef QT_TEST_FUZZ_STORE_HOUSE_H
#define QT_TEST_FUZZ_STORE_HOUSE_H

#include "store.h"

enum { STORE_HOUSE_CASES = 12 };
extern const uint8_t store_house_key[STORE_KEY_BYTES];

/* Makes a store at path and closes it. */
void store_house_make(const char *path);
/* Reads it everywhere a room would; every answer is looked at. cursor: one from outside. */
void store_house_read(struct store *store, const char *cursor);

#endif
