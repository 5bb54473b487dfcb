/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reference of S1, S2 and S7: the rows of one submit by plain prepared INSERTs, committed with fsync, as many submits a commit as
 * asked. Either into the same schema (made by the store, then written behind its back), or into one whose keys are random.
 * Prints one line of JSON; a submit takes as long as its commit.
 *
 *   sqlite_load --db FILE [--count 10000] [--batch 64] [--random yes]
 */
#include "load.h"

#include "clock.h"
#include "seal.h"
#include "store.h"

#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { STATEMENTS_MAX = 16, BODY = 1024 + 256 + 49 };

/* ?1 uid  ?2 desk  ?3 now  ?4 a hash  ?5 body  ?6 row of the case  ?7 row of the body  ?8 desk wrap  ?9 short  ?10 caller wrap
 * ?11 bundle  ?12 another random id */
#define WRAP(desk, n)                                                                                                  \
	"INSERT INTO wraps (case_id, target, desk, generation, epoch, blob) VALUES (" n ", 'desk', " desk ", 1, 1, ?8)"
#define CONTACT_FACTS                                                                                                  \
	"'{\"age_band\":\"14-17\",\"gender\":\"unsaid\",\"relation\":\"self\",\"region\":\"450103\",\"category\":\"\","         \
	"\"kind\":\"consult\",\"channel\":\"web_form\"}'"
#define ANSWER                                                                                                         \
	"'{\"ticket\":\"YT-0000-0000\",\"state\":\"screening\",\"reply_by\":1700000000000,\"risk\":0,\"version\":1,"           \
	"\"uid\":\"00000000000000000000000000000000\"}'"
static const char *const ordered[] = {
	"INSERT INTO cases (uid, site, desk, state, channel, region, age_band, messages, opened_at, oldest_at, reply_by, due_at, "
	"screen_until, changed_at, caller_hash, mac) VALUES (?1, 1, ?2, 'screening', 'web_form', '450103', '14-17', 1, ?3, ?3, "
	"?3 + 600000, ?3 + 86400000, ?3 + 60000, ?3, ?4, ?1)",
	"INSERT INTO bodies (blob) VALUES (?5)",
	"INSERT INTO messages (case_id, n, kind, key_id, at, body) VALUES (?6, 0, 'message', substr(?1, 1, 8), ?3, ?7)",
	"INSERT INTO wraps (case_id, target, desk, generation, epoch, blob) VALUES (?6, 'caller', 0, 0, 0, ?10)",
	WRAP("1", "?6"), WRAP("2", "?6"), WRAP("3", "?6"),
	"INSERT INTO jobs (service, state, case_id, n, bundle, generation, epoch, made_at) VALUES ('desk.psych', 'ready', ?6, 0, ?11, "
	"1, 1, ?3)",
	"INSERT INTO contacts (site, channel, type, began_at, case_id, facts, made_at) VALUES (1, 'web_form', 'message', ?3, ?6, "
	CONTACT_FACTS ", ?3)",
	"INSERT INTO events (at, site, desk, case_id, kind) VALUES (?3, 1, ?2, ?6, 'submitted')",
	"INSERT INTO answers (short, key, digest, at, status, body) VALUES (?9, ?4, ?4, ?3, 201, " ANSWER ")",
};
static const char random_schema[] =
	"CREATE TABLE IF NOT EXISTS cases (id BLOB PRIMARY KEY, site, desk, state, channel, region, age_band, messages, opened_at, "
	"oldest_at, reply_by, due_at, screen_until, changed_at, caller_hash, mac) WITHOUT ROWID;"
	"CREATE INDEX IF NOT EXISTS cases_desk ON cases(desk, state, id); CREATE INDEX IF NOT EXISTS cases_caller ON cases(caller_hash);"
	"CREATE INDEX IF NOT EXISTS cases_screen ON cases(screen_until) WHERE screen_until IS NOT NULL;"
	"CREATE TABLE IF NOT EXISTS messages (id BLOB PRIMARY KEY, case_id, n, kind, at, body);"
	"CREATE INDEX IF NOT EXISTS messages_case ON messages(case_id, n);"
	"CREATE TABLE IF NOT EXISTS wraps (case_id, target, desk, blob, PRIMARY KEY (case_id, target, desk)) WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS jobs (id BLOB PRIMARY KEY, service, state, case_id, bundle, made_at);"
	"CREATE INDEX IF NOT EXISTS jobs_ready ON jobs(service, made_at) WHERE state = 'ready';"
	"CREATE INDEX IF NOT EXISTS jobs_case ON jobs(case_id);"
	"CREATE TABLE IF NOT EXISTS contacts (id BLOB PRIMARY KEY, site, case_id, facts, made_at);"
	"CREATE INDEX IF NOT EXISTS contacts_case ON contacts(case_id);"
	"CREATE TABLE IF NOT EXISTS events (seq INTEGER PRIMARY KEY, at, desk, case_id, kind);"
	"CREATE INDEX IF NOT EXISTS events_case ON events(case_id, seq);"
	"CREATE TABLE IF NOT EXISTS answers (key BLOB PRIMARY KEY, digest, at, status, body) WITHOUT ROWID;";
