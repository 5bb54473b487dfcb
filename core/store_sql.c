/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Statements by number and rows as tables of columns: one loop binds and reads every struct of store.h, so a column is
 * named once in C and once in SQL. Also where a code of SQLite becomes a fault of ours, logged once. Knows no table by
 * name.
 */
#include "store_impl.h"

#include "clock.h"
#include "log.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

int sql_fault(struct store *s, int rc, const char *where)
{
	static const struct { int code, fault;
	} map[] = {
		{ SQLITE_FULL, -ENOSPC },
		{ SQLITE_NOMEM, -ENOMEM },
		{ SQLITE_CORRUPT, -EUCLEAN },
		{ SQLITE_NOTADB, -EUCLEAN },
		{ SQLITE_BUSY, -EBUSY },
		{ SQLITE_READONLY, -EROFS },
		{ SQLITE_AUTH, -EPERM },
		{ SQLITE_PERM, -EACCES },
		{ SQLITE_CANTOPEN, -ENOENT },
		{ SQLITE_CONSTRAINT, STORE_BAD_ROW },
		{ SQLITE_MISMATCH, STORE_BAD_ROW },
		{ SQLITE_TOOBIG, STORE_BAD_ROW },
		{ SQLITE_RANGE, STORE_BAD_ROW },
	};

	s->last_rc = sqlite3_extended_errcode(s->db);
	if (s->last_rc == SQLITE_CONSTRAINT_UNIQUE || s->last_rc == SQLITE_CONSTRAINT_PRIMARYKEY)
		return STORE_BAD_ROW; /* often an outcome (sql_exists): whoever sees a fault in it logs */
	log_error("sql_fault", "query=%s code=%d", where, s->last_rc);
	for (size_t i = 0; i < ARRAY_LEN(map); i++)
		if (map[i].code == (rc & 0xff))
			return map[i].fault;
	return -EIO;
}

int sql_exists(const struct store *s, int rc)
{
	bool key = s->last_rc == SQLITE_CONSTRAINT_UNIQUE || s->last_rc == SQLITE_CONSTRAINT_PRIMARYKEY;

	return rc == STORE_BAD_ROW && key ? (int)STORE_EXISTS : rc;
}

int sql_text_run(struct store *s, const char *sql)
{
	int rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? 0 : sql_fault(s, rc, s->reading || s->in_batch ? "edge" : "open");
}

/* A reader that stays keeps erased words in the WAL: it is ended here, whoever called. */
static int sql_read_deadline(struct store *s)
{
	if (s->reading && !s->read_over && clock_mono_ms() - s->read_mono > STORE_READ_MS) {
		log_warn("read_too_long", "ms=%lld", (long long)(clock_mono_ms() - s->read_mono));
		s->read_over = true;
		if (sql_text_run(s, "ROLLBACK") < 0)
			return -EIO;
	}
	return s->read_over ? -ETIMEDOUT : 0;
}

int sql_take(struct store *s, enum sql_query q, sqlite3_stmt **out)
{
	sqlite3_stmt *stmt = s->stmt[q];
	int rc = sql_read_deadline(s);

	if (rc)
		return rc;
	if (!stmt) {
		rc = sqlite3_prepare_v3(s->db, sql_text[q], -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL);
		if (rc != SQLITE_OK)
			return sql_fault(s, rc, sql_name[q]);
		s->stmt[q] = stmt;
	}
	if (!s->in_batch && !sqlite3_stmt_readonly(stmt)) {
		log_error("write_outside_batch", "query=%s", sql_name[q]);
		return -EPERM;
	}
	assert(!sqlite3_stmt_busy(stmt));
	*out = stmt;
	return 0;
}

void sql_give(sqlite3_stmt *stmt)
{
	sqlite3_reset(stmt);
}

int sql_step(struct store *s, sqlite3_stmt *stmt)
{
	int rc = sqlite3_step(stmt);

	if (rc == SQLITE_ROW)
		return 0;
	if (rc != SQLITE_DONE) {
		enum sql_query q = 0;

		while (q < SQL_QUERY_COUNT && s->stmt[q] != stmt)
			q++;
		rc = sql_fault(s, rc, sql_name[q] ? sql_name[q] : "?");
	} else {
		rc = STORE_NONE;
	}
	sql_give(stmt);
	return rc;
}

