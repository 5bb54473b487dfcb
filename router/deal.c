/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Dealing: from a queue in serving order and one person, the row they get. claim.c calls it inside the batch that
 * then claims the row, so two people are never dealt the same one. It knows neither store nor clock.
 */
#include "deal.h"

enum { LEVEL_TOP = 3 };

static bool on_desk(const struct deal_person *person, int64_t desk)
{
	for (size_t i = 0; i < person->desks; i++)
		if (person->desk[i] == desk)
			return true;
	return !person->desks || !desk;
}

static bool may_have(const struct deal_person *person, const struct deal_row *row)
{
	return on_desk(person, row->desk) && (!person->risk_below || person->alone || row->risk < person->risk_below);
}

static bool has_room(const struct deal_person *person, const struct deal_row *row)
{
	return row->risk >= LEVEL_TOP || person->capacity < 0 || person->open < person->capacity;
}

/* Of the rows that stand exactly as far in front as `first`, the one whose caller this person knows. */
static size_t known_among_equals(const struct deal_person *person, const struct deal_row *rows, size_t n, size_t first)
{
	for (size_t i = first; i < n && rows[i].rank == rows[first].rank; i++)
		if (rows[i].owner == person->id && may_have(person, &rows[i]) && has_room(person, &rows[i]))
			return i;
	return first;
}

int deal_next(const struct deal_person *person, const struct deal_row *rows, size_t n)
{
	int none = DEAL_NONE;

	for (size_t i = 0; i < n; i++) {
		if (!may_have(person, &rows[i]))
			continue;
		if (has_room(person, &rows[i]))
			return (int)known_among_equals(person, rows, n, i);
		none = DEAL_AT_LIMIT;
	}
	return none;
}
