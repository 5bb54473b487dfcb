/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What belongs to a case beside its words: tasks of other desks, follow-ups (clinical, satisfaction, missed calls) and
 * contacts, one for every interaction, with or without a case.
 */
#include "store_impl.h"

static const struct column task_columns[] = {
	COLUMN(task_row, OPTION, id),
	COLUMN(task_row, INT, case_id),
	COLUMN(task_row, INT, desk),
	COLUMN_OR(task_row, state, "waiting"),
	COLUMN(task_row, BOOL, crisis),
	COLUMN(task_row, INT, asked_by),
	COLUMN(task_row, OPTION, owner),
	COLUMN(task_row, MAYBE, disposition),
	COLUMN(task_row, OPTION, due_at),
	COLUMN(task_row, OPTION, note),
	COLUMN(task_row, INT, made_at),
	COLUMN(task_row, OPTION, ended_at),
};
static const struct table task_table = TABLE(task_row, task_columns);

int store_task_add(struct store *s, struct task_row *row)
{
	int rc;

	row->id = 0;
	row->made_at = row->made_at ? row->made_at : store_now(s);
	rc = sql_write(s, SQL_TASK_ADD, &task_table, row);
	row->id = rc ? 0 : sqlite3_last_insert_rowid(s->db);
	return rc;
}

int store_task_save(struct store *s, const struct task_row *row)
{
	return sql_write(s, SQL_TASK_SAVE, &task_table, row);
}

int store_task_get(struct store *s, int64_t id, struct task_row *out)
{
	return sql_get(s, SQL_TASK_GET, SQL_ARGS(arg_int(id)), &task_table, out);
}

int store_task_list(struct store *s, int64_t case_id, struct task_row **rows, size_t *n)
{
	return sql_list(s, SQL_TASK_LIST, SQL_ARGS(arg_int(case_id)), &task_table, rows, n);
}

int store_task_mine(struct store *s, int64_t owner, struct task_row **rows, size_t *n)
{
	return sql_list(s, SQL_TASK_MINE, SQL_ARGS(arg_int(owner)), &task_table, rows, n);
}

/* ---- follow-ups ---- */

static const struct column followup_columns[] = {
	COLUMN(followup_row, OPTION, id),
	COLUMN(followup_row, INT, case_id),
	COLUMN(followup_row, INT, desk),
	COLUMN_OR(followup_row, kind, "followup"),
	COLUMN(followup_row, INT, due_at),
	COLUMN_OR(followup_row, state, "open"),
	COLUMN(followup_row, MAYBE, result),
	COLUMN(followup_row, OPTION, staff),
	COLUMN(followup_row, OPTION, note),
	COLUMN(followup_row, INT, made_at),
	COLUMN(followup_row, OPTION, done_at),
};
static const struct table followup_table = TABLE(followup_row, followup_columns);

int store_followup_add(struct store *s, struct followup_row *row)
{
	int rc;

	row->id = 0;
	row->made_at = row->made_at ? row->made_at : store_now(s);
	rc = sql_write(s, SQL_FOLLOWUP_ADD, &followup_table, row);
	row->id = rc ? 0 : sqlite3_last_insert_rowid(s->db);
	return rc;
}

int store_followup_save(struct store *s, const struct followup_row *row)
{
	return sql_write(s, SQL_FOLLOWUP_SAVE, &followup_table, row);
}

int store_followup_get(struct store *s, int64_t id, struct followup_row *out)
{
	return sql_get(s, SQL_FOLLOWUP_GET, SQL_ARGS(arg_int(id)), &followup_table, out);
}

int store_followup_list(struct store *s, int64_t case_id, struct followup_row **rows, size_t *n)
{
	return sql_list(s, SQL_FOLLOWUP_LIST, SQL_ARGS(arg_int(case_id)), &followup_table, rows, n);
}

int store_followup_due(struct store *s, int64_t at, int limit, struct followup_row **rows, size_t *n)
{
	return sql_list(s, SQL_FOLLOWUP_DUE, SQL_ARGS(arg_int(at), arg_int(limit)), &followup_table, rows, n);
}

int followup_page(struct store *s, int64_t desk, int64_t until, int64_t after_due, int64_t after_id, int limit,
                  struct followup_row **rows, size_t *n)
{
	return sql_list(s, SQL_FOLLOWUP_PAGE,
			SQL_ARGS(arg_int(desk), arg_int(until), arg_int(after_due), arg_int(after_id), arg_int(limit)),
			&followup_table, rows, n);
}

int store_followup_count(struct store *s, int64_t desk, int64_t until, int at_most, int64_t *out)
{
	return sql_number(s, SQL_FOLLOWUP_COUNT, SQL_ARGS(arg_int(desk), arg_int(until), arg_int(at_most)), out);
}

/* ---- contacts ---- */

static const struct column contact_columns[] = {
	COLUMN(contact_row, OPTION, id),
	COLUMN(contact_row, INT, site),
	COLUMN_OR(contact_row, channel, "web_form"),
	COLUMN_OR(contact_row, type, "self"),
	COLUMN(contact_row, INT, began_at),
	COLUMN(contact_row, INT, seconds),
	COLUMN(contact_row, OPTION, staff),
	COLUMN(contact_row, OPTION, case_id),
	COLUMN_OR(contact_row, facts, "{}"),
	COLUMN(contact_row, INT, made_at),
};
static const struct table contact_table = TABLE(contact_row, contact_columns);

int store_contact_add(struct store *s, struct contact_row *row)
{
	int rc;

	row->id = 0;
	row->made_at = row->made_at ? row->made_at : store_now(s);
	row->began_at = row->began_at ? row->began_at : row->made_at;
	rc = sql_write(s, SQL_CONTACT_ADD, &contact_table, row);
	row->id = rc ? 0 : sqlite3_last_insert_rowid(s->db);
	return rc;
}

int store_contact_of_case(struct store *s, int64_t case_id, struct contact_row **rows, size_t *n)
{
	return sql_list(s, SQL_CONTACT_OF_CASE, SQL_ARGS(arg_int(case_id)), &contact_table, rows, n);
}

int store_contact_list(struct store *s, int64_t site, const char *cursor, int limit, struct contact_row **rows,
		       size_t *n, char next[STORE_CURSOR_BYTES])
{
	int64_t before = INT64_MAX;
	int rc = cursor && *cursor ? cursor_read('k', cursor, &before, 1) : 0;

	*rows = NULL;
	*n = 0;
	next[0] = 0;
	if (!rc)
		rc = sql_list(s, site ? SQL_CONTACT_PAGE_SITE : SQL_CONTACT_PAGE,
			      (struct sql_arg[]){ arg_int(before), arg_int(limit + 1), arg_int(site) }, site ? 3 : 2,
			      &contact_table, rows, n);
	if (!rc && *n > (size_t)limit) {
		*n = (size_t)limit;
		cursor_write('k', &(*rows)[*n - 1].id, 1, next);
	}
	return rc;
}
