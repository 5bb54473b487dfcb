/* SPDX-License-Identifier: Apache-2.0 */
/* What callers and front ends may do: submit, come back, write back, wishes; keys, digests, epochs and well-formed seals: on a real store. */
#include "router_kit.h"

#include "seal.h"
#include "text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char *auth_hex(struct house *h)
{
	static char out[65];

	hex_write(out, h->auth, sizeof(h->auth));
	return out;
}

/* A caller's order without words, in the present session of the caller unless another epoch is given. */
static int caller_as(struct house *h, const char *service, int epoch)
{
	return ask(h, "intake", service, "{s:s, s:s, s:i}", "ticket", h->ticket, "auth", auth_hex(h), "caller_epoch", epoch);
}

static int reply(struct house *h, const char *who, const char *t)
{
	with_blob(h, "sealed", 6);
	return ask(h, who, "order.reply", "{s:s, s:s}", "ticket", t, "message_id", "0000000000000009");
}

/* ---- submitting ---- */

static void the_same_request_twice_is_one_case_and_another_under_its_key_is_refused(void **state)
{
	struct house *h = *state;
	char first[13];

	h->same_key = h->digest = "mine";
	assert_int_equal(submit(h, "psych", 0, 0), 201);
	snprintf(first, sizeof(first), "%s", h->ticket);
	h->same_key = h->digest = "mine"; /* sealed anew: other blobs, the same words */
	assert_int_equal(submit(h, "psych", 0, 0), 201);
	assert_string_equal(h->ticket, first);
	h->same_key = "mine";
	h->digest = "other words";
	assert_int_equal(submit(h, "psych", 0, 0), 409);
	assert_string_equal(said(h, "error"), "key_reused");
	assert_int_equal(rows(h, "SELECT count(*) FROM cases", NULL), 1);
}

/* A submit with these wraps, each well made but for what is said. */
static int submit_wraps(struct house *h, const char *sealer, int64_t epoch, size_t frames, json_t *names)
{
	uint8_t caller[SEAL_CALLER_WRAP_BYTES] = { 1 };
	json_t *name;
	size_t i;
	int status;

	with_blob(h, "sealed words", 12);
	with_wrap(h, "intake", SEAL_CARGO_MESSAGE);
	json_array_foreach(names, i, name)
		if (i >= frames)
			break;
		else if (!strcmp(json_string_value(name), "caller"))
			with_blob(h, caller, sizeof(caller));
		else
			with_wrap(h, sealer, SEAL_CARGO_CASE);
	status = ask(h, "intake", "intake.submit", "{s:s, s:s, s:s, s:s, s:i, s:s, s:s, s:I, s:{s:i}, s:i, s:o}", "uid",
	             "000102030405060708090a0b0c0d0e0f", "site", "450100", "desk", "psych", "channel", "web_form", "risk", 0, "message_id",
	             "0000000000000001", "caller_hash", "0000000000000000000000000000000000000000000000000000000000000001", "epoch",
	             (json_int_t)epoch, "generation", "psych", 1, "worker_generation", 1, "wraps", names);
	return status;
}

static void what_is_not_well_sealed_is_refused_and_leaves_nothing(void **state)
{
	struct house *h = *state;
	int64_t e = seal_epoch_row(h->epoch[0])->number;

	assert_int_equal(submit_wraps(h, "intake", e + 1, 9, json_pack("[ss]", "caller", "desk:450100.psych")), 400);
	assert_string_equal(said(h, "error"), "epoch_unknown");
	assert_int_equal(submit_wraps(h, "web", e, 9, json_pack("[ss]", "caller", "desk:450100.psych")), 400); /* of another epoch */
	assert_int_equal(submit_wraps(h, "intake", e, 1, json_pack("[ss]", "caller", "desk:450100.psych")), 400);
	assert_int_equal(submit_wraps(h, "intake", e, 9, json_pack("[s]", "caller")), 400);
	assert_int_equal(submit_wraps(h, "intake", e, 9, json_pack("[ss]", "caller", "desk:450100.legal")), 400);
	assert_int_equal(submit_wraps(h, "intake", e, 9, json_pack("[ss]", "caller", "desk:450100.moon")), 400);
	assert_int_equal(submit_wraps(h, "intake", e, 9, json_pack("[ss]", "caller", "person:psych1")), 400);
	assert_int_equal(rows(h, "SELECT (SELECT count(*) FROM cases) + (SELECT count(*) FROM wraps) + (SELECT count(*) FROM jobs) + "
	                         "(SELECT count(*) FROM bodies) + (SELECT count(*) FROM contacts)", NULL), 0);
	assert_int_equal(submit_wraps(h, "intake", e, 9, json_pack("[ss]", "caller", "desk:450100.psych")), 201);
}