/* Texts and blobs are bound by pointer: every caller steps to the end before its row goes. */
static int sql_bind_arg(sqlite3_stmt *stmt, int i, const struct sql_arg *a)
{
	switch (a->kind) {
	case SQL_OPTION:
		return a->n ? sqlite3_bind_int64(stmt, i, a->n) : sqlite3_bind_null(stmt, i);
	case SQL_MAYBE:
		return a->data ? sqlite3_bind_text(stmt, i, a->data, -1, SQLITE_STATIC) : sqlite3_bind_null(stmt, i);
	case SQL_BLOB:
		return a->data ? sqlite3_bind_blob64(stmt, i, a->data, (sqlite3_uint64)a->n, SQLITE_STATIC)
			       : sqlite3_bind_null(stmt, i);
	default:
		return sqlite3_bind_int64(stmt, i, a->n);
	}
}

int sql_begin(struct store *s, enum sql_query q, const struct sql_arg *args, size_t n, sqlite3_stmt **out)
{
	int rc = sql_take(s, q, out);

	for (size_t i = 0; !rc && i < n; i++) {
		rc = sql_bind_arg(*out, (int)i + 1, &args[i]);
		if (rc)
			rc = sql_fault(s, rc, sql_name[q]);
	}
	return rc;
}

int sql_do(struct store *s, enum sql_query q, const struct sql_arg *args, size_t n)
{
	sqlite3_stmt *stmt;
	int rc = sql_begin(s, q, args, n, &stmt);

	while (!rc)
		rc = sql_step(s, stmt);
	return rc == STORE_NONE ? 0 : rc;
}

int sql_change(struct store *s, enum sql_query q, const struct sql_arg *args, size_t n)
{
	int rc = sql_do(s, q, args, n);

	return rc ? rc : sqlite3_changes(s->db) ? 0 : STORE_NONE;
}

int sql_number(struct store *s, enum sql_query q, const struct sql_arg *args, size_t n, int64_t *out)
{
	sqlite3_stmt *stmt;
	int rc = sql_begin(s, q, args, n, &stmt);

	if (!rc)
		rc = sql_step(s, stmt);
	if (rc)
		return rc;
	*out = sqlite3_column_int64(stmt, 0);
	sql_give(stmt);
	return 0;
}

/* ---- rows ---- */

static int64_t field_number(const struct column *c, const void *field)
{
	int64_t wide;
	int narrow;
	bool truth;

	switch (c->kind) {
	case SQL_INT32:
	case SQL_OPTION32:
		memcpy(&narrow, field, sizeof(narrow));
		return narrow;
	case SQL_BOOL:
		memcpy(&truth, field, sizeof(truth));
		return truth;
	default:
		memcpy(&wide, field, sizeof(wide));
		return wide;
	}
}

struct sql_arg field_arg(const struct column *c, const void *row)
{
	const unsigned char *field = (const unsigned char *)row + c->offset;
	struct store_blob blob;
	const char *text;
	int64_t n;

	switch (c->kind) {
	case SQL_TEXT:
	case SQL_MAYBE:
		memcpy(&text, field, sizeof(text));
		return arg_text(text || c->kind == SQL_MAYBE ? text : c->otherwise);
	case SQL_BLOB:
		memcpy(&blob, field, sizeof(blob));
		return arg_blob(blob);
	case SQL_BYTES:
		return arg_bytes(field, c->bytes);
	case SQL_BYTES_IF:
		return arg_bytes(field[-1] ? field : NULL, c->bytes);
	case SQL_STATE:
		return arg_text(
			case_state_text((enum case_state)field_number(&(struct column){ .kind = SQL_INT32 }, field)));
	case SQL_OPTION:
	case SQL_OPTION32:
		return arg_option(field_number(c, field));
	case SQL_MINUS:
		n = field_number(c, field);
		return n < 0 ? arg_option(0) : arg_int(n);
	default:
		return arg_int(field_number(c, field));
	}
}

int sql_bind_row(struct store *s, sqlite3_stmt *stmt, const struct table *t, const void *row)
{
	int rc = SQLITE_OK;

	for (int i = 0; rc == SQLITE_OK && i < t->columns; i++) {
		struct sql_arg arg = field_arg(&t->column[i], row);

		rc = sql_bind_arg(stmt, i + 1, &arg);
	}
	return rc == SQLITE_OK ? 0 : sql_fault(s, rc, "bind");
}

int sql_write(struct store *s, enum sql_query q, const struct table *t, const void *row)
{
	sqlite3_stmt *stmt;
	int rc = sql_take(s, q, &stmt);

	if (!rc)
		rc = sql_bind_row(s, stmt, t, row);
	while (!rc)
		rc = sql_step(s, stmt);
	return rc == STORE_NONE ? 0 : rc;
}

static void read_bytes(sqlite3_stmt *stmt, int i, const struct column *c, unsigned char *field)
{
	const void *data = sqlite3_column_blob(stmt, i);
	size_t n = (size_t)sqlite3_column_bytes(stmt, i);

	memset(field, 0, c->bytes);
	if (data && n == c->bytes)
		memcpy(field, data, n);
	if (c->kind == SQL_BYTES_IF)
		field[-1] = data && n == c->bytes;
}

