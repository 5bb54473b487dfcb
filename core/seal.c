/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The primitives of the sealing door: randomness, locked memory, hashes and subkeys, base64url, X25519 pairs, and the
 * small boxes in which secrets lie at rest. Every room calls it; it knows nothing of cases.
 */
#include "seal_inner.h"

#include "log.h"
#include <assert.h>
#include <errno.h>
#include <sodium.h>
#include <stdatomic.h>
#include <unistd.h>

int seal_init(void)
{
	return sodium_init() < 0 ? -ENOSYS : 0;
}

void seal_random(void *out, size_t n)
{
	randombytes_buf(out, n);
}

uint64_t seal_random_id(void)
{
	uint64_t id = 0;

	while (!id) {
		randombytes_buf(&id, sizeof(id));
		id &= INT64_MAX;
	}
	return id;
}

bool seal_same(const void *a, const void *b, size_t n)
{
	return sodium_memcmp(a, b, n) == 0;
}

void seal_wipe(void *p, size_t n)
{
	sodium_memzero(p, n);
}

void *seal_locked_new(size_t n)
{
	static atomic_bool told;
	/* sodium_malloc puts the end of the block against the guard page: only a rounded size is aligned. */
	size_t room = (n + 63) / 64 * 64;
	void *p = sodium_malloc(room ? room : 64);

	if (!p) {
		log_error("out_of_memory", "what=locked bytes=%zu", n);
		_exit(70);
	}
	if (sodium_mlock(p, room) && !atomic_exchange(&told, true))
		log_warn("memory_not_locked", "bytes=%zu help=raise_LimitMEMLOCK", room);
	memset(p, 0, room);
	return p;
}

void seal_locked_free(void *pp)
{
	void *p;

	memcpy(&p, pp, sizeof(p));
	sodium_free(p); /* wipes; takes NULL */
	p = NULL;
	memcpy(pp, &p, sizeof(p));
}

static_assert(sizeof(crypto_generichash_state) <= sizeof(((struct seal_hash *)0)->state), "room for the state");
static_assert(alignof(crypto_generichash_state) <= alignof(struct seal_hash), "alignment of the state");

static crypto_generichash_state *hash_state(struct seal_hash *h)
{
	return (crypto_generichash_state *)(void *)h->state;
}

void seal_hash_begin(struct seal_hash *h, size_t n, const uint8_t *key, const char *label)
{
	size_t label_bytes = strlen(label);
	uint8_t prefix = (uint8_t)label_bytes;

	assert(n >= 16 && n <= 64 && label_bytes < 256);
	h->n = n;
	crypto_generichash_init(hash_state(h), key, key ? SEAL_KEY_BYTES : 0, n);
	crypto_generichash_update(hash_state(h), &prefix, 1);
	crypto_generichash_update(hash_state(h), (const uint8_t *)label, label_bytes);
}

void seal_hash_add(struct seal_hash *h, const void *data, size_t bytes)
{
	if (bytes)
		crypto_generichash_update(hash_state(h), data, bytes);
}

void seal_hash_end(struct seal_hash *h, void *out)
{
	crypto_generichash_final(hash_state(h), out, h->n);
	sodium_memzero(h, sizeof(*h));
}

void seal_hash(void *out, size_t n, const uint8_t *key, const char *label, const void *data, size_t bytes)
{
	struct seal_hash h;

	seal_hash_begin(&h, n, key, label);
	seal_hash_add(&h, data, bytes);
	seal_hash_end(&h, out);
}

void seal_subkey(const uint8_t key[SEAL_KEY_BYTES], uint64_t id, const char *context, void *out, size_t n)
{
	assert(strlen(context) == crypto_kdf_CONTEXTBYTES);
	assert(n >= crypto_kdf_BYTES_MIN && n <= crypto_kdf_BYTES_MAX);
	crypto_kdf_derive_from_key(out, n, id, context, key);
}

void seal_base64_write(char *out, const void *p, size_t n)
{
	sodium_bin2base64(out, SEAL_BASE64_BYTES(n), p, n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static bool base64_character(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

int seal_base64_read(const char *text, size_t text_bytes, void *out, size_t room, size_t *bytes)
{
	const char *end = NULL;

	if (text_bytes > SEAL_BASE64_BYTES(room))
		return SEAL_TOO_LONG;
	/* libsodium 1.0.18 takes some bytes over 0x7f for digits. */
	for (size_t i = 0; i < text_bytes; i++)
		if (!base64_character(text[i]))
			return SEAL_MALFORMED;
	if (sodium_base642bin(out, room, text, text_bytes, NULL, bytes, &end, sodium_base64_VARIANT_URLSAFE_NO_PADDING))
		return SEAL_MALFORMED;
	return end == text + text_bytes ? 0 : SEAL_MALFORMED;
}

void seal_pair_new(struct seal_pair *out)
{
	crypto_box_keypair(out->public, out->secret);
}

void seal_pair_from(const uint8_t secret[SEAL_KEY_BYTES], struct seal_pair *out)
{
	memmove(out->secret, secret, SEAL_KEY_BYTES);
	crypto_scalarmult_base(out->public, out->secret);
}

void seal_aad_add(struct seal_aad *aad, const void *p, size_t n)
{
	assert(n <= sizeof(aad->data) - aad->bytes);
	memcpy(aad->data + aad->bytes, p, n);
	aad->bytes += n;
}

void seal_aad_text(struct seal_aad *aad, const char *s)
{
	size_t n = strlen(s);

	assert(n < 256);
	seal_aad_add(aad, &(uint8_t){ (uint8_t)n }, 1);
	seal_aad_add(aad, s, n);
}

static void box_aad(struct seal_aad *aad, const char *purpose, const void *subject, size_t subject_bytes)
{
	aad->bytes = 0;
	seal_aad_add(aad, &(uint8_t){ SEAL_FORMAT_BOX }, 1);
	seal_aad_text(aad, purpose);
	if (subject_bytes)
		seal_aad_add(aad, subject, subject_bytes);
}

void seal_box_write(const uint8_t key[SEAL_KEY_BYTES], const char *purpose, const void *subject, size_t subject_bytes,
                    const void *plain, size_t n, uint8_t *out)
{
	struct seal_aad aad;

	box_aad(&aad, purpose, subject, subject_bytes);
	out[0] = SEAL_FORMAT_BOX;
	randombytes_buf(out + 1, SEAL_NONCE_BYTES);
	crypto_aead_xchacha20poly1305_ietf_encrypt(out + 1 + SEAL_NONCE_BYTES, NULL, plain, n, aad.data, aad.bytes,
	                                           NULL, out + 1, key);
}

int seal_box_read(const uint8_t key[SEAL_KEY_BYTES], const char *purpose, const void *subject, size_t subject_bytes,
                  const uint8_t *box, size_t box_bytes, void *plain, size_t n)
{
	struct seal_aad aad;

	if (box_bytes != SEAL_BOX_BYTES(n) || box[0] != SEAL_FORMAT_BOX)
		return SEAL_MALFORMED;
	box_aad(&aad, purpose, subject, subject_bytes);
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(plain, NULL, NULL, box + 1 + SEAL_NONCE_BYTES,
	                                               n + SEAL_TAG_BYTES, aad.data, aad.bytes, box + 1, key))
		return SEAL_DAMAGED;
	return 0;
}
