/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sessions of people (a hash of the session's name, the keyring sealed under its token; no address, no agent) and the
 * epochs of the sealers, which readers need to open wraps.
 */
#include "store_impl.h"

#include <string.h>

static const struct column session_columns[] = {
	COLUMN(session_row, OPTION, id),
	COLUMN(session_row, BLOB, hash),
	COLUMN(session_row, INT, staff),
	COLUMN(session_row, BLOB, keys),
	COLUMN(session_row, INT, made_at),
	COLUMN(session_row, INT, used_at),
	COLUMN(session_row, INT, until_at),
	COLUMN(session_row, OPTION, ended_at),
};
static const struct table session_table = TABLE(session_row, session_columns);

int store_session_add(struct store *s, struct session_row *row)
{
	int rc;

	row->id = 0;
	row->made_at = row->used_at = store_now(s);
	rc = sql_exists(s, sql_write(s, SQL_SESSION_ADD, &session_table, row));
	row->id = rc ? 0 : sqlite3_last_insert_rowid(s->db);
	return rc;
}

int store_session_find(struct store *s, const uint8_t hash[STORE_HASH_BYTES], struct session_row *out)
{
	return sql_get(s, SQL_SESSION_FIND, SQL_ARGS(arg_bytes(hash, STORE_HASH_BYTES)), &session_table, out);
}

int store_session_get(struct store *s, int64_t id, struct session_row *out)
{
	return sql_get(s, SQL_SESSION_GET, SQL_ARGS(arg_int(id)), &session_table, out);
}

int store_session_touch(struct store *s, int64_t id)
{
	return sql_change(s, SQL_SESSION_TOUCH, SQL_ARGS(arg_int(id), arg_int(store_now(s))));
}

int store_session_end(struct store *s, int64_t id)
{
	care_erased(s);
	return sql_change(s, SQL_SESSION_END, SQL_ARGS(arg_int(id), arg_int(store_now(s))));
}

int store_session_end_staff(struct store *s, int64_t staff, int64_t but)
{
	care_erased(s);
	return sql_do(s, SQL_SESSION_END_STAFF, SQL_ARGS(arg_int(staff), arg_int(store_now(s)), arg_int(but)));
}

int store_session_list(struct store *s, int64_t staff, struct session_row **rows, size_t *n)
{
	return sql_list(s, SQL_SESSION_LIST, SQL_ARGS(arg_int(staff)), &session_table, rows, n);
}

/* ---- epochs ---- */

static const struct column epoch_columns[] = {
	COLUMN(epoch_row, INT, number),
	COLUMN(epoch_row, TEXT, sealer),
	COLUMN(epoch_row, BLOB, public),
	COLUMN(epoch_row, BLOB, signature),
	COLUMN(epoch_row, INT, made_at),
};
static const struct table epoch_table = TABLE(epoch_row, epoch_columns);

/* A front end that did not hear the answer says the same again: that is no conflict. */
int store_epoch_put(struct store *s, const struct epoch_row *row)
{
	struct epoch_row stands;
	int rc = store_epoch_get(s, row->sealer, row->number, &stands);

	if (rc == STORE_NONE)
		return sql_write(s, SQL_EPOCH_PUT, &epoch_table, row);
	if (rc)
		return rc;
	return stands.public.bytes == row->public.bytes &&
			       memcmp(stands.public.data, row->public.data, row->public.bytes) == 0
		       ? 0
		       : STORE_EXISTS;
}

int store_epoch_get(struct store *s, const char *sealer, int64_t number, struct epoch_row *out)
{
	return sql_get(s, SQL_EPOCH_GET, SQL_ARGS(arg_text(sealer), arg_int(number)), &epoch_table, out);
}

int store_epoch_last(struct store *s, const char *sealer, struct epoch_row *out)
{
	return sql_get(s, SQL_EPOCH_LAST, SQL_ARGS(arg_text(sealer)), &epoch_table, out);
}
