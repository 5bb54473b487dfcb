/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Events: what happened, in the order of commits, for screens that follow along and for the history of a case. Tickets,
 * kinds and numbers, never words. One writer makes the sequence a safe cursor; to the outside it is opaque.
 */
#include "store_impl.h"

static const struct column event_columns[] = {
	COLUMN(event_row, OPTION, seq),
	COLUMN(event_row, INT, at),
	COLUMN(event_row, INT, site),
	COLUMN(event_row, INT, desk),
	COLUMN(event_row, OPTION, case_id),
	COLUMN(event_row, TEXT, kind),
	COLUMN(event_row, INT, number),
	COLUMN(event_row, OPTION, staff),
	COLUMN(event_row, TEXT, detail),
};
static const struct table event_table = TABLE(event_row, event_columns);

int store_event_add(struct store *s, struct event_row *row)
{
	int rc;

	row->seq = 0;
	row->at = row->at ? row->at : store_now(s);
	rc = sql_write(s, SQL_EVENT_ADD, &event_table, row);
	row->seq = rc ? 0 : sqlite3_last_insert_rowid(s->db);
	return rc;
}

void store_event_cursor_write(int64_t seq, char out[STORE_CURSOR_BYTES])
{
	cursor_write('e', &seq, 1, out);
}

int store_event_after(struct store *s, const char *cursor, int limit, struct event_row **rows, size_t *n,
		      char next[STORE_CURSOR_BYTES])
{
	int64_t seq = 0;
	int rc = cursor && *cursor ? cursor_read('e', cursor, &seq, 1) : 0;

	*rows = NULL;
	*n = 0;
	next[0] = 0;
	if (!rc)
		rc = sql_list(s, SQL_EVENT_AFTER, SQL_ARGS(arg_int(seq), arg_int(limit)), &event_table, rows, n);
	if (!rc)
		store_event_cursor_write(*n ? (*rows)[*n - 1].seq : seq, next);
	return rc;
}

int store_event_cursor(struct store *s, char out[STORE_CURSOR_BYTES])
{
	int64_t seq = 0;
	int rc = sql_number(s, SQL_EVENT_LAST, NULL, 0, &seq);

	store_event_cursor_write(seq, out);
	return rc;
}

int store_event_of_case(struct store *s, int64_t case_id, int64_t after_seq, int limit, struct event_row **rows,
			size_t *n)
{
	return sql_list(s, SQL_EVENT_OF_CASE, SQL_ARGS(arg_int(case_id), arg_int(after_seq), arg_int(limit)),
			&event_table, rows, n);
}
