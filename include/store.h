/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store: apply(batch) → results. The router opens it for writing (one process, one connection, which also
 * checkpoints), web for reading under its own connection. No SQL leaves core/store*.c; another backend could stand
 * behind this header.
 *
 * Every function answers 0 done, a store_outcome > 0, or a fault < 0 that the caller hands up unchanged (inside `run`:
 * return it, the batch is rolled back). Functions marked [w] are called only inside `run`; the others also on a read
 * store and outside batches. A store belongs to one thread at a time.
 * Lent: every text and blob a row points to is lent by the store until the next store_apply, store_read_end or
 * store_lent_drop. Rows handed *in* are only read. Times are UTC ms; 0 stands for SQL NULL in optional times, staff,
 * cases and numbers. Texts: NULL handed in means the column's default ("" or as said); texts read are never NULL unless
 * said. Cursors: `next` may be the same array as `cursor`.
 */
#ifndef QT_STORE_H
#define QT_STORE_H

#include "casefile.h"
#include "macros.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum store_outcome {
	STORE_NONE = 1, /* no such row; the end of a list */
	STORE_DAMAGED,  /* the row's MAC does not fit: filled, but frozen: show as damaged, change nothing, alarm */
	STORE_EXISTS,   /* a row with this key stands already */
	STORE_REFUSED,  /* store_open_*: *why says it */
	STORE_TAMPERED, /* store_audit_verify: the chain is broken */
};
/* Faults beside negative errno. */
enum store_fault {
	STORE_NOT_DURABLE = -1001,     /* nothing of the batch was kept: answer 503 to each */
	STORE_UNKNOWN_OUTCOME = -1002, /* COMMIT itself failed: stop the process, restart, replay; never retry */
	/* A constraint of the schema refused a row: a bug of the caller; undoes the one op where it has a savepoint. */
	STORE_BAD_ROW = -1003,
};
enum { STORE_KEY_BYTES = 32, STORE_UID_BYTES = 16, STORE_HASH_BYTES = 32, STORE_KEY_ID_BYTES = 8 };
enum { STORE_CURSOR_BYTES = 96 };

struct store;
struct store_blob { const void *data; size_t bytes; }; /* data NULL: SQL NULL */

/* ---- open, read, apply: store.c, store_apply.c ---- */
/* Opens (makes, migrates) the database at path under its lock file. 0; STORE_REFUSED with *why a gift (one sentence:
 * second router, newer schema, damaged file …). Where the audit chain is broken it opens all the same: store_figures. */
NODISCARD int store_open_write(const char *path, const uint8_t row_key[STORE_KEY_BYTES], struct store **out,
			       char **why);
NODISCARD int store_open_read(const char *path, const uint8_t row_key[STORE_KEY_BYTES], struct store **out, char **why);
void store_close(struct store **store);
/* Tests and bench: at most this many database pages (0: no limit), so that SQLITE_FULL can be met. */
void store_limit_pages(struct store *store, int64_t pages);

/* A read store sees one state between begin and end; end within 2 s (an older one is ended by the next call and answers
 * -ETIMEDOUT until store_read_end). Outside begin … end every call sees the newest state. */
NODISCARD int store_read_begin(struct store *store);
void store_read_end(struct store *store);
void store_lent_drop(struct store *store); /* forget what was lent so far (long scans, router outside a batch) */

struct store_op {
	/* 0 keep; > 0 refused: its writes are undone and the number reported; < 0 fault. It must not answer anybody:
	 * the outcome counts only after store_apply. A refusal that must leave its audit line (a wrong password) keeps:
	 * it answers 0. */
	int (*run)(struct store *store, struct store_op *op);
	bool validates;  /* refuses only before its first write: no SAVEPOINT is made */
	bool makes_room; /* erases, ends, expires: taken also while the disk is full */
	int result;     /* 0, run's > 0, STORE_NOT_DURABLE or STORE_UNKNOWN_OUTCOME */
};
/* Runs ops in order in one transaction and commits (fsync). 0, STORE_NOT_DURABLE or STORE_UNKNOWN_OUTCOME. */
NODISCARD int store_apply(struct store *store, struct store_op *const *ops, size_t n);
int64_t store_now(const struct store *store); /* fixed for the batch or the read transaction */

