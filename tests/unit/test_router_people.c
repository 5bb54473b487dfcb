/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions, roles, sign-in, people who come and go, and small orders around a case: on a real store. */
#include "router_kit.h"

#include "seal.h"
#include "text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char *proof_of(const char *user)
{
	static char kept[4][65];
	static size_t at;
	char *out = kept[at++ % 4];
	uint8_t auth[32];

	seal_hash(auth, sizeof(auth), NULL, "auth", user, strlen(user));
	hex_write(out, auth, sizeof(auth));
	return out;
}

static int sign_in(struct house *h, const char *user, const char *proof)
{
	return ask(h, "web", "order.sign_in", "{s:s, s:s}", "user", user, "auth", proof);
}

/* ---- signing in ---- */

static void an_unknown_user_looks_like_a_wrong_password(void **state)
{
	struct house *h = *state;
	char salt[40];

	assert_int_equal(ask(h, "web", "order.sign_in_begin", "{s:s}", "user", "nobody"), 200);
	snprintf(salt, sizeof(salt), "%s", said(h, "salt"));
	assert_int_equal(ask(h, "web", "order.sign_in_begin", "{s:s}", "user", "nobody"), 200);
	assert_string_equal(said(h, "salt"), salt);
	assert_int_equal(sign_in(h, "nobody", proof_of("nobody")), 403);
	assert_string_equal(said(h, "error"), "wrong_password");
	assert_int_equal(sign_in(h, "psych1", proof_of("somebody")), 403);
	assert_string_equal(said(h, "error"), "wrong_password");
	assert_int_equal(sign_in(h, "psych1", proof_of("psych1")), 200);
}

static void guessing_is_slowed_but_never_locks_a_counselor_out(void **state)
{
	struct house *h = *state;

	for (int i = 0; i < 5; i++)
		assert_int_equal(sign_in(h, "psych1", proof_of("guess")), 403);
	assert_int_equal(sign_in(h, "psych1", proof_of("psych1")), 429);
	assert_true(said_number(h, "wait_ms") > 0 && said_number(h, "wait_ms") <= 1000);
	for (int i = 0; i < 12; i++) {
		later(h, 61 * 1000);
		assert_int_equal(sign_in(h, "psych1", proof_of("guess")), 403);
	}
	assert_int_equal(sign_in(h, "psych1", proof_of("psych1")), 429);
	assert_true(said_number(h, "wait_ms") <= MINUTE);
	later(h, 61 * 1000);
	assert_int_equal(sign_in(h, "psych1", proof_of("psych1")), 200);
	assert_int_equal(sign_in(h, "psych2", proof_of("psych2")), 200); /* nobody else waits */
	assert_true(rows(h, "SELECT count(*) FROM audit WHERE act = 'sign_in_failed'", NULL) >= 17);
}

static void a_one_time_code_is_good_for_one_session(void **state)
{
	struct house *h = *state;
	const char *hash[] = { "0100000000000000000000000000000000000000000000000000000000000000",
		               "0200000000000000000000000000000000000000000000000000000000000000" };

	hand(h, "UPDATE staff SET totp = x'01', totp_step = 100 WHERE user = 'psych1'");
	for (int i = 0; i < 2; i++) {
		with_blob(h, "keyring", 7);
		assert_int_equal(ask(h, "web", "order.session", "{s:s, s:s, s:s, s:i}", "user", "psych1", "auth", proof_of("psych1"),
		                     "new_session_hash", hash[i], "totp_step", 101), i ? 403 : 201);
	}
	assert_string_equal(said(h, "error"), "totp_used");
}

/* ---- sessions ---- */

static void an_order_without_a_living_session_is_refused(void **state)
{
	struct house *h = *state;
	const char *t = waiting(h, "psych", 0);

	assert_int_equal(ask(h, "stranger", "order.claim", "{s:s}", "ticket", t), 401);
	assert_int_equal(ask(h, "psych1", "order.session_end", "{}"), 200);
	assert_int_equal(ask(h, "psych1", "order.claim", "{s:s}", "ticket", t), 401);
	assert_int_equal(rows(h, "SELECT count(*) FROM staff WHERE user = 'psych1' AND presence = 'off'", NULL), 1);
	h->idle = true;
	later(h, 29 * MINUTE);
	assert_int_equal(ask(h, "psych2", "order.session_touch", "{}"), 200);
	later(h, 2 * MINUTE);
	assert_int_equal(ask(h, "psych2", "order.claim", "{s:s}", "ticket", t), 200);
	assert_int_equal(ask(h, "lead1", "order.claim", "{s:s}", "ticket", t), 401); /* idle for 31 minutes */
}

