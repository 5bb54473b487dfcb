/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fills templates. Everything that comes from data is escaped on its way out; a name is looked for in the innermost object first. Called
 * by page.c only; knows no page.
 */
#include "template.h"

#include "text.h"
#include <stdio.h>
#include <string.h>

enum { NAME_MAX_BYTES = 64 };

struct filling {
	enum i18n_lang lang;
	const char *(*lookup)(const char *name, size_t *bytes);
	struct buf *out;
	const char *text; /* the template being filled */
	const json_t *stack[TEMPLATE_DEPTH];
	int depth;
};
/* One {{tag}}: its sign (# ^ / > t or 0) and name; `after` is behind the closing braces. */
struct tag {
	char sign, name[NAME_MAX_BYTES];
	const char *begin, *after;
};

/* The next tag from at on; text: where the template begins. */
static bool tag_next(const char *text, const char *at, const char *end, struct tag *tag)
{
	const char *open = memmem(at, (size_t)(end - at), "{{", 2), *close, *name;
	size_t n;

	close = open ? memmem(open, (size_t)(end - open), "}}", 2) : NULL;
	if (!close)
		return false;
	name = open + 2;
	tag->begin = open;
	tag->after = close + 2;
	tag->sign = 0;
	if (name < close && strchr("#^/>", *name))
		tag->sign = *name++;
	else if (close - name > 2 && name[0] == 't' && name[1] == ' ') {
		tag->sign = 't';
		name += 2;
	}
	n = (size_t)(close - name);
	if (n >= sizeof(tag->name))
		n = sizeof(tag->name) - 1;
	memcpy(tag->name, name, n);
	tag->name[n] = 0;
	/* A section's tag or a part alone on its line takes the line with it. */
	if (tag->sign && tag->sign != 't' && (open == text || open[-1] == '\n') && tag->after < end && *tag->after == '\n')
		tag->after++;
	return true;
}

static const json_t *value_of(const struct filling *f, const char *name)
{
	int i;

	if (!strcmp(name, "."))
		return f->stack[f->depth - 1];
	for (i = f->depth - 1; i >= 0; i--) {
		const json_t *v = json_object_get(f->stack[i], name);

		if (v)
			return v;
	}
	return NULL;
}

static bool truthy(const json_t *v)
{
	if (json_is_array(v))
		return json_array_size(v) > 0;
	if (json_is_string(v))
		return *json_string_value(v) != 0;
	if (json_is_integer(v))
		return json_integer_value(v) != 0;
	return v && !json_is_null(v) && !json_is_false(v);
}

static void write_value(struct filling *f, const json_t *v)
{
	char number[24];

	if (json_is_string(v))
		text_html(f->out, json_string_value(v));
	else if (json_is_integer(v)) {
		snprintf(number, sizeof(number), "%lld", (long long)json_integer_value(v));
		buf_text(f->out, number);
	}
}

/* The end of a section: the matching {{/name}}, nested ones skipped. */
static const char *section_end(const char *text, const char *at, const char *end, const char *name, const char **after)
{
	struct tag tag;
	int nested = 0;

	while (tag_next(text, at, end, &tag)) {
		if ((tag.sign == '#' || tag.sign == '^') && !strcmp(tag.name, name))
			nested++;
		else if (tag.sign == '/' && !strcmp(tag.name, name) && !nested--) {
			*after = tag.after;
			return tag.begin;
		}
		at = tag.after;
	}
	*after = end;
	return end;
}

static void fill(struct filling *f, const char *at, const char *end);

static void fill_with(struct filling *f, const json_t *v, const char *at, const char *end)
{
	if (f->depth >= TEMPLATE_DEPTH)
		return;
	f->stack[f->depth++] = v;
	fill(f, at, end);
	f->depth--;
}

static const char *fill_section(struct filling *f, const struct tag *tag, const char *end)
{
	const json_t *v = value_of(f, tag->name), *item;
	const char *after, *stop = section_end(f->text, tag->after, end, tag->name, &after);
	size_t i;

	if (tag->sign == '^') {
		if (!truthy(v))
			fill(f, tag->after, stop);
	} else if (json_is_array(v)) {
		for (i = 0; i < json_array_size(v); i++) {
			item = json_array_get(v, i);
			fill_with(f, item, tag->after, stop);
		}
	} else if (truthy(v)) {
		fill_with(f, v, tag->after, stop);
	}
	return after;
}

static void fill_part(struct filling *f, const char *name)
{
	size_t bytes;
	const char *text = f->lookup(name, &bytes), *outer = f->text;

	if (!text || f->depth >= TEMPLATE_DEPTH)
		return;
	f->stack[f->depth] = f->stack[f->depth - 1]; /* depth also bounds parts that name each other */
	f->depth++;
	f->text = text;
	fill(f, text, text + bytes);
	f->text = outer;
	f->depth--;
}

static void fill(struct filling *f, const char *at, const char *end)
{
	struct tag tag;

	while (tag_next(f->text, at, end, &tag)) {
		buf_add(f->out, at, (size_t)(tag.begin - at));
		at = tag.after;
		if (tag.sign == '#' || tag.sign == '^')
			at = fill_section(f, &tag, end);
		else if (tag.sign == '>')
			fill_part(f, tag.name);
		else if (tag.sign == 't')
			text_html(f->out, i18n_text(f->lang, tag.name));
		else if (!tag.sign)
			write_value(f, value_of(f, tag.name));
	}
	buf_add(f->out, at, (size_t)(end - at));
}

void template_fill(const char *name, const json_t *data, enum i18n_lang lang, const char *(*lookup)(const char *name, size_t *bytes), struct buf *out)
{
	struct filling f = { .lang = lang, .lookup = lookup, .out = out, .stack = { data }, .depth = 1 };
	size_t bytes;
	const char *text = lookup(name, &bytes);

	f.text = text;
	if (text)
		fill(&f, text, text + bytes);
}