static void a_sealer_announces_its_own_epochs_and_no_number_twice(void **state)
{
	struct house *h = *state;
	const char *key = "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20";
	char signature[129];

	memset(signature, 'a', 128);
	signature[128] = 0;
	assert_int_equal(ask(h, "intake", "epoch.put", "{s:s,s:i,s:s,s:s,s:i}", "sealer", "web", "number", 5, "public", key, "signature", signature, "made_at", 1), 403);
	assert_int_equal(ask(h, "open", "epoch.put", "{s:s,s:i,s:s,s:s,s:i}", "sealer", "web", "number", 5, "public", key, "signature", signature, "made_at", 1), 403);
	assert_int_equal(ask(h, "intake", "epoch.put", "{s:s,s:i,s:s,s:s,s:i}", "sealer", "intake", "number", 5, "public", key, "signature", signature, "made_at", 1), 200);
	assert_int_equal(ask(h, "intake", "epoch.put", "{s:s,s:i,s:s,s:s,s:i}", "sealer", "intake", "number", 5, "public", key, "signature", signature, "made_at", 1), 200);
	key = "ff02030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20";
	assert_int_equal(ask(h, "intake", "epoch.put", "{s:s,s:i,s:s,s:s,s:i}", "sealer", "intake", "number", 5, "public", key, "signature", signature, "made_at", 1), 409);
}

/* ---- coming back ---- */

static void an_unknown_ticket_looks_like_a_wrong_code(void **state)
{
	struct house *h = *state;
	char salt[40], wrong[200], unknown[200];

	submit(h, "psych", 0, 0);
	assert_int_equal(ask(h, "intake", "intake.key", "{s:s}", "ticket", "YT-0000-0000"), 200);
	snprintf(salt, sizeof(salt), "%s", said(h, "uid"));
	assert_int_equal(strlen(salt), 32);
	assert_int_equal(ask(h, "intake", "intake.key", "{s:s}", "ticket", "yt-oooo-oooo"), 200); /* the same, typed otherwise */
	assert_string_equal(said(h, "uid"), salt);
	h->auth[0] ^= 1;
	assert_int_equal(ask(h, "intake", "intake.open", "{s:s, s:s}", "ticket", h->ticket, "auth", auth_hex(h)), 403);
	snprintf(wrong, sizeof(wrong), "%s", said(h, "detail"));
	assert_int_equal(ask(h, "intake", "intake.open", "{s:s, s:s}", "ticket", "YT-0000-0000", "auth", auth_hex(h)), 403);
	snprintf(unknown, sizeof(unknown), "%s", said(h, "detail"));
	assert_string_equal(wrong, unknown);
}

static void the_right_code_opens_and_exit_ends_every_session(void **state)
{
	struct house *h = *state;

	submit(h, "psych", 0, 0);
	assert_int_equal(ask(h, "intake", "intake.open", "{s:s, s:s}", "ticket", h->ticket, "auth", auth_hex(h)), 200);
	assert_int_equal(said_number(h, "caller_epoch"), 1);
	assert_int_equal(caller_as(h, "intake.read", 1), 200);
	assert_int_equal(caller_as(h, "intake.exit", 1), 200);
	assert_int_equal(caller_as(h, "intake.read", 1), 401);
	assert_int_equal(ask(h, "intake", "intake.open", "{s:s, s:s}", "ticket", h->ticket, "auth", auth_hex(h)), 200);
	assert_int_equal(said_number(h, "caller_epoch"), 2);
	assert_int_equal(caller_as(h, "intake.read", 2), 200);
}

