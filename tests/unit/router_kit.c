/* SPDX-License-Identifier: Apache-2.0 */
/* See router_kit.h. Opens the database with SQLite itself only to count and to alter what no program of ours may. */
#include "router_kit.h"

#include "clock.h"
#include "mem.h"
#include "seal.h"
#include "text.h"
#include "ticket.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static const int64_t monday_morning = 1795399200000; /* 2026-11-23 10:00 in Shanghai */

static const struct {
	const char *user, *name;
	unsigned roles;
	const char *desks; /* kinds */
} people[] = {
	{ "psych1", "甲", CASE_ROLE_COUNSELOR, "psych" },
	{ "psych2", "乙", CASE_ROLE_COUNSELOR, "psych" },
	{ "legal1", "丙", CASE_ROLE_COUNSELOR, "legal" },
	{ "social1", "丁", CASE_ROLE_COUNSELOR, "social" },
	{ "lead1", "戊", CASE_ROLE_COUNSELOR | CASE_ROLE_LEAD, "psych" },
	{ "super1", "己", CASE_ROLE_SUPERVISOR, "psych legal social" },
	{ "admin1", "庚", CASE_ROLE_ADMIN, "" },
	{ "audit1", "辛", CASE_ROLE_AUDITOR, "" },
};

/* ---- the house ---- */

static void sid_of(const char *user, uint8_t sid[32])
{
	seal_hash(sid, 32, NULL, "sid", user, strlen(user));
}

static void auth_of(const char *user, uint8_t auth[32])
{
	seal_hash(auth, 32, NULL, "auth", user, strlen(user));
}

static int people_add(struct call *c)
{
	uint8_t sid[32], auth[32], hash[32], stored[32], bytes[32] = { 7 };
	size_t i;
	int r = store_desks_sync(c->store, c->router->conf);

	for (i = 0; !r && i < ARRAY_LEN(people); i++) {
		struct staff_row staff = { .user = people[i].user, .name = people[i].name, .site = 1, .roles = people[i].roles, .state = "active",
			                   .presence = "on", .capacity = -1, .kdf_bytes = 8192, .kdf_passes = 1 };
		struct session_row session = { .hash = { hash, sizeof(hash) }, .keys = { bytes, sizeof(bytes) }, .until_at = c->now + 8 * HOUR };
		struct desk_row *desks;
		size_t n, k;

		auth_of(people[i].user, auth);
		seal_auth_hash(auth, stored);
		staff.salt = (struct store_blob){ bytes, 16 };
		staff.auth = (struct store_blob){ stored, sizeof(stored) };
		staff.public = staff.secret = (struct store_blob){ bytes, sizeof(bytes) };
		staff.mac = (struct store_blob){ bytes, 16 };
		r = store_staff_add(c->store, &staff);
		session.staff = staff.id;
		sid_of(people[i].user, sid);
		seal_auth_hash(sid, hash);
		if (!r)
			r = store_session_add(c->store, &session);
		if (!r)
			r = store_desk_list(c->store, &desks, &n);
		for (k = 0; !r && k < n; k++) {
			struct desk_key_row key = { .kind = "desk", .num = desks[k].num, .generation = 1, .holder = staff.id, .epoch = 1,
				                    .wrap = { bytes, sizeof(bytes) } };

			if (!strstr(people[i].desks, desks[k].kind))
				continue;
			r = store_staff_desk_set(c->store, staff.id, desks[k].num, true);
			if (!r)
				r = store_desk_key_put(c->store, &key);
		}
	}
	return r;
}

/* Runs a verb of ours (no message) as the router would inside a batch. */
static int run(struct house *h, int (*verb)(struct call *c), void *ctx)
{
	struct call *c = call_new(&h->router, ROLE_WORKER, NULL, verb);
	int r;

	c->ctx = ctx;
	r = store_apply(h->router.store, (struct store_op *const[]){ &c->op }, 1);
	r = r ? r : c->op.result;
	call_free(&c);
	return r;
}

