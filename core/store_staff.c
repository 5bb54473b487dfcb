/* SPDX-License-Identifier: Apache-2.0 */
/*
 * People: their rows (no password, only salted halves and sealed secrets), the desks they work on, their load, and the
 * wraps of desk secrets they hold. Who may do what is not decided here.
 */
#include "store_impl.h"

static const struct column staff_columns[] = {
	COLUMN(staff_row, OPTION, id),
	COLUMN(staff_row, TEXT, user),
	COLUMN(staff_row, TEXT, name),
	COLUMN(staff_row, INT, site),
	COLUMN(staff_row, INT32, roles),
	COLUMN_OR(staff_row, state, "invited"),
	COLUMN_OR(staff_row, presence, "off"),
	COLUMN(staff_row, MINUS, capacity),
	COLUMN(staff_row, BLOB, salt),
	COLUMN(staff_row, BLOB, auth),
	COLUMN(staff_row, BLOB, public),
	COLUMN(staff_row, BLOB, secret),
	COLUMN(staff_row, BLOB, recovery_salt),
	COLUMN(staff_row, BLOB, recovery_auth),
	COLUMN(staff_row, BLOB, recovery_secret),
	COLUMN(staff_row, BLOB, totp),
	COLUMN(staff_row, INT, kdf_bytes),
	COLUMN(staff_row, INT, kdf_passes),
	COLUMN(staff_row, INT, totp_step),
	COLUMN(staff_row, BOOL, must_change),
	COLUMN(staff_row, INT, failures),
	COLUMN(staff_row, INT, wait_until),
	COLUMN_OR(staff_row, lang, "zh-CN"),
	COLUMN_OR(staff_row, settings, "{}"),
	COLUMN(staff_row, INT, made_at),
	COLUMN(staff_row, OPTION, seen_at),
	COLUMN(staff_row, BLOB, mac),
};
static const struct table staff_table = TABLE(staff_row, staff_columns);

int store_staff_add(struct store *s, struct staff_row *row)
{
	int rc;

	row->made_at = row->made_at ? row->made_at : store_now(s);
	rc = sql_exists(s, sql_write(s, SQL_STAFF_ADD, &staff_table, row));
	if (!rc)
		row->id = sqlite3_last_insert_rowid(s->db);
	return rc;
}

int store_staff_save(struct store *s, const struct staff_row *row)
{
	return sql_exists(s, sql_write(s, SQL_STAFF_SAVE, &staff_table, row));
}

int store_staff_get(struct store *s, int64_t id, struct staff_row *out)
{
	return sql_get(s, SQL_STAFF_GET, SQL_ARGS(arg_int(id)), &staff_table, out);
}

int store_staff_find(struct store *s, const char *user, struct staff_row *out)
{
	return sql_get(s, SQL_STAFF_FIND, SQL_ARGS(arg_text(user)), &staff_table, out);
}

int store_staff_list(struct store *s, struct staff_row **rows, size_t *n)
{
	return sql_list(s, SQL_STAFF_LIST, NULL, 0, &staff_table, rows, n);
}

int store_staff_presence(struct store *s, int64_t id, const char *presence)
{
	return sql_change(s, SQL_STAFF_PRESENCE, SQL_ARGS(arg_int(id), arg_text(presence), arg_int(store_now(s))));
}

int store_staff_failure(struct store *s, int64_t id, int64_t failures, int64_t wait_until)
{
	return sql_change(s, SQL_STAFF_FAILURE, SQL_ARGS(arg_int(id), arg_int(failures), arg_int(wait_until)));
}

int store_staff_desks(struct store *s, int64_t staff, int64_t **desks, size_t *n)
{
	return sql_numbers(s, SQL_STAFF_DESKS, SQL_ARGS(arg_int(staff)), desks, n);
}

int store_staff_desk_set(struct store *s, int64_t staff, int64_t desk, bool member)
{
	return sql_do(s, member ? SQL_STAFF_DESK_ADD : SQL_STAFF_DESK_DROP, SQL_ARGS(arg_int(staff), arg_int(desk)));
}

int store_staff_of_desk(struct store *s, int64_t desk, int64_t **staff, size_t *n)
{
	return sql_numbers(s, SQL_STAFF_OF_DESK, SQL_ARGS(arg_int(desk)), staff, n);
}

int store_staff_load(struct store *s, int64_t staff, int64_t *cases, int64_t *weighted)
{
	sqlite3_stmt *stmt;
	int rc = sql_begin(s, SQL_STAFF_LOAD, SQL_ARGS(arg_int(staff)), &stmt);

	if (!rc)
		rc = sql_step(s, stmt);
	if (rc)
		return rc;
	*cases = sqlite3_column_int64(stmt, 0);
	*weighted = sqlite3_column_int64(stmt, 1);
	sql_give(stmt);
	return 0;
}

/* ---- wraps of desk secrets ---- */

static const struct column desk_key_columns[] = {
	COLUMN_OR(desk_key_row, kind, "desk"),
	COLUMN(desk_key_row, INT, num),
	COLUMN(desk_key_row, INT, generation),
	COLUMN(desk_key_row, INT, holder),
	COLUMN(desk_key_row, INT, epoch),
	COLUMN(desk_key_row, BLOB, wrap),
	COLUMN(desk_key_row, INT, made_at),
};
static const struct table desk_key_table = TABLE(desk_key_row, desk_key_columns);

int store_desk_key_put(struct store *s, const struct desk_key_row *row)
{
	struct desk_key_row dated = *row;

	dated.made_at = row->made_at ? row->made_at : store_now(s);
	return sql_write(s, SQL_DESK_KEY_PUT, &desk_key_table, &dated);
}

int store_desk_key_get(struct store *s, const char *kind, int64_t num, int64_t generation, int64_t holder,
		       struct desk_key_row *out)
{
	return sql_get(s, SQL_DESK_KEY_GET,
		       SQL_ARGS(arg_text(kind), arg_int(num), arg_int(generation), arg_int(holder)), &desk_key_table,
		       out);
}

int store_desk_key_list(struct store *s, const char *kind, int64_t num, struct desk_key_row **rows, size_t *n)
{
	return sql_list(s, SQL_DESK_KEY_LIST, SQL_ARGS(arg_text(kind), arg_int(num)), &desk_key_table, rows, n);
}

int store_desk_key_held(struct store *s, int64_t holder, struct desk_key_row **rows, size_t *n)
{
	return sql_list(s, SQL_DESK_KEY_HELD, SQL_ARGS(arg_int(holder)), &desk_key_table, rows, n);
}

int store_desk_key_drop(struct store *s, int64_t holder)
{
	care_erased(s);
	return sql_do(s, SQL_DESK_KEY_DROP, SQL_ARGS(arg_int(holder)));
}

int store_desk_keyed(struct store *s, int64_t num, bool *keyed)
{
	int64_t one = 0;
	int rc = sql_number(s, SQL_DESK_KEYED, SQL_ARGS(arg_int(num)), &one);

	*keyed = rc == 0;
	return rc == STORE_NONE ? 0 : rc;
}
