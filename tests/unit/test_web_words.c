/* SPDX-License-Identifier: Apache-2.0 */
/* Rules of opening and sealing words at the console: whose key opens what, and that nothing opens in another place or
 * under another pen. */
#include "web_kit.h"

#include "mem.h"
#include "words.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const int64_t psych_only[] = { DESK_PSYCH, 0 };

static struct case_row row_of(struct web_kit *k, int64_t id)
{
	struct case_row row;

	assert_int_equal(store_case_get(k->web.store, id, &row), 0);
	return row;
}

/* The message 0 as this person reads it: a gift; NULL with *outcome otherwise. */
static char *read_first(struct web_kit *k, struct who *who, int64_t id, int *outcome)
{
	struct case_row row = row_of(k, id);
	struct words words;
	struct message_row m;
	json_t *text = NULL;
	char *out;

	*outcome = words_open(who, &row, &words);
	if (!*outcome) {
		assert_int_equal(store_message_get(k->web.store, id, 0, &m), 0);
		*outcome = words_read(&words, who, &m, &text);
	}
	words_wipe(&words);
	out = mem_text(json_string_value(text));
	json_release(&text);
	return out;
}

static void a_desks_key_opens_its_cases_and_no_others(void **state)
{
	struct web_kit *k = *state;
	struct who *psych = who_kit(k, 5, DESK_PSYCH, CASE_ROLE_COUNSELOR),
		   *legal = who_kit(k, 6, DESK_LEGAL, CASE_ROLE_COUNSELOR);
	struct seal_case secrets;
	int64_t id = case_kit(k, DESK_PSYCH, "我想说一件事", psych_only, &secrets);
	int outcome;
	char *text = read_first(k, psych, id, &outcome);

	assert_int_equal(outcome, 0);
	assert_string_equal(text, "我想说一件事");
	mem_free(&text);
	assert_null(read_first(k, legal, id, &outcome));
	assert_int_equal(outcome, WORDS_LOCKED);
	who_kit_end(&psych);
	who_kit_end(&legal);
}

static int forge_run(struct store *store, void *ctx)
{
	(void)ctx;
	return store_wrap_delete(store, 1, "desk", DESK_PSYCH);
}

/* The router can put any bytes into a wrap: an epoch that no known sealer signed opens nothing. */
static void a_wrap_of_an_unknown_sealer_opens_nothing(void **state)
{
	struct web_kit *k = *state;
	struct who *psych = who_kit(k, 5, DESK_PSYCH, CASE_ROLE_COUNSELOR);
	struct seal_case secrets;
	static const uint8_t seed[32] = { 7 };
	struct seal_identity stranger;
	int64_t id = case_kit(k, DESK_PSYCH, "甲", psych_only, &secrets);
	struct seal_epoch *honest = k->intake_epoch;
	int outcome;

	assert_int_equal(id, 1);
	assert_int_equal(kit_run(k->kit, forge_run, NULL), 0);
	seal_identity_from("intake", seed, &stranger);
	k->intake_epoch = seal_epoch_new(&stranger, 5);
	epoch_kit(k, k->intake_epoch);
	wrap_kit(k, id, &secrets, "desk", DESK_PSYCH, 1);
	seal_epoch_drop(&k->intake_epoch);
	k->intake_epoch = honest;
	assert_null(read_first(k, psych, id, &outcome));
	assert_int_equal(outcome, WORDS_LOCKED);
	who_kit_end(&psych);
}

struct moving {
	int64_t to;
	struct message_row row;
};

static int move_run(struct store *store, void *ctx)
{
	struct moving *m = ctx;

	m->row.case_id = m->to;
	m->row.n = -1;
	return store_message_add(store, &m->row);
}

/* The outcome of reading a copy of message 0 that the router has put elsewhere, or under another name. */
static int outcome_of_copy(struct web_kit *k, struct who *who, int64_t from, int64_t to,
                           void (*change)(struct message_row *row))
{
	struct moving m = { .to = to };
	struct case_row row;
	struct words words;
	struct message_row found;
	json_t *text;
	char blob[4096];
	int r;

	assert_int_equal(store_message_get(k->web.store, from, 0, &m.row), 0);
	memcpy(blob, m.row.blob.data, m.row.blob.bytes);
	m.row.blob.data = blob;
	m.row.kind = "message";
	m.row.alias = m.row.hits = "";
	if (change)
		change(&m.row);
	assert_int_equal(kit_run(k->kit, move_run, &m), 0);
	row = row_of(k, to);
	assert_int_equal(words_open(who, &row, &words), 0);
	assert_int_equal(store_message_get(k->web.store, to, m.row.n, &found), 0);
	r = words_read(&words, who, &found, &text);
	json_release(&text);
	words_wipe(&words);
	return r;
}

static void as_staff(struct message_row *row)
{
	row->author = 5;
}

static void as_reply(struct message_row *row)
{
	row->kind = "reply";
}

static void as_another(struct message_row *row)
{
	row->key_id[7] ^= 1;
}

static void as_foreign_note(struct message_row *row)
{
	row->kind = "note";
	row->note_key = 77;
}

