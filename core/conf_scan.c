/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One pass over a configuration file before libconfig sees it. libconfig 1.5 lets much through silently: a number that
 * wraps, 08 read as 8, a dropped \x00, included files. Each of these is refused here with its line. The pass also
 * turns the words on, off, yes and no into booleans, so that `portal = off` means what it says. It knows nothing of
 * keys.
 */
#include "conf_schema.h"
#include "text.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { DEPTH_MAX = 16, NAME_SHOWN = 40, DIGITS_MAX = 18 };

struct scan {
	const char *at, *end;
	int line;
	char open[DEPTH_MAX];  /* the brackets we are in */
	int depth;
	bool value_next;       /* after = or : */
	char name[NAME_SHOWN]; /* the last name seen, for sentences */
	struct buf *out;
	char *why;
};

static bool refuse(struct scan *s, const char *fmt, ...) PRINTF(2, 3);
static bool refuse(struct scan *s, const char *fmt, ...)
{
	char sentence[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(sentence, sizeof(sentence), fmt, ap);
	va_end(ap);
	s->why = mem_format("line %d: %s", s->line, sentence);
	return false;
}

static void copy(struct scan *s, size_t n)
{
	buf_add(s->out, s->at, n);
	s->at += n;
}

static bool in_value(const struct scan *s)
{
	return s->value_next || (s->depth && s->open[s->depth - 1] != '{');
}

static bool scan_comment(struct scan *s)
{
	const char *stop;

	if (*s->at == '#' || s->at[1] == '/') {
		stop = memchr(s->at, '\n', (size_t)(s->end - s->at));
		copy(s, (size_t)((stop ? stop : s->end) - s->at));
		return true;
	}
	stop = memmem(s->at + 2, (size_t)(s->end - s->at - 2), "*/", 2);
	if (!stop)
		return refuse(s, "this comment is never closed; put */ at its end.");
	for (const char *p = s->at; p < stop; p++)
		s->line += *p == '\n';
	copy(s, (size_t)(stop + 2 - s->at));
	return true;
}

static bool scan_string(struct scan *s)
{
	size_t n = 1;

	while (s->at + n < s->end && s->at[n] != '"' && s->at[n] != '\n') {
		if (s->at[n] == '\\' && s->at + n + 3 < s->end && s->at[n + 1] == 'x' && s->at[n + 2] == '0' && s->at[n + 3] == '0')
			return refuse(s, "the text of %s holds \\x00, which cannot be part of a text; take it out.", s->name);
		n += s->at[n] == '\\' && s->at + n + 1 < s->end && s->at[n + 1] != '\n' ? 2 : 1;
	}
	if (s->at + n >= s->end || s->at[n] != '"')
		return refuse(s,
		              "the text of %s has no closing quote on its line; add one (a long text may be several quoted "
		              "pieces).",
		              s->name[0] ? s->name : "a key");
	copy(s, n + 1);
	s->value_next = false;
	return true;
}

static bool scan_bracket(struct scan *s)
{
	static const char opening[] = "({[", closing[] = ")}]";
	const char *o = strchr(opening, *s->at), *c = strchr(closing, *s->at);

	if (o && s->depth == DEPTH_MAX)
		return refuse(s, "brackets are nested more than %d deep; no key needs that.", DEPTH_MAX);
	if (o)
		s->open[s->depth++] = *o;
	if (c && (s->depth == 0 || s->open[s->depth - 1] != opening[c - closing]))
		return refuse(s, "this %c closes nothing; take it out or add its opening bracket.", *c);
	if (c)
		s->depth--;
	s->value_next = false;
	copy(s, 1);
	return true;
}

static bool scan_number(struct scan *s, const char *word, size_t n)
{
	size_t sign = *word == '-' || *word == '+', digits = strspn(word + sign, "0123456789");
	size_t tail = n - sign - digits;
	int w = (int)(n > NAME_SHOWN ? NAME_SHOWN : n);
	bool is_long = tail > 0 && strspn(word + sign + digits, "L") == tail;

	if (digits == 1 && word[sign] == '0' && tail && strchr("xX", word[sign + 1]))
		return refuse(s, "%s = %.*s: hexadecimal numbers are not read reliably; write it in decimal.", s->name, w, word);
	if (digits > 1 && word[sign] == '0')
		return refuse(s, "%s = %.*s: a number must not begin with 0; leave the zero out.", s->name, w, word);
	if (digits > DIGITS_MAX)
		return refuse(s, "%s = %.*s: this number is too long for any key.", s->name, w, word);
	if (tail && !is_long && !strchr(".eE", word[sign + digits]))
		return refuse(s, "%s = %.*s: a value with letters must be in quotes, such as \"%.*s\".", s->name, w, word, w, word);
	if (!tail && strtoll(word, NULL, 10) != (int)strtoll(word, NULL, 10))
		return refuse(s, "%s = %.*s: this number is too large for any key.", s->name, w, word);
	s->value_next = false;
	copy(s, n);
	return true;
}

static bool scan_word(struct scan *s, const char *word, size_t n)
{
	static const struct {
		const char *word, *means;
	} booleans[] = { { "on", "true" }, { "yes", "true" }, { "true", "true" }, { "off", "false" }, { "no", "false" },
		         { "false", "false" } };
	int w = (int)(n > NAME_SHOWN - 1 ? NAME_SHOWN - 1 : n);

	if (!in_value(s)) {
		snprintf(s->name, sizeof(s->name), "%.*s", w, word);
		copy(s, n);
		return true;
	}
	for (size_t i = 0; i < ARRAY_LEN(booleans); i++)
		if (strlen(booleans[i].word) == n && strncasecmp(booleans[i].word, word, n) == 0) {
			buf_text(s->out, booleans[i].means);
			s->at += n;
			s->value_next = false;
			return true;
		}
	return refuse(s, "%s = %.*s: a text must be in quotes, such as \"%.*s\".", s->name, w, word, w, word);
}

static bool scan_token(struct scan *s)
{
	static const char part[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.*+-";
	char *word = NULL;
	size_t n = 0;
	bool fine;

	while (s->at + n < s->end && s->at[n] && strchr(part, s->at[n]))
		n++;
	if (n == 0)
		return refuse(s, "the character %.*s does not belong here; texts stand in quotes.",
		              (unsigned char)*s->at >= 0x80 ? 3 : 1, s->at);
	word = mem_copy(s->at, n);
	fine = in_value(s) && strchr("0123456789+-", *word) ? scan_number(s, word, n) : scan_word(s, word, n);
	mem_free(&word);
	return fine;
}

static bool scan_next(struct scan *s)
{
	char c = *s->at;

	if (c == '\n')
		s->line++;
	if (c == '@')
		return refuse(s, "@include is not supported; one installation has one file.");
	if (c == '#' || (c == '/' && s->at + 1 < s->end && strchr("/*", s->at[1])))
		return scan_comment(s);
	if (c == '"')
		return scan_string(s);
	if (strchr("({[)}]", c))
		return scan_bracket(s);
	if (!strchr(" \t\r\n=:;,", c))
		return scan_token(s);
	if (c == '=' || c == ':')
		s->value_next = true;
	if (c == ';')
		s->value_next = false;
	copy(s, 1);
	return true;
}

/* Line by line, so that the sentence can name the line. */
static bool scan_bytes(struct scan *s)
{
	for (const char *p = s->at; p < s->end; s->line++) {
		const char *stop = memchr(p, '\n', (size_t)(s->end - p));
		size_t n = (size_t)((stop ? stop : s->end) - p);

		if (memchr(p, 0, n))
			return refuse(s, "there is a NUL byte here; save the file as plain UTF-8 text.");
		if (!text_valid(p, n))
			return refuse(s, "this is not valid UTF-8; save the file as UTF-8.");
		for (size_t i = 0; i < n; i++)
			if (iscntrl((unsigned char)p[i]) && !strchr("\t\r", p[i]))
				return refuse(s, "there is a control character (code %d) here; take it out.", p[i]);
		p += n + 1;
	}
	s->line = 1;
	return true;
}

int conf_scan(const char *text, size_t bytes, struct buf *out, char **why)
{
	struct scan s = { .at = text, .end = text + bytes, .line = 1, .out = out };
	bool fine;

	if (bytes >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		s.at += 3;
	buf_text(out, "");
	fine = scan_bytes(&s);
	while (fine && s.at < s.end)
		fine = scan_next(&s);
	if (fine && s.depth)
		fine = refuse(&s, "a %c is never closed.", s.open[s.depth - 1]);
	buf_text(out, "\n"); /* libconfig wants one behind a last comment */
	*why = s.why;
	return fine ? 0 : 1;
}