/* ---- figures and care: store_care.c ---- */
struct store_figures {
	int64_t db_bytes, wal_bytes, free_bytes;
	int64_t erased_at;       /* oldest erasure still in the WAL; 0 none. Over 10 min: alarm */
	int64_t audit_seq;       /* last line */
	int64_t audit_broken_at; /* first line that does not fit; 0 fine */
	int64_t commits, refused, not_durable, damaged;
	int64_t commit_number;   /* grows over all openings: a smaller one than remembered means an older copy */
	bool full;               /* disk full: only what makes room is taken */
	bool read_only;
};
void store_figures(struct store *store, struct store_figures *out);
/* After every batch and about once a second (it costs nothing where nothing is due): TRUNCATE at most once a minute
 * while erasures are pending, PASSIVE by size of the WAL; sees whether a full disk has room again.
 * STORE_UNKNOWN_OUTCOME: stop, restart. [router] */
NODISCARD int store_checkpoint(struct store *store);
/* Slices of at most `rows`: answers > 24 h, sessions over for 30 days, undos, done jobs. Call until *more is false. */
NODISCARD int store_housekeep(struct store *store, int rows, bool *more);
/* Background check in slices: case MACs and the audit chain from their start. *done when once round. STORE_DAMAGED:
 * *case_id is the case; STORE_TAMPERED: the audit. */
NODISCARD int store_scrub(struct store *store, int rows, int64_t *case_id, bool *done);
/* Tests: the first query of core/sql/query whose plan scans a table that grows; *why a gift. 0 none; STORE_REFUSED. */
NODISCARD int store_plan_check(struct store *store, char **why);

/* meta: small named values. Lent text. */
NODISCARD int store_meta_get(struct store *s, const char *name, const char **value);
NODISCARD int store_meta_set(struct store *s, const char *name, const char *value); /* [w]; NULL deletes */
NODISCARD int store_meta_int(struct store *s, const char *name, int64_t *value);
NODISCARD int store_meta_set_int(struct store *s, const char *name, int64_t value); /* [w] */

/* ---- sites and desks: store_site.c ---- */
struct site_row { int64_t num; const char *id; int64_t parent; const char *name_zh, *name_en; };
struct desk_row {
	int64_t num; const char *id; /* "450100.psych" */
	int64_t site; const char *kind, *name_zh, *name_en;
	bool open; int64_t generation;
};
struct conf;
/* Sites × desks of the configuration as rows: new ones are made, names and `open` follow, none is deleted. [w] */
NODISCARD int store_desks_sync(struct store *s, const struct conf *conf);
NODISCARD int store_site_get(struct store *s, int64_t num, struct site_row *out);
NODISCARD int store_site_find(struct store *s, const char *id, struct site_row *out);
NODISCARD int store_site_list(struct store *s, struct site_row **rows, size_t *n); /* rows lent */
NODISCARD int store_desk_get(struct store *s, int64_t num, struct desk_row *out);
NODISCARD int store_desk_find(struct store *s, const char *id, struct desk_row *out);
NODISCARD int store_desk_find_kind(struct store *s, int64_t site, const char *kind, struct desk_row *out);
NODISCARD int store_desk_list(struct store *s, struct desk_row **rows, size_t *n);
NODISCARD int store_desk_generation(struct store *s, int64_t num, int64_t generation); /* [w] */

