/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cases: the facts of each in one row under a MAC (keyed, over the layout's version and every column), so that a
 * flipped bit or an edit behind the router's back is seen before anything is decided on it. Words are not here:
 * store_message.c.
 */
#include "store_impl.h"

#include "log.h"
#include "seal.h"

#include <assert.h>
#include <string.h>

enum { CASE_LAYOUT = 1 }; /* goes up with every column added to the table below */

static const struct column case_columns[] = {
	COLUMN(case_row, INT, id),
	COLUMN(case_row, BYTES, uid),
	COLUMN(case_row, INT, site),
	COLUMN(case_row, INT, desk),
	COLUMN(case_row, STATE, state),
	COLUMN(case_row, INT32, marks),
	COLUMN(case_row, INT32, risk),
	COLUMN(case_row, INT32, tick),
	COLUMN(case_row, INT, version),
	COLUMN_OR(case_row, channel, "web_form"),
	COLUMN_OR(case_row, kind, "consult"),
	COLUMN_OR(case_row, urgency, "normal"),
	COLUMN_OR(case_row, relation, "self"),
	COLUMN_OR(case_row, age_band, "unsaid"),
	COLUMN_OR(case_row, gender, "unsaid"),
	COLUMN_OR(case_row, region, ""),
	COLUMN_OR(case_row, category, ""),
	COLUMN_OR(case_row, groups, "[]"),
	COLUMN_OR(case_row, prefer, "{}"),
	COLUMN(case_row, OPTION32, mood),
	COLUMN_OR(case_row, lang, "zh-CN"),
	COLUMN(case_row, BOOL, live),
	COLUMN(case_row, OPTION, owner),
	COLUMN(case_row, BOOL, touched),
	COLUMN(case_row, OPTION, opened_by),
	COLUMN(case_row, OPTION, cover),
	COLUMN(case_row, OPTION, cover_until),
	COLUMN(case_row, MAYBE, disposition),
	COLUMN(case_row, OPTION, closing_by),
	COLUMN(case_row, INT, messages),
	COLUMN(case_row, INT, opened_at),
	COLUMN(case_row, OPTION, oldest_at),
	COLUMN(case_row, OPTION, first_reply_at),
	COLUMN(case_row, OPTION, replied_at),
	COLUMN(case_row, OPTION, closed_at),
	COLUMN(case_row, OPTION, due_at),
	COLUMN(case_row, OPTION, reply_by),
	COLUMN(case_row, OPTION, screen_until),
	COLUMN(case_row, OPTION, lease_until),
	COLUMN(case_row, OPTION, withdrawn_at),
	COLUMN(case_row, OPTION, erase_at),
	COLUMN(case_row, INT, changed_at),
	COLUMN_OR(case_row, hits, "[]"),
	COLUMN(case_row, OPTION, continues),
	COLUMN(case_row, BYTES_IF, caller_hash),
	COLUMN(case_row, INT, caller_epoch),
	COLUMN(case_row, OPTION, caller_opened_at),
	COLUMN(case_row, BOOL, show_own),
};
static const struct table case_row_table = TABLE(case_row, case_columns);
_Static_assert(offsetof(struct case_row, caller_hash) == offsetof(struct case_row, has_caller) + 1,
	       "BYTES_IF looks one byte before");

/* ---- the MAC ---- */

struct mac_stage { struct seal_mac mac; uint8_t data[512]; size_t used; };

static void stage_add(struct mac_stage *m, const void *data, size_t n)
{
	const uint8_t *p = data;

	while (n) {
		size_t part = sizeof(m->data) - m->used < n ? sizeof(m->data) - m->used : n;

		memcpy(m->data + m->used, p, part);
		m->used += part;
		p += part;
		n -= part;
		if (m->used == sizeof(m->data)) {
			seal_mac_blob(&m->mac, m->data, m->used);
			m->used = 0;
		}
	}
}

/* A tag with the length in front of every value: no two rows share an encoding. Numbers drop their high zero bytes. */
static void stage_value(struct mac_stage *m, const struct sql_arg *a)
{
	const bool words = a->kind == SQL_MAYBE || a->kind == SQL_BLOB;
	uint64_t n = (uint64_t)a->n;
	uint8_t head[9] = { 'n' };
	size_t bytes = 0;

	if (words && a->data) {
		n = a->kind == SQL_MAYBE ? strlen(a->data) : (uint64_t)a->n;
		head[0] = 'w';
		memcpy(head + 1, &n, sizeof(uint32_t));
		stage_add(m, head, 1 + sizeof(uint32_t));
		stage_add(m, a->data, n);
		return;
	}
	if (!words && (a->kind != SQL_OPTION || n)) {
		for (; n; n >>= 8)
			head[1 + bytes++] = (uint8_t)n;
		head[0] = (uint8_t)bytes;
	}
	stage_add(m, head, 1 + bytes);
}

static void case_mac(const struct store *s, const struct case_row *row, uint8_t out[SEAL_MAC_BYTES])
{
	struct mac_stage m;

	m.used = 0;
	seal_mac_begin(&m.mac, s->row_key, "cases", CASE_LAYOUT);
	for (int i = 0; i < case_row_table.columns; i++) {
		struct sql_arg a = field_arg(&case_row_table.column[i], row);

		stage_value(&m, &a);
	}
	seal_mac_blob(&m.mac, m.data, m.used);
	seal_mac_end(&m.mac, out);
}

static void case_stored(struct case_row *row)
{
	row->stored.desk = row->desk;
	row->stored.state = row->state;
	row->stored.risk = row->risk;
}

void case_read(struct store *s, sqlite3_stmt *stmt, struct case_row *row)
{
	uint8_t mac[SEAL_MAC_BYTES];
	const void *stored;

	sql_read(s, stmt, &case_row_table, row);
	case_mac(s, row, mac);
	stored = sqlite3_column_blob(stmt, case_row_table.columns);
	row->damaged = !stored || sqlite3_column_bytes(stmt, case_row_table.columns) != (int)sizeof(mac) ||
	               !seal_same(mac, stored, sizeof(mac));
	case_stored(row);
	if (row->damaged) {
		s->damaged++;
		log_error("case_damaged", "id=%lld", (long long)row->id);
	}
}

/* ---- rows ---- */

int case_load(struct store *s)
{
	assert(case_columns[CASE_COLUMN_OWNER].offset == offsetof(struct case_row, owner));
	assert(case_columns[CASE_COLUMN_CLOSED_AT].offset == offsetof(struct case_row, closed_at));
	return sql_number(s, SQL_CASE_LAST, NULL, 0, &s->v.case_last);
}

static int case_write(struct store *s, enum sql_query q, const struct case_row *row)
{
	uint8_t mac[SEAL_MAC_BYTES];
	sqlite3_stmt *stmt;
	int rc = sql_take(s, q, &stmt);

	case_mac(s, row, mac);
	if (!rc)
		rc = sql_bind_row(s, stmt, &case_row_table, row);
	if (!rc && sqlite3_bind_blob(stmt, case_row_table.columns + 1, mac, sizeof(mac), SQLITE_STATIC) != SQLITE_OK)
		rc = sql_fault(s, sqlite3_errcode(s->db), "bind");
	while (!rc)
		rc = sql_step(s, stmt);
	return rc == STORE_NONE ? 0 : rc;
}

/* The closed list is by the time of closing: there must be one. */
static void case_tidy(const struct store *s, struct case_row *row)
{
	const bool ended = row->state == CASE_CLOSED || row->state == CASE_ARCHIVED;

	row->changed_at = store_now(s);
	if (ended && !row->closed_at)
		row->closed_at = row->changed_at;
}

int store_case_insert(struct store *s, struct case_row *row)
{
	int rc;

	row->id = s->v.case_last + 1;
	row->version = row->version ? row->version : 1;
	row->caller_epoch = row->caller_epoch ? row->caller_epoch : 1;
	row->opened_at = row->opened_at ? row->opened_at : store_now(s);
	case_tidy(s, row);
	rc = case_write(s, SQL_CASE_INSERT, row);
	if (rc)
		return rc;
	s->v.case_last = row->id;
	count_add(s, row->desk, "case", case_state_text(row->state), row->risk, 1);
	case_stored(row);
	return 0;
}

int store_case_get(struct store *s, int64_t id, struct case_row *out)
{
	sqlite3_stmt *stmt;
	int rc = sql_begin(s, SQL_CASE_GET, SQL_ARGS(arg_int(id)), &stmt);

	if (!rc)
		rc = sql_step(s, stmt);
	if (rc)
		return rc;
	case_read(s, stmt, out);
	sql_give(stmt);
	return out->damaged ? STORE_DAMAGED : 0;
}

int store_case_save(struct store *s, struct case_row *row)
{
	const bool moved = row->desk != row->stored.desk;
	int rc;

	if (row->damaged)
		return STORE_DAMAGED;
	case_tidy(s, row);
	rc = case_write(s, SQL_CASE_SAVE, row);
	if (!rc && moved)
		rc = sql_do(s, SQL_FOLLOWUP_DESK, SQL_ARGS(arg_int(row->id), arg_int(row->desk)));
	if (rc)
		return rc;
	if (moved || row->state != row->stored.state || row->risk != row->stored.risk) {
		count_add(s, row->stored.desk, "case", case_state_text(row->stored.state), row->stored.risk, -1);
		count_add(s, row->desk, "case", case_state_text(row->state), row->risk, 1);
	}
	case_stored(row);
	return 0;
}

/* ---- clocks and erasure ---- */

int store_case_due(struct store *s, enum store_due which, int64_t at, int limit, int64_t **ids, size_t *n,
		   int64_t *next_at)
{
	static const enum sql_query query[] = {
		[STORE_DUE_SCREEN] = SQL_CASE_DUE_SCREEN, [STORE_DUE_LEASE] = SQL_CASE_DUE_LEASE,
		[STORE_DUE_COVER] = SQL_CASE_DUE_COVER,   [STORE_DUE_SILENT] = SQL_CASE_DUE_SILENT,
		[STORE_DUE_ERASE] = SQL_CASE_DUE_ERASE,
	};
	sqlite3_stmt *stmt;
	int rc = sql_begin(s, query[which], SQL_ARGS(arg_int(limit + 1)), &stmt);

	*ids = lent_new(s, sizeof(**ids) * (size_t)limit);
	*n = 0;
	*next_at = 0;
	while (!rc) {
		rc = sql_step(s, stmt);
		if (rc)
			break;
		if (sqlite3_column_int64(stmt, 1) > at || *n == (size_t)limit) {
			*next_at = sqlite3_column_int64(stmt, 1);
			sql_give(stmt);
			break;
		}
		(*ids)[(*n)++] = sqlite3_column_int64(stmt, 0);
	}
	return rc == STORE_NONE ? 0 : rc;
}

int store_case_erase(struct store *s, int64_t case_id)
{
	static const enum sql_query erase[] = { SQL_CASE_ERASE_BODIES, SQL_CASE_ERASE_WRAPS, SQL_CASE_ERASE_DRAFTS,
						SQL_CASE_ERASE_JOBS, SQL_CASE_ERASE_COMPLAINTS };
	int rc = 0;

	for (size_t i = 0; !rc && i < ARRAY_LEN(erase); i++)
		rc = sql_do(s, erase[i], SQL_ARGS(arg_int(case_id)));
	care_erased(s);
	return rc;
}
