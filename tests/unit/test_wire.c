/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Majordomo frames, byte for byte, in both dialects, written here from the tables of RFC 7 and RFC 18 and not from the code:
 * each row is a whole message as it stands on the wire (after the routing id). Every row is read and written; every way to
 * malform it has its own outcome.
 */
#include "wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { FRAMES = 7 };
/* Frames of a row: a C string with its length, so that "\0" and "" can be told apart. */
struct bytes {
	const char *data;
	size_t bytes;
};
#define F(text) { text, sizeof(text) - 1 }

struct golden {
	enum wire_dialect dialect;
	enum wire_side side;
	enum wire_verb verb;
	enum wire_verb reads_as; /* 0: as verb. A 0.1 reply to a client has the frames of a request. */
	const char *text;
	size_t body; /* 0: none */
	size_t count;
	struct bytes frame[FRAMES];
};

#define TOKEN "0123456789abcdef0123456789abcdef"

static const struct golden goldens[] = {
	{ WIRE_01, WIRE_CLIENT, WIRE_REQUEST, 0, "echo", 3, 5, { F(""), F("MDPC01"), F("echo"), F("a\0b"), F("") } },
	{ WIRE_01, WIRE_CLIENT, WIRE_FINAL, WIRE_REQUEST, "echo", 3, 4, { F(""), F("MDPC01"), F("echo"), F("200") } },
	{ WIRE_01, WIRE_WORKER, WIRE_READY, 0, "echo", 0, 4, { F(""), F("MDPW01"), F("\x01"), F("echo") } },
	{ WIRE_01, WIRE_WORKER, WIRE_REQUEST, 0, TOKEN, 5, 6,
	  { F(""), F("MDPW01"), F("\x02"), F(TOKEN), F(""), F("{}") } },
	{ WIRE_01, WIRE_WORKER, WIRE_FINAL, 0, TOKEN, 5, 7,
	  { F(""), F("MDPW01"), F("\x03"), F(TOKEN), F(""), F("200"), F("{}") } },
	{ WIRE_01, WIRE_WORKER, WIRE_HEARTBEAT, 0, NULL, 0, 3, { F(""), F("MDPW01"), F("\x04") } },
	{ WIRE_01, WIRE_WORKER, WIRE_DISCONNECT, 0, NULL, 0, 3, { F(""), F("MDPW01"), F("\x05") } },
	{ WIRE_02, WIRE_CLIENT, WIRE_REQUEST, 0, "intake.submit", 3, 5,
	  { F("MDPC02"), F("\x01"), F("intake.submit"), F("{}"), F("\0\xff") } },
	{ WIRE_02, WIRE_CLIENT, WIRE_PARTIAL, 0, "Foreign_1", 3, 4, { F("MDPC02"), F("\x02"), F("Foreign_1"), F("half") } },
	{ WIRE_02, WIRE_CLIENT, WIRE_FINAL, 0, "mmi.service", 3, 4, { F("MDPC02"), F("\x03"), F("mmi.service"), F("404") } },
	{ WIRE_02, WIRE_WORKER, WIRE_READY, 0, "desk.psych", 0, 3, { F("MDPW02"), F("\x01"), F("desk.psych") } },
	{ WIRE_02, WIRE_WORKER, WIRE_REQUEST, 0, TOKEN, 4, 6,
	  { F("MDPW02"), F("\x02"), F(TOKEN), F(""), F("{}"), F("sealed") } },
	{ WIRE_02, WIRE_WORKER, WIRE_PARTIAL, 0, TOKEN, 4, 5, { F("MDPW02"), F("\x03"), F(TOKEN), F(""), F("200") } },
	{ WIRE_02, WIRE_WORKER, WIRE_FINAL, 0, TOKEN, 4, 6, { F("MDPW02"), F("\x04"), F(TOKEN), F(""), F("200"), F("{}") } },
	{ WIRE_02, WIRE_WORKER, WIRE_HEARTBEAT, 0, NULL, 0, 2, { F("MDPW02"), F("\x05") } },
	{ WIRE_02, WIRE_WORKER, WIRE_DISCONNECT, 0, NULL, 0, 2, { F("MDPW02"), F("\x06") } },
};

static void put(struct msg *m, const struct bytes *frame, size_t count)
{
	for (size_t i = 0; i < count; i++)
		msg_add(m, frame[i].data, frame[i].bytes);
}

