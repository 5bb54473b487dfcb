/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ticket and receipt as text, pure. router writes tickets from row ids; intake and web read what people type. It
 * knows no store and no secret but the 16-byte ticket key it is handed. The permutation is an alternating Feistel
 * network over 17 + 18 bits with SipHash-2-4 as round function: a bijection of 35 bits, so there is no collision,
 * no index, and no order to guess.
 */
#include "ticket.h"

#include "text.h"

#include <assert.h>
#include <string.h>

enum {
	LEFT_BITS = 17, RIGHT_BITS = 18, ROUNDS = 12,
	SYMBOLS = 8,              /* seven of payload, one check */
	TICKET_TYPED_MAX = 64, RECEIPT_TYPED_MAX = 128, PASTED_MAX = 256,
};
static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static uint64_t rotate(uint64_t x, int bits)
{
	return x << bits | x >> (64 - bits);
}

static void sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[2] += v[3];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] = rotate(v[0], 32);
	v[2] += v[1];
	v[0] += v[3];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] = rotate(v[2], 32);
}

static uint64_t read_le64(const uint8_t *p)
{
	uint64_t x = 0;

	for (int i = 7; i >= 0; i--)
		x = x << 8 | p[i];
	return x;
}

/* SipHash-2-4 of one eight-byte word (Aumasson and Bernstein 2012). */
static uint64_t sip_word(const uint8_t key[TICKET_KEY_BYTES], uint64_t word)
{
	uint64_t k0 = read_le64(key), k1 = read_le64(key + 8), last = (uint64_t)8 << 56;
	uint64_t v[4] = { k0 ^ 0x736f6d6570736575U, k1 ^ 0x646f72616e646f6dU, k0 ^ 0x6c7967656e657261U,
			  k1 ^ 0x7465646279746573U };

	v[3] ^= word;
	sip_round(v);
	sip_round(v);
	v[0] ^= word;
	v[3] ^= last;
	sip_round(v);
	sip_round(v);
	v[0] ^= last;
	v[2] ^= 0xFF;
	for (int i = 0; i < 4; i++)
		sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

/* Round r changes one half by a hash of the other; run backwards the same rounds undo it. */
static void feistel_round(const uint8_t *key, int r, uint32_t *left, uint32_t *right)
{
	if (r % 2 == 0)
		*left ^= (uint32_t)sip_word(key, (uint64_t)r << 32 | *right) & ((1U << LEFT_BITS) - 1);
	else
		*right ^= (uint32_t)sip_word(key, (uint64_t)r << 32 | *left) & ((1U << RIGHT_BITS) - 1);
}

static uint64_t permute(const uint8_t *key, uint64_t x, bool back)
{
	uint32_t left = (uint32_t)(x >> RIGHT_BITS), right = (uint32_t)(x & ((1U << RIGHT_BITS) - 1));

	for (int i = 0; i < ROUNDS; i++)
		feistel_round(key, back ? ROUNDS - 1 - i : i, &left, &right);
	return (uint64_t)left << RIGHT_BITS | right;
}

/* Luhn mod 32 over seven symbols: the one nearest the check is doubled, then every second. */
static int check_symbol(const int symbol[SYMBOLS - 1])
{
	int sum = 0;

	for (int i = 0; i < SYMBOLS - 1; i++) {
		int add = symbol[i] * (i % 2 == 0 ? 2 : 1);

		sum += add / 32 + add % 32;
	}
	return (32 - sum % 32) % 32;
}

static void symbols_write(const int symbol[SYMBOLS], char out[TICKET_TEXT_BYTES])
{
	memcpy(out, "YT-XXXX-XXXX", TICKET_TEXT_BYTES);
	for (int i = 0; i < SYMBOLS; i++)
		out[3 + i + (i >= 4)] = alphabet[symbol[i]];
}

void ticket_write(const uint8_t key[TICKET_KEY_BYTES], int64_t id, char out[TICKET_TEXT_BYTES])
{
	int symbol[SYMBOLS];
	uint64_t x;

	assert(id >= 1 && id < (int64_t)1 << 35);
	x = permute(key, (uint64_t)id, false);
	for (int i = SYMBOLS - 2; i >= 0; i--, x >>= 5)
		symbol[i] = (int)(x & 31);
	symbol[SYMBOLS - 1] = check_symbol(symbol);
	symbols_write(symbol, out);
}

/* Bytes of a separator people put between groups, 0 when there is none. Folding has made most dashes and spaces
 * ASCII. */
static size_t separator(const char *s)
{
	static const char *const dash[] = { "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2015", "\u2212" };

	if (*s == ' ' || *s == '-' || *s == '\n')
		return 1;
	for (size_t i = 0; i < ARRAY_LEN(dash); i++)
		if (strncmp(s, dash[i], 3) == 0)
			return 3;
	return 0;
}

/* Value of one typed symbol of folded text, -1 when it is none. O, I and L are what the eye makes of 0 and 1. */
static int symbol_value(char c)
{
	const char *at;

	if (c == 'o')
		return 0;
	if (c == 'i' || c == 'l')
		return 1;
	if (c >= 'A' && c <= 'Z')
		return -1; /* folded text has none */
	at = c ? strchr(alphabet, c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c) : NULL;
	return at ? (int)(at - alphabet) : -1;
}

/* Reads `want` symbols below `limit` from folded text, separators between them allowed; returns the byte behind, or
 * NULL. */
static const char *symbols_read(const char *s, int limit, int *symbol, int want)
{
	for (int have = 0; have < want;) {
		size_t gap = have ? separator(s) : 0;
		int value = gap ? 0 : symbol_value(*s);

		if (value < 0 || value >= limit)
			return NULL;
		if (!gap)
			symbol[have++] = value;
		s += gap ? gap : 1;
	}
	return s;
}

static const char *skip_separators(const char *s)
{
	for (size_t gap = separator(s); gap; gap = separator(s))
		s += gap;
	return s;
}

/* Behind the "YT" of folded text and what separates it from the number; s itself when there is none. */
static const char *skip_prefix(const char *s)
{
	return strncmp(s, "yt", 2) == 0 ? skip_separators(s + 2) : s;
}

/* Folded copy of what was typed, NULL when it is longer than max or no text. */
static char *fold_typed(const char *typed, size_t max)
{
	size_t n = strnlen(typed, max + 1);

	return n <= max && text_valid(typed, n) ? text_fold(typed) : NULL;
}

static int symbols_check(const int symbol[SYMBOLS])
{
	return symbol[SYMBOLS - 1] == check_symbol(symbol) ? 0 : TICKET_BAD_CHECK;
}

static int ticket_symbols(const char *typed, int symbol[SYMBOLS])
{
	AUTO(mem_free) char *folded = fold_typed(typed, TICKET_TYPED_MAX);
	const char *start, *end;

	if (!folded)
		return TICKET_MALFORMED;
	start = skip_separators(folded);
	end = symbols_read(start, 32, symbol, SYMBOLS); /* first without the prefix: a number may itself begin with YT */
	if (!end || *skip_separators(end))
		end = symbols_read(skip_prefix(start), 32, symbol, SYMBOLS);
	if (!end || *skip_separators(end))
		return TICKET_MALFORMED;
	return symbols_check(symbol);
}

int ticket_tidy(const char *typed, char out[TICKET_TEXT_BYTES])
{
	int symbol[SYMBOLS];
	int rc = ticket_symbols(typed, symbol);

	if (!rc)
		symbols_write(symbol, out);
	return rc;
}

int ticket_read(const uint8_t key[TICKET_KEY_BYTES], const char *typed, int64_t *id)
{
	int symbol[SYMBOLS];
	int rc = ticket_symbols(typed, symbol);
	uint64_t x = 0;

	if (rc)
		return rc;
	for (int i = 0; i < SYMBOLS - 1; i++)
		x = x << 5 | (uint64_t)symbol[i];
	*id = (int64_t)permute(key, x, true);
	return 0;
}

/* Damm's totally anti-symmetric quasigroup of order 10: finds every wrong digit and every adjacent swap. */
static int damm(const int *digit, int n)
{
	static const char table[10][11] = { "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
					    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790" };
	int interim = 0;

	for (int i = 0; i < n; i++)
		interim = table[interim][digit[i]] - '0';
	return interim;
}

void receipt_write(const uint8_t seed[8], char out[RECEIPT_TEXT_BYTES])
{
	uint64_t value = read_le64(seed) % 10000000000000000000U;
	int digit[RECEIPT_DIGITS];
	char *p = out;

	for (int i = RECEIPT_DIGITS - 2; i >= 0; i--, value /= 10)
		digit[i] = (int)(value % 10);
	digit[RECEIPT_DIGITS - 1] = damm(digit, RECEIPT_DIGITS - 1);
	for (int i = 0; i < RECEIPT_DIGITS; i++) {
		if (i && i % 4 == 0)
			*p++ = ' ';
		*p++ = (char)('0' + digit[i]);
	}
	*p = 0;
}

static int digits_check(const int digit[RECEIPT_DIGITS], char digits[RECEIPT_DIGITS + 1])
{
	if (damm(digit, RECEIPT_DIGITS))
		return RECEIPT_BAD_CHECK;
	for (int i = 0; i < RECEIPT_DIGITS; i++)
		digits[i] = (char)('0' + digit[i]);
	digits[RECEIPT_DIGITS] = 0;
	return 0;
}

int receipt_tidy(const char *typed, char digits[RECEIPT_DIGITS + 1])
{
	AUTO(mem_free) char *folded = fold_typed(typed, RECEIPT_TYPED_MAX);
	int digit[RECEIPT_DIGITS];
	const char *end = folded ? symbols_read(skip_separators(folded), 10, digit, RECEIPT_DIGITS) : NULL;

	if (!end || *skip_separators(end))
		return RECEIPT_MALFORMED;
	return digits_check(digit, digits);
}

/* Finds a run of exactly 20 digits with a right check digit in folded text [s, end). */
static bool find_digits(const char *s, const char *end, char digits[RECEIPT_DIGITS + 1])
{
	int digit[RECEIPT_DIGITS];

	while (s < end) {
		const char *behind = symbols_read(s, 10, digit, RECEIPT_DIGITS);
		int more = behind && behind <= end ? symbol_value(*skip_separators(behind)) : -1;

		if (behind && behind <= end && !digits_check(digit, digits) &&
		    (more < 0 || more >= 10 || skip_separators(behind) >= end))
			return true;
		while (s < end && symbol_value(*s) >= 0 && symbol_value(*s) < 10)
			s = skip_separators(s + 1); /* a run is one attempt: its tail is not a receipt */
		if (s < end)
			s++;
	}
	return false;
}

/* Without its "YT" only the written forms XXXX-XXXX and XXXXXXXX count, not begun inside a word, or a label would be
 * read as a number. */
static bool bare_form(const char *all, const char *s, const char *end)
{
	const char *middle = s + 4;

	if (s > all && ((s[-1] >= 'a' && s[-1] <= 'z') || (s[-1] >= '0' && s[-1] <= '9')))
		return false;
	return end - s == SYMBOLS || (end - s > SYMBOLS && separator(middle) && end - skip_separators(middle) == 4);
}

int receipt_split(const char *pasted, char ticket[TICKET_TEXT_BYTES], char digits[RECEIPT_DIGITS + 1])
{
	AUTO(mem_free) char *folded = fold_typed(pasted, PASTED_MAX);
	int symbol[SYMBOLS];

	if (!folded)
		return 1;
	for (int bare = 0; bare < 2; bare++)
		for (const char *s = folded; *s; s++) {
			const char *start = bare ? s : skip_prefix(s);
			const char *end = bare || start != s ? symbols_read(start, 32, symbol, SYMBOLS) : NULL;

			if (!end || symbols_check(symbol) || (bare && !bare_form(folded, start, end)))
				continue;
			if (!find_digits(folded, s, digits) && !find_digits(end, folded + strlen(folded), digits))
				continue;
			symbols_write(symbol, ticket);
			return 0;
		}
	return 1;
}
