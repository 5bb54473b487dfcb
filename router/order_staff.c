/* SPDX-License-Identifier: Apache-2.0 */
/*
 * People: inviting somebody, letting somebody go; and hints (looking, typing), which are relayed and never stored. The inviter seals the
 * desks' keys to the new person: the router stores wraps it cannot make. The last holder of a desk's key cannot be removed.
 */
#include "work.h"

#include "seal.h"
#include <string.h>

static int staff_roles(const struct call *c, unsigned *roles)
{
	json_t *list = json_object_get(c->in, "roles"), *item;
	size_t i;

	*roles = 0;
	json_array_foreach(list, i, item) {
		unsigned bit = json_is_string(item) ? case_role_parse(json_string_value(item)) : 0;

		if (!bit || bit & (CASE_ROLE_CALLER | CASE_ROLE_SYSTEM | CASE_ROLE_NOBODY))
			return 1;
		*roles |= bit;
	}
	return 0;
}

/* Membership and the wrap of each desk's current key. blobs: secret, then one wrap a desk in the order of "desks". */
static int staff_desks_add(struct call *c, int64_t staff)
{
	json_t *list = json_object_get(c->in, "desks"), *item;
	size_t i;

	json_array_foreach(list, i, item) {
		struct store_blob wrap = call_blob(c, 1 + i);
		struct seal_wrap_head head;
		struct desk_key_row key;
		struct desk_row desk;
		int r;

		if (!json_is_string(item) || store_desk_find(c->store, json_string_value(item), &desk))
			return call_refuse(c, 400, "no_desk", "This house has no such desk.");
		if (seal_wrap_head(wrap.data, wrap.bytes, &head) || head.cargo != SEAL_CARGO_SECRET)
			return call_refuse(c, 400, "bad_wrap", "Each desk comes with its key, sealed to the person.");
		key = (struct desk_key_row){ .kind = "desk", .num = desk.num, .generation = desk.generation, .holder = staff,
			                     .epoch = head.epoch, .wrap = wrap };
		r = store_staff_desk_set(c->store, staff, desk.num, true);
		if (!r)
			r = store_desk_key_put(c->store, &key);
		if (r)
			return r;
	}
	return 0;
}

static int staff_add(struct call *c)
{
	uint8_t salt[16], auth[32], stored[32], public[32], mac[16];
	struct staff_row row = { .user = json_text(c->in, "user"), .name = json_text(c->in, "name"), .site = c->who.site,
		                 .state = "invited", .presence = "off", .capacity = -1, .must_change = true,
		                 .kdf_bytes = json_int(c->in, "kdf_bytes", 0), .kdf_passes = json_int(c->in, "kdf_passes", 0) };
	int r;

	if (!(c->who.roles & (CASE_ROLE_ADMIN | CASE_ROLE_SUPERVISOR)))
		return call_refuse(c, 403, "not_allowed", "Admins and supervisors invite people.");
	if (staff_roles(c, &row.roles) || (row.roles & CASE_ROLE_ADMIN && !(c->who.roles & CASE_ROLE_ADMIN)))
		return call_refuse(c, 400, "bad_role", "Roles are counselor, lead, supervisor, admin, auditor; only an admin makes admins.");
	json_hex(c->in, "salt", salt, sizeof(salt));
	json_hex(c->in, "new_auth", auth, sizeof(auth));
	json_hex(c->in, "public", public, sizeof(public));
	json_hex(c->in, "mac", mac, sizeof(mac));
	seal_auth_hash(auth, stored);
	row.salt = (struct store_blob){ salt, sizeof(salt) };
	row.auth = (struct store_blob){ stored, sizeof(stored) };
	row.public = (struct store_blob){ public, sizeof(public) };
	row.mac = (struct store_blob){ mac, sizeof(mac) };
	row.secret = call_blob(c, 0);
	r = store_staff_add(c->store, &row);
	if (r == STORE_EXISTS)
		return call_refuse(c, 409, "user_taken", "Somebody has this user name already.");
	if (!r)
		r = staff_desks_add(c, row.id);
	if (!r)
		r = store_audit_add(c->store, c->who.id, "staff_added", 0, row.user);
	if (r) /* a refusal has its status */
		return r;
	c->status = 201;
	c->out = json_pack("{s:I}", "id", (json_int_t)row.id);
	return 0;
}

