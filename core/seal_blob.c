/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words as blobs: format ‖ key number ‖ message id ‖ nonce ‖ ciphertext, each under its own message key, padded so that
 * a length says little, bound to case, message, kind and author. Written by intake and web, opened by worker and web.
 */
#include "seal_inner.h"

#include <assert.h>
#include <sodium.h>

enum { HEAD_BYTES = 1 + 4 + 8, FRONT_BYTES = HEAD_BYTES + SEAL_NONCE_BYTES, PAD_BYTES = 256, AUTHOR_BYTES_MAX = 64 };
enum parent { PARENT_CASE, PARENT_NOTE };

static const struct kind_row {
	const char *word, *context;
	enum parent parent;
} kinds[] = {
#define X(id, word, code, context, parent) [code] = { word, context, PARENT_##parent },
	SEAL_KINDS(X)
#undef X
};

static const struct kind_row *kind_row(enum seal_kind kind)
{
	return (size_t)kind < ARRAY_LEN(kinds) && kinds[kind].word ? &kinds[kind] : NULL;
}

const char *seal_kind_text(enum seal_kind kind)
{
	const struct kind_row *row = kind_row(kind);

	return row ? row->word : NULL;
}

enum seal_kind seal_kind_parse(const char *word)
{
	for (size_t i = 1; i < ARRAY_LEN(kinds); i++)
		if (kinds[i].word && !strcmp(kinds[i].word, word))
			return (enum seal_kind)i;
	return (enum seal_kind)0;
}

bool seal_kind_wants_note_key(enum seal_kind kind)
{
	const struct kind_row *row = kind_row(kind);

	return row && row->parent == PARENT_NOTE;
}

void seal_message_key(const uint8_t parent[SEAL_KEY_BYTES], const struct seal_place *place, uint8_t out[SEAL_KEY_BYTES])
{
	const struct kind_row *row = kind_row(place->kind);

	assert(row);
	seal_subkey(parent, place->message, row->context, out, SEAL_KEY_BYTES);
}

static void head_write(const struct seal_place *place, uint8_t head[HEAD_BYTES])
{
	head[0] = SEAL_FORMAT_BLOB;
	seal_put(head + 1, place->key_number, 4);
	seal_put(head + 5, place->message, 8);
}

static void blob_aad(struct seal_aad *aad, const uint8_t head[HEAD_BYTES], const struct seal_place *place)
{
	aad->bytes = 0;
	seal_aad_add(aad, head, HEAD_BYTES);
	seal_aad_add(aad, place->uid, SEAL_UID_BYTES);
	seal_aad_add(aad, &(uint8_t){ (uint8_t)place->kind }, 1);
	seal_aad_text(aad, place->author);
}

size_t seal_blob_bytes(size_t n)
{
	return FRONT_BYTES + (n / PAD_BYTES + 1) * PAD_BYTES + SEAL_TAG_BYTES;
}

int seal_blob_write(const uint8_t parent[SEAL_KEY_BYTES], const struct seal_place *place, const void *words,
                    size_t bytes, struct buf *out)
{
	static const uint8_t zero[1024];
	size_t start = out->bytes, whole = seal_blob_bytes(bytes), padded = whole - FRONT_BYTES - SEAL_TAG_BYTES, done;
	uint8_t key[SEAL_KEY_BYTES], *at;
	struct seal_aad aad;

	if (!kind_row(place->kind))
		return SEAL_MALFORMED;
	if (bytes > SEAL_WORDS_MAX || strlen(place->author) > AUTHOR_BYTES_MAX)
		return SEAL_TOO_LONG;
	/* Room first, words after: growing the buffer must not leave copies of them in freed memory. */
	for (size_t i = 0; i < whole; i += sizeof(zero))
		buf_add(out, zero, whole - i < sizeof(zero) ? whole - i : sizeof(zero));
	at = (uint8_t *)out->data + start;
	head_write(place, at);
	blob_aad(&aad, at, place);
	randombytes_buf(at + HEAD_BYTES, SEAL_NONCE_BYTES);
	if (bytes)
		memcpy(at + FRONT_BYTES, words, bytes);
	if (sodium_pad(&done, at + FRONT_BYTES, bytes, PAD_BYTES, padded))
		return SEAL_TOO_LONG;
	seal_message_key(parent, place, key);
	crypto_aead_xchacha20poly1305_ietf_encrypt(at + FRONT_BYTES, NULL, at + FRONT_BYTES, done, aad.data, aad.bytes,
	                                           NULL, at + HEAD_BYTES, key);
	seal_wipe(key, sizeof(key));
	return 0;
}

int seal_blob_head(const void *blob, size_t blob_bytes, uint32_t *key_number, uint64_t *message)
{
	const uint8_t *at = blob;

	if (blob_bytes < seal_blob_bytes(0) || blob_bytes > seal_blob_bytes(SEAL_WORDS_MAX) ||
	    (blob_bytes - FRONT_BYTES - SEAL_TAG_BYTES) % PAD_BYTES || at[0] != SEAL_FORMAT_BLOB)
		return SEAL_MALFORMED;
	*key_number = (uint32_t)seal_get(at + 1, 4);
	*message = seal_get(at + 5, 8);
	return 0;
}

int seal_blob_read_with(const uint8_t message_key[SEAL_KEY_BYTES], const struct seal_place *place, const void *blob,
                        size_t blob_bytes, char **words, size_t *bytes)
{
	const uint8_t *at = blob;
	size_t padded, n = 0;
	uint32_t number;
	uint64_t message;
	struct seal_aad aad;
	uint8_t *plain;

	if (!kind_row(place->kind) || seal_blob_head(blob, blob_bytes, &number, &message))
		return SEAL_MALFORMED;
	if (number != place->key_number || message != place->message || strlen(place->author) > AUTHOR_BYTES_MAX)
		return SEAL_DAMAGED;
	padded = blob_bytes - FRONT_BYTES - SEAL_TAG_BYTES;
	plain = mem_new(padded + 1);
	blob_aad(&aad, at, place);
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(plain, NULL, NULL, at + FRONT_BYTES, padded + SEAL_TAG_BYTES,
	                                               aad.data, aad.bytes, at + HEAD_BYTES, message_key) ||
	    sodium_unpad(&n, plain, padded, PAD_BYTES)) {
		seal_wipe(plain, padded);
		mem_free(&plain);
		return SEAL_DAMAGED;
	}
	plain[n] = 0;
	*words = (char *)plain;
	*bytes = n;
	return 0;
}

int seal_blob_read(const uint8_t parent[SEAL_KEY_BYTES], const struct seal_place *place, const void *blob,
                   size_t blob_bytes, char **words, size_t *bytes)
{
	uint8_t key[SEAL_KEY_BYTES];
	int outcome;

	if (!kind_row(place->kind))
		return SEAL_MALFORMED;
	seal_message_key(parent, place, key);
	outcome = seal_blob_read_with(key, place, blob, blob_bytes, words, bytes);
	seal_wipe(key, sizeof(key));
	return outcome;
}

void seal_words_free(char **words, size_t bytes)
{
	if (*words)
		seal_wipe(*words, bytes);
	mem_free(words);
}
