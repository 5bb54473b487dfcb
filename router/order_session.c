/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Orders around signing in. web derives, the router decides: it compares the auth half, counts failures with a growing delay (never a
 * lock: a lock would shut a counselor out before a night shift), and keeps sessions so that a killed web signs nobody out. Unknown users
 * get the same work and the same answers.
 */
#include "presence.h"

#include "seal.h"
#include <string.h>

enum { WAIT_AFTER = 5, WAIT_MAX_MS = 60000 };

static int sign_in_begin(struct call *c)
{
	const struct conf *conf = c->router->conf;
	const char *user = json_text(c->in, "user");
	uint8_t salt[STORE_UID_BYTES];
	struct staff_row staff;
	int r = store_staff_find(c->store, user, &staff);

	if (r < 0)
		return r;
	seal_fake(c->router->keys->fake, "salt", user, salt);
	if (!r && staff.salt.bytes == sizeof(salt))
		memcpy(salt, staff.salt.data, sizeof(salt));
	c->out = json_pack("{s:I, s:I}", "kdf_bytes", (json_int_t)(r ? conf->kdf_password_bytes : staff.kdf_bytes), "kdf_passes",
	                   (json_int_t)(r ? conf->kdf_password_passes : staff.kdf_passes));
	json_set_hex(c->out, "salt", salt, sizeof(salt));
	return 0;
}

static int wrong_password(struct call *c)
{
	return call_refuse(c, 403, "wrong_password", "User and password do not fit.");
}

/* One more failure: after five, each doubles the wait, up to a minute. Kept although the answer is a refusal. */
static int count_failure(struct call *c, const struct staff_row *staff)
{
	int64_t failures = staff->failures + 1, wait = 0;
	int r;

	if (failures >= WAIT_AFTER)
		wait = 1000LL << (failures - WAIT_AFTER > 6 ? 6 : failures - WAIT_AFTER);
	r = store_staff_failure(c->store, staff->id, failures, wait ? c->now + (wait < WAIT_MAX_MS ? wait : WAIT_MAX_MS) : 0);
	if (!r)
		r = store_audit_add(c->store, staff->id, "sign_in_failed", 0, "");
	wrong_password(c);
	return r;
}

/* True, and answered, while guesses are slowed down. */
static bool must_wait(struct call *c, const struct staff_row *staff)
{
	if (staff->wait_until <= c->now)
		return false;
	call_refuse(c, 429, "wait", "Too many attempts; wait a moment.");
	json_object_set_new(c->out, "wait_ms", json_integer(staff->wait_until - c->now));
	return true;
}

/* 0 and *staff when the auth half fits; answers otherwise. keep: the refusal itself must be committed (the count of failures). */
static int check_auth(struct call *c, struct staff_row *staff, bool *fits)
{
	static const uint8_t nobody[STORE_HASH_BYTES];
	uint8_t auth[32];
	int r = store_staff_find(c->store, json_text(c->in, "user"), staff);

	*fits = false;
	json_hex(c->in, "auth", auth, sizeof(auth));
	if (r < 0)
		return r;
	if (r || staff->auth.bytes != sizeof(nobody) || !strcmp(staff->state, "disabled") || !strcmp(staff->state, "left")) {
		bool equal_work = seal_auth_check(auth, nobody);

		wrong_password(c);
		return equal_work ? 0 : 0;
	}
	if (must_wait(c, staff))
		return 0;
	if (!seal_auth_check(auth, staff->auth.data))
		return count_failure(c, staff);
	*fits = true;
	return 0;
}

static int sign_in(struct call *c)
{
	struct staff_row staff;
	bool fits;
	int r = check_auth(c, &staff, &fits);

	if (r || !fits)
		return r;
	c->out = json_pack("{s:I, s:b, s:b, s:I}", "staff", (json_int_t)staff.id, "totp", staff.totp.bytes != 0, "must_change",
	                   staff.must_change, "totp_step", (json_int_t)staff.totp_step);
	return 0;
}