static const char *const scattered[] = {
	"INSERT INTO cases VALUES (?1, 1, ?2, 'screening', 'web_form', '450103', '14-17', 1, ?3, ?3, ?3 + 600000, ?3 + 86400000, "
	"?3 + 60000, ?3, ?4, ?1)",
	"INSERT INTO messages VALUES (?12, ?1, 0, 'message', ?3, ?5)",
	"INSERT INTO wraps VALUES (?1, 'caller', 0, ?10)",
	"INSERT INTO wraps VALUES (?1, 'desk', 1, ?8)", "INSERT INTO wraps VALUES (?1, 'desk', 2, ?8)",
	"INSERT INTO wraps VALUES (?1, 'desk', 3, ?8)",
	"INSERT INTO jobs VALUES (?12, 'desk.psych', 'ready', ?1, ?11, ?3)",
	"INSERT INTO contacts VALUES (?12, 1, ?1, " CONTACT_FACTS ", ?3)",
	"INSERT INTO events (at, desk, case_id, kind) VALUES (?3, ?2, ?1, 'submitted')",
	"INSERT INTO answers VALUES (?4, ?4, ?3, 201, " ANSWER ")",
};

struct raw {
	sqlite3 *db;
	sqlite3_stmt *stmt[STATEMENTS_MAX], *begin, *commit;
	int parameters[STATEMENTS_MAX];
	size_t statements;
};

static void must(struct raw *r, int code, const char *what)
{
	if (code != SQLITE_OK)
		load_die("%s: %s.", what, sqlite3_errmsg(r->db));
}

static void prepare(struct raw *r, const char *sql, sqlite3_stmt **out)
{
	must(r, sqlite3_prepare_v3(r->db, sql, -1, SQLITE_PREPARE_PERSISTENT, out, NULL), sql);
}

static void raw_open(struct raw *r, const char *file, bool random)
{
	static const uint8_t row_key[STORE_KEY_BYTES] = { 1 };
	struct store *store = NULL;
	char *why = NULL;

	if (!random && access(file, F_OK)) { /* the store makes its own schema */
		if (store_open_write(file, row_key, &store, &why))
			load_die("%s", why ? why : "The store did not open.");
		store_close(&store);
	}
	must(r, sqlite3_open_v2(file, &r->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL), file);
	must(r, sqlite3_exec(r->db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32768;"
	                            "PRAGMA wal_autocheckpoint = 4096; PRAGMA temp_store = MEMORY", NULL, NULL, NULL), "PRAGMA");
	if (random)
		must(r, sqlite3_exec(r->db, random_schema, NULL, NULL, NULL), "CREATE");
	r->statements = random ? sizeof(scattered) / sizeof(*scattered) : sizeof(ordered) / sizeof(*ordered);
	for (size_t i = 0; i < r->statements; i++) {
		prepare(r, random ? scattered[i] : ordered[i], &r->stmt[i]);
		r->parameters[i] = sqlite3_bind_parameter_count(r->stmt[i]);
	}
	prepare(r, "BEGIN IMMEDIATE", &r->begin);
	prepare(r, "COMMIT", &r->commit);
}

