/* SPDX-License-Identifier: Apache-2.0 */
/* The key files: founding gives a house its keys in one rename, each room reads its own, and keys can be turned. */
#include "keyring_house.h"

static void founding_makes_every_key_and_each_room_reads_its_own(void **state)
{
	static const char *const names[] = {
		"desk:450100.psych", "desk:450100.legal", "oversight:450100", "backup",     "recovery",
		"worker:psych",      "worker:legal",      "sealer:intake",    "sealer:web",
		"curve:router",      "curve:intake",      "curve:web",        "curve:worker.psych", "curve:worker.legal"
	};
	struct house *h = *state;
	struct keyring_public *p = NULL;

	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		assert_int_equal(load(h, files[i]), 0);
	assert_int_equal(keyring_check(h->dir, 1000, &h->why), 0);
	assert_null(h->why);
	assert_int_equal(keyring_public_load(h->dir, &p, &h->why), 0);
	assert_int_equal(p->halves, ARRAY_LEN(names));
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		assert_non_null(keyring_target(p, names[i]));
		assert_int_equal(keyring_target(p, names[i])->generation, 1);
	}
	assert_null(keyring_target(p, "desk:450100.social"));
	keyring_public_free(&p);
}

static void what_intake_seals_the_desk_opens(void **state)
{
	struct house *h = *state;
	struct keyring_intake *intake = NULL;
	struct keyring_public *p = NULL;
	struct seal_epoch *epoch;
	struct seal_book *book;
	uint8_t uid[16] = { 1 }, payload[SEAL_DESK_PAYLOAD_BYTES] = { 2 }, out[SEAL_DESK_PAYLOAD_BYTES];
	uint8_t wrap[SEAL_WRAP_CASE_BYTES];

	assert_int_equal(keyring_intake_load(h->dir, 1000, &intake, &h->why), 0);
	assert_int_equal(keyring_public_load(h->dir, &p, &h->why), 0);
	book = keyring_book(p);
	epoch = seal_epoch_new(&intake->sealer, 1000);
	assert_int_equal(seal_book_add(book, seal_epoch_row(epoch)), 0);
	for (size_t i = 0; i < h->founding->secrets; i++) {
		const struct keyring_secret *s = &h->founding->secret[i];
		struct seal_opener *opener = seal_opener_new(s->target.name, s->target.generation, s->secret);

		assert_int_equal(
			seal_wrap_write(epoch, keyring_target(p, s->target.name), uid, SEAL_CARGO_CASE, payload, wrap),
			0);
		assert_int_equal(seal_wrap_read(opener, book, uid, SEAL_CARGO_CASE, wrap, sizeof(wrap), out), 0);
		assert_memory_equal(payload, out, sizeof(out));
		seal_opener_free(&opener);
	}
	assert_int_equal(h->founding->secrets, 4);
	seal_epoch_drop(&epoch);
	seal_book_free(&book);
	keyring_public_free(&p);
	seal_locked_free(&intake);
}

static void the_recovery_sheet_opens_what_is_wrapped_to_recovery(void **state)
{
	struct house *h = *state;
	struct seal_pair pair;

	assert_int_equal(strlen(h->founding->recovery_code), SEAL_CODE_BYTES - 1);
	seal_code_pair(h->founding->recovery_code, &pair);
	assert_memory_equal(pair.public, keyring_target(h->founding->public, "recovery")->public, 32);
}

static void no_secret_of_a_desk_or_of_recovery_is_on_disk(void **state)
{
	struct house *h = *state;
	char hex[65];

	for (size_t f = 0; f < ARRAY_LEN(files); f++) {
		AUTO(mem_free) char *text = file_text(h, files[f]);

		for (size_t i = 0; i < h->founding->secrets; i++) {
			hex_write(hex, h->founding->secret[i].secret, 32);
			assert_null(strstr(text, hex));
		}
		assert_null(strstr(text, h->founding->recovery_code));
	}
}

