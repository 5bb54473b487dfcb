/* SPDX-License-Identifier: Apache-2.0 */
/* See web_kit.h. */
#include "web_kit.h"

#include "clock.h"
#include "live.h"
#include "mem.h"
#include "words.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char *const kinds[] = { [DESK_LEGAL] = "legal", [DESK_PSYCH] = "psych", [DESK_SOCIAL] = "social" };

static int desks_run(struct store *store, void *ctx)
{
	static struct conf conf;

	(void)ctx;
	snprintf(conf.site[0].id, sizeof(conf.site[0].id), "450100");
	snprintf(conf.site[0].name_zh, sizeof(conf.site[0].name_zh), "站");
	snprintf(conf.site[0].name_en, sizeof(conf.site[0].name_en), "Site");
	conf.sites = 1;
	for (conf.desks = 0; conf.desks < KIT_DESKS; conf.desks++) {
		struct conf_desk *d = &conf.desk[conf.desks];

		snprintf(d->kind, sizeof(d->kind), "%s", kinds[conf.desks + 1]);
		snprintf(d->name_zh, sizeof(d->name_zh), "组");
		snprintf(d->name_en, sizeof(d->name_en), "Desk");
		d->open = true;
	}
	return store_desks_sync(store, &conf);
}

static int epoch_run(struct store *store, void *ctx)
{
	const struct seal_epoch_row *row = seal_epoch_row(ctx);
	struct epoch_row stored = { .number = row->number, .sealer = row->sealer, .public = { row->public, 32 },
		                    .signature = { row->signature, 64 }, .made_at = row->made_at_ms };

	return store_epoch_put(store, &stored);
}

void epoch_kit(struct web_kit *k, struct seal_epoch *epoch)
{
	assert_int_equal(kit_run(k->kit, epoch_run, epoch), 0);
}

static void keys_make(struct web_kit *k)
{
	static const uint8_t seeds[2][32] = { { 1 }, { 2 } };
	int64_t desk;

	seal_identity_from("intake", seeds[0], &k->intake);
	seal_identity_from("web", seeds[1], &k->own);
	k->intake_epoch = seal_epoch_new(&k->intake, clock_wall_ms());
	k->web.epoch = seal_epoch_new(&k->own, clock_wall_ms() + 1);
	epoch_kit(k, k->intake_epoch);
	epoch_kit(k, k->web.epoch);
	k->web.book = seal_book_new();
	seal_book_trust(k->web.book, "intake", k->intake.public);
	seal_book_trust(k->web.book, "web", k->own.public);
	for (desk = 1; desk <= KIT_DESKS; desk++) {
		struct seal_target *half = &k->half[desk - 1];

		seal_pair_new(&k->pair[desk]);
		snprintf(half->name, sizeof(half->name), "desk:450100.%s", kinds[desk]);
		half->generation = 1;
		memcpy(half->public, k->pair[desk].public, sizeof(half->public));
	}
	k->public = (struct keyring_public){ k->half, KIT_DESKS };
}

int web_kit_begin(void **state)
{
	struct web_kit *k = mem_new(sizeof(*k));
	void *kit;

	if (seal_init() || kit_begin(&kit))
		return -1;
	k->kit = kit;
	*state = k;
	assert_int_equal(kit_run(k->kit, desks_run, NULL), 0);
	keys_make(k);
	k->web.store = k->kit->store;
	k->web.row = &k->row;
	k->web.public = &k->public;
	k->web.loop = loop_new();
	k->web.live = live_new(&k->web);
	return 0;
}

int web_kit_end(void **state)
{
	struct web_kit *k = *state;
	void *kit = k->kit;

	live_free(&k->web.live);
	loop_free(&k->web.loop);
	seal_epoch_drop(&k->web.epoch);
	seal_epoch_drop(&k->intake_epoch);
	seal_book_free(&k->web.book);
	mem_free(&k);
	return kit_end(&kit);
}

struct who *who_kit(struct web_kit *k, int64_t id, int64_t desk, unsigned roles)
{
	struct who *who = mem_new(sizeof(*who));

