/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Durable requests to worker services: screening of a message, or a foreign service. Which of them is out on lease is
 * the router's memory; attempts are counted here before a request is handed out, so that a poisonous one parks itself.
 */
#include "store_impl.h"

#include <string.h>

static const struct column job_columns[] = {
	COLUMN(job_row, OPTION, id),
	COLUMN(job_row, TEXT, service),
	COLUMN_OR(job_row, state, "ready"),
	COLUMN(job_row, INT, attempts),
	COLUMN(job_row, INT, not_before),
	COLUMN(job_row, OPTION, case_id),
	COLUMN(job_row, MINUS, n),
	COLUMN(job_row, BLOB, bundle),
	COLUMN(job_row, BLOB, crisis_wrap),
	COLUMN(job_row, INT, generation),
	COLUMN(job_row, INT, epoch),
	COLUMN_OR(job_row, sealer, "intake"),
	COLUMN(job_row, BLOB, request),
	COLUMN(job_row, BLOB, reply),
	COLUMN(job_row, BLOB, titanic),
	COLUMN(job_row, INT, made_at),
	COLUMN(job_row, OPTION, done_at),
};
static const struct table job_table = TABLE(job_row, job_columns);

int store_job_add(struct store *s, struct job_row *row)
{
	int rc;

	row->id = 0;
	row->made_at = row->made_at ? row->made_at : store_now(s);
	rc = sql_exists(s, sql_write(s, SQL_JOB_ADD, &job_table, row));
	row->id = rc ? 0 : sqlite3_last_insert_rowid(s->db);
	return rc;
}

int store_job_next(struct store *s, const char *service, int64_t after, struct job_row *out, int64_t *next_at)
{
	const int64_t now = store_now(s);
	sqlite3_stmt *stmt;
	int rc = sql_begin(s, SQL_JOB_NEXT, SQL_ARGS(arg_text(service), arg_int(after)), &stmt);

	*next_at = 0;
	while (!rc) {
		int64_t when;

		rc = sql_step(s, stmt);
		if (rc)
			break;
		when = sqlite3_column_int64(stmt, 4);
		if (when <= now) {
			sql_read(s, stmt, &job_table, out);
			sql_give(stmt);
			return 0;
		}
		if (!*next_at || when < *next_at)
			*next_at = when;
	}
	return rc;
}

int store_job_get(struct store *s, int64_t id, struct job_row *out)
{
	return sql_get(s, SQL_JOB_GET, SQL_ARGS(arg_int(id)), &job_table, out);
}

int store_job_find_titanic(struct store *s, const uint8_t titanic[16], struct job_row *out)
{
	return sql_get(s, SQL_JOB_FIND_TITANIC, SQL_ARGS(arg_bytes(titanic, 16)), &job_table, out);
}

int store_job_of_case(struct store *s, int64_t case_id, struct job_row **rows, size_t *n)
{
	return sql_list(s, SQL_JOB_OF_CASE, SQL_ARGS(arg_int(case_id)), &job_table, rows, n);
}

/* One step into the index per service, however many jobs each has. */
int store_job_services(struct store *s, const char *const **services, size_t *n)
{
	static const struct column column[] = { { SQL_TEXT, 0, sizeof(const char *), "" } };
	static const struct table text = { column, 1, sizeof(const char *) };
	enum { SERVICES_MAX = 1024 };
	const char **list = lent_new(s, SERVICES_MAX * sizeof(*list));
	const char *name = "";
	int rc = 0;

	*n = 0;
	while (!rc && *n < SERVICES_MAX) {
		rc = sql_get(s, SQL_JOB_SERVICE_AFTER, SQL_ARGS(arg_text(name)), &text, &name);
		if (!rc)
			list[(*n)++] = name;
	}
	*services = (const char *const *)list;
	return rc == STORE_NONE ? 0 : rc;
}

int store_job_count_attempt(struct store *s, int64_t id)
{
	return sql_change(s, SQL_JOB_COUNT_ATTEMPT, SQL_ARGS(arg_int(id)));
}

int store_job_delay(struct store *s, int64_t id, int64_t not_before)
{
	return sql_change(s, SQL_JOB_DELAY, SQL_ARGS(arg_int(id), arg_int(not_before)));
}

int store_job_redirect(struct store *s, int64_t id, const char *service, struct store_blob bundle, int64_t generation)
{
	care_erased(s);
	return sql_change(s, SQL_JOB_REDIRECT,
			  SQL_ARGS(arg_int(id), arg_text(service), arg_blob(bundle), arg_int(generation)));
}

int store_job_done(struct store *s, int64_t id, struct store_blob reply)
{
	struct job_row row;
	int rc = store_job_get(s, id, &row);

	if (rc)
		return rc;
	return row.case_id ? store_job_delete(s, id) :
	                     sql_change(s, SQL_JOB_DONE, SQL_ARGS(arg_int(id), arg_blob(reply), arg_int(store_now(s))));
}

int store_job_park(struct store *s, int64_t id)
{
	return sql_change(s, SQL_JOB_PARK, SQL_ARGS(arg_int(id)));
}

int store_job_requeue(struct store *s, int64_t id)
{
	return sql_change(s, SQL_JOB_REQUEUE, SQL_ARGS(arg_int(id)));
}

int store_job_delete(struct store *s, int64_t id)
{
	care_erased(s);
	return sql_change(s, SQL_JOB_DELETE, SQL_ARGS(arg_int(id)));
}

int store_job_parked(struct store *s, int64_t after, int limit, struct job_row **rows, size_t *n)
{
	int rc = sql_list(s, SQL_JOB_PARKED, SQL_ARGS(arg_int(after), arg_int(limit)), &job_table, rows, n);

	for (size_t i = 0; !rc && i < *n; i++) {
		struct job_row *row = &(*rows)[i];

		row->bundle = row->crisis_wrap = row->request = row->reply = (struct store_blob){ NULL, 0 };
	}
	return rc;
}

int store_job_count(struct store *s, const char *service, int64_t *ready)
{
	return sql_number(s, SQL_JOB_COUNT, SQL_ARGS(arg_text(service)), ready);
}