static void epochs_put(struct house *h)
{
	static const char *const sealers[] = { "intake", "web" };
	size_t i;

	for (i = 0; i < ARRAY_LEN(sealers); i++) {
		const struct seal_epoch_row *e;
		struct seal_identity who;
		uint8_t seed[32] = { (uint8_t)(i + 1) };
		char public[65], signature[129];

		seal_identity_from(sealers[i], seed, &who);
		h->epoch[i] = seal_epoch_new(&who, h->now);
		e = seal_epoch_row(h->epoch[i]);
		hex_write(public, e->public, sizeof(e->public));
		hex_write(signature, e->signature, sizeof(e->signature));
		assert_int_equal(ask(h, sealers[i], "epoch.put", "{s:s, s:I, s:s, s:s, s:I}", "sealer", sealers[i], "number",
		                     (json_int_t)e->number, "public", public, "signature", signature, "made_at", (json_int_t)e->made_at_ms), 200);
	}
}

int house_begin(void **state)
{
	struct house *h = mem_new(sizeof(*h));
	AUTO(mem_free) char *why = NULL;
	AUTO(mem_free) char *path = NULL;
	AUTO(mem_free) char *calendar = NULL;

	alarm(50);
	*state = h;
	snprintf(h->dir, sizeof(h->dir), "/tmp/qt-router-XXXXXX");
	if (seal_init() || !mkdtemp(h->dir) || conf_load(QT_SOURCE_DIR "/etc/qingting.conf", h->dir, &h->conf, &why))
		return -1;
	h->now = monday_morning;
	clock_hold(h->now, 1000);
	path = mem_format("%s/store.db", h->dir);
	calendar = conf_etc(&h->conf, "calendar-CN.conf");
	h->router.conf = &h->conf;
	h->router.keys = mem_new(sizeof(*h->router.keys));
	memset(h->router.keys, 5, sizeof(*h->router.keys));
	h->router.peers = peers_new(h->router.sock, worker_lost, &h->router);
	h->router.leases = lease_table_new();
	if (store_open_write(path, h->router.keys->row, &h->router.store, &why) || calendar_load(calendar, &h->router.calendar, &why))
		fail_msg("%s", why ? why : "no store");
	assert_int_equal(run(h, people_add, NULL), 0);
	epochs_put(h);
	return 0;
}

int house_end(void **state)
{
	struct house *h = *state;
	DIR *dir = opendir(h->dir);
	struct dirent *e;

	store_close(&h->router.store);
	peers_free(&h->router.peers);
	lease_table_free(&h->router.leases);
	calendar_free(&h->router.calendar);
	mem_free(&h->router.keys);
	seal_epoch_drop(&h->epoch[0]);
	seal_epoch_drop(&h->epoch[1]);
	json_release(&h->out);
	while (dir && (e = readdir(dir)))
		unlinkat(dirfd(dir), e->d_name, 0);
	closedir(dir);
	rmdir(h->dir);
	mem_free(&h);
	clock_hold(-1, -1);
	return 0;
}

/* ---- asking ---- */

void with_blob(struct house *h, const void *data, size_t bytes)
{
	struct frame *f = &h->blob[h->blobs++];

	f->data = mem_new(bytes + 1);
	f->bytes = bytes;
	memcpy(f->data, data, bytes);
}

void with_wrap(struct house *h, const char *sealer, enum seal_cargo cargo)
{
	uint8_t payload[SEAL_DESK_PAYLOAD_BYTES] = { 3 }, uid[SEAL_UID_BYTES] = { 4 }, wrap[SEAL_WRAP_BYTES_MAX];
	struct seal_target target = { .name = "desk:450100.psych", .generation = 1 };
	struct seal_pair pair;

	seal_pair_new(&pair);
	memcpy(target.public, pair.public, sizeof(target.public));
	assert_int_equal(seal_wrap_write(h->epoch[!strcmp(sealer, "web")], &target, uid, cargo, payload, wrap), 0);
	with_blob(h, wrap, SEAL_WRAP_BYTES(seal_cargo_bytes(cargo)));
}

static void hex_add(json_t *body, const char *name, const char *of)
{
	uint8_t hash[32];

	seal_hash(hash, sizeof(hash), NULL, name, of, strlen(of));
	json_set_hex(body, name, hash, sizeof(hash));
}

static enum role role_of(struct house *h, const char *who, const struct book_row *book, json_t *body)
{
	AUTO(mem_free) char *fresh = mem_format("key %lld", (long long)++h->keys);
	static const char *const roles[] = { "intake", "web", "worker", "open" };
	uint8_t sid[32];
	size_t i;

