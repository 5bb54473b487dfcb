/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sessions: cookie → token → row → person. Looked at anew for each request, so that a right taken away is gone at once.
 * The keys of a person are opened only where a handler asks for them, and wiped with the request.
 */
#include "session.h"

#include "epoch.h"
#include "json.h"
#include "mem.h"
#include "moves.h"
#include "text.h"
#include <stdio.h>
#include <string.h>

enum { TOUCH_MS = 60000, TOUCH_WAIT_MS = 5000 };

struct web *web_of(const struct http_req *req)
{
	return http_ctx(req);
}

void person_name(const char *user, char out[SEAL_NAME_BYTES])
{
	snprintf(out, SEAL_NAME_BYTES, "person:%s", user);
}

static const char *cookie_name(const struct web *web)
{
	return web->conf->console_tls_proxy ? "__Host-qt" : "qt";
}

void session_cookie(struct http_req *req, const char *token)
{
	const struct web *web = web_of(req);
	AUTO(mem_free)
	char *value = mem_format("%s=%s; Path=/; HttpOnly; SameSite=Strict%s%s", cookie_name(web), token ? token : "",
	                         web->conf->console_tls_proxy ? "; Secure" : "", token ? "" : "; Max-Age=0");

	http_set(req, "Set-Cookie", value);
}

static void who_free(void *p)
{
	struct who *who = p;

	if (who->keys)
		seal_locked_free(&who->keys);
	seal_wipe(&who->token, sizeof(who->token));
	mem_free(&who);
}

struct who *session_who(struct http_req *req)
{
	return http_attached(req);
}

bool who_has_desk(const struct who *who, int64_t desk)
{
	size_t i;

	for (i = 0; i < who->desks; i++)
		if (who->desk[i] == desk)
			return true;
	return false;
}

/* 0 and a filled who; 1 signed out; 2 a broken request. */
static int who_read(struct http_req *req, struct who *who)
{
	struct web *web = web_of(req);
	uint8_t hash[STORE_HASH_BYTES];
	const char *cookie;
	struct session_row session;
	struct staff_row staff;
	int64_t *desks, now = store_now(web->store);
	size_t n;
	int r = http_cookie(req, cookie_name(web), &cookie);

	if (r)
		return r;
	if (seal_session_from(cookie, web->keys->session, &who->token))
		return 1;
	seal_auth_hash(who->token.sid, hash);
	if (store_session_find(web->store, hash, &session) || session.ended_at || now > session.until_at ||
	    now > session.used_at + web->conf->staff_idle_ms)
		return 1;
	if (store_staff_get(web->store, session.staff, &staff) || !strcmp(staff.state, "disabled") ||
	    !strcmp(staff.state, "left") || store_staff_desks(web->store, staff.id, &desks, &n))
		return 1;
	who->web = web;
	who->id = staff.id;
	who->session = session.id;
	who->used_at = session.used_at;
	who->roles = staff.roles;
	who->must_change = staff.must_change;
	who->site = staff.site;
	who->capacity = staff.capacity;
	snprintf(who->user, sizeof(who->user), "%s", staff.user);
	snprintf(who->name, sizeof(who->name), "%s", staff.name);
	snprintf(who->lang, sizeof(who->lang), "%s", staff.lang);
	snprintf(who->presence, sizeof(who->presence), "%s", staff.presence);
	who->desks = n < WHO_DESKS_MAX ? n : WHO_DESKS_MAX;
	memcpy(who->desk, desks, who->desks * sizeof(*desks));
	return 0;
}

/* A write must come from our own page: the fetch metadata says so, or, where a browser sends none, the Origin equals
 * the Host. */
static bool origin_ours(const struct http_req *req)
{
	const char *site = http_header(req, "Sec-Fetch-Site"), *origin = http_header(req, "Origin"),
		   *host = http_header(req, "Host");
	const char *at;

	if (site)
		return !strcmp(site, "same-origin") || !strcmp(site, "none");
	if (!origin)
		return true;
	at = strstr(origin, "://");
	return at && host && !strcmp(at + 3, host);
}

static bool refuse(struct http_req *req, int status, const char *code, const char *detail)
{
	http_error(req, status, code, detail);
	return false;
}

static bool writes(const struct http_req *req)
{
	return strcmp(http_method(req), "GET") && strcmp(http_method(req), "HEAD");
}

static void common_headers(struct http_req *req)
{
	http_set(req, "Content-Security-Policy",
	         "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
	         "font-src 'self'; manifest-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; "
	         "require-trusted-types-for 'script'; trusted-types 'none'");
	http_set(req, "Cross-Origin-Opener-Policy", "same-origin");
	http_set(req, "Cross-Origin-Resource-Policy", "same-origin");
	http_set(req, "Permissions-Policy", "camera=(), geolocation=(), microphone=()");
}

static void touched(const struct bus_answer *answer UNUSED, void *ctx UNUSED)
{
}

/* Whoever works does not idle out: told to the router once a minute, or oftener where the configuration ends sessions
 * sooner. */
static void touch(const struct who *who)
{
	int64_t quarter = who->web->conf->staff_idle_ms / 4;
	json_t *body;

	if (store_now(who->web->store) - who->used_at < (quarter < TOUCH_MS ? quarter : TOUCH_MS))
		return;
	body = json_object();
	json_set_hex(body, "session", who->token.sid, sizeof(who->token.sid));
	bus_call(who->web->bus, "order.session_touch", body, NULL, TOUCH_WAIT_MS, touched, NULL);
}

