/* SPDX-License-Identifier: Apache-2.0 */
/* The table of desks and what their views share. Called by shift.c; knows nothing of bus, keys or words. */
#include "desk.h"

#include "macros.h"

#include <string.h>

static const struct desk *const desks[] = { &desk_legal, &desk_psych, &desk_social };

static bool belongs(const char *id, const char *desk)
{
	size_t n = strlen(desk);

	return id && strncmp(id, desk, n) == 0 && id[n] == '.';
}

bool desk_has_hit(const struct screen_result *read, const char *desk)
{
	for (size_t i = 0; i < read->hits; i++)
		if (belongs(read->hit[i].rule, desk) && !(read->hit[i].held && read->hit[i].counts == 0))
			return true;
	return false;
}

void desk_keep(const char *desk, struct view *view)
{
	view->desk = desk;
	if (!belongs(view->category, desk))
		view->category = NULL;
}

void desk_look(const char *name, const struct screen_result *read, const char *chosen, struct view *view)
{
	*view = (struct view){ .risk = read->risk,
		               .desk = read->desk,
		               .category = read->category,
		               .kind = read->kind,
		               .urgency = read->urgency,
		               .third_party = read->third_party,
		               .report = read->report };
	for (size_t i = 0; i < ARRAY_LEN(desks); i++)
		if (strcmp(desks[i]->name, name) == 0)
			desks[i]->look(read, chosen, view);
	if (view->risk < read->risk) /* a view may add, it may not take away */
		view->risk = read->risk;
}