	who->web = &k->web;
	who->id = id;
	who->roles = roles;
	who->site = 1;
	snprintf(who->user, sizeof(who->user), "user%d", (int)id);
	snprintf(who->lang, sizeof(who->lang), "en");
	who->keys = seal_locked_new(sizeof(*who->keys));
	if (!desk)
		return who;
	who->desks = who->keys->count = 1;
	who->desk[0] = desk;
	snprintf(who->keys->desk[0].name, sizeof(who->keys->desk[0].name), "desk:450100.%s", kinds[desk]);
	who->keys->desk[0].generation = 1;
	memcpy(who->keys->desk[0].secret, k->pair[desk].secret, SEAL_KEY_BYTES);
	return who;
}

void who_kit_end(struct who **who)
{
	seal_locked_free(&(*who)->keys);
	mem_free(who);
}

/* ---- cases ----------------------------------------------------------------------------------- */

struct sealed {
	struct case_row row;
	struct message_row message;
};

static int sealed_run(struct store *store, void *ctx)
{
	struct sealed *s = ctx;
	int r = store_case_insert(store, &s->row);

	s->message.case_id = s->row.id;
	return r ? r : store_message_add(store, &s->message);
}

int64_t case_kit(struct web_kit *k, int64_t desk, const char *text, const int64_t *wraps, struct seal_case *secrets)
{
	struct sealed s = { .row = { .site = 1,
		                     .desk = desk,
		                     .state = CASE_WAITING,
		                     .version = 1,
		                     .channel = "web_form",
		                     .messages = 1,
		                     .opened_at = 1000,
		                     .oldest_at = 1000,
		                     .caller_epoch = 1 } };
	struct seal_place place = { .kind = SEAL_MESSAGE, .author = "caller", .message = seal_random_id() };
	static const uint8_t replay[SEAL_KEY_BYTES] = { 9 };
	struct buf blob = { 0 };
	size_t i;

	seal_case_derive(replay, &place.message, sizeof(place.message), text, strlen(text), secrets);
	memcpy(s.row.uid, secrets->uid, sizeof(s.row.uid));
	place.uid = secrets->uid;
	assert_int_equal(seal_blob_write(secrets->case_key, &place, text, strlen(text), &blob), 0);
	s.message =
		(struct message_row){ .kind = "message", .alias = "", .hits = "[]", .blob = { blob.data, blob.bytes } };
	for (i = 0; i < STORE_KEY_ID_BYTES; i++)
		s.message.key_id[i] = (uint8_t)(place.message >> (56 - 8 * i));
	assert_int_equal(kit_run(k->kit, sealed_run, &s), 0);
	buf_finish(&blob);
	for (; wraps && *wraps; wraps++)
		wrap_kit(k, s.row.id, secrets, "desk", *wraps, 1);
	return s.row.id;
}

static int wrap_run(struct store *store, void *ctx)
{
	return store_wrap_put(store, ctx);
}

void wrap_kit(struct web_kit *k, int64_t case_id, const struct seal_case *secrets, const char *target, int64_t desk,
              int64_t note_key)
{
	uint8_t payload[SEAL_DESK_PAYLOAD_BYTES], wrap[SEAL_WRAP_CASE_BYTES];
	struct wrap_row row = { .case_id = case_id,
		                .target = target,
		                .desk = desk,
		                .generation = 1,
		                .sealer = "intake",
		                .epoch = seal_epoch_row(k->intake_epoch)->number,
		                .note_key = note_key,
		                .blob = { wrap, sizeof(wrap) } };

	seal_desk_payload_write(secrets, payload);
	assert_int_equal(seal_wrap_write(k->intake_epoch, &k->half[desk - 1], secrets->uid, SEAL_CARGO_CASE, payload,
	                                 wrap),
	                 0);
	assert_int_equal(kit_run(k->kit, wrap_run, &row), 0);
}

struct changing {
	int64_t id;
	void (*change)(struct case_row *row);
};

static int change_run(struct store *store, void *ctx)
{
	const struct changing *c = ctx;
	struct case_row row;
	int r = store_case_get(store, c->id, &row);

	if (r)
		return r;
	c->change(&row);
	return store_case_save(store, &row);
}

void case_kit_change(struct web_kit *k, int64_t id, void (*change)(struct case_row *row))
{
	struct changing c = { id, change };

	assert_int_equal(kit_run(k->kit, change_run, &c), 0);
}
