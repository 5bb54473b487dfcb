/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The social desk: owns bullying, missing care, poverty, papers, school places, work. Where a report to the police must
 * be thought of, the matter is protection and urgent, whoever asked and whatever else was said.
 */
#include "desk.h"

#include <string.h>

enum { RISK_CRISIS = 2 };

static void look(const struct screen_result *read, const char *chosen, struct view *view)
{
	bool asked = strcmp(chosen, "social") == 0;

	if (read->report) {
		view->kind = "protection";
		if (strcmp(view->urgency, "normal") == 0)
			view->urgency = "urgent";
	}
	if (read->risk >= RISK_CRISIS)
		return;
	if (asked && desk_has_hit(read, "social"))
		desk_keep("social", view);
	if (view->desk && strcmp(view->desk, "social") == 0 && !view->category)
		view->category = "social.other";
}

const struct desk desk_social = { "social", look };
