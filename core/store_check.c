/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looking after what is stored: the background check of rows and audit in slices, and the check of query plans that a
 * test runs. Reads only; repairs nothing.
 */
#include "store_impl.h"

#include "log.h"

#include <string.h>

static int scrub_cases(struct store *s, int rows, int64_t *case_id, bool *end)
{
	sqlite3_stmt *stmt;
	int rc = sql_begin(s, SQL_CASE_SCRUB, SQL_ARGS(arg_int(s->scrub_case), arg_int(rows)), &stmt);
	int seen = 0;

	while (!rc) {
		struct case_row row;

		rc = sql_step(s, stmt);
		if (rc)
			break;
		case_read(s, stmt, &row);
		s->scrub_case = row.id;
		seen++;
		if (row.damaged) {
			*case_id = row.id;
			sql_give(stmt);
			return STORE_DAMAGED;
		}
	}
	*end = rc == STORE_NONE && seen < rows;
	return rc == STORE_NONE ? 0 : rc;
}

static int scrub_audit(struct store *s, int rows, bool *end)
{
	int64_t last = 0;
	int rc = store_audit_verify(s, s->scrub_audit, rows, &last, end);

	if (!rc)
		s->scrub_audit = last;
	if (rc != STORE_TAMPERED)
		return rc;
	if (!s->audit_broken_at)
		log_error("audit_broken", "line=%lld", (long long)last);
	s->audit_broken_at = last;
	s->scrub_audit = last; /* the rest is checked from the broken line on */
	return rc;
}

int store_scrub(struct store *s, int rows, int64_t *case_id, bool *done)
{
	bool end = false;
	int rc;

	*done = false;
	*case_id = 0;
	store_lent_drop(s);
	if (!s->scrub_cases_done) {
		rc = scrub_cases(s, rows, case_id, &end);
		s->scrub_cases_done = end;
		return rc;
	}
	rc = scrub_audit(s, rows, &end);
	if (end) {
		s->scrub_case = s->scrub_audit = 0;
		s->scrub_cases_done = false;
		*done = true;
	}
	return rc;
}

/* ---- plans ---- */

static bool table_grows(const char *detail)
{
	static const char *const grows[] = { "cases", "queue",   "messages",  "bodies",   "wraps",
					     "jobs",  "tasks",   "followups", "contacts", "events",
					     "audit", "answers", "drafts",    "ratings" };
	const char *name = detail + strlen("SCAN ");

	for (size_t i = 0; i < ARRAY_LEN(grows); i++)
		if (strncmp(name, grows[i], strlen(grows[i])) == 0)
			return true;
	return name[1] == ' ' || !name[1]; /* an alias: m, b */
}

static bool plan_scans(struct store *s, enum sql_query q, char **why)
{
	AUTO(mem_free) char *sql = mem_format("EXPLAIN QUERY PLAN %s", sql_text[q]);
	sqlite3_stmt *stmt = NULL;
	bool scans = false;

	if (sqlite3_prepare_v2(s->db, sql, -1, &stmt, NULL) != SQLITE_OK) {
		*why = mem_format("%s: %s", sql_name[q], sqlite3_errmsg(s->db));
		return true;
	}
	while (!scans && sqlite3_step(stmt) == SQLITE_ROW) {
		const char *detail = (const char *)sqlite3_column_text(stmt, 3);

		scans = (strncmp(detail, "SCAN ", 5) == 0 && table_grows(detail)) ||
			strncmp(detail, "USE TEMP", 8) == 0;
		if (scans)
			*why = mem_format("%s: %s", sql_name[q], detail);
	}
	sqlite3_finalize(stmt);
	return scans;
}

int store_plan_check(struct store *s, char **why)
{
	*why = NULL;
	for (int q = 0; q < SQL_QUERY_COUNT; q++) {
		bool excused = q == SQL_ANSWER_LOAD /* once, at opening */ ||
			       q == SQL_MOVE_LIST /* a handful, sorted by time */;

		if (!excused && plan_scans(s, (enum sql_query)q, why))
			return STORE_REFUSED;
	}
	return 0;
}
