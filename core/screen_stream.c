/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A folded text made ready for matching: symbols set between the characters of a word are dropped, traditional
 * characters become simplified ones, stops become clause and sentence numbers. "自*杀", "自.杀", "自😀杀" and
 * "自，杀。" read as one word; "我来自，杀…" does not; a picture that stands for a word ("💊") is read as it. Used on
 * texts and on the words of the rules alike, so both always meet. Pure.
 */
#include "screen_part.h"

#include "mem.h"
#include "text.h"

#include <string.h>

static uint32_t utf8_next(const char **s)
{
	const unsigned char *p = (const unsigned char *)*s;
	uint32_t c = *p++;
	int more = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : c >= 0xC0 ? 1 : 0;

	if (more)
		c &= 0x3Fu >> more;
	for (; more && (*p & 0xC0) == 0x80; more--)
		c = c << 6 | (*p++ & 0x3F);
	*s = (const char *)p;
	return c;
}

enum kind {
	KIND_LATIN,
	KIND_HAN,
	KIND_SPACE,
	KIND_JOIN,
	KIND_SYMBOL,
	KIND_PAUSE,
	KIND_COMMA,
	KIND_STOP,
	KIND_TITLE_ON,
	KIND_TITLE_OFF
};

/* Code points that are no letters; everything else beyond ASCII is taken for one. */
static bool point_is_symbol(uint32_t c)
{
	static const uint32_t span[][2] = {
		{ 0x80, 0xBF },     { 0xD7, 0xD7 },     { 0xF7, 0xF7 },     { 0x2000, 0x206F },   { 0x20A0, 0x20CF },
		{ 0x2190, 0x2BFF }, { 0x3000, 0x3004 }, { 0x3008, 0x3020 }, { 0x3030, 0x3030 },   { 0x303D, 0x303F },
		{ 0x30FB, 0x30FB }, { 0xE000, 0xF8FF }, { 0xFE00, 0xFE6F }, { 0xFF00, 0xFF0F },   { 0xFF1A, 0xFF20 },
		{ 0xFF3B, 0xFF40 }, { 0xFF5B, 0xFF65 }, { 0xFFE0, 0xFFFF }, { 0x1F000, 0x1FAFF }, { 0xE0000, 0x10FFFF }
	};

	for (size_t i = 0; i < ARRAY_LEN(span); i++)
		if (c >= span[i][0] && c <= span[i][1])
			return true;
	return false;
}

static enum kind kind_of(uint32_t c)
{
	static const struct {
		uint32_t c;
		enum kind kind;
	} mark[] = {
		{ ' ', KIND_SPACE },   { '\t', KIND_SPACE },  { '\n', KIND_STOP },       { 0x3002, KIND_STOP },
		{ '!', KIND_STOP },    { '?', KIND_STOP },    { '.', KIND_PAUSE },       { ',', KIND_COMMA },
		{ ';', KIND_COMMA },   { ':', KIND_COMMA },   { 0x3001, KIND_COMMA },    { '\'', KIND_JOIN },
		{ 0x2019, KIND_JOIN }, { 0x2018, KIND_JOIN }, { 0x300A, KIND_TITLE_ON }, { 0x300B, KIND_TITLE_OFF }
	};

	if (c >= 0x3400 && c < 0xA000)
		return KIND_HAN;
	if (c >= 'a' && c <= 'z')
		return KIND_LATIN;
	for (size_t i = 0; i < ARRAY_LEN(mark); i++)
		if (mark[i].c == c)
			return mark[i].kind;
	if (c < 0x80)
		return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ? KIND_LATIN : KIND_SYMBOL;
	if (point_is_symbol(c))
		return KIND_SYMBOL;
	return c < 0x2E80 ? KIND_LATIN : KIND_HAN;
}

enum { TITLE_MAX = 30 }; /* code points of the name of a work; a bracket that is not closed is no title */

static bool title_closes(const char *s)
{
	for (int i = 0; *s && *s != '\n' && i < TITLE_MAX; i++)
		if (kind_of(utf8_next(&s)) == KIND_TITLE_OFF)
			return true;
	return false;
}

