/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who gets the next case. Pure: the queue's order is the decision; limits and continuity only bend it where that harms nobody. Called
 * by claim.c for "claim next".
 */
#include "deal.h"

enum { RISK_IMMINENT = 3 };

static bool full(const struct deal_person *person, const struct deal_row *row)
{
	return person->capacity >= 0 && person->open >= person->capacity && row->risk < RISK_IMMINENT;
}

int deal_next(const struct deal_person *person, const struct deal_row *rows, size_t n)
{
	size_t i, first;

	for (first = 0; first < n && full(person, &rows[first]); first++)
		;
	if (first == n)
		return n ? DEAL_AT_LIMIT : DEAL_NONE;
	for (i = first; i < n && rows[i].rank == rows[first].rank; i++)
		if (rows[i].owner == person->id && !full(person, &rows[i]))
			return (int)i;
	return (int)first;
}