static void a_session_has_an_end_however_busy_it_is(void **state)
{
	struct house *h = *state;

	for (int i = 0; i < 24; i++)
		later(h, 20 * MINUTE);
	assert_int_equal(ask(h, "psych1", "order.next", "{}"), 204);
	later(h, 1000);
	assert_int_equal(ask(h, "psych1", "order.next", "{}"), 401);
}

static void a_session_of_another_cannot_be_ended(void **state)
{
	struct house *h = *state;

	assert_int_equal(ask(h, "psych1", "order.session_end", "{s:i}", "id", 2), 404);
	assert_int_equal(ask(h, "psych2", "order.next", "{}"), 204);
}

static void whoever_must_change_the_password_does_nothing_else(void **state)
{
	struct house *h = *state;
	const char *salt = "000102030405060708090a0b0c0d0e0f";

	hand(h, "UPDATE staff SET must_change = 1 WHERE user = 'psych1'");
	assert_int_equal(ask(h, "psych1", "order.next", "{}"), 403);
	assert_string_equal(said(h, "error"), "must_change");
	for (int i = 0; i < 6; i++) {
		with_blob(h, "a new sealed secret", 19);
		assert_int_equal(ask(h, "psych1", "order.password", "{s:s, s:s, s:s, s:i, s:i}", "auth", proof_of("wrong"), "salt", salt, "new_auth",
		                     proof_of("new"), "kdf_bytes", 8192, "kdf_passes", 1), i < 5 ? 403 : 429);
	}
	later(h, MINUTE);
	with_blob(h, "a new sealed secret", 19);
	assert_int_equal(ask(h, "psych1", "order.password", "{s:s, s:s, s:s, s:i, s:i}", "auth", proof_of("psych1"), "salt", salt, "new_auth",
	                     proof_of("new"), "kdf_bytes", 8192, "kdf_passes", 1), 200);
	assert_int_equal(ask(h, "psych1", "order.next", "{}"), 204);
	assert_int_equal(sign_in(h, "psych1", proof_of("psych1")), 403);
	assert_int_equal(sign_in(h, "psych1", proof_of("new")), 200);
}

/* ---- people ---- */

static int state_of(struct house *h, const char *by, const char *user, const char *word)
{
	return ask(h, by, "order.staff_state", "{s:I, s:s}", "id", (json_int_t)staff_id(h, user), "state", word);
}

static void a_person_let_go_is_out_at_once(void **state)
{
	struct house *h = *state;
	const char *t = owned(h, "psych1", "psych", 0);

	assert_int_equal(state_of(h, "super1", "psych1", "disabled"), 403);
	assert_int_equal(state_of(h, "admin1", "psych1", "left"), 200);
	assert_int_equal(ask(h, "psych1", "order.open", "{s:s}", "ticket", t), 401);
	assert_int_equal(sign_in(h, "psych1", proof_of("psych1")), 403);
	assert_int_equal(rows(h, "SELECT count(*) FROM desk_keys WHERE holder = 1", NULL), 0);
	assert_int_equal(ask(h, "lead1", "order.assign", "{s:s, s:i, s:s}", "ticket", t, "version", -1, "to", "psych1"), 404);
	assert_int_equal(ask(h, "lead1", "order.assign", "{s:s, s:i, s:s}", "ticket", t, "version", -1, "to", "psych2"), 200);
}

static void the_last_who_holds_a_desks_key_cannot_go(void **state)
{
	struct house *h = *state;

	assert_int_equal(state_of(h, "admin1", "legal1", "left"), 200); /* the supervisor holds it too */
	assert_int_equal(state_of(h, "admin1", "super1", "left"), 409);
	assert_string_equal(said(h, "error"), "desk_unreadable");
	assert_int_equal(state_of(h, "admin1", "psych1", "disabled"), 200);
}

