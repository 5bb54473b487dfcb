/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Idempotency: the first answer to a key, for 24 hours. Keys are random, so an index on them would scatter the writes
 * of every batch over the disk; instead the one writer holds short key → row id in memory (16 bytes an answer), fills
 * it when it opens, and compares the whole key with the row.
 */
#include "store_impl.h"

#include "clock.h"
#include "log.h"

#include <string.h>

enum { ANSWER_KEPT_MS = 24 * 3600 * 1000 };

static const struct column answer_columns[] = {
	COLUMN(answer_row, BYTES, key),
	COLUMN(answer_row, BYTES, digest),
	COLUMN(answer_row, INT, at),
	COLUMN(answer_row, INT32, status),
	COLUMN(answer_row, TEXT, body),
};
static const struct table answer_table = TABLE(answer_row, answer_columns);

static int64_t key_short(const uint8_t key[STORE_HASH_BYTES])
{
	int64_t n;

	memcpy(&n, key, sizeof(n));
	return n;
}

/* Keys are hashes already: their first bits are the place. */
static size_t memory_place(const struct answer_memory *m, int64_t key)
{
	return (size_t)((uint64_t)key * 0x9e3779b97f4a7c15u >> 20) & (m->slots - 1);
}

static void memory_put(struct answer_memory *m, struct answer_slot a)
{
	size_t i = memory_place(m, a.key_short);

	while (m->slot[i].id)
		i = (i + 1) & (m->slots - 1);
	m->slot[i] = a;
	m->used++;
}

static void memory_grow(struct answer_memory *m)
{
	struct answer_memory old = *m;

	if (m->slots && m->used * 10 < m->slots * 7)
		return;
	m->slots = old.slots ? old.slots * 2 : 1024;
	m->slot = mem_array(m->slots, sizeof(*m->slot));
	m->used = 0;
	for (size_t i = 0; i < old.slots; i++)
		if (old.slot[i].id)
			memory_put(m, old.slot[i]);
	mem_free(&old.slot);
}

/* Closes the hole: everything up to the next free slot is set again. */
static void memory_drop(struct answer_memory *m, int64_t key, int64_t id)
{
	size_t i = memory_place(m, key);

	while (m->slot[i].id && m->slot[i].id != id)
		i = (i + 1) & (m->slots - 1);
	if (!m->slot[i].id)
		return;
	m->slot[i].id = 0;
	m->used--;
	for (i = (i + 1) & (m->slots - 1); m->slot[i].id; i = (i + 1) & (m->slots - 1)) {
		struct answer_slot again = m->slot[i];

		m->slot[i].id = 0;
		m->used--;
		memory_put(m, again);
	}
}

int answer_load(struct store *s)
{
	sqlite3_stmt *stmt;
	int rc = sql_begin(s, SQL_ANSWER_LOAD, SQL_ARGS(arg_int(clock_wall_ms() - ANSWER_KEPT_MS)), &stmt);

	memory_grow(&s->answers);
	while (!rc) {
		rc = sql_step(s, stmt);
		if (rc)
			break;
		memory_grow(&s->answers);
		memory_put(&s->answers,
			   (struct answer_slot){ sqlite3_column_int64(stmt, 1), sqlite3_column_int64(stmt, 0) });
	}
	return rc == STORE_NONE ? 0 : rc;
}

void answer_finish(struct store *s)
{
	mem_free(&s->answers.slot);
	mem_free(&s->answers.fresh);
}

static int answer_try(struct store *s, int64_t id, const uint8_t key[STORE_HASH_BYTES], struct answer_row *out)
{
	int rc = sql_get(s, SQL_ANSWER_GET, SQL_ARGS(arg_int(id)), &answer_table, out);

	if (!rc && (memcmp(out->key, key, STORE_HASH_BYTES) != 0 || out->at < store_now(s) - ANSWER_KEPT_MS))
		rc = STORE_NONE;
	return rc;
}

int store_answer_find(struct store *s, const uint8_t key[STORE_HASH_BYTES], struct answer_row *out)
{
	const struct answer_memory *m = &s->answers;
	const int64_t k = key_short(key);
	int rc = STORE_NONE;

	for (size_t i = s->v.answers; i-- > 0 && rc == STORE_NONE;)
		if (m->fresh[i].key_short == k)
			rc = answer_try(s, m->fresh[i].id, key, out);
	for (size_t i = memory_place(m, k); m->slot[i].id && rc == STORE_NONE; i = (i + 1) & (m->slots - 1))
		if (m->slot[i].key_short == k)
			rc = answer_try(s, m->slot[i].id, key, out);
	return rc;
}

int store_answer_keep(struct store *s, const struct answer_row *row)
{
	struct answer_memory *m = &s->answers;
	int rc = sql_do(s, SQL_ANSWER_KEEP,
			SQL_ARGS(arg_int(key_short(row->key)), arg_bytes(row->key, sizeof(row->key)),
				 arg_bytes(row->digest, sizeof(row->digest)), arg_int(store_now(s)),
				 arg_int(row->status), arg_text(row->body ? row->body : "{}")));

	if (rc)
		return rc;
	if (s->v.answers == m->fresh_room) {
		m->fresh_room = m->fresh_room ? m->fresh_room * 2 : 256;
		m->fresh = mem_resize(m->fresh, m->fresh_room * sizeof(*m->fresh));
	}
	m->fresh[s->v.answers++] = (struct answer_slot){ key_short(row->key), sqlite3_last_insert_rowid(s->db) };
	return 0;
}

void answer_keep_fresh(struct store *s)
{
	for (size_t i = 0; i < s->v.answers; i++) {
		memory_grow(&s->answers);
		memory_put(&s->answers, s->answers.fresh[i]);
	}
}

/* Takes the oldest; what it forgets before the COMMIT is only forgotten too early where that fails. */
int answer_expire(struct store *s, int rows, bool *more)
{
	sqlite3_stmt *stmt;
	int64_t first = 0;
	int gone = 0, rc = sql_number(s, SQL_ANSWER_OLD, NULL, 0, &first);

	if (!rc)
		rc = sql_begin(
			s, SQL_ANSWER_EXPIRE,
			SQL_ARGS(arg_int(store_now(s) - ANSWER_KEPT_MS), arg_int(first), arg_int(first + rows - 1)),
			&stmt);

	while (!rc) {
		rc = sql_step(s, stmt);
		if (rc)
			break;
		memory_drop(&s->answers, sqlite3_column_int64(stmt, 1), sqlite3_column_int64(stmt, 0));
		gone++;
	}
	*more |= gone == rows;
	return rc == STORE_NONE ? 0 : rc;
}
