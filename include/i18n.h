/* SPDX-License-Identifier: Apache-2.0 */
/* The catalogue (i18n/zh-CN.json, i18n/en.json) for C templates and problem sentences; embedded at build time,
 * sorted, one lookup. */
#ifndef QT_I18N_H
#define QT_I18N_H

#include "macros.h"
#include <stdbool.h>
#include <stddef.h>

enum i18n_lang { I18N_ZH_CN, I18N_EN, I18N_LANGS };
/* Lent; the key itself when the catalogue does not have it (a lint test makes sure it has). */
const char *i18n_text(enum i18n_lang lang, const char *key);
/* From an Accept-Language header: the acceptable language of the highest q among Chinese and English, the first
 * where equal. "en", "en-US" → I18N_EN; everything else (and NULL) → I18N_ZH_CN. */
enum i18n_lang i18n_pick(const char *accept);
/* "zh-CN", "en": for <html lang> and the "lang" of a request. */
const char *i18n_tag(enum i18n_lang lang);

/* The table tools/embed.py makes: sorted by the bytes of the key. */
struct i18n_row {
	const char *key, *text[I18N_LANGS];
};
extern const struct i18n_row i18n_rows[];
extern const size_t i18n_row_count;

#endif
