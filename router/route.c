/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a screened message takes its case, pure. screened.c gathers the facts and carries out what is decided here.
 * It knows desks by number only and no words; a worker's opinion is a fact like any other and never lowers what a
 * person has said.
 */
#include "route.h"

#include "casefile.h"

enum { CRISIS = 2 };

/* A crisis reaches an awake psychologist whatever was chosen, but only where a key for that desk is at hand. */
static bool psych_can(const struct route_facts *f)
{
	return f->psych && f->psych != f->desk && f->has_psych_wrap;
}

static void route_crisis(const struct route_facts *f, bool settled, bool new_crisis, struct route *out)
{
	if (!psych_can(f))
		return;
	if (settled)
		out->psych_task = new_crisis && !f->psych_task_open;
	else if (out->risk >= CRISIS)
		out->desk = f->psych;
}

void route_screened(const struct route_facts *facts, struct route *out)
{
	bool settled = facts->marks & CASE_MARK_DESK_SETTLED;

	/* A later message of an unsettled case is not the first one's screening: what that provisionally said still holds. */
	*out = (struct route){
		.desk = facts->desk,
		.risk = case_risk_after(facts->risk, facts->message_risk, facts->marks, settled || facts->later),
		.settles = !settled && !facts->later,
	};
	route_crisis(facts, settled, facts->message_risk >= CRISIS, out);
	if (out->settles && out->risk < CRISIS && facts->suggested)
		out->desk = facts->suggested;
	out->settles = out->settles || out->desk != facts->desk;
	/* Who chose nothing chose nothing wrong. */
	out->wrong_desk = out->desk != facts->desk && !(facts->marks & CASE_MARK_UNSURE);
	out->reopens = facts->closed && facts->message_risk >= CRISIS;
}

void route_unscreened(const struct route_facts *facts, struct route *out)
{
	bool settled = facts->marks & CASE_MARK_DESK_SETTLED;

	*out = (struct route){
		.desk = facts->desk,
		.risk = case_risk_after(facts->risk, facts->message_risk, facts->marks, true),
	};
	route_crisis(facts, settled, facts->message_risk >= CRISIS || (!facts->later && out->risk >= CRISIS), out);
	out->reopens = facts->closed && facts->message_risk >= CRISIS;
}
