/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Recovery codes: 26 symbols of Crockford base32, 130 bits, written on paper and typed back by a tired person. web
 * makes and reads them; the house's recovery pair comes from the sheet alone.
 */
#include "seal_inner.h"

#include <assert.h>
#include <stdlib.h>

enum { SYMBOLS = SEAL_CODE_BYTES - 1, GROUP = 4, TYPED_BYTES_MAX = 256 };
static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

void seal_code_new(char code[SEAL_CODE_BYTES])
{
	seal_random(code, SYMBOLS);
	for (int i = 0; i < SYMBOLS; i++)
		code[i] = alphabet[(unsigned char)code[i] & 31];
	code[SYMBOLS] = 0;
}

void seal_code_text(const char code[SEAL_CODE_BYTES], char text[SEAL_CODE_TEXT_BYTES])
{
	size_t at = 0;

	static_assert(SYMBOLS + (SYMBOLS - 1) / GROUP < SEAL_CODE_TEXT_BYTES, "room for the groups");
	for (int i = 0; i < SYMBOLS; i++) {
		if (i && i % GROUP == 0)
			text[at++] = '-';
		text[at++] = code[i];
	}
	text[at] = 0;
}

/* One character as people type it, full-width forms made narrow; gives its bytes, 0 when it is none we know. */
static size_t code_character(const unsigned char *s, size_t left, unsigned char *c)
{
	*c = s[0];
	if (s[0] < 0x80)
		return 1;
	if (left < 3)
		return 0;
	if (s[0] == 0xef && (s[1] == 0xbc || s[1] == 0xbd)) {
		*c = (unsigned char)(s[2] - 0x60 + (s[1] - 0xbc) * 0x40);
		return *c > ' ' && *c < 0x7f ? 3 : 0;
	}
	/* Ideographic space, and the dashes word processors like. */
	if ((s[0] == 0xe3 && s[1] == 0x80 && s[2] == 0x80) ||
	    (s[0] == 0xe2 && s[1] == 0x80 && s[2] >= 0x90 && s[2] <= 0x95)) {
		*c = ' ';
		return 3;
	}
	return 0;
}

static const char *code_symbol(unsigned char c)
{
	if (c >= 'a' && c <= 'z')
		c = (unsigned char)(c - 'a' + 'A');
	if (c == 'O')
		c = '0';
	if (c == 'I' || c == 'L')
		c = '1';
	return c ? strchr(alphabet, c) : NULL;
}

int seal_code_tidy(const char *typed, size_t bytes, char code[SEAL_CODE_BYTES])
{
	const unsigned char *s = (const unsigned char *)typed;
	size_t step, count = 0;
	const char *symbol;
	unsigned char c;

	if (bytes > TYPED_BYTES_MAX)
		return SEAL_TOO_LONG;
	for (size_t i = 0; i < bytes; i += step) {
		step = code_character(s + i, bytes - i, &c);
		if (!step)
			return SEAL_MALFORMED;
		if (c == ' ' || c == '-' || c == '\t' || c == '\r' || c == '\n')
			continue;
		symbol = code_symbol(c);
		if (!symbol || count == SYMBOLS)
			return SEAL_MALFORMED;
		code[count++] = *symbol;
	}
	code[count] = 0;
	return count == SYMBOLS ? 0 : SEAL_MALFORMED;
}

void seal_code_pair(const char code[SEAL_CODE_BYTES], struct seal_pair *out)
{
	uint8_t secret[SEAL_KEY_BYTES];

	/* 130 random bits need no slow function. */
	seal_hash(secret, sizeof(secret), NULL, "recovery-pair", code, SYMBOLS);
	seal_pair_from(secret, out);
	seal_wipe(secret, sizeof(secret));
}