static void a_caller_reads_replies_and_no_notes_and_the_first_reading_is_told(void **state)
{
	struct house *h = *state;
	const char *t = owned(h, "psych1", "psych", 0);

	assert_int_equal(reply(h, "psych1", t), 201);
	with_blob(h, "secret", 6);
	assert_int_equal(ask(h, "psych1", "order.note", "{s:s, s:s, s:i}", "ticket", t, "message_id", "000000000000000a", "note_key", 1), 201);
	assert_int_equal(caller_as(h, "intake.read", 1), 200);
	assert_int_equal(json_array_size(json_object_get(h->out, "messages")), 1);
	assert_string_equal(json_text(json_array_get(json_object_get(h->out, "messages"), 0), "from"), "counselor");
	assert_int_equal(caller_as(h, "intake.read", 1), 200);
	assert_int_equal(rows(h, "SELECT count(*) FROM events WHERE case_id = ?1 AND kind = 'seen'", t), 1);
}

/* ---- wishes ---- */

static void a_withdrawal_ends_a_quiet_case_and_only_tells_of_a_grave_one(void **state)
{
	struct house *h = *state;
	const char *t = waiting(h, "psych", 0);

	assert_int_equal(caller_as(h, "intake.withdraw", 1), 200);
	assert_string_equal(said(h, "what"), "done");
	assert_state(h, t, "closed");
	assert_string_equal(row_of(h, t).disposition, "withdrawn");
	t = waiting(h, "psych", 2);
	assert_int_equal(caller_as(h, "intake.withdraw", 1), 200);
	assert_string_equal(said(h, "what"), "asked");
	assert_state(h, t, "waiting");
}

static void an_erasure_is_planned_can_be_stopped_and_then_comes_true(void **state)
{
	struct house *h = *state;
	const char *t = owned(h, "psych1", "psych", 0);

	assert_int_equal(caller_as(h, "intake.erase", 1), 200);
	assert_string_equal(said(h, "what"), "planned");
	assert_int_equal(caller_as(h, "intake.read", 1), 200);
	assert_int_equal(json_array_size(json_object_get(h->out, "timeline")), 0); /* hidden at once */
	assert_int_equal(caller_as(h, "intake.erase_stop", 1), 200);
	later(h, 8 * 24 * (int64_t)HOUR);
	assert_false(row_of(h, t).marks & CASE_MARK_ERASED);
	assert_int_equal(caller_as(h, "intake.erase", 1), 200);
	later(h, 6 * 24 * (int64_t)HOUR);
	assert_false(row_of(h, t).marks & CASE_MARK_ERASED);
	later(h, 2 * 24 * (int64_t)HOUR);
	assert_true(row_of(h, t).marks & CASE_MARK_ERASED);
	assert_int_equal(rows(h, "SELECT count(*) FROM wraps WHERE case_id = ?1", t), 0);
	assert_int_equal(rows(h, "SELECT coalesce(sum(length(blob)), 0) FROM bodies", NULL), 0);
	assert_int_equal(ask(h, "intake", "intake.open", "{s:s, s:s}", "ticket", t, "auth", auth_hex(h)), 409);
	assert_string_equal(said(h, "error"), "erased");
	assert_int_equal(caller_says(h, 0), 409);
}

static void a_risk_that_rises_meanwhile_keeps_the_words(void **state)
{
	struct house *h = *state;
	const char *t = owned(h, "psych1", "psych", 0);

	assert_int_equal(caller_as(h, "intake.erase", 1), 200);
	assert_int_equal(caller_says(h, 2), 201);
	screened(h, t, 1, 2, NULL);
	assert_state(h, t, "in_progress");
	later(h, 8 * 24 * (int64_t)HOUR);
	assert_false(row_of(h, t).marks & CASE_MARK_ERASED);
	assert_int_equal(rows(h, "SELECT count(*) FROM events WHERE case_id = ?1 AND kind = 'erase_asked'", t), 1);
	assert_int_equal(caller_as(h, "intake.erase", 1), 200);
	assert_string_equal(said(h, "what"), "asked");
}