static int outcome(const struct bytes *frame, size_t count)
{
	struct msg m = { 0 };
	struct wire w;
	int rc;

	put(&m, frame, count);
	rc = wire_read(&m, 0, &w);
	msg_clear(&m);
	return rc;
}

static void assert_golden(const struct golden *g, const struct msg *m, size_t first)
{
	struct wire w;

	assert_int_equal(wire_read(m, first, &w), 0);
	assert_int_equal(w.dialect, g->dialect);
	assert_int_equal(w.side, g->side);
	assert_int_equal(w.verb, g->reads_as ? g->reads_as : g->verb);
	assert_int_equal(w.body, g->body ? first + g->body : m->count);
	for (size_t named = 0; named < 2; named++) {
		const struct frame *f = named ? w.service : w.address;
		bool here = g->text && (g->side == WIRE_CLIENT || g->verb == WIRE_READY) == (bool)named;

		assert_int_equal(f != NULL, here);
		if (here)
			assert_true(f->bytes == strlen(g->text) && !memcmp(f->data, g->text, f->bytes));
	}
}

static void every_message_of_both_dialects_is_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(goldens); i++) {
		struct msg m = { 0 };

		put(&m, goldens[i].frame, goldens[i].count);
		assert_golden(&goldens[i], &m, 0);
		msg_clear(&m);
		msg_add(&m, "\0rout", 5);
		put(&m, goldens[i].frame, goldens[i].count);
		assert_golden(&goldens[i], &m, 1);
		msg_clear(&m);
	}
}

static void every_message_of_both_dialects_is_written(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(goldens); i++) {
		const struct golden *g = &goldens[i];
		struct msg m = { 0 };

		msg_add(&m, "\0rout", 5);
		wire_write(&m, g->dialect, g->side, g->verb, g->text, g->text ? strlen(g->text) : 0);
		assert_int_equal(m.count, 1 + (g->body ? g->body : g->count));
		for (size_t f = 1; f < m.count; f++) {
			assert_int_equal(m.frame[f].bytes, g->frame[f - 1].bytes);
			assert_memory_equal(m.frame[f].data, g->frame[f - 1].data, m.frame[f].bytes);
		}
		msg_clear(&m);
	}
}

static void a_message_that_ends_early_is_refused_at_every_length(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(goldens); i++) {
		const struct golden *g = &goldens[i];
		size_t header = g->dialect == WIRE_01 ? 2 : 1;
		size_t least = g->body ? g->body + 1 : g->count;

		for (size_t n = 0; n < least; n++)
			assert_int_equal(outcome(g->frame, n), n < header ? WIRE_BAD_HEADER : WIRE_BAD_COUNT);
	}
}

static void a_message_without_body_must_end_where_it_ends(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(goldens); i++) {
		struct golden g = goldens[i];

		if (g.body)
			continue;
		g.frame[g.count] = (struct bytes)F("more");
		assert_int_equal(outcome(g.frame, g.count + 1), WIRE_BAD_COUNT);
		g.frame[g.count] = (struct bytes)F("");
		assert_int_equal(outcome(g.frame, g.count + 1), WIRE_BAD_COUNT);
	}
}

static void the_leading_empty_frame_belongs_to_one_dialect_only(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(goldens); i++) {
		const struct golden *g = &goldens[i];
		struct bytes shifted[FRAMES + 1] = { F("") };

		memcpy(shifted + 1, g->frame, g->count * sizeof(struct bytes));
		if (g->dialect == WIRE_01) {
			assert_int_equal(outcome(g->frame + 1, g->count - 1), WIRE_BAD_EMPTY);
			assert_int_equal(outcome(shifted, g->count + 1), WIRE_BAD_HEADER);
		} else {
			assert_int_equal(outcome(shifted, g->count + 1), WIRE_BAD_EMPTY);
		}
	}
}

static void a_header_is_six_exact_bytes(void **state)
{
	static const struct bytes bad[] = {
		F(""), F("MDPC0"), F("MDPC011"), F("MDPC01\0"), F("MDPC03"), F("MDPW03"), F("mdpc01"), F("MDPX02"),
		F("MDPC00"), F("\0DPC02"), F("GET / "), F("MDPC\0""2"),
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(goldens); i++)
		for (size_t b = 0; b < ARRAY_LEN(bad); b++) {
			struct golden g = goldens[i];

			g.frame[g.dialect == WIRE_01] = bad[b];
			assert_int_equal(outcome(g.frame, g.count), WIRE_BAD_HEADER);
		}
}