static void intake_and_web_share_the_pepper_of_receipts_and_nothing_else(void **state)
{
	struct house *h = *state;
	struct keyring_intake *i = NULL, *again = NULL;
	struct keyring_web *w = NULL;

	assert_int_equal(keyring_intake_load(h->dir, 1000, &i, &h->why), 0);
	assert_int_equal(keyring_intake_load(h->dir, 1000, &again, &h->why), 0);
	assert_int_equal(keyring_web_load(h->dir, 1000, &w, &h->why), 0);
	assert_memory_equal(i, again, sizeof(*i));
	assert_memory_equal(i->pepper, w->pepper, 32);
	assert_memory_not_equal(w->pepper, w->password, 32);
	assert_memory_not_equal(i->replay.key[0], w->replay.key[0], 32);
	assert_memory_not_equal(i->idem, w->idem, 32);
	assert_memory_not_equal(i->sealer.public, w->sealer.public, 32);
	assert_memory_not_equal(i->token, i->draft, 32);
	assert_int_equal(i->replay.keys, 1);
	seal_locked_free(&i);
	seal_locked_free(&again);
	seal_locked_free(&w);
}

static void an_unkept_founding_leaves_no_keys_and_is_done_again(void **state)
{
	struct house *h = *state;
	struct keyring_founding *second = NULL;

	assert_int_equal(load(h, "intake"), KEYRING_MISSING);
	assert_int_equal(keyring_make(h->dir, &plan, &h->founding, &h->why), 0);
	assert_false(keyring_exists(h->dir));
	assert_int_equal(load(h, "intake"), KEYRING_MISSING);
	mem_free(&h->why);
	assert_int_equal(keyring_make(h->dir, &plan, &second, &h->why), 0);
	assert_memory_not_equal(second->secret[0].secret, h->founding->secret[0].secret, 32);
	assert_int_equal(keyring_keep(h->dir, &h->why), 0);
	assert_true(keyring_exists(h->dir));
	assert_int_equal(load(h, "intake"), 0);
	keyring_founding_free(&second);
}

static void a_founded_house_is_not_founded_again(void **state)
{
	struct house *h = *state;
	AUTO(mem_free) char *before = file_text(h, "intake"), *after = NULL, *aside = NULL, *keys = NULL;
	struct keyring_founding *second = NULL;

	assert_int_equal(keyring_make(h->dir, &plan, &second, &h->why), KEYRING_EXISTS);
	assert_null(second);
	assert_non_null(strstr(h->why, "already"));
	/* Two foundings at once: the second to finish finds the keys of the first. */
	keys = mem_format("%s/keys", h->dir);
	aside = mem_format("%s/aside", h->dir);
	assert_int_equal(rename(keys, aside), 0);
	assert_int_equal(keyring_make(h->dir, &plan, &second, &h->why), 0);
	assert_int_equal(rename(aside, keys), 0);
	assert_int_equal(keyring_keep(h->dir, &h->why), KEYRING_EXISTS);
	after = file_text(h, "intake");
	assert_string_equal(before, after);
	keyring_founding_free(&second);
}

static void recovery_can_be_declined(void **state)
{
	struct house *h = *state;
	struct keyring_plan without = plan;

	without.recovery = false;
	assert_int_equal(keyring_make(h->dir, &without, &h->founding, &h->why), 0);
	assert_string_equal(h->founding->recovery_code, "");
	assert_null(keyring_target(h->founding->public, "recovery"));
	assert_non_null(h->founding->web);
}

static void a_plan_with_a_bad_name_is_refused(void **state)
{
	static const char *const bad[][2] = {
		{ "a b", NULL },
		{ "", NULL },
		{ "../intake", NULL },
		{ "A", NULL },
		{ "a\n", NULL },
		{ "心理", NULL },
		{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", NULL },
	};
	static const char *const twice[] = { "450100.psych", "450100.psych", NULL };
	struct house *h = *state;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct keyring_plan p[] = { { bad[i], kinds, sites, true },
			                    { desks, bad[i], sites, true },
			                    { desks, kinds, bad[i], true } };

		for (size_t j = 0; j < ARRAY_LEN(p); j++)
			assert_int_equal(keyring_make(h->dir, &p[j], &h->founding, &h->why), KEYRING_REFUSED);
	}
	assert_int_equal(
		keyring_make(h->dir, &(struct keyring_plan){ twice, kinds, sites, true }, &h->founding, &h->why),
		KEYRING_REFUSED);
	assert_non_null(strstr(h->why, "twice"));
}