static void a_complaint_holds_the_case_and_the_desk_does_not_hear_of_it(void **state)
{
	struct house *h = *state;
	const char *t = waiting(h, "psych", 0);
	int64_t events = rows(h, "SELECT count(*) FROM events", NULL);

	with_blob(h, "sealed", 6);
	with_wrap(h, "intake", SEAL_CARGO_MESSAGE);
	assert_int_equal(ask(h, "intake", "intake.complaint", "{s:s, s:s, s:i, s:s, s:I, s:i}", "ticket", t, "auth", auth_hex(h), "caller_epoch", 1,
	                     "message_id", "0000000000000007", "epoch", (json_int_t)seal_epoch_row(h->epoch[0])->number, "generation", 1), 201);
	assert_int_equal(rows(h, "SELECT count(*) FROM events", NULL), events);
	assert_int_equal(caller_as(h, "intake.withdraw", 1), 200);
	assert_string_equal(said(h, "what"), "asked");
	assert_int_equal(caller_as(h, "intake.erase", 1), 200);
	assert_string_equal(said(h, "what"), "asked");
}

static void a_rating_is_taken_once_and_cannot_be_tied_to_its_ticket(void **state)
{
	struct house *h = *state;
	const char *t = owned(h, "psych1", "psych", 0);

	assert_int_equal(caller_as(h, "intake.rate", 1), 409);
	assert_int_equal(ask(h, "psych1", "order.close", "{s:s, s:i, s:s}", "ticket", t, "version", -1, "disposition", "answered"), 200);
	assert_int_equal(caller_as(h, "intake.rate", 1), 200);
	assert_string_equal(said(h, "desk"), "450100.psych");
	assert_int_equal(caller_as(h, "intake.rate", 1), 409);
	assert_string_equal(said(h, "error"), "rated");
	assert_int_equal(ask(h, "intake", "intake.ratings", "{s:[{s:s, s:s, s:i, s:i, s:i}]}", "items", "desk", "450100.psych", "month", "2026-11",
	                     "heard", 3, "helped", 2, "again", 1), 200);
	assert_int_equal(rows(h, "SELECT count(*) FROM ratings", NULL), 1);
	assert_int_equal(ask(h, "intake", "intake.ratings", "{s:[{s:s, s:s, s:i, s:i, s:i}]}", "items", "desk", "450100.psych", "month", "2026-11",
	                     "heard", 4, "helped", 2, "again", 1), 400);
	assert_int_equal(rows(h, "SELECT count(*) FROM ratings", NULL), 1);
}

static void a_later_request_continues_an_earlier_one_only_with_its_proof(void **state)
{
	struct house *h = *state;
	const char *earlier = waiting(h, "psych", 0), *proof = auth_hex(h);
	char kept[65];

	snprintf(kept, sizeof(kept), "%s", proof);
	h->more = json_pack("{s:{s:s, s:s}}", "continues", "ticket", earlier, "auth", kept);
	assert_int_equal(submit(h, "psych", 0, 0), 201);
	assert_int_equal(row_of(h, h->ticket).continues, id_of(h, earlier));
	kept[0] = kept[0] == '0' ? '1' : '0';
	h->more = json_pack("{s:{s:s, s:s}}", "continues", "ticket", earlier, "auth", kept);
	assert_int_equal(submit(h, "psych", 0, 0), 403);
	h->more = json_pack("{s:{s:s, s:s}}", "continues", "ticket", "YT-0000-0000", "auth", kept);
	assert_int_not_equal(submit(h, "psych", 0, 0), 201);
	assert_int_equal(rows(h, "SELECT count(*) FROM cases", NULL), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		rule(the_same_request_twice_is_one_case_and_another_under_its_key_is_refused),
		rule(what_is_not_well_sealed_is_refused_and_leaves_nothing),
		rule(a_sealer_announces_its_own_epochs_and_no_number_twice),
		rule(an_unknown_ticket_looks_like_a_wrong_code),
		rule(the_right_code_opens_and_exit_ends_every_session),
		rule(a_caller_reads_replies_and_no_notes_and_the_first_reading_is_told),
		rule(a_withdrawal_ends_a_quiet_case_and_only_tells_of_a_grave_one),
		rule(an_erasure_is_planned_can_be_stopped_and_then_comes_true),
		rule(a_risk_that_rises_meanwhile_keeps_the_words),
		rule(a_complaint_holds_the_case_and_the_desk_does_not_hear_of_it),
		rule(a_rating_is_taken_once_and_cannot_be_tied_to_its_ticket),
		rule(a_later_request_continues_an_earlier_one_only_with_its_proof),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
