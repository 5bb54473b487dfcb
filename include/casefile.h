/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The life of a case as one table (domain.md §2), pure: states, events, who may, what must be true; the order of the queue and
 * its reason; leases and deadlines; cover while the owner is off shift. Takes time and facts as arguments; includes no door.
 */
#ifndef QT_CASEFILE_H
#define QT_CASEFILE_H

#include "macros.h"
#include <stdbool.h>
#include <stdint.h>

/* Every code list is one X table; NAME_text(v) gives its word, NAME_parse(text, &v) 0 or 1. The words stand in SQL, JSON, pages. */
#define CASE_STATES(X)                                                                                                 \
	X(SCREENING, "screening") X(WAITING, "waiting") X(ASSIGNED, "assigned") X(IN_PROGRESS, "in_progress")          \
	X(AWAITING_CALLER, "awaiting_caller") X(CLOSING_REVIEW, "closing_review") X(CLOSED, "closed") X(ARCHIVED, "archived")
enum case_state {
#define X(id, word) CASE_##id,
	CASE_STATES(X)
#undef X
	CASE_STATE_COUNT
};

#define CASE_EVENTS(X)                                                                                                 \
	X(SCREENED, "screened")             /* worker result committed */                                              \
	X(UNSCREENED, "unscreened")         /* the screening limit passed: dealt anyway, marked */                     \
	X(CLAIM, "claim") X(RELEASE, "release") X(LEASE_END, "lease_end") /* untouched case goes back */             \
	X(REPLY, "reply") X(NOTE, "note") X(CALLER_MESSAGE, "caller_message")                                          \
	X(ASSIGN, "assign") X(TRANSFER, "transfer") X(FACTS, "facts")                                                  \
	X(RISK_RAISE, "risk_raise") X(RISK_LOWER, "risk_lower")                                                        \
	X(TASK_ADD, "task_add") X(TASK_END, "task_end")                                                                \
	X(COVER, "cover")                   /* a colleague does one due thing of a case whose owner is away */         \
	X(TAKE_OVER, "take_over")           /* … and keeps it */                                                       \
	X(FOLLOWUP, "followup") X(EXTEND, "extend") X(URGE, "urge")                                                    \
	X(CLOSE, "close") X(CONFIRM, "confirm") X(REFUSE, "refuse") /* second person on closing_review */            \
	X(WITHDRAW, "withdraw") X(REOPEN, "reopen") X(ERASE, "erase") X(ARCHIVE, "archive")
enum case_event {
#define X(id, word) CASE_ON_##id,
	CASE_EVENTS(X)
#undef X
	CASE_EVENT_COUNT
};

#define CASE_MARKS(X)                                                                                                  \
	X(UNSCREENED, "unscreened", 1) X(CRISIS_WATCH, "crisis_watch", 2) X(EXTENDED, "extended", 4)                   \
	X(RETURNED, "returned", 8) X(REOPENED, "reopened", 16) X(COVERED, "covered", 32) X(ERASED, "erased", 64)       \
	X(UNCONFIRMED, "unconfirmed", 128) X(RATED, "rated", 256) X(WITHDRAWN, "withdrawn", 512)                       \
	X(MOVE_PENDING, "move_pending", 1024) X(DESK_SETTLED, "desk_settled", 2048) X(TICK_YES, "tick_yes", 4096)      \
	X(TICK_UNSURE, "tick_unsure", 8192) X(WRONG_DESK, "wrong_desk", 16384) X(UNSURE, "unsure", 32768)
enum case_mark {
#define X(id, word, bit) CASE_MARK_##id = bit,
	CASE_MARKS(X)
#undef X
};

#define CASE_DISPOSITIONS(X)                                                                                           \
	X(ANSWERED, "answered") X(REFERRED, "referred") X(HANDED_OVER, "handed_over") X(REPORTED, "reported")          \
	X(NO_ANSWER, "no_answer") X(NO_CONTENT, "no_content") X(DUPLICATE, "duplicate") X(DECLINED, "declined")        \
	X(WITHDRAWN, "withdrawn")
#define CASE_CHANNELS(X)                                                                                               \
	X(PHONE, "phone") X(WEB_FORM, "web_form") X(WEB_CHAT, "web_chat") X(LINE_12345, "12345") X(WECHAT, "wechat")   \
	X(QQ, "qq") X(YOUTH_VOICE, "youth_voice") X(WALK_IN, "walk_in") X(OUTREACH, "outreach") X(LETTER, "letter") X(BUS, "bus")
#define CASE_KINDS(X)                                                                                                  \
	X(CONSULT, "consult") X(HELP, "help") X(COMPLAINT, "complaint") X(REPORT, "report") X(SUGGESTION, "suggestion") \
	X(PROTECTION, "protection") X(THANKS, "thanks")
#define CASE_URGENCIES(X) X(NORMAL, "normal") X(URGENT, "urgent") X(TOP, "top")
#define CASE_RELATIONS(X) X(SELF, "self") X(PARENT, "parent") X(TEACHER, "teacher") X(FRIEND, "friend") X(OTHER, "other")
#define CASE_AGE_BANDS(X)                                                                                              \
	X(U8, "u8") X(8_11, "8-11") X(12_13, "12-13") X(14_17, "14-17") X(18_25, "18-25") X(26, "26+") X(UNSAID, "unsaid")
#define CASE_GENDERS(X) X(F, "f") X(M, "m") X(OTHER, "other") X(UNSAID, "unsaid")
#define CASE_ROLES(X)                                                                                                  \
	X(NOBODY, "nobody", 0) X(COUNSELOR, "counselor", 1) X(LEAD, "lead", 2) X(SUPERVISOR, "supervisor", 4)          \
	X(ADMIN, "admin", 8) X(AUDITOR, "auditor", 16) X(CALLER, "caller", 32) X(SYSTEM, "system", 64)