static int session_begin(struct call *c)
{
	uint8_t hash[STORE_HASH_BYTES];
	struct staff_row staff;
	struct session_row row;
	int64_t step = json_int(c->in, "totp_step", 0);
	bool fits;
	int r = check_auth(c, &staff, &fits);

	if (r || !fits)
		return r;
	if (staff.totp.bytes && step <= staff.totp_step) {
		r = count_failure(c, &staff);
		call_refuse(c, 403, "totp_used", "This code was used already; wait for the next one.");
		return r;
	}
	json_hex(c->in, "new_session_hash", hash, sizeof(hash));
	row = (struct session_row){ .hash = { hash, sizeof(hash) }, .staff = staff.id, .keys = call_blob(c, 0),
		                    .until_at = c->now + c->router->conf->staff_whole_ms };
	staff.totp_step = step > staff.totp_step ? step : staff.totp_step;
	staff.failures = staff.wait_until = 0;
	r = store_staff_save(c->store, &staff);
	if (!r)
		r = store_session_add(c->store, &row);
	if (!r)
		r = store_audit_add(c->store, staff.id, "signed_in", 0, "");
	if (!r && !strcmp(staff.presence, "off"))
		r = presence_set(c, staff.id, "on");
	c->status = 201;
	c->out = json_pack("{s:I}", "id", (json_int_t)row.id);
	return r;
}

static int session_end(struct call *c)
{
	int64_t id = json_int(c->in, "id", c->who.session);
	struct event_row event = { .kind = "session", .staff = c->who.id };
	struct session_row row, *left;
	size_t n;
	int r = store_session_get(c->store, id, &row);

	if (r > 0 || (!r && row.staff != c->who.id))
		return call_refuse(c, 404, "not_found", "There is no such session of yours.");
	if (!r && row.ended_at)
		return 0; /* it has ended already: as wished */
	if (!r)
		r = store_session_end(c->store, id);
	if (!r)
		r = store_audit_add(c->store, c->who.id, "signed_out", 0, "");
	if (!r)
		r = store_event_add(c->store, &event); /* its event streams end at once */
	if (!r)
		r = store_session_list(c->store, c->who.id, &left, &n);
	return r || n ? r : presence_set(c, c->who.id, "off");
}

static int session_touch(struct call *c)
{
	return store_session_touch(c->store, c->who.session);
}

static int password(struct call *c)
{
	struct staff_row staff;
	uint8_t auth[32], salt[16], fresh[32], stored[32];
	int r = store_staff_get(c->store, c->who.id, &staff);

	if (r || must_wait(c, &staff)) /* whoever has the session may not guess the password through it either */
		return r;
	json_hex(c->in, "auth", auth, sizeof(auth));
	if (!seal_auth_check(auth, staff.auth.data))
		return count_failure(c, &staff);
	json_hex(c->in, "salt", salt, sizeof(salt));
	json_hex(c->in, "new_auth", fresh, sizeof(fresh));
	seal_auth_hash(fresh, stored);
	staff.salt = (struct store_blob){ salt, sizeof(salt) };
	staff.auth = (struct store_blob){ stored, sizeof(stored) };
	staff.secret = call_blob(c, 0);
	staff.kdf_bytes = json_int(c->in, "kdf_bytes", 0);
	staff.kdf_passes = json_int(c->in, "kdf_passes", 0);
	staff.must_change = false;
	staff.failures = staff.wait_until = 0;
	staff.state = "active";
	r = store_staff_save(c->store, &staff);
	if (!r)
		r = store_session_end_staff(c->store, staff.id, c->who.session);
	return r ? r : store_audit_add(c->store, staff.id, "password_changed", 0, "");
}

static int presence(struct call *c)
{
	return presence_set(c, c->who.id, json_text(c->in, "state"));
}

const struct verb verbs_session[] = {
	{ "order.sign_in_begin", sign_in_begin, true },
	{ "order.sign_in", sign_in, true },
	{ "order.session", session_begin, true },
	{ "order.session_end", session_end, true },
	{ "order.session_touch", session_touch, true },
	{ "order.password", password, true },
	{ "order.presence", presence, true },
	{ 0 },
};
