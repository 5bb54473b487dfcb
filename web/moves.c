/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is pending is remembered for a few seconds, so that a request costs a look at a short list and no query. Each
 * move is tried once a look; whether it is lawful stays the router's to say.
 */
#include "moves.h"

#include "clock.h"
#include "json.h"
#include "log.h"
#include "mem.h"
#include "view.h"
#include "words.h"

enum { LOOK_MS = 3000, PENDING_MAX = 64, CARRY_MS = 10000 };

struct pending {
	int64_t case_id, source, to;
	bool tried;
};
struct moves {
	int64_t looked_at; /* monotonic; 0 never */
	size_t count;
	struct pending pending[PENDING_MAX];
};

struct moves *moves_new(void)
{
	return mem_new(sizeof(struct moves));
}

void moves_free(struct moves **moves)
{
	mem_free(moves);
}

static void list_refresh(struct web *web, struct moves *m)
{
	struct move_row *rows;
	size_t n, i;

	m->count = 0;
	if (store_move_list(web->store, &rows, &n))
		return;
	for (i = 0; i < n && m->count < PENDING_MAX; i++) {
		struct case_row row;

		if (!store_case_get(web->store, rows[i].case_id, &row))
			m->pending[m->count++] = (struct pending){ rows[i].case_id, row.desk, rows[i].to_desk, false };
	}
}

static void carried(const struct bus_answer *answer, void *ctx UNUSED)
{
	if (answer->status == 200)
		log_info("move_carried", "%s", "");
	else
		log_info("move_not_carried", "status=%d", answer->status);
}

static void carry(struct who *who, const struct pending *p)
{
	uint8_t wrap[SEAL_WRAP_CASE_BYTES], key[32];
	struct msg blobs = { 0 };
	struct words words;
	struct desk_row to;
	struct view view;
	json_t *body;
	int r;

	if (view_load(who, p->case_id, &view) || store_desk_get(who->web->store, p->to, &to) ||
	    words_open(who, &view.row, &words))
		return;
	r = words_wrap(&words, who->web, &to, wrap);
	words_wipe(&words);
	if (r)
		return;
	msg_add(&blobs, wrap, sizeof(wrap));
	seal_random(key, sizeof(key));
	body = json_pack("{s:s, s:s, s:i}", "ticket", view.ticket, "desk", to.id, "version", -1);
	json_set_hex(body, "session", who->token.sid, sizeof(who->token.sid));
	json_set_hex(body, "key", key, sizeof(key));
	bus_call(who->web->bus, "order.transfer", body, &blobs, CARRY_MS, carried, NULL);
}

void moves_look(struct who *who)
{
	struct moves *m = who->web->moves;
	int64_t now = clock_mono_ms();
	size_t i;

	if (!m->looked_at || now - m->looked_at >= LOOK_MS) {
		m->looked_at = now ? now : 1;
		list_refresh(who->web, m);
	}
	for (i = 0; i < m->count; i++)
		if (!m->pending[i].tried && who_has_desk(who, m->pending[i].source)) {
			m->pending[i].tried = true;
			carry(who, &m->pending[i]);
		}
}
