/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signing in and out. The router gives salt and cost, a pool thread derives the halves (equal work for unknown users),
 * the router compares the auth half and counts failures, the wrap half opens the person's key, TOTP follows, and the
 * session's keyring is sealed under its token.
 */
#include "login.h"

#include "me.h"
#include "mem.h"
#include "order.h"
#include "totp.h"
#include <string.h>

struct login {
	struct http_req *req;
	struct web *web;
	char user[65], code[12];
	char *password;
	size_t password_bytes;
	uint8_t salt[SEAL_UID_BYTES];
	struct seal_cost cost;
	int derived;               /* seal_password's outcome */
	struct seal_halves halves;
	struct seal_session token;
	uint8_t person[SEAL_KEY_BYTES];
	int64_t totp_step;
};

static void login_free(struct login **l)
{
	if (!*l)
		return;
	if ((*l)->password)
		seal_wipe((*l)->password, (*l)->password_bytes);
	mem_free(&(*l)->password);
	seal_wipe(*l, sizeof(**l));
	mem_free(l);
}

static void login_fail(struct login *l, int status, const char *code, const char *detail)
{
	http_error(l->req, status, code, detail);
	login_free(&l);
}

static void login_wrong(struct login *l)
{
	login_fail(l, 401, "wrong_password", "User and password do not fit.");
}

static void login_done(const struct bus_answer *answer, void *ctx)
{
	struct login *l = ctx;

	if (answer->status == 403) {
		login_wrong(l);
		return;
	}
	if (!order_refused(l->req, answer)) {
		session_cookie(l->req, l->token.token);
		http_reply_json(l->req, 201, json_pack("{s:s, s:o}", "csrf", l->token.csrf, "me",
		                                       me_json_of(l->web, l->user, &l->token)));
	}
	login_free(&l);
}

static void login_session(struct login *l)
{
	struct who_keys *keys = seal_locked_new(sizeof(*keys));
	uint8_t sealed[SESSION_KEYS_MAX], hash[32];
	struct staff_row staff;
	struct msg blobs = { 0 };
	json_t *body;
	int r = store_staff_find(l->web->store, l->user, &staff);

	if (!r)
		r = session_keys_gather(l->web, staff.id, l->user, l->person, keys);
	if (r) {
		seal_locked_free(&keys);
		login_fail(l, 503, "keys_unreadable", "Your keys could not be read just now; try again.");
		return;
	}
	seal_session_new(l->web->keys->session, &l->token);
	seal_auth_hash(l->token.sid, hash);
	msg_add(&blobs, sealed, session_keys_seal(&l->token, keys, sealed));
	seal_locked_free(&keys);
	body = json_pack("{s:s, s:I}", "user", l->user, "totp_step", (json_int_t)l->totp_step);
	json_set_hex(body, "auth", l->halves.auth, sizeof(l->halves.auth));
	json_set_hex(body, "new_session_hash", hash, sizeof(hash));
	bus_call(l->web->bus, "order.session", body, &blobs, ORDER_DEADLINE_MS, login_done, l);
}

/* The password fits: open the person's key, then ask for the second factor where there is one. */
static void login_checked(const struct bus_answer *answer, void *ctx)
{
	struct login *l = ctx;
	char person[SEAL_NAME_BYTES];
	struct staff_row staff;

	if (answer->status == 403) {
		login_wrong(l);
		return;
	}
	if (order_refused(l->req, answer)) {
		login_free(&l);
		return;
	}
	person_name(l->user, person);
	if (store_staff_find(l->web->store, l->user, &staff) ||
	    seal_person_box_read(&l->halves, "password", person, staff.secret.data, staff.secret.bytes, l->person)) {
		login_fail(l, 503, "keys_unreadable", "Your key could not be opened; ask an administrator.");
		return;
	}
	if (staff.totp.bytes && !*l->code) {
		login_fail(l, 401, "totp_required", "Enter the code of your authenticator as well.");
		return;
	}
	if (staff.totp.bytes && totp_check(&staff, l->person, l->code, &l->totp_step)) {
		login_wrong(l);
		return;
	}
	login_session(l);
}

static void login_derive(void *ctx)
{
	struct login *l = ctx;

	l->derived =
		seal_password(l->password, l->password_bytes, l->salt, l->web->keys->password, l->cost, &l->halves);
}

static void login_derived(void *ctx)
{
	struct login *l = ctx;
	json_t *body;

	if (http_gone(l->req) || l->derived) {
		if (l->derived > 0)
			login_wrong(l);
		else
			login_fail(l, 503, "busy", "Signing in is not possible just now; try again in a moment.");
		return;
	}
	body = json_pack("{s:s}", "user", l->user);
	json_set_hex(body, "auth", l->halves.auth, sizeof(l->halves.auth));
	bus_call(l->web->bus, "order.sign_in", body, NULL, ORDER_DEADLINE_MS, login_checked, l);
}

static void login_salted(const struct bus_answer *answer, void *ctx)
{
	struct login *l = ctx;

	if (order_refused(l->req, answer)) {
		login_free(&l);
		return;
	}
	json_hex(answer->body, "salt", l->salt, sizeof(l->salt));
	l->cost.bytes = (size_t)json_int(answer->body, "kdf_bytes", 0);
	l->cost.passes = (int)json_int(answer->body, "kdf_passes", 1);
	if (pool_run(l->web->kdf, login_derive, login_derived, l))
		login_fail(l, 503, "busy", "Many people sign in at once; try again in a moment.");
}

static const struct json_field login_fields[] = {
	{ "user", JSON_TEXT, true, 1, 64, NULL },
	{ "password", JSON_TEXT, true, 1, SEAL_SECRET_TEXT_MAX, NULL },
	{ "code", JSON_TEXT, false, 0, 10, NULL },
};

void login_begin(struct http_req *req)
{
	AUTO(mem_free) char *why = NULL;
	json_t *in = http_json(req);
	const char *password, *code;
	struct login *l;

	if (!in)
		return;
	if (json_check(in, login_fields, ARRAY_LEN(login_fields), &why) ||
	    strlen(json_text(in, "password")) > SEAL_SECRET_TEXT_MAX || strlen(json_text(in, "user")) > 64) {
		http_error(req, 400, "bad_request", why ? why : "User or password is too long.");
		return;
	}
	l = mem_new(sizeof(*l));
	l->req = req;
	l->web = web_of(req);
	strncpy(l->user, json_text(in, "user"), sizeof(l->user) - 1);
	code = json_text(in, "code");
	strncpy(l->code, code ? code : "", sizeof(l->code) - 1);
	password = json_text(in, "password");
	l->password_bytes = strlen(password);
	l->password = mem_copy(password, l->password_bytes);
	bus_call(l->web->bus, "order.sign_in_begin", json_pack("{s:s}", "user", l->user), NULL, ORDER_DEADLINE_MS,
	         login_salted, l);
}

static void signed_out(struct http_req *req, const struct bus_answer *answer, void *ctx UNUSED)
{
	if (order_refused(req, answer))
		return;
	session_cookie(req, NULL);
	http_reply(req, 204, NULL, NULL, 0);
}

void login_end(struct http_req *req)
{
	order_send(req, "order.session_end", json_object(), NULL, signed_out, NULL);
}
