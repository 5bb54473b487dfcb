/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A table of bounded size: two of the many (session, case) pairs that want one place push each other out, which costs
 * one more audit line and nothing else. Called by case_answer.c.
 */
#include "opened.h"

#include "mem.h"

enum { OPENED_BITS = 15, OPENED_SLOTS = 1 << OPENED_BITS };

struct slot {
	int64_t session, case_id;
	enum opened_how how;
};
struct opened {
	struct slot slot[OPENED_SLOTS];
};

struct opened *opened_new(void)
{
	return mem_new(sizeof(struct opened));
}

void opened_free(struct opened **opened)
{
	mem_free(opened);
}

static size_t place(int64_t session, int64_t case_id)
{
	uint64_t h = ((uint64_t)session * 0x9e3779b97f4a7c15U) ^ ((uint64_t)case_id * 0xc2b2ae3d27d4eb4fU);

	return (size_t)((h * 0x9e3779b97f4a7c15U) >> (64 - OPENED_BITS));
}

enum opened_how opened_get(const struct opened *opened, int64_t session, int64_t case_id)
{
	const struct slot *s = &opened->slot[place(session, case_id)];

	return s->session == session && s->case_id == case_id ? s->how : OPENED_NOT;
}

void opened_put(struct opened *opened, int64_t session, int64_t case_id, enum opened_how how)
{
	struct slot *s = &opened->slot[place(session, case_id)];

	/* A reason given once is not taken back by a later reading as one's own. */
	if (s->session == session && s->case_id == case_id && s->how == OPENED_REASON)
		return;
	*s = (struct slot){ session, case_id, how };
}
