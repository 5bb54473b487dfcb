/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a screened message takes its case. Pure. A crisis reaches the psych desk whatever was chosen: an unsettled case moves there, a
 * settled one gets a task there, because the desk that has it keeps it. Nothing here ever lowers what the caller ticked.
 */
#include "route.h"

#include "casefile.h"

enum { RISK_CRISIS = 2 };

/* A settled case keeps its desk; a crisis found in it calls the psych desk in, where a wrap for it is at hand. */
static bool calls_psych(const struct route_facts *f)
{
	return f->message_risk >= RISK_CRISIS && f->psych && f->desk != f->psych && f->has_psych_wrap && !f->psych_task_open;
}

void route_screened(const struct route_facts *f, struct route *out)
{
	bool settled = f->marks & CASE_MARK_DESK_SETTLED;

	*out = (struct route){ .risk = case_risk_after(f->risk, f->message_risk, f->marks, settled), .desk = f->desk };
	if (settled) {
		out->psych_task = calls_psych(f);
		return;
	}
	if (out->risk >= RISK_CRISIS && f->psych)
		out->desk = f->psych;
	else if (f->suggested)
		out->desk = f->suggested;
	out->settles = true;
	out->wrong_desk = out->desk != f->desk && !(f->marks & CASE_MARK_UNSURE);
}

void route_unscreened(const struct route_facts *f, struct route *out)
{
	bool settled = f->marks & CASE_MARK_DESK_SETTLED;

	*out = (struct route){ .risk = f->message_risk > f->risk ? f->message_risk : f->risk, .desk = f->desk };
	if (settled)
		out->psych_task = calls_psych(f);
	else if (out->risk >= RISK_CRISIS && f->psych) /* the provisional look is by the same rules: a crisis does not wait for a worker */
		out->desk = f->psych;
}
