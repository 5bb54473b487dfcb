/* SPDX-License-Identifier: Apache-2.0 */
/* Cursors come back from browsers (a page's `next`, Last-Event-ID): any text, against every list that takes one. */
#include "fuzz.h"

#include "mem.h"
#include "store_house.h"

static struct store *store;

static void make(void)
{
	AUTO(mem_free) char *path = fuzz_path("cursor.db");
	char *why = NULL;

	store_house_make(path);
	if (store_open_read(path, store_house_key, &store, &why))
		fuzz_broken(__FILE__, __LINE__, why);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	struct fuzz in = { data, bytes };
	size_t n;
	AUTO(mem_free) char *cursor = fuzz_rest(&in, &n);

	if (!store)
		make();
	store_house_read(store, cursor);
	return 0;
}
