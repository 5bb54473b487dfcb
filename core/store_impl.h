/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the store share, and nobody else: the connection, prepared statements by number, rows as tables of
 * columns, and what a batch has changed in memory (undone together with its SAVEPOINT). Only core/store*.c include this
 * and sqlite3.h.
 */
#ifndef QT_STORE_IMPL_H
#define QT_STORE_IMPL_H

#include "mem.h"
#include "sql_embed.h"
#include "store.h"

#include <sqlite3.h>
#include <stdio.h>

enum {
	STORE_SCHEMA = SQL_MIGRATIONS,
	STORE_APPLICATION_ID = 0x51544c31, /* "QTL1" in the file's header */
	STORE_READ_MS = 2000,              /* a read transaction ends by then */
	STORE_BUSY_MS = 1000,
	AUDIT_CHECK_LINES = 1000,          /* the mark of what was verified moves on by so many */
	STORE_BALLAST_BYTES = 8 << 20,
	STORE_LIST_MAX = 100000,           /* rows of any one list without a cursor */
};

/* Memory lent to callers: chunks, all dropped together. */
struct lent {
	struct lent_chunk { struct lent_chunk *older; size_t room, used; } *chunk;
};

/* What a batch changed beside the database; a refused operation goes back to its own mark. */
struct volatile_mark {
	int64_t audit_seq;
	uint8_t audit_hash[STORE_HASH_BYTES];
	int64_t case_last; /* highest case id given */
	size_t deltas, answers;
};
struct count_delta { int64_t desk; const char *of, *word; int risk, by; };
struct answer_slot { int64_t key_short, id; };
struct answer_memory {
	struct answer_slot *slot; /* open addressing; id 0 free */
	size_t slots, used;
	struct answer_slot *fresh; /* of this batch, not yet committed: v.answers of them */
	size_t fresh_room;
};

enum store_say { SAY_BEGIN, SAY_COMMIT, SAY_ROLLBACK, SAY_SAVEPOINT, SAY_UNDO, SAY_RELEASE, SAY_COUNT };

struct store {
	sqlite3 *db;
	sqlite3_stmt *stmt[SQL_QUERY_COUNT];
	sqlite3_stmt *say[SAY_COUNT];
	char *path;
	uint8_t row_key[STORE_KEY_BYTES];
	bool writer, in_batch, dead, full;
	bool wal_stood, marked; /* at opening: the -wal was there; the mark `open` is set */
	int lock_fd;
	bool locked;      /* it is ours */
	char lock_id[33]; /* the database's random name as the lock file knows it */
	int64_t now;
	int last_rc;             /* extended code of the last failed statement */
	/* reads */
	bool reading, read_over;
	int64_t read_mono;
	struct lent lent;
	/* of the batch */
	struct volatile_mark v;
	bool audit_written;
	struct count_delta *delta;
	size_t delta_room;
	struct answer_memory answers;
	/* care */
	int wal_frames;
	int64_t erased_at, truncated_mono, room_mono;
	bool scrub_cases_done;
	int64_t audit_broken_at, audit_checked, scrub_case, scrub_audit;
	int64_t commit_number; /* of the database, over all openings */
	int64_t commits, refused, not_durable, damaged;
};

/* ---- store_lent.c ---- */
void *lent_new(struct store *s, size_t n);
const char *lent_text(struct store *s, const char *text, size_t n);
void lent_finish(struct lent *l);

/* ---- store_sql.c: statements and columns ---- */
enum sql_kind {
	SQL_INT,     /* int64_t */
	SQL_INT32,   /* int, unsigned, enum */
	SQL_BOOL,
	SQL_OPTION,  /* int64_t, 0 is NULL */
	SQL_OPTION32,/* int, 0 is NULL */
	SQL_MINUS,   /* int64_t, -1 is NULL */
	SQL_TEXT,    /* const char *, NULL handed in: the column's default word */
	SQL_MAYBE,   /* const char *, NULL is NULL */
	SQL_BLOB,    /* struct store_blob */
	SQL_BYTES,   /* an array of `bytes` in the row; never NULL */
	SQL_BYTES_IF,/* the same, NULL unless the bool just before it is set */
	SQL_STATE,   /* enum case_state as its word */
};
struct column { enum sql_kind kind; unsigned short offset, bytes; const char *otherwise; };
struct table { const struct column *column; int columns; size_t row_bytes; };
#define COLUMN(row, kind, field) { SQL_##kind, offsetof(struct row, field), sizeof(((struct row *)0)->field), "" }
#define COLUMN_OR(row, field, word) { SQL_TEXT, offsetof(struct row, field), sizeof(const char *), word }
#define TABLE(row, columns) { columns, ARRAY_LEN(columns), sizeof(struct row) }

struct sql_arg { enum sql_kind kind; int64_t n; const void *data; };
static inline struct sql_arg arg_int(int64_t n) { return (struct sql_arg){ SQL_INT, n, NULL }; }
static inline struct sql_arg arg_option(int64_t n) { return (struct sql_arg){ SQL_OPTION, n, NULL }; }
static inline struct sql_arg arg_text(const char *t) { return (struct sql_arg){ SQL_MAYBE, 0, t }; }
static inline struct sql_arg arg_bytes(const void *p, size_t n) { return (struct sql_arg){ SQL_BLOB, (int64_t)n, p }; }
static inline struct sql_arg arg_blob(struct store_blob b) { return arg_bytes(b.data, b.bytes); }
#define SQL_ARGS(...) (const struct sql_arg[]){ __VA_ARGS__ }, ARRAY_LEN(((const struct sql_arg[]){ __VA_ARGS__ }))

