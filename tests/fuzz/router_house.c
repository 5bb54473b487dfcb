/* SPDX-License-Identifier: Apache-2.0 */
/* See router_house.h. Made anew after many inputs, so that a store that has grown does not slow them. */
#include "router_house.h"

#include "fuzz.h"

#include "call.h"
#include "clock.h"
#include "log.h"
#include "seal.h"
#include "text.h"
#include "ticket.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { EPOCH = 7 };
static const int64_t start_ms = 1795000000000;
static const struct {
	const char *user, *role;
	const char *desks[4];
} people[ROUTER_HOUSE_PEOPLE] = {
	{ "psych1", "counselor", { "450100.psych" } },
	{ "legal1", "counselor", { "450100.legal" } },
	{ "lead1", "lead", { "450100.psych" } },
	{ "super1", "supervisor", { "450100.psych", "450100.legal", "450100.social" } },
	{ "admin1", "admin", { NULL } },
};

static struct conf conf;
static struct loop *loop;
static struct router *router;
static struct msg *coming;
static struct sock *coming_at;
static char lease[33] = "00000000000000000000000000000000";
static uint64_t keys_made;
static int64_t now_ms;

/* ---- what the linker puts between the router and its sockets */

int __wrap_sock_receive(struct sock *sock, struct msg *m);
int __wrap_sock_send(struct sock *sock, struct msg *m);

int __wrap_sock_receive(struct sock *sock, struct msg *m)
{
	msg_clear(m);
	if (sock != coming_at || !coming)
		return SOCK_EMPTY;
	*m = *coming;
	*coming = (struct msg){ 0 };
	coming = NULL;
	return 0;
}

/* An answer to a message of the book has a status and a JSON object, and it was kept. What a foreign worker answers is its own. */
static void answer_must_fit(const struct msg *m, const struct wire *w)
{
	const struct book_row *row = book_find((const char *)w->service->data, w->service->bytes);
	const struct frame *status = &m->frame[w->body], *text = status + 1;
	json_t *json = NULL;

	if (!row || w->verb == WIRE_PARTIAL)
		return;
	FUZZ_MUST(w->body + 1 < m->count && status->bytes == 3);
	FUZZ_MUST(json_read(text->data, text->bytes, &json) == 0);
#ifdef SHOW
fprintf(stderr,"%s -> %s %s\n",w->service->data,status->data,text->data);
#endif
	FUZZ_MUST(json_text(json, "error") ? status->data[0] == '4' || status->data[0] == '5' : status->data[0] == '2');
	FUZZ_MUST(!msg_is(m, w->body, "503"));
	json_release(&json);
}

int __wrap_sock_send(struct sock *sock UNUSED, struct msg *m)
{
	struct wire w;

	if (sock != router->hints) {
		FUZZ_MUST(m->count <= SOCK_FRAMES_MAX + 1 && wire_read(m, 1, &w) == 0);
		if (w.side == WIRE_CLIENT)
			answer_must_fit(m, &w);
		else if (w.verb == WIRE_REQUEST && w.address->bytes == sizeof(lease) - 1)
			memcpy(lease, w.address->data, w.address->bytes);
	}
	msg_clear(m);
	return 0;
}

/* ---- the house */

static void hex_set(json_t *o, const char *name, const char *seed, size_t n)
{
	uint8_t bytes[64];

	seal_hash(bytes, n, NULL, name, seed, strlen(seed));
	json_set_hex(o, name, bytes, n);
}

static json_t *person(size_t i)
{
	json_t *p = json_pack("{s:s, s:s, s:s, s:[s], s:s, s:i, s:i, s:b}", "user", people[i].user, "name", people[i].user, "site", "450100",
	                      "roles", people[i].role, "state", "active", "kdf_bytes", 8192, "kdf_passes", 1, "must_change", 0);
	json_t *desks = json_array();

	for (size_t d = 0; people[i].desks[d]; d++)
		json_array_append_new(desks, json_string(people[i].desks[d]));
	json_object_set_new(p, "desks", desks);
	hex_set(p, "salt", people[i].user, 16);
	hex_set(p, "auth", people[i].user, 32);
	hex_set(p, "public", people[i].user, 32);
	hex_set(p, "secret", people[i].user, 48);
	hex_set(p, "mac", people[i].user, 16);
	return p;
}

static void write_found(void)
{
	json_t *epoch = json_pack("{s:s, s:i, s:I}", "sealer", "web", "number", EPOCH, "made_at", (json_int_t)start_ms);
	json_t *staff = json_array(), *all;
	AUTO(mem_free) char *text = NULL;

	hex_set(epoch, "public", "web", 32);
	hex_set(epoch, "signature", "web", 64);
	for (size_t i = 0; i < ROUTER_HOUSE_PEOPLE; i++)
		json_array_append_new(staff, person(i));
	all = json_pack("{s:o, s:o, s:[]}", "epoch", epoch, "staff", staff, "keys");
	text = json_write(all);
	json_release(&all);
	fuzz_put("db/found.json", text, strlen(text));
}

