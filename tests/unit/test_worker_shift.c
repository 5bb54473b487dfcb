/* SPDX-License-Identifier: Apache-2.0 */
/* What a worker makes of a sealed request: it opens only what was sealed for it, here and now, and says no more than it
 * must. */
#include "desk.h"
#include "json.h"
#include "mem.h"
#include "shift.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct ground {
	struct shift *shift;
	struct seal_identity intake;
	struct seal_epoch *epoch;
	struct seal_target target, before;
	struct seal_case secrets;
	uint64_t message;
	struct msg m; /* blob, bundle */
	json_t *body, *result;
};

static struct seal_opener *opener_of(struct seal_target *target, uint32_t generation)
{
	struct seal_pair pair;

	seal_pair_new(&pair);
	snprintf(target->name, sizeof(target->name), "worker:psych");
	target->generation = generation;
	memcpy(target->public, pair.public, sizeof(pair.public));
	return seal_opener_new("worker:psych", generation, pair.secret);
}

static int ground_make(void **state)
{
	struct ground *g = mem_new(sizeof(*g));
	AUTO(mem_free) char *why = NULL;
	struct seal_opener *opener[SHIFT_OPENERS_MAX];
	struct screen *screen = NULL;
	struct seal_book *book;
	uint8_t seed[32];

	if (seal_init() || screen_load(QT_SOURCE_DIR "/etc/rules", &screen, &why))
		return 1;
	seal_random(seed, sizeof(seed));
	seal_identity_from("intake", seed, &g->intake);
	g->epoch = seal_epoch_new(&g->intake, 1000);
	book = seal_book_new();
	seal_book_trust(book, "intake", g->intake.public);
	opener[0] = opener_of(&g->target, 5);
	opener[1] = opener_of(&g->before, 4);
	g->shift = shift_new("psych", screen, book, opener);
	seal_random(g->secrets.case_key, sizeof(g->secrets.case_key));
	seal_random(g->secrets.uid, sizeof(g->secrets.uid));
	*state = g;
	return 0;
}

static int ground_clear(void **state)
{
	struct ground *g = *state;

	json_release(&g->body);
	json_release(&g->result);
	msg_clear(&g->m);
	seal_epoch_drop(&g->epoch);
	shift_free(&g->shift);
	mem_free(state);
	return 0;
}

static json_t *epoch_json(const struct seal_epoch_row *row)
{
	json_t *epoch = json_pack("{s:s, s:I}", "sealer", row->sealer, "number", (json_int_t)row->number);

	json_set_hex(epoch, "public", row->public, sizeof(row->public));
	json_set_hex(epoch, "signature", row->signature, sizeof(row->signature));
	return epoch;
}

/* A request as intake and router make it. */
static void ground_seal(struct ground *g, const char *words, size_t bytes, const struct seal_target *target,
                        const char *chosen)
{
	struct seal_place place = { .uid = g->secrets.uid, .kind = SEAL_MESSAGE, .author = "caller" };
	uint8_t key[SEAL_KEY_BYTES], bundle[SEAL_WRAP_KEY_BYTES], id[8];
	struct buf blob = { 0 };

	g->message = place.message = seal_random_id();
	assert_int_equal(seal_blob_write(g->secrets.case_key, &place, words, bytes, &blob), 0);
	seal_message_key(g->secrets.case_key, &place, key);
	assert_int_equal(seal_wrap_write(g->epoch, target, g->secrets.uid, SEAL_CARGO_MESSAGE, key, bundle), 0);
	msg_clear(&g->m);
	msg_add(&g->m, blob.data, blob.bytes);
	msg_add(&g->m, bundle, sizeof(bundle));
	buf_finish(&blob);
	json_release(&g->body);
	g->body = json_pack("{s:i, s:s, s:s, s:o, s:i}", "number", 0, "author", "caller", "chosen", chosen, "epoch",
	                    epoch_json(seal_epoch_row(g->epoch)), "generation", (int)target->generation);
	for (int i = 0; i < 8; i++)
		id[i] = (uint8_t)(g->message >> (56 - 8 * i));
	json_set_hex(g->body, "message", id, sizeof(id));
	json_set_hex(g->body, "uid", g->secrets.uid, sizeof(g->secrets.uid));
}