static void founding_where_nothing_can_be_written_is_a_fault(void **state)
{
	struct house *h = *state;

	assert_true(keyring_make("/proc/nowhere", &plan, &h->founding, &h->why) < 0);
	assert_null(h->founding);
	assert_non_null(h->why);
	mem_free(&h->why);
	assert_true(keyring_keep(h->dir, &h->why) < 0); /* nothing was made */
	assert_non_null(h->why);
}

static void a_replay_key_turned_is_accepted_until_its_end(void **state)
{
	struct house *h = *state;
	struct keyring_intake *before = NULL, *in_time = NULL, *late = NULL;
	struct keyring_web *web = NULL;

	assert_int_equal(keyring_intake_load(h->dir, 1000, &before, &h->why), 0);
	assert_int_equal(keyring_turn_replay(h->dir, 5000, &h->why), 0);
	assert_int_equal(keyring_intake_load(h->dir, 4999, &in_time, &h->why), 0);
	assert_int_equal(keyring_intake_load(h->dir, 5000, &late, &h->why), 0);
	assert_int_equal(keyring_web_load(h->dir, 4999, &web, &h->why), 0);
	assert_int_equal(in_time->replay.keys, 2);
	assert_memory_equal(in_time->replay.key[1], before->replay.key[0], 32);
	assert_memory_not_equal(in_time->replay.key[0], before->replay.key[0], 32);
	assert_int_equal(late->replay.keys, 1);
	assert_memory_equal(late->replay.key[0], in_time->replay.key[0], 32);
	assert_int_equal(web->replay.keys, 2);
	/* Nothing else moved: peppers and tokens of yesterday hold. */
	assert_memory_equal(in_time->pepper, before->pepper, 32);
	assert_memory_equal(in_time->token, before->token, 32);
	assert_memory_equal(in_time->sealer.public, before->sealer.public, 32);
	seal_locked_free(&before);
	seal_locked_free(&in_time);
	seal_locked_free(&late);
	seal_locked_free(&web);
	assert_int_equal(keyring_turn_replay(h->dir, 9000, &h->why), 0);
	assert_int_equal(keyring_check(h->dir, 1000, &h->why), 0);
}

static void a_worker_pair_turned_keeps_the_one_before_for_a_while(void **state)
{
	struct house *h = *state;
	struct keyring_worker *before = NULL, *in_time = NULL, *late = NULL;
	struct keyring_public *p = NULL;

	assert_int_equal(keyring_worker_load(h->dir, "psych", 1000, &before, &h->why), 0);
	assert_int_equal(keyring_turn_worker(h->dir, "psych", 5000, &h->why), 0);
	assert_int_equal(keyring_worker_load(h->dir, "psych", 4999, &in_time, &h->why), 0);
	assert_int_equal(keyring_worker_load(h->dir, "psych", 5000, &late, &h->why), 0);
	assert_int_equal(in_time->keys, 2);
	assert_int_equal(in_time->key[0].generation, 2);
	assert_int_equal(in_time->key[1].generation, 1);
	assert_memory_equal(in_time->key[1].pair.secret, before->key[0].pair.secret, 32);
	assert_int_equal(late->keys, 1);
	assert_int_equal(keyring_public_load(h->dir, &p, &h->why), 0);
	assert_int_equal(keyring_target(p, "worker:psych")->generation, 2);
	assert_memory_equal(keyring_target(p, "worker:psych")->public, in_time->key[0].pair.public, 32);
	keyring_public_free(&p);
	seal_locked_free(&before);
	seal_locked_free(&in_time);
	seal_locked_free(&late);
	assert_int_equal(keyring_turn_worker(h->dir, "social", 5000, &h->why), 0); /* a new kind of desk */
	assert_int_equal(keyring_worker_load(h->dir, "social", 1000, &late, &h->why), 0);
	assert_int_equal(late->key[0].generation, 1);
	seal_locked_free(&late);
	assert_int_equal(keyring_check(h->dir, 1000, &h->why), 0);
}

