/* SPDX-License-Identifier: Apache-2.0 */
/* A ring of hashes with their times: the newest LEFT_MAX exits. Looked through from end to end, which is rare and short. */
#include "left.h"

#include "mem.h"
#include <string.h>

struct left {
	uint8_t key[SEAL_KEY_BYTES];
	struct {
		uint8_t hash[16];
		int64_t at_ms; /* 0: free */
	} ring[LEFT_MAX];
	size_t next;
};

static void hash_of(const struct left *left, const char *key, uint8_t hash[16])
{
	seal_hash(hash, 16, left->key, "left", key, strlen(key));
}

struct left *left_new(void)
{
	struct left *left = mem_new(sizeof(*left));

	seal_random(left->key, sizeof(left->key));
	return left;
}

void left_free(struct left **left)
{
	if (*left)
		seal_wipe(*left, sizeof(**left));
	mem_free(left);
}

void left_add(struct left *left, const char *key, int64_t now_ms)
{
	if (left_has(left, key, now_ms))
		return;
	hash_of(left, key, left->ring[left->next].hash);
	left->ring[left->next].at_ms = now_ms;
	left->next = (left->next + 1) % LEFT_MAX;
}

bool left_has(const struct left *left, const char *key, int64_t now_ms)
{
	uint8_t hash[16];
	size_t i;

	hash_of(left, key, hash);
	for (i = 0; i < LEFT_MAX; i++)
		if (left->ring[i].at_ms && now_ms - left->ring[i].at_ms < LEFT_MS && !memcmp(left->ring[i].hash, hash, sizeof(hash)))
			return true;
	return false;
}