static void a_command_is_one_byte_of_its_dialect_and_side(void **state)
{
	static const uint8_t most[] = { [WIRE_01] = 5, [WIRE_02] = 6 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(goldens); i++) {
		struct golden g = goldens[i];
		size_t at = g.dialect == WIRE_01 ? 2 : 1;

		if (g.dialect == WIRE_01 && g.side == WIRE_CLIENT)
			continue;
		for (int byte = 0; byte < 256; byte++) {
			char c = (char)byte;
			bool known = byte >= 1 && byte <= (g.side == WIRE_CLIENT ? 3 : most[g.dialect]);

			g.frame[at] = (struct bytes){ &c, 1 };
			assert_int_equal(outcome(g.frame, g.count) == WIRE_BAD_VERB, !known);
		}
		g.frame[at] = (struct bytes)F("");
		assert_int_equal(outcome(g.frame, g.count), WIRE_BAD_VERB);
		g.frame[at] = (struct bytes)F("\x01\x01");
		assert_int_equal(outcome(g.frame, g.count), WIRE_BAD_VERB);
	}
}

static void the_frame_behind_an_address_is_empty(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(goldens); i++) {
		struct golden g = goldens[i];

		if (g.side == WIRE_CLIENT || !g.body)
			continue;
		g.frame[g.body - 1] = (struct bytes)F("\0");
		assert_int_equal(outcome(g.frame, g.count), WIRE_BAD_EMPTY);
	}
}

static void an_address_is_any_bytes(void **state)
{
	static const struct bytes any[] = { F(""), F("\0\0\0\0\0"), F("\xff not text \n") };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(goldens); i++)
		for (size_t a = 0; a < ARRAY_LEN(any); a++) {
			struct golden g = goldens[i];

			if (g.side == WIRE_CLIENT || !g.body)
				continue;
			g.frame[g.body - 2] = any[a];
			assert_int_equal(outcome(g.frame, g.count), 0);
		}
}

static void a_service_has_a_plain_name_of_1_to_127_bytes(void **state)
{
	char longest[129];

	(void)state;
	memset(longest, 'a', sizeof(longest));
	for (size_t i = 0; i < ARRAY_LEN(goldens); i++) {
		struct golden g = goldens[i];
		size_t at = g.body ? g.body - 1 : g.count - 1;

		if (!g.text || (g.side == WIRE_WORKER && g.verb != WIRE_READY))
			continue;
		for (size_t n = 0; n <= 129; n++) {
			g.frame[at] = (struct bytes){ longest, n };
			assert_int_equal(outcome(g.frame, g.count), n >= 1 && n <= 127 ? 0 : WIRE_BAD_SERVICE);
		}
		for (int byte = 0; byte < 256; byte++) {
			char name[] = { 'x', (char)byte, 'y' };
			bool plain = byte && strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-", byte);

			g.frame[at] = (struct bytes){ name, sizeof(name) };
			assert_int_equal(outcome(g.frame, g.count), plain ? 0 : WIRE_BAD_SERVICE);
		}
	}
}

static void what_is_read_is_blank_after_a_refusal_of_the_header(void **state)
{
	struct msg m = { 0 };
	struct wire w;

	(void)state;
	memset(&w, 0xff, sizeof(w));
	assert_int_equal(wire_read(&m, 0, &w), WIRE_BAD_HEADER);
	assert_null(w.service);
	assert_null(w.address);
	assert_int_equal(w.body, 0);
	assert_int_equal(wire_read(&m, 1, &w), WIRE_BAD_HEADER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_message_of_both_dialects_is_read),
		cmocka_unit_test(every_message_of_both_dialects_is_written),
		cmocka_unit_test(a_message_that_ends_early_is_refused_at_every_length),
		cmocka_unit_test(a_message_without_body_must_end_where_it_ends),
		cmocka_unit_test(the_leading_empty_frame_belongs_to_one_dialect_only),
		cmocka_unit_test(a_header_is_six_exact_bytes),
		cmocka_unit_test(a_command_is_one_byte_of_its_dialect_and_side),
		cmocka_unit_test(the_frame_behind_an_address_is_empty),
		cmocka_unit_test(an_address_is_any_bytes),
		cmocka_unit_test(a_service_has_a_plain_name_of_1_to_127_bytes),
		cmocka_unit_test(what_is_read_is_blank_after_a_refusal_of_the_header),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
