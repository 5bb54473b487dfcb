/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checks messages against the book and prints it. Pure; called by the router for every request, by the senders' tests, and at
 * build time for doc/wire.md. The rows themselves stand in book_rows.c.
 */
#include "book.h"

#include "mem.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct json_field of_session[] = { { "session", JSON_HEX, true, 32, 32, NULL } };
static const struct json_field of_ticket[] = { { "ticket", JSON_TEXT, true, 9, 16, NULL } };
static const struct json_field of_caller[] = {
	{ "ticket", JSON_TEXT, true, 9, 16, NULL },
	{ "auth", JSON_HEX, true, 32, 32, NULL },
	{ "caller_epoch", JSON_INT, true, 1, INT32_MAX, NULL },
};
static const struct json_field of_key[] = { { "key", JSON_HEX, true, 32, 32, NULL } };
static const struct json_field of_digest[] = { { "digest", JSON_HEX, true, 32, 32, NULL } };
static const struct json_field of_version[] = { { "version", JSON_INT, true, -1, INT32_MAX, NULL } };

static const struct {
	unsigned flag;
	const struct json_field *fields;
	size_t count;
} flag_fields[] = {
	{ BOOK_SESSION, of_session, ARRAY_LEN(of_session) }, { BOOK_TICKET, of_ticket, ARRAY_LEN(of_ticket) },
	{ BOOK_CALLER, of_caller, ARRAY_LEN(of_caller) },    { BOOK_KEY, of_key, ARRAY_LEN(of_key) },
	{ BOOK_DIGEST, of_digest, ARRAY_LEN(of_digest) },    { BOOK_VERSION, of_version, ARRAY_LEN(of_version) },
};

const struct book_row *book_find(const char *name, size_t bytes)
{
	size_t count, i;
	const struct book_row *rows = book_rows(&count);

	for (i = 0; i < count; i++)
		if (strlen(rows[i].name) == bytes && !memcmp(rows[i].name, name, bytes))
			return &rows[i];
	return NULL;
}

/* The fields of a row: those its flags name, then its own. Returns how many. */
static size_t book_fields(const struct book_row *row, struct json_field out[BOOK_FIELDS_MAX])
{
	size_t n = 0, i;

	for (i = 0; i < ARRAY_LEN(flag_fields); i++) {
		if (!(row->flags & flag_fields[i].flag))
			continue;
		memcpy(out + n, flag_fields[i].fields, flag_fields[i].count * sizeof(*out));
		n += flag_fields[i].count;
	}
	if (row->field_count)
		memcpy(out + n, row->fields, row->field_count * sizeof(*out));
	return n + row->field_count;
}

int book_check(const struct book_row *row, const json_t *body, size_t blobs, char **why)
{
	struct json_field fields[BOOK_FIELDS_MAX];
	size_t n = book_fields(row, fields);

	*why = NULL;
	if (blobs < row->blobs_min || blobs > row->blobs_max) {
		*why = mem_format("%s carries %zu to %zu sealed frames, not %zu.", row->name, row->blobs_min,
		                  row->blobs_max, blobs);
		return 1;
	}
	return json_check(body, fields, n, why);
}

static void book_doc_field(struct buf *out, const struct json_field *f, bool first)
{
	static const char *const kinds[] = { [JSON_TEXT] = "text", [JSON_INT] = "int",   [JSON_BOOL] = "bool",
		                             [JSON_HEX] = "hex",   [JSON_CODE] = "code", [JSON_TIME] = "time",
		                             [JSON_LIST] = "list", [JSON_OBJ] = "object" };

	buf_format(out, "%s`%s`%s %s", first ? "" : ", ", f->name, f->required ? "" : "?", kinds[f->kind]);
	if (f->kind == JSON_HEX || f->kind == JSON_LIST || f->kind == JSON_TEXT)
		buf_format(out, " ≤ %lld", (long long)f->max);
	if (f->kind == JSON_INT)
		buf_format(out, " %lld…%lld", (long long)f->min, (long long)f->max);
}

static void book_doc_row(struct buf *out, const struct book_row *row)
{
	struct json_field fields[BOOK_FIELDS_MAX];
	size_t n = book_fields(row, fields), i;

	buf_format(out, "| `%s` | %s%s%s | ", row->name, row->roles & BOOK_INTAKE ? "intake " : "",
	           row->roles & BOOK_WEB ? "web " : "", row->roles & BOOK_OPEN ? "open" : "");
	for (i = 0; i < n; i++)
		book_doc_field(out, &fields[i], i == 0);
	if (row->blobs_max)
		buf_format(out, " | %zu–%zu", row->blobs_min, row->blobs_max);
	else
		buf_text(out, " | 0");
	buf_format(out, " | %s |\n", row->summary);
}

char *book_doc(void)
{
	struct buf out = { 0 };
	size_t count, i;
	const struct book_row *rows = book_rows(&count);

	buf_text(&out, "| message | role | fields | blobs | what it does |\n|---|---|---|---|---|\n");
	for (i = 0; i < count; i++)
		book_doc_row(&out, &rows[i]);
	return out.data;
}
