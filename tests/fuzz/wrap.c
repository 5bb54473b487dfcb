/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Wrapped keys, epochs and caller wraps. Input: a byte of mode. 0: a wrap from outside, read as every cargo. 1: two bytes of place, one
 * of change: a good wrap is changed and must not open. 2: a row of an epoch, as the router hands it to a worker.
 */
#include "fuzz.h"

#include "seal.h"

#include <string.h>

static struct seal_identity who;
static struct seal_epoch *epoch;
static struct seal_book *book;
static struct seal_opener *opener;
static struct seal_target target = { "desk:450100.psych", 1, { 0 } };
static const uint8_t uid[SEAL_UID_BYTES] = "a case of a test";

static void make(void)
{
	static const uint8_t seed[32] = "the seed of a sealer in a test";
	struct seal_pair pair;

	FUZZ_MUST(seal_init() == 0);
	seal_identity_from("intake", seed, &who);
	epoch = seal_epoch_new(&who, 1000);
	book = seal_book_new();
	seal_book_trust(book, "intake", who.public);
	FUZZ_MUST(seal_book_add(book, seal_epoch_row(epoch)) == 0);
	seal_pair_from(seed, &pair);
	memcpy(target.public, pair.public, sizeof(target.public));
	opener = seal_opener_new(target.name, target.generation, pair.secret);
}

static void open_foreign(struct fuzz *in)
{
	size_t n;
	AUTO(mem_free) char *wrap = fuzz_rest(in, &n);
	struct seal_wrap_head head;
	uint8_t payload[SEAL_DESK_PAYLOAD_BYTES], key[SEAL_KEY_BYTES];
	struct seal_halves halves = { { 1 }, { 2 } };
	int shape = seal_wrap_head(wrap, n, &head);

	FUZZ_MUST(shape == 0 || shape == SEAL_MALFORMED);
	if (!shape)
		FUZZ_MUST(n == SEAL_WRAP_BYTES(seal_cargo_bytes(head.cargo)));
	for (enum seal_cargo cargo = SEAL_CARGO_CASE; cargo <= SEAL_CARGO_SECRET; cargo++)
		FUZZ_MUST(seal_wrap_read(opener, book, uid, cargo, wrap, n, payload) > 0);
	FUZZ_MUST(seal_caller_wrap_read(&halves, uid, wrap, n, key) > 0);
	FUZZ_MUST(seal_person_box_read(&halves, "password", "person:psych1", wrap, n, key) > 0);
}

static void open_changed(struct fuzz *in)
{
	uint8_t payload[SEAL_DESK_PAYLOAD_BYTES] = { 3 }, out[sizeof(payload)], wrap[SEAL_WRAP_CASE_BYTES];
	size_t at = (size_t)fuzz_number(in, 2) % sizeof(wrap);
	uint8_t change = fuzz_byte(in);

	FUZZ_MUST(seal_wrap_write(epoch, &target, uid, SEAL_CARGO_CASE, payload, wrap) == 0);
	FUZZ_MUST(seal_wrap_read(opener, book, uid, SEAL_CARGO_CASE, wrap, sizeof(wrap), out) == 0);
	FUZZ_MUST(!memcmp(payload, out, sizeof(out)));
	wrap[at] ^= change;
	if (change)
		FUZZ_MUST(seal_wrap_read(opener, book, uid, SEAL_CARGO_CASE, wrap, sizeof(wrap), out) > 0);
}

static void add_epoch(struct fuzz *in)
{
	const struct seal_epoch_row *good = seal_epoch_row(epoch);
	struct seal_epoch_row row = *good;
	uint8_t change = fuzz_byte(in);

	if (change & 1)
		row.number ^= (int64_t)fuzz_number(in, 8);
	if (change & 2)
		row.public[fuzz_byte(in) % sizeof(row.public)] ^= fuzz_byte(in);
	if (change & 4)
		row.signature[fuzz_byte(in) % sizeof(row.signature)] ^= fuzz_byte(in);
	if (change & 8)
		row.sealer[fuzz_byte(in) % (sizeof(row.sealer) - 1)] ^= (char)fuzz_byte(in);
	if (row.number != good->number || strcmp(row.sealer, good->sealer) || memcmp(row.public, good->public, sizeof(row.public)) ||
	    memcmp(row.signature, good->signature, sizeof(row.signature)))
		FUZZ_MUST(seal_book_add(book, &row) == SEAL_FORGED);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	static void (*const modes[])(struct fuzz *) = { open_foreign, open_changed, add_epoch };
	struct fuzz in = { data, bytes };

	if (!epoch)
		make();
	modes[fuzz_byte(&in) % ARRAY_LEN(modes)](&in);
	return 0;
}