/* ---- staff: store_staff.c ---- */
struct staff_row {
	int64_t id;
	const char *user, *name;
	int64_t site;
	unsigned roles;        /* CASE_ROLE_ bits */
	const char *state;     /* invited active disabled left */
	const char *presence;  /* off on break wrap_up */
	int64_t capacity;      /* -1: no limit */
	struct store_blob salt, auth, public, secret, recovery_salt, recovery_auth, recovery_secret, totp;
	int64_t kdf_bytes, kdf_passes, totp_step;
	bool must_change;
	int64_t failures, wait_until;
	const char *lang, *settings; /* settings: JSON */
	int64_t made_at, seen_at;
	struct store_blob mac; /* by web, over the public row */
};
/* [w] id, made_at filled; STORE_EXISTS: the user */
NODISCARD int store_staff_add(struct store *s, struct staff_row *row);
NODISCARD int store_staff_save(struct store *s, const struct staff_row *row); /* [w] every column of row->id */
NODISCARD int store_staff_get(struct store *s, int64_t id, struct staff_row *out);
NODISCARD int store_staff_find(struct store *s, const char *user, struct staff_row *out);
NODISCARD int store_staff_list(struct store *s, struct staff_row **rows, size_t *n); /* everybody but `left`, by user */
NODISCARD int store_staff_presence(struct store *s, int64_t id, const char *presence); /* [w] also seen_at */
NODISCARD int store_staff_failure(struct store *s, int64_t id, int64_t failures, int64_t wait_until); /* [w] */
/* desk numbers, lent, ascending */
NODISCARD int store_staff_desks(struct store *s, int64_t staff, int64_t **desks, size_t *n);
NODISCARD int store_staff_desk_set(struct store *s, int64_t staff, int64_t desk, bool member); /* [w] */
/* members not disabled or left */
NODISCARD int store_staff_of_desk(struct store *s, int64_t desk, int64_t **staff, size_t *n);
/* open cases; + risk each */
NODISCARD int store_staff_load(struct store *s, int64_t staff, int64_t *cases, int64_t *weighted);

/* A desk's (or the oversight pair's) secret sealed to a holder; holder 0: the recovery sheet. */
struct desk_key_row {
	const char *kind; /* desk oversight */
	int64_t num, generation, holder, epoch;
	struct store_blob wrap;
	int64_t made_at;
};
NODISCARD int store_desk_key_put(struct store *s, const struct desk_key_row *row); /* [w] */
NODISCARD int store_desk_key_get(struct store *s, const char *kind, int64_t num, int64_t generation, int64_t holder,
                                 struct desk_key_row *out);
NODISCARD int store_desk_key_list(struct store *s, const char *kind, int64_t num, struct desk_key_row **rows,
				  size_t *n);
/* all of a person */
NODISCARD int store_desk_key_held(struct store *s, int64_t holder, struct desk_key_row **rows, size_t *n);
/* [w] a leaver: all wraps of the person; counts as erasure */
NODISCARD int store_desk_key_drop(struct store *s, int64_t holder);
/* an active member holds the current generation */
NODISCARD int store_desk_keyed(struct store *s, int64_t num, bool *keyed);

struct session_row {
	int64_t id;
	struct store_blob hash; /* 32 bytes */
	int64_t staff;
	struct store_blob keys;
	int64_t made_at, used_at, until_at, ended_at;
};
NODISCARD int store_session_add(struct store *s, struct session_row *row); /* [w] id, made_at, used_at filled */
/* also ended ones */
NODISCARD int store_session_find(struct store *s, const uint8_t hash[STORE_HASH_BYTES], struct session_row *out);
NODISCARD int store_session_get(struct store *s, int64_t id, struct session_row *out);
NODISCARD int store_session_touch(struct store *s, int64_t id);                     /* [w] used_at = now */
NODISCARD int store_session_end(struct store *s, int64_t id);                       /* [w] the keys are erased */
/* [w] all of a person but one (0: all) */
NODISCARD int store_session_end_staff(struct store *s, int64_t staff, int64_t but);
NODISCARD int store_session_list(struct store *s, int64_t staff, struct session_row **rows, size_t *n); /* not ended */

struct epoch_row { int64_t number; const char *sealer; struct store_blob public, signature; int64_t made_at; };
/* [w] STORE_EXISTS: same number, other public */
NODISCARD int store_epoch_put(struct store *s, const struct epoch_row *row);
NODISCARD int store_epoch_get(struct store *s, const char *sealer, int64_t number, struct epoch_row *out);
NODISCARD int store_epoch_last(struct store *s, const char *sealer, struct epoch_row *out);

