/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the sealing door share among themselves: format bytes, big-endian integers, a bounded map from an
 * epoch number to a key, and the two look-ups wraps need from epochs and books. Nobody else includes this.
 */
#ifndef QT_SEAL_INNER_H
#define QT_SEAL_INNER_H

#include "seal.h"
#include <string.h>

/* The first byte of everything sealed: what it is and which suite. One suite so far: XChaCha20-Poly1305, X25519,
 * BLAKE2b. */
enum seal_format { SEAL_FORMAT_BLOB = 1, SEAL_FORMAT_WRAP = 2, SEAL_FORMAT_BOX = 3 };
enum { SEAL_NONCE_BYTES = 24, SEAL_TAG_BYTES = 16 };

static inline void seal_put(uint8_t *out, uint64_t v, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		out[i] = (uint8_t)(v >> (8 * (bytes - 1 - i)));
}

static inline uint64_t seal_get(const uint8_t *in, size_t bytes)
{
	uint64_t v = 0;

	for (size_t i = 0; i < bytes; i++)
		v = v << 8 | in[i];
	return v;
}

/* Associated data under construction. Names are length-prefixed; a longer one than 255 bytes is a bug of ours. */
struct seal_aad {
	uint8_t data[512];
	size_t bytes;
};
void seal_aad_add(struct seal_aad *aad, const void *p, size_t n);
void seal_aad_text(struct seal_aad *aad, const char *s);

/* Bounded map, id → 64 bytes. Full: it forgets everything and starts again, which costs time and never correctness. */
struct seal_shelf {
	struct seal_shelf_row {
		int64_t id; /* 0: free */
		uint8_t value[64];
	} * row;
	size_t room, used, most;
};
/* NULL when absent. Lends until the next put. */
const uint8_t *seal_shelf_find(const struct seal_shelf *shelf, int64_t id);
void seal_shelf_put(struct seal_shelf *shelf, int64_t id, const uint8_t value[64]);
void seal_shelf_finish(struct seal_shelf *shelf); /* wipes */

/* The shared key of the epoch's secret and a target. 0, or SEAL_MALFORMED when public is no key. */
NODISCARD int seal_epoch_agree(struct seal_epoch *epoch, const uint8_t public[SEAL_KEY_BYTES],
                               uint8_t shared[SEAL_KEY_BYTES]);
/* The verified public half of an epoch, NULL when unknown. Lends. */
const uint8_t *seal_book_public(const struct seal_book *book, int64_t number);

#endif