/* A picture that stands for a word: read as the word. */
static uint32_t picture_word(uint32_t c)
{
	static const uint32_t picture[][2] = {
		{ 0x1F52A, 0x5200 }, { 0x1F5E1, 0x5200 }, { 0x1F48A, 0x836F }, /* knife, dagger; pill */
		{ 0x1FA78, 0x8840 }, { 0x1FA93, 0x65A7 }, { 0x1F40D, 0x86C7 }, /* blood; axe; snake */
		{ 0x1F480, 0x6B7B }, { 0x2620, 0x6B7B },                       /* skull */
	};

	for (size_t i = 0; i < ARRAY_LEN(picture); i++)
		if (picture[i][0] == c)
			return picture[i][1];
	return c;
}

/* "自，杀，": one character alone between two commas is a word cut apart, so the comma before it holds nothing. */
static bool comma_cuts_word(const char *s)
{
	enum kind after;

	while (*s == ' ')
		s++;
	if (!*s || kind_of(utf8_next(&s)) != KIND_HAN)
		return false;
	after = *s ? kind_of(utf8_next(&s)) : KIND_STOP;
	return after != KIND_HAN && after != KIND_LATIN;
}

struct reader {
	struct screen_stream *out;
	const uint16_t *fold;
	uint32_t clause, hard, sentence;
	bool title, apart; /* apart: something stood between the last letter and this one */
	enum kind last;
};

static void reader_letter(struct reader *r, uint32_t c, enum kind kind, int32_t at)
{
	struct screen_point *p = r->out->point;
	struct screen_point here = { .c = c < 0x10000 ? r->fold[c] : c,
		                     .at = at,
		                     .clause = r->clause,
		                     .hard = r->hard,
		                     .sentence = r->sentence,
		                     .title = r->title };

	if (r->apart && r->last == KIND_LATIN && kind == KIND_LATIN) {
		p[r->out->points] = here;
		p[r->out->points].at = at - 1;
		p[r->out->points++].c = ' ';
	}
	p[r->out->points++] = here;
	r->apart = false;
	r->last = kind;
}

/* "." ends a sentence after Latin words; between Han characters one dot is a trick and several are a pause. */
static const char *reader_dots(struct reader *r, const char *s, int32_t *at)
{
	size_t dots = strspn(s, ".") + 1;
	const char *next = s + dots - 1;
	enum kind after = *next ? kind_of(utf8_next(&(const char *){ next })) : KIND_STOP;

	*at += (int32_t)dots - 1;
	r->apart = true;
	if (dots > 1 || (r->last == KIND_HAN && after != KIND_HAN && after != KIND_LATIN)) {
		r->clause++;
	} else if (r->last == KIND_LATIN && after != KIND_LATIN && after != KIND_HAN) {
		r->clause++;
		r->hard++;
		r->sentence++;
	}
	return next;
}

static void reader_stop(struct reader *r, enum kind kind)
{
	r->clause++;
	r->hard++;
	r->sentence += kind == KIND_STOP;
	r->apart = true;
}

void screen_stream_read(const uint16_t *fold, const char *text, struct screen_stream *out)
{
	char *folded = text_fold(text);
	size_t bytes = strlen(folded), room = 2 * text_length(folded) + 1;
	struct reader r = { .out = out, .fold = fold, .last = KIND_STOP };
	const char *s = folded;

	out->point = mem_array(room, sizeof(*out->point));
	out->points = 0;
	for (int32_t at = 0; *s; at++) {
		uint32_t c = picture_word(utf8_next(&s));
		enum kind kind = kind_of(c);

		if (kind == KIND_COMMA && r.last == KIND_HAN && comma_cuts_word(s))
			r.apart = true;
		else if (kind == KIND_LATIN || kind == KIND_HAN)
			reader_letter(&r, c, kind, at);
		else if (kind == KIND_PAUSE)
			s = reader_dots(&r, s, &at);
		else if (kind == KIND_COMMA || kind == KIND_STOP)
			reader_stop(&r, kind);
		else if (kind == KIND_TITLE_ON || kind == KIND_TITLE_OFF)
			r.title = kind == KIND_TITLE_ON && title_closes(s);
		else if (kind != KIND_JOIN)
			r.apart = true;
	}
	explicit_bzero(folded, bytes);
	mem_free(&folded);
}

/* Somebody's words stood here: leave none in the heap. */
void screen_stream_finish(struct screen_stream *s)
{
	if (s->point)
		explicit_bzero(s->point, s->points * sizeof(*s->point));
	mem_free(&s->point);
	s->points = 0;
}