/* ---- cases: store_case.c ---- */
struct case_row {
	int64_t id;
	uint8_t uid[STORE_UID_BYTES];
	int64_t site, desk;
	enum case_state state;
	unsigned marks;
	int risk, tick;
	int64_t version;
	const char *channel, *kind, *urgency, *relation, *age_band, *gender, *region, *category;
	const char *groups; /* JSON list */
	const char *prefer; /* JSON object */
	int mood;           /* 0 not said */
	const char *lang;
	bool live;
	int64_t owner;
	bool touched;
	int64_t opened_by;
	int64_t cover, cover_until; /* who does the due thing of an absent owner's case, and until when */
	const char *disposition;    /* NULL: none */
	int64_t closing_by, messages;
	int64_t opened_at, oldest_at, first_reply_at, replied_at, closed_at, due_at, reply_by;
	int64_t screen_until, lease_until, withdrawn_at, erase_at, changed_at;
	const char *hits; /* JSON list */
	int64_t continues;
	bool has_caller; /* caller_hash is set */
	uint8_t caller_hash[STORE_HASH_BYTES];
	int64_t caller_epoch, caller_opened_at;
	bool show_own, damaged; /* damaged: volatile, the MAC did not fit */
	struct { int64_t desk; enum case_state state; int risk; } stored; /* as last read or written; the store's own */
};
/* [w] Fills id, opened_at and changed_at where 0; makes the MAC. */
NODISCARD int store_case_insert(struct store *s, struct case_row *row);
NODISCARD int store_case_get(struct store *s, int64_t id, struct case_row *out); /* STORE_NONE, STORE_DAMAGED */
/* [w] Writes every column of a row that store_case_get gave; makes MAC and changed_at. The version is the caller's. */
NODISCARD int store_case_save(struct store *s, struct case_row *row);
/* Cases whose clock ran out, oldest first, at most limit ids (lent). Each uses its own partial index. */
enum store_due { STORE_DUE_SCREEN, STORE_DUE_LEASE, STORE_DUE_COVER, STORE_DUE_SILENT, STORE_DUE_ERASE };
/* at: screen_until/lease_until/cover_until/erase_at ≤ at; SILENT: awaiting_caller with replied_at ≤ at. next_at: the
 * first one later than at, 0 none. */
NODISCARD int store_case_due(struct store *s, enum store_due which, int64_t at, int limit, int64_t **ids, size_t *n,
			     int64_t *next_at);
/* Destroys the words: every body, wrap, draft, job and complaint text of the case; facts and counts stay. Done for good
 * at the next TRUNCATE checkpoint. [w] */
NODISCARD int store_case_erase(struct store *s, int64_t case_id);

struct case_count { int64_t desk; enum case_state state; int risk; int64_t cases; };
/* kept, not counted */
NODISCARD int store_case_count(struct store *s, int64_t desk, struct case_count **rows, size_t *n);

/* ---- messages and wraps: store_message.c ---- */
struct message_row {
	int64_t case_id, n;
	const char *kind; /* message reply note summary contact referral system */
	uint8_t key_id[STORE_KEY_ID_BYTES];
	int64_t note_key, author;
	const char *alias;
	int64_t at, seen_at, recalled_at;
	int risk;
	const char *hits;
	int64_t screened_at;
	int64_t body;           /* the store's own */
	struct store_blob blob; /* sealed words; empty once erased; data NULL where not asked for */
};
/* [w] n filled where -1 (next free), at where 0 */
NODISCARD int store_message_add(struct store *s, struct message_row *row);
/* Rows with n > after (-1: from the start), at most limit; kinds: comma list ("message,reply") or NULL. */
NODISCARD int store_message_list(struct store *s, int64_t case_id, int64_t after, int limit, const char *kinds,
				 bool words, struct message_row **rows, size_t *n);
NODISCARD int store_message_get(struct store *s, int64_t case_id, int64_t n, struct message_row *out); /* with words */
/* [w] first time only; STORE_NONE: was seen */
NODISCARD int store_message_seen(struct store *s, int64_t case_id, int64_t n);
NODISCARD int store_message_recall(struct store *s, int64_t case_id, int64_t n); /* [w] marks and destroys the words */
NODISCARD int store_message_screened(struct store *s, int64_t case_id, int64_t n, int risk, const char *hits); /* [w] */

struct wrap_row {
	int64_t case_id;
	const char *target; /* caller desk task offer oversight */
	int64_t desk, generation, epoch;
	const char *sealer; /* intake web */
	int64_t note_key;   /* 1 the first */
	struct store_blob blob;
};
/* [w] replaces the one of (case, target, desk, note_key) */
NODISCARD int store_wrap_put(struct store *s, const struct wrap_row *row);
NODISCARD int store_wrap_get(struct store *s, int64_t case_id, const char *target, int64_t desk, int64_t note_key,
			     struct wrap_row *out);
