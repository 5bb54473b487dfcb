/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opaque cursors: a letter that says of which list, then numbers. What a client sends back is read strictly; anything
 * else is not a cursor of ours.
 */
#include "store_impl.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void cursor_write(char kind, const int64_t *value, size_t n, char out[STORE_CURSOR_BYTES])
{
	size_t used = 1;

	out[0] = kind;
	out[1] = 0;
	for (size_t i = 0; i < n && used < STORE_CURSOR_BYTES; i++)
		used += (size_t)snprintf(out + used, STORE_CURSOR_BYTES - used, ".%" PRIx64, (uint64_t)value[i]);
}

static int hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int cursor_read(char kind, const char *text, int64_t *value, size_t n)
{
	if (*text++ != kind)
		return STORE_REFUSED;
	for (size_t i = 0; i < n; i++) {
		uint64_t v = 0;
		int digits = 0;

		if (*text++ != '.')
			return STORE_REFUSED;
		for (; hex_digit(*text) >= 0 && digits < 16; digits++)
			v = v << 4 | (uint64_t)hex_digit(*text++);
		if (!digits)
			return STORE_REFUSED;
		value[i] = (int64_t)v;
	}
	return *text ? STORE_REFUSED : 0;
}
