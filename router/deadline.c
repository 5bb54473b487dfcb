/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deadlines of a case from its facts, pure. Warnings fall on working days, limits where the calendar put them. It
 * neither stores nor tells; clock_due.c and the board do.
 */
#include "deadline.h"

enum { DAY_MS = 86400000, SOON_PERCENT = 70, CONFIRM_MS = DAY_MS };

#define BIT(what) (1U << DEADLINE_##what)

const char *deadline_text(enum deadline_what what)
{
#define X(id, word) word,
	static const char *const words[] = { DEADLINES(X) };
#undef X

	return (unsigned)what < DEADLINE_COUNT ? words[what] : "?";
}

static bool is_open(const struct deadline_facts *f)
{
	return f->state < CASE_CLOSED;
}

static int64_t at_unscreened(const struct deadline_facts *f, const struct calendar *c)
{
	(void)c;
	return is_open(f) ? f->screen_until : 0;
}

static int64_t at_lease_end(const struct deadline_facts *f, const struct calendar *c)
{
	(void)c;
	return f->state == CASE_ASSIGNED && !f->touched ? f->lease_until : 0;
}

static int64_t at_first_reply(const struct deadline_facts *f, const struct calendar *c)
{
	(void)c;
	return is_open(f) && f->state != CASE_AWAITING_CALLER ? f->reply_by : 0;
}

static bool has_limit(const struct deadline_facts *f)
{
	return is_open(f) && f->due_at > 0 && f->due_at > f->due_from;
}

/* A warning on a day off would reach nobody; but it never comes later than the limit it warns of. */
static int64_t at_due_soon(const struct deadline_facts *f, const struct calendar *c)
{
	int64_t at;

	if (!has_limit(f))
		return 0;
	at = calendar_next_workday(c, f->due_from + (f->due_at - f->due_from) / 100 * SOON_PERCENT);
	return at < f->due_at ? at : f->due_at;
}

static int64_t at_due(const struct deadline_facts *f, const struct calendar *c)
{
	(void)c;
	return has_limit(f) ? f->due_at : 0;
}

/* The first moment of the next working day. */
static int64_t at_due_day_after(const struct deadline_facts *f, const struct calendar *c)
{
	return has_limit(f) ? calendar_add_workdays(c, f->due_at, 1) + 1 - DAY_MS : 0;
}

static int64_t at_silent(const struct deadline_facts *f, const struct calendar *c)
{
	(void)c;
	if (f->state != CASE_AWAITING_CALLER || !f->silent_since || f->silent_days <= 0)
		return 0;
	return f->silent_since + f->silent_days * DAY_MS;
}

static int64_t at_unconfirmed(const struct deadline_facts *f, const struct calendar *c)
{
	(void)c;
	return is_open(f) && f->marks & CASE_MARK_UNCONFIRMED && f->unconfirmed_since ? f->unconfirmed_since + CONFIRM_MS : 0;
}

static int64_t at_erase(const struct deadline_facts *f, const struct calendar *c)
{
	(void)c;
	return f->marks & CASE_MARK_ERASED ? 0 : f->erase_at;
}

static int64_t (*const times[DEADLINE_COUNT])(const struct deadline_facts *f, const struct calendar *c) = {
	[DEADLINE_UNSCREENED] = at_unscreened,
	[DEADLINE_LEASE_END] = at_lease_end,
	[DEADLINE_FIRST_REPLY] = at_first_reply,
	[DEADLINE_DUE_SOON] = at_due_soon,
	[DEADLINE_DUE] = at_due,
	[DEADLINE_DUE_DAY_AFTER] = at_due_day_after,
	[DEADLINE_SILENT] = at_silent,
	[DEADLINE_UNCONFIRMED] = at_unconfirmed,
	[DEADLINE_ERASE] = at_erase,
};

size_t deadline_list(const struct deadline_facts *facts, const struct calendar *c, struct deadline out[DEADLINE_COUNT])
{
	size_t n = 0;

	for (int what = 0; what < DEADLINE_COUNT; what++) {
		int64_t at = facts->told & 1U << what ? 0 : times[what](facts, c);
		size_t place = n;

		if (at <= 0)
			continue;
		for (; place && out[place - 1].at > at; place--)
			out[place] = out[place - 1];
		out[place] = (struct deadline){ (enum deadline_what)what, at };
		n++;
	}
	return n;
}

bool deadline_next(const struct deadline_facts *facts, const struct calendar *c, struct deadline *out)
{
	struct deadline all[DEADLINE_COUNT];

	if (!deadline_list(facts, c, all))
		return false;
	*out = all[0];
	return true;
}

unsigned deadline_forget(unsigned told, enum case_event event)
{
	static const struct {
		enum case_event event;
		unsigned bits;
	} row[] = {
		{ CASE_ON_CALLER_MESSAGE, BIT(UNSCREENED) | BIT(FIRST_REPLY) | BIT(SILENT) },
		{ CASE_ON_REPLY, BIT(FIRST_REPLY) | BIT(SILENT) },
		{ CASE_ON_CLAIM, BIT(LEASE_END) },
		{ CASE_ON_FACTS, BIT(DUE_SOON) | BIT(DUE) | BIT(DUE_DAY_AFTER) | BIT(UNCONFIRMED) },
		{ CASE_ON_EXTEND, BIT(DUE_SOON) | BIT(DUE) | BIT(DUE_DAY_AFTER) },
		{ CASE_ON_TRANSFER, BIT(DUE_SOON) | BIT(DUE) | BIT(DUE_DAY_AFTER) },
		{ CASE_ON_REOPEN, ~0U },
		{ CASE_ON_ERASE, BIT(ERASE) },
	};

	for (size_t i = 0; i < ARRAY_LEN(row); i++)
		if (row[i].event == event)
			return told & ~row[i].bits;
	return told;
}
