/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A database that somebody else wrote into. Input: a byte (bit 0: the pages are too many to be checked at opening; bit 1: an orderly end
 * is missing; bits 2 and up: how much is cut off the end), then changes, each two bytes of place (in pages' eighths), a byte of length,
 * bytes. It is refused in a sentence and left as it lies, or every list and row of it can be read.
 */
#include "fuzz.h"

#include "log.h"
#include "mem.h"
#include "store_house.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { STEP = 64 };
static struct buf whole, many, lock;

static void slurp(const char *path, struct buf *out)
{
	char piece[4096];
	FILE *f = fopen(path, "re");

	FUZZ_MUST(f != NULL);
	for (size_t n; (n = fread(piece, 1, sizeof(piece), f)) > 0;)
		buf_add(out, piece, n);
	fclose(f);
}

static void drop(const char *path, const char *tail)
{
	AUTO(mem_free) char *name = mem_format("%s%s", path, tail);

	unlink(name);
}

/* The same rows in small pages, with so many of nothing behind them that opening looks at both ends only. */
static void make_many(const char *path)
{
	static const char sql[] = "PRAGMA journal_mode = DELETE; PRAGMA page_size = 512; VACUUM; PRAGMA journal_mode = WAL;"
				  "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
				  "INSERT INTO bodies (blob) SELECT zeroblob(400) FROM n; PRAGMA wal_checkpoint(TRUNCATE)";
	sqlite3 *db = NULL;

	FUZZ_MUST(sqlite3_open(path, &db) == SQLITE_OK && sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK);
	sqlite3_close(db);
}

static void make(void)
{
	AUTO(mem_free) char *path = fuzz_path("made.db"), *lock_path = mem_format("%s.lock", path);

	log_open("fuzz", LOG_LEVEL_ERROR);
	store_house_make(path);
	slurp(path, &whole);
	slurp(lock_path, &lock);
	make_many(path);
	slurp(path, &many);
	FUZZ_MUST(many.bytes > 2048 * 512);
}

static void scribble(struct fuzz *in, struct buf *file)
{
	while (in->left && file->bytes) {
		size_t at = (size_t)fuzz_number(in, 2) * STEP % file->bytes, n = fuzz_byte(in), got;
		AUTO(mem_free) char *bytes = fuzz_bytes(in, n % STEP, &got);

		at += n / STEP * 16;
		for (size_t i = 0; i < got && at + i < file->bytes; i++)
			file->data[at + i] = bytes[i];
	}
}

static int add(struct store *s, struct store_op *op UNUSED)
{
	return store_audit_add(s, 1, "read", 1, "");
}

static void use(struct store *s)
{
	struct store_op op = { .run = add };
	int64_t bad = 0;
	bool done = false, more = false;

	store_house_read(s, "");
	if (store_scrub(s, 100, &bad, &done) == 0)
		FUZZ_MUST(store_housekeep(s, 100, &more) <= 0);
	if (store_apply(s, (struct store_op *const[]){ &op }, 1) == 0 && !op.result)
		(void)!store_checkpoint(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	struct fuzz in = { data, bytes };
	uint8_t head = fuzz_byte(&in);
	AUTO(mem_free) char *why = NULL, *path = fuzz_path("store.db");
	AUTO(buf_finish) struct buf file = { 0 }, after = { 0 };
	struct store *s = NULL;
	int outcome;

	if (!whole.bytes)
		make();
	buf_add(&file, head & 1 ? many.data : whole.data, head & 1 ? many.bytes : whole.bytes);
	file.bytes -= file.bytes * (head >> 2) / 64;
	scribble(&in, &file);
	fuzz_put("store.db", file.data, file.bytes);
	drop(path, "-shm");
	drop(path, "-wal");
	if (!(head & 2))
		fuzz_put("store.db-wal", "", 0);
	fuzz_put("store.db.lock", lock.data, lock.bytes);
	outcome = store_open_write(path, store_house_key, &s, &why);
	if (!outcome) {
		use(s);
	} else if (outcome > 0) {
		fuzz_must_be_sentence(why);
		slurp(path, &after);
		FUZZ_MUST(after.bytes == file.bytes && !memcmp(after.data, file.data, file.bytes));
	}
	FUZZ_MUST(!outcome == !!s);
	store_close(&s);
	return 0;
}
