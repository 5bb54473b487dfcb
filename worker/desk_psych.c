/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The psych desk: owns feelings, danger and harm. It is also the duty desk, so it hands on what is plainly a matter of
 * law or of support, but never somebody in whom it heard a concern: such a person is spoken to first, and the other
 * desk gets a task.
 */
#include "desk.h"

#include <string.h>

enum { RISK_CONCERN = 1 };

static void look(const struct screen_result *read, const char *chosen, struct view *view)
{
	bool ours = desk_has_hit(read, "psych");

	if (read->risk >= RISK_CONCERN && ours && strcmp(chosen, "psych") == 0)
		desk_keep("psych", view);
	if (view->desk && strcmp(view->desk, "psych") == 0 && !view->category)
		view->category = "psych.other";
}

const struct desk desk_psych = { "psych", look };