/* A turn that dies between the two files: the worker starts with the pair before, the one the public file still names.
 */
static void a_turn_half_done_stops_no_worker(void **state)
{
	struct house *h = *state;
	AUTO(mem_free) char *public = file_text(h, "public");

	assert_int_equal(keyring_turn_worker(h->dir, "psych", 5000, &h->why), 0);
	file_put(h, "public", public, strlen(public));
	assert_int_equal(load(h, "worker.psych"), 0);
}

static void a_further_desk_or_generation_gets_its_own_pair(void **state)
{
	static const char *const bad[] = {
		"",       "desk",     "worker:psych", "sealer:intake",
		"desk:A", "desk:a b", "recovery",     "desk:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	};
	struct house *h = *state;
	struct keyring_public *p = NULL;
	struct keyring_secret s;
	struct seal_pair pair;

	assert_int_equal(keyring_add(h->dir, "desk:450100.social", &s, &h->why), 0);
	assert_int_equal(s.target.generation, 1);
	assert_int_equal(keyring_add(h->dir, "desk:450100.psych", &s, &h->why), 0);
	assert_int_equal(s.target.generation, 2);
	assert_string_equal(s.target.name, "desk:450100.psych");
	seal_pair_from(s.secret, &pair);
	assert_int_equal(keyring_public_load(h->dir, &p, &h->why), 0);
	assert_memory_equal(keyring_target(p, "desk:450100.psych")->public, pair.public, 32);
	assert_non_null(keyring_target(p, "desk:450100.social"));
	keyring_public_free(&p);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(keyring_add(h->dir, bad[i], &s, &h->why), KEYRING_REFUSED);
}

static void the_router_s_pair_is_written_as_libzmq_wants_it(void **state)
{
	struct house *h = *state;
	AUTO(mem_free) char *public = file_text(h, "public"), *more = NULL;
	static const char router[] = "qingting-keys 1 router\n"
				     "curve 2 864fd26fb559f75b0102030405060708090a0b0c0d0e0f101112131415161718\n";
	struct keyring_curve *k = NULL;
	struct seal_pair pair;
	uint8_t secret[32];
	char hex[65];

	assert_int_equal(hex_read("864fd26fb559f75b0102030405060708090a0b0c0d0e0f101112131415161718", secret, 32), 32);
	seal_pair_from(secret, &pair);
	hex_write(hex, pair.public, 32);
	more = mem_format("%scurve:router 2 %s\n", public, hex);
	file_put(h, "public", more, strlen(more));
	file_put(h, "router", router, strlen(router));
	assert_int_equal(keyring_router_load(h->dir, &k, &h->why), 0);
	assert_int_equal(strlen(k->curve_secret), 40);
	assert_int_equal(strlen(k->curve_public), 40);
	assert_memory_equal(k->curve_secret, "HelloWorld", 10); /* rfc.zeromq.org/spec/32 */
	seal_locked_free(&k);
}

static void the_public_file_says_which_room_a_curve_key_is_of(void **state)
{
	static const char *const rooms[] = { "router", "intake", "web", "worker.psych", "worker.legal" };
	struct house *h = *state;
	struct keyring_public *p = NULL;
	char known[41];

	assert_int_equal(keyring_public_load(h->dir, &p, &h->why), 0);
	for (size_t i = 0; i < ARRAY_LEN(rooms); i++) {
		struct keyring_curve *k = NULL;

		assert_int_equal(keyring_curve_load(h->dir, rooms[i], &k, &h->why), 0);
		assert_true(keyring_curve_public(p, rooms[i], known));
		assert_string_equal(k->curve_public, known);
		assert_int_equal(keyring_curve_role(p, "worker", known), i >= 3);
		assert_int_equal(keyring_curve_role(p, "web", known), i == 2);
		assert_false(keyring_curve_role(p, "work", known));
		seal_locked_free(&k);
	}
	assert_false(keyring_curve_public(p, "worker.social", known));
	keyring_public_free(&p);
}

static void a_curve_key_turned_is_the_only_one_known(void **state)
{
	static const char *const bad[] = { "", "row", "public", "worker.", "worker.PSYCH", "../web" };
	struct house *h = *state;
	struct keyring_curve *before = NULL, *after = NULL;
	struct keyring_public *p = NULL;

	assert_int_equal(keyring_curve_load(h->dir, "web", &before, &h->why), 0);
	assert_int_equal(keyring_turn_curve(h->dir, "web", &h->why), 0);
	assert_int_equal(keyring_curve_load(h->dir, "web", &after, &h->why), 0);
	assert_int_equal(keyring_public_load(h->dir, &p, &h->why), 0);
	assert_string_not_equal(before->curve_public, after->curve_public);
	assert_true(keyring_curve_role(p, "web", after->curve_public));
	assert_false(keyring_curve_role(p, "web", before->curve_public));
	assert_int_equal(keyring_check(h->dir, 1000, &h->why), 0);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(keyring_turn_curve(h->dir, bad[i], &h->why), KEYRING_REFUSED);
	keyring_public_free(&p);
	seal_locked_free(&before);
	seal_locked_free(&after);
}

/* A key file from before there were such pairs serves on ipc; on tcp it says what to do. */
static void a_room_without_a_curve_key_is_told_how_to_make_one(void **state)
{
	struct house *h = *state;
	AUTO(mem_free) char *text = file_text(h, "intake");
	char *line = strstr(text, "curve ");
	struct keyring_curve *k = NULL;

	assert_non_null(line);
	memmove(line, strchr(line, '\n') + 1, strlen(strchr(line, '\n') + 1) + 1);
	file_put(h, "intake", text, strlen(text));
	assert_int_equal(load(h, "intake"), 0);
	assert_int_equal(keyring_curve_load(h->dir, "intake", &k, &h->why), KEYRING_REFUSED);
	assert_non_null(strstr(h->why, "--turn curve.intake"));
	assert_int_equal(keyring_turn_curve(h->dir, "intake", &h->why), 0);
	assert_int_equal(keyring_curve_load(h->dir, "intake", &k, &h->why), 0);
	seal_locked_free(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		founded(founding_makes_every_key_and_each_room_reads_its_own),
		founded(what_intake_seals_the_desk_opens),
		founded(the_recovery_sheet_opens_what_is_wrapped_to_recovery),
		founded(no_secret_of_a_desk_or_of_recovery_is_on_disk),
		founded(intake_and_web_share_the_pepper_of_receipts_and_nothing_else),
		empty(an_unkept_founding_leaves_no_keys_and_is_done_again),
		founded(a_founded_house_is_not_founded_again),
		empty(recovery_can_be_declined),
		empty(a_plan_with_a_bad_name_is_refused),
		empty(founding_where_nothing_can_be_written_is_a_fault),
		founded(a_replay_key_turned_is_accepted_until_its_end),
		founded(a_worker_pair_turned_keeps_the_one_before_for_a_while),
		founded(a_turn_half_done_stops_no_worker),
		founded(a_further_desk_or_generation_gets_its_own_pair),
		founded(the_router_s_pair_is_written_as_libzmq_wants_it),
		founded(the_public_file_says_which_room_a_curve_key_is_of),
		founded(a_curve_key_turned_is_the_only_one_known),
		founded(a_room_without_a_curve_key_is_told_how_to_make_one),
	};

	if (seal_init())
		return 1;
	return cmocka_run_group_tests_name("keyring", tests, NULL, NULL);
}