	if (book->flags & BOOK_KEY)
		hex_add(body, "key", h->same_key ? h->same_key : fresh);
	if (book->flags & BOOK_DIGEST)
		hex_add(body, "digest", h->digest ? h->digest : fresh);
	h->same_key = h->digest = NULL;
	for (i = 0; i < ARRAY_LEN(roles); i++)
		if (!strcmp(who, roles[i]))
			return (enum role)i;
	sid_of(who, sid);
	json_set_hex(body, "session", sid, sizeof(sid));
	return ROLE_WEB;
}

int ask(struct house *h, const char *who, const char *service, const char *fmt, ...)
{
	const struct book_row *book = book_find(service, strlen(service));
	const struct verb *verb;
	struct call *c;
	json_t *body;
	va_list ap;
	size_t i;

	assert_non_null(book);
	verb = verb_find(book);
	va_start(ap, fmt);
	body = json_vpack_ex(NULL, 0, fmt, ap);
	va_end(ap);
	assert_non_null(body);
	if (h->more)
		json_object_update(body, h->more);
	json_release(&h->more);
	c = call_new(&h->router, role_of(h, who, book, body), book, verb->run);
	c->op.validates = verb->checks_first;
	msg_add(&c->request, "id", 2);
	c->blob = 2;
	{
		char *text = json_write(body);

		msg_take(&c->request, (uint8_t *)text, strlen(text));
	}
	json_release(&body);
	for (i = 0; i < h->blobs; i++)
		msg_take(&c->request, h->blob[i].data, h->blob[i].bytes);
	c->blobs = h->blobs;
	h->blobs = 0;
	assert_true(store_apply(h->router.store, (struct store_op *const[]){ &c->op }, 1) == 0);
	json_release(&h->out);
	assert_true(c->op.result >= 0);
	assert_int_equal(c->op.result > 0, c->status >= 400 && c->op.result);
	h->status = c->status;
	if (!c->text || json_read(c->text, strlen(c->text), &h->out))
		h->out = json_object();
	call_free(&c);
	return h->status;
}

const char *said(const struct house *h, const char *name)
{
	const char *text = json_text(h->out, name);

	return text ? text : "";
}

int64_t said_number(const struct house *h, const char *name)
{
	return json_int(h->out, name, -1);
}

/* ---- what happens often ---- */

int submit(struct house *h, const char *desk, int risk, int tick_)
{
	uint8_t uid[16], caller[SEAL_CALLER_WRAP_BYTES] = { 1 }, stored[32];
	char uid_hex[33], hash_hex[65];
	int i;

	seal_random(uid, sizeof(uid));
	seal_random(h->auth, sizeof(h->auth));
	seal_auth_hash(h->auth, stored);
	hex_write(uid_hex, uid, sizeof(uid));
	hex_write(hash_hex, stored, sizeof(stored));
	with_blob(h, "sealed words", 12);
	with_wrap(h, "intake", SEAL_CARGO_MESSAGE);
	with_blob(h, caller, sizeof(caller));
	for (i = 0; i < 3; i++)
		with_wrap(h, "intake", SEAL_CARGO_CASE);
	ask(h, "intake", "intake.submit", "{s:s, s:s, s:s, s:s, s:i, s:i, s:s, s:s, s:I, s:{s:i}, s:i, s:[ssss]}", "uid", uid_hex, "site",
	    "450100", "desk", desk, "channel", "web_form", "tick", tick_, "risk", risk, "message_id", "0000000000000001", "caller_hash",
	    hash_hex, "epoch", (json_int_t)seal_epoch_row(h->epoch[0])->number, "generation", "psych", 1, "worker_generation", 1, "wraps",
	    "caller", "desk:450100.psych", "desk:450100.legal", "desk:450100.social");
	snprintf(h->ticket, sizeof(h->ticket), "%s", said(h, "ticket"));
	return h->status;
}

int64_t id_of(struct house *h, const char *ticket)
{
	int64_t id = 0;

	assert_int_equal(ticket_read(h->router.keys->ticket, ticket, &id), 0);
	return id;
}

struct case_row row_of(struct house *h, const char *ticket)
{
	struct case_row row;

	assert_int_equal(store_case_get(h->router.store, id_of(h, ticket), &row), 0);
	return row;
}