static void read_words(struct store *s, sqlite3_stmt *stmt, int i, const struct column *c, unsigned char *field)
{
	struct store_blob blob = { NULL, 0 };
	const char *text = NULL;

	if (c->kind == SQL_BLOB) {
		if (sqlite3_column_type(stmt, i) != SQLITE_NULL) {
			const void *data = sqlite3_column_blob(stmt, i);

			blob.bytes = (size_t)sqlite3_column_bytes(stmt, i);
			blob.data = lent_text(s, data ? data : "", blob.bytes);
		}
		memcpy(field, &blob, sizeof(blob));
		return;
	}
	text = (const char *)sqlite3_column_text(stmt, i);
	if (text)
		text = lent_text(s, text, (size_t)sqlite3_column_bytes(stmt, i));
	else if (c->kind == SQL_TEXT)
		text = "";
	memcpy(field, &text, sizeof(text));
}

static void read_number(sqlite3_stmt *stmt, int i, const struct column *c, unsigned char *field)
{
	int64_t wide = sqlite3_column_int64(stmt, i);
	int narrow = (int)wide;
	bool truth = wide != 0;

	if (c->kind == SQL_MINUS && sqlite3_column_type(stmt, i) == SQLITE_NULL)
		wide = -1;
	if (c->kind == SQL_INT32 || c->kind == SQL_OPTION32)
		memcpy(field, &narrow, sizeof(narrow));
	else if (c->kind == SQL_BOOL)
		memcpy(field, &truth, sizeof(truth));
	else
		memcpy(field, &wide, sizeof(wide));
}

void sql_read(struct store *s, sqlite3_stmt *stmt, const struct table *t, void *row)
{
	memset(row, 0, t->row_bytes);
	for (int i = 0; i < t->columns; i++) {
		const struct column *c = &t->column[i];
		unsigned char *field = (unsigned char *)row + c->offset;
		const char *word;
		enum case_state state;

		switch (c->kind) {
		case SQL_TEXT:
		case SQL_MAYBE:
		case SQL_BLOB:
			read_words(s, stmt, i, c, field);
			break;
		case SQL_BYTES:
		case SQL_BYTES_IF:
			read_bytes(stmt, i, c, field);
			break;
		case SQL_STATE:
			word = (const char *)sqlite3_column_text(stmt, i);
			if (!word || case_state_parse(word, &state))
				state = CASE_ARCHIVED; /* the MAC will not fit: damaged */
			memcpy(field, &state, sizeof(state));
			break;
		default:
			read_number(stmt, i, c, field);
		}
	}
}

int sql_get(struct store *s, enum sql_query q, const struct sql_arg *args, size_t n, const struct table *t, void *row)
{
	sqlite3_stmt *stmt;
	int rc = sql_begin(s, q, args, n, &stmt);

	if (!rc)
		rc = sql_step(s, stmt);
	if (rc)
		return rc;
	sql_read(s, stmt, t, row);
	sql_give(stmt);
	return 0;
}

/* Lists grow by doubling inside lent memory; what is left behind goes with the rest. */
static void list_room(struct store *s, unsigned char **rows, size_t count, size_t *room, size_t bytes)
{
	unsigned char *more;

	if (count < *room)
		return;
	*room = *room ? *room * 2 : 16;
	more = lent_new(s, *room * bytes);
	if (count)
		memcpy(more, *rows, count * bytes);
	*rows = more;
}

int sql_list(struct store *s, enum sql_query q, const struct sql_arg *args, size_t n, const struct table *t, void *rows,
             size_t *count)
{
	unsigned char *list = NULL;
	sqlite3_stmt *stmt;
	size_t room = 0;
	int rc = sql_begin(s, q, args, n, &stmt);

	*count = 0;
	while (!rc && *count < STORE_LIST_MAX) {
		rc = sql_step(s, stmt);
		if (rc)
			break;
		list_room(s, &list, *count, &room, t->row_bytes);
		sql_read(s, stmt, t, list + (*count)++ * t->row_bytes);
	}
	if (!rc)
		sql_give(stmt);
	memcpy(rows, &list, sizeof(list));
	return rc == STORE_NONE ? 0 : rc;
}

int sql_numbers(struct store *s, enum sql_query q, const struct sql_arg *args, size_t n, int64_t **out, size_t *count)
{
	static const struct column column[] = { { SQL_INT, 0, sizeof(int64_t), "" } };
	static const struct table number = { column, 1, sizeof(int64_t) };

	return sql_list(s, q, args, n, &number, out, count);
}
