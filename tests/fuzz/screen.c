/* SPDX-License-Identifier: Apache-2.0 */
/* The risk rules of etc/ over any text. Input: a byte (which desk was chosen), then the text; what is no UTF-8 never gets that far. */
#include "fuzz.h"

#include "mem.h"
#include "screen.h"
#include "text.h"

#include <string.h>

static struct screen *screen;

static void open_rules(void)
{
	char *why = NULL;

	if (screen_load(QT_SOURCE_DIR "/etc/rules", &screen, &why))
		fuzz_broken(__FILE__, __LINE__, why);
}

static void hit_must_fit(const struct screen_result *result, const struct screen_hit *hit, size_t points)
{
	FUZZ_MUST(hit->risk >= 0 && hit->risk <= 3 && hit->counts >= 0 && hit->counts <= 3 && hit->counts <= result->risk);
	FUZZ_MUST(screen_why(screen, hit->rule, true) == hit->why_en && screen_why(screen, hit->rule, false) == hit->why_zh);
	FUZZ_MUST((hit->at < 0) == (hit->length < 0));
	FUZZ_MUST(hit->at < 0 || (size_t)hit->at + (size_t)hit->length <= points);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	static const char *const chosen[] = { NULL, "legal", "psych", "social" };
	struct fuzz in = { data, bytes };
	const char *desk = chosen[fuzz_byte(&in) % ARRAY_LEN(chosen)];
	struct screen_result result;
	size_t n;
	AUTO(mem_free) char *text = fuzz_rest(&in, &n), *folded = NULL;

	if (!screen)
		open_rules();
	if (!text_valid(text, n))
		return 0;
	folded = text_fold(text);
	screen_text(screen, text, desk, &result);
	FUZZ_MUST(result.risk >= 0 && result.risk <= 3 && result.hits <= SCREEN_HITS_MAX);
	FUZZ_MUST(result.kind && result.urgency);
	for (size_t i = 0; i < result.hits; i++)
		hit_must_fit(&result, &result.hit[i], text_length(folded));
	return 0;
}
