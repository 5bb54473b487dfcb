/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What browsers carry for us: the session token of staff, and sealed text with an absolute end (a caller's token,
 * drafts in a hidden field). Nothing of it is stored by intake, so a killed intake ends nobody's visit; web stores only
 * what the token opens.
 */
#include "seal_inner.h"

#include <assert.h>

enum { END_BYTES = 8, TOKEN_BYTES = 32 };

static void session_fill(const uint8_t token[TOKEN_BYTES], const uint8_t web_secret[SEAL_KEY_BYTES],
                         struct seal_session *out)
{
	uint8_t csrf[32];

	seal_base64_write(out->token, token, TOKEN_BYTES);
	seal_hash(out->sid, sizeof(out->sid), NULL, "sid", token, TOKEN_BYTES);
	seal_hash(out->keys, sizeof(out->keys), web_secret, "keys", token, TOKEN_BYTES);
	seal_hash(csrf, sizeof(csrf), NULL, "csrf", token, TOKEN_BYTES);
	seal_base64_write(out->csrf, csrf, sizeof(csrf));
}

void seal_session_new(const uint8_t web_secret[SEAL_KEY_BYTES], struct seal_session *out)
{
	uint8_t token[TOKEN_BYTES];

	seal_random(token, sizeof(token));
	session_fill(token, web_secret, out);
	seal_wipe(token, sizeof(token));
}

int seal_session_from(const char *token, const uint8_t web_secret[SEAL_KEY_BYTES], struct seal_session *out)
{
	uint8_t raw[TOKEN_BYTES];
	size_t n = 0, bytes = strnlen(token, SEAL_TOKEN_TEXT_BYTES);

	if (bytes != SEAL_TOKEN_TEXT_BYTES - 1 || seal_base64_read(token, bytes, raw, sizeof(raw), &n) ||
	    n != sizeof(raw))
		return SEAL_MALFORMED;
	session_fill(raw, web_secret, out);
	seal_wipe(raw, sizeof(raw));
	return 0;
}

int seal_token_write(const uint8_t key[SEAL_KEY_BYTES], const char *purpose, const void *plain, size_t n,
                     int64_t ends_at_ms, char **text)
{
	size_t inner = END_BYTES + n, whole;
	uint8_t *bare, *box;

	if (n > SEAL_TOKEN_MAX || SEAL_BASE64_BYTES(SEAL_BOX_BYTES(inner)) - 1 > SEAL_TOKEN_MAX)
		return SEAL_TOO_LONG;
	whole = SEAL_BOX_BYTES(inner);
	bare = mem_new(inner);
	box = mem_new(whole);
	seal_put(bare, (uint64_t)ends_at_ms, END_BYTES);
	if (n)
		memcpy(bare + END_BYTES, plain, n);
	seal_box_write(key, purpose, "token", 5, bare, inner, box);
	*text = mem_new(SEAL_BASE64_BYTES(whole));
	seal_base64_write(*text, box, whole);
	seal_wipe(bare, inner);
	mem_free(&bare);
	mem_free(&box);
	return 0;
}

/* Opens box (inner plain bytes behind its head) into *plain when it is whole and not over. */
static int token_open(const uint8_t key[SEAL_KEY_BYTES], const char *purpose, const uint8_t *box, size_t whole,
                      int64_t now_ms, char **plain, size_t *n)
{
	size_t inner = whole - SEAL_BOX_BYTES(0);
	uint8_t *bare = mem_new(inner);
	int outcome = seal_box_read(key, purpose, "token", 5, box, whole, bare, inner);

	if (!outcome && (int64_t)seal_get(bare, END_BYTES) <= now_ms)
		outcome = SEAL_EXPIRED;
	if (!outcome) {
		*n = inner - END_BYTES;
		*plain = mem_copy(bare + END_BYTES, *n);
	}
	seal_wipe(bare, inner);
	mem_free(&bare);
	return outcome;
}

int seal_token_read(const uint8_t key[SEAL_KEY_BYTES], const char *purpose, const char *text, size_t text_bytes,
                    int64_t now_ms, char **plain, size_t *n)
{
	size_t whole = 0;
	uint8_t *box;
	int outcome;

	if (text_bytes > SEAL_TOKEN_MAX)
		return SEAL_TOO_LONG;
	box = mem_new(text_bytes);
	outcome = seal_base64_read(text, text_bytes, box, text_bytes, &whole);
	if (!outcome && whole < SEAL_BOX_BYTES(END_BYTES))
		outcome = SEAL_MALFORMED;
	if (!outcome)
		outcome = token_open(key, purpose, box, whole, now_ms, plain, n);
	mem_free(&box);
	return outcome;
}

enum { CALLER_BYTES = SEAL_UID_BYTES + SEAL_KEY_BYTES + 32 + 8 + 8 };

void seal_caller_write(const uint8_t key[SEAL_KEY_BYTES], const struct seal_caller *c, int64_t ends_at_ms,
                       char text[SEAL_CALLER_TEXT_BYTES])
{
	uint8_t bare[END_BYTES + CALLER_BYTES], box[SEAL_BOX_BYTES(sizeof(bare))], *at = bare + END_BYTES;

	static_assert(SEAL_BASE64_BYTES(sizeof(box)) == SEAL_CALLER_TEXT_BYTES,
	              "seal.h says how long a caller's token is");
	seal_put(bare, (uint64_t)ends_at_ms, END_BYTES);
	memcpy(at, c->uid, SEAL_UID_BYTES);
	memcpy(at + 16, c->case_key, SEAL_KEY_BYTES);
	memcpy(at + 48, c->auth, 32);
	seal_put(at + 80, (uint64_t)c->epoch, 8);
	seal_put(at + 88, (uint64_t)c->since_ms, 8);
	seal_box_write(key, "caller-token", "token", 5, bare, sizeof(bare), box);
	seal_base64_write(text, box, sizeof(box));
	seal_wipe(bare, sizeof(bare));
}

int seal_caller_read(const uint8_t key[SEAL_KEY_BYTES], const char *text, size_t text_bytes, int64_t now_ms,
                     struct seal_caller *out)
{
	uint8_t box[SEAL_BOX_BYTES(END_BYTES + CALLER_BYTES)], *at;
	size_t whole = 0, n = 0;
	char *bare = NULL;
	int outcome;

	if (text_bytes != SEAL_CALLER_TEXT_BYTES - 1 || seal_base64_read(text, text_bytes, box, sizeof(box), &whole) ||
	    whole != sizeof(box))
		return SEAL_MALFORMED;
	outcome = token_open(key, "caller-token", box, whole, now_ms, &bare, &n);
	if (outcome)
		return outcome;
	at = (uint8_t *)bare;
	memcpy(out->uid, at, SEAL_UID_BYTES);
	memcpy(out->case_key, at + 16, SEAL_KEY_BYTES);
	memcpy(out->auth, at + 48, 32);
	out->epoch = (int64_t)seal_get(at + 80, 8);
	out->since_ms = (int64_t)seal_get(at + 88, 8);
	seal_words_free(&bare, n);
	return 0;
}
