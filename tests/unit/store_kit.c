/* SPDX-License-Identifier: Apache-2.0 */
/* See store_kit.h. Opens the database with SQLite itself: only to do what no program of ours may. */
#include "store_kit.h"

#include "mem.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

const uint8_t kit_key[STORE_KEY_BYTES] = { 1, 2, 3, 4, 5, 6, 7, 8 };

static char *refusal;

void kit_shut(struct kit *k)
{
	store_close(&k->store);
}

const char *kit_refusal(struct kit *k)
{
	mem_free(&refusal);
	kit_shut(k);
	if (store_open_write(k->path, kit_key, &k->store, &refusal) == 0)
		return NULL;
	return refusal ? refusal : "(no sentence)";
}

void kit_reopen(struct kit *k)
{
	const char *why = kit_refusal(k);

	if (why)
		fail_msg("%s", why);
}

int kit_begin(void **state)
{
	struct kit *k = mem_new(sizeof(*k));

	alarm(50);
	snprintf(k->dir, sizeof(k->dir), "/tmp/qt-store-XXXXXX");
	if (!mkdtemp(k->dir))
		return -1;
	snprintf(k->path, sizeof(k->path), "%s/store.db", k->dir);
	*state = k;
	kit_reopen(k);
	return 0;
}

int kit_end(void **state)
{
	struct kit *k = *state;
	DIR *dir = opendir(k->dir);
	struct dirent *e;

	kit_shut(k);
	mem_free(&refusal);
	while (dir && (e = readdir(dir)))
		unlinkat(dirfd(dir), e->d_name, 0);
	closedir(dir);
	rmdir(k->dir);
	mem_free(&k);
	return 0;
}

struct lambda { struct store_op op; int (*run)(struct store *store, void *ctx); void *ctx; };

static int lambda_run(struct store *store, struct store_op *op)
{
	struct lambda *l = (struct lambda *)op;

	return l->run(store, l->ctx);
}

int kit_run(struct kit *k, int (*run)(struct store *store, void *ctx), void *ctx)
{
	struct lambda l = { .op = { .run = lambda_run }, .run = run, .ctx = ctx };
	int rc = store_apply(k->store, (struct store_op *const[]){ &l.op }, 1);

	return rc ? rc : l.op.result;
}

static sqlite3 *hand_open(const struct kit *k)
{
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(k->path, &db), SQLITE_OK);
	sqlite3_busy_timeout(db, 2000);
	return db;
}

void kit_sql(const struct kit *k, const char *sql)
{
	sqlite3 *db = hand_open(k);
	char *error = NULL;

	if (sqlite3_exec(db, sql, NULL, NULL, &error) != SQLITE_OK)
		fail_msg("%s: %s", sql, error);
	sqlite3_close(db);
}

int64_t kit_number(const struct kit *k, const char *sql)
{
	sqlite3 *db = hand_open(k);
	sqlite3_stmt *stmt = NULL;
	int64_t n = -1;

	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
	if (sqlite3_step(stmt) == SQLITE_ROW)
		n = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return n;
}

static size_t grep_file(int dir, const char *name, const void *bytes, size_t n)
{
	int fd = openat(dir, name, O_RDONLY);
	off_t size = lseek(fd, 0, SEEK_END);
	char *data = mem_new((size_t)size), *at = data;
	size_t hits = 0;

	assert_int_equal(pread(fd, data, (size_t)size, 0), size);
	close(fd);
	while ((at = memmem(at, (size_t)(data + size - at), bytes, n))) {
		hits++;
		at += n;
	}
	mem_free(&data);
	return hits;
}

/* Closing a descriptor of the database would drop the locks of an open store in this process: only for tests that stand
 * still. */
size_t kit_grep(const struct kit *k, const void *bytes, size_t n)
{
	DIR *dir = opendir(k->dir);
	struct dirent *e;
	size_t hits = 0;

	while ((e = readdir(dir)))
		if (e->d_name[0] != '.' && !strstr(e->d_name, "ballast"))
			hits += grep_file(dirfd(dir), e->d_name, bytes, n);
	closedir(dir);
	return hits;
}

static int case_run(struct store *store, void *ctx)
{
	return store_case_insert(store, ctx);
}

int64_t kit_case(struct kit *k, int64_t desk, enum case_state state, int risk, int64_t owner)
{
	struct case_row row = {
		.uid = "0123456789abcde", .site = 1, .desk = desk, .state = state, .risk = risk, .owner = owner
	};

	assert_int_equal(kit_run(k, case_run, &row), 0);
	return row.id;
}
