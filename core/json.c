/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON from outside, strictly, and to outside, compactly: jansson behind one look at the raw bytes (depth, "-0") that
 * it does not take itself. Every room checks objects with a table of fields; an error is a sentence a person can act
 * on. Pure.
 */
#include "json.h"

#include "clock.h"
#include "mem.h"
#include "text.h"

#include <string.h>

enum { JSON_DEPTH_MAX = 16, JSON_NAME_SHOWN = 40 };

/* Minus zero is a number that compares equal to another one: nothing we read means it. */
static bool json_minus_zero(const char *s, size_t n)
{
	return n >= 2 && s[0] == '-' && s[1] == '0' && (n == 2 || !strchr(".eE", s[2]));
}

static int json_look(const char *s, size_t n)
{
	bool text = false;
	int depth = 0;

	for (size_t i = 0; i < n; i++) {
		if (text) {
			if (s[i] == '\\')
				i++;
			else if (s[i] == '"')
				text = false;
			continue;
		}
		if (s[i] == '"')
			text = true;
		else if (s[i] == '{' || s[i] == '[')
			depth++;
		else if (s[i] == '}' || s[i] == ']')
			depth--;
		else if (!s[i] || json_minus_zero(s + i, n - i))
			return JSON_MALFORMED;
		if (depth > JSON_DEPTH_MAX)
			return JSON_TOO_DEEP;
	}
	return 0;
}

int json_read(const void *bytes, size_t n, json_t **out)
{
	int outcome = n ? json_look(bytes, n) : JSON_MALFORMED;
	json_t *value;

	*out = NULL;
	if (outcome)
		return outcome;
	value = json_loadb(bytes, n, JSON_REJECT_DUPLICATES, NULL);
	if (!value)
		return JSON_MALFORMED;
	if (!json_is_object(value)) {
		json_decref(value);
		return JSON_NOT_OBJECT;
	}
	*out = value;
	return 0;
}

char *json_write(const json_t *value)
{
	char *text = json_dumps(value, JSON_COMPACT);

	/* NULL is either no memory, which leaves, or a bug of ours: a value that is no object or list. */
	return text ? text : mem_text("null");
}

void json_release(json_t **value)
{
	json_decref(*value);
	*value = NULL;
}

/* One check per kind: NULL when fine, else what would be right (a gift). */
static char *check_text(const json_t *v, const struct json_field *f)
{
	int64_t length = json_is_string(v) ? (int64_t)text_length(json_string_value(v)) : -1;

	if (length >= f->min && length <= f->max)
		return NULL;
	return f->min == f->max ? mem_format("a text of %lld characters", (long long)f->max)
				: mem_format("a text of %lld to %lld characters", (long long)f->min, (long long)f->max);
}

static char *check_int(const json_t *v, const struct json_field *f)
{
	if (json_is_integer(v) && json_integer_value(v) >= f->min && json_integer_value(v) <= f->max)
		return NULL;
	return mem_format("a whole number from %lld to %lld", (long long)f->min, (long long)f->max);
}

static char *check_bool(const json_t *v, const struct json_field *f UNUSED)
{
	return json_is_boolean(v) ? NULL : mem_text("true or false");
}

static char *check_hex(const json_t *v, const struct json_field *f)
{
	size_t n = json_is_string(v) ? json_string_length(v) : 1;
	size_t right = json_is_string(v) ? strspn(json_string_value(v), "0123456789abcdef") : 0;
	bool whole = n % 2 == 0 && right == n;

	if (whole && (f->min == 1 ? n <= 2 * (size_t)f->max : n == 2 * (size_t)f->max))
		return NULL;
	return mem_format("%s %lld bytes as lower-case hexadecimal", f->min == 1 ? "at most" : "exactly",
			  (long long)f->max);
}

static char *check_code(const json_t *v, const struct json_field *f)
{
	struct buf list = { 0 };

	for (size_t i = 0; json_is_string(v) && f->codes[i]; i++)
		if (!strcmp(json_string_value(v), f->codes[i]))
			return NULL;
	buf_text(&list, "one of");
	for (size_t i = 0; f->codes[i]; i++)
		buf_format(&list, "%s \"%s\"", i ? "," : "", f->codes[i]);
	return list.data;
}