static void step(struct raw *r, sqlite3_stmt *stmt)
{
	if (sqlite3_step(stmt) != SQLITE_DONE)
		load_die("%s: %s.", sqlite3_sql(stmt), sqlite3_errmsg(r->db));
	sqlite3_reset(stmt);
}

struct values { uint8_t random[80]; int desk; int64_t now, row, body; };

static void bind(sqlite3_stmt *stmt, int parameter, const struct values *v)
{
	static uint8_t filler[BODY];
	int64_t head;

	memcpy(&head, v->random + 16, sizeof(head));
	switch (parameter) {
	case 1: sqlite3_bind_blob(stmt, 1, v->random, 16, SQLITE_STATIC); break;
	case 2: sqlite3_bind_int(stmt, 2, v->desk); break;
	case 3: sqlite3_bind_int64(stmt, 3, v->now); break;
	case 4: sqlite3_bind_blob(stmt, 4, v->random + 16, 32, SQLITE_STATIC); break;
	case 5: sqlite3_bind_blob(stmt, 5, filler, BODY, SQLITE_STATIC); break;
	case 6: sqlite3_bind_int64(stmt, 6, v->row); break;
	case 7: sqlite3_bind_int64(stmt, 7, v->body); break;
	case 8: sqlite3_bind_blob(stmt, 8, filler, SEAL_WRAP_CASE_BYTES, SQLITE_STATIC); break;
	case 9: sqlite3_bind_int64(stmt, 9, head); break;
	case 10: sqlite3_bind_blob(stmt, 10, filler, SEAL_CALLER_WRAP_BYTES, SQLITE_STATIC); break;
	case 11: sqlite3_bind_blob(stmt, 11, filler, SEAL_WRAP_KEY_BYTES, SQLITE_STATIC); break;
	default: sqlite3_bind_blob(stmt, 12, v->random + 48, 16, SQLITE_STATIC); break;
	}
}

static void raw_submit(struct raw *r, bool random)
{
	struct values v = { .now = clock_wall_ms() };

	seal_random(v.random, sizeof(v.random));
	v.desk = 1 + v.random[64] % 3;
	for (size_t i = 0; i < r->statements; i++) {
		for (int p = 1; p <= r->parameters[i]; p++)
			bind(r->stmt[i], p, &v);
		step(r, r->stmt[i]);
		if (i == 0 && !random)
			v.row = sqlite3_last_insert_rowid(r->db);
		if (i == 1 && !random)
			v.body = sqlite3_last_insert_rowid(r->db);
	}
}

int main(int argc, char **argv)
{
	const char *file = load_text(argc, argv, "--db", NULL);
	bool random = load_text(argc, argv, "--random", NULL) != NULL;
	long count = load_number(argc, argv, "--count", 10000), batch = load_number(argc, argv, "--batch", 64);
	struct took took = { 0 };
	struct raw r = { 0 };

	if (!file || count < 1 || batch < 1 || seal_init())
		load_die("sqlite_load --db FILE [--count N] [--batch N] [--random yes]");
	raw_open(&r, file, random);
	took.began = load_now();
	for (long done = 0; done < count; done += batch) {
		double since = load_now();

		step(&r, r.begin);
		for (long i = 0; i < batch; i++)
			raw_submit(&r, random);
		step(&r, r.commit);
		for (long i = 0; i < batch; i++)
			took_add(&took, load_now() - since);
	}
	took_print(&took);
	for (size_t i = 0; i < r.statements; i++)
		sqlite3_finalize(r.stmt[i]);
	sqlite3_finalize(r.begin);
	sqlite3_finalize(r.commit);
	sqlite3_close(r.db);
	return 0;
}