void screened(struct house *h, const char *ticket, int64_t n, int risk, const char *desk)
{
	struct screened *s = mem_new(sizeof(*s));
	struct job_row *jobs;
	json_t *result;
	size_t count, i;

	assert_int_equal(store_job_of_case(h->router.store, id_of(h, ticket), &jobs, &count), 0);
	for (i = 0; i < count; i++)
		if (jobs[i].n == n)
			s->job = jobs[i].id;
	result = s->result = json_pack("{s:i, s:s, s:s, s:s, s:[]}", "risk", risk, "desk", desk ? desk : "", "kind", "help", "urgency", "normal", "hits");
	assert_int_equal(run(h, screened_run, s), 0); /* s goes with its call */
	json_release(&result);
}

/* The ticket of the last submit, good for sixteen more. */
static const char *ticket_kept(const struct house *h)
{
	static char kept[16][sizeof(h->ticket)];
	static size_t at;
	char *out = kept[at++ % ARRAY_LEN(kept)];

	memcpy(out, h->ticket, sizeof(h->ticket));
	return out;
}

const char *waiting(struct house *h, const char *desk, int risk)
{
	assert_int_equal(submit(h, desk, risk, 0), 201);
	screened(h, h->ticket, 0, risk, NULL);
	assert_state(h, h->ticket, "waiting");
	return ticket_kept(h);
}

const char *owned(struct house *h, const char *by, const char *desk, int risk)
{
	const char *ticket = waiting(h, desk, risk);

	assert_int_equal(ask(h, by, "order.claim", "{s:s}", "ticket", ticket), 200);
	return ticket;
}

int caller_says(struct house *h, int risk)
{
	char auth[65];

	hex_write(auth, h->auth, sizeof(h->auth));
	with_blob(h, "more sealed words", 17);
	with_wrap(h, "intake", SEAL_CARGO_MESSAGE);
	with_wrap(h, "intake", SEAL_CARGO_CASE);
	return ask(h, "intake", "intake.say", "{s:s, s:s, s:i, s:s, s:i, s:I, s:i, s:i}", "ticket", h->ticket, "auth", auth, "caller_epoch", 1,
	           "message_id", "0000000000000002", "risk", risk, "epoch", (json_int_t)seal_epoch_row(h->epoch[0])->number,
	           "worker_generation", 1, "generation", 1);
}

void tick(struct house *h)
{
	assert_int_equal(run(h, clock_due, NULL), 0);
}

static int everybody_touches(struct call *c)
{
	size_t i;
	int r = 0;

	for (i = 0; !r && i < ARRAY_LEN(people); i++)
		r = store_session_touch(c->store, (int64_t)i + 1);
	return r > 0 ? 0 : r;
}

void later(struct house *h, int64_t ms)
{
	h->now += ms;
	clock_hold(h->now, 1000 + h->now - monday_morning);
	if (!h->idle)
		assert_int_equal(run(h, everybody_touches, NULL), 0);
	tick(h);
}

/* ---- looking and meddling ---- */

static sqlite3 *hand_open(struct house *h)
{
	AUTO(mem_free) char *path = mem_format("%s/store.db", h->dir);
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	sqlite3_busy_timeout(db, 2000);
	return db;
}

int64_t rows(struct house *h, const char *query, const char *ticket)
{
	sqlite3 *db = hand_open(h);
	sqlite3_stmt *stmt = NULL;
	int64_t n = -1;

	assert_int_equal(sqlite3_prepare_v2(db, query, -1, &stmt, NULL), SQLITE_OK);
	if (ticket)
		sqlite3_bind_int64(stmt, 1, id_of(h, ticket));
	if (sqlite3_step(stmt) == SQLITE_ROW)
		n = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return n;
}

void hand(struct house *h, const char *sql)
{
	sqlite3 *db = hand_open(h);
	char *error = NULL;

	if (sqlite3_exec(db, sql, NULL, NULL, &error) != SQLITE_OK)
		fail_msg("%s: %s", sql, error);
	sqlite3_close(db);
}

int64_t staff_id(struct house *h, const char *user)
{
	struct staff_row staff;

	assert_int_equal(store_staff_find(h->router.store, user, &staff), 0);
	return staff.id;
}
