/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sealed words. Input: a byte of mode. 0: the rest is a blob from outside. 1: two bytes of place, one of change, then words: they are
 * sealed, one byte of the blob is changed, and it must not open any more.
 */
#include "fuzz.h"

#include "seal.h"

#include <string.h>

static const uint8_t parent[SEAL_KEY_BYTES] = "a parent key of this test alone", uid[SEAL_UID_BYTES] = "a case of a test";
static const struct seal_place place = { uid, 12355, SEAL_MESSAGE, "caller", 0 };

static void open_foreign(const void *blob, size_t n)
{
	uint32_t number = 0;
	uint64_t message = 0;
	size_t bytes = 0;
	char *words = NULL;
	int head = seal_blob_head(blob, n, &number, &message), outcome = seal_blob_read(parent, &place, blob, n, &words, &bytes);

	FUZZ_MUST(head == 0 || head == SEAL_MALFORMED);
	FUZZ_MUST(outcome == SEAL_MALFORMED || outcome == SEAL_DAMAGED);
	FUZZ_MUST(head == 0 || outcome == SEAL_MALFORMED);
	FUZZ_MUST(!words);
}

static void open_changed(struct fuzz *in)
{
	size_t at = (size_t)fuzz_number(in, 2), change = fuzz_byte(in), n, bytes = 0;
	AUTO(mem_free) char *said = fuzz_rest(in, &n);
	struct buf blob = { 0 };
	char *words = NULL;

	if (seal_blob_write(parent, &place, said, n, &blob)) {
		FUZZ_MUST(n > SEAL_WORDS_MAX);
		buf_finish(&blob);
		return;
	}
	FUZZ_MUST(blob.bytes == seal_blob_bytes(n));
	FUZZ_MUST(seal_blob_read(parent, &place, blob.data, blob.bytes, &words, &bytes) == 0);
	FUZZ_MUST(bytes == n && !memcmp(words, said, n) && !words[n]);
	seal_words_free(&words, bytes);
	blob.data[at % blob.bytes] ^= (char)change;
	if (change)
		FUZZ_MUST(seal_blob_read(parent, &place, blob.data, blob.bytes, &words, &bytes) > 0 && !words);
	buf_finish(&blob);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	struct fuzz in = { data, bytes };
	uint8_t mode = fuzz_byte(&in);

	FUZZ_MUST(seal_init() == 0);
	if (mode & 1) {
		open_changed(&in);
	} else {
		size_t n;
		AUTO(mem_free) char *blob = fuzz_rest(&in, &n);

		open_foreign(blob, n);
	}
	return 0;
}
