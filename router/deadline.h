/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is due when for a case, pure: limits that pass, warnings before and after them, leases that end. The router
 * asks after each change and once a second; what it has told already it hands back in `told`, so nothing is told
 * twice. All times are UTC ms, 0: none.
 */
#ifndef QT_ROUTER_DEADLINE_H
#define QT_ROUTER_DEADLINE_H

#include "calendar.h"
#include "casefile.h"

#define DEADLINES(X)                                                                                                   \
	X(UNSCREENED, "unscreened")     /* no worker in time: dealt unscreened */                                      \
	X(LEASE_END, "lease_end")       /* an untouched claim goes back */                                             \
	X(FIRST_REPLY, "first_reply")   /* the promise to the caller is broken */                                      \
	X(DUE_SOON, "due_soon")         /* 70 % of the time to close is gone */                                        \
	X(DUE, "due")                   /* all of it */                                                                \
	X(DUE_DAY_AFTER, "due_day_after")                                                                              \
	X(SILENT, "silent")             /* the caller has been silent: offered for closing */                          \
	X(UNCONFIRMED, "unconfirmed")   /* somebody acted alone and nobody confirmed within 24 h */                    \
	X(ERASE, "erase")               /* the caller's wish comes true */
enum deadline_what {
#define X(id, word) DEADLINE_##id,
	DEADLINES(X)
#undef X
	DEADLINE_COUNT
};
const char *deadline_text(enum deadline_what what);

struct deadline_facts {
	enum case_state state;
	unsigned marks;
	bool touched;
	int64_t screen_until;   /* of the message under way */
	int64_t lease_until;    /* 0: not a claim (assigned by somebody) */
	int64_t reply_by;       /* promised to the caller; 0: nothing unanswered */
	int64_t due_from, due_at; /* the time to close: since, limit */
	int64_t silent_since;   /* our last reply */
	int64_t silent_days;    /* conf: 30; 0: never */
	int64_t unconfirmed_since;
	int64_t erase_at;
	unsigned told;          /* bits 1 << DEADLINE_… already acted on */
};
struct deadline {
	enum deadline_what what;
	int64_t at;
};
/* Everything still ahead or passed and not told, earliest first (of equals, in the order above). c may be NULL.
 * Returns how many. */
size_t deadline_list(const struct deadline_facts *facts, const struct calendar *c, struct deadline out[DEADLINE_COUNT]);
/* The first of them. false: nothing is ever due. */
bool deadline_next(const struct deadline_facts *facts, const struct calendar *c, struct deadline *out);
/* told without the bits that begin anew after an event. A message to a closed case counts as REOPEN. */
unsigned deadline_forget(unsigned told, enum case_event event);

#endif
