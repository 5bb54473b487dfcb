/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Figures of the store alone (speed.md S1, S2, S5–S7): the rows of one full submit through store_apply against the same
 * rows by plain prepared INSERTs into the same schema, interleaved in one run, both committed with fsync. Then claim,
 * reply, close and the first pages with as many cases as asked for. Prints; asserts no time. Usage: bench_store DIR
 * [CASES]
 */
#include "store.h"

#include "clock.h"
#include "mem.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BATCH = 64, ROUND = 6400, PART = 64000, BODY = 1024 + 256, WRAP = 140 };

static const uint8_t row_key[STORE_KEY_BYTES] = { 1, 2, 3 };
static uint8_t words[BODY];
static unsigned seed = 12355;

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void die(const char *what)
{
	fprintf(stderr, "bench_store: %s failed\n", what);
	exit(1);
}

static unsigned dice(void)
{
	return seed = seed * 1103515245 + 12345;
}

/* ---- ours ---- */

struct submit { struct store_op op; int64_t id; };

static int submit_words(struct store *s, int64_t id, int desk)
{
	struct message_row message = { .case_id = id, .n = 0, .kind = "message", .blob = { words, BODY } };
	struct wrap_row wrap = { .case_id = id, .generation = 1, .epoch = 1, .note_key = 1, .blob = { words, WRAP } };
	struct job_row job = {
		.service = "desk.psych", .case_id = id, .bundle = { words, WRAP }, .generation = 1, .epoch = 1
	};
	int rc = store_message_add(s, &message);

	wrap.target = "desk";
	for (wrap.desk = 1; !rc && wrap.desk <= 3; wrap.desk++)
		rc = store_wrap_put(s, &wrap);
	wrap.target = "caller";
	wrap.desk = 0;
	if (!rc)
		rc = store_wrap_put(s, &wrap);
	return rc || desk < 0 ? rc : store_job_add(s, &job);
}

static int submit_run(struct store *s, struct store_op *op)
{
	struct submit *b = (struct submit *)op;
	struct case_row row = { .site = 1,
				.desk = 1 + dice() / 65536 % 3,
				.state = CASE_SCREENING,
				.channel = "web_form",
				.region = "450100",
				.age_band = "14-17",
				.has_caller = true,
				.messages = 1 };
	struct contact_row contact = { .site = 1, .channel = "web_form", .type = "message" };
	struct answer_row answer = {
		.status = 201,
		.body = "{\"ticket\":\"YT-0000-0000\",\"state\":\"screening\",\"reply_by\":1700000000000}"
	};
	struct event_row event = { .site = 1, .desk = row.desk, .kind = "submitted" };
	struct answer_row again;
	int rc;

	for (size_t i = 0; i < sizeof(answer.key); i += 4)
		memcpy(answer.key + i, (unsigned[]){ dice() }, 4);
	rc = store_answer_find(s, answer.key, &again);
	if (rc != STORE_NONE)
		return rc ? rc : 1;
	row.oldest_at = store_now(s);
	row.screen_until = row.oldest_at + 60000;
	memcpy(row.uid, answer.key, sizeof(row.uid));
	memcpy(row.caller_hash, answer.key, sizeof(row.caller_hash));
	rc = store_case_insert(s, &row);
	b->id = contact.case_id = event.case_id = row.id;
	if (!rc)
		rc = submit_words(s, row.id, 1);
	if (!rc)
		rc = store_contact_add(s, &contact);
	if (!rc)
		rc = store_event_add(s, &event);
	return rc ? rc : store_answer_keep(s, &answer);
}

static void ours(struct store *s, int total, int batch, bool validates)
{
	struct submit ops[BATCH];
	struct store_op *list[BATCH];

	for (int i = 0; i < batch; i++) {
		ops[i] = (struct submit){ .op = { .run = submit_run, .validates = validates } };
		list[i] = &ops[i].op;
	}
	for (int done = 0; done < total; done += batch)
		if (store_apply(s, list, (size_t)batch) || ops[0].op.result || store_checkpoint(s))
			die("store_apply");
}

