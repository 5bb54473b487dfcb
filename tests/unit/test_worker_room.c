/* SPDX-License-Identifier: Apache-2.0 */
/* The whole room against a scripted router: key files of a founded house, a request over the bus, the answer that comes
 * back. */
#include "script_router.h"

#include "keyring_house.h"
#include "shift.h"

#include <setjmp.h>

struct stage {
	struct house *house;
	struct script *script;
	struct conf conf;
	void *room;
	char *why;
};

static int stage_set_up(void **state)
{
	struct stage *g = mem_new(sizeof(*g));

	if (house_found((void **)&g->house) || script_set_up((void **)&g->script))
		return 1;
	assert_int_equal(conf_load(NULL, g->house->dir, &g->conf, &g->why), 0);
	snprintf(g->conf.bus_worker.address, sizeof(g->conf.bus_worker.address), "%s", g->script->endpoint);
	snprintf(g->conf.etc_dir, sizeof(g->conf.etc_dir), "%s", QT_SOURCE_DIR "/etc");
	g->conf.worker_sockets = 2;
	*state = g;
	return 0;
}

static int stage_tear_down(void **state)
{
	struct stage *g = *state;

	shift_room_close(&g->room);
	script_tear_down((void **)&g->script);
	house_clear((void **)&g->house);
	mem_free(&g->why);
	mem_free(state);
	return 0;
}

static int stage_open(struct stage *g, const char *desk)
{
	char program[] = "worker", option[] = "--desk", *kind = mem_text(desk ? desk : "");
	char *argv[] = { program, option, kind, NULL };
	int outcome = shift_room_open(&g->conf, g->script->loop, desk ? 3 : 1, argv, &g->room, &g->why);

	mem_free(&kind);
	return outcome;
}

static void a_worker_asks_on_as_many_sockets_as_the_configuration_says(void **state)
{
	struct stage *g = *state;

	assert_int_equal(stage_open(g, "psych"), 0);
	until_came(g->script, 2);
	for (size_t i = 0; i < 2; i++)
		assert_true(msg_is(&g->script->inbox[i], 2, "\x01") && msg_is(&g->script->inbox[i], 3, "desk.psych"));
	assert_false(same_peer(&g->script->inbox[0], &g->script->inbox[1]));
	assert_nothing_more(g->script);
}

static void a_worker_without_a_desk_says_what_would_be_right(void **state)
{
	struct stage *g = *state;

	assert_true(stage_open(g, NULL) < 0);
	assert_non_null(strstr(g->why, "--desk"));
	mem_free(&g->why);
	assert_true(stage_open(g, "nothing") < 0);
	assert_non_null(strstr(g->why, "--desk"));
}

static void a_worker_without_its_key_file_does_not_start(void **state)
{
	struct stage *g = *state;

	assert_true(stage_open(g, "social") < 0); /* the house was founded with two desks */
	assert_non_null(strstr(g->why, "worker.social"));
}

