/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The person signed in: who they are, a new password, presence. A new password re-seals the same key: what others
 * sealed to this person stays readable.
 */
#include "me.h"

#include "casefile.h"
#include "mem.h"
#include "order.h"
#include <string.h>

static json_t *desks_json(struct web *web, const int64_t *desks, size_t n)
{
	json_t *list = json_array();
	struct desk_row desk;
	size_t i;

	for (i = 0; i < n; i++)
		if (!store_desk_get(web->store, desks[i], &desk))
			json_array_append_new(list,
			                      json_pack("{s:s, s:s, s:{s:s, s:s}}", "id", desk.id, "kind", desk.kind,
			                                "name", "zh-CN", desk.name_zh, "en", desk.name_en));
	return list;
}

static json_t *roles_json(unsigned roles)
{
	json_t *list = json_array();
	unsigned bit;

	for (bit = 1; bit <= CASE_ROLE_AUDITOR; bit <<= 1)
		if (roles & bit)
			json_array_append_new(list, json_string(case_role_text(bit)));
	return list;
}

/* Pending moves between desks that this person could carry out. */
static json_int_t moves_pending(struct web *web, const int64_t *desks, size_t n)
{
	struct move_row *moves;
	json_int_t count = 0;
	size_t moves_n, i, k;

	if (store_move_list(web->store, &moves, &moves_n))
		return 0;
	for (i = 0; i < moves_n; i++) {
		struct case_row row;

		if (store_case_get(web->store, moves[i].case_id, &row))
			continue;
		for (k = 0; k < n; k++)
			count += desks[k] == row.desk;
	}
	return count;
}

json_t *me_json_of(struct web *web, const char *user, const struct seal_session *token)
{
	struct staff_row staff;
	struct site_row site;
	int64_t *desks;
	size_t n;

	if (store_staff_find(web->store, user, &staff) || store_staff_desks(web->store, staff.id, &desks, &n) ||
	    store_site_get(web->store, staff.site, &site))
		return json_object();
	return json_pack("{s:I, s:s, s:s, s:o, s:o, s:s, s:s, s:o, s:b, s:s, s:s, s:I}", "id", (json_int_t)staff.id,
	                 "user", staff.user, "name", staff.name, "roles", roles_json(staff.roles), "desks",
	                 desks_json(web, desks, n), "site", site.id, "presence", staff.presence, "capacity",
	                 staff.capacity < 0 ? json_null() : json_integer(staff.capacity), "must_change",
	                 staff.must_change, "lang", staff.lang, "csrf", token->csrf, "moves_pending",
	                 moves_pending(web, desks, n));
}

void me_get(struct http_req *req)
{
	struct who *who = session_who(req);

	http_reply_json(req, 200, me_json_of(who->web, who->user, &who->token));
}

static void presence_done(struct http_req *req, const struct bus_answer *answer, void *ctx UNUSED)
{
	if (!order_refused(req, answer))
		me_get(req);
}

void me_presence(struct http_req *req)
{
	json_t *in = http_json(req);

	if (in)
		order_send(req, "order.presence", json_deep_copy(in), NULL, presence_done, NULL);
}

/* ---- a new password -------------------------------------------------------------------------- */

struct change {
	struct http_req *req;
	struct web *web;
	char *old, *fresh;
	uint8_t old_salt[SEAL_UID_BYTES], salt[SEAL_UID_BYTES];
	struct seal_cost old_cost, cost;
	int derived;
	struct seal_halves old_halves, halves;
};

static void secret_free(char **text)
{
	if (*text)
		seal_wipe(*text, strlen(*text));
	mem_free(text);
}

static void change_free(struct change **c)
{
	secret_free(&(*c)->old);
	secret_free(&(*c)->fresh);
	seal_wipe(*c, sizeof(**c));
	mem_free(c);
}

static void change_derive(void *ctx)
{
	struct change *c = ctx;

	c->derived =
		seal_password(c->old, strlen(c->old), c->old_salt, c->web->keys->password, c->old_cost, &c->old_halves);
	if (!c->derived)
		c->derived =
			seal_password(c->fresh, strlen(c->fresh), c->salt, c->web->keys->password, c->cost, &c->halves);
}

static void changed(struct http_req *req, const struct bus_answer *answer, void *ctx UNUSED)
{
	if (!order_refused(req, answer))
		me_get(req);
}

static void change_derived(void *ctx)
{
	struct change *c = ctx;
	struct who *who = session_who(c->req);
	const struct who_keys *keys = who_open_keys(who);
	uint8_t box[SEAL_PERSON_BOX_BYTES];
	char person[SEAL_NAME_BYTES];
	struct msg blobs = { 0 };
	json_t *body;

	if (c->derived || !keys) {
		http_error(c->req, 503, "busy", "The password cannot be changed just now; try again in a moment.");
		change_free(&c);
		return;
	}
	person_name(who->user, person);
	seal_person_box_write(&c->halves, "password", person, keys->person, box);
	msg_add(&blobs, box, sizeof(box));
	body = json_pack("{s:I, s:i}", "kdf_bytes", (json_int_t)c->cost.bytes, "kdf_passes", c->cost.passes);
	json_set_hex(body, "auth", c->old_halves.auth, sizeof(c->old_halves.auth));
	json_set_hex(body, "salt", c->salt, sizeof(c->salt));
	json_set_hex(body, "new_auth", c->halves.auth, sizeof(c->halves.auth));
	order_send(c->req, "order.password", body, &blobs, changed, NULL);
	change_free(&c);
}

enum { PASSWORD_MIN = 10 };
static const struct json_field change_fields[] = {
	{ "old", JSON_TEXT, true, 1, SEAL_SECRET_TEXT_MAX, NULL },
	{ "new", JSON_TEXT, true, PASSWORD_MIN, SEAL_SECRET_TEXT_MAX, NULL },
};

void me_password(struct http_req *req)
{
	AUTO(mem_free) char *why = NULL;
	struct who *who = session_who(req);
	const struct conf *conf = who->web->conf;
	json_t *in = http_json(req);
	struct staff_row staff;
	struct change *c;

	if (!in)
		return;
	if (json_check(in, change_fields, ARRAY_LEN(change_fields), &why) ||
	    strlen(json_text(in, "new")) > SEAL_SECRET_TEXT_MAX ||
	    !strcmp(json_text(in, "old"), json_text(in, "new"))) {
		http_error(req, 400, "bad_password",
		           why ? why : "Choose another password, of at least ten characters.");
		return;
	}
	if (store_staff_get(who->web->store, who->id, &staff) || staff.salt.bytes != sizeof(c->old_salt)) {
		http_error(req, 503, "busy", "The password cannot be changed just now; try again in a moment.");
		return;
	}
	c = mem_new(sizeof(*c));
	*c = (struct change){ .req = req,
		              .web = who->web,
		              .old = mem_text(json_text(in, "old")),
		              .fresh = mem_text(json_text(in, "new")),
		              .old_cost = { (size_t)staff.kdf_bytes, (int)staff.kdf_passes },
		              .cost = { (size_t)conf->kdf_password_bytes, conf->kdf_password_passes } };
	memcpy(c->old_salt, staff.salt.data, sizeof(c->old_salt));
	seal_random(c->salt, sizeof(c->salt));
	if (pool_run(who->web->kdf, change_derive, change_derived, c)) {
		http_error(req, 503, "busy", "Many people sign in at once; try again in a moment.");
		change_free(&c);
	}
}
