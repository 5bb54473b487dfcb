/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds a sentence of the catalogue. Called by whoever shows words to a person; it knows nothing of pages or requests.
 * The table itself is made from the files of i18n/ at build time (tools/embed.py), so a program needs no file to
 * speak.
 */
#include "i18n.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static int compare_row(const void *key, const void *row)
{
	return strcmp(key, ((const struct i18n_row *)row)->key);
}

const char *i18n_text(enum i18n_lang lang, const char *key)
{
	const struct i18n_row *row = bsearch(key, i18n_rows, i18n_row_count, sizeof(i18n_rows[0]), compare_row);

	return row ? row->text[lang] : key;
}

/* One range of the header, "en-US;q=0.8": its quality in thousandths. A q nobody can read counts as 1. */
static int range_quality(const char *range, size_t n)
{
	const char *q = memmem(range, n, "q=", 2);
	int quality = 0, scale = 1000;

	if (!q || q + 2 >= range + n || q[2] < '0' || q[2] > '9')
		return 1000;
	for (q += 2; q < range + n && scale > 0; q++) {
		if (*q >= '0' && *q <= '9') {
			quality += (*q - '0') * scale;
			scale /= 10;
		} else if (*q != '.') {
			break;
		}
	}
	return quality > 1000 ? 1000 : quality;
}

static bool range_is(const char *range, size_t n, const char *language)
{
	return n >= 2 && strncasecmp(range, language, 2) == 0 && (n == 2 || strchr("-; \t", range[2]));
}

enum i18n_lang i18n_pick(const char *accept)
{
	enum i18n_lang best = I18N_ZH_CN;
	int best_quality = 0;

	while (accept && *accept) {
		accept += strspn(accept, ", \t");
		size_t n = strcspn(accept, ",");
		bool zh = range_is(accept, n, "zh"), en = range_is(accept, n, "en");
		int quality = zh || en ? range_quality(accept, n) : 0;

		if (quality > best_quality) {
			best_quality = quality;
			best = en ? I18N_EN : I18N_ZH_CN;
		}
		accept += n;
	}
	return best;
}

const char *i18n_tag(enum i18n_lang lang)
{
	return lang == I18N_EN ? "en" : "zh-CN";
}
