/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store as a whole: opening for the one writer (router) or a reader (web), read transactions, lent memory, closing.
 * What is checked and set at opening stands in store_open.c. Never opens or closes the database file itself: that would
 * drop SQLite's locks.
 */
#include "store_impl.h"

#include "clock.h"
#include "log.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- lent memory ---- */

enum { LENT_CHUNK = 64 << 10 };

void *lent_new(struct store *s, size_t n)
{
	struct lent_chunk *c = s->lent.chunk;
	void *p;

	n = (n + 15) & ~(size_t)15;
	if (!c || c->room - c->used < n) {
		size_t room = n > LENT_CHUNK ? n : LENT_CHUNK;

		c = mem_resize(NULL, sizeof(*c) + room);
		*c = (struct lent_chunk){ .older = s->lent.chunk, .room = room };
		s->lent.chunk = c;
	}
	p = (unsigned char *)(c + 1) + c->used;
	c->used += n;
	return p;
}

const char *lent_text(struct store *s, const char *text, size_t n)
{
	char *copy = lent_new(s, n + 1);

	memcpy(copy, text, n);
	copy[n] = 0;
	return copy;
}

void lent_finish(struct lent *l)
{
	while (l->chunk) {
		struct lent_chunk *older = l->chunk->older;

		mem_free(&l->chunk);
		l->chunk = older;
	}
}

/* One ordinary chunk stays: a batch allocates nothing once it runs. */
void store_lent_drop(struct store *s)
{
	struct lent_chunk *c = s->lent.chunk;

	if (c && !c->older && c->room == LENT_CHUNK)
		c->used = 0;
	else
		lent_finish(&s->lent);
}

/* ---- opening ---- */

static void sqlite_once(void)
{
	/* Fails once SQLite runs already (a test with its own connection): it only costs a lock then. */
	if (sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) != SQLITE_OK || sqlite3_initialize() != SQLITE_OK)
		log_debug("sqlite_started_before", "%s", "");
}

static struct store *store_new(const char *path, const uint8_t row_key[STORE_KEY_BYTES], bool writer)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct store *s = mem_new(sizeof(*s));

	pthread_once(&once, sqlite_once);
	s->path = mem_text(path);
	s->writer = writer;
	s->lock_fd = -1;
	memcpy(s->row_key, row_key, STORE_KEY_BYTES);
	s->truncated_mono = clock_mono_ms();
	return s;
}

static int store_connect(struct store *s, int flags)
{
	int rc = sqlite3_open_v2(s->path, &s->db,
				 flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOFOLLOW, NULL);

	if (rc == SQLITE_OK)
		sqlite3_busy_timeout(s->db, STORE_BUSY_MS);
	return rc;
}

/* The group may read (web runs as another user), nobody else. */
static int open_write_inside(struct store *s, char **why)
{
	mode_t mask = umask(0027);
	int rc = open_lock(s, why);

	if (!rc) {
		rc = store_connect(s, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
		if (rc != SQLITE_OK) {
			*why = mem_format("The database %s cannot be opened (%s): its folder must exist and be "
					  "writable by this user.",
					  s->path, sqlite3_errstr(rc));
			rc = STORE_REFUSED;
		}
	}
	if (!rc)
		rc = open_settings(s, why);
	if (!rc)
		care_watch(s);
	if (!rc)
		rc = open_migrate(s, why);
	if (!rc)
		rc = open_check(s, why);
	umask(mask);
	return rc;
}

static int open_memory(struct store *s)
{
	int rc = audit_load(s);

	if (!rc)
		rc = answer_load(s);
	if (!rc)
		rc = case_load(s);
	if (!rc)
		care_ballast(s);
	return rc;
}

/* Whoever starts the program reads a sentence, whatever went wrong. */
static int open_why(struct store *s, int rc, char **why)
{
	if (!*why && rc == -EUCLEAN)
		*why = open_damaged(s, "a page could not be read");
	if (!*why)
		*why = mem_format("The database %s could not be opened (%s); nothing was changed.", s->path,
				  sqlite3_errmsg(s->db));
	return STORE_REFUSED;
}

int store_open_write(const char *path, const uint8_t row_key[STORE_KEY_BYTES], struct store **out, char **why)
{
	AUTO(store_close) struct store *s = store_new(path, row_key, true);
	int rc;

	*out = NULL;
	*why = NULL;
	rc = open_write_inside(s, why);
	if (!rc)
		rc = open_memory(s);
	if (rc)
		return open_why(s, rc, why);
	open_made(s);
	open_guard(s);
	*out = steal(&s);
	return 0;
}

int store_open_read(const char *path, const uint8_t row_key[STORE_KEY_BYTES], struct store **out, char **why)
{
	AUTO(store_close) struct store *s = store_new(path, row_key, false);
	int rc = store_connect(s, SQLITE_OPEN_READONLY);

	*out = NULL;
	*why = NULL;
	if (rc != SQLITE_OK) {
		*why = mem_format("The database %s cannot be read (%s): the router makes it at its first start; it "
				  "must run first.",
				  path, sqlite3_errstr(rc));
		return STORE_REFUSED;
	}
	rc = open_settings(s, why);
	if (!rc)
		rc = open_version(s, why);
	if (rc)
		return open_why(s, rc, why);
	open_guard(s);
	*out = steal(&s);
	return 0;
}

void store_close(struct store **store)
{
	struct store *s = *store;

	if (!s)
		return;
	if (s->db && s->writer && !s->dead) /* dead: what is on disk is not known, the next start replays */
		open_leave(s);
	for (size_t i = 0; i < SQL_QUERY_COUNT; i++)
		sqlite3_finalize(s->stmt[i]);
	for (size_t i = 0; i < SAY_COUNT; i++)
		sqlite3_finalize(s->say[i]);
	sqlite3_close_v2(s->db);
	lock_tidy(s);
	if (s->lock_fd >= 0)
		close(s->lock_fd);
	lent_finish(&s->lent);
	answer_finish(s);
	mem_free(&s->delta);
	mem_free(&s->path);
	explicit_bzero(s->row_key, sizeof(s->row_key));
	mem_free(store);
}

void store_limit_pages(struct store *s, int64_t pages)
{
	char sql[64];

	snprintf(sql, sizeof(sql), "PRAGMA max_page_count = %lld", (long long)(pages ? pages : 0xfffffffe));
	sqlite3_set_authorizer(s->db, NULL, NULL);
	if (sql_text_run(s, sql) < 0)
		log_error("limit_pages", "pages=%lld", (long long)pages);
	open_guard(s);
}

/* ---- reading ---- */

int store_read_begin(struct store *s)
{
	int rc;

	if (s->reading || s->in_batch)
		return -EINVAL;
	rc = sql_text_run(s, "BEGIN");
	if (rc)
		return rc;
	s->reading = true;
	s->read_over = false;
	s->read_mono = clock_mono_ms();
	s->now = clock_wall_ms();
	return 0;
}

void store_read_end(struct store *s)
{
	if (!s->reading)
		return;
	if (!s->read_over && sql_text_run(s, "COMMIT") < 0)
		log_error("read_end", "%s", "");
	s->reading = s->read_over = false;
	store_lent_drop(s);
}

int64_t store_now(const struct store *s)
{
	return s->reading || s->in_batch ? s->now : clock_wall_ms();
}