static int invite(struct house *h, const char *by, const char *user, const char *role)
{
	with_blob(h, "a sealed secret", 15);
	with_wrap(h, "web", SEAL_CARGO_SECRET);
	return ask(h, by, "order.staff_add", "{s:s, s:s, s:[s], s:[s], s:s, s:i, s:{s:i}, s:s, s:s, s:s, s:i, s:i}", "user", user, "name", "新人",
	           "roles", role, "desks", "450100.psych", "public", proof_of("public"), "epoch", 1, "generation", "450100.psych", 1, "mac",
	           "000102030405060708090a0b0c0d0e0f", "salt", "000102030405060708090a0b0c0d0e0f", "new_auth", proof_of(user), "kdf_bytes", 8192,
	           "kdf_passes", 1);
}

static void people_are_invited_by_those_who_may(void **state)
{
	struct house *h = *state;

	assert_int_equal(invite(h, "psych1", "new1", "counselor"), 403);
	assert_int_equal(invite(h, "super1", "new1", "admin"), 400);
	assert_int_equal(invite(h, "super1", "new1", "system"), 400);
	assert_int_equal(invite(h, "super1", "new1", "counselor"), 201);
	assert_int_equal(invite(h, "super1", "new1", "counselor"), 409);
	assert_string_equal(said(h, "error"), "user_taken");
	assert_int_equal(rows(h, "SELECT count(*) FROM staff WHERE user = 'new1' AND state = 'invited' AND must_change", NULL), 1);
	assert_int_equal(rows(h, "SELECT count(*) FROM desk_keys JOIN staff ON staff.id = holder WHERE user = 'new1'", NULL), 1);
}

/* ---- around a case ---- */

static void words_of_a_case_that_is_not_ones_own_need_a_reason_that_is_kept(void **state)
{
	struct house *h = *state;
	const char *t = owned(h, "psych1", "psych", 0);
	int64_t lines = rows(h, "SELECT count(*) FROM audit WHERE case_id = ?1", t);

	assert_int_equal(ask(h, "psych2", "order.open", "{s:s}", "ticket", t), 403);
	assert_string_equal(said(h, "error"), "reason_needed");
	assert_int_equal(rows(h, "SELECT count(*) FROM audit WHERE case_id = ?1", t), lines);
	assert_int_equal(ask(h, "psych2", "order.open", "{s:s, s:s}", "ticket", t, "reason", "handing over"), 200);
	assert_int_equal(ask(h, "psych1", "order.open", "{s:s}", "ticket", t), 200);
	assert_int_equal(rows(h, "SELECT count(*) FROM audit WHERE case_id = ?1 AND act IN ('open', 'read')", t), 2);
	assert_int_equal(ask(h, "admin1", "order.open", "{s:s, s:s}", "ticket", t, "reason", "curious"), 404);
}

static void a_message_is_taken_back_by_its_writer_within_two_minutes(void **state)
{
	struct house *h = *state;
	const char *t = owned(h, "psych1", "psych", 0);
	int64_t n;

	with_blob(h, "sealed", 6);
	assert_int_equal(ask(h, "psych1", "order.reply", "{s:s, s:s}", "ticket", t, "message_id", "0000000000000009"), 201);
	n = said_number(h, "n");
	assert_int_equal(ask(h, "psych2", "order.recall", "{s:s, s:I}", "ticket", t, "n", (json_int_t)n), 403);
	assert_int_equal(ask(h, "psych1", "order.recall", "{s:s, s:i}", "ticket", t, "n", 99), 404);
	assert_int_equal(ask(h, "psych1", "order.recall", "{s:s, s:I}", "ticket", t, "n", (json_int_t)n), 200);
	assert_int_equal(ask(h, "psych1", "order.recall", "{s:s, s:I}", "ticket", t, "n", (json_int_t)n), 200);
	with_blob(h, "sealed", 6);
	assert_int_equal(ask(h, "psych1", "order.reply", "{s:s, s:s}", "ticket", t, "message_id", "000000000000000a"), 201);
	n = said_number(h, "n");
	later(h, 2 * MINUTE + 1);
	assert_int_equal(ask(h, "psych1", "order.recall", "{s:s, s:I}", "ticket", t, "n", (json_int_t)n), 409);
	assert_string_equal(said(h, "error"), "too_late");
}

