/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Receipts, passwords and recovery codes: BLAKE2b-512(pepper, Argon2id(secret, salt)) = auth ‖ wrap. The auth half goes
 * to the router, which keeps a hash of it; the wrap half opens the case key or the person's secret and stays in intake
 * or web. Slow by intent: callers queue it, bounded, on their own threads, and do it in full for whoever does not
 * exist.
 */
#include "seal_inner.h"

#include <assert.h>
#include <errno.h>
#include <sodium.h>

enum { RECEIPT_BYTES_MAX = 64, COST_PASSES_MAX = 16 };
static const size_t cost_bytes_max = (size_t)1 << 30;

static int halves_make(const char *label, const void *secret, size_t secret_bytes, const uint8_t salt[SEAL_UID_BYTES],
                       const uint8_t pepper[SEAL_KEY_BYTES], struct seal_cost cost, struct seal_halves *out)
{
	uint8_t slow[32], both[64];

	static_assert(crypto_pwhash_SALTBYTES == SEAL_UID_BYTES, "a uid is a salt");
	/* The cost of a password comes from a row of the store: an absurd one must not take the process down. */
	if (cost.bytes < crypto_pwhash_MEMLIMIT_MIN || cost.bytes > cost_bytes_max || cost.passes < 1 ||
	    cost.passes > COST_PASSES_MAX)
		return -EINVAL;
	if (crypto_pwhash(slow, sizeof(slow), secret, secret_bytes, salt, (unsigned long long)cost.passes, cost.bytes,
	                  crypto_pwhash_ALG_ARGON2ID13))
		return -ENOMEM;
	seal_hash(both, sizeof(both), pepper, label, slow, sizeof(slow));
	memcpy(out->auth, both, sizeof(out->auth));
	memcpy(out->wrap, both + sizeof(out->auth), sizeof(out->wrap));
	seal_wipe(slow, sizeof(slow));
	seal_wipe(both, sizeof(both));
	return 0;
}

int seal_receipt(const char *digits, const uint8_t uid[SEAL_UID_BYTES], const uint8_t pepper[SEAL_KEY_BYTES],
                 struct seal_cost cost, struct seal_halves *out)
{
	size_t n = strnlen(digits, RECEIPT_BYTES_MAX + 1);

	if (!n)
		return SEAL_MALFORMED;
	if (n > RECEIPT_BYTES_MAX)
		return SEAL_TOO_LONG;
	return halves_make("receipt", digits, n, uid, pepper, cost, out);
}

int seal_password(const char *password, size_t bytes, const uint8_t salt[SEAL_UID_BYTES],
                  const uint8_t pepper[SEAL_KEY_BYTES], struct seal_cost cost, struct seal_halves *out)
{
	if (!bytes)
		return SEAL_MALFORMED;
	if (bytes > SEAL_SECRET_TEXT_MAX)
		return SEAL_TOO_LONG;
	return halves_make("password", password, bytes, salt, pepper, cost, out);
}

int seal_code(const char code[SEAL_CODE_BYTES], const uint8_t salt[SEAL_UID_BYTES],
              const uint8_t pepper[SEAL_KEY_BYTES], struct seal_cost cost, struct seal_halves *out)
{
	if (strnlen(code, SEAL_CODE_BYTES) != SEAL_CODE_BYTES - 1)
		return SEAL_MALFORMED;
	return halves_make("code", code, SEAL_CODE_BYTES - 1, salt, pepper, cost, out);
}

void seal_auth_hash(const uint8_t auth[32], uint8_t stored[32])
{
	seal_hash(stored, 32, NULL, "auth", auth, 32);
}

bool seal_auth_check(const uint8_t auth[32], const uint8_t stored[32])
{
	uint8_t hash[32];

	seal_auth_hash(auth, hash);
	return seal_same(hash, stored, sizeof(hash));
}

void seal_caller_wrap_write(const struct seal_halves *h, const uint8_t uid[SEAL_UID_BYTES],
                            const uint8_t case_key[SEAL_KEY_BYTES], uint8_t out[SEAL_CALLER_WRAP_BYTES])
{
	seal_box_write(h->wrap, "caller", uid, SEAL_UID_BYTES, case_key, SEAL_KEY_BYTES, out);
}

int seal_caller_wrap_read(const struct seal_halves *h, const uint8_t uid[SEAL_UID_BYTES], const void *wrap,
                          size_t bytes, uint8_t case_key[SEAL_KEY_BYTES])
{
	return seal_box_read(h->wrap, "caller", uid, SEAL_UID_BYTES, wrap, bytes, case_key, SEAL_KEY_BYTES);
}

/* The subject of a person's box: by which secret, and whose. */
static void person_subject(struct seal_aad *out, const char *by, const char *person)
{
	out->bytes = 0;
	seal_aad_text(out, by);
	seal_aad_text(out, person);
}

void seal_person_box_write(const struct seal_halves *h, const char *by, const char *person,
                           const uint8_t secret[SEAL_KEY_BYTES], uint8_t out[SEAL_PERSON_BOX_BYTES])
{
	struct seal_aad subject;

	person_subject(&subject, by, person);
	seal_box_write(h->wrap, "person", subject.data, subject.bytes, secret, SEAL_KEY_BYTES, out);
}

int seal_person_box_read(const struct seal_halves *h, const char *by, const char *person, const void *box, size_t bytes,
                         uint8_t secret[SEAL_KEY_BYTES])
{
	struct seal_aad subject;

	person_subject(&subject, by, person);
	return seal_box_read(h->wrap, "person", subject.data, subject.bytes, box, bytes, secret, SEAL_KEY_BYTES);
}