static int ground_work(struct ground *g)
{
	json_release(&g->result);
	return shift_work(g->shift, g->body, &g->m, 0, &g->result);
}

static void ground_say(struct ground *g, const char *words, const char *chosen)
{
	ground_seal(g, words, strlen(words), &g->target, chosen);
	assert_int_equal(ground_work(g), 0);
}

static void a_sealed_message_is_opened_screened_and_reported_in_codes(void **state)
{
	struct ground *g = *state;
	AUTO(mem_free) char *text = NULL;

	ground_say(g, "我想自杀，遗书写好了", "psych");
	assert_int_equal(json_int(g->result, "risk", -1), 2);
	assert_string_equal(json_text(g->result, "desk"), "psych");
	assert_string_equal(json_text(g->result, "category"), "psych.suicide");
	assert_string_equal(json_text(g->result, "kind"), "help");
	assert_string_equal(json_text(g->result, "urgency"), "urgent");
	assert_false(json_bool(g->result, "third_party", true));
	assert_false(json_bool(g->result, "report", true));
	assert_true(json_array_size(json_object_get(g->result, "hits")) >= 2);
	assert_int_equal(json_object_size(g->result), 8);
	text = json_write(g->result);
	assert_null(strstr(text, "自杀"));
	assert_null(strstr(text, "遗书"));
}

static void a_key_before_the_turn_still_opens(void **state)
{
	struct ground *g = *state;

	ground_seal(g, "你好", strlen("你好"), &g->before, "");
	assert_int_equal(ground_work(g), 0);
	assert_string_equal(json_text(g->result, "desk"), "");
	assert_string_equal(json_text(g->result, "category"), "");
	assert_int_equal(json_array_size(json_object_get(g->result, "hits")), 0);
}

static void a_key_behind_the_turn_asks_for_a_new_start(void **state)
{
	struct ground *g = *state;
	struct seal_target newer = g->target;

	newer.generation = 6;
	ground_seal(g, "你好", strlen("你好"), &newer, "");
	assert_int_equal(ground_work(g), SHIFT_OLD_KEYS);
}

static void a_generation_long_gone_is_damage(void **state)
{
	struct ground *g = *state;
	struct seal_target older = g->target;

	older.generation = 2;
	ground_seal(g, "你好", strlen("你好"), &older, "");
	assert_int_equal(ground_work(g), SHIFT_DAMAGED);
}

static void what_was_altered_or_moved_does_not_open(void **state)
{
	struct ground *g = *state;
	uint8_t other[SEAL_UID_BYTES] = { 1 };

	for (size_t frame = 0; frame < 2; frame++) {
		ground_seal(g, "words", 5, &g->target, "psych");
		g->m.frame[frame].data[g->m.frame[frame].bytes - 1] ^= 1;
		assert_int_equal(ground_work(g), SHIFT_DAMAGED);
	}
	for (size_t frame = 0; frame < 2; frame++) {
		ground_seal(g, "words", 5, &g->target, "psych");
		g->m.frame[frame].bytes = 3;
		assert_int_equal(ground_work(g), SHIFT_DAMAGED);
	}
	ground_seal(g, "words", 5, &g->target, "psych");
	json_set_hex(g->body, "uid", other, sizeof(other));
	assert_int_equal(ground_work(g), SHIFT_DAMAGED);
	ground_seal(g, "words", 5, &g->target, "psych");
	json_set_hex(g->body, "message", other, 8);
	assert_int_equal(ground_work(g), SHIFT_DAMAGED);
	ground_seal(g, "words", 5, &g->target, "psych");
	json_object_set_new(g->body, "author", json_string("person:1"));
	assert_int_equal(ground_work(g), SHIFT_DAMAGED);
}

