/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lock file of the one writer. It also remembers what stood here: whether a database was made (an empty or missing
 * one is then a loss, not a first start) and its random name (a swapped file or log is another one). Only stat looks at
 * the database itself.
 */
#include "store_impl.h"

#include "log.h"
#include "seal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static int lock_looks(struct store *s, const char *made, char **why)
{
	AUTO(mem_free) char *wal = mem_format("%s-wal", s->path);
	struct stat db, log;
	bool there = stat(s->path, &db) == 0;

	s->wal_stood = stat(wal, &log) == 0;
	if (there && db.st_size == 0 && strcmp(made, "making") != 0) {
		*why = open_damaged(s, "the file is empty");
		return STORE_REFUSED;
	}
	if (!there && strcmp(made, "made") == 0) {
		*why = mem_format("The database %s is missing though it was made before. Put it back; if it was "
				  "removed on purpose, remove "
				  "%s.lock too and start again.",
				  s->path, s->path);
		return STORE_REFUSED;
	}
	if (!there && s->wal_stood) {
		*why = mem_format(
			"The database %s is missing but its write-ahead log is there: put the two back together.",
			s->path);
		return STORE_REFUSED;
	}
	return 0;
}

static void lock_note(struct store *s, const char *made)
{
	char text[96];
	ssize_t n = snprintf(text, sizeof(text), "%ld %s %s\n", (long)getpid(), made, s->lock_id[0] ? s->lock_id : "-");

	if (ftruncate(s->lock_fd, 0) || pwrite(s->lock_fd, text, (size_t)n, 0) != n)
		log_warn("lock_file", "errno=%d", errno);
}

int open_lock(struct store *s, char **why)
{
	AUTO(mem_free) char *name = mem_format("%s.lock", s->path);
	char text[96] = "", made[16] = "";
	long pid = 0;
	int rc;

	s->lock_fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640);
	if (s->lock_fd < 0) {
		*why = mem_format("The lock file %s cannot be made (%s): the data folder must exist and be writable.",
				  name, strerror(errno));
		return STORE_REFUSED;
	}
	if (pread(s->lock_fd, text, sizeof(text) - 1, 0) > 0 &&
	    sscanf(text, "%ld %15s %32s", &pid, made, s->lock_id) < 1)
		pid = 0;
	if (flock(s->lock_fd, LOCK_EX | LOCK_NB)) {
		*why = mem_format("Another router (process %ld) uses the database %s; stop it first: only one may "
				  "write.",
				  pid, s->path);
		return STORE_REFUSED;
	}
	s->locked = true;
	if (strcmp(s->lock_id, "-") == 0)
		s->lock_id[0] = 0;
	rc = lock_looks(s, made, why);
	if (!rc)
		lock_note(s, strcmp(made, "made") == 0 || access(s->path, F_OK) == 0 ? made : "making");
	return rc;
}

static int identity_read(struct store *s, char id[33])
{
	long long number = 0;
	const char *text;
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(s->db, "SELECT value FROM meta WHERE name = 'store'", -1, &stmt, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	text = rc == SQLITE_ROW ? (const char *)sqlite3_column_text(stmt, 0) : NULL; /* NULL: somebody's hand was in it */
	if (text && sscanf(text, "%32s %lld", id, &number) == 2)
		s->commit_number = number;
	sqlite3_finalize(stmt);
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? 0 : sql_fault(s, rc, "identity");
}

static int identity_make(struct store *s, char id[33])
{
	uint8_t fresh[16];
	char sql[128];

	seal_random(fresh, sizeof(fresh));
	for (size_t i = 0; i < sizeof(fresh); i++)
		snprintf(id + 2 * i, 3, "%02x", fresh[i]);
	snprintf(sql, sizeof(sql), "INSERT INTO meta (name, value) VALUES ('store', '%s 0')", id);
	return sql_text_run(s, sql);
}

/* A database has a random name of its own, made with it. Another one under this lock file: a log or a file was swapped.
 */
int lock_identity(struct store *s, char **why)
{
	char id[33] = "";
	int rc = identity_read(s, id);

	if (!rc && s->lock_id[0] && strcmp(s->lock_id, id) != 0) {
		*why = mem_format(
			"The database %s, or its write-ahead log, is not the one that stood here before. Put the "
			"right two back together; if it was restored on purpose, remove %s.lock and start "
			"again.",
			s->path, s->path);
		return STORE_REFUSED;
	}
	if (!rc && !id[0])
		rc = identity_make(s, id);
	memcpy(s->lock_id, id, sizeof(id));
	return rc;
}

/* The name goes into the log with every commit, so that no log is without it, beside a number that only grows. */
int lock_flush(struct store *s)
{
	char text[64];

	snprintf(text, sizeof(text), "%s %lld", s->lock_id, (long long)(s->commit_number + 1));
	return store_meta_set(s, "store", text);
}

/* A log that this refused start made itself goes again: the next start must find what this one found. */
void lock_tidy(const struct store *s)
{
	AUTO(mem_free) char *wal = mem_format("%s-wal", s->path);
	struct stat log;

	if (s->locked && !s->marked && !s->wal_stood && stat(wal, &log) == 0 && log.st_size == 0 && unlink(wal))
		log_warn("lock_tidy", "errno=%d", errno);
}

void open_made(struct store *s)
{
	lock_note(s, "made");
}
