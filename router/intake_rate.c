/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ratings. A ticket is marked rated; the answer itself comes later, with those of other tickets, shuffled and without any of them: the
 * store cannot tie an answer to a ticket, because no message ever carried both.
 */
#include "work.h"

#include "clock.h"
#include "mem.h"
#include <string.h>

enum { WORDS_BYTES_MAX = 16 * 1024 };

static const struct json_field item_fields[] = {
	{ "desk", JSON_TEXT, true, 1, 32, NULL }, { "month", JSON_TEXT, true, 7, 7, NULL }, { "heard", JSON_INT, true, 1, 3, NULL },
	{ "helped", JSON_INT, true, 1, 3, NULL }, { "again", JSON_INT, true, 1, 3, NULL },  { "words", JSON_BOOL, false, 0, 0, NULL },
};

static int intake_rate(struct call *c)
{
	struct work w;
	struct desk_row desk;
	char month[CLOCK_TEXT_BYTES];
	int r = work_caller(c, &w);

	if (!r)
		r = store_desk_get(c->store, w.row.desk, &desk);
	if (r)
		return r;
	if (w.row.state != CASE_CLOSED)
		return call_refuse(c, 409, "not_lawful", "A case is rated after it is closed.");
	if (w.row.marks & CASE_MARK_RATED)
		return call_refuse(c, 409, "rated", "This was rated already; thank you.");
	w.row.marks |= CASE_MARK_RATED;
	r = store_case_save(c->store, &w.row);
	clock_text(c->now, month);
	month[7] = 0;
	c->out = json_pack("{s:s, s:s}", "desk", desk.id, "month", month);
	return r;
}

static int rating_keep(struct call *c, const json_t *item, size_t *words)
{
	AUTO(mem_free) char *why = NULL;
	struct rating_row row;
	struct desk_row desk;

	if (json_check(item, item_fields, ARRAY_LEN(item_fields), &why))
		return call_refuse(c, 400, "bad_message", "%s", why);
	if (store_desk_find(c->store, json_text(item, "desk"), &desk))
		return call_refuse(c, 400, "no_desk", "This house has no such desk.");
	row = (struct rating_row){ desk.num, json_text(item, "month"), (int)json_int(item, "heard", 1), (int)json_int(item, "helped", 1),
		                   (int)json_int(item, "again", 1), { 0 } };
	if (json_bool(item, "words", false))
		row.words = call_blob(c, (*words)++);
	if (json_bool(item, "words", false) && (!row.words.bytes || row.words.bytes > WORDS_BYTES_MAX))
		return call_refuse(c, 400, "bad_blob", "Sealed words of a rating are missing or too long.");
	return store_rating_add(c->store, &row);
}

static int intake_ratings(struct call *c)
{
	json_t *items = json_object_get(c->in, "items"), *item;
	size_t i, words = 0;

	json_array_foreach(items, i, item) {
		int r = rating_keep(c, item, &words);

		if (r)
			return r;
	}
	return words == c->blobs ? 0 : call_refuse(c, 400, "bad_message", "Each sealed frame belongs to one rating with words.");
}

const struct verb verbs_rate[] = {
	{ "intake.rate", intake_rate, true },
	{ "intake.ratings", intake_ratings, false },
	{ 0 },
};
