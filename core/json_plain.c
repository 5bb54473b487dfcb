/* SPDX-License-Identifier: Apache-2.0 */
/* Plain JSON. See json_plain.h. Pure; never decides that something is wrong: it only gives up. */
#include "json_plain.h"

#include "mem.h"
#include "text.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { PLAIN_DEPTH_MAX = 16 };

/* ---- reading ---- */

struct reader {
	const char *at, *end;
	int depth;
};

static json_t *read_value(struct reader *r);

static void skip_space(struct reader *r)
{
	while (r->at < r->end && (*r->at == ' ' || *r->at == '\n' || *r->at == '\r' || *r->at == '\t'))
		r->at++;
}

/* Takes the next byte that is no white space where it is that one. */
static bool take(struct reader *r, char c)
{
	skip_space(r);
	if (r->at == r->end || *r->at != c)
		return false;
	r->at++;
	return true;
}

/* A text without escapes, behind its opening quote: lends it. */
static const char *take_text(struct reader *r, size_t *n)
{
	const char *from = r->at;
	bool ascii = true;

	for (; r->at < r->end && *r->at != '"'; r->at++) {
		unsigned char c = (unsigned char)*r->at;

		if (c < 0x20 || c == '\\')
			return NULL;
		ascii = ascii && c < 0x80;
	}
	if (r->at == r->end)
		return NULL;
	*n = (size_t)(r->at++ - from);
	return ascii || text_valid(from, *n) ? from : NULL;
}

static json_t *read_text(struct reader *r)
{
	size_t n;
	const char *text = take_text(r, &n);

	return text ? json_stringn_nocheck(text, n) : NULL;
}

/* A whole number without a leading zero; what follows it ends a value. (The smallest of all is left to jansson.) */
static json_t *read_number(struct reader *r)
{
	bool minus = *r->at == '-';
	const char *from = r->at += minus;
	int64_t n = 0;

	for (; r->at < r->end && *r->at >= '0' && *r->at <= '9'; r->at++)
		if (__builtin_mul_overflow(n, 10, &n) || __builtin_add_overflow(n, *r->at - '0', &n))
			return NULL;
	if (r->at == from || r->at == r->end || !strchr(",]} \n\r\t", *r->at) || (*from == '0' && (r->at - from > 1 || minus)))
		return NULL;
	return json_integer(minus ? -n : n);
}

static json_t *read_word(struct reader *r, const char *word, json_t *value)
{
	size_t n = strlen(word);

	if ((size_t)(r->end - r->at) < n || memcmp(r->at, word, n) != 0)
		return NULL;
	r->at += n;
	return value; /* true, false and null are not counted */
}

static bool read_member(struct reader *r, json_t *object)
{
	const char *name;
	size_t n, before = json_object_size(object);
	json_t *value;

	if (!take(r, '"'))
		return false;
	name = take_text(r, &n);
	if (!name || !take(r, ':'))
		return false;
	value = read_value(r);
	return value && !json_object_setn_new_nocheck(object, name, n, value) && json_object_size(object) > before;
}

static bool read_item(struct reader *r, json_t *list)
{
	json_t *value = read_value(r);

	return value && !json_array_append_new(list, value);
}

/* What stands between a bracket and the one that closes it. */
static json_t *read_parts(struct reader *r, json_t *whole, bool (*part)(struct reader *, json_t *), char closing)
{
	bool fine = whole && ++r->depth <= PLAIN_DEPTH_MAX, ended = fine && take(r, closing);

	while (fine && !ended) {
		fine = part(r, whole);
		ended = fine && take(r, closing);
		fine = fine && (ended || take(r, ','));
	}
	r->depth--;
	if (fine)
		return whole;
	json_decref(whole);
	return NULL;
}

static json_t *read_value(struct reader *r)
{
	skip_space(r);
	if (r->at == r->end)
		return NULL;
	switch (*r->at) {
	case '{':
		r->at++;
		return read_parts(r, json_object(), read_member, '}');
	case '[':
		r->at++;
		return read_parts(r, json_array(), read_item, ']');
	case '"':
		r->at++;
		return read_text(r);
	case 't':
		return read_word(r, "true", json_true());
	case 'f':
		return read_word(r, "false", json_false());
	case 'n':
		return read_word(r, "null", json_null());
	default:
		return read_number(r);
	}
}

json_t *json_plain_read(const char *bytes, size_t n)
{
	struct reader r = { bytes, bytes + n, 0 };
	json_t *value = take(&r, '{') ? read_parts(&r, json_object(), read_member, '}') : NULL;

	skip_space(&r);
	if (value && r.at == r.end)
		return value;
	json_decref(value);
	return NULL;
}

/* ---- writing ---- */

static bool write_value(struct buf *out, const json_t *value, int depth);

static bool write_text(struct buf *out, const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)text[i] < 0x20 || text[i] == '"' || text[i] == '\\')
			return false;
	buf_add(out, "\"", 1);
	buf_add(out, text, n);
	buf_add(out, "\"", 1);
	return true;
}

static bool write_number(struct buf *out, int64_t number)
{
	char digits[24];
	size_t at = sizeof(digits);
	uint64_t n = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;

	do
		digits[--at] = (char)('0' + n % 10);
	while (n /= 10);
	if (number < 0)
		digits[--at] = '-';
	buf_add(out, digits + at, sizeof(digits) - at);
	return true;
}

static bool write_object(struct buf *out, const json_t *object, int depth)
{
	/* jansson's iterators want an object they could change; these do not. */
	json_t *each = (json_t *)(uintptr_t)object;
	bool first = true;

	buf_add(out, "{", 1);
	for (void *i = json_object_iter(each); i; i = json_object_iter_next(each, i)) {
		const char *name = json_object_iter_key(i);

		if (!first)
			buf_add(out, ",", 1);
		first = false;
		if (!write_text(out, name, json_object_iter_key_len(i)))
			return false;
		buf_add(out, ":", 1);
		if (!write_value(out, json_object_iter_value(i), depth + 1))
			return false;
	}
	buf_add(out, "}", 1);
	return true;
}

static bool write_list(struct buf *out, const json_t *list, int depth)
{
	buf_add(out, "[", 1);
	for (size_t i = 0; i < json_array_size(list); i++) {
		if (i)
			buf_add(out, ",", 1);
		if (!write_value(out, json_array_get(list, i), depth + 1))
			return false;
	}
	buf_add(out, "]", 1);
	return true;
}

static bool write_value(struct buf *out, const json_t *value, int depth)
{
	if (depth > PLAIN_DEPTH_MAX)
		return false;
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return write_object(out, value, depth);
	case JSON_ARRAY:
		return write_list(out, value, depth);
	case JSON_STRING:
		return write_text(out, json_string_value(value), json_string_length(value));
	case JSON_INTEGER:
		return write_number(out, json_integer_value(value));
	case JSON_TRUE:
		buf_add(out, "true", 4);
		return true;
	case JSON_FALSE:
		buf_add(out, "false", 5);
		return true;
	case JSON_NULL:
		buf_add(out, "null", 4);
		return true;
	default:
		return false;
	}
}

char *json_plain_write(const json_t *value)
{
	struct buf out = { 0 };

	if (value && (json_is_object(value) || json_is_array(value)) && write_value(&out, value, 1))
		return out.data;
	buf_finish(&out);
	return NULL;
}
