/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Templates: a small part of Mustache (mustache.github.io/mustache.5.html). {{name}} escapes; {{#name}}…{{/name}} for true values and
 * lists; {{^name}}…{{/name}} for false ones; {{>part}} another template; {{t key}} a sentence of the catalogue, escaped. A section's
 * tag or a part alone on its line takes the line with it. There is no way to write without escaping.
 */
#ifndef QT_INTAKE_TEMPLATE_H
#define QT_INTAKE_TEMPLATE_H

#include "i18n.h"
#include "json.h"
#include "mem.h"

enum { TEMPLATE_DEPTH = 12 };

/* Appends the template of that file name ("start.html"), filled from data (an object), to out. lookup gives a template's text and
 * length, NULL when there is none (then nothing is written). */
void template_fill(const char *name, const json_t *data, enum i18n_lang lang, const char *(*lookup)(const char *name, size_t *bytes), struct buf *out);

#endif