static void an_epoch_that_nobody_trusted_signed_is_not_believed(void **state)
{
	struct ground *g = *state;
	struct seal_identity stranger;
	uint8_t seed[32] = { 9 };

	seal_epoch_drop(&g->epoch);
	seal_identity_from("intake", seed, &stranger);
	g->epoch = seal_epoch_new(&stranger, 2000);
	ground_seal(g, "words", 5, &g->target, "psych");
	assert_int_equal(ground_work(g), SHIFT_DAMAGED);
}

static void words_that_are_no_text_are_damage(void **state)
{
	struct ground *g = *state;

	ground_seal(g, "\xFF\xFE", 2, &g->target, "psych");
	assert_int_equal(ground_work(g), SHIFT_DAMAGED);
	ground_seal(g, "a\0b", 3, &g->target, "psych");
	assert_int_equal(ground_work(g), SHIFT_DAMAGED);
	ground_seal(g, "", 0, &g->target, "psych");
	assert_int_equal(ground_work(g), 0);
	assert_int_equal(json_int(g->result, "risk", -1), 0);
}

static void a_request_outside_the_contract_is_refused(void **state)
{
	static const char *const fields[] = { "uid", "message", "number", "author", "chosen", "epoch", "generation" };
	struct ground *g = *state;

	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		ground_seal(g, "words", 5, &g->target, "psych");
		json_object_del(g->body, fields[i]);
		assert_int_equal(ground_work(g), SHIFT_BAD_REQUEST);
	}
	ground_seal(g, "words", 5, &g->target, "psych");
	json_object_set_new(g->body, "risk", json_integer(0));
	assert_int_equal(ground_work(g), SHIFT_BAD_REQUEST);
	ground_seal(g, "words", 5, &g->target, "psych");
	json_object_set_new(g->body, "epoch", json_object());
	assert_int_equal(ground_work(g), SHIFT_BAD_REQUEST);
	ground_seal(g, "words", 5, &g->target, "psych");
	msg_add_text(&g->m, "one more");
	assert_int_equal(ground_work(g), SHIFT_BAD_REQUEST);
	g->m.count = 3;
	msg_clear(&g->m);
	assert_int_equal(ground_work(g), SHIFT_BAD_REQUEST);
}

static void only_hits_that_explain_risk_or_category_are_told(void **state)
{
	struct ground *g = *state;
	const json_t *hits;

	ground_say(g, "和同学吵架，心情不好，考试也没考好", "psych");
	hits = json_object_get(g->result, "hits");
	assert_true(json_array_size(hits) >= 1);
	for (size_t i = 0; i < json_array_size(hits); i++) {
		const json_t *hit = json_array_get(hits, i);

		assert_true(json_int(hit, "risk", 0) > 0 || strncmp(json_text(hit, "rule"), "psych.", 6) == 0);
	}
	ground_say(g, "我没有自杀的想法", "psych");
	assert_string_equal(json_text(json_array_get(json_object_get(g->result, "hits"), 0), "held"), "negated");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_sealed_message_is_opened_screened_and_reported_in_codes, ground_make,
		                                ground_clear),
		cmocka_unit_test_setup_teardown(a_key_before_the_turn_still_opens, ground_make, ground_clear),
		cmocka_unit_test_setup_teardown(a_key_behind_the_turn_asks_for_a_new_start, ground_make, ground_clear),
		cmocka_unit_test_setup_teardown(a_generation_long_gone_is_damage, ground_make, ground_clear),
		cmocka_unit_test_setup_teardown(what_was_altered_or_moved_does_not_open, ground_make, ground_clear),
		cmocka_unit_test_setup_teardown(an_epoch_that_nobody_trusted_signed_is_not_believed, ground_make,
		                                ground_clear),
		cmocka_unit_test_setup_teardown(words_that_are_no_text_are_damage, ground_make, ground_clear),
		cmocka_unit_test_setup_teardown(a_request_outside_the_contract_is_refused, ground_make, ground_clear),
		cmocka_unit_test_setup_teardown(only_hits_that_explain_risk_or_category_are_told, ground_make,
		                                ground_clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
