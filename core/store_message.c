/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages of a case (narrow rows), their sealed words (bodies, apart) and the wraps that hold its keys for callers and
 * desks. The store carries ciphertext: it can open none of it. What is deleted here is gone for good at the next
 * TRUNCATE checkpoint.
 */
#include "store_impl.h"

#include <string.h>

static const struct column message_columns[] = {
	COLUMN(message_row, INT, case_id),
	COLUMN(message_row, INT, n),
	COLUMN(message_row, TEXT, kind),
	COLUMN(message_row, BYTES, key_id),
	COLUMN(message_row, INT, note_key),
	COLUMN(message_row, INT, author),
	COLUMN(message_row, TEXT, alias),
	COLUMN(message_row, INT, at),
	COLUMN(message_row, OPTION, seen_at),
	COLUMN(message_row, OPTION, recalled_at),
	COLUMN(message_row, INT32, risk),
	COLUMN_OR(message_row, hits, "[]"),
	COLUMN(message_row, OPTION, screened_at),
	COLUMN(message_row, INT, body),
	COLUMN(message_row, BLOB, blob),
};
static const struct table message_table = { message_columns, ARRAY_LEN(message_columns) - 1,
					    sizeof(struct message_row) };
static const struct table words_table = TABLE(message_row, message_columns);

/* Erased: the body's row is gone, and the reader gets none, not "not asked for". */
static void words_erased(struct message_row *row)
{
	if (!row->blob.data)
		row->blob = (struct store_blob){ "", 0 };
}

int store_message_add(struct store *s, struct message_row *row)
{
	int rc = 0;

	if (row->n < 0)
		rc = sql_number(s, SQL_MESSAGE_NEXT, SQL_ARGS(arg_int(row->case_id)), &row->n);
	if (!rc)
		rc = sql_do(s, SQL_BODY_ADD,
			    SQL_ARGS(arg_bytes(row->blob.data ? row->blob.data : "", row->blob.bytes)));
	if (rc)
		return rc;
	row->body = sqlite3_last_insert_rowid(s->db);
	row->at = row->at ? row->at : store_now(s);
	return sql_exists(s, sql_write(s, SQL_MESSAGE_ADD, &message_table, row));
}

int store_message_list(struct store *s, int64_t case_id, int64_t after, int limit, const char *kinds, bool words,
                       struct message_row **rows, size_t *n)
{
	int rc = sql_list(s, words ? SQL_MESSAGE_WORDS : SQL_MESSAGE_LIST,
	                  SQL_ARGS(arg_int(case_id), arg_int(after), arg_int(limit), arg_text(kinds)),
	                  words ? &words_table : &message_table, rows, n);

	for (size_t i = 0; !rc && words && i < *n; i++)
		words_erased(&(*rows)[i]);
	return rc;
}

int store_message_get(struct store *s, int64_t case_id, int64_t n, struct message_row *out)
{
	int rc = sql_get(s, SQL_MESSAGE_GET, SQL_ARGS(arg_int(case_id), arg_int(n)), &words_table, out);

	if (!rc)
		words_erased(out);
	return rc;
}

int store_message_seen(struct store *s, int64_t case_id, int64_t n)
{
	return sql_change(s, SQL_MESSAGE_SEEN, SQL_ARGS(arg_int(case_id), arg_int(n), arg_int(store_now(s))));
}

int store_message_recall(struct store *s, int64_t case_id, int64_t n)
{
	struct message_row row;
	int rc = sql_get(s, SQL_MESSAGE_GET, SQL_ARGS(arg_int(case_id), arg_int(n)), &words_table, &row);

	if (!rc)
		rc = sql_change(s, SQL_MESSAGE_RECALL, SQL_ARGS(arg_int(case_id), arg_int(n), arg_int(store_now(s))));
	if (rc)
		return rc;
	care_erased(s);
	return sql_do(s, SQL_BODY_DELETE, SQL_ARGS(arg_int(row.body)));
}

int store_message_screened(struct store *s, int64_t case_id, int64_t n, int risk, const char *hits)
{
	return sql_change(s, SQL_MESSAGE_SCREENED,
			  SQL_ARGS(arg_int(case_id), arg_int(n), arg_int(risk), arg_text(hits ? hits : "[]"),
				   arg_int(store_now(s))));
}

/* ---- wraps ---- */

static const struct column wrap_columns[] = {
	COLUMN(wrap_row, INT, case_id),
	COLUMN(wrap_row, TEXT, target),
	COLUMN(wrap_row, INT, desk),
	COLUMN(wrap_row, INT, generation),
	COLUMN(wrap_row, INT, epoch),
	COLUMN_OR(wrap_row, sealer, "intake"),
	COLUMN(wrap_row, INT, note_key),
	COLUMN(wrap_row, BLOB, blob),
};
static const struct table wrap_table = TABLE(wrap_row, wrap_columns);

int store_wrap_put(struct store *s, const struct wrap_row *row)
{
	return sql_write(s, SQL_WRAP_PUT, &wrap_table, row);
}

int store_wrap_get(struct store *s, int64_t case_id, const char *target, int64_t desk, int64_t note_key,
		   struct wrap_row *out)
{
	return sql_get(s, SQL_WRAP_GET, SQL_ARGS(arg_int(case_id), arg_text(target), arg_int(desk), arg_int(note_key)),
		       &wrap_table, out);
}

int store_wrap_list(struct store *s, int64_t case_id, struct wrap_row **rows, size_t *n)
{
	return sql_list(s, SQL_WRAP_LIST, SQL_ARGS(arg_int(case_id)), &wrap_table, rows, n);
}

int store_wrap_delete(struct store *s, int64_t case_id, const char *target, int64_t desk)
{
	care_erased(s);
	return sql_do(s, SQL_WRAP_DELETE, SQL_ARGS(arg_int(case_id), arg_text(target), arg_int(desk)));
}

int store_wrap_delete_desks(struct store *s, int64_t case_id, int64_t but)
{
	care_erased(s);
	return sql_do(s, SQL_WRAP_DELETE_DESKS, SQL_ARGS(arg_int(case_id), arg_int(but)));
}