/* ---- plain SQLite, the same rows into the same schema ---- */

static const char *const raw_sql[] = {
	"INSERT INTO cases (uid, site, desk, state, channel, region, age_band, messages, opened_at, oldest_at, "
	"screen_until, changed_at, "
	"caller_hash, mac) VALUES (?1, 1, ?2, 'screening', 'web_form', '450100', '14-17', 1, ?3, ?3, ?3 + 60000, ?3, "
	"?4, ?1)",
	"INSERT INTO bodies (blob) VALUES (?5)",
	"INSERT INTO messages (case_id, n, kind, key_id, at, body) VALUES (?6, 0, 'message', x'0000000000000000', ?3, "
	"?7)",
	"INSERT INTO wraps (case_id, target, desk, generation, epoch, blob) VALUES (?6, 'desk', 1, 1, 1, ?8)",
	"INSERT INTO wraps (case_id, target, desk, generation, epoch, blob) VALUES (?6, 'desk', 2, 1, 1, ?8)",
	"INSERT INTO wraps (case_id, target, desk, generation, epoch, blob) VALUES (?6, 'desk', 3, 1, 1, ?8)",
	"INSERT INTO wraps (case_id, target, desk, generation, epoch, blob) VALUES (?6, 'caller', 0, 1, 1, ?8)",
	"INSERT INTO jobs (service, state, case_id, n, bundle, generation, epoch, made_at) VALUES ('desk.psych', "
	"'ready', ?6, 0, ?8, 1, 1, ?3)",
	"INSERT INTO contacts (site, channel, type, began_at, case_id, made_at) VALUES (1, 'web_form', 'message', ?3, "
	"?6, ?3)",
	"INSERT INTO events (at, site, desk, case_id, kind) VALUES (?3, 1, ?2, ?6, 'submitted')",
	"INSERT INTO answers (short, key, digest, at, status, body) VALUES (?9, ?4, ?4, ?3, 201, "
	"'{\"ticket\":\"YT-0000-0000\",\"state\":\"screening\",\"reply_by\":1700000000000}')",
};
enum { RAW = ARRAY_LEN(raw_sql) };
struct raw { sqlite3 *db; sqlite3_stmt *stmt[RAW], *begin, *commit; };

static void raw_open(struct raw *r, const char *path)
{
	if (sqlite3_open_v2(path, &r->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) ||
	    sqlite3_exec(r->db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -32768;"
	                        "PRAGMA wal_autocheckpoint = 4096; PRAGMA temp_store = MEMORY", NULL, NULL, NULL))
		die("sqlite3_open");
	for (int i = 0; i < RAW; i++)
		if (sqlite3_prepare_v3(r->db, raw_sql[i], -1, SQLITE_PREPARE_PERSISTENT, &r->stmt[i], NULL))
			die(raw_sql[i]);
	sqlite3_prepare_v2(r->db, "BEGIN IMMEDIATE", -1, &r->begin, NULL);
	sqlite3_prepare_v2(r->db, "COMMIT", -1, &r->commit, NULL);
}

static void raw_step(sqlite3_stmt *stmt)
{
	if (sqlite3_step(stmt) != SQLITE_DONE)
		die("sqlite3_step");
	sqlite3_reset(stmt);
}

