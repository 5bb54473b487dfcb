/* SPDX-License-Identifier: Apache-2.0 */
/* Sites, desks, people, the keys they hold, sessions, epochs: what each row promises. */
#include "store_kit.h"

#include "conf.h"
#include "mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define BLOB(text) { text, sizeof(text) - 1 }

static const uint8_t hash1[STORE_HASH_BYTES] = { 1 }, hash2[STORE_HASH_BYTES] = { 2 };

/* ---- sites and desks ---- */

static int sync_run(struct store *s, void *ctx)
{
	return store_desks_sync(s, ctx);
}

static void desks_follow_the_configuration_and_keep_their_numbers(void **state)
{
	struct kit *k = *state;
	struct conf *conf = mem_new(sizeof(*conf));
	struct site_row *sites, site;
	struct desk_row *desks, desk;
	size_t n;

	conf->sites = 2;
	conf->site[0] = (struct conf_site){ .id = "450100", .parent = "450000", .name_zh = "a", .name_en = "b" };
	conf->site[1] = (struct conf_site){ .id = "450000", .name_zh = "c", .name_en = "d" };
	conf->desks = 2;
	conf->desk[0] = (struct conf_desk){ .kind = "psych", .name_zh = "e", .name_en = "f", .open = true };
	conf->desk[1] = (struct conf_desk){ .kind = "legal", .name_zh = "g", .name_en = "h", .open = true };
	assert_int_equal(kit_run(k, sync_run, conf), 0);
	assert_int_equal(store_site_list(k->store, &sites, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(store_site_find(k->store, "450100", &site), 0);
	assert_true(site.parent != 0 && site.parent != site.num);
	assert_int_equal(store_desk_list(k->store, &desks, &n), 0);
	assert_int_equal(n, 4);
	assert_int_equal(store_desk_find(k->store, "450100.legal", &desk), 0);
	assert_true(desk.open);
	conf->desks = 1;
	memcpy(conf->desk[0].name_en, "renamed", 8);
	assert_int_equal(kit_run(k, sync_run, conf), 0);
	assert_int_equal(store_desk_get(k->store, desk.num, &desk), 0);
	assert_false(desk.open); /* no longer named: closed, not gone */
	assert_int_equal(store_desk_find_kind(k->store, site.num, "psych", &desk), 0);
	assert_string_equal(desk.name_en, "renamed");
	assert_int_equal(desk.generation, 1);
	assert_int_equal(store_desk_find(k->store, "450100.none", &desk), STORE_NONE);
	assert_int_equal(store_site_get(k->store, 99, &site), STORE_NONE);
	mem_free(&conf);
}

/* ---- people ---- */

static int site_run(struct store *s, void *ctx)
{
	struct conf *conf = mem_new(sizeof(*conf));
	int rc;

	(void)ctx;
	conf->sites = conf->desks = 1;
	conf->site[0] = (struct conf_site){ .id = "450100", .name_zh = "a", .name_en = "b" };
	conf->desk[0] = (struct conf_desk){ .kind = "psych", .name_zh = "e", .name_en = "f", .open = true };
	rc = store_desks_sync(s, conf);
	mem_free(&conf);
	return rc;
}

static const struct staff_row person = {
	.user = "psych1",
	.name = "N",
	.site = 1,
	.roles = CASE_ROLE_COUNSELOR,
	.state = "invited",
	.capacity = -1,
	.salt = BLOB("salt"),
	.auth = BLOB("auth"),
	.public = BLOB("public"),
	.secret = BLOB("secret"),
	.kdf_bytes = 8192,
	.kdf_passes = 1,
	.must_change = true,
	.mac = BLOB("mac"),
};

static int staff_run(struct store *s, void *ctx)
{
	struct staff_row row = person;
	int rc = store_staff_add(s, &row);

	*(int64_t *)ctx = row.id;
	return rc;
}

static int staff_changes_run(struct store *s, void *ctx)
{
	struct desk_key_row key = { .kind = "desk", .num = 1, .generation = 1, .epoch = 4, .wrap = BLOB("wrap") };
	struct staff_row row;
	bool keyed = true;
	int rc = store_staff_get(s, 1, &row);

	(void)ctx;
	key.holder = row.id;
	if (!rc)
		rc = store_staff_desk_set(s, row.id, 1, true);
	if (!rc)
		rc = store_desk_key_put(s, &key);
	if (!rc)
		rc = store_desk_keyed(s, 1, &keyed);
	if (rc || keyed) /* invited is not enrolled */
		return rc ? rc : 1;
	row.state = "active";
	row.capacity = 5;
	rc = store_staff_save(s, &row);
	if (!rc)
		rc = store_staff_presence(s, row.id, "on");
	if (!rc)
		rc = store_staff_failure(s, row.id, 3, 99);
	if (!rc)
		rc = store_desk_keyed(s, 1, &keyed);
	return rc ? rc : keyed ? 0 : 2;
}

static void a_person_is_found_changed_and_keys_a_desk(void **state)
{
	struct kit *k = *state;
	struct staff_row row, *rows;
	struct desk_key_row *keys, key;
	int64_t id, *list, cases, weighted;
	size_t n;

	assert_int_equal(kit_run(k, site_run, NULL), 0);
	assert_int_equal(kit_run(k, staff_run, &id), 0);
	assert_int_equal(kit_run(k, staff_run, &id), STORE_EXISTS);
	assert_int_equal(store_staff_find(k->store, "psych1", &row), 0);
	assert_int_equal(row.capacity, -1);
	assert_true(row.must_change);
	assert_memory_equal(row.salt.data, "salt", 4);
	assert_null(row.totp.data);
	assert_int_equal(store_staff_find(k->store, "nobody", &row), STORE_NONE);
	assert_int_equal(kit_run(k, staff_changes_run, NULL), 0);
	assert_int_equal(store_staff_get(k->store, 1, &row), 0);
	assert_int_equal(row.capacity, 5);
	assert_string_equal(row.presence, "on");
	assert_true(row.failures == 3 && row.wait_until == 99 && row.seen_at);
	assert_int_equal(store_staff_desks(k->store, 1, &list, &n), 0);
	assert_true(n == 1 && list[0] == 1);
	assert_int_equal(store_staff_of_desk(k->store, 1, &list, &n), 0);
	assert_true(n == 1 && list[0] == 1);
	assert_int_equal(store_desk_key_held(k->store, 1, &keys, &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(store_desk_key_list(k->store, "desk", 1, &keys, &n), 0);
	assert_true(n == 1 && keys[0].epoch == 4 && keys[0].made_at);
	assert_int_equal(store_desk_key_get(k->store, "desk", 1, 2, 1, &key), STORE_NONE);
	kit_case(k, 1, CASE_ASSIGNED, 2, 1);
	kit_case(k, 1, CASE_IN_PROGRESS, 0, 1);
	kit_case(k, 1, CASE_CLOSED, 3, 1);
	assert_int_equal(store_staff_load(k->store, 1, &cases, &weighted), 0);
	assert_true(cases == 2 && weighted == 4);
	assert_int_equal(store_staff_list(k->store, &rows, &n), 0);
	assert_int_equal(n, 1);
}

static int leave_run(struct store *s, void *ctx)
{
	struct staff_row row;
	int rc = store_staff_get(s, 1, &row);

	(void)ctx;
	row.state = "left";
	if (!rc)
		rc = store_staff_save(s, &row);
	if (!rc)
		rc = store_desk_key_drop(s, 1);
	if (!rc)
		rc = store_staff_desk_set(s, 1, 1, false);
	return rc ? rc : store_desk_generation(s, 1, 2);
}

static void a_leaver_holds_nothing_and_is_listed_nowhere(void **state)
{
	struct kit *k = *state;
	struct desk_key_row *keys;
	struct staff_row *rows;
	struct desk_row desk;
	int64_t id, *list;
	bool keyed;
	size_t n;

	assert_int_equal(kit_run(k, site_run, NULL), 0);
	assert_int_equal(kit_run(k, staff_run, &id), 0);
	assert_int_equal(kit_run(k, staff_changes_run, NULL), 0);
	assert_int_equal(kit_run(k, leave_run, NULL), 0);
	assert_int_equal(store_desk_key_held(k->store, 1, &keys, &n), 0);
	assert_int_equal(n, 0);
	assert_int_equal(store_staff_list(k->store, &rows, &n), 0);
	assert_int_equal(n, 0);
	assert_int_equal(store_staff_of_desk(k->store, 1, &list, &n), 0);
	assert_int_equal(n, 0);
	assert_int_equal(store_desk_keyed(k->store, 1, &keyed), 0);
	assert_false(keyed);
	assert_int_equal(store_desk_get(k->store, 1, &desk), 0);
	assert_int_equal(desk.generation, 2);
}

/* ---- sessions, epochs ---- */

static int sessions_run(struct store *s, void *ctx)
{
	struct session_row a = { .hash = { hash1, 32 }, .staff = 1, .keys = BLOB("KEYS"), .until_at = 1 };
	struct session_row b = { .hash = { hash2, 32 }, .staff = 1, .keys = BLOB("KEYS"), .until_at = INT64_MAX };
	struct session_row again = { .hash = { hash2, 32 }, .staff = 1, .keys = BLOB("KEYS"), .until_at = 1 };
	int rc = store_session_add(s, &a);

	(void)ctx;
	if (!rc)
		rc = store_session_add(s, &b);
	if (!rc && store_session_add(s, &again) != STORE_EXISTS)
		rc = 1;
	if (!rc)
		rc = store_session_touch(s, a.id);
	if (!rc)
		rc = store_session_end_staff(s, 1, b.id);
	if (!rc && store_session_end(s, a.id) != STORE_NONE) /* ended already */
		rc = 2;
	if (!rc && store_session_touch(s, a.id) != STORE_NONE)
		rc = 3;
	return rc;
}

static void an_ended_session_keeps_no_keys_and_goes_after_a_month(void **state)
{
	struct kit *k = *state;
	struct session_row row, *rows;
	int64_t id;
	bool more;
	size_t n;

	assert_int_equal(kit_run(k, site_run, NULL), 0);
	assert_int_equal(kit_run(k, staff_run, &id), 0);
	assert_int_equal(kit_run(k, sessions_run, NULL), 0);
	assert_int_equal(store_session_find(k->store, hash1, &row), 0);
	assert_true(row.ended_at && row.keys.bytes == 0);
	assert_int_equal(store_session_get(k->store, 2, &row), 0);
	assert_true(!row.ended_at && row.keys.bytes == 4);
	assert_int_equal(store_session_list(k->store, 1, &rows, &n), 0);
	assert_int_equal(n, 1);
	assert_int_equal(store_housekeep(k->store, 10, &more), 0);
	assert_int_equal(store_session_find(k->store, hash1, &row), STORE_NONE);
	assert_int_equal(store_session_find(k->store, hash2, &row), 0);
}

static int epochs_run(struct store *s, void *ctx)
{
	struct epoch_row row = {
		.number = 5, .sealer = "intake", .public = BLOB("p"), .signature = BLOB("s"), .made_at = 1
	};
	int rc = store_epoch_put(s, &row);

	(void)ctx;
	if (!rc)
		rc = store_epoch_put(s, &row); /* said twice: no conflict */
	row.public = (struct store_blob){ "q", 1 };
	if (!rc && store_epoch_put(s, &row) != STORE_EXISTS)
		rc = 1;
	row.number = 9;
	return rc ? rc : store_epoch_put(s, &row);
}

static void an_epoch_is_never_replaced(void **state)
{
	struct kit *k = *state;
	struct epoch_row row;

	assert_int_equal(kit_run(k, epochs_run, NULL), 0);
	assert_int_equal(store_epoch_get(k->store, "intake", 5, &row), 0);
	assert_memory_equal(row.public.data, "p", 1);
	assert_int_equal(store_epoch_last(k->store, "intake", &row), 0);
	assert_int_equal(row.number, 9);
	assert_int_equal(store_epoch_last(k->store, "web", &row), STORE_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define RULE(f) cmocka_unit_test_setup_teardown(f, kit_begin, kit_end)
		RULE(desks_follow_the_configuration_and_keep_their_numbers),
		RULE(a_person_is_found_changed_and_keys_a_desk),
		RULE(a_leaver_holds_nothing_and_is_listed_nowhere),
		RULE(an_ended_session_keeps_no_keys_and_goes_after_a_month),
		RULE(an_epoch_is_never_replaced),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
