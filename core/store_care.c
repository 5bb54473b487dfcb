/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the writer does between batches: checkpoints (deleted words stay in the log until a TRUNCATE), small slices of
 * housekeeping, the ballast that makes room when the disk is full, figures, and the background check of rows and audit.
 */
#include "store_impl.h"

#include "clock.h"
#include "log.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum {
	TRUNCATE_EVERY_MS = 60 * 1000,
	TRUNCATE_AGAIN_MS = 5 * 1000,  /* a reader stood in the way */
	ROOM_EVERY_MS = 1000,
	PASSIVE_FRAMES = 4096,         /* 16 MiB of log */
	DAY_MS = 24 * 3600 * 1000,
};

static int wal_grew(void *ctx, sqlite3 *db, const char *name, int frames)
{
	struct store *s = ctx;

	(void)db, (void)name;
	s->wal_frames = frames;
	return SQLITE_OK;
}

void care_watch(struct store *s)
{
	sqlite3_wal_hook(s->db, wal_grew, s);
}

void care_erased(struct store *s)
{
	if (!s->erased_at)
		s->erased_at = store_now(s);
}

/* Never waits: a reader in the way is asked again later. */
static int care_checkpoint(struct store *s, int mode)
{
	int log = 0, done = 0, rc;

	sqlite3_busy_timeout(s->db, 0);
	rc = sqlite3_wal_checkpoint_v2(s->db, "main", mode, &log, &done);
	sqlite3_busy_timeout(s->db, STORE_BUSY_MS);
	if (rc == SQLITE_OK)
		s->wal_frames = mode == SQLITE_CHECKPOINT_TRUNCATE ? 0 : log - done;
	if (rc == SQLITE_OK || (rc & 0xff) == SQLITE_BUSY)
		return rc == SQLITE_OK ? 0 : STORE_NONE;
	rc = sql_fault(s, rc, "checkpoint");
	if (rc == -ENOSPC)
		return rc; /* the main file could not grow; the log still holds everything */
	s->dead = true; /* a failed fsync: what is on disk is not known any more */
	return STORE_UNKNOWN_OUTCOME;
}

int care_truncate(struct store *s)
{
	int rc = care_checkpoint(s, SQLITE_CHECKPOINT_TRUNCATE);
	int64_t wait = rc ? TRUNCATE_EVERY_MS - TRUNCATE_AGAIN_MS : 0;

	s->truncated_mono = clock_mono_ms() - wait;
	if (!rc)
		s->erased_at = 0;
	return rc;
}

/* ---- the ballast ---- */

static char *ballast_name(const struct store *s)
{
	return mem_format("%s.ballast", s->path);
}

/* Not the database file: it may be opened and closed. */
void care_ballast(struct store *s)
{
	AUTO(mem_free) char *name = ballast_name(s);
	struct stat st;
	int fd;

	if (stat(name, &st) == 0 && st.st_blocks * 512LL >= STORE_BALLAST_BYTES)
		return;
	fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0 || posix_fallocate(fd, 0, STORE_BALLAST_BYTES))
		log_warn("ballast", "errno=%d", errno);
	if (fd >= 0)
		close(fd);
}

void care_full(struct store *s)
{
	AUTO(mem_free) char *name = ballast_name(s);

	if (!s->full)
		log_error("disk_full", "%s", "");
	s->full = true;
	if (unlink(name) && errno != ENOENT)
		log_warn("ballast", "errno=%d", errno);
}

/* Room for the ballast and as much again: intake resumes by itself. Looked at once a second. */
static void care_room(struct store *s)
{
	struct statvfs fs;

	if (clock_mono_ms() < s->room_mono)
		return;
	s->room_mono = clock_mono_ms() + ROOM_EVERY_MS;
	if (statvfs(s->path, &fs) || (int64_t)fs.f_bavail * (int64_t)fs.f_frsize < 2LL * STORE_BALLAST_BYTES)
		return;
	care_ballast(s);
	s->full = false;
	log_info("disk_has_room", "%s", "");
}

/* ---- regular care ---- */

int store_checkpoint(struct store *s)
{
	int64_t since = clock_mono_ms() - s->truncated_mono;
	int rc = 0;

	if (s->dead)
		return STORE_UNKNOWN_OUTCOME;
	if ((s->erased_at || s->full) && since >= (s->full ? TRUNCATE_AGAIN_MS : TRUNCATE_EVERY_MS))
		rc = care_truncate(s);
	else if (s->wal_frames >= PASSIVE_FRAMES && !s->full)
		rc = care_checkpoint(s, SQLITE_CHECKPOINT_PASSIVE);
	if (s->full)
		care_room(s);
	return rc == STORE_NONE || rc == -ENOSPC ? 0 : rc;
}

struct care_op { struct store_op op; int rows; bool more; };

static int housekeep_run(struct store *s, struct store_op *op)
{
	struct care_op *c = (struct care_op *)op;
	int64_t now = store_now(s);
	int rc = answer_expire(s, c->rows, &c->more);

	if (!rc)
		rc = sql_change(s, SQL_SESSION_EXPIRE, SQL_ARGS(arg_int(now - 30LL * DAY_MS), arg_int(c->rows)));
	if (!rc || rc == STORE_NONE)
		rc = sql_change(s, SQL_JOB_EXPIRE, SQL_ARGS(arg_int(now - 7LL * DAY_MS), arg_int(c->rows)));
	if (!rc || rc == STORE_NONE)
		rc = sql_do(s, SQL_UNDO_EXPIRE, SQL_ARGS(arg_int(now)));
	if (!rc)
		rc = audit_checkpoint(s);
	return rc;
}

int store_housekeep(struct store *s, int rows, bool *more)
{
	struct care_op c = { .op = { .run = housekeep_run, .makes_room = true }, .rows = rows };
	int rc = store_apply(s, (struct store_op *const[]){ &c.op }, 1);

	*more = !rc && !c.op.result && c.more;
	return rc ? rc : c.op.result;
}

void store_figures(struct store *s, struct store_figures *out)
{
	AUTO(mem_free) char *wal = mem_format("%s-wal", s->path);
	struct statvfs fs;
	struct stat db, log;

	*out = (struct store_figures){
		.erased_at = s->erased_at,
		.audit_seq = s->v.audit_seq,
		.audit_broken_at = s->audit_broken_at,
		.commits = s->commits, .commit_number = s->commit_number,
		.refused = s->refused,
		.not_durable = s->not_durable,
		.damaged = s->damaged,
		.full = s->full,
		.read_only = !s->writer,
	};
	if (stat(s->path, &db) == 0)
		out->db_bytes = db.st_size;
	if (stat(wal, &log) == 0)
		out->wal_bytes = log.st_size;
	if (statvfs(s->path, &fs) == 0)
		out->free_bytes = (int64_t)fs.f_bavail * (int64_t)fs.f_frsize;
}