NODISCARD int store_wrap_list(struct store *s, int64_t case_id, struct wrap_row **rows, size_t *n);
/* [w] all note keys; an erasure */
NODISCARD int store_wrap_delete(struct store *s, int64_t case_id, const char *target, int64_t desk);
/* [w] desk wraps of all desks but one */
NODISCARD int store_wrap_delete_desks(struct store *s, int64_t case_id, int64_t but);

/* ---- queue, tasks, follow-ups, contacts: store_queue.c, store_task.c ---- */
struct queue_row {
	int64_t desk, rank, case_id;
	const char *what; /* case task covered followup */
	int64_t ref;      /* task or follow-up id; 0 */
	int risk;
	int64_t owner, since;
	const char *why;  /* case_why */
};
NODISCARD int store_queue_put(struct store *s, const struct queue_row *row);      /* [w] */
NODISCARD int store_queue_clear_case(struct store *s, int64_t case_id);           /* [w] all rows of the case */
NODISCARD int store_queue_of_case(struct store *s, int64_t case_id, struct queue_row **rows, size_t *n);
NODISCARD int store_queue_first(struct store *s, int64_t desk, int limit, struct queue_row **rows, size_t *n);
/* Several desks merged in rank order, from the cursor on ("" or NULL: the start; STORE_REFUSED: not one of ours). */
NODISCARD int store_queue_page(struct store *s, const int64_t *desks, size_t desk_count, const char *cursor, int limit,
                               struct queue_row **rows, size_t *n, char next[STORE_CURSOR_BYTES]);
struct queue_count { int64_t desk, rows, by_risk[4], since; }; /* since: the longest waiting; 0 none */
NODISCARD int store_queue_count(struct store *s, int64_t desk, struct queue_count *out);

struct task_row {
	int64_t id, case_id, desk;
	const char *state; /* waiting assigned done */
	bool crisis;
	int64_t asked_by, owner;
	const char *disposition; /* NULL: none */
	int64_t due_at, note;    /* note: messages.n of what is asked; 0 none (0 is the caller's first) */
	int64_t made_at, ended_at;
};
NODISCARD int store_task_add(struct store *s, struct task_row *row);        /* [w] id, made_at filled */
NODISCARD int store_task_save(struct store *s, const struct task_row *row); /* [w] */
NODISCARD int store_task_get(struct store *s, int64_t id, struct task_row *out);
NODISCARD int store_task_list(struct store *s, int64_t case_id, struct task_row **rows, size_t *n);
NODISCARD int store_task_mine(struct store *s, int64_t owner, struct task_row **rows, size_t *n); /* assigned */

struct followup_row {
	int64_t id, case_id, desk; /* desk: of the case, kept in step by store_case_save */
	const char *kind;  /* followup callback_check call_back */
	int64_t due_at;
	const char *state; /* open done moved */
	const char *result; /* NULL: none */
	int64_t staff, note, made_at, done_at;
};
NODISCARD int store_followup_add(struct store *s, struct followup_row *row);        /* [w] id, made_at filled */
NODISCARD int store_followup_save(struct store *s, const struct followup_row *row); /* [w] */
NODISCARD int store_followup_get(struct store *s, int64_t id, struct followup_row *out);
NODISCARD int store_followup_list(struct store *s, int64_t case_id, struct followup_row **rows, size_t *n);
/* open, due_at ≤ until */
NODISCARD int store_followup_count(struct store *s, int64_t desk, int64_t until, int at_most, int64_t *out);
/* open, all desks, not in the queue yet */
NODISCARD int store_followup_due(struct store *s, int64_t at, int limit, struct followup_row **rows, size_t *n);

struct contact_row {
	int64_t id, site;
	const char *channel, *type;
	int64_t began_at, seconds, staff, case_id;
	const char *facts; /* JSON */
	int64_t made_at;
};
NODISCARD int store_contact_add(struct store *s, struct contact_row *row); /* [w] id, made_at filled */
NODISCARD int store_contact_of_case(struct store *s, int64_t case_id, struct contact_row **rows, size_t *n);
NODISCARD int store_contact_list(struct store *s, int64_t site, const char *cursor, int limit,
				 struct contact_row **rows, size_t *n,
				 char next[STORE_CURSOR_BYTES]); /* newest first; site 0: all */

