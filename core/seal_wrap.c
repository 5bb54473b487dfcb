/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Wraps: a key sealed by an epoch to a desk, worker, person, oversight, backup or recovery pair:
 * format ‖ cargo ‖ generation ‖ epoch ‖ nonce ‖ ciphertext, bound to case and target. Written by intake and web, opened
 * by worker and web; the router sees only the head.
 */
#include "seal_inner.h"

#include <assert.h>
#include <sodium.h>

enum { HEAD_BYTES = 1 + 1 + 4 + 8, FRONT_BYTES = HEAD_BYTES + SEAL_NONCE_BYTES, AGREEMENTS_MAX = 4096 };

struct seal_opener {
	char name[SEAL_NAME_BYTES];
	uint32_t generation;
	uint8_t *secret; /* locked */
	struct seal_shelf agreed; /* epoch → shared key ‖ the public half it was made with */
};

static const size_t cargo_bytes[] = {
	[SEAL_CARGO_CASE] = SEAL_DESK_PAYLOAD_BYTES,
	[SEAL_CARGO_MESSAGE] = SEAL_KEY_BYTES,
	[SEAL_CARGO_SECRET] = SEAL_KEY_BYTES,
};

size_t seal_cargo_bytes(enum seal_cargo cargo)
{
	return (size_t)cargo < ARRAY_LEN(cargo_bytes) ? cargo_bytes[cargo] : 0;
}

static void wrap_aad(struct seal_aad *aad, const uint8_t head[HEAD_BYTES], const uint8_t uid[SEAL_UID_BYTES],
                     const char *target)
{
	aad->bytes = 0;
	seal_aad_add(aad, head, HEAD_BYTES);
	seal_aad_add(aad, uid, SEAL_UID_BYTES);
	seal_aad_text(aad, target);
}

int seal_wrap_write(struct seal_epoch *epoch, const struct seal_target *target, const uint8_t uid[SEAL_UID_BYTES],
                    enum seal_cargo cargo, const void *payload, uint8_t *out)
{
	uint8_t shared[SEAL_KEY_BYTES];
	struct seal_aad aad;

	assert(seal_cargo_bytes(cargo) && memchr(target->name, 0, sizeof(target->name)));
	if (seal_epoch_agree(epoch, target->public, shared))
		return SEAL_MALFORMED;
	out[0] = SEAL_FORMAT_WRAP;
	out[1] = (uint8_t)cargo;
	seal_put(out + 2, target->generation, 4);
	seal_put(out + 6, (uint64_t)seal_epoch_row(epoch)->number, 8);
	randombytes_buf(out + HEAD_BYTES, SEAL_NONCE_BYTES);
	wrap_aad(&aad, out, uid, target->name);
	crypto_aead_xchacha20poly1305_ietf_encrypt(out + FRONT_BYTES, NULL, payload, seal_cargo_bytes(cargo), aad.data,
	                                           aad.bytes, NULL, out + HEAD_BYTES, shared);
	seal_wipe(shared, sizeof(shared));
	return 0;
}

int seal_wrap_head(const void *wrap, size_t bytes, struct seal_wrap_head *out)
{
	const uint8_t *at = wrap;

	if (bytes < FRONT_BYTES || at[0] != SEAL_FORMAT_WRAP || !seal_cargo_bytes((enum seal_cargo)at[1]) ||
	    bytes != SEAL_WRAP_BYTES(seal_cargo_bytes((enum seal_cargo)at[1])))
		return SEAL_MALFORMED;
	out->cargo = (enum seal_cargo)at[1];
	out->generation = (uint32_t)seal_get(at + 2, 4);
	out->epoch = (int64_t)(seal_get(at + 6, 8) & INT64_MAX);
	return out->epoch && !(at[6] & 0x80) ? 0 : SEAL_MALFORMED;
}

void seal_uid_of(const char *name, uint32_t generation, uint8_t uid[SEAL_UID_BYTES])
{
	struct seal_hash h;
	uint8_t number[4];

	seal_put(number, generation, sizeof(number));
	seal_hash_begin(&h, SEAL_UID_BYTES, NULL, "secret-of");
	seal_hash_add(&h, number, sizeof(number));
	seal_hash_add(&h, name, strlen(name));
	seal_hash_end(&h, uid);
}

struct seal_opener *seal_opener_new(const char *name, uint32_t generation, const uint8_t secret[SEAL_KEY_BYTES])
{
	struct seal_opener *opener = mem_new(sizeof(*opener));

	assert(strlen(name) < sizeof(opener->name));
	memcpy(opener->name, name, strlen(name) + 1);
	opener->generation = generation;
	opener->secret = seal_locked_new(SEAL_KEY_BYTES);
	memcpy(opener->secret, secret, SEAL_KEY_BYTES);
	opener->agreed.most = AGREEMENTS_MAX;
	return opener;
}

const char *seal_opener_name(const struct seal_opener *opener)
{
	return opener->name;
}

uint32_t seal_opener_generation(const struct seal_opener *opener)
{
	return opener->generation;
}

const uint8_t *seal_opener_secret(const struct seal_opener *opener)
{
	return opener->secret;
}

void seal_opener_free(struct seal_opener **opener)
{
	if (*opener) {
		seal_locked_free(&(*opener)->secret);
		seal_shelf_finish(&(*opener)->agreed);
	}
	mem_free(opener);
}

/* The shared key of our secret and an epoch; lends, NULL when public is no key. */
static const uint8_t *opener_agree(struct seal_opener *opener, int64_t epoch, const uint8_t public[SEAL_KEY_BYTES])
{
	const uint8_t *found = seal_shelf_find(&opener->agreed, epoch);
	uint8_t both[64];

	if (found && !memcmp(found + SEAL_KEY_BYTES, public, SEAL_KEY_BYTES))
		return found;
	if (crypto_box_beforenm(both, public, opener->secret))
		return NULL;
	memcpy(both + SEAL_KEY_BYTES, public, SEAL_KEY_BYTES);
	seal_shelf_put(&opener->agreed, epoch, both);
	seal_wipe(both, sizeof(both));
	return seal_shelf_find(&opener->agreed, epoch);
}

int seal_wrap_read(struct seal_opener *opener, const struct seal_book *book, const uint8_t uid[SEAL_UID_BYTES],
                   enum seal_cargo cargo, const void *wrap, size_t bytes, void *payload)
{
	const uint8_t *at = wrap, *public, *shared;
	struct seal_wrap_head head;
	struct seal_aad aad;

	if (seal_wrap_head(wrap, bytes, &head) || head.cargo != cargo)
		return SEAL_MALFORMED;
	if (head.generation != opener->generation)
		return SEAL_OTHER_KEY;
	public = seal_book_public(book, head.epoch);
	if (!public)
		return SEAL_NO_EPOCH;
	shared = opener_agree(opener, head.epoch, public);
	if (!shared)
		return SEAL_DAMAGED;
	wrap_aad(&aad, at, uid, opener->name);
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(payload, NULL, NULL, at + FRONT_BYTES, bytes - FRONT_BYTES,
	                                               aad.data, aad.bytes, at + HEAD_BYTES, shared))
		return SEAL_DAMAGED;
	return 0;
}
