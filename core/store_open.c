/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What happens to a database before anybody may use it: the lock of the one writer, settings, migrations (copy first,
 * one transaction), checks with a sentence for whoever finds the file damaged, and the guard that forbids changes of
 * the schema later. Nothing is ever overwritten or repaired here: a damaged file is refused as it lies.
 */
#include "store_impl.h"

#include "log.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum {
	CHECK_WHOLE_PAGES = 2048
}; /* a file up to 8 MiB is checked page by page at opening; larger ones in the background */

char *open_damaged(const struct store *s, const char *what)
{
	AUTO(mem_free) char *report = mem_text(what);

	/* SQLite's report has several lines, and may hold bytes of the damaged page; a sentence has one. */
	for (char *at = report; *at; at++)
		if ((unsigned char)*at < ' ' || (unsigned char)*at >= 0x7f)
			*at = *at == '\n' ? ' ' : '?';
	return mem_format("The database %s is damaged (%s). Nothing was changed. Keep the file and its -wal beside it "
			  "as they are, and restore the last backup.",
			  s->path, report);
}

static int pragma_number(struct store *s, const char *sql, int64_t *out)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(s->db, sql, -1, &stmt, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW)
		*out = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return rc == SQLITE_ROW ? 0 : sql_fault(s, rc, sql);
}

int open_settings(struct store *s, char **why)
{
	static const char writer[] =
		"PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;"
		"PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0; PRAGMA secure_delete = ON; PRAGMA temp_store = "
		"MEMORY;"
		"PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -32768; PRAGMA journal_size_limit = 67108864";
	static const char reader[] = "PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = "
				     "ON; PRAGMA mmap_size = 0;"
				     "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384";
	static const int off[] = { SQLITE_DBCONFIG_DQS_DDL,
				   SQLITE_DBCONFIG_DQS_DML,
				   SQLITE_DBCONFIG_ENABLE_TRIGGER,
				   SQLITE_DBCONFIG_ENABLE_VIEW,
				   SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION,
				   SQLITE_DBCONFIG_TRUSTED_SCHEMA };
	int one = 1, rc;

	for (size_t i = 0; i < ARRAY_LEN(off); i++)
		sqlite3_db_config(s->db, off[i], 0, NULL);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	/* Without it every new binding plans a statement over a partial index anew. */
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_QPSG, 1, NULL);
	sqlite3_file_control(s->db, "main", SQLITE_FCNTL_PERSIST_WAL, &one);
	/* A file that is refused stays as it lies: no log, perhaps a foreign one, is worked into it by closing. */
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	rc = sql_text_run(s, s->writer ? writer : reader);
	if (rc == -EUCLEAN) {
		*why = open_damaged(s, "it does not begin as a database, or its first page is cut");
		return STORE_REFUSED;
	}
	return rc;
}

int open_version(struct store *s, char **why)
{
	int64_t version = 0, application = 0;
	int rc = pragma_number(s, "PRAGMA user_version", &version);

	if (!rc)
		rc = pragma_number(s, "PRAGMA application_id", &application);
	if (rc == -EUCLEAN) {
		*why = open_damaged(s, "its first page cannot be read");
		return STORE_REFUSED;
	}
	if (!rc && (application != STORE_APPLICATION_ID || version != STORE_SCHEMA)) {
		*why = mem_format("The database %s has schema %lld, this program wants %d: run the router of the same "
				  "release first.",
				  s->path, (long long)version, STORE_SCHEMA);
		return STORE_REFUSED;
	}
	return rc;
}

/* ---- migrations ---- */

static int copy_verify(sqlite3 *copy, char **why, const char *name)
{
	sqlite3_stmt *stmt = NULL;
	bool fine = sqlite3_prepare_v2(copy, "PRAGMA quick_check(1)", -1, &stmt, NULL) == SQLITE_OK &&
	            sqlite3_step(stmt) == SQLITE_ROW && strcmp((const char *)sqlite3_column_text(stmt, 0), "ok") == 0;

	sqlite3_finalize(stmt);
	if (!fine)
		*why = mem_format(
			"The copy %s before the change of the schema could not be made whole; nothing was changed.",
			name);
	return fine ? 0 : STORE_REFUSED;
}