static void raw_submit(struct raw *r)
{
	const int desk = 1 + (int)(dice() / 65536 % 3);
	const int64_t at = clock_wall_ms();
	int64_t id = 0, body = 0;
	unsigned key[8];

	for (int i = 0; i < 8; i++)
		key[i] = dice();
	for (int i = 0; i < RAW; i++) {
		sqlite3_stmt *stmt = r->stmt[i];

		switch (sqlite3_bind_parameter_count(stmt)) { /* the highest number a statement names */
		case 9:
			sqlite3_bind_int64(stmt, 9, (int64_t)dice() << 32 | dice());
			/* fall through */
		default:
			sqlite3_bind_blob(stmt, 1, key, 16, SQLITE_STATIC);
			sqlite3_bind_int(stmt, 2, desk);
			sqlite3_bind_int64(stmt, 3, at);
			sqlite3_bind_blob(stmt, 4, key, 32, SQLITE_STATIC);
			sqlite3_bind_blob(stmt, 5, words, BODY, SQLITE_STATIC);
			sqlite3_bind_int64(stmt, 6, id);
			sqlite3_bind_int64(stmt, 7, body);
			sqlite3_bind_blob(stmt, 8, words, WRAP, SQLITE_STATIC);
		}
		raw_step(stmt);
		id = i == 0 ? sqlite3_last_insert_rowid(r->db) : id;
		body = i == 1 ? sqlite3_last_insert_rowid(r->db) : body;
	}
}

static void raw(struct raw *r, int total, int batch)
{
	for (int done = 0; done < total; done += batch) {
		raw_step(r->begin);
		for (int i = 0; i < batch; i++)
			raw_submit(r);
		raw_step(r->commit);
	}
}

static void raw_close(struct raw *r)
{
	for (int i = 0; i < RAW; i++)
		sqlite3_finalize(r->stmt[i]);
	sqlite3_finalize(r->begin);
	sqlite3_finalize(r->commit);
	sqlite3_close(r->db);
}

/* ---- one case's life, and pages ---- */

struct work { struct store_op op; int64_t id; int what; };

