/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The secrets of a case, all from one seed, so that an honest retry after any crash makes the same case and the same
 * receipt and a front end stores nothing; and what the bus needs to tell a retry from a second request. Called by
 * intake and web.
 */
#include "seal_inner.h"

enum seed_part { SEED_CASE_KEY = 1, SEED_NOTE_KEY, SEED_UID, SEED_RECEIPT };

void seal_case_derive(const uint8_t replay_key[SEAL_KEY_BYTES], const void *idempotency_key, size_t key_bytes,
                      const void *canonical_body, size_t body_bytes, struct seal_case *out)
{
	uint8_t seed[SEAL_KEY_BYTES], receipt[16], length[8];
	struct seal_hash h;

	seal_put(length, key_bytes, sizeof(length));
	seal_hash_begin(&h, sizeof(seed), replay_key, "case");
	seal_hash_add(&h, length, sizeof(length));
	seal_hash_add(&h, idempotency_key, key_bytes);
	seal_hash_add(&h, canonical_body, body_bytes);
	seal_hash_end(&h, seed);

	seal_subkey(seed, SEED_CASE_KEY, "qtseed__", out->case_key, sizeof(out->case_key));
	seal_subkey(seed, SEED_NOTE_KEY, "qtseed__", out->note_key, sizeof(out->note_key));
	seal_subkey(seed, SEED_UID, "qtseed__", out->uid, sizeof(out->uid));
	seal_subkey(seed, SEED_RECEIPT, "qtseed__", receipt, sizeof(receipt));
	memcpy(out->receipt_seed, receipt, sizeof(out->receipt_seed));
	out->note_number = SEAL_NOTE_NUMBER_FIRST;
	seal_wipe(seed, sizeof(seed));
	seal_wipe(receipt, sizeof(receipt));
}

void seal_idem_make(const uint8_t idem_key[SEAL_KEY_BYTES], const void *idempotency_key, size_t key_bytes,
                    const void *canonical_body, size_t body_bytes, struct seal_idem *out)
{
	seal_hash(out->key, sizeof(out->key), idem_key, "idem-key", idempotency_key, key_bytes);
	seal_hash(out->digest, sizeof(out->digest), idem_key, "idem-digest", canonical_body, body_bytes);
}

void seal_note_key_new(uint8_t note_key[SEAL_KEY_BYTES], uint32_t *note_number)
{
	seal_random(note_key, SEAL_KEY_BYTES);
	do
		seal_random(note_number, sizeof(*note_number));
	while (*note_number <= SEAL_NOTE_NUMBER_FIRST);
}

void seal_fake(const uint8_t key[SEAL_KEY_BYTES], const char *label, const char *name, uint8_t out[SEAL_UID_BYTES])
{
	seal_hash(out, SEAL_UID_BYTES, key, label, name, strlen(name));
}

void seal_desk_payload_write(const struct seal_case *c, uint8_t out[SEAL_DESK_PAYLOAD_BYTES])
{
	memcpy(out, c->case_key, SEAL_KEY_BYTES);
	memcpy(out + SEAL_KEY_BYTES, c->note_key, SEAL_KEY_BYTES);
	seal_put(out + 2 * SEAL_KEY_BYTES, c->note_number, 4);
}

void seal_desk_payload_read(const uint8_t in[SEAL_DESK_PAYLOAD_BYTES], struct seal_case *c)
{
	memcpy(c->case_key, in, SEAL_KEY_BYTES);
	memcpy(c->note_key, in + SEAL_KEY_BYTES, SEAL_KEY_BYTES);
	c->note_number = (uint32_t)seal_get(in + 2 * SEAL_KEY_BYTES, 4);
}