static int open_copy(struct store *s, int64_t version, char **why)
{
	AUTO(mem_free) char *name = mem_format("%s.before-%04d", s->path, STORE_SCHEMA);
	sqlite3_backup *backup = NULL;
	sqlite3 *copy = NULL;
	int rc;

	if (unlink(name) && errno != ENOENT)
		return -errno;
	rc = sqlite3_open_v2(name, &copy, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOFOLLOW, NULL);
	if (rc == SQLITE_OK)
		backup = sqlite3_backup_init(copy, "main", s->db, "main");
	if (backup) {
		rc = sqlite3_backup_step(backup, -1);
		sqlite3_backup_finish(backup);
	}
	rc = rc == SQLITE_DONE ? copy_verify(copy, why, name) : -EIO;
	sqlite3_close_v2(copy);
	if (rc < 0)
		*why = mem_format(
			"The copy %s before the change of the schema could not be written; make room and start again.",
			name);
	else if (!rc)
		log_info("schema_copy", "from=%lld to=%d", (long long)version, STORE_SCHEMA);
	return rc ? STORE_REFUSED : 0;
}

static int migrate_steps(struct store *s, int64_t version)
{
	char mark[96];
	int rc = sql_text_run(s, "BEGIN IMMEDIATE");

	for (int64_t i = version; !rc && i < SQL_MIGRATIONS; i++) {
		rc = sqlite3_exec(s->db, sql_migration[i].text, NULL, NULL, NULL);
		if (rc != SQLITE_OK)
			rc = sql_fault(s, rc, sql_migration[i].name);
	}
	snprintf(mark, sizeof(mark), "PRAGMA user_version = %d; PRAGMA application_id = %d", STORE_SCHEMA,
		 STORE_APPLICATION_ID);
	if (!rc)
		rc = sql_text_run(s, mark);
	if (!rc)
		rc = sql_text_run(s, "COMMIT");
	if (rc && !sqlite3_get_autocommit(s->db))
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}

/* Before anything is changed: is this file ours, and not of a later release? */
static int open_identity(struct store *s, int64_t *version, int64_t *tables, char **why)
{
	int64_t application = 0;
	int rc = pragma_number(s, "PRAGMA user_version", version);

	if (!rc)
		rc = pragma_number(s, "PRAGMA application_id", &application);
	if (!rc)
		rc = pragma_number(s, "SELECT count(*) FROM sqlite_schema", tables);
	if (rc == -EUCLEAN) {
		*why = open_damaged(s, "its first page cannot be read");
		return STORE_REFUSED;
	}
	if (!rc && *tables && application != STORE_APPLICATION_ID) {
		*why = mem_format("The file %s is a database of another program; choose another data folder.", s->path);
		return STORE_REFUSED;
	}
	if (!rc && *version > STORE_SCHEMA) {
		*why = mem_format("The database %s has schema %lld, newer than this program's %d: start the newer "
				  "release, or restore the copy "
				  "made before the change.",
				  s->path, (long long)*version, STORE_SCHEMA);
		return STORE_REFUSED;
	}
	return rc;
}

static int open_wal_mode(struct store *s, char **why)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(s->db, "PRAGMA journal_mode = WAL", -1, &stmt, NULL);
	bool wal = rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW &&
	           strcmp((const char *)sqlite3_column_text(stmt, 0), "wal") == 0;

	sqlite3_finalize(stmt);
	if (!wal)
		*why = mem_format("The database %s cannot use a write-ahead log (%s): its file system must offer locks "
				  "and shared memory, and "
				  "no other program may have the file open.",
				  s->path, sqlite3_errstr(rc));
	return wal ? 0 : STORE_REFUSED;
}

int open_migrate(struct store *s, char **why)
{
	int64_t version = 0, tables = 0;
	int rc = open_identity(s, &version, &tables, why);

	if (!rc)
		rc = open_wal_mode(s, why);
	if (!rc && version < STORE_SCHEMA && tables)
		rc = open_copy(s, version, why);
	if (rc || version == STORE_SCHEMA)
		return rc;
	rc = migrate_steps(s, version);
	if (rc)
		*why = mem_format(
			"The schema of the database %s could not be changed from %lld to %d (%s); it stands as before.",
			s->path, (long long)version, STORE_SCHEMA, sqlite3_errmsg(s->db));
	return rc ? STORE_REFUSED : 0;
}

/* ---- checks ---- */

static int check_whole(struct store *s, char **why)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(s->db, "PRAGMA quick_check(1)", -1, &stmt, NULL);
	const char *said = NULL;

	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW)
		said = (const char *)sqlite3_column_text(stmt, 0);
	if (rc != SQLITE_ROW || !said || strcmp(said, "ok") != 0)
		*why = open_damaged(s, said ? said : sqlite3_errstr(rc));
	sqlite3_finalize(stmt);
	return *why ? STORE_REFUSED : 0;
}