static void words_open_in_their_own_place_only(void **state)
{
	struct web_kit *k = *state;
	struct who *psych = who_kit(k, 5, DESK_PSYCH, CASE_ROLE_COUNSELOR);
	struct seal_case secrets;
	int64_t one = case_kit(k, DESK_PSYCH, "甲", psych_only, &secrets),
		two = case_kit(k, DESK_PSYCH, "乙", psych_only, &secrets);

	assert_int_equal(outcome_of_copy(k, psych, one, one, NULL), 0);
	assert_int_equal(outcome_of_copy(k, psych, one, two, NULL), WORDS_DAMAGED);
	assert_int_equal(outcome_of_copy(k, psych, one, one, as_staff), WORDS_DAMAGED);
	assert_int_equal(outcome_of_copy(k, psych, one, one, as_reply), WORDS_DAMAGED);
	assert_int_equal(outcome_of_copy(k, psych, one, one, as_another), WORDS_DAMAGED);
	assert_int_equal(outcome_of_copy(k, psych, one, one, as_foreign_note), WORDS_LOCKED);
	who_kit_end(&psych);
}

/* A crisis in a follow-up gives the psych desk a note key of its own: what the first desk has noted stays the first
 * desk's. */
static void a_crisis_wrap_opens_the_conversation_and_not_the_first_desks_notes(void **state)
{
	struct web_kit *k = *state;
	static const int64_t legal_only[] = { DESK_LEGAL, 0 };
	struct who *psych = who_kit(k, 5, DESK_PSYCH, CASE_ROLE_COUNSELOR),
		   *legal = who_kit(k, 6, DESK_LEGAL, CASE_ROLE_COUNSELOR);
	struct seal_case secrets, riding;
	struct message_row note = { .kind = "note", .author = 6, .note_key = SEAL_NOTE_NUMBER_FIRST };
	struct buf blob = { 0 };
	struct words words;
	json_t *text;
	uint32_t number;
	int64_t id = case_kit(k, DESK_LEGAL, "甲", legal_only, &secrets);
	struct case_row row = row_of(k, id);

	assert_int_equal(words_open(legal, &row, &words), 0);
	assert_int_equal(words_write(&words, legal, SEAL_NOTE, 42, "内部备注", &blob, &number), 0);
	assert_int_equal(number, SEAL_NOTE_NUMBER_FIRST);
	note.key_id[7] = 42;
	note.blob = (struct store_blob){ blob.data, blob.bytes };
	assert_int_equal(words_read(&words, legal, &note, &text), 0);
	json_release(&text);
	riding = secrets;
	seal_note_key_new(riding.note_key, &riding.note_number);
	wrap_kit(k, id, &riding, "task", DESK_PSYCH, 2);
	assert_int_equal(words_open(psych, &row, &words), 0);
	assert_int_equal(words_read(&words, psych, &note, &text), WORDS_LOCKED);
	assert_int_equal(words.note[0].number, riding.note_number);
	words_wipe(&words);
	buf_finish(&blob);
	who_kit_end(&psych);
	who_kit_end(&legal);
}

static void a_case_sealed_to_another_desk_opens_there(void **state)
{
	struct web_kit *k = *state;
	struct who *psych = who_kit(k, 5, DESK_PSYCH, CASE_ROLE_COUNSELOR),
		   *social = who_kit(k, 6, DESK_SOCIAL, CASE_ROLE_COUNSELOR);
	struct seal_case secrets, got = { 0 };
	uint8_t wrap[SEAL_WRAP_CASE_BYTES], payload[SEAL_DESK_PAYLOAD_BYTES];
	struct seal_opener *opener;
	struct words words;
	struct desk_row desk;
	int64_t id = case_kit(k, DESK_PSYCH, "甲", psych_only, &secrets);
	struct case_row row = row_of(k, id);

	assert_int_equal(store_desk_get(k->web.store, DESK_SOCIAL, &desk), 0);
	assert_int_equal(words_open(psych, &row, &words), 0);
	assert_int_equal(words_wrap(&words, &k->web, &desk, wrap), 0);
	desk.generation = 2;
	assert_int_equal(words_wrap(&words, &k->web, &desk, wrap + 0), 1); /* keys/public knows no such generation */
	desk.generation = 1;
	assert_int_equal(words_wrap(&words, &k->web, &desk, wrap), 0);
	assert_int_equal(seal_book_add(k->web.book, seal_epoch_row(k->web.epoch)), 0);
	opener = who_opener(social, "desk:450100.social", 1);
	assert_non_null(opener);
	assert_int_equal(seal_wrap_read(opener, k->web.book, secrets.uid, SEAL_CARGO_CASE, wrap, sizeof(wrap), payload),
	                 0);
	seal_desk_payload_read(payload, &got);
	assert_memory_equal(got.case_key, secrets.case_key, sizeof(got.case_key));
	assert_memory_equal(got.note_key, secrets.note_key, sizeof(got.note_key));
	seal_opener_free(&opener);
	words_wipe(&words);
	who_kit_end(&psych);
	who_kit_end(&social);
}

static void contact_details_read_as_lines(void **state)
{
	json_t *contact = json_pack("{s:s, s:s, s:b}", "phone", "139", "times", "晚上", "say_who", 1);
	char *lines = words_contact("zh-CN", contact);

	(void)state;
	assert_string_equal(lines, "电话：139\n什么时候方便：晚上\n回拨时可以说是 12355\n");
	mem_free(&lines);
	json_release(&contact);
}

#define WITH_KIT(test) cmocka_unit_test_setup_teardown(test, web_kit_begin, web_kit_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_KIT(a_desks_key_opens_its_cases_and_no_others),
		WITH_KIT(a_wrap_of_an_unknown_sealer_opens_nothing),
		WITH_KIT(words_open_in_their_own_place_only),
		WITH_KIT(a_crisis_wrap_opens_the_conversation_and_not_the_first_desks_notes),
		WITH_KIT(a_case_sealed_to_another_desk_opens_there),
		cmocka_unit_test(contact_details_read_as_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
