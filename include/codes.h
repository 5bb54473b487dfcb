/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every code list with its names in both languages, as GET /api/v1/service of both front ends shows it: desks, categories, groups, regions,
 * dispositions, channels, kinds, urgencies, relations, age bands, genders, contact types, crisis numbers.
 */
#ifndef QT_CODES_H
#define QT_CODES_H

#include "conf.h"
#include "screen.h"
#include <jansson.h>

/* Codes of client groups (domain.md §2), NULL-terminated. */
extern const char *const codes_groups[];
/* The object; gives. Further members (waiting estimate, opening) are the front end's own. */
json_t *codes_json(const struct conf *conf, const struct screen *screen);
/* The crisis numbers alone, [{number, name, hours}], name and hours as {"zh-CN","en"}. Gives. */
json_t *codes_numbers(const struct conf *conf);

#endif
