/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The legal desk: owns rights, claims and procedures. Whoever chose it and asks anything of law stays, however sad the
 * story around the question is, unless there is a crisis; a complaint or a report stays too, since it wants a formal
 * answer.
 */
#include "desk.h"

#include <string.h>

enum { RISK_CRISIS = 2 };

static bool is_formal(const char *kind)
{
	return strcmp(kind, "complaint") == 0 || strcmp(kind, "report") == 0;
}

static void look(const struct screen_result *read, const char *chosen, struct view *view)
{
	bool asked = strcmp(chosen, "legal") == 0;

	if (read->risk >= RISK_CRISIS)
		return;
	if (asked && (desk_has_hit(read, "legal") || is_formal(read->kind)))
		desk_keep("legal", view);
	if (view->desk && strcmp(view->desk, "legal") == 0 && !view->category)
		view->category = "legal.other";
}

const struct desk desk_legal = { "legal", look };
