/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fills the store of a founded house that does not run with as many cases as asked: nine of ten closed with a reply, the rest waiting,
 * in work or awaiting the caller. What waits is truly sealed, so that a counselor can open it. For S5, S6, S7 and S11.
 *
 *   fill --data DIR --cases N
 */
#include "load.h"
#include "sealer.h"

#include "clock.h"
#include "mem.h"
#include "store.h"

#include <stdio.h>
#include <string.h>

enum { BATCH = 64, TEXT_BYTES = 600, STAFF = 8, DAY_MS = 86400000, EVERY_MS = 20000, RECENT = 20000, AUDIT_EVERY = 4 };

struct filling {
	struct store_op op;
	struct sealer *sealer;
	int64_t n, cases; /* which of how many */
};

static int keep_epoch(struct store *s, struct store_op *op)
{
	const struct seal_epoch_row *e = seal_epoch_row(((struct filling *)op)->sealer->epoch);
	struct epoch_row row = { .number = e->number, .sealer = "intake", .public = { e->public, sizeof(e->public) },
		                 .signature = { e->signature, sizeof(e->signature) }, .made_at = e->made_at_ms };

	return store_epoch_put(s, &row);
}

static int add_event(struct store *s, const struct case_row *row, const char *kind, int64_t staff, int64_t at)
{
	struct event_row event = { .at = at, .site = row->site, .desk = row->desk, .case_id = row->id, .kind = kind, .staff = staff };

	return store_event_add(s, &event);
}

static int add_words(struct store *s, const struct case_row *row, const struct sealed *sealed)
{
	struct message_row m = { .case_id = row->id, .kind = "message", .blob = { sealed->message.data, sealed->message.bytes },
		                 .at = row->opened_at, .risk = row->risk, .screened_at = row->opened_at + 100 };
	struct wrap_row caller = { .case_id = row->id, .target = "caller", .sealer = "intake", .note_key = 1,
		                   .blob = { sealed->caller, sizeof(sealed->caller) } };
	struct wrap_row desk = { .case_id = row->id, .target = "desk", .desk = row->desk, .generation = 1, .sealer = "intake", .note_key = 1,
		                 .blob = { sealed->desk[row->desk - 1], SEAL_WRAP_CASE_BYTES } };
	struct seal_wrap_head head;
	int r = seal_wrap_head(desk.blob.data, desk.blob.bytes, &head);

	desk.epoch = head.epoch;
	for (int i = 0; i < 8; i++)
		m.key_id[i] = (uint8_t)(sealed->message_id >> (56 - 8 * i));
	if (!r)
		r = store_message_add(s, &m);
	if (!r)
		r = store_wrap_put(s, &caller);
	return r ? r : store_wrap_put(s, &desk);
}

static int add_end(struct store *s, const struct case_row *row)
{
	static uint8_t filler[512];
	struct message_row reply = { .case_id = row->id, .n = -1, .kind = "reply", .author = row->owner, .at = row->replied_at,
		                     .blob = { filler, sizeof(filler) } };
	int r = store_message_add(s, &reply);

	if (!r)
		r = add_event(s, row, "reply", row->owner, row->replied_at);
	if (!r && row->state == CASE_CLOSED)
		r = add_event(s, row, "closed", row->owner, row->closed_at);
	return r;
}

static int add_waiting(struct store *s, const struct case_row *row)
{
	struct queue_row q = { .desk = row->desk, .rank = case_rank(row->risk, row->oldest_at), .case_id = row->id, .what = "case",
		               .risk = row->risk, .since = row->oldest_at, .why = case_why(row->risk, 0, false, false) };

	return store_queue_put(s, &q);
}

/* What a case has become, by its number; the last RECENT have their idempotency answers still. */
static void decide(const struct filling *f, struct case_row *row)
{
	static const enum case_state open[] = { CASE_WAITING, CASE_WAITING, CASE_WAITING, CASE_WAITING, CASE_ASSIGNED,
		                                CASE_IN_PROGRESS, CASE_IN_PROGRESS, CASE_AWAITING_CALLER, CASE_AWAITING_CALLER, CASE_AWAITING_CALLER };
	int64_t k = f->n / 10;

	*row = (struct case_row){ .site = 1, .desk = 1 + f->n % 3, .state = f->n % 10 ? CASE_CLOSED : open[k % 10], .version = 2,
		                  .marks = CASE_MARK_DESK_SETTLED, .risk = k % 50 == 0 ? 1 : 0, .channel = "web_form", .region = "450103",
		                  .age_band = "14-17", .has_caller = true, .caller_epoch = 1, .messages = 1, .category = "" };
	row->opened_at = clock_wall_ms() - DAY_MS - (f->cases - f->n) * EVERY_MS;
	if (row->state != CASE_WAITING) {
		row->owner = row->opened_by = 1 + f->n % STAFF;
		row->risk = (int)(k % 40 == 1 ? 3 : k % 10 == 1 ? 2 : row->risk);
		row->touched = row->state != CASE_ASSIGNED;
	} else {
		row->oldest_at = row->opened_at;
	}
	if (row->state == CASE_CLOSED || row->state == CASE_AWAITING_CALLER) {
		row->messages = 2;
		row->first_reply_at = row->replied_at = row->opened_at + 600000;
	}
	if (row->state == CASE_CLOSED) {
		row->closed_at = row->opened_at + DAY_MS;
		row->disposition = "answered";
		row->category = "psych.mood";
	}
}