static char *check_time(const json_t *v, const struct json_field *f UNUSED)
{
	int64_t at_ms;

	if (json_is_string(v) && clock_parse(json_string_value(v), &at_ms) == 0)
		return NULL;
	return mem_text("a time like \"2026-11-23T06:41:23Z\"");
}

static char *check_list(const json_t *v, const struct json_field *f)
{
	if (json_is_array(v) && json_array_size(v) <= (size_t)f->max)
		return NULL;
	return mem_format("a list of at most %lld", (long long)f->max);
}

static char *check_object(const json_t *v, const struct json_field *f UNUSED)
{
	return json_is_object(v) ? NULL : mem_text("an object");
}

static char *(*const json_checks[])(const json_t *, const struct json_field *) = {
	[JSON_TEXT] = check_text, [JSON_INT] = check_int,   [JSON_BOOL] = check_bool, [JSON_HEX] = check_hex,
	[JSON_CODE] = check_code, [JSON_TIME] = check_time, [JSON_LIST] = check_list, [JSON_OBJ] = check_object,
};

static char *json_check_field(const json_t *object, const struct json_field *f)
{
	const json_t *v = json_object_get(object, f->name);
	AUTO(mem_free) char *right = NULL;

	if (!v || json_is_null(v))
		return f->required ? mem_format("The field \"%s\" is missing.", f->name) : NULL;
	right = json_checks[f->kind](v, f);
	return right ? mem_format("The field \"%s\" must be %s.", f->name, right) : NULL;
}

static bool json_declared(const char *name, const struct json_field *fields, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(fields[i].name, name))
			return true;
	return false;
}

/* The name comes from outside: shown cut, and with nothing that could break out of a sentence or a line. */
static char *json_unknown(const char *name)
{
	char shown[JSON_NAME_SHOWN + 1];
	size_t n = 0;

	for (; name[n] && n < JSON_NAME_SHOWN; n++)
		shown[n] = (name[n] >= '0' && name[n] <= '9') || (name[n] >= 'a' && name[n] <= 'z') ||
					   (name[n] >= 'A' && name[n] <= 'Z') || name[n] == '_' || name[n] == '-'
				   ? name[n]
				   : '?';
	shown[n] = 0;
	return mem_format("The field \"%s\" is not known here.", shown);
}

int json_check(const json_t *object, const struct json_field *fields, size_t count, char **why)
{
	/* jansson's iterators want an object they could change; these do not. */
	json_t *each = (json_t *)(uintptr_t)object;
	const char *name;
	json_t *value;

	*why = NULL;
	json_object_foreach(each, name, value) {
		if (json_declared(name, fields, count))
			continue;
		*why = json_unknown(name);
		break;
	}
	for (size_t i = 0; !*why && i < count; i++)
		*why = json_check_field(object, &fields[i]);
	return *why != NULL;
}

const char *json_text(const json_t *object, const char *name)
{
	return json_string_value(json_object_get(object, name));
}

int64_t json_int(const json_t *object, const char *name, int64_t otherwise)
{
	const json_t *v = json_object_get(object, name);

	return json_is_integer(v) ? json_integer_value(v) : otherwise;
}

bool json_bool(const json_t *object, const char *name, bool otherwise)
{
	const json_t *v = json_object_get(object, name);

	return json_is_boolean(v) ? json_is_true(v) : otherwise;
}

size_t json_hex(const json_t *object, const char *name, uint8_t *out, size_t bytes)
{
	const char *hex = json_text(object, name);

	return hex ? hex_read(hex, out, bytes) : 0;
}

void json_set_hex(json_t *object, const char *name, const uint8_t *p, size_t n)
{
	char *hex = mem_new(2 * n + 1);

	hex_write(hex, p, n);
	json_object_set_new(object, name, json_string(hex));
	mem_free(&hex);
}

void json_set_time(json_t *object, const char *name, int64_t at_ms)
{
	char text[CLOCK_TEXT_BYTES];

	json_object_set_new(object, name, at_ms > 0 ? json_string(clock_text(at_ms, text)) : json_null());
}
