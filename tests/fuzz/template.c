/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The portal's templates filled with any data. Input: a byte (which template, which language), then a JSON object. Whatever the data
 * says, the page has the tags and quotes of its template and no others: the same page with every text made harmless has as many.
 */
#include "fuzz.h"

#include "json.h"
#include "portal_assets.h"
#include "template.h"

#include <string.h>

static const char *const names[] = { "before.html", "check.html", "closed.html", "crisis.html", "error.html",
	                             "feel.html",   "help.html",  "not_kept.html", "reach.html", "receipt.html",
	                             "safe.html",   "start.html", "ticket.html", "track.html", "who.html" };

static const char *lookup(const char *name, size_t *bytes)
{
	const struct http_asset *asset = portal_asset(name);

	*bytes = asset ? asset->plain_bytes : 0;
	return asset ? asset->plain : NULL;
}

/* Empty texts stay empty: they decide which sections are shown. */
static json_t *harmless(const json_t *v)
{
	const char *name;
	json_t *out, *item;
	size_t i;

	if (json_is_string(v))
		return json_string(*json_string_value(v) ? "x" : "");
	if (json_is_array(v)) {
		out = json_array();
		json_array_foreach(v, i, item)
			json_array_append_new(out, harmless(item));
		return out;
	}
	if (!json_is_object(v))
		return json_deep_copy(v);
	out = json_object();
	json_object_foreach((json_t *)(uintptr_t)v, name, item)
		json_object_set_new(out, name, harmless(item));
	return out;
}

static size_t count_of(const struct buf *page, const char *any_of)
{
	size_t n = 0;

	for (size_t i = 0; i < page->bytes; i++)
		n += strchr(any_of, page->data[i]) && page->data[i];
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	struct fuzz in = { data, bytes };
	uint8_t which = fuzz_byte(&in);
	const char *name = names[which / 2 % ARRAY_LEN(names)];
	size_t n;
	AUTO(mem_free) char *text = fuzz_rest(&in, &n);
	AUTO(json_release) json_t *any = NULL, *tame = NULL;
	AUTO(buf_finish) struct buf page = { 0 }, same = { 0 };

	if (json_read(text, n, &any))
		return 0;
	tame = harmless(any);
	template_fill(name, any, (enum i18n_lang)(which & 1), lookup, &page);
	template_fill(name, tame, (enum i18n_lang)(which & 1), lookup, &same);
	FUZZ_MUST(count_of(&page, "<>\"'") == count_of(&same, "<>\"'"));
	return 0;
}