bool session_guard(struct http_req *req, void *ctx UNUSED)
{
	const struct http_route *route = http_route(req);
	unsigned roles = (route->flags >> 16) & 0x1fff;
	const char *csrf = http_header(req, "X-CSRF-Token");
	struct who *who;
	int r;

	common_headers(req);
	if (writes(req) && !origin_ours(req))
		return refuse(req, 403, "foreign_origin", "This request did not come from the console's own page.");
	if (route->flags & ROUTE_PUBLIC)
		return true;
	who = mem_new(sizeof(*who));
	http_attach(req, who, who_free);
	r = who_read(req, who);
	if (r == 2)
		return refuse(req, 400, "two_cookies", "More than one session cookie was sent.");
	if (r)
		return refuse(req, 401, "signed_out", "Sign in first.");
	if (writes(req) &&
	    (!csrf || strlen(csrf) != strlen(who->token.csrf) || !seal_same(csrf, who->token.csrf, strlen(csrf))))
		return refuse(req, 403, "csrf", "The X-CSRF-Token header of this session is missing or wrong.");
	if (who->must_change && !(route->flags & ROUTE_FRESH))
		return refuse(req, 403, "must_change", "Set a new password first.");
	if (roles && !(roles & who->roles))
		return refuse(req, 403, "not_allowed", "Your role does not allow this.");
	touch(who);
	moves_look(who);
	return true;
}

/* ---- the keyring ----------------------------------------------------------------------------- */

size_t session_keys_seal(const struct seal_session *token, const struct who_keys *keys, uint8_t *out)
{
	size_t bytes = offsetof(struct who_keys, desk) + keys->count * sizeof(keys->desk[0]);

	seal_box_write(token->keys, "session", "", 0, keys, bytes, out);
	return SEAL_BOX_BYTES(bytes);
}

const struct who_keys *who_open_keys(struct who *who)
{
	struct session_row row;
	size_t bytes;

	if (who->keys)
		return who->keys;
	if (store_session_get(who->web->store, who->session, &row) ||
	    row.keys.bytes < SEAL_BOX_BYTES(offsetof(struct who_keys, desk)) ||
	    row.keys.bytes > SEAL_BOX_BYTES(sizeof(struct who_keys)))
		return NULL;
	bytes = row.keys.bytes - SEAL_BOX_BYTES(0);
	who->keys = seal_locked_new(sizeof(*who->keys));
	if (seal_box_read(who->token.keys, "session", "", 0, row.keys.data, row.keys.bytes, who->keys, bytes) ||
	    who->keys->count > WHO_KEYS_MAX ||
	    bytes != offsetof(struct who_keys, desk) + who->keys->count * sizeof(struct desk_secret))
		seal_locked_free(&who->keys);
	return who->keys;
}

struct seal_opener *who_opener(struct who *who, const char *name, uint32_t generation)
{
	const struct who_keys *keys = who_open_keys(who);
	const struct desk_secret *found = NULL;
	size_t i;

	for (i = 0; keys && i < keys->count; i++) {
		const struct desk_secret *d = &keys->desk[i];

		if (!strcmp(d->name, name) &&
		    (generation ? d->generation == generation : !found || d->generation > found->generation))
			found = d;
	}
	return found ? seal_opener_new(found->name, found->generation, found->secret) : NULL;
}

/* The name of what a key row is the key of. */
static int key_name(struct web *web, const struct desk_key_row *row, char out[SEAL_NAME_BYTES])
{
	struct desk_row desk;
	struct site_row site;

	if (!strcmp(row->kind, "desk")) {
		int r = store_desk_get(web->store, row->num, &desk);

		snprintf(out, SEAL_NAME_BYTES, "desk:%s", r ? "" : desk.id);
		return r;
	}
	if (store_site_get(web->store, row->num, &site))
		return 1;
	snprintf(out, SEAL_NAME_BYTES, "oversight:%s", site.id);
	return 0;
}

int session_keys_gather(struct web *web, int64_t staff, const char *user, const uint8_t secret[SEAL_KEY_BYTES],
                        struct who_keys *out)
{
	char person[SEAL_NAME_BYTES];
	struct seal_opener *opener;
	struct desk_key_row *rows;
	size_t n, i;
	int r = store_desk_key_held(web->store, staff, &rows, &n);

	if (r)
		return r;
	memcpy(out->person, secret, sizeof(out->person));
	person_name(user, person);
	opener = seal_opener_new(person, 1, secret);
	for (i = 0; i < n && out->count < WHO_KEYS_MAX; i++) {
		struct desk_secret *d = &out->desk[out->count];
		uint8_t uid[SEAL_UID_BYTES];

		if (key_name(web, &rows[i], d->name) || epoch_learn(web, "web", rows[i].epoch))
			continue; /* a key we cannot place opens nothing; the others still do */
		d->generation = (uint32_t)rows[i].generation;
		seal_uid_of(d->name, d->generation, uid);
		if (!seal_wrap_read(opener, web->book, uid, SEAL_CARGO_SECRET, rows[i].wrap.data, rows[i].wrap.bytes,
		                    d->secret))
			out->count++;
	}
	seal_opener_free(&opener);
	return 0;
}
