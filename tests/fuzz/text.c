/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8 from anybody: validity against a second decoder written from RFC 3629, folding, escaping, hex, and what a browser says it reads. */
#include "fuzz.h"

#include "i18n.h"
#include "mem.h"
#include "text.h"

#include <string.h>

/* The table of RFC 3629 section 4; gives the bytes of the character, 0 when there is none. */
static size_t utf8_bytes(const uint8_t *s, size_t n)
{
	static const struct {
		uint8_t first, last, low, high;
		size_t bytes;
	} rows[] = {
		{ 0x01, 0x7f, 0, 0, 1 },       { 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 },
		{ 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
		{ 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (s[0] < rows[i].first || s[0] > rows[i].last)
			continue;
		if (n < rows[i].bytes || (rows[i].bytes > 1 && (s[1] < rows[i].low || s[1] > rows[i].high)))
			return 0;
		for (size_t k = 2; k < rows[i].bytes; k++)
			if ((s[k] & 0xc0) != 0x80)
				return 0;
		return rows[i].bytes;
	}
	return 0;
}

static bool valid_by_the_table(const uint8_t *s, size_t n, size_t *points)
{
	for (*points = 0; n; (*points)++) {
		size_t took = utf8_bytes(s, n);

		if (!took)
			return false;
		s += took;
		n -= took;
	}
	return true;
}

static void look(const char *text)
{
	AUTO(mem_free) char *folded = text_fold(text);
	struct buf html = { 0 };

	FUZZ_MUST(text_valid(folded, strlen(folded)));
	FUZZ_MUST(!text_blank(text) || !*folded || text_blank(folded));
	buf_text(&html, "");
	text_html(&html, text);
	FUZZ_MUST(!strpbrk(html.data, "<>\"'") && html.bytes >= strlen(text));
	buf_finish(&html);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	struct fuzz in = { data, bytes };
	size_t n, points;
	AUTO(mem_free) char *text = fuzz_rest(&in, &n);
	AUTO(mem_free) uint8_t *out = mem_new(n);
	bool valid = valid_by_the_table((const uint8_t *)text, n, &points);

	FUZZ_MUST(text_valid(text, n) == valid);
	FUZZ_MUST(hex_read(text, out, n) <= n / 2);
	FUZZ_MUST(i18n_pick(text) < I18N_LANGS);
	text_length(text);
	text_blank(text);
	if (valid) {
		FUZZ_MUST(text_length(text) == points);
		look(text);
	}
	return 0;
}
