/* SPDX-License-Identifier: Apache-2.0 */
/* Times as RFC 3339 text: what is read is written back and read as the same moment. */
#include "fuzz.h"

#include "clock.h"
#include "mem.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	struct fuzz in = { data, bytes };
	size_t n;
	AUTO(mem_free) char *text = fuzz_rest(&in, &n);
	char out[CLOCK_TEXT_BYTES], same[CLOCK_TEXT_BYTES];
	struct fuzz number = { data, bytes };
	int64_t at = 0, again = 0;

	if (!clock_parse(text, &at)) {
		FUZZ_MUST(clock_parse(clock_text(at, out), &again) == 0);
		/* An offset may lead out of the years that four digits can name. */
		FUZZ_MUST(at == again || at < -62167219200000 || at > 253402300799999);
	}
	at = (int64_t)fuzz_number(&number, 8);
	FUZZ_MUST(clock_parse(clock_text(at, out), &again) == 0);
	FUZZ_MUST(!strcmp(out, clock_text(again, same)));
	return 0;
}
