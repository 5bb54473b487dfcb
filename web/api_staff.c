/* SPDX-License-Identifier: Apache-2.0 */
/*
 * People: who works here and how much each has; inviting somebody, with a one-time code shown once; enabling,
 * disabling, letting go. The inviter's own desk keys are sealed to the new person here: the router stores wraps it
 * cannot make, and nobody hands on a key they do not hold.
 */
#include "api.h"

#include "mem.h"
#include "order.h"
#include <stdio.h>
#include <string.h>

static json_t *roles_json(unsigned roles)
{
	json_t *list = json_array();
	unsigned bit;

	for (bit = 1; bit <= CASE_ROLE_AUDITOR; bit <<= 1)
		if (roles & bit)
			json_array_append_new(list, json_string(case_role_text(bit)));
	return list;
}

static json_t *desks_json(struct web *web, int64_t staff)
{
	json_t *list = json_array();
	struct desk_row desk;
	int64_t *desks;
	size_t n, i;

	if (store_staff_desks(web->store, staff, &desks, &n))
		return list;
	for (i = 0; i < n; i++)
		if (!store_desk_get(web->store, desks[i], &desk))
			json_array_append_new(list, json_string(desk.id));
	return list;
}

static json_t *person_json(struct web *web, const struct staff_row *row)
{
	int64_t cases = 0, load = 0;
	json_t *out;

	if (store_staff_load(web->store, row->id, &cases, &load))
		cases = load = 0;
	out = json_pack("{s:I, s:s, s:s, s:o, s:o, s:s, s:s, s:I, s:I, s:o}", "id", (json_int_t)row->id, "user",
	                row->user, "name", row->name, "roles", roles_json(row->roles), "desks",
	                desks_json(web, row->id), "presence", row->presence, "state", row->state, "open_cases",
	                (json_int_t)cases, "load", (json_int_t)load, "capacity",
	                row->capacity < 0 ? json_null() : json_integer(row->capacity));
	json_set_time(out, "seen_at", row->seen_at);
	return out;
}

void api_staff(struct http_req *req)
{
	struct who *who = session_who(req);
	json_t *list = json_array();
	struct staff_row *rows;
	size_t n, i;

	if (store_staff_list(who->web->store, &rows, &n)) {
		json_release(&list);
		api_fault(req);
		return;
	}
	for (i = 0; i < n; i++)
		if (rows[i].site == who->site)
			json_array_append_new(list, person_json(who->web, &rows[i]));
	http_reply_json(req, 200, json_pack("{s:o}", "items", list));
}

/* ---- inviting -------------------------------------------------------------------------------- */

static const struct json_field invite_fields[] = {
	{ "user", JSON_TEXT, true, 2, 32, NULL },
	{ "name", JSON_TEXT, true, 1, 32, NULL },
	{ "roles", JSON_LIST, true, 1, 5, NULL },
	{ "desks", JSON_LIST, false, 0, 11, NULL },
};

struct invitation {
	struct http_req *req;
	struct web *web;
	json_t *in; /* the request's own */
	struct seal_cost cost;
	uint8_t salt[SEAL_UID_BYTES];
	char code[SEAL_CODE_TEXT_BYTES]; /* in groups, as it is read aloud and typed */
	struct seal_halves halves;
	struct seal_pair pair;
	int failed;
};

static void invitation_free(struct invitation **invitation)
{
	seal_wipe(*invitation, sizeof(**invitation));
	mem_free(invitation);
}

static void invitation_derive(void *ctx)
{
	struct invitation *v = ctx;

	v->failed = seal_password(v->code, strlen(v->code), v->salt, v->web->keys->password, v->cost, &v->halves);
}

/* The inviter's key of one desk, sealed to the new person. 0; > 0: the inviter does not hold it. */
static int desk_wrap(const struct invitation *v, const struct desk_row *desk, const struct seal_target *person,
                     struct msg *blobs)
{
	struct who *who = session_who(v->req);
	uint8_t uid[SEAL_UID_BYTES], wrap[SEAL_WRAP_KEY_BYTES];
	char name[SEAL_NAME_BYTES];
	struct seal_opener *opener;
	int r;

	snprintf(name, sizeof(name), "desk:%s", desk->id);
	opener = who_opener(who, name, (uint32_t)desk->generation);
	if (!opener)
		return 1;
	seal_uid_of(name, (uint32_t)desk->generation, uid);
	r = seal_wrap_write(v->web->epoch, person, uid, SEAL_CARGO_SECRET, seal_opener_secret(opener), wrap);
	seal_opener_free(&opener);
	if (!r)
		msg_add(blobs, wrap, sizeof(wrap));
	return r;
}

