/* SPDX-License-Identifier: Apache-2.0 */
/* Epochs and wraps: only a known sealer's epoch is believed, and a wrap opens for its case, target and generation
 * alone. */
#include "seal.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t uid[16] = { 7 }, uid_other[16] = { 8 }, seed[32] = { 1, 2 }, seed_other[32] = { 3, 4 };

struct house {
	struct seal_identity intake;
	struct seal_epoch *epoch;
	struct seal_book *book;
	struct seal_pair pair;
	struct seal_target desk;
	struct seal_opener *opener;
	uint8_t payload[SEAL_DESK_PAYLOAD_BYTES], out[SEAL_DESK_PAYLOAD_BYTES], wrap[SEAL_WRAP_CASE_BYTES + 1];
};

static int house_build(void **state)
{
	struct house *h = mem_new(sizeof(*h));

	seal_identity_from("intake", seed, &h->intake);
	h->epoch = seal_epoch_new(&h->intake, 1700000000000);
	h->book = seal_book_new();
	seal_book_trust(h->book, "intake", h->intake.public);
	seal_pair_new(&h->pair);
	snprintf(h->desk.name, sizeof(h->desk.name), "desk:450100.psych");
	h->desk.generation = 3;
	memcpy(h->desk.public, h->pair.public, 32);
	h->opener = seal_opener_new(h->desk.name, 3, h->pair.secret);
	seal_random(h->payload, sizeof(h->payload));
	*state = h;
	return seal_book_add(h->book, seal_epoch_row(h->epoch)) ||
	       seal_wrap_write(h->epoch, &h->desk, uid, SEAL_CARGO_CASE, h->payload, h->wrap);
}

static int house_clear(void **state)
{
	struct house *h = *state;

	seal_epoch_drop(&h->epoch);
	seal_book_free(&h->book);
	seal_opener_free(&h->opener);
	mem_free(&h);
	return 0;
}

static int open_wrap(struct house *h, struct seal_opener *opener, const uint8_t u[16])
{
	return seal_wrap_read(opener, h->book, u, SEAL_CARGO_CASE, h->wrap, SEAL_WRAP_CASE_BYTES, h->out);
}

static void a_wrap_opens_for_its_target(void **state)
{
	struct house *h = *state;
	struct seal_wrap_head head;

	assert_int_equal(seal_wrap_head(h->wrap, SEAL_WRAP_CASE_BYTES, &head), 0);
	assert_int_equal(head.cargo, SEAL_CARGO_CASE);
	assert_int_equal(head.generation, 3);
	assert_int_equal(head.epoch, seal_epoch_row(h->epoch)->number);
	for (int i = 0; i < 3; i++) { /* the second time from the agreement made before */
		assert_int_equal(open_wrap(h, h->opener, uid), 0);
		assert_memory_equal(h->out, h->payload, sizeof(h->out));
	}
}

static void a_wrap_of_another_case_target_or_generation_is_refused(void **state)
{
	struct house *h = *state;
	struct seal_pair pair;
	struct seal_opener *opener;

	assert_int_equal(open_wrap(h, h->opener, uid_other), SEAL_DAMAGED);
	opener = seal_opener_new("desk:450100.legal", 3, h->pair.secret);
	assert_int_equal(open_wrap(h, opener, uid), SEAL_DAMAGED);
	seal_opener_free(&opener);
	opener = seal_opener_new(h->desk.name, 4, h->pair.secret);
	assert_int_equal(open_wrap(h, opener, uid), SEAL_OTHER_KEY);
	seal_opener_free(&opener);
	seal_pair_new(&pair);
	opener = seal_opener_new(h->desk.name, 3, pair.secret);
	assert_int_equal(open_wrap(h, opener, uid), SEAL_DAMAGED);
	seal_opener_free(&opener);
}

