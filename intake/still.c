/* SPDX-License-Identifier: Apache-2.0 */
/* Pages that stand still. See still.h. */
#include "still.h"

#include <string.h>

bool still_fresh(const struct still *s, int64_t now_ms)
{
	return s->made_at_ms && now_ms - s->made_at_ms < STILL_MS;
}

/* The first of the marks from `at` on; NULL: none is left. */
static const char *mark_next(const char *at, const char *end, const char *const *marks, size_t count, size_t *which)
{
	const char *first = NULL;
	size_t i;

	for (i = 0; i < count; i++) {
		const char *found = memmem(at, (size_t)(end - at), marks[i], strlen(marks[i]));

		if (!found || (first && found > first))
			continue;
		first = found;
		*which = i;
	}
	return first;
}

void still_keep(struct still *s, const char *page, size_t n, const char *const *marks, size_t count, int64_t now_ms)
{
	const char *end = page + n, *found;
	size_t which = 0;

	buf_clear(&s->text);
	s->places = 0;
	s->made_at_ms = 0;
	while ((found = mark_next(page, end, marks, count, &which))) {
		if (s->places == STILL_PLACES_MAX)
			return; /* not fresh: whoever asks renders it whole */
		buf_add(&s->text, page, (size_t)(found - page));
		s->place[s->places].at = s->text.bytes;
		s->place[s->places++].value = which;
		page = found + strlen(marks[which]);
	}
	buf_add(&s->text, page, (size_t)(end - page));
	s->made_at_ms = now_ms;
}

void still_write(const struct still *s, const char *const *values, struct buf *out)
{
	size_t at = 0, i;

	for (i = 0; i < s->places; i++) {
		buf_add(out, s->text.data + at, s->place[i].at - at);
		buf_text(out, values[s->place[i].value]);
		at = s->place[i].at;
	}
	buf_add(out, s->text.data + at, s->text.bytes - at);
}

void still_finish(struct still *s)
{
	buf_finish(&s->text);
	*s = (struct still){ 0 };
}
