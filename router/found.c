/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The first rows: what `web --found` left in DATA/db/found.json — its epoch, the first persons, the desks' keys sealed to them. Imported
 * once, into a store without staff; the file goes when the rows are committed. Knows no secret: all of it is sealed or public.
 */
#include "call.h"

#include "json.h"
#include "log.h"
#include "mem.h"
#include "text.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { FILE_MAX = 1 << 20 };

static const struct json_field epoch_fields[] = {
	{ "sealer", JSON_TEXT, true, 1, 15, NULL },   { "number", JSON_INT, true, 1, INT64_MAX, NULL },
	{ "public", JSON_HEX, true, 32, 32, NULL },   { "signature", JSON_HEX, true, 64, 64, NULL },
	{ "made_at", JSON_INT, true, 1, INT64_MAX, NULL },
};
static const char *const states[] = { "invited", "active", NULL };
static const struct json_field staff_fields[] = {
	{ "user", JSON_TEXT, true, 2, 32, NULL },     { "name", JSON_TEXT, true, 1, 32, NULL },
	{ "site", JSON_TEXT, true, 1, 15, NULL },     { "roles", JSON_LIST, true, 1, 5, NULL },
	{ "desks", JSON_LIST, true, 0, 64, NULL },    { "state", JSON_CODE, true, 0, 0, states },
	{ "salt", JSON_HEX, true, 16, 16, NULL },     { "auth", JSON_HEX, true, 32, 32, NULL },
	{ "kdf_bytes", JSON_INT, true, 8192, 1 << 30, NULL }, { "kdf_passes", JSON_INT, true, 1, 16, NULL },
	{ "public", JSON_HEX, true, 32, 32, NULL },   { "secret", JSON_HEX, true, 1, 256, NULL },
	{ "mac", JSON_HEX, true, 16, 16, NULL },      { "must_change", JSON_BOOL, true, 0, 0, NULL },
};
static const char *const key_kinds[] = { "desk", "oversight", NULL };
static const struct json_field key_fields[] = {
	{ "kind", JSON_CODE, true, 0, 0, key_kinds }, { "of", JSON_TEXT, true, 1, 32, NULL },
	{ "generation", JSON_INT, true, 1, INT32_MAX, NULL }, { "holder", JSON_TEXT, false, 0, 32, NULL },
	{ "epoch", JSON_INT, true, 1, INT64_MAX, NULL }, { "wrap", JSON_TEXT, true, 2, 1024, NULL },
};

static int refuse(struct call *c, const char *what, const char *why)
{
	return call_refuse(c, 400, "bad_found", "found.json: %s: %s", what, why ? why : "it does not fit this house");
}

static int import_epoch(struct call *c, const json_t *epoch)
{
	uint8_t public[32], signature[64];
	struct epoch_row row = { .number = json_int(epoch, "number", 0), .sealer = json_text(epoch, "sealer"),
		                 .public = { public, 32 }, .signature = { signature, 64 }, .made_at = json_int(epoch, "made_at", 0) };
	AUTO(mem_free) char *why = NULL;

	if (json_check(epoch, epoch_fields, ARRAY_LEN(epoch_fields), &why))
		return refuse(c, "epoch", why);
	json_hex(epoch, "public", public, sizeof(public));
	json_hex(epoch, "signature", signature, sizeof(signature));
	return store_epoch_put(c->store, &row);
}

static int import_desks(struct call *c, int64_t staff, const json_t *desks)
{
	json_t *id;
	size_t i;

	json_array_foreach(desks, i, id) {
		struct desk_row desk;
		int r = json_is_string(id) ? store_desk_find(c->store, json_string_value(id), &desk) : 1;

		if (r > 0)
			return refuse(c, "desks of a person", NULL);
		if (!r)
			r = store_staff_desk_set(c->store, staff, desk.num, true);
		if (r)
			return r;
	}
	return 0;
}

