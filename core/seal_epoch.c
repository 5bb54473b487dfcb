/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who may seal: a sealer's identity signs a short-lived epoch pair; readers keep a book of the epochs whose signature
 * holds. Called by intake and web (epochs), worker and web (books). The router stores epoch rows and can make none that
 * is believed.
 */
#include "seal_inner.h"

#include <assert.h>
#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>

enum { SEALERS_MAX = 32, AGREEMENTS_MAX = 4096, BOOK_MAX = 65536 };

struct seal_epoch {
	struct seal_epoch_row row;
	uint8_t *secret; /* locked */
	atomic_int holders;
	pthread_mutex_t lock; /* of agreed */
	struct seal_shelf agreed; /* head of the public half → public ‖ shared key */
};

struct seal_book {
	struct {
		char name[16];
		uint8_t public[32];
	} sealer[SEALERS_MAX];
	size_t sealers;
	struct seal_shelf known; /* number → public half */
};

void seal_identity_from(const char *name, const uint8_t seed[32], struct seal_identity *out)
{
	assert(strlen(name) < sizeof(out->name));
	memset(out->name, 0, sizeof(out->name));
	memcpy(out->name, name, strlen(name));
	crypto_sign_seed_keypair(out->public, out->secret, seed);
}

/* What is signed: a name of its own, the sealer, the number, the public half. */
static void epoch_statement(const struct seal_epoch_row *row, struct seal_aad *out)
{
	uint8_t number[8];

	out->bytes = 0;
	seal_put(number, (uint64_t)row->number, sizeof(number));
	seal_aad_text(out, "qingting epoch 1");
	seal_aad_text(out, row->sealer);
	seal_aad_add(out, number, sizeof(number));
	seal_aad_add(out, row->public, SEAL_KEY_BYTES);
}

/* Milliseconds in front, chance behind: grows with time, and no restart, second sealer or clock set back meets a number
 * again. */
static int64_t epoch_number(int64_t now_ms)
{
	static atomic_llong last;
	long long before = atomic_load(&last), number;

	do {
		number = ((long long)now_ms << 20 & INT64_MAX) | (long long)randombytes_uniform(1u << 20);
		if (number <= before)
			number = before + 1;
	} while (!atomic_compare_exchange_weak(&last, &before, number));
	return number;
}

struct seal_epoch *seal_epoch_new(const struct seal_identity *who, int64_t now_ms)
{
	struct seal_epoch *epoch = mem_new(sizeof(*epoch));
	struct seal_aad statement;

	memcpy(epoch->row.sealer, who->name, sizeof(epoch->row.sealer));
	epoch->row.number = epoch_number(now_ms);
	epoch->row.made_at_ms = now_ms;
	epoch->secret = seal_locked_new(SEAL_KEY_BYTES);
	crypto_box_keypair(epoch->row.public, epoch->secret);
	epoch_statement(&epoch->row, &statement);
	crypto_sign_detached(epoch->row.signature, NULL, statement.data, statement.bytes, who->secret);
	epoch->agreed.most = AGREEMENTS_MAX;
	atomic_init(&epoch->holders, 1);
	pthread_mutex_init(&epoch->lock, NULL);
	return epoch;
}

const struct seal_epoch_row *seal_epoch_row(const struct seal_epoch *epoch)
{
	return &epoch->row;
}

struct seal_epoch *seal_epoch_hold(struct seal_epoch *epoch)
{
	atomic_fetch_add(&epoch->holders, 1);
	return epoch;
}

void seal_epoch_drop(struct seal_epoch **epoch)
{
	struct seal_epoch *e = steal(epoch);

	if (!e || atomic_fetch_sub(&e->holders, 1) > 1)
		return;
	seal_locked_free(&e->secret);
	seal_shelf_finish(&e->agreed);
	pthread_mutex_destroy(&e->lock);
	mem_free(&e);
}

int seal_epoch_agree(struct seal_epoch *epoch, const uint8_t public[SEAL_KEY_BYTES], uint8_t shared[SEAL_KEY_BYTES])
{
	const uint8_t *found;
	uint8_t both[64];
	int64_t id;
	int outcome = 0;

	memcpy(&id, public, sizeof(id));
	pthread_mutex_lock(&epoch->lock);
	found = seal_shelf_find(&epoch->agreed, id);
	if (found && !memcmp(found, public, SEAL_KEY_BYTES)) {
		memcpy(shared, found + SEAL_KEY_BYTES, SEAL_KEY_BYTES);
	} else if (crypto_box_beforenm(shared, public, epoch->secret)) {
		outcome = SEAL_MALFORMED;
	} else {
		memcpy(both, public, SEAL_KEY_BYTES);
		memcpy(both + SEAL_KEY_BYTES, shared, SEAL_KEY_BYTES);
		seal_shelf_put(&epoch->agreed, id, both);
		seal_wipe(both, sizeof(both));
	}
	pthread_mutex_unlock(&epoch->lock);
	return outcome;
}

struct seal_book *seal_book_new(void)
{
	struct seal_book *book = mem_new(sizeof(*book));

	book->known.most = BOOK_MAX;
	return book;
}

void seal_book_trust(struct seal_book *book, const char *sealer, const uint8_t public[32])
{
	assert(book->sealers < SEALERS_MAX && strlen(sealer) < sizeof(book->sealer[0].name));
	memcpy(book->sealer[book->sealers].name, sealer, strlen(sealer) + 1);
	memcpy(book->sealer[book->sealers].public, public, 32);
	book->sealers++;
}

int seal_book_add(struct seal_book *book, const struct seal_epoch_row *row)
{
	struct seal_aad statement;
	uint8_t value[64] = { 0 };

	if (row->number <= 0 || !memchr(row->sealer, 0, sizeof(row->sealer)))
		return SEAL_FORGED;
	epoch_statement(row, &statement);
	for (size_t i = 0; i < book->sealers; i++) {
		if (strcmp(book->sealer[i].name, row->sealer) ||
		    crypto_sign_verify_detached(row->signature, statement.data, statement.bytes,
		                                book->sealer[i].public))
			continue;
		memcpy(value, row->public, SEAL_KEY_BYTES);
		seal_shelf_put(&book->known, row->number, value);
		return 0;
	}
	return SEAL_FORGED;
}

const uint8_t *seal_book_public(const struct seal_book *book, int64_t number)
{
	return seal_shelf_find(&book->known, number);
}

bool seal_book_knows(const struct seal_book *book, int64_t number)
{
	return seal_shelf_find(&book->known, number) != NULL;
}

void seal_book_free(struct seal_book **book)
{
	if (*book)
		seal_shelf_finish(&(*book)->known);
	mem_free(book);
}