static void session_id(size_t i, uint8_t sid[32])
{
	seal_hash(sid, 32, NULL, "session", people[i].user, strlen(people[i].user));
}

static int sign_in(struct call *c)
{
	for (size_t i = 0; i < ROUTER_HOUSE_PEOPLE; i++) {
		uint8_t sid[32], hash[32];
		struct session_row row = { .hash = { hash, sizeof(hash) }, .keys = { "x", 1 }, .until_at = INT64_MAX };
		struct staff_row staff;
		int r = store_staff_find(c->store, people[i].user, &staff);

		session_id(i, sid);
		seal_auth_hash(sid, hash);
		row.staff = staff.id;
		if (!r)
			r = store_session_add(c->store, &row);
		if (r)
			return r;
	}
	return 0;
}

static void keys_ready(void)
{
	static const char *const desks[] = { "450100.psych", NULL }, *const kinds[] = { "psych", NULL }, *const sites[] = { "450100", NULL };
	struct keyring_plan plan = { desks, kinds, sites, false };
	struct keyring_founding *founding = NULL;
	char *why = NULL;

	if (keyring_exists(fuzz_dir()))
		return;
	if (keyring_make(fuzz_dir(), &plan, &founding, &why) || keyring_keep(fuzz_dir(), &why))
		fuzz_broken(__FILE__, __LINE__, why);
	keyring_founding_free(&founding);
}

static void forget_files(void)
{
	static const char *const tails[] = { "", "-wal", "-shm", ".lock", ".ballast" };

	for (size_t i = 0; i < ARRAY_LEN(tails); i++) {
		AUTO(mem_free) char *path = mem_format("%s/db/qingting.db%s", fuzz_dir(), tails[i]);

		unlink(path);
	}
}

static void text_say(enum role role, const char *service, const char *json)
{
	struct buf line = { 0 };
	struct msg m = { 0 };

	msg_add_text(&m, "the house itself");
	wire_write(&m, WIRE_02, WIRE_CLIENT, WIRE_REQUEST, service, strlen(service));
	router_house_words(&line, json, strlen(json));
	msg_add(&m, line.data, line.bytes);
	if (strcmp(service, "epoch.put")) {
		static const char *const sealed[] = { "%blob", "%bundle", "%caller", "%wrap" };

		for (size_t i = 0; i < ARRAY_LEN(sealed); i++) {
			buf_clear(&line);
			router_house_sealed(&line, sealed[i]);
			msg_add(&m, line.data, line.bytes);
		}
	}
	router_house_say(role, &m);
	buf_finish(&line);
}

/* The first case, as the portal would send it. */
static void first_case(void)
{
	text_say(ROLE_INTAKE, "epoch.put",
	         "{\"sealer\":\"intake\",\"number\":$E,\"public\":\"$H\",\"signature\":\"$H$H\",\"made_at\":$N}");
	text_say(ROLE_INTAKE, "intake.submit",
	         "{\"key\":\"$K\",\"digest\":\"$H\",\"uid\":\"$U\",\"site\":\"450100\",\"desk\":\"psych\",\"channel\":\"web_form\",\"risk\":1,"
	         "\"message_id\":\"0011223344556677\",\"caller_hash\":\"$H\",\"epoch\":$E,\"generation\":{},\"worker_generation\":1,"
	         "\"wraps\":[\"caller\",\"desk:450100.psych\"]}");
}

struct router *router_house(void)
{
	void *room = NULL;
	char *why = NULL;
	struct call *c;

	if (router)
		return router;
	now_ms = start_ms;
	clock_hold(now_ms, now_ms);
	log_open("fuzz", LOG_LEVEL_ERROR);
	FUZZ_MUST(seal_init() == 0);
	keys_ready();
	forget_files();
	write_found();
	if (conf_load(NULL, fuzz_dir(), &conf, &why))
		fuzz_broken(__FILE__, __LINE__, why);
	conf.staff_idle_ms = INT64_MAX / 4; /* inputs wait for hours */
	fuzz_put("run/made", "", 0); /* the folder is what is wanted */
	loop = loop_new();
	if (router_open(&conf, loop, 0, NULL, &room, &why))
		fuzz_broken(__FILE__, __LINE__, why ? why : "the router opens");
	router = room;
	c = call_new(router, ROLE_WEB, NULL, sign_in);
	batch_add(router, c);
	FUZZ_MUST(loop_turn(loop, 0) == 0);
	first_case();
	return router;
}