#define CONTACT_TYPES(X)                                                                                               \
	X(SELF, "self") X(PARENT, "parent") X(TEACHER, "teacher") X(OTHER_ADULT, "other_adult") X(SILENT, "silent")    \
	X(HANG_UP, "hang_up") X(WRONG_NUMBER, "wrong_number") X(THANKS, "thanks") X(ABUSIVE, "abusive") X(MESSAGE, "message")
enum case_role {
#define X(id, word, bit) CASE_ROLE_##id = bit,
	CASE_ROLES(X)
#undef X
};
enum case_disposition {
#define X(id, word) CASE_END_##id,
	CASE_DISPOSITIONS(X)
#undef X
	CASE_END_COUNT
};

const char *case_state_text(enum case_state s);
NODISCARD int case_state_parse(const char *text, enum case_state *s);
const char *case_event_text(enum case_event e);    /* "?" where v is none of the list, as for all of these */
NODISCARD int case_event_parse(const char *text, enum case_event *e);
const char *case_disposition_text(enum case_disposition d);
NODISCARD int case_disposition_parse(const char *text, enum case_disposition *d);
const char *case_mark_text(unsigned bit);          /* one bit */
unsigned case_mark_parse(const char *text);        /* 0: none */
const char *case_role_text(unsigned bit);
unsigned case_role_parse(const char *text);
/* NULL-terminated word lists for json_field.codes, in the order of the enums. case_role_words has only what a person can be given:
 * counselor, lead, supervisor, admin, auditor. */
extern const char *const case_state_words[], *const case_disposition_words[], *const case_channel_words[], *const case_kind_words[],
	*const case_urgency_words[], *const case_relation_words[], *const case_age_band_words[], *const case_gender_words[],
	*const contact_type_words[], *const case_role_words[], *const case_event_words[];
/* Index of text in a word list; -1 when it is not there (or NULL). */
int case_word_index(const char *const words[], const char *text);

/* What the table needs to know of the case and of who acts; nothing else. */
struct case_facts {
	enum case_state state;
	unsigned marks;
	int risk;                 /* 0–3 */
	bool has_owner, actor_is_owner, actor_is_cover; /* cover: claimed the covered item */
	bool owner_on_shift, touched; /* touched: a reply or note by its owner (or by the cover, where that is asked) exists */
	bool actor_has_desk;      /* the actor works on the responsible desk; set for the owner and the cover too, or they may nothing */
	bool actor_has_task;      /* the actor works on a desk with an open task */
	int tasks_open;
	bool report_due;          /* mandatory report ticked and unanswered */
	bool second_person;       /* actor differs from who asked (closing) and from the owner; SYSTEM: a second person has decided */
	unsigned actor_roles;     /* CASE_ROLE_… bits the actor has for this case's site; with AUDITOR among them nothing is allowed */
	/* Facts that tighten a rule; false where the caller does not know them. */
	bool hold;                /* a complaint or legal hold is open */
	bool answered;            /* the caller has had a reply */
	bool silent;              /* no word of the caller for the configured days */
	bool overdue;             /* the time limit has passed */
	bool alone;               /* FACTS: the act needs a second person and none is on shift: it stands, unconfirmed */
};
struct case_move {
	enum case_state next;
	unsigned marks_on, marks_off;
	bool version;             /* counts as a version change */
	bool owner_off;           /* the case loses its counselor */
	bool owner_on;            /* the actor (claim, take_over) or the named person (assign) becomes it */
	bool cover_on, cover_off; /* the actor begins to cover; whoever covers has done so */
	int rule;                 /* index of the row that allowed it, for tests and traces */
};
enum case_outcome { CASE_NOT_LAWFUL = 1, CASE_NOT_ALLOWED, CASE_TASKS_OPEN, CASE_REPORT_DUE, CASE_SECOND_PERSON, CASE_NOT_OWNER };
/* The one table (core/casefile_rules.c, explained in doc/life-of-a-case.md). 0 and *move; or why not: NOT_LAWFUL for anybody now;
 * NOT_ALLOWED to this person; NOT_OWNER: it would be, had they the case; the others name what must be done first.
 * It sets every mark but those bound to something else: crisis_watch to the level, desk_settled to the wraps, move_pending to the
 * move, rated and the ticks to the caller's act. */
NODISCARD int case_next(enum case_event event, const struct case_facts *facts, struct case_move *move);
/* The table as Markdown, as it stands in doc/life-of-a-case.md. Gives. */
char *case_table(void);

/* Order of the queue: ascending rank. Level 3 ranks before everything; else queue_at - credit (0: 0, 1: 1 h, 2: 24 h).
 * oldest_at: time of the oldest unanswered message. */
int64_t case_rank(int risk, int64_t oldest_at_ms);
/* The reason a row stands where it does, as a code the pages translate: "level3", "level2", "level1", "oldest", "covered", "task",
 * "unscreened", "raised" (a crisis found in another desk's case). */
const char *case_why(int risk, unsigned marks, bool is_task, bool is_covered);
/* Which risk holds after a worker's result: it replaces the provisional one, but never falls below the caller's tick, and once a
 * desk is settled never falls at all. */
int case_risk_after(int now, int from_worker, unsigned marks, bool settled);
/* True when something due on the case must stand in the desk's queue as covered: its owner is off shift; or it is level 2 or 3 and
 * marked covered (a limit passed while the owner was there: risk ≥ 2 never waits for its owner). */
bool case_needs_cover(const struct case_facts *facts, bool something_due);

#endif