/* Large files: every tree is entered at both ends, which finds cut files and foreign logs; store_scrub looks at the
 * rest later. */
static int check_ends(struct store *s, char **why)
{
	sqlite3_stmt *tables = NULL;
	int rc = sqlite3_prepare_v2(s->db,
				    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
				    -1, &tables, NULL);

	while (rc == SQLITE_OK && sqlite3_step(tables) == SQLITE_ROW) {
		/* A name is what a damaged schema says it is. */
		char *sql = sqlite3_mprintf("SELECT * FROM \"%w\" LIMIT 1", sqlite3_column_text(tables, 0));

		rc = sql ? sqlite3_exec(s->db, sql, NULL, NULL, NULL) : SQLITE_NOMEM;
		sqlite3_free(sql);
	}
	sqlite3_finalize(tables);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(
			s->db,
			"SELECT max(id) FROM cases; SELECT max(id) FROM bodies; SELECT max(seq) FROM events;"
			"SELECT max(seq) FROM audit; SELECT max(id) FROM contacts; SELECT max(id) FROM answers;"
			"SELECT * FROM messages ORDER BY case_id DESC, n DESC LIMIT 1;"
			"SELECT blob FROM bodies ORDER BY id DESC LIMIT 1",
			NULL, NULL, NULL);
	if (rc != SQLITE_OK)
		*why = open_damaged(s, sqlite3_errmsg(s->db));
	return rc == SQLITE_OK ? 0 : STORE_REFUSED;
}

/* The mark `open` reaches the main file at opening and is taken back by an orderly end. */
static int check_log(struct store *s, char **why)
{
	sqlite3_stmt *stmt = NULL;
	bool open_before = false;
	int rc = sqlite3_prepare_v2(s->db, "SELECT value FROM meta WHERE name = 'open'", -1, &stmt, NULL);

	if (rc == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW)
		open_before = sqlite3_column_int(stmt, 0) != 0;
	sqlite3_finalize(stmt);
	if (open_before && !s->wal_stood) {
		*why = mem_format(
			"The write-ahead log %s-wal is missing and the last end was not an orderly one: the newest "
			"requests are in it. "
			"Put it back beside the database; if it is lost for good, make an empty file of that name.",
			s->path);
		return STORE_REFUSED;
	}
	return 0;
}

static int open_mark(struct store *s, int on)
{
	char sql[128];
	int rc;

	snprintf(sql, sizeof(sql),
		 "INSERT INTO meta (name, value) VALUES ('open', %d) ON CONFLICT (name) DO UPDATE SET value = %d", on,
		 on);
	rc = sql_text_run(s, sql);
	return rc ? rc : care_truncate(s);
}

int open_check(struct store *s, char **why)
{
	int64_t pages = 0;
	int rc = check_log(s, why);

	if (!rc)
		rc = pragma_number(s, "PRAGMA page_count", &pages);
	if (!rc)
		rc = pages <= CHECK_WHOLE_PAGES ? check_whole(s, why) : check_ends(s, why);
	if (!rc)
		rc = lock_identity(s, why);
	if (!rc) {
		rc = open_mark(s, 1);
		s->marked = true;
		s->full = rc == -ENOSPC;
		if (rc == STORE_NONE || rc == -ENOSPC)
			rc = 0; /* a reader in the way, a full disk: no reason not to start */
	}
	if (rc == -EUCLEAN && !*why) {
		*why = open_damaged(s, sqlite3_errmsg(s->db));
		return STORE_REFUSED;
	}
	return rc;
}

/* An orderly end: everything in the main file, the log empty but there (readers need it). */
void open_leave(struct store *s)
{
	sqlite3_set_authorizer(s->db, NULL, NULL);
	if (s->marked && !s->in_batch && open_mark(s, 0) < 0)
		log_warn("close_checkpoint", "%s", "");
}

/* ---- the guard ---- */

static int guard(void *ctx, int action, const char *a, const char *b, const char *c, const char *d)
{
	(void)ctx, (void)a, (void)b, (void)c, (void)d;
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_READ:
	case SQLITE_INSERT:
	case SQLITE_UPDATE:
	case SQLITE_DELETE:
	case SQLITE_FUNCTION:
	case SQLITE_TRANSACTION:
	case SQLITE_SAVEPOINT:
	case SQLITE_RECURSIVE:
		return SQLITE_OK;
	default:
		return SQLITE_DENY;
	}
}

void open_guard(struct store *s)
{
	sqlite3_set_authorizer(s->db, guard, NULL);
}
