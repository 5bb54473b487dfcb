/* SPDX-License-Identifier: Apache-2.0 */
/*
 * UTF-8 text from people, pure. Called by every room that takes, matches or shows words: intake and web check what
 * comes in, the worker folds before matching, templates escape. It never changes an original (folding gives a copy)
 * and never logs. Unicode tables are utf8proc's; this file is the only one that includes it.
 */
#include "text.h"

#include <string.h>
#include <utf8proc.h>

enum {
	TEXT_MARKS_MAX = 2,   /* a letter of a living script carries at most two marks; more is a tower */
	TEXT_LINE_SHORT = 2,  /* a "line" of one or two characters is a word written downwards */
};

bool text_valid(const char *s, size_t n)
{
	const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)s;
	size_t at = 0;

	while (at < n) {
		utf8proc_int32_t point;
		utf8proc_ssize_t took;

		if (p[at] == 0)
			return false;
		if (p[at] < 0x80) {
			at++;
			continue;
		}
		took = utf8proc_iterate(p + at, (utf8proc_ssize_t)(n - at), &point);
		if (took <= 0)
			return false;
		at += (size_t)took;
	}
	return true;
}

void text_repair(char *s)
{
	utf8proc_ssize_t left = (utf8proc_ssize_t)strlen(s);

	while (left > 0) {
		utf8proc_int32_t point;
		utf8proc_ssize_t took = utf8proc_iterate((const utf8proc_uint8_t *)s, left, &point);

		if (took <= 0 || point < ' ' || point == 0x7F) {
			*s = '?';
			took = 1;
		}
		s += took;
		left -= took;
	}
}

size_t text_length(const char *s)
{
	size_t points = 0;

	for (; *s; s++)
		points += ((unsigned char)*s & 0xC0) != 0x80;
	return points;
}

static bool point_is_space(utf8proc_int32_t c)
{
	utf8proc_category_t kind;

	if (c < 0x80)
		return c <= ' ' || c == 0x7F;
	if (c > 0x3000 && c < 0xA000) /* what texts here are made of */
		return false;
	kind = utf8proc_category(c);
	return kind == UTF8PROC_CATEGORY_ZS || kind == UTF8PROC_CATEGORY_ZL || kind == UTF8PROC_CATEGORY_ZP ||
	       kind == UTF8PROC_CATEGORY_CC || c == 0x2800; /* the blank braille cell is drawn as nothing */
}

static bool point_is_break(utf8proc_int32_t c)
{
	return (c >= '\n' && c <= '\r') || c == 0x85 || c == 0x2028 || c == 0x2029;
}

static bool point_is_unseen(utf8proc_int32_t c)
{
	return utf8proc_category(c) == UTF8PROC_CATEGORY_CF || utf8proc_get_property(c)->ignorable;
}

static bool point_is_mark(utf8proc_int32_t c)
{
	utf8proc_category_t kind = utf8proc_category(c);

	return kind == UTF8PROC_CATEGORY_MN || kind == UTF8PROC_CATEGORY_ME;
}

/* Marks that belong to no script: strokes and rings set over any letter, never part of how a word is spelled here. */
static bool point_is_decoration(utf8proc_int32_t c)
{
	static const utf8proc_int32_t span[][2] = { { 0x0300, 0x036F }, { 0x0483, 0x0489 }, { 0x1AB0, 0x1AFF },
						    { 0x1DC0, 0x1DFF }, { 0x20D0, 0x20FF }, { 0xFE20, 0xFE2F } };

	for (size_t i = 0; i < ARRAY_LEN(span); i++)
		if (c >= span[i][0] && c <= span[i][1])
			return true;
	return false;
}

static bool point_is_han(utf8proc_int32_t c)
{
	static const utf8proc_int32_t span[][2] = { { 0x3005, 0x3005 }, { 0x3007, 0x3007 }, { 0x3400, 0x4DBF },
						    { 0x4E00, 0x9FFF }, { 0xF900, 0xFAFF }, { 0x20000, 0x323AF } };

	for (size_t i = 0; i < ARRAY_LEN(span); i++)
		if (c >= span[i][0] && c <= span[i][1])
			return true;
	return false;
}

bool text_blank(const char *s)
{
	const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)s;
	utf8proc_int32_t c;
	utf8proc_ssize_t took;

	for (; *p; p += took) {
		took = utf8proc_iterate(p, -1, &c);
		if (took <= 0)
			return false;
		if (!point_is_space(c) && !point_is_unseen(c))
			return false;
	}
	return true;
}

/* What a character of an ordinary Chinese text becomes: Han, ASCII and its full-width twins, common stops. 0: none of
 * these. */
static utf8proc_int32_t point_plain(utf8proc_int32_t c)
{
	if (c >= 0x4E00 && c <= 0x9FFF)
		return c;
	if (c >= 0xFF01 && c <= 0xFF5E)
		c -= 0xFEE0;
	if (c >= 'A' && c <= 'Z')
		return c + ('a' - 'A');
	if (c < 0x80)
		return c >= 0 ? c : 0;
	if (c == 0x3000)
		return ' ';
	return c == 0x3001 || c == 0x3002 || c == 0x300A || c == 0x300B || c == 0x201C || c == 0x201D ? c : 0;
}