void router_house_end(void)
{
	void *room = router;

	if (!router)
		return;
	router_drain(room);
	router_close(&room);
	router = NULL;
	loop_free(&loop);
	sock_end();
}

void router_house_say(enum role role, struct msg *m)
{
	uint64_t errors = log_count(LOG_LEVEL_ERROR);

	coming = m;
	coming_at = router->sock[role];
	door_receive(router, role);
	FUZZ_MUST(loop_turn(loop, 0) == 0);
	FUZZ_MUST(!router->batch_count);
	FUZZ_MUST(log_count(LOG_LEVEL_ERROR) == errors);
	msg_clear(m);
}

void router_house_wait(int64_t ms)
{
	now_ms += ms;
	clock_hold(now_ms, now_ms);
	FUZZ_MUST(loop_turn(loop, 0) == 0);
}

/* ---- words */

static void put_hex(struct buf *out, const void *p, size_t n)
{
	AUTO(mem_free) char *hex = mem_new(2 * n + 1);

	hex_write(hex, p, n);
	buf_text(out, hex);
}

static void put_ticket(struct buf *out, char digit)
{
	char text[TICKET_TEXT_BYTES];

	ticket_write(router->keys->ticket, 1 + (digit >= '0' && digit <= '9' ? digit - '0' : 0), text);
	buf_text(out, text);
}

static void put_session(struct buf *out, char digit)
{
	uint8_t sid[32];

	session_id(digit >= '0' && digit <= '9' ? (size_t)(digit - '0') % ROUTER_HOUSE_PEOPLE : 0, sid);
	put_hex(out, sid, sizeof(sid));
}

/* Puts in the word at s ("$S0"); gives the bytes it took, 0 when it is none. */
static size_t put_word(struct buf *out, const char *s, size_t left)
{
	uint8_t auth[32] = { 1 }, hash[32];
	char digit = left > 2 ? s[2] : '0';

	switch (left > 1 ? s[1] : 0) {
	case 'S':
		put_session(out, digit);
		return left > 2 ? 3 : 2;
	case 'T':
		put_ticket(out, digit);
		return left > 2 ? 3 : 2;
	case 'L':
		buf_text(out, lease);
		return 2;
	case 'K':
		keys_made++;
		seal_hash(hash, sizeof(hash), NULL, "key", &keys_made, sizeof(keys_made));
		put_hex(out, hash, sizeof(hash));
		return 2;
	case 'A':
		put_hex(out, auth, sizeof(auth));
		return 2;
	case 'H':
		seal_auth_hash(auth, hash);
		put_hex(out, hash, sizeof(hash));
		return 2;
	case 'U':
		put_hex(out, auth, 16);
		return 2;
	case 'E':
		buf_format(out, "%d", EPOCH);
		return 2;
	case 'N':
		buf_format(out, "%lld", (long long)now_ms);
		return 2;
	default:
		return 0;
	}
}

void router_house_words(struct buf *out, const char *line, size_t bytes)
{
	for (size_t i = 0, took; i < bytes; i += took) {
		took = line[i] == '$' ? put_word(out, line + i, bytes - i) : 0;
		if (!took) {
			buf_add(out, line + i, 1);
			took = 1;
		}
	}
}

/* A wrap's open head: format, cargo, generation, epoch; then nonce, cargo and tag, which the router cannot check. */
static void put_wrap(struct buf *out, enum seal_cargo cargo)
{
	static const uint8_t zero[SEAL_WRAP_BYTES_MAX];
	uint8_t head[14] = { 1, (uint8_t)cargo, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, EPOCH };
	struct seal_wrap_head is;
	size_t whole = SEAL_WRAP_BYTES(seal_cargo_bytes(cargo));

	for (head[0] = 1; head[0]; head[0]++) { /* the format byte is the sealing door's own */
		buf_clear(out);
		buf_add(out, head, sizeof(head));
		buf_add(out, zero, whole - sizeof(head));
		if (!seal_wrap_head(out->data, out->bytes, &is))
			return;
	}
	fuzz_broken(__FILE__, __LINE__, "a wrap has a format");
}

bool router_house_sealed(struct buf *out, const char *name)
{
	static const uint8_t zero[512];

	if (!strcmp(name, "%blob"))
		buf_add(out, zero, seal_blob_bytes(3));
	else if (!strcmp(name, "%bundle"))
		put_wrap(out, SEAL_CARGO_MESSAGE);
	else if (!strcmp(name, "%wrap"))
		put_wrap(out, SEAL_CARGO_CASE);
	else if (!strcmp(name, "%caller"))
		buf_add(out, zero, SEAL_CALLER_WRAP_BYTES);
	else
		return false;
	return true;
}
