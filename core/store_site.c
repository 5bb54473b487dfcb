/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sites and desks as rows: the configuration names them, the database numbers them, and a number never changes its
 * meaning. Also the few named values of meta.
 */
#include "store_impl.h"

#include "conf.h"

#include <string.h>

static const struct column site_columns[] = {
	COLUMN(site_row, OPTION, num), COLUMN(site_row, TEXT, id),      COLUMN(site_row, OPTION, parent),
	COLUMN(site_row, TEXT, name_zh), COLUMN(site_row, TEXT, name_en),
};
static const struct table site_table = TABLE(site_row, site_columns);

static const struct column desk_columns[] = {
	COLUMN(desk_row, OPTION, num),
	COLUMN(desk_row, TEXT, id),
	COLUMN(desk_row, INT, site),
	COLUMN(desk_row, TEXT, kind),
	COLUMN(desk_row, TEXT, name_zh),
	COLUMN(desk_row, TEXT, name_en),
	COLUMN(desk_row, BOOL, open),
	COLUMN(desk_row, INT, generation),
};
static const struct table desk_table = TABLE(desk_row, desk_columns);

static int site_sync(struct store *s, const struct conf_site *site)
{
	struct site_row row = { .id = site->id, .name_zh = site->name_zh, .name_en = site->name_en },
			parent = { .num = 0 };
	int rc = site->parent[0] ? store_site_find(s, site->parent, &parent) : 0;

	if (rc && rc != STORE_NONE)
		return rc;
	row.parent = parent.num;
	return sql_write(s, SQL_SITE_PUT, &site_table, &row);
}

static int desk_sync(struct store *s, const struct site_row *site, const struct conf_desk *desk)
{
	AUTO(mem_free) char *id = mem_format("%s.%s", site->id, desk->kind);
	struct desk_row row = { .id = id,
				.site = site->num,
				.kind = desk->kind,
				.name_zh = desk->name_zh,
				.name_en = desk->name_en,
				.open = desk->open,
				.generation = 1 };

	return sql_write(s, SQL_DESK_PUT, &desk_table, &row);
}

static int site_desks_sync(struct store *s, const struct conf *conf, const char *id)
{
	struct site_row site;
	int rc = store_site_find(s, id, &site);

	for (int i = 0; !rc && i < conf->desks; i++)
		rc = desk_sync(s, &site, &conf->desk[i]);
	return rc;
}

/* Twice over the sites: a child may stand before its parent. */
int store_desks_sync(struct store *s, const struct conf *conf)
{
	int rc = sql_do(s, SQL_DESK_CLOSE, NULL, 0);

	for (int round = 0; round < 2; round++)
		for (int i = 0; !rc && i < conf->sites; i++)
			rc = site_sync(s, &conf->site[i]);
	for (int i = 0; !rc && i < conf->sites; i++)
		rc = site_desks_sync(s, conf, conf->site[i].id);
	return rc;
}

int store_site_get(struct store *s, int64_t num, struct site_row *out)
{
	return sql_get(s, SQL_SITE_GET, SQL_ARGS(arg_int(num)), &site_table, out);
}

int store_site_find(struct store *s, const char *id, struct site_row *out)
{
	return sql_get(s, SQL_SITE_FIND, SQL_ARGS(arg_text(id)), &site_table, out);
}

int store_site_list(struct store *s, struct site_row **rows, size_t *n)
{
	return sql_list(s, SQL_SITE_LIST, NULL, 0, &site_table, rows, n);
}

int store_desk_get(struct store *s, int64_t num, struct desk_row *out)
{
	return sql_get(s, SQL_DESK_GET, SQL_ARGS(arg_int(num)), &desk_table, out);
}

int store_desk_find(struct store *s, const char *id, struct desk_row *out)
{
	return sql_get(s, SQL_DESK_FIND, SQL_ARGS(arg_text(id)), &desk_table, out);
}

int store_desk_find_kind(struct store *s, int64_t site, const char *kind, struct desk_row *out)
{
	return sql_get(s, SQL_DESK_FIND_KIND, SQL_ARGS(arg_int(site), arg_text(kind)), &desk_table, out);
}

int store_desk_list(struct store *s, struct desk_row **rows, size_t *n)
{
	return sql_list(s, SQL_DESK_LIST, NULL, 0, &desk_table, rows, n);
}

int store_desk_generation(struct store *s, int64_t num, int64_t generation)
{
	return sql_change(s, SQL_DESK_GENERATION, SQL_ARGS(arg_int(num), arg_int(generation)));
}

/* ---- meta ---- */

int store_meta_get(struct store *s, const char *name, const char **value)
{
	static const struct column column[] = { { SQL_TEXT, 0, sizeof(const char *), "" } };
	static const struct table text = { column, 1, sizeof(const char *) };

	return sql_get(s, SQL_META_GET, SQL_ARGS(arg_text(name)), &text, value);
}

int store_meta_set(struct store *s, const char *name, const char *value)
{
	return value ? sql_do(s, SQL_META_SET, SQL_ARGS(arg_text(name), arg_text(value)))
		     : sql_do(s, SQL_META_DELETE, SQL_ARGS(arg_text(name)));
}

int store_meta_int(struct store *s, const char *name, int64_t *value)
{
	return sql_number(s, SQL_META_GET, SQL_ARGS(arg_text(name)), value);
}

int store_meta_set_int(struct store *s, const char *name, int64_t value)
{
	return sql_do(s, SQL_META_SET, SQL_ARGS(arg_text(name), arg_int(value)));
}