/* A text of such characters alone, folded without asking utf8proc about each of them; < 0: there are others. */
static utf8proc_ssize_t fold_plain(const char *s, utf8proc_int32_t **points)
{
	const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)s;
	utf8proc_ssize_t n = 0;

	*points = mem_array(strlen(s) + 1, sizeof(**points));
	while (*p) {
		utf8proc_int32_t c = *p++;

		if ((c & 0xF0) == 0xE0 && (p[0] & 0xC0) == 0x80 && (p[1] & 0xC0) == 0x80) {
			c = (c & 0x0F) << 12 | (p[0] & 0x3F) << 6 | (p[1] & 0x3F);
			p += 2;
		} else if (c >= 0x80) {
			c = 0;
		}
		(*points)[n] = point_plain(c);
		if (!(*points)[n++]) {
			mem_free(points);
			return -1;
		}
	}
	return n;
}

/* Code points of s in NFKC, case-folded, without ignorable ones. Gives *points; returns how many, or < 0 on bad
 * UTF-8. */
static utf8proc_ssize_t fold_points(const char *s, utf8proc_int32_t **points)
{
	const utf8proc_option_t how = UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD |
				      UTF8PROC_IGNORE;
	const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)s;
	utf8proc_ssize_t bytes = (utf8proc_ssize_t)strlen(s), room = bytes + 16, got;

	*points = mem_array((size_t)room + 1, sizeof(**points));
	got = utf8proc_decompose(p, bytes, *points, room, how);
	if (got > room) { /* a few characters stand for whole words (U+FDFA) and grow past their bytes */
		room = got;
		*points = mem_resize(*points, ((size_t)room + 1) * sizeof(**points));
		got = utf8proc_decompose(p, bytes, *points, room, how);
	}
	return got < 0 ? got : utf8proc_normalize_utf32(*points, got, how);
}

/* Drops what cannot be seen and what only decorates; works in place, returns the new length. */
static size_t fold_strip(utf8proc_int32_t *c, size_t n)
{
	size_t kept = 0, marks = 0;

	for (size_t i = 0; i < n; i++) {
		if (point_is_unseen(c[i]) || point_is_decoration(c[i]))
			continue;
		marks = point_is_mark(c[i]) ? marks + 1 : 0;
		if (marks <= TEXT_MARKS_MAX)
			c[kept++] = c[i];
	}
	return kept;
}

/* Length of the line that begins at `from`, counted to at most one more than what is called short. */
static size_t line_length(const utf8proc_int32_t *c, size_t n, size_t from)
{
	size_t seen = 0;

	for (size_t i = from; i < n && seen <= TEXT_LINE_SHORT && !point_is_break(c[i]); i++)
		seen += !point_is_space(c[i]);
	return seen;
}

/* What a run of white space becomes: nothing, one space, or one line break. line: characters written since the last
 * break. */
static char fold_gap(utf8proc_int32_t before, utf8proc_int32_t after, bool breaks, size_t line, size_t next_line)
{
	bool han = point_is_han(before) && point_is_han(after);

	if (breaks)
		return han && (line <= TEXT_LINE_SHORT || next_line <= TEXT_LINE_SHORT) ? 0 : '\n';
	return han ? 0 : ' ';
}

static void fold_write(struct buf *out, const utf8proc_int32_t *c, size_t n)
{
	utf8proc_uint8_t bytes[4];
	utf8proc_int32_t before = 0;
	size_t line = 0;

	for (size_t i = 0; i < n; i++) {
		size_t from = i;
		bool breaks = false;

		for (; i < n && point_is_space(c[i]); i++)
			breaks = breaks || point_is_break(c[i]);
		if (i == n)
			break;
		if (i > from && before) {
			char gap = fold_gap(before, c[i], breaks, line, line_length(c, n, i));

			if (gap)
				buf_add(out, &gap, 1);
		}
		line = breaks ? 1 : line + 1;
		before = c[i];
		buf_add(out, bytes, (size_t)utf8proc_encode_char(c[i], bytes));
	}
}

char *text_fold(const char *s)
{
	AUTO(mem_free) utf8proc_int32_t *points = NULL;
	utf8proc_ssize_t n = fold_plain(s, &points);
	struct buf out = { 0 };

	if (n < 0) {
		n = fold_points(s, &points);
		if (n < 0)
			return mem_text(s);
		n = (utf8proc_ssize_t)fold_strip(points, (size_t)n);
	}
	buf_text(&out, "");
	fold_write(&out, points, (size_t)n);
	return out.data;
}

static const char *html_entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

void text_html(struct buf *out, const char *s)
{
	while (*s) {
		size_t plain = strcspn(s, "&<>\"'");
		const char *entity;

		buf_add(out, s, plain);
		s += plain;
		entity = html_entity(*s);
		if (entity) {
			buf_text(out, entity);
			s++;
		}
	}
}

bool text_same(const void *a, const void *b, size_t n)
{
	const volatile uint8_t *x = a, *y = b;
	uint8_t differ = 0;

	for (size_t i = 0; i < n; i++)
		differ |= (uint8_t)(x[i] ^ y[i]);
	return differ == 0;
}

void hex_write(char *out, const void *p, size_t n)
{
	static const char digit[] = "0123456789abcdef";
	const uint8_t *b = p;

	for (size_t i = 0; i < n; i++) {
		*out++ = digit[b[i] >> 4];
		*out++ = digit[b[i] & 15];
	}
	*out = 0;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

size_t hex_read(const char *hex, void *out, size_t room)
{
	size_t n = strlen(hex);
	uint8_t *b = out;

	if (n % 2 || n / 2 > room)
		return 0;
	for (size_t i = 0; i < n; i += 2)
		if (hex_digit(hex[i]) < 0 || hex_digit(hex[i + 1]) < 0)
			return 0;
	for (size_t i = 0; i < n; i += 2)
		b[i / 2] = (uint8_t)(hex_digit(hex[i]) * 16 + hex_digit(hex[i + 1]));
	return n / 2;
}
