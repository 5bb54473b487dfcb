/* SPDX-License-Identifier: Apache-2.0 */
/* jansson, strictly: one object, no duplicates, depth ≤ 16, no NUL in strings, no trailing bytes. */
#ifndef QT_JSON_H
#define QT_JSON_H

#include "macros.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum json_outcome { JSON_MALFORMED = 1, JSON_TOO_DEEP, JSON_NOT_OBJECT };
/* Gives the object in *out (json_decref, or AUTO(json_release)). 0 or a json_outcome. */
NODISCARD int json_read(const void *bytes, size_t n, json_t **out);
/* Gives compact text. */
char *json_write(const json_t *value);
void json_release(json_t **value);

/* A field of an object that came from outside. Tables of these are how every room checks JSON. */
enum json_kind {
	JSON_TEXT,  /* min..max code points; valid UTF-8 */
	JSON_INT,   /* min..max */
	JSON_BOOL,
	JSON_HEX,   /* exactly max bytes as lower-case hex; min == 1: may be shorter */
	JSON_CODE,  /* one of codes[] (NULL-terminated) */
	JSON_TIME,  /* RFC 3339; read as ms */
	JSON_LIST,  /* array of at most max elements, each checked by the caller */
	JSON_OBJ,   /* an object, checked by the caller */
};
struct json_field {
	const char *name;
	enum json_kind kind;
	bool required;
	int64_t min, max;
	const char *const *codes;
};
/* Checks that object has only declared fields, each of its kind and bounds, and every required one (JSON null counts as
 * absent for optional fields). 0 fine; 1 refused: *why is a gift: an English sentence naming the field and what would be
 * right. */
NODISCARD int json_check(const json_t *object, const struct json_field *fields, size_t count, char **why);

/* Readers for a checked object; the default where absent. Texts are lent by the object. */
const char *json_text(const json_t *object, const char *name); /* NULL when absent */
int64_t json_int(const json_t *object, const char *name, int64_t otherwise);
bool json_bool(const json_t *object, const char *name, bool otherwise);
/* Decodes hex into out[bytes]; returns the number of bytes written, 0 when absent or malformed. */
size_t json_hex(const json_t *object, const char *name, uint8_t *out, size_t bytes);
void json_set_hex(json_t *object, const char *name, const uint8_t *p, size_t n);
void json_set_time(json_t *object, const char *name, int64_t at_ms); /* RFC 3339; JSON null for at_ms <= 0 */

#endif
