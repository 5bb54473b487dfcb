/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The order of the queue and what holds after a worker has spoken, pure. Risk first, then age: each level is worth
 * some hours of waiting, so that nothing starves, and every row can say why it stands where it does.
 */
#include "casefile.h"

enum { HOUR_MS = 3600000, LEVEL_TOP = 3 };
/* Larger than any time in ms: level 3 stands before everything, by age among itself. */
static const int64_t BEFORE_ALL = (int64_t)1 << 52;

static int level(int risk)
{
	return risk < 0 ? 0 : risk > LEVEL_TOP ? LEVEL_TOP : risk;
}

int64_t case_rank(int risk, int64_t oldest_at_ms)
{
	static const int64_t credit[] = { 0, 1 * HOUR_MS, 24 * HOUR_MS, BEFORE_ALL };

	return oldest_at_ms - credit[level(risk)];
}

const char *case_why(int risk, unsigned marks, bool is_task, bool is_covered)
{
	if (level(risk) == LEVEL_TOP)
		return "level3";
	if (is_task)
		return risk >= 2 ? "raised" : "task";
	if (is_covered)
		return "covered";
	if (risk >= 2)
		return "level2";
	if (marks & CASE_MARK_UNSCREENED)
		return "unscreened";
	return risk == 1 ? "level1" : "oldest";
}

int case_risk_after(int now, int from_worker, unsigned marks, bool settled)
{
	int floor = marks & CASE_MARK_TICK_YES ? 2 : marks & CASE_MARK_TICK_UNSURE ? 1 : 0;

	if (settled && level(now) > floor)
		floor = level(now);
	return level(from_worker) > floor ? level(from_worker) : floor;
}

bool case_needs_cover(const struct case_facts *facts, bool something_due)
{
	bool worked = facts->state >= CASE_ASSIGNED && facts->state <= CASE_CLOSING_REVIEW;

	if (!something_due || !facts->has_owner || !worked)
		return false;
	return !facts->owner_on_shift || (facts->risk >= 2 && facts->marks & CASE_MARK_COVERED);
}