/* Lends the cached statement, reset, nothing bound. */
NODISCARD int sql_take(struct store *s, enum sql_query q, sqlite3_stmt **out);
NODISCARD int sql_begin(struct store *s, enum sql_query q, const struct sql_arg *args, size_t n, sqlite3_stmt **out);
NODISCARD int sql_step(struct store *s, sqlite3_stmt *stmt); /* 0 a row; STORE_NONE the end (then it is reset) */
void sql_give(sqlite3_stmt *stmt);
/* Runs to the end. sql_change: STORE_NONE where no row changed. */
NODISCARD int sql_do(struct store *s, enum sql_query q, const struct sql_arg *args, size_t n);
NODISCARD int sql_change(struct store *s, enum sql_query q, const struct sql_arg *args, size_t n);
/* First column of the first row; STORE_NONE. */
NODISCARD int sql_number(struct store *s, enum sql_query q, const struct sql_arg *args, size_t n, int64_t *out);
/* Columns of a table from and to a row struct; parameter ?i is column i, so one table serves INSERT and UPDATE. */
NODISCARD int sql_write(struct store *s, enum sql_query q, const struct table *t, const void *row);
NODISCARD int sql_bind_row(struct store *s, sqlite3_stmt *stmt, const struct table *t, const void *row);
struct sql_arg field_arg(const struct column *c, const void *row);
void sql_read(struct store *s, sqlite3_stmt *stmt, const struct table *t, void *row);
NODISCARD int sql_get(struct store *s, enum sql_query q, const struct sql_arg *args, size_t n, const struct table *t,
		      void *row);
NODISCARD int sql_list(struct store *s, enum sql_query q, const struct sql_arg *args, size_t n, const struct table *t,
		       void *rows, size_t *count);
/* The same of one number a row. */
NODISCARD int sql_numbers(struct store *s, enum sql_query q, const struct sql_arg *args, size_t n, int64_t **out,
			  size_t *count);
/* STORE_BAD_ROW because a key stood already → STORE_EXISTS; else rc. */
int sql_exists(const struct store *s, int rc);
int sql_fault(struct store *s, int rc, const char *where);
NODISCARD int sql_text_run(struct store *s, const char *sql); /* open and batch only: BEGIN, COMMIT, pragmas */

/* ---- cursors: store_cursor.c ---- */
void cursor_write(char kind, const int64_t *value, size_t n, char out[STORE_CURSOR_BYTES]);
NODISCARD int cursor_read(char kind, const char *text, int64_t *value, size_t n); /* 0; STORE_REFUSED */

/* ---- each file's part of opening, batches and care ---- */
NODISCARD int case_load(struct store *s); /* the highest id, at opening */
void case_read(struct store *s, sqlite3_stmt *stmt, struct case_row *row); /* checks the MAC: sets damaged, stored */
enum { CASE_COLUMN_ID = 0, CASE_COLUMN_OWNER = 22, CASE_COLUMN_CLOSED_AT = 34 }; /* to decide before a row is read */
NODISCARD int followup_page(struct store *s, int64_t desk, int64_t until, int64_t after_due, int64_t after_id,
			    int limit, struct followup_row **rows, size_t *n);
struct queue_want { const int64_t *desks; size_t desk_count; int risk; int64_t owner; }; /* as in store_filter */
NODISCARD int queue_page(struct store *s, const struct queue_want *want, const char *cursor, int limit,
			 struct queue_row **rows, size_t *n, char next[STORE_CURSOR_BYTES]);
void count_add(struct store *s, int64_t desk, const char *of, const char *word, int risk, int by);
NODISCARD int count_flush(struct store *s);
NODISCARD int audit_load(struct store *s);  /* head and check at opening */
NODISCARD int audit_flush(struct store *s); /* seals the head */
NODISCARD int audit_checkpoint(struct store *s); /* [w] what was checked so far */
NODISCARD int answer_load(struct store *s);
NODISCARD int answer_expire(struct store *s, int rows, bool *more);
void answer_keep_fresh(struct store *s); /* after COMMIT */
void answer_finish(struct store *s);
void care_watch(struct store *s);
void care_erased(struct store *s);
NODISCARD int care_truncate(struct store *s); /* 0; STORE_NONE: a reader stood in the way */
void care_full(struct store *s);
void care_ballast(struct store *s);

/* ---- store_open.c, in the order of opening ---- */
NODISCARD int open_lock(struct store *s, char **why); /* store_lock.c */
NODISCARD int lock_identity(struct store *s, char **why);
NODISCARD int lock_flush(struct store *s); /* before each COMMIT */
void lock_tidy(const struct store *s);
NODISCARD int open_settings(struct store *s, char **why);
NODISCARD int open_migrate(struct store *s, char **why);
NODISCARD int open_check(struct store *s, char **why);
NODISCARD int open_version(struct store *s, char **why); /* readers */
void open_made(struct store *s);                         /* the lock file remembers a whole database */
void open_guard(struct store *s);                        /* authorizer: no DDL, ATTACH, PRAGMA from here on */
void open_leave(struct store *s);
char *open_damaged(const struct store *s, const char *what); /* gives the sentence */

#endif
