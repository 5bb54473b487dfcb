/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A rule file, a list of categories and a calendar by somebody's hand. Input: a byte (which of them), then the file. What is refused is
 * refused in a sentence; what is taken is used once.
 */
#include "fuzz.h"

#include "calendar.h"
#include "mem.h"
#include "screen.h"

#include <string.h>

static void load_rules(const char *name, const char *text, size_t n)
{
	AUTO(mem_free) char *folder = fuzz_path("etc/rules"), *why = NULL;
	struct screen_result result;
	struct screen *screen = NULL;

	fuzz_put(name, text, n);
	if (screen_load(folder, &screen, &why))
		fuzz_must_be_sentence(why);
	else
		screen_text(screen, "我不想活了 help me, 他打我。", "psych", &result);
	screen_free(&screen);
}

static void load_calendar(const char *text, size_t n)
{
	AUTO(mem_free) char *file = fuzz_path("calendar.conf"), *why = NULL;
	struct calendar *calendar = NULL;

	fuzz_put("calendar.conf", text, n);
	if (calendar_load(file, &calendar, &why)) {
		fuzz_must_be_sentence(why);
		FUZZ_MUST(!calendar);
		return;
	}
	for (int64_t day = 0; day < 20; day++) {
		int64_t at = 1795000000000 + day * 86400000;

		FUZZ_MUST(calendar_is_workday(calendar, calendar_next_workday(calendar, at)));
		FUZZ_MUST(calendar_add_workdays(calendar, at, 3) >= at);
	}
	calendar_free(&calendar);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	struct fuzz in = { data, bytes };
	uint8_t which = fuzz_byte(&in) % 3;
	size_t n;
	AUTO(mem_free) char *text = fuzz_rest(&in, &n);

	if (which == 2) {
		load_calendar(text, n);
		return 0;
	}
	fuzz_copy("etc/rules/common.conf", "etc/rules/common.conf");
	fuzz_copy("etc/rules/legal.conf", "etc/rules/legal.conf");
	fuzz_copy("etc/categories.conf", "etc/categories.conf");
	load_rules(which ? "etc/categories.conf" : "etc/rules/legal.conf", text, n);
	return 0;
}