static int import_person(struct call *c, const json_t *p)
{
	uint8_t salt[16], auth[32], public[32], secret[256], mac[16];
	struct staff_row row = { .user = json_text(p, "user"), .name = json_text(p, "name"), .state = json_text(p, "state"),
		                 .presence = "off", .capacity = -1 };
	AUTO(mem_free) char *why = NULL;
	json_t *role;
	struct site_row site;
	size_t i, n;
	int r;

	if (json_check(p, staff_fields, ARRAY_LEN(staff_fields), &why) || store_site_find(c->store, json_text(p, "site"), &site))
		return refuse(c, "a person", why);
	json_array_foreach(json_object_get(p, "roles"), i, role)
		row.roles |= json_is_string(role) ? case_role_parse(json_string_value(role)) : 0;
	json_hex(p, "salt", salt, sizeof(salt));
	json_hex(p, "auth", auth, sizeof(auth));
	json_hex(p, "public", public, sizeof(public));
	json_hex(p, "mac", mac, sizeof(mac));
	n = hex_read(json_text(p, "secret"), secret, sizeof(secret));
	row.site = site.num;
	row.salt = (struct store_blob){ salt, sizeof(salt) };
	row.auth = (struct store_blob){ auth, sizeof(auth) };
	row.public = (struct store_blob){ public, sizeof(public) };
	row.mac = (struct store_blob){ mac, sizeof(mac) };
	row.secret = (struct store_blob){ secret, n };
	row.kdf_bytes = json_int(p, "kdf_bytes", 0);
	row.kdf_passes = json_int(p, "kdf_passes", 0);
	row.must_change = json_bool(p, "must_change", false);
	r = store_staff_add(c->store, &row);
	return r ? r : import_desks(c, row.id, json_object_get(p, "desks"));
}

static int import_key(struct call *c, const json_t *k)
{
	AUTO(mem_free) char *why = NULL;
	const char *holder = json_text(k, "holder");
	uint8_t wrap[512];
	struct desk_key_row row = { .kind = json_text(k, "kind"), .generation = json_int(k, "generation", 1),
		                    .epoch = json_int(k, "epoch", 0) };
	struct staff_row who;
	struct desk_row desk;
	struct site_row site;

	if (json_check(k, key_fields, ARRAY_LEN(key_fields), &why))
		return refuse(c, "a key", why);
	if (holder && *holder) {
		if (store_staff_find(c->store, holder, &who))
			return refuse(c, "the holder of a key", NULL);
		row.holder = who.id;
	}
	if (!strcmp(row.kind, "desk") ? store_desk_find(c->store, json_text(k, "of"), &desk)
	                              : store_site_find(c->store, json_text(k, "of"), &site))
		return refuse(c, "what a key is of", NULL);
	row.num = !strcmp(row.kind, "desk") ? desk.num : site.num;
	row.wrap = (struct store_blob){ wrap, hex_read(json_text(k, "wrap"), wrap, sizeof(wrap)) };
	if (!row.wrap.bytes)
		return refuse(c, "a key's wrap", "not hex");
	return store_desk_key_put(c->store, &row);
}

static int import_list(struct call *c, const char *name, int (*one)(struct call *, const json_t *))
{
	json_t *item;
	size_t i;

	json_array_foreach(json_object_get(c->in, name), i, item) {
		int r = one(c, item);

		if (r)
			return r;
	}
	return 0;
}

static int import_run(struct call *c)
{
	struct staff_row *staff;
	size_t n;
	int r = store_staff_list(c->store, &staff, &n);

	if (!r && n)
		return refuse(c, "this house", "it has people already");
	if (!r)
		r = import_epoch(c, json_object_get(c->in, "epoch"));
	if (!r)
		r = import_list(c, "staff", import_person);
	if (!r)
		r = import_list(c, "keys", import_key);
	return r ? r : store_audit_add(c->store, 0, "founded", 0, "");
}

static json_t *file_json(const char *path)
{
	struct buf text = { 0 };
	char piece[4096];
	json_t *json = NULL;
	FILE *f = fopen(path, "re");
	size_t n;

	if (!f)
		return NULL;
	while (text.bytes < FILE_MAX && (n = fread(piece, 1, sizeof(piece), f)) > 0)
		buf_add(&text, piece, n);
	fclose(f);
	if (!text.data || json_read(text.data, text.bytes, &json))
		json = json_object();
	buf_finish(&text);
	return json;
}

int found_import(struct router *r, char **why)
{
	AUTO(mem_free) char *path = conf_db(r->conf, "found.json");
	json_t *json = file_json(path);
	struct store_op *ops[1];
	struct call *c;
	int bad;

	if (!json)
		return 0;
	c = call_new(r, ROLE_WORKER, NULL, import_run);
	c->in = json;
	ops[0] = &c->op;
	bad = store_apply(r->store, ops, 1) || c->op.result;
	if (bad)
		*why = mem_text(c->out && json_text(c->out, "detail") ? json_text(c->out, "detail") :
		                                                         "The first persons could not be written to the store.");
	else if (unlink(path))
		log_warn("found_left", "file=found.json");
	call_free(&c);
	return bad ? -1 : 0;
}
