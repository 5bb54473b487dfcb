/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What needs a hand at a desk, in serving order: narrow rows that the router derives from cases, tasks and follow-ups
 * in the transaction that changes those. Several desks are read as one line by merging their ranges.
 */
#include "store_impl.h"

#include <string.h>

static const struct column queue_columns[] = {
	COLUMN(queue_row, INT, desk),
	COLUMN(queue_row, INT, rank),
	COLUMN(queue_row, INT, case_id),
	COLUMN(queue_row, TEXT, what),
	COLUMN(queue_row, INT, ref),
	COLUMN(queue_row, INT32, risk),
	COLUMN(queue_row, OPTION, owner),
	COLUMN(queue_row, INT, since),
	COLUMN(queue_row, TEXT, why),
};
static const struct table queue_table = TABLE(queue_row, queue_columns);

static const char *const queue_words[] = { "case", "covered", "followup", "task" }; /* in the order of their column */

/* Counts outlive the row: they need a word that does too. */
static const char *queue_word(const char *what)
{
	for (size_t i = 0; i < ARRAY_LEN(queue_words); i++)
		if (strcmp(queue_words[i], what) == 0)
			return queue_words[i];
	return "case";
}

int store_queue_put(struct store *s, const struct queue_row *row)
{
	int rc = sql_exists(s, sql_write(s, SQL_QUEUE_PUT, &queue_table, row));

	if (!rc)
		count_add(s, row->desk, "queue", queue_word(row->what), row->risk, 1);
	return rc;
}

int store_queue_clear_case(struct store *s, int64_t case_id)
{
	struct queue_row *rows;
	size_t n;
	int rc = store_queue_of_case(s, case_id, &rows, &n);

	if (rc || !n)
		return rc;
	for (size_t i = 0; i < n; i++)
		count_add(s, rows[i].desk, "queue", queue_word(rows[i].what), rows[i].risk, -1);
	return sql_do(s, SQL_QUEUE_CLEAR_CASE, SQL_ARGS(arg_int(case_id)));
}

int store_queue_of_case(struct store *s, int64_t case_id, struct queue_row **rows, size_t *n)
{
	return sql_list(s, SQL_QUEUE_OF_CASE, SQL_ARGS(arg_int(case_id)), &queue_table, rows, n);
}

int store_queue_first(struct store *s, int64_t desk, int limit, struct queue_row **rows, size_t *n)
{
	return sql_list(s, SQL_QUEUE_FIRST, SQL_ARGS(arg_int(desk), arg_int(limit)), &queue_table, rows, n);
}

/* ---- several desks as one line ---- */

static int queue_compare(const struct queue_row *a, const struct queue_row *b)
{
	int by_word = strcmp(a->what, b->what);

	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	if (a->case_id != b->case_id)
		return a->case_id < b->case_id ? -1 : 1;
	if (by_word)
		return by_word < 0 ? -1 : 1;
	if (a->ref != b->ref)
		return a->ref < b->ref ? -1 : 1;
	return a->desk < b->desk ? -1 : a->desk > b->desk;
}

/* Keeps the `room` first rows in order; false: the row comes behind all of a full line. */
static bool line_take(struct queue_row *line, size_t *n, size_t room, const struct queue_row *row)
{
	size_t i = *n;

	if (*n == room && queue_compare(row, &line[room - 1]) >= 0)
		return false;
	while (i > 0 && queue_compare(row, &line[i - 1]) < 0)
		i--;
	if (*n < room)
		(*n)++;
	memmove(line + i + 1, line + i, (*n - i - 1) * sizeof(*line));
	line[i] = *row;
	return true;
}

/* One desk's rows behind `from` until they can no longer matter. */
static int line_desk(struct store *s, int64_t desk, const struct queue_want *want, const struct queue_row *from,
		     struct queue_row *line, size_t *n, size_t room)
{
	enum sql_query q = want->risk >= 0 ? SQL_QUEUE_PAGE_RISK : SQL_QUEUE_PAGE;
	struct queue_row row;
	sqlite3_stmt *stmt;
	int rc = sql_begin(s, q,
			   (struct sql_arg[]){ arg_int(desk), arg_int(from->rank), arg_int(from->case_id),
					       arg_text(from->what), arg_int(from->ref), arg_int(want->risk) },
			   want->risk >= 0 ? 6 : 5, &stmt);

	while (!rc) {
		rc = sql_step(s, stmt);
		if (rc)
			break;
		sql_read(s, stmt, &queue_table, &row);
		row.desk = desk;
		if (queue_compare(&row, from) <= 0 || (want->owner > 0 && row.owner != want->owner) ||
		    (want->owner < 0 && row.owner))
			continue;
		if (!line_take(line, n, room, &row)) {
			sql_give(stmt);
			break;
		}
	}
	return rc == STORE_NONE ? 0 : rc;
}

static int page_from(const char *cursor, struct queue_row *from)
{
	int64_t v[5];
	int rc;

	*from = (struct queue_row){ .rank = INT64_MIN, .what = "" };
	if (!cursor || !*cursor)
		return 0;
	rc = cursor_read('w', cursor, v, 5);
	if (rc || v[2] < 0 || v[2] >= (int64_t)ARRAY_LEN(queue_words))
		return STORE_REFUSED;
	*from = (struct queue_row){
		.rank = v[0], .case_id = v[1], .what = queue_words[v[2]], .ref = v[3], .desk = v[4]
	};
	return 0;
}

static void page_next(const struct queue_row *last, char next[STORE_CURSOR_BYTES])
{
	int64_t word = 0;

	while (strcmp(queue_words[word], queue_word(last->what)) != 0)
		word++;
	cursor_write('w', (const int64_t[]){ last->rank, last->case_id, word, last->ref, last->desk }, 5, next);
}

int queue_page(struct store *s, const struct queue_want *want, const char *cursor, int limit, struct queue_row **rows,
	       size_t *n, char next[STORE_CURSOR_BYTES])
{
	const size_t room = (size_t)limit + 1;
	struct queue_row from;
	int rc = page_from(cursor, &from);

	*rows = lent_new(s, room * sizeof(**rows));
	*n = 0;
	next[0] = 0;
	for (size_t i = 0; !rc && i < want->desk_count; i++)
		rc = line_desk(s, want->desks[i], want, &from, *rows, n, room);
	if (!rc && *n == room) {
		*n = (size_t)limit;
		page_next(&(*rows)[*n - 1], next);
	}
	return rc;
}

int store_queue_page(struct store *s, const int64_t *desks, size_t desk_count, const char *cursor, int limit,
		     struct queue_row **rows, size_t *n, char next[STORE_CURSOR_BYTES])
{
	const struct queue_want want = { .desks = desks, .desk_count = desk_count, .risk = -1 };

	return queue_page(s, &want, cursor, limit, rows, n, next);
}
