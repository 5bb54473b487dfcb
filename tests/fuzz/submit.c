/* SPDX-License-Identifier: Apache-2.0 */
/* A request as a caller's page sends it: JSON, then the portal's own look at it. What is accepted can be screened and folded. */
#include "fuzz.h"

#include "json.h"
#include "mem.h"
#include "submit.h"
#include "text.h"

#include <string.h>

static struct conf conf;
static struct intake intake = { .conf = &conf };

static void make(void)
{
	char *why = NULL;

	if (conf_load(NULL, NULL, &conf, &why) || screen_load(QT_SOURCE_DIR "/etc/rules", &intake.screen, &why))
		fuzz_broken(__FILE__, __LINE__, why);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	AUTO(mem_free) char *why = NULL;
	AUTO(json_release) json_t *request = NULL;
	const char *text;
	int risk;

	if (!intake.screen)
		make();
	if (json_read(data, bytes, &request))
		return 0;
	if (submit_check(&intake, request, &why)) {
		fuzz_must_be_sentence(why);
		return 0;
	}
	text = json_text(request, "text");
	FUZZ_MUST(text && !text_blank(text) && text_length(text) <= SUBMIT_TEXT_MAX);
	risk = submit_risk(&intake, text, json_text(request, "self_harm"), json_text(request, "desk"));
	FUZZ_MUST(risk >= submit_tick(json_text(request, "self_harm")) && risk <= 3);
	return 0;
}