static int work_run(struct store *s, struct store_op *op)
{
	struct work *w = (struct work *)op;
	struct event_row event = {
		.site = 1, .desk = 1, .case_id = w->id, .kind = w->what ? "reply" : "claimed", .staff = 7
	};
	struct message_row reply = { .case_id = w->id, .n = -1, .kind = "reply", .author = 7, .blob = { words, BODY } };
	struct case_row row;
	int rc = store_case_get(s, w->id, &row);

	if (rc)
		return rc;
	row.state = w->what == 0 ? CASE_ASSIGNED : w->what == 1 ? CASE_AWAITING_CALLER : CASE_CLOSED;
	row.owner = 7;
	row.version++;
	row.lease_until = store_now(s) + 900000;
	if (w->what == 1)
		rc = store_message_add(s, &reply);
	if (!rc)
		rc = store_case_save(s, &row);
	return rc ? rc : store_event_add(s, &event);
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static void spread(const char *name, double *took, int n)
{
	qsort(took, (size_t)n, sizeof(*took), by_size);
	printf("%-34s p50 %8.3f ms   p99 %8.3f ms\n", name, took[n / 2] * 1e3, took[n * 99 / 100] * 1e3);
}

static void life(struct store *s, int64_t cases)
{
	enum { N = 600 };
	static const char *const names[] = { "claim (one commit)", "reply (one commit)", "close (one commit)" };
	double took[N];

	for (int what = 0; what < 3; what++) {
		seed = 77;
		for (int i = 0; i < N; i++) {
			struct work w = { .op = { .run = work_run }, .id = 1 + dice() % cases, .what = what };
			double t = now_s();

			if (store_apply(s, (struct store_op *const[]){ &w.op }, 1) || w.op.result ||
			    store_checkpoint(s))
				die("work");
			took[i] = now_s() - t;
		}
		spread(names[what], took, N);
	}
}

static void pages(struct store *s)
{
	enum { N = 200 };
	static const int64_t desks[] = { 1, 2, 3 };
	static const struct { const char *name; struct store_filter f;
	} views[] = {
		{ "first page: desk",
		  { .view = STORE_VIEW_DESK, .desks = desks, .desk_count = 3, .state = -1, .risk = -1 } },
		{ "first page: desk, risk 3 (none)",
		  { .view = STORE_VIEW_DESK, .desks = desks, .desk_count = 3, .state = -1, .risk = 3 } },
		{ "first page: mine", { .view = STORE_VIEW_MINE, .me = 7, .state = -1, .risk = -1 } },
		{ "first page: closed",
		  { .view = STORE_VIEW_CLOSED, .desks = desks, .desk_count = 3, .state = -1, .risk = -1 } },
		{ "first page: all",
		  { .view = STORE_VIEW_ALL, .desks = desks, .desk_count = 3, .state = -1, .risk = -1 } },
		{ "first page: waiting",
		  { .view = STORE_VIEW_WAITING, .desks = desks, .desk_count = 3, .state = -1, .risk = -1 } },
	};
	double took[N];

	for (size_t v = 0; v < ARRAY_LEN(views); v++) {
		for (int i = 0; i < N; i++) {
			struct store_item *items;
			char next[STORE_CURSOR_BYTES];
			double t = now_s();
			size_t n;

			store_lent_drop(s);
			if (store_list(s, &views[v].f, NULL, 50, &items, &n, next))
				die("store_list");
			took[i] = now_s() - t;
		}
		spread(views[v].name, took, N);
	}
}

/* ---- the run ---- */

static struct store *fresh(const char *path)
{
	struct store *s = NULL;
	char *why = NULL;

	if (store_open_write(path, row_key, &s, &why)) {
		fprintf(stderr, "bench_store: %s\n", why ? why : "the store did not open");
		exit(1);
	}
	return s;
}

static void compare(struct store *s, struct raw *r, int batch, int total)
{
	enum { TURNS = 5 };
	double mine[TURNS], plain[TURNS], savepoint[TURNS];

	for (int i = 0; i < TURNS; i++) {
		double t0 = now_s(), t1, t2;

		ours(s, total, batch, true);
		t1 = now_s();
		raw(r, total, batch);
		t2 = now_s();
		ours(s, total, batch, false);
		mine[i] = t1 - t0;
		plain[i] = t2 - t1;
		savepoint[i] = now_s() - t2;
	}
	qsort(mine, TURNS, sizeof(double), by_size);
	qsort(plain, TURNS, sizeof(double), by_size);
	qsort(savepoint, TURNS, sizeof(double), by_size);
	printf("submit, batch %-3d  ours %8.0f/s   with savepoints %8.0f/s   plain SQLite %8.0f/s   ratio %.2f "
	       "(%.2f)\n",
	       batch, total / mine[TURNS / 2], total / savepoint[TURNS / 2], total / plain[TURNS / 2],
	       plain[TURNS / 2] / mine[TURNS / 2], plain[TURNS / 2] / savepoint[TURNS / 2]);
}

int main(int argc, char **argv)
{
	const int64_t cases = argc > 2 ? strtoll(argv[2], NULL, 10) : 0;
	AUTO(mem_free)
	char *a = mem_format("%s/ours.db", argc > 1 ? argv[1] : "."),
	     *b = mem_format("%s/plain.db", argc > 1 ? argv[1] : ".");
	struct store *s = fresh(a), *p = fresh(b);
	struct raw r;
	double t;

	memset(words, 0x5a, sizeof(words));
	store_close(&p);
	raw_open(&r, b);
	printf("sqlite %s, %d B of words, 4 wraps, contact, event, job, answer a submit\n", sqlite3_libversion(), BODY);
	compare(s, &r, BATCH, ROUND);
	compare(s, &r, 1, 400);
	life(s, ROUND);
	pages(s);
	if (cases) {
		for (int64_t done = 0; done < cases; done += PART) {
			t = now_s();
			ours(s, PART, BATCH, true);
			printf("filling, at %7lld cases %.0f/s\n", (long long)done, PART / (now_s() - t));
		}
		t = now_s();
		ours(s, ROUND, BATCH, true);
		printf("submit, batch 64, at %lld cases: %.0f/s\n", (long long)cases, ROUND / (now_s() - t));
		life(s, cases);
		pages(s);
		store_close(&s);
		t = now_s();
		s = fresh(a);
		printf("cold open: %.3f s\n", now_s() - t);
	}
	raw_close(&r);
	store_close(&s);
	return 0;
}