/* ---- events and audit: store_event.c, store_audit.c ---- */
struct event_row {
	int64_t seq, at, site, desk, case_id;
	const char *kind;
	int64_t number, staff;
	const char *detail;
};
NODISCARD int store_event_add(struct store *s, struct event_row *row); /* [w] seq, at filled */
/* Events after the cursor, oldest first; STORE_REFUSED: not a cursor of ours. next: where to go on (also when none). */
NODISCARD int store_event_after(struct store *s, const char *cursor, int limit, struct event_row **rows, size_t *n,
                                char next[STORE_CURSOR_BYTES]);
NODISCARD int store_event_cursor(struct store *s, char out[STORE_CURSOR_BYTES]); /* behind the newest */
NODISCARD int store_event_of_case(struct store *s, int64_t case_id, int64_t after_seq, int limit,
				  struct event_row **rows, size_t *n);
void store_event_cursor_write(int64_t seq, char out[STORE_CURSOR_BYTES]);

struct audit_row {
	int64_t seq, at, staff, case_id;
	const char *act, *detail;
	uint8_t hash[STORE_HASH_BYTES];
};
/* [w] */
NODISCARD int store_audit_add(struct store *s, int64_t staff, const char *act, int64_t case_id, const char *detail);
/* Newest first; filters 0/NULL: any. */
NODISCARD int store_audit_list(struct store *s, int64_t staff, int64_t case_id, const char *cursor, int limit,
                               struct audit_row **rows, size_t *n, char next[STORE_CURSOR_BYTES]);
/* Checks the lines (from, from + limit]; *last: the last checked; STORE_TAMPERED: the first that does not fit. */
NODISCARD int store_audit_verify(struct store *s, int64_t from, int64_t limit, int64_t *last, bool *end);

/* ---- idempotency: store_answer.c ---- */
struct answer_row {
	uint8_t key[STORE_HASH_BYTES], digest[STORE_HASH_BYTES];
	int64_t at;
	int status;
	const char *body;
};
NODISCARD int store_answer_find(struct store *s, const uint8_t key[STORE_HASH_BYTES], struct answer_row *out);
/* [w] once per key */
NODISCARD int store_answer_keep(struct store *s, const struct answer_row *row);

/* ---- jobs: store_job.c ---- */
struct job_row {
	int64_t id;
	const char *service;
	const char *state; /* ready parked done */
	int64_t attempts, not_before, case_id, n; /* n -1: none */
	struct store_blob bundle, crisis_wrap;
	int64_t generation, epoch;
	const char *sealer; /* of the bundle's epoch: intake web */
	struct store_blob request, reply, titanic;
	int64_t made_at, done_at;
};
NODISCARD int store_job_add(struct store *s, struct job_row *row); /* [w] id, made_at filled; state ready */
/* The first ready job of the service with id > after and not_before ≤ now; blobs too. STORE_NONE: *next_at is when the
 * first delayed one comes due (0: none). */
NODISCARD int store_job_next(struct store *s, const char *service, int64_t after, struct job_row *out,
			     int64_t *next_at);
NODISCARD int store_job_get(struct store *s, int64_t id, struct job_row *out);
NODISCARD int store_job_find_titanic(struct store *s, const uint8_t titanic[16], struct job_row *out);
NODISCARD int store_job_of_case(struct store *s, int64_t case_id, struct job_row **rows, size_t *n); /* not done */
NODISCARD int store_job_services(struct store *s, const char *const **services, size_t *n); /* with ready jobs */
NODISCARD int store_job_count_attempt(struct store *s, int64_t id); /* [w] before it is handed out */
NODISCARD int store_job_delay(struct store *s, int64_t id, int64_t not_before);         /* [w] given back */
/* [w] */
NODISCARD int store_job_redirect(struct store *s, int64_t id, const char *service, struct store_blob bundle,
				 int64_t generation);
/* [w] screening (case_id set): the row goes, an erasure; foreign: kept with its reply. */
NODISCARD int store_job_done(struct store *s, int64_t id, struct store_blob reply);
NODISCARD int store_job_park(struct store *s, int64_t id);                              /* [w] */
/* [w] parked → ready, attempts 0 */
NODISCARD int store_job_requeue(struct store *s, int64_t id);
NODISCARD int store_job_delete(struct store *s, int64_t id);                            /* [w] titanic.close */
/* without blobs */
NODISCARD int store_job_parked(struct store *s, int64_t after, int limit, struct job_row **rows, size_t *n);
NODISCARD int store_job_count(struct store *s, const char *service, int64_t *ready);

