/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Small things of a working day: drafts (sealed), ratings without a ticket and without an order of arrival, complaints
 * (for the oversight pair only), bulk moves that can be taken back, and moves that wait for somebody with the key.
 */
#include "store_impl.h"

#include "seal.h"

#include <string.h>

static const struct column draft_columns[] = {
	COLUMN(draft_row, INT, staff), COLUMN(draft_row, INT, case_id), COLUMN(draft_row, TEXT, kind),
	COLUMN(draft_row, INT, seq),   COLUMN(draft_row, INT, at),      COLUMN(draft_row, BLOB, blob),
};
static const struct table draft_table = TABLE(draft_row, draft_columns);

int store_draft_put(struct store *s, const struct draft_row *row)
{
	struct draft_row dated = *row;
	int rc;

	dated.at = store_now(s);
	care_erased(s);
	rc = sql_write(s, SQL_DRAFT_PUT, &draft_table, &dated);
	return rc ? rc : sqlite3_changes(s->db) ? 0 : STORE_EXISTS;
}

int store_draft_get(struct store *s, int64_t staff, int64_t case_id, const char *kind, struct draft_row *out)
{
	return sql_get(s, SQL_DRAFT_GET, SQL_ARGS(arg_int(staff), arg_int(case_id), arg_text(kind)), &draft_table, out);
}

int store_draft_delete(struct store *s, int64_t staff, int64_t case_id, const char *kind)
{
	care_erased(s);
	return sql_change(s, SQL_DRAFT_DELETE, SQL_ARGS(arg_int(staff), arg_int(case_id), arg_text(kind)));
}

/* ---- ratings ---- */

/* A random row id: neither the id nor the place in the file says when it came. */
int store_rating_add(struct store *s, const struct rating_row *row)
{
	int64_t id = (int64_t)seal_random_id();

	return sql_exists(s, sql_do(s, SQL_RATING_ADD,
				    SQL_ARGS(arg_int(id), arg_int(row->desk), arg_text(row->month), arg_int(row->heard),
					     arg_int(row->helped), arg_int(row->again), arg_blob(row->words))));
}

int store_rating_sum(struct store *s, int64_t desk, const char *month, int64_t *n, double mean[3])
{
	sqlite3_stmt *stmt;
	int rc = sql_begin(s, SQL_RATING_SUM, SQL_ARGS(arg_int(desk), arg_text(month)), &stmt);

	if (!rc)
		rc = sql_step(s, stmt);
	if (rc)
		return rc;
	*n = sqlite3_column_int64(stmt, 0);
	for (int i = 0; i < 3; i++)
		mean[i] = sqlite3_column_double(stmt, i + 1);
	sql_give(stmt);
	return 0;
}

/* ---- complaints ---- */

static const struct column complaint_columns[] = {
	COLUMN(complaint_row, OPTION, id),
	COLUMN(complaint_row, INT, case_id),
	COLUMN(complaint_row, INT, at),
	COLUMN(complaint_row, OPTION, due_at),
	COLUMN(complaint_row, BYTES, key_id),
	COLUMN(complaint_row, INT, generation),
	COLUMN(complaint_row, INT, epoch),
	COLUMN(complaint_row, BLOB, wrap),
	COLUMN(complaint_row, BLOB, blob),
	COLUMN(complaint_row, OPTION, answered_at),
};
static const struct table complaint_table = TABLE(complaint_row, complaint_columns);

int store_complaint_add(struct store *s, struct complaint_row *row)
{
	int rc;

	row->id = 0;
	row->at = row->at ? row->at : store_now(s);
	rc = sql_write(s, SQL_COMPLAINT_ADD, &complaint_table, row);
	row->id = rc ? 0 : sqlite3_last_insert_rowid(s->db);
	return rc;
}

int store_complaint_list(struct store *s, bool open_only, struct complaint_row **rows, size_t *n)
{
	return sql_list(s, open_only ? SQL_COMPLAINT_OPEN : SQL_COMPLAINT_LIST, NULL, 0, &complaint_table, rows, n);
}

int store_complaint_holds(struct store *s, int64_t case_id, bool *holds)
{
	int64_t n = 0;
	int rc = sql_number(s, SQL_COMPLAINT_OF_CASE, SQL_ARGS(arg_int(case_id)), &n);

	*holds = n > 0;
	return rc;
}

int store_complaint_answered(struct store *s, int64_t id)
{
	return sql_change(s, SQL_COMPLAINT_ANSWERED, SQL_ARGS(arg_int(id), arg_int(store_now(s))));
}

/* ---- undo, moves ---- */

int store_undo_put(struct store *s, const uint8_t token[16], int64_t staff, int64_t until_at, const char *moves)
{
	return sql_exists(s,
			  sql_do(s, SQL_UNDO_PUT,
				 SQL_ARGS(arg_bytes(token, 16), arg_int(staff), arg_int(until_at), arg_text(moves))));
}

int store_undo_take(struct store *s, const uint8_t token[16], int64_t staff, const char **moves)
{
	static const struct column column[] = { { SQL_TEXT, 0, sizeof(const char *), "" } };
	static const struct table text = { column, 1, sizeof(const char *) };
	int rc = sql_get(s, SQL_UNDO_GET, SQL_ARGS(arg_bytes(token, 16), arg_int(staff), arg_int(store_now(s))), &text,
			 moves);

	return rc ? rc : sql_change(s, SQL_UNDO_TAKE, SQL_ARGS(arg_bytes(token, 16)));
}

static const struct column move_columns[] = {
	COLUMN(move_row, INT, case_id), COLUMN(move_row, INT, to_desk), COLUMN(move_row, INT, staff),
	COLUMN(move_row, OPTION, task), COLUMN(move_row, INT, at),
};
static const struct table move_table = TABLE(move_row, move_columns);

int store_move_put(struct store *s, const struct move_row *row)
{
	struct move_row dated = *row;

	dated.at = row->at ? row->at : store_now(s);
	return sql_write(s, SQL_MOVE_PUT, &move_table, &dated);
}

int store_move_get(struct store *s, int64_t case_id, struct move_row *out)
{
	return sql_get(s, SQL_MOVE_GET, SQL_ARGS(arg_int(case_id)), &move_table, out);
}

int store_move_list(struct store *s, struct move_row **rows, size_t *n)
{
	return sql_list(s, SQL_MOVE_LIST, NULL, 0, &move_table, rows, n);
}

int store_move_delete(struct store *s, int64_t case_id)
{
	return sql_change(s, SQL_MOVE_DELETE, SQL_ARGS(arg_int(case_id)));
}
