/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The audit: a chain of lines, each hash covering the one before, under the row key. The head is sealed in meta with
 * every batch, so a cut tail shows as well as a changed line; `audit.checked` says up to where the chain was verified
 * before, and only the rest is looked at when the store opens (the whole by store_scrub, in the background).
 */
#include "store_impl.h"

#include "log.h"
#include "seal.h"

#include <stdio.h>
#include <string.h>

static const struct column audit_columns[] = {
	COLUMN(audit_row, INT, seq),
	COLUMN(audit_row, INT, at),
	COLUMN(audit_row, OPTION, staff),
	COLUMN(audit_row, TEXT, act),
	COLUMN(audit_row, OPTION, case_id),
	COLUMN(audit_row, TEXT, detail),
	COLUMN(audit_row, BYTES, hash),
};
static const struct table audit_table = TABLE(audit_row, audit_columns);

static void hash_text(struct seal_hash *h, const char *text)
{
	uint32_t n = (uint32_t)strlen(text);

	seal_hash_add(h, &n, sizeof(n));
	seal_hash_add(h, text, n);
}

static void audit_hash(const struct store *s, const uint8_t before[STORE_HASH_BYTES], const struct audit_row *row,
                       uint8_t out[STORE_HASH_BYTES])
{
	const int64_t numbers[] = { row->seq, row->at, row->staff, row->case_id };
	struct seal_hash h;

	seal_hash_begin(&h, STORE_HASH_BYTES, s->row_key, "audit");
	seal_hash_add(&h, before, STORE_HASH_BYTES);
	seal_hash_add(&h, numbers, sizeof(numbers));
	hash_text(&h, row->act);
	hash_text(&h, row->detail);
	seal_hash_end(&h, out);
}

int store_audit_add(struct store *s, int64_t staff, const char *act, int64_t case_id, const char *detail)
{
	struct audit_row row = { .seq = s->v.audit_seq + 1,
				 .at = store_now(s),
				 .staff = staff,
				 .act = act,
				 .case_id = case_id,
				 .detail = detail ? detail : "" };
	int rc;

	audit_hash(s, s->v.audit_hash, &row, row.hash);
	rc = sql_write(s, SQL_AUDIT_ADD, &audit_table, &row);
	if (rc)
		return rc;
	s->v.audit_seq = row.seq;
	memcpy(s->v.audit_hash, row.hash, sizeof(row.hash));
	s->audit_written = true;
	return 0;
}

/* ---- seals of a place in the chain, kept in meta ---- */

enum { SEAL_OF_PLACE_BYTES = 17 + 2 * STORE_HASH_BYTES + 1 };

static void place_seal(const struct store *s, const char *name, int64_t seq, const uint8_t hash[STORE_HASH_BYTES],
                       char out[SEAL_OF_PLACE_BYTES])
{
	uint8_t seal[STORE_HASH_BYTES];
	struct seal_hash h;
	int used = snprintf(out, SEAL_OF_PLACE_BYTES, "%llx ", (long long)seq);

	seal_hash_begin(&h, sizeof(seal), s->row_key, name);
	seal_hash_add(&h, &seq, sizeof(seq));
	seal_hash_add(&h, hash, STORE_HASH_BYTES);
	seal_hash_end(&h, seal);
	for (size_t i = 0; i < sizeof(seal); i++)
		used += snprintf(out + used, SEAL_OF_PLACE_BYTES - (size_t)used, "%02x", seal[i]);
}

static int place_put(struct store *s, const char *name, int64_t seq, const uint8_t hash[STORE_HASH_BYTES])
{
	char text[SEAL_OF_PLACE_BYTES];

	place_seal(s, name, seq, hash, text);
	return store_meta_set(s, name, text);
}

int audit_flush(struct store *s)
{
	int rc = s->audit_written ? place_put(s, "audit.head", s->v.audit_seq, s->v.audit_hash) : 0;

	s->audit_written = false;
	return rc;
}

/* The hash of a line as stored; all zero for line 0, the start of the chain. */
static int audit_line(struct store *s, int64_t seq, struct audit_row *row)
{
	*row = (struct audit_row){ .seq = seq };
	return seq ? sql_get(s, SQL_AUDIT_GET, SQL_ARGS(arg_int(seq)), &audit_table, row) : 0;
}