/* The request of a founded house: intake's identity signs, the public file names the worker. */
static void request_write(struct stage *g, const char *words, struct msg *out)
{
	struct keyring_public *public = NULL;
	struct keyring_intake *intake = NULL;
	struct seal_epoch *epoch;
	struct seal_place place = { .kind = SEAL_MESSAGE, .author = "caller", .message = 77 };
	uint8_t uid[SEAL_UID_BYTES] = { 3 }, case_key[SEAL_KEY_BYTES] = { 4 }, key[SEAL_KEY_BYTES],
		bundle[SEAL_WRAP_KEY_BYTES];
	uint8_t id[8] = { 0, 0, 0, 0, 0, 0, 0, 77 };
	const struct seal_epoch_row *row;
	struct buf blob = { 0 };
	json_t *body, *sealed;
	char *text;

	assert_int_equal(keyring_public_load(g->house->dir, &public, &g->why), 0);
	assert_int_equal(keyring_intake_load(g->house->dir, 1000, &intake, &g->why), 0);
	epoch = seal_epoch_new(&intake->sealer, 1000);
	row = seal_epoch_row(epoch);
	place.uid = uid;
	assert_int_equal(seal_blob_write(case_key, &place, words, strlen(words), &blob), 0);
	seal_message_key(case_key, &place, key);
	assert_int_equal(
		seal_wrap_write(epoch, keyring_target(public, "worker:psych"), uid, SEAL_CARGO_MESSAGE, key, bundle),
		0);
	sealed = json_pack("{s:s, s:I}", "sealer", row->sealer, "number", (json_int_t)row->number);
	json_set_hex(sealed, "public", row->public, sizeof(row->public));
	json_set_hex(sealed, "signature", row->signature, sizeof(row->signature));
	body = json_pack("{s:i, s:s, s:s, s:o, s:i}", "number", 0, "author", "caller", "chosen", "", "epoch", sealed,
	                 "generation", 1);
	json_set_hex(body, "uid", uid, sizeof(uid));
	json_set_hex(body, "message", id, sizeof(id));
	text = json_write(body);
	msg_take(out, (uint8_t *)text, strlen(text));
	msg_add(out, blob.data, blob.bytes);
	msg_add(out, bundle, sizeof(bundle));
	json_release(&body);
	buf_finish(&blob);
	seal_epoch_drop(&epoch);
	seal_locked_free(&intake);
	keyring_public_free(&public);
}

static void request_send(struct stage *g, size_t worker, const char *words, bool damaged)
{
	struct msg *to = &g->script->inbox[worker], m = { 0 };

	msg_add(&m, to->frame[0].data, to->frame[0].bytes);
	msg_add_text(&m, "MDPW02");
	msg_add_text(&m, "\x02");
	msg_add_text(&m, "0123456789abcdef0123456789abcdef");
	msg_add_text(&m, "");
	request_write(g, words, &m);
	if (damaged)
		m.frame[m.count - 2].data[40] ^= 1;
	script_send(g->script, &m);
}

static void a_request_comes_back_with_its_risk(void **state)
{
	struct stage *g = *state;
	AUTO(json_release) json_t *result = NULL;
	const struct msg *m;

	assert_int_equal(stage_open(g, "psych"), 0);
	until_came(g->script, 2);
	request_send(g, 1, "我想自杀", false);
	until_came(g->script, 3);
	m = &g->script->inbox[2];
	assert_true(same_peer(m, &g->script->inbox[1]));
	assert_true(msg_is(m, 2, "\x04") && msg_is(m, 3, "0123456789abcdef0123456789abcdef") && msg_is(m, 5, "200"));
	assert_int_equal(json_read(m->frame[6].data, m->frame[6].bytes, &result), 0);
	assert_int_equal(json_int(result, "risk", -1), 2);
	assert_string_equal(json_text(result, "desk"), "psych");
}

static void a_damaged_request_is_answered_and_the_next_one_served(void **state)
{
	struct stage *g = *state;

	assert_int_equal(stage_open(g, "psych"), 0);
	until_came(g->script, 2);
	request_send(g, 0, "words", true);
	until_came(g->script, 3);
	assert_true(msg_is(&g->script->inbox[2], 2, "\x04") && msg_is(&g->script->inbox[2], 5, "400"));
	assert_true(msg_is(&g->script->inbox[2], 6, "{\"error\":\"damaged\"}"));
	request_send(g, 0, "hello", false);
	while (g->script->count < 4)
		later(g->script, 1);
	assert_true(msg_is(&g->script->inbox[3], 5, "200"));
}

#define STAGE(test) cmocka_unit_test_setup_teardown(test, stage_set_up, stage_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STAGE(a_worker_asks_on_as_many_sockets_as_the_configuration_says),
		STAGE(a_worker_without_a_desk_says_what_would_be_right),
		STAGE(a_worker_without_its_key_file_does_not_start),
		STAGE(a_request_comes_back_with_its_risk),
		STAGE(a_damaged_request_is_answered_and_the_next_one_served),
	};

	assert_int_equal(seal_init(), 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