/* Secret, then a wrap for each desk; names the desks in body. False after it has answered. */
static bool invitation_seal(const struct invitation *v, json_t *body, struct msg *blobs)
{
	json_t *desks = json_object_get(v->in, "desks"), *ids = json_array(), *generation = json_object(), *desk_id;
	uint8_t box[SEAL_PERSON_BOX_BYTES], mac[SEAL_MAC_BYTES];
	struct seal_target person = { .generation = 1 };
	size_t i;

	json_object_set_new(body, "desks", ids);
	json_object_set_new(body, "generation", generation);
	person_name(json_text(v->in, "user"), person.name);
	memcpy(person.public, v->pair.public, sizeof(person.public));
	seal_person_box_write(&v->halves, "password", person.name, v->pair.secret, box);
	seal_person_mac(v->web->keys->person, person.name, 1, v->pair.public, mac);
	json_set_hex(body, "mac", mac, sizeof(mac));
	msg_add(blobs, box, sizeof(box));
	json_array_foreach(desks, i, desk_id) {
		struct desk_row desk;

		if (!json_is_string(desk_id) ||
		    api_desk(v->web, session_who(v->req)->site, json_string_value(desk_id), &desk)) {
			api_refuse(v->req, "no_desk", "\"desks\" names desks of this house.");
			return false;
		}
		if (desk_wrap(v, &desk, &person, blobs)) {
			http_error(v->req, 409, "no_key",
			           "You do not hold the key of this desk; one of its supervisors invites.");
			return false;
		}
		json_array_append_new(ids, json_string(desk.id));
		json_object_set_new(generation, desk.id, json_integer(desk.generation));
	}
	return true;
}

/* The code is shown in this answer and never again. */
static void invited(struct http_req *req, const struct bus_answer *answer, void *ctx)
{
	const char *code = ctx;

	if (!order_refused(req, answer))
		http_reply_json(req, 201,
		                json_pack("{s:I, s:s, s:s}", "id", (json_int_t)json_int(answer->body, "id", 0), "user",
		                          json_text(http_json(req), "user"), "code", code));
}

static void invitation_send(void *ctx)
{
	struct invitation *v = ctx;
	struct msg blobs = { 0 };
	uint8_t key[32];
	json_t *body;

	if (v->failed || !v->web->epoch) {
		http_error(v->req, 503, "busy", "Nobody can be invited just now; try again in a moment.");
		invitation_free(&v);
		return;
	}
	body = json_pack("{s:O, s:O, s:O, s:I, s:I, s:i}", "user", json_object_get(v->in, "user"), "name",
	                 json_object_get(v->in, "name"), "roles", json_object_get(v->in, "roles"), "epoch",
	                 (json_int_t)seal_epoch_row(v->web->epoch)->number, "kdf_bytes", (json_int_t)v->cost.bytes,
	                 "kdf_passes", v->cost.passes);
	json_set_hex(body, "public", v->pair.public, sizeof(v->pair.public));
	json_set_hex(body, "salt", v->salt, sizeof(v->salt));
	json_set_hex(body, "new_auth", v->halves.auth, sizeof(v->halves.auth));
	seal_random(key,
	            sizeof(key)); /* a retry would be another person: the user name keeps it from happening twice */
	json_set_hex(body, "key", key, sizeof(key));
	if (invitation_seal(v, body, &blobs)) {
		order_send(v->req, "order.staff_add", body, &blobs, invited, mem_text(v->code));
	} else {
		json_release(&body);
		msg_clear(&blobs);
	}
	invitation_free(&v);
}

static bool user_plain(const char *user)
{
	return strspn(user, "abcdefghijklmnopqrstuvwxyz0123456789._-") == strlen(user);
}

void api_staff_add(struct http_req *req)
{
	struct web *web = web_of(req);
	json_t *in = api_body(req, invite_fields, ARRAY_LEN(invite_fields));
	char code[SEAL_CODE_BYTES];
	struct invitation *v;

	if (!in)
		return;
	if (!user_plain(json_text(in, "user"))) {
		api_refuse(req, "bad_request", "\"user\" is a plain name: a-z, 0-9, dot, dash, underscore.");
		return;
	}
	v = mem_new(sizeof(*v));
	*v = (struct invitation){ .req = req, .web = web, .in = in,
		                  .cost = { (size_t)web->conf->kdf_password_bytes, web->conf->kdf_password_passes } };
	seal_random(v->salt, sizeof(v->salt));
	seal_pair_new(&v->pair);
	seal_code_new(code);
	seal_code_text(code, v->code);
	seal_wipe(code, sizeof(code));
	if (pool_run(web->kdf, invitation_derive, invitation_send, v)) {
		http_error(req, 503, "busy", "Many people sign in at once; try again in a moment.");
		invitation_free(&v);
	}
}

/* ---- coming and going ------------------------------------------------------------------------ */

static const char *const states[] = { "active", "disabled", "left", NULL };
static const struct json_field state_fields[] = { { "state", JSON_CODE, true, 0, 0, states } };

void api_staff_state(struct http_req *req)
{
	json_t *in = api_body(req, state_fields, ARRAY_LEN(state_fields));
	int64_t id = api_number(req, "id");

	if (!in)
		return;
	if (id < 1)
		http_error(req, 404, "not_found", "There is no such person.");
	else
		order_send(req, "order.staff_state",
		           json_pack("{s:I, s:O}", "id", (json_int_t)id, "state", json_object_get(in, "state")), NULL,
		           api_done, NULL);
}