static int add_answer(struct store *s, const struct sealed *sealed)
{
	struct answer_row answer = { .status = 201, .body = "{\"ticket\":\"YT-0000-0000\",\"state\":\"screening\"}" };

	memcpy(answer.key, sealed->key, sizeof(answer.key));
	memcpy(answer.digest, sealed->digest, sizeof(answer.digest));
	return store_answer_keep(s, &answer);
}

static int fill_one(struct store *s, struct store_op *op)
{
	struct filling *f = (struct filling *)op;
	struct contact_row contact = { .site = 1, .channel = "web_form", .type = "message" };
	struct sealed sealed;
	struct case_row row;
	int r;

	decide(f, &row);
	sealer_make(f->sealer, (int)row.desk - 1, &sealed);
	memcpy(row.uid, sealed.uid, sizeof(row.uid));
	memcpy(row.caller_hash, sealed.caller_hash, sizeof(row.caller_hash));
	r = store_case_insert(s, &row);
	contact.case_id = row.id;
	contact.began_at = contact.made_at = row.opened_at;
	if (!r)
		r = add_words(s, &row, &sealed);
	if (!r)
		r = store_contact_add(s, &contact);
	if (!r)
		r = add_event(s, &row, "submitted", 0, row.opened_at);
	if (!r && row.messages > 1)
		r = add_end(s, &row);
	if (!r && row.state == CASE_WAITING)
		r = add_waiting(s, &row);
	if (!r && f->n + RECENT >= f->cases)
		r = add_answer(s, &sealed);
	if (!r && row.owner && f->n % AUDIT_EVERY == 0)
		r = store_audit_add(s, row.owner, "read", row.id, "");
	buf_finish(&sealed.message);
	return r;
}

static void apply(struct store *s, struct store_op **ops, size_t n)
{
	if (store_apply(s, (struct store_op *const *)ops, n) || ops[0]->result || ops[n - 1]->result || store_checkpoint(s))
		load_die("The store refused what it was filled with.");
}

static struct store *open_store(const char *data)
{
	AUTO(mem_free) char *path = mem_format("%s/db/qingting.db", data);
	struct keyring_row *keys = NULL;
	struct store *s = NULL;
	char *why = NULL;

	if (keyring_row_load(data, &keys, &why) || store_open_write(path, keys->row, &s, &why))
		load_die("%s", why ? why : "The store did not open.");
	seal_locked_free(&keys);
	return s;
}

/* The desks of the configuration come first (the router has started once), in the order of sealer_desks. */
static void check_desks(struct store *s)
{
	struct desk_row desk;

	for (int i = 0; i < SEALER_DESKS; i++)
		if (store_desk_get(s, i + 1, &desk) || strcmp(desk.kind, sealer_desks[i]))
			load_die("The store does not hold the desks of the sample configuration; start its router once.");
}

int main(int argc, char **argv)
{
	const char *data = load_text(argc, argv, "--data", NULL);
	long cases = load_number(argc, argv, "--cases", 0);
	struct filling part[BATCH];
	struct store_op *ops[BATCH];
	struct took took = { 0 };
	struct sealer sealer;
	struct store *s;

	if (!data || cases < 1)
		load_die("fill --data DIR --cases N");
	sealer_open(&sealer, data, TEXT_BYTES);
	s = open_store(data);
	check_desks(s);
	took.began = load_now();
	part[0] = (struct filling){ .op = { .run = keep_epoch }, .sealer = &sealer };
	ops[0] = &part[0].op;
	apply(s, ops, 1);
	for (long done = 0; done < cases;) {
		double since = load_now();
		size_t n = 0;

		for (; n < BATCH && done < cases; n++, done++) {
			part[n] = (struct filling){ .op = { .run = fill_one, .validates = true }, .sealer = &sealer, .n = done, .cases = cases };
			ops[n] = &part[n].op;
		}
		apply(s, ops, n);
		for (size_t i = 0; i < n; i++)
			took_add(&took, load_now() - since);
	}
	took_print(&took);
	store_close(&s);
	sealer_close(&sealer);
	return 0;
}