static void a_limit_is_extended_once_and_before_it_passes(void **state)
{
	struct house *h = *state;
	const char *t = owned(h, "psych1", "psych", 0);
	int64_t due = row_of(h, t).due_at;

	assert_true(due > h->now);
	assert_int_equal(ask(h, "super1", "order.extend", "{s:s}", "ticket", t), 200);
	assert_true(row_of(h, t).due_at > due);
	assert_int_equal(ask(h, "super1", "order.extend", "{s:s}", "ticket", t), 409);
	t = owned(h, "psych1", "psych", 0);
	later(h, 30 * 24 * (int64_t)HOUR);
	hand(h, "UPDATE sessions SET until_at = until_at + 9999999999");
	assert_int_equal(ask(h, "super1", "order.extend", "{s:s}", "ticket", t), 409);
}

static void an_older_draft_does_not_replace_a_newer_one(void **state)
{
	struct house *h = *state;
	const char *t = owned(h, "psych1", "psych", 0);

	for (int i = 0; i < 3; i++) {
		with_blob(h, "sealed", 6);
		assert_int_equal(ask(h, "psych1", "order.draft", "{s:s, s:s, s:i}", "ticket", t, "kind", "reply", "seq", i == 2 ? 1 : 5 + i), i == 2 ? 409 : 200);
	}
	assert_int_equal(ask(h, "psych1", "order.draft", "{s:s, s:s, s:i}", "ticket", t, "kind", "reply", "seq", 9), 200); /* empty: thrown away */
	assert_int_equal(rows(h, "SELECT count(*) FROM drafts", NULL), 0);
}

static void a_call_is_a_contact_with_or_without_a_case(void **state)
{
	struct house *h = *state;
	const char *t = owned(h, "psych1", "psych", 0);
	int64_t before = rows(h, "SELECT count(*) FROM contacts", NULL);

	assert_int_equal(ask(h, "psych1", "order.contact", "{s:s, s:s, s:I, s:i}", "channel", "phone", "type", "silent", "began_at",
	                     (json_int_t)h->now, "seconds", 5), 201);
	assert_int_equal(ask(h, "psych1", "order.contact", "{s:s, s:s, s:I, s:i, s:s}", "channel", "phone", "type", "self", "began_at",
	                     (json_int_t)h->now, "seconds", 500, "ticket", t), 201);
	assert_int_equal(ask(h, "legal1", "order.contact", "{s:s, s:s, s:I, s:i, s:s}", "channel", "phone", "type", "self", "began_at",
	                     (json_int_t)h->now, "seconds", 500, "ticket", t), 404);
	assert_int_equal(ask(h, "psych1", "order.contact", "{s:s, s:s, s:I, s:i}", "channel", "smoke", "type", "self", "began_at", (json_int_t)h->now,
	                     "seconds", 5), 400);
	assert_int_equal(rows(h, "SELECT count(*) FROM contacts", NULL), before + 2);
	assert_int_equal(rows(h, "SELECT count(*) FROM contacts WHERE case_id = ?1", t), 2); /* its own message, and the call */
}

static void urging_and_calling_for_help_are_events(void **state)
{
	struct house *h = *state;
	const char *t = owned(h, "psych1", "psych", 0);

	assert_int_equal(ask(h, "psych2", "order.urge", "{s:s}", "ticket", t), 200);
	assert_int_equal(ask(h, "psych2", "order.help", "{s:s}", "ticket", t), 403);
	assert_int_equal(ask(h, "psych1", "order.help", "{s:s}", "ticket", t), 200);
	assert_int_equal(rows(h, "SELECT count(*) FROM events WHERE case_id = ?1 AND kind IN ('urged', 'help')", t), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		rule(an_unknown_user_looks_like_a_wrong_password),
		rule(guessing_is_slowed_but_never_locks_a_counselor_out),
		rule(a_one_time_code_is_good_for_one_session),
		rule(an_order_without_a_living_session_is_refused),
		rule(a_session_has_an_end_however_busy_it_is),
		rule(a_session_of_another_cannot_be_ended),
		rule(whoever_must_change_the_password_does_nothing_else),
		rule(a_person_let_go_is_out_at_once),
		rule(the_last_who_holds_a_desks_key_cannot_go),
		rule(people_are_invited_by_those_who_may),
		rule(words_of_a_case_that_is_not_ones_own_need_a_reason_that_is_kept),
		rule(a_message_is_taken_back_by_its_writer_within_two_minutes),
		rule(a_limit_is_extended_once_and_before_it_passes),
		rule(an_older_draft_does_not_replace_a_newer_one),
		rule(a_call_is_a_contact_with_or_without_a_case),
		rule(urging_and_calling_for_help_are_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
