/* SPDX-License-Identifier: Apache-2.0 */
/* Forms, queries and cookies. Input: a byte (0: cookies), then the text. A name comes once, every value is UTF-8. */
#include "fuzz.h"

#include "http_impl.h"
#include "text.h"

#include <string.h>

static void look_form(const struct http_pairs *pairs)
{
	if (pairs->bad) {
		FUZZ_MUST(!http_pairs_find(pairs, "text"));
		return;
	}
	for (size_t i = 0; i < pairs->count; i++) {
		const struct http_pair *p = &pairs->pair[i];

		FUZZ_MUST(*p->name && text_valid(p->name, strlen(p->name)) && text_valid(p->value, strlen(p->value)));
		FUZZ_MUST(http_pairs_find(pairs, p->name) == p->value);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	struct fuzz in = { data, bytes };
	uint8_t form = fuzz_byte(&in);
	size_t n;
	AUTO(mem_free) char *text = fuzz_rest(&in, &n);
	struct http_pairs pairs = { 0 };

	if (form) {
		http_pairs_read(&pairs, text, n);
		look_form(&pairs);
	} else {
		http_pairs_read_cookies(&pairs, text, n);
		for (size_t i = 0; i < pairs.count; i++)
			FUZZ_MUST(strlen(pairs.pair[i].name) + strlen(pairs.pair[i].value) < n + 1);
	}
	FUZZ_MUST(pairs.count <= HTTP_PAIRS_MAX);
	http_pairs_finish(&pairs);
	return 0;
}