/* 1 when no other active member would hold that desk's key. */
static int last_holder(struct call *c, int64_t staff, int64_t desk, bool *last)
{
	struct desk_key_row *keys;
	struct staff_row who;
	size_t n, i;
	int r = store_desk_key_list(c->store, "desk", desk, &keys, &n);

	*last = true;
	for (i = 0; !r && i < n && *last; i++) {
		if (!keys[i].holder || keys[i].holder == staff)
			continue;
		r = store_staff_get(c->store, keys[i].holder, &who);
		*last = r || strcmp(who.state, "active");
	}
	return r < 0 ? r : 0;
}

static int staff_may_go(struct call *c, int64_t staff)
{
	int64_t *desks;
	size_t n, i;
	bool last = false;
	int r = store_staff_desks(c->store, staff, &desks, &n);

	for (i = 0; !r && i < n && !last; i++)
		r = last_holder(c, staff, desks[i], &last);
	if (!r && last)
		return call_refuse(c, 409, "desk_unreadable", "The desk would become unreadable: nobody else holds its key.");
	return r;
}

static int staff_state(struct call *c)
{
	const char *state = json_text(c->in, "state");
	struct event_row event = { .kind = "staff", .detail = state };
	struct staff_row row;
	int r;

	if (!(c->who.roles & CASE_ROLE_ADMIN))
		return call_refuse(c, 403, "not_allowed", "Admins change who works here.");
	r = store_staff_get(c->store, json_int(c->in, "id", 0), &row);
	if (r > 0)
		return call_refuse(c, 404, "not_found", "There is no such person.");
	if (!r && strcmp(state, "active"))
		r = staff_may_go(c, row.id);
	if (r)
		return r;
	row.state = state;
	row.presence = "off";
	r = store_staff_save(c->store, &row);
	if (!r && strcmp(state, "active"))
		r = store_session_end_staff(c->store, row.id, 0);
	if (!r && !strcmp(state, "left"))
		r = store_desk_key_drop(c->store, row.id);
	if (!r)
		r = store_audit_add(c->store, c->who.id, "staff_state", 0, state);
	event.staff = row.id;
	return r ? r : store_event_add(c->store, &event);
}

const struct verb verbs_staff[] = {
	{ "order.staff_add", staff_add, false },
	{ "order.staff_state", staff_state, false },
	{ 0 },
};

static void hint_send(struct call *c, const char *kind)
{
	AUTO(mem_free) char *body = NULL;
	struct msg m = { 0 };
	json_t *json;

	if (c->op.result || c->status >= 400)
		return;
	json = json_pack("{s:s, s:s, s:I, s:s}", "kind", kind, "ticket", json_text(c->in, "ticket"), "staff", (json_int_t)c->who.id, "name",
	                 c->who.name);
	body = json_write(json);
	json_release(&json);
	msg_add_text(&m, "hint");
	msg_add_text(&m, body);
	if (sock_send(c->router->hints, &m))
		msg_clear(&m);
}

static void looking_sent(struct call *c)
{
	hint_send(c, "looking");
}

static void typing_sent(struct call *c)
{
	hint_send(c, "typing");
}

static int hint_looking(struct call *c)
{
	struct work w;

	c->after = looking_sent;
	return work_load(c, &w);
}

static int hint_typing(struct call *c)
{
	struct work w;
	int r = work_load(c, &w);

	c->after = typing_sent;
	if (!r)
		call_hint(c, w.row.uid);
	return r;
}

const struct verb verbs_hint[] = {
	{ "hint.looking", hint_looking, true },
	{ "hint.typing", hint_typing, true },
	{ 0 },
};