/* *seq of the sealed place; STORE_TAMPERED where seal and line do not fit; STORE_NONE where there is no seal. */
static int place_check(struct store *s, const char *name, int64_t *seq)
{
	char sealed[SEAL_OF_PLACE_BYTES], fresh[SEAL_OF_PLACE_BYTES];
	struct audit_row row;
	long long number = 0;
	const char *text;
	int rc = store_meta_get(s, name, &text);

	if (rc)
		return rc;
	snprintf(sealed, sizeof(sealed), "%s", text);
	if (sscanf(sealed, "%llx", (unsigned long long *)&number) != 1 || number < 0)
		return STORE_TAMPERED;
	*seq = number;
	rc = audit_line(s, number, &row);
	if (rc)
		return rc == STORE_NONE ? (int)STORE_TAMPERED : rc;
	place_seal(s, name, number, row.hash, fresh);
	return strcmp(sealed, fresh) == 0 ? 0 : (int)STORE_TAMPERED;
}

/* ---- checking ---- */

int store_audit_verify(struct store *s, int64_t from, int64_t limit, int64_t *last, bool *end)
{
	uint8_t hash[STORE_HASH_BYTES], fresh[STORE_HASH_BYTES];
	struct audit_row row, *rows;
	size_t n;
	int rc = audit_line(s, from, &row);

	*last = from;
	*end = false;
	if (rc)
		return rc == STORE_NONE ? (int)STORE_TAMPERED : rc;
	memcpy(hash, row.hash, sizeof(hash));
	rc = sql_list(s, SQL_AUDIT_AFTER, SQL_ARGS(arg_int(from), arg_int(limit)), &audit_table, &rows, &n);
	if (rc)
		return rc;
	for (size_t i = 0; i < n; i++) {
		*last = from + 1 + (int64_t)i;
		audit_hash(s, hash, &rows[i], fresh);
		if (rows[i].seq != *last || memcmp(fresh, rows[i].hash, sizeof(fresh)) != 0)
			return STORE_TAMPERED;
		memcpy(hash, fresh, sizeof(hash));
	}
	*end = n < (size_t)limit;
	return 0;
}

static int audit_verify_tail(struct store *s, int64_t from, int64_t *broken_at)
{
	bool end = false;
	int rc = 0;

	while (!rc && !end) {
		rc = store_audit_verify(s, from, 4096, &from, &end);
		store_lent_drop(s);
	}
	*broken_at = rc == STORE_TAMPERED ? from : 0;
	return rc == STORE_TAMPERED ? 0 : rc;
}

/* A broken chain does not close the hotline: it is an alarm (store_figures), and the lines to come are chained on. */
int audit_load(struct store *s)
{
	struct audit_row row = { .seq = 0 };
	int64_t head = 0, checked = 0, broken = 0;
	int rc = sql_get(s, SQL_AUDIT_LAST, NULL, 0, &audit_table, &row);

	if (rc < 0)
		return rc;
	s->v.audit_seq = row.seq;
	memcpy(s->v.audit_hash, row.hash, sizeof(row.hash));
	rc = place_check(s, "audit.checked", &checked);
	if (rc < 0)
		return rc;
	if (rc)
		checked = 0; /* no such mark, or not ours: all of it */
	rc = audit_verify_tail(s, checked, &broken);
	if (rc)
		return rc;
	rc = place_check(s, "audit.head", &head);
	if (rc < 0)
		return rc;
	if (!broken && (rc == STORE_TAMPERED || head != row.seq))
		broken = row.seq + 1;
	s->audit_broken_at = broken;
	s->audit_checked = checked;
	if (broken)
		log_error("audit_broken", "line=%lld", (long long)broken);
	return 0;
}

int audit_checkpoint(struct store *s)
{
	if (s->audit_broken_at || s->v.audit_seq - s->audit_checked < AUDIT_CHECK_LINES)
		return 0;
	s->audit_checked = s->v.audit_seq;
	return place_put(s, "audit.checked", s->v.audit_seq, s->v.audit_hash);
}

int store_audit_list(struct store *s, int64_t staff, int64_t case_id, const char *cursor, int limit,
		     struct audit_row **rows, size_t *n, char next[STORE_CURSOR_BYTES])
{
	enum sql_query q = case_id ? SQL_AUDIT_PAGE_CASE : staff ? SQL_AUDIT_PAGE_STAFF : SQL_AUDIT_PAGE;
	int64_t before = INT64_MAX;
	int rc = cursor && *cursor ? cursor_read('u', cursor, &before, 1) : 0;

	*rows = NULL;
	*n = 0;
	next[0] = 0;
	if (!rc)
		rc = sql_list(
			s, q,
			(struct sql_arg[]){ arg_int(before), arg_int(limit + 1), arg_option(staff), arg_int(case_id) },
			case_id ? 4
			: staff ? 3
				: 2,
			&audit_table, rows, n);
	if (!rc && *n > (size_t)limit) {
		*n = (size_t)limit;
		cursor_write('u', &(*rows)[*n - 1].seq, 1, next);
	}
	return rc;
}
