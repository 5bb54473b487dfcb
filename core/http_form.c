/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names and values of a query or a form (application/x-www-form-urlencoded), strictly: every escape must be one, the
 * result must be UTF-8 without NUL, and a name may come once. libmicrohttpd's own decoders are not used: they cut at
 * NUL and let bad escapes through. Pure.
 */
#include "http_impl.h"

#include "text.h"

#include <string.h>

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Decodes n bytes in place; gives the length, or -1. */
static long form_decode(char *s, size_t n)
{
	size_t out = 0;

	for (size_t i = 0; i < n; i++) {
		if (s[i] == '%') {
			int high = i + 2 < n ? hex_value(s[i + 1]) : -1, low = high < 0 ? -1 : hex_value(s[i + 2]);

			if (low < 0)
				return -1;
			s[out++] = (char)(high * 16 + low);
			i += 2;
		} else {
			s[out++] = (char)(s[i] == '+' ? ' ' : s[i]);
		}
	}
	if (!text_valid(s, out))
		return -1;
	s[out] = 0;
	return (long)out;
}

static void pairs_add(struct http_pairs *pairs, char *name, char *end)
{
	char *equals = memchr(name, '=', (size_t)(end - name));
	char *value = equals ? equals + 1 : end;

	/* The byte behind name and value is theirs to end with: '=', '&' or the NUL behind the text. */
	if (form_decode(name, (size_t)((equals ? equals : end) - name)) < 1 ||
	    (equals && form_decode(value, (size_t)(end - value)) < 0) || pairs->count == HTTP_PAIRS_MAX) {
		pairs->bad = true;
		return;
	}
	for (size_t i = 0; i < pairs->count; i++)
		if (!strcmp(pairs->pair[i].name, name))
			pairs->bad = true;
	pairs->pair[pairs->count++] = (struct http_pair){ .name = name, .value = equals ? value : "" };
}

void http_pairs_read(struct http_pairs *pairs, const char *text, size_t n)
{
	size_t count = 1;
	char *s, *end;

	if (pairs->read)
		return;
	pairs->read = true;
	if (!n)
		return;
	pairs->text = s = mem_copy(text, n);
	pairs->bytes = n;
	for (size_t i = 0; i < n; i++)
		count += s[i] == '&';
	pairs->pair = mem_array(count < HTTP_PAIRS_MAX ? count : HTTP_PAIRS_MAX, sizeof(struct http_pair));
	for (char *stop = s + n; s < stop && !pairs->bad; s = end + 1) {
		end = memchr(s, '&', (size_t)(stop - s));
		if (!end)
			end = stop;
		pairs_add(pairs, s, end);
	}
}

void http_pairs_read_cookies(struct http_pairs *pairs, const char *text, size_t n)
{
	char *rest;

	pairs->read = true;
	pairs->text = rest = mem_copy(text, n);
	pairs->bytes = n;
	pairs->pair = mem_array(HTTP_PAIRS_MAX, sizeof(struct http_pair));
	for (char *one; (one = strsep(&rest, ";")) != NULL;) {
		char *value = strchr(one, '=');

		if (!value)
			continue;
		*value++ = 0;
		if (pairs->count == HTTP_PAIRS_MAX) {
			pairs->bad = true;
			return;
		}
		one += strspn(one, " \t");
		value[strcspn(value, " \t")] = 0;
		pairs->pair[pairs->count++] = (struct http_pair){ .name = one, .value = value };
	}
}

const char *http_pairs_find(const struct http_pairs *pairs, const char *name)
{
	/* In a text that is bad as a whole no value is better than another. */
	for (size_t i = 0; !pairs->bad && i < pairs->count; i++)
		if (!strcmp(pairs->pair[i].name, name))
			return pairs->pair[i].value;
	return NULL;
}

void http_pairs_finish(struct http_pairs *pairs)
{
	if (pairs->text)
		explicit_bzero(pairs->text, pairs->bytes);
	mem_free(&pairs->text);
	mem_free(&pairs->pair);
	*pairs = (struct http_pairs){ 0 };
}