/* The open head is authenticated: rewriting it to fit another opener or epoch does not help. */
static void a_head_rewritten_to_fit_is_refused(void **state)
{
	struct house *h = *state;
	struct seal_opener *opener = seal_opener_new(h->desk.name, 4, h->pair.secret);
	struct seal_epoch *next = seal_epoch_new(&h->intake, 1700000600000);
	int64_t number = seal_epoch_row(next)->number;

	h->wrap[5] = 4;
	assert_int_equal(open_wrap(h, opener, uid), SEAL_DAMAGED);
	h->wrap[5] = 3;
	assert_int_equal(seal_book_add(h->book, seal_epoch_row(next)), 0);
	for (int i = 0; i < 8; i++)
		h->wrap[6 + i] = (uint8_t)(number >> (56 - 8 * i));
	assert_int_equal(open_wrap(h, h->opener, uid), SEAL_DAMAGED);
	seal_epoch_drop(&next);
	seal_opener_free(&opener);
}

static void cargoes_do_not_pass_for_each_other(void **state)
{
	struct house *h = *state;
	uint8_t key[32], wrap[SEAL_WRAP_KEY_BYTES], out[32];

	seal_random(key, sizeof(key));
	assert_int_equal(seal_wrap_write(h->epoch, &h->desk, uid, SEAL_CARGO_MESSAGE, key, wrap), 0);
	assert_int_equal(seal_wrap_read(h->opener, h->book, uid, SEAL_CARGO_MESSAGE, wrap, sizeof(wrap), out), 0);
	assert_memory_equal(key, out, 32);
	assert_int_equal(seal_wrap_read(h->opener, h->book, uid, SEAL_CARGO_SECRET, wrap, sizeof(wrap), out),
	                 SEAL_MALFORMED);
	wrap[1] = SEAL_CARGO_SECRET;
	assert_int_equal(seal_wrap_read(h->opener, h->book, uid, SEAL_CARGO_SECRET, wrap, sizeof(wrap), out),
	                 SEAL_DAMAGED);
	assert_int_equal(seal_cargo_bytes((enum seal_cargo)0), 0);
	assert_int_equal(seal_cargo_bytes((enum seal_cargo)9), 0);
}

