/* SPDX-License-Identifier: Apache-2.0 */
/* See balance.h. Called by api_assign_many.c, for the dry run and for the move itself alike. */
#include "balance.h"

#include <stdbool.h>

static int person_of(const struct balance_person *people, size_t n, int64_t id)
{
	size_t i;

	for (i = 0; id && i < n; i++)
		if (people[i].id == id)
			return (int)i;
	return -1;
}

static bool full(const struct balance_person *p, int risk)
{
	return p->capacity >= 0 && p->cases >= p->capacity && risk < 3;
}

static int lightest(const struct balance_person *people, size_t n, const struct balance_case *c)
{
	int best = -1;
	size_t i;

	for (i = 0; i < n; i++)
		if (c->may >> i & 1 && !full(&people[i], c->risk) && (best < 0 || people[i].after < people[best].after))
			best = (int)i;
	return best;
}

void balance_plan(struct balance_person *people, size_t n, struct balance_case *cases, size_t count)
{
	size_t i;

	for (i = 0; i < n; i++)
		people[i].after = people[i].before;
	for (i = 0; i < count; i++) {
		struct balance_case *c = &cases[i];
		int from = person_of(people, n, c->owner), to;

		if (from >= 0) {
			people[from].after -= 1 + c->risk;
			people[from].cases--;
		}
		to = lightest(people, n, c);
		/* Nobody is lighter than the one who has it: a move would help nobody. */
		if (from >= 0 && c->may >> from & 1 && (to < 0 || people[from].after <= people[to].after))
			to = from;
		c->to = to < 0 ? BALANCE_NOBODY : to == from ? BALANCE_STAYS : to;
		if (to < 0)
			to = from; /* it stays with whoever has it */
		if (to >= 0) {
			people[to].after += 1 + c->risk;
			people[to].cases++;
		}
	}
}
