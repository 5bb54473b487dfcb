/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Batches: every operation in its own SAVEPOINT (or validated before it writes), one COMMIT with fsync for all, then
 * the results. What the batch changed in memory (audit head, counts, answers) is undone with it. A COMMIT whose outcome
 * is unknown is never tried again: the process stops, restarts and replays.
 */
#include "store_impl.h"

#include "clock.h"
#include "log.h"

#include <errno.h>
#include <string.h>

static void apply_all(struct store_op *const *ops, size_t n, int result)
{
	for (size_t i = 0; i < n; i++)
		ops[i]->result = result;
}

static const char *const say_text[SAY_COUNT] = {
	[SAY_BEGIN] = "BEGIN IMMEDIATE", [SAY_COMMIT] = "COMMIT",       [SAY_ROLLBACK] = "ROLLBACK",
	[SAY_SAVEPOINT] = "SAVEPOINT op", [SAY_UNDO] = "ROLLBACK TO op", [SAY_RELEASE] = "RELEASE op",
};

/* These do not pass sql_take: they stand at the edges of a batch. Gives SQLite's code. */
static int apply_say(struct store *s, enum store_say what)
{
	sqlite3_stmt **stmt = &s->say[what];
	int rc = SQLITE_OK;

	if (!*stmt)
		rc = sqlite3_prepare_v3(s->db, say_text[what], -1, SQLITE_PREPARE_PERSISTENT, stmt, NULL);
	if (rc == SQLITE_OK) {
		rc = sqlite3_step(*stmt);
		sqlite3_reset(*stmt);
	}
	return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static void apply_rollback(struct store *s)
{
	if (!sqlite3_get_autocommit(s->db) && apply_say(s, SAY_ROLLBACK) != SQLITE_OK)
		log_error("rollback", "code=%d", sqlite3_extended_errcode(s->db));
}

static int apply_validated(struct store *s, struct store_op *op)
{
	const sqlite3_int64 changes = sqlite3_total_changes64(s->db);
	int rc = op->run(s, op);

	if (rc > 0 && sqlite3_total_changes64(s->db) != changes) {
		log_error("refused_after_writing", "result=%d", rc);
		return STORE_BAD_ROW;
	}
	op->result = rc;
	return rc < 0 ? rc : 0;
}

/* 0: op->result says it, its writes stand or are undone; < 0: the whole batch must go. */
static int apply_one(struct store *s, struct store_op *op)
{
	const struct volatile_mark mark = s->v;
	int rc;

	if (op->validates)
		return apply_validated(s, op);
	if (apply_say(s, SAY_SAVEPOINT) != SQLITE_OK)
		return sql_fault(s, sqlite3_errcode(s->db), "savepoint");
	rc = op->run(s, op);
	if (sqlite3_get_autocommit(s->db))
		return rc < 0 ? rc : -EIO; /* SQLite itself rolled everything back */
	if (rc < 0 && rc != STORE_BAD_ROW)
		return rc;
	if (rc == STORE_BAD_ROW)
		log_error("bad_row", "code=%d", s->last_rc);
	op->result = rc == STORE_BAD_ROW ? (int)STORE_NOT_DURABLE : rc;
	if (rc) {
		s->v = mark;
		if (apply_say(s, SAY_UNDO) != SQLITE_OK)
			return -EIO;
	}
	return apply_say(s, SAY_RELEASE) == SQLITE_OK ? 0 : -EIO;
}

/* While the disk is full only what makes room is tried. */
static int apply_each(struct store *s, struct store_op *const *ops, size_t n)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < n; i++) {
		if (s->full && !ops[i]->makes_room)
			ops[i]->result = STORE_NOT_DURABLE;
		else
			rc = apply_one(s, ops[i]);
		s->refused += !rc && ops[i]->result > 0;
		s->not_durable += !rc && ops[i]->result < 0;
	}
	return rc;
}

static int apply_commit(struct store *s)
{
	int rc = apply_say(s, SAY_COMMIT);

	if (rc == SQLITE_OK)
		return 0;
	rc = sql_fault(s, rc, "commit");
	if (rc == -ENOSPC || rc == -EBUSY)
		return rc; /* the commit frame was never written */
	s->dead = true;
	log_error("commit_unknown", "code=%d", s->last_rc);
	return STORE_UNKNOWN_OUTCOME;
}

static int apply_batch(struct store *s, struct store_op *const *ops, size_t n)
{
	int rc = apply_each(s, ops, n);

	if (!rc)
		rc = count_flush(s);
	if (!rc)
		rc = audit_flush(s);
	if (!rc)
		rc = lock_flush(s);
	return rc ? rc : apply_commit(s);
}

static int apply_begin(struct store *s)
{
	int rc = apply_say(s, SAY_BEGIN);

	if (rc != SQLITE_OK)
		return sql_fault(s, rc, "begin");
	s->now = clock_wall_ms();
	s->in_batch = true;
	return 0;
}

static int apply_failed(struct store *s, struct store_op *const *ops, size_t n, const struct volatile_mark *mark,
			int rc)
{
	apply_rollback(s);
	s->v = *mark;
	s->v.deltas = s->v.answers = 0;
	s->audit_written = false;
	if (rc == -ENOSPC)
		care_full(s);
	if (rc != STORE_UNKNOWN_OUTCOME)
		rc = STORE_NOT_DURABLE;
	s->not_durable += (int64_t)n;
	apply_all(ops, n, rc);
	return rc;
}

int store_apply(struct store *s, struct store_op *const *ops, size_t n)
{
	const struct volatile_mark mark = s->v;
	int rc;

	if (!n)
		return 0;
	if (s->dead || !s->writer || s->in_batch) {
		apply_all(ops, n, s->dead ? STORE_UNKNOWN_OUTCOME : STORE_NOT_DURABLE);
		return ops[0]->result;
	}
	store_lent_drop(s);
	rc = apply_begin(s);
	if (!rc)
		rc = apply_batch(s, ops, n);
	s->in_batch = false;
	if (rc)
		return apply_failed(s, ops, n, &mark, rc);
	answer_keep_fresh(s);
	s->v.deltas = s->v.answers = 0;
	s->commits++;
	s->commit_number++;
	return 0;
}