/* ---- drafts, ratings, complaints, undo, moves: store_desk_work.c ---- */
struct draft_row { int64_t staff, case_id; const char *kind; int64_t seq, at; struct store_blob blob; };
NODISCARD int store_draft_put(struct store *s, const struct draft_row *row); /* [w] STORE_EXISTS: a later seq stands */
NODISCARD int store_draft_get(struct store *s, int64_t staff, int64_t case_id, const char *kind, struct draft_row *out);
/* [w] kind NULL: all */
NODISCARD int store_draft_delete(struct store *s, int64_t staff, int64_t case_id, const char *kind);

/* month "2026-11" */
struct rating_row { int64_t desk; const char *month; int heard, helped, again; struct store_blob words; };
/* [w] under a random id: no order of arrival */
NODISCARD int store_rating_add(struct store *s, const struct rating_row *row);
NODISCARD int store_rating_sum(struct store *s, int64_t desk, const char *month, int64_t *n, double mean[3]);

struct complaint_row {
	int64_t id, case_id, at, due_at;
	uint8_t key_id[STORE_KEY_ID_BYTES];
	int64_t generation, epoch;
	struct store_blob wrap, blob;
	int64_t answered_at;
};
NODISCARD int store_complaint_add(struct store *s, struct complaint_row *row); /* [w] id, at filled */
NODISCARD int store_complaint_list(struct store *s, bool open_only, struct complaint_row **rows, size_t *n);
NODISCARD int store_complaint_holds(struct store *s, int64_t case_id, bool *holds); /* one is open */
NODISCARD int store_complaint_answered(struct store *s, int64_t id); /* [w] */

/* [w] */
NODISCARD int store_undo_put(struct store *s, const uint8_t token[16], int64_t staff, int64_t until_at,
			     const char *moves);
/* [w] once; STORE_NONE */
NODISCARD int store_undo_take(struct store *s, const uint8_t token[16], int64_t staff, const char **moves);

struct move_row { int64_t case_id, to_desk, staff, task, at; };
NODISCARD int store_move_put(struct store *s, const struct move_row *row); /* [w] */
NODISCARD int store_move_get(struct store *s, int64_t case_id, struct move_row *out);
NODISCARD int store_move_list(struct store *s, struct move_row **rows, size_t *n);
NODISCARD int store_move_delete(struct store *s, int64_t case_id); /* [w] */

/* ---- console views: store_list.c ---- */
enum store_view {
	STORE_VIEW_WAITING,
	STORE_VIEW_MINE,
	STORE_VIEW_DESK,
	STORE_VIEW_FOLLOWUPS,
	STORE_VIEW_CLOSED,
	STORE_VIEW_ALL
};
struct store_filter {
	enum store_view view;
	const int64_t *desks; /* the desks the person may see, already narrowed by site and desk filters */
	size_t desk_count;
	int64_t me;           /* MINE: whose */
	int state;            /* enum case_state, -1 any */
	int risk;             /* -1 any; else exactly this level */
	int64_t assignee;     /* 0 any; -1 nobody */
	int64_t due_until;    /* FOLLOWUPS: due_at ≤ this; 0: now */
};
/* One row of a list: facts, and for WAITING/FOLLOWUPS why it stands here. No words. */
struct store_item {
	struct case_row row; /* row.damaged: shown, but frozen */
	const char *what;    /* case task covered followup */
	int64_t ref, rank, since, due_at;
	const char *why;
};
/* A page may be shorter than the limit though next is set (WAITING with a state, FOLLOWUPS with any filter).
 * Orders: WAITING rank; MINE and tasks of mine: newest case first; DESK, ALL: newest first (ALL: open ones, then closed
 * ones by closing); FOLLOWUPS due first; CLOSED last closed first. next "" at the end. STORE_REFUSED: not a cursor of
 * this list. */
NODISCARD int store_list(struct store *s, const struct store_filter *filter, const char *cursor, int limit,
                         struct store_item **items, size_t *n, char next[STORE_CURSOR_BYTES]);

#endif