static void a_wrap_with_any_bit_or_length_changed_is_refused(void **state)
{
	struct house *h = *state;

	for (size_t bit = 0; bit < 8 * SEAL_WRAP_CASE_BYTES; bit++) {
		h->wrap[bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_int_not_equal(open_wrap(h, h->opener, uid), 0);
		h->wrap[bit / 8] ^= (uint8_t)(1u << bit % 8);
	}
	for (size_t n = 0; n <= sizeof(h->wrap); n++)
		if (n != SEAL_WRAP_CASE_BYTES)
			assert_int_equal(seal_wrap_read(h->opener, h->book, uid, SEAL_CARGO_CASE, h->wrap, n, h->out),
			                 SEAL_MALFORMED);
}

static void random_bytes_open_nothing(void **state)
{
	struct house *h = *state;
	uint8_t junk[SEAL_WRAP_CASE_BYTES + 20];

	for (size_t i = 0; i < 2000; i++) {
		size_t n = i % 4 ? i % sizeof(junk) : SEAL_WRAP_CASE_BYTES;

		seal_random(junk, n);
		if (i % 2 && n > 2)
			memcpy(junk, h->wrap, 2 + i % 12);
		assert_int_not_equal(seal_wrap_read(h->opener, h->book, uid, SEAL_CARGO_CASE, junk, n, h->out), 0);
	}
}

static void the_router_cannot_make_an_epoch_that_is_believed(void **state)
{
	struct house *h = *state;
	struct seal_identity router;
	struct seal_epoch *made_up, *stranger;

	seal_identity_from("intake", seed_other, &router); /* right name, wrong identity */
	made_up = seal_epoch_new(&router, 1700000000000);
	assert_int_equal(seal_book_add(h->book, seal_epoch_row(made_up)), SEAL_FORGED);
	assert_false(seal_book_knows(h->book, seal_epoch_row(made_up)->number));
	assert_int_equal(seal_wrap_write(made_up, &h->desk, uid, SEAL_CARGO_CASE, h->payload, h->wrap), 0);
	assert_int_equal(open_wrap(h, h->opener, uid), SEAL_NO_EPOCH);
	seal_identity_from("web", seed, &router); /* a sealer this book does not know */
	stranger = seal_epoch_new(&router, 1700000000000);
	assert_int_equal(seal_book_add(h->book, seal_epoch_row(stranger)), SEAL_FORGED);
	seal_epoch_drop(&made_up);
	seal_epoch_drop(&stranger);
}

static void an_epoch_row_with_any_signed_field_changed_is_refused(void **state)
{
	struct house *h = *state;
	struct seal_epoch *fresh = seal_epoch_new(&h->intake, 1700000600000);
	struct seal_epoch_row row = *seal_epoch_row(fresh);

	row.number++;
	assert_int_equal(seal_book_add(h->book, &row), SEAL_FORGED);
	row.number = -1;
	assert_int_equal(seal_book_add(h->book, &row), SEAL_FORGED);
	row = *seal_epoch_row(fresh);
	for (size_t i = 0; i < 32; i++) {
		row.public[i] ^= 1;
		assert_int_equal(seal_book_add(h->book, &row), SEAL_FORGED);
		row.public[i] ^= 1;
	}
	for (size_t i = 0; i < SEAL_SIGNATURE_BYTES; i++) {
		row.signature[i] ^= 1;
		assert_int_equal(seal_book_add(h->book, &row), SEAL_FORGED);
		row.signature[i] ^= 1;
	}
	memset(row.sealer, 'x', sizeof(row.sealer));
	assert_int_equal(seal_book_add(h->book, &row), SEAL_FORGED);
	assert_false(seal_book_knows(h->book, seal_epoch_row(fresh)->number));
	assert_int_equal(seal_book_add(h->book, seal_epoch_row(fresh)), 0);
	assert_true(seal_book_knows(h->book, seal_epoch_row(fresh)->number));
	seal_epoch_drop(&fresh);
}

static void epoch_numbers_grow_and_never_come_twice(void **state)
{
	struct house *h = *state;
	int64_t last = seal_epoch_row(h->epoch)->number;

	for (int i = 0; i < 50; i++) { /* the clock stands still, then falls back */
		struct seal_epoch *e = seal_epoch_new(&h->intake, i < 25 ? 1700000000000 : 1600000000000);

		assert_true(seal_epoch_row(e)->number > last);
		last = seal_epoch_row(e)->number;
		seal_epoch_drop(&e);
	}
}

static void a_low_order_point_is_no_key(void **state)
{
	struct house *h = *state;

	memset(h->desk.public, 0, 32);
	assert_int_equal(seal_wrap_write(h->epoch, &h->desk, uid, SEAL_CARGO_CASE, h->payload, h->wrap),
	                 SEAL_MALFORMED);
}

static void a_desk_secret_goes_to_a_person_and_is_bound_to_its_desk(void **state)
{
	struct house *h = *state;
	struct seal_target person = { .name = "person:17", .generation = 1 };
	uint8_t subject[16], other[16], wrap[SEAL_WRAP_KEY_BYTES], out[32];
	struct seal_opener *opener;
	struct seal_pair pair;

	seal_pair_new(&pair);
	memcpy(person.public, pair.public, 32);
	seal_uid_of("desk:450100.psych", 3, subject);
	assert_int_equal(
		seal_wrap_write(h->epoch, &person, subject, SEAL_CARGO_SECRET, seal_opener_secret(h->opener), wrap), 0);
	opener = seal_opener_new("person:17", 1, pair.secret);
	assert_int_equal(seal_wrap_read(opener, h->book, subject, SEAL_CARGO_SECRET, wrap, sizeof(wrap), out), 0);
	assert_memory_equal(out, h->pair.secret, 32);
	seal_uid_of("desk:450100.psych", 4, other);
	assert_int_equal(seal_wrap_read(opener, h->book, other, SEAL_CARGO_SECRET, wrap, sizeof(wrap), out),
	                 SEAL_DAMAGED);
	seal_uid_of("desk:450100.legal", 3, other);
	assert_int_equal(seal_wrap_read(opener, h->book, other, SEAL_CARGO_SECRET, wrap, sizeof(wrap), out),
	                 SEAL_DAMAGED);
	assert_string_equal(seal_opener_name(opener), "person:17");
	assert_int_equal(seal_opener_generation(opener), 1);
	seal_opener_free(&opener);
	opener = seal_opener_new("person:18", 1, pair.secret);
	assert_int_equal(seal_wrap_read(opener, h->book, subject, SEAL_CARGO_SECRET, wrap, sizeof(wrap), out),
	                 SEAL_DAMAGED);
	seal_opener_free(&opener);
}

static void many_epochs_and_targets_keep_their_agreements_apart(void **state)
{
	struct house *h = *state;
	struct seal_epoch *epoch[40];
	struct seal_pair pair[30];
	uint8_t wrap[SEAL_WRAP_KEY_BYTES], key[32], out[32];

	for (size_t i = 0; i < ARRAY_LEN(pair); i++)
		seal_pair_new(&pair[i]);
	for (size_t i = 0; i < ARRAY_LEN(epoch); i++) {
		epoch[i] = seal_epoch_new(&h->intake, 1700000000000);
		assert_int_equal(seal_book_add(h->book, seal_epoch_row(epoch[i])), 0);
	}
	for (size_t j = 0; j < ARRAY_LEN(pair); j++) {
		struct seal_opener *opener = seal_opener_new(h->desk.name, 3, pair[j].secret);

		memcpy(h->desk.public, pair[j].public, 32);
		for (size_t i = 0; i < 2 * ARRAY_LEN(epoch); i++) {
			seal_random(key, sizeof(key));
			assert_int_equal(seal_wrap_write(epoch[i % ARRAY_LEN(epoch)], &h->desk, uid, SEAL_CARGO_MESSAGE,
			                                 key, wrap),
			                 0);
			assert_int_equal(
				seal_wrap_read(opener, h->book, uid, SEAL_CARGO_MESSAGE, wrap, sizeof(wrap), out), 0);
			assert_memory_equal(key, out, 32);
		}
		seal_opener_free(&opener);
	}
	for (size_t i = 0; i < ARRAY_LEN(epoch); i++)
		seal_epoch_drop(&epoch[i]);
}

static void *seal_many(void *arg)
{
	struct house *h = arg;
	struct seal_target desk = h->desk;
	uint8_t wrap[SEAL_WRAP_KEY_BYTES], key[32] = { 1 };
	struct seal_pair pair;

	for (int i = 0; i < 50; i++) {
		seal_pair_new(&pair);
		memcpy(desk.public, pair.public, 32);
		if (seal_wrap_write(h->epoch, &desk, uid, SEAL_CARGO_MESSAGE, key, wrap) ||
		    seal_wrap_write(h->epoch, &h->desk, uid, SEAL_CARGO_MESSAGE, key, wrap))
			return arg;
	}
	struct seal_epoch *mine = h->epoch;

	seal_epoch_drop(&mine);
	return NULL;
}

static void threads_may_share_an_epoch(void **state)
{
	struct house *h = *state;
	pthread_t thread[2];
	void *failed;

	for (size_t i = 0; i < ARRAY_LEN(thread); i++) {
		assert_ptr_equal(seal_epoch_hold(h->epoch), h->epoch);
		assert_int_equal(pthread_create(&thread[i], NULL, seal_many, h), 0);
	}
	for (size_t i = 0; i < ARRAY_LEN(thread); i++) {
		assert_int_equal(pthread_join(thread[i], &failed), 0);
		assert_null(failed);
	}
	assert_int_equal(seal_epoch_row(h->epoch)->made_at_ms, 1700000000000);
}

#define house_test(name) cmocka_unit_test_setup_teardown(name, house_build, house_clear)

int main(void)
{
	const struct CMUnitTest tests[] = {
		house_test(a_wrap_opens_for_its_target),
		house_test(a_wrap_of_another_case_target_or_generation_is_refused),
		house_test(a_head_rewritten_to_fit_is_refused),
		house_test(cargoes_do_not_pass_for_each_other),
		house_test(a_wrap_with_any_bit_or_length_changed_is_refused),
		house_test(random_bytes_open_nothing),
		house_test(the_router_cannot_make_an_epoch_that_is_believed),
		house_test(an_epoch_row_with_any_signed_field_changed_is_refused),
		house_test(epoch_numbers_grow_and_never_come_twice),
		house_test(a_low_order_point_is_no_key),
		house_test(a_desk_secret_goes_to_a_person_and_is_bound_to_its_desk),
		house_test(many_epochs_and_targets_keep_their_agreements_apart),
		house_test(threads_may_share_an_epoch),
	};

	if (seal_init())
		return 1;
	return cmocka_run_group_tests_name("seal_wrap", tests, NULL, NULL);
}
