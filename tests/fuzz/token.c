/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What browsers carry for us and people type back: drafts and tokens, a caller's token, session cookies, base64url, recovery codes.
 * Input: a byte of change (0: none), two of place, then text; it is read as each of them, and as a draft that was good until a byte of
 * it changed.
 */
#include "fuzz.h"

#include "seal.h"

#include <string.h>

enum { NOW = 1000, LATER = 2000 };
static const uint8_t key[SEAL_KEY_BYTES] = "the token key of this test alone";
static const char symbols[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static void read_base64(const char *text, size_t n)
{
	AUTO(mem_free) uint8_t *out = mem_new(n);
	AUTO(mem_free) char *same = NULL;
	size_t bytes = 0;

	if (seal_base64_read(text, n, out, n, &bytes))
		return;
	same = mem_new(SEAL_BASE64_BYTES(bytes));
	seal_base64_write(same, out, bytes);
	FUZZ_MUST(strlen(same) == n && !memcmp(same, text, n)); /* one text for one value */
}

static void read_code(const char *text, size_t n)
{
	char code[SEAL_CODE_BYTES], same[SEAL_CODE_BYTES], groups[SEAL_CODE_TEXT_BYTES];

	if (seal_code_tidy(text, n, code))
		return;
	FUZZ_MUST(strspn(code, symbols) == SEAL_CODE_BYTES - 1 && !code[SEAL_CODE_BYTES - 1]);
	seal_code_text(code, groups);
	FUZZ_MUST(seal_code_tidy(groups, strlen(groups), same) == 0 && !strcmp(code, same));
}

static void read_foreign(const char *text, size_t n)
{
	struct seal_session session;
	struct seal_caller caller;
	char *plain = NULL;
	size_t bytes = 0;

	FUZZ_MUST(seal_token_read(key, "draft", text, n, NOW, &plain, &bytes) > 0 && !plain);
	FUZZ_MUST(seal_caller_read(key, text, n, NOW, &caller) > 0);
	if (!seal_session_from(text, key, &session)) /* any 32 bytes are one; only ours is known */
		FUZZ_MUST(!strcmp(session.token, text));
	read_base64(text, n);
	read_code(text, n);
}

static void read_own(const char *said, size_t n, size_t at, uint8_t change)
{
	AUTO(mem_free) char *text = NULL, *plain = NULL;
	size_t bytes = 0;

	if (seal_token_write(key, "draft", said, n, LATER, &text))
		return;
	FUZZ_MUST(seal_token_read(key, "draft", text, strlen(text), NOW, &plain, &bytes) == 0);
	FUZZ_MUST(bytes == n && !memcmp(plain, said, n));
	mem_free(&plain);
	FUZZ_MUST(seal_token_read(key, "draft", text, strlen(text), LATER, &plain, &bytes) == SEAL_EXPIRED);
	FUZZ_MUST(seal_token_read(key, "other", text, strlen(text), NOW, &plain, &bytes) == SEAL_DAMAGED);
	bytes = strlen(text);
	text[at % bytes] ^= (char)change;
	if (change)
		FUZZ_MUST(seal_token_read(key, "draft", text, bytes, NOW, &plain, &n) > 0 && !plain);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	struct fuzz in = { data, bytes };
	uint8_t change = fuzz_byte(&in);
	size_t at = (size_t)fuzz_number(&in, 2), n;
	AUTO(mem_free) char *text = fuzz_rest(&in, &n);

	FUZZ_MUST(seal_init() == 0);
	read_foreign(text, n);
	read_own(text, n, at, change);
	return 0;
}
