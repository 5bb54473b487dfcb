/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Orders that carry sealed words: reply, note, recall, draft. The router keeps the blob and who wrote it; a reply moves the case to the
 * caller's side. A message may be taken back within two minutes; the audit keeps that it was.
 */
#include "work.h"

#include "mem.h"
#include "seal.h"
#include <stdio.h>
#include <string.h>

enum { RECALL_MS = 120000 };

/* A stable alias per ticket and person: callers never learn a name. */
static void alias_of(const struct call *c, const struct case_row *row, char out[24])
{
	uint8_t mix[STORE_UID_BYTES + 8], hash[16];

	memcpy(mix, row->uid, STORE_UID_BYTES);
	memcpy(mix + STORE_UID_BYTES, &c->who.id, 8);
	seal_hash(hash, sizeof(hash), c->router->keys->fake, "alias", mix, sizeof(mix));
	snprintf(out, 24, "%c%02u", "ABCDEFGHJKLMNPQRSTUVWXYZ"[hash[0] % 24], hash[1] % 100u);
}

static int words_add(struct call *c, struct work *w, const char *kind, int64_t *n)
{
	char alias[24];
	struct message_row m = { .case_id = w->row.id, .n = -1, .kind = kind, .author = c->who.id, .alias = alias, .blob = call_blob(c, 0),
		                 .note_key = json_int(c->in, "note_key", 0) };
	int r;

	alias_of(c, &w->row, alias);
	json_hex(c->in, "message_id", m.key_id, sizeof(m.key_id));
	if (!m.blob.bytes || m.blob.bytes > BOOK_BLOB_BYTES_MAX)
		return call_refuse(c, 400, "bad_blob", "The sealed words are missing or too long.");
	r = store_message_add(c->store, &m);
	*n = m.n;
	w->row.messages = m.n + 1;
	return r;
}

static int words_answer(struct call *c, const struct work *w, int64_t n)
{
	work_answer(c, w, 201);
	json_object_set_new(c->out, "n", json_integer(n));
	json_object_set_new(c->out, "at", json_integer(c->now));
	return 0;
}

static int order_reply(struct call *c)
{
	struct work w;
	int64_t n;
	int r = work_load(c, &w);

	if (!r && w.row.marks & CASE_MARK_ERASED)
		return call_refuse(c, 409, "erased", "The words of this case are destroyed.");
	if (!r)
		r = work_do(c, &w, CASE_ON_REPLY);
	if (!r)
		r = words_add(c, &w, "reply", &n);
	if (r)
		return r;
	work_renew(c, &w, true);
	w.row.oldest_at = 0;
	w.row.replied_at = c->now;
	w.row.reply_by = 0;
	if (!w.row.first_reply_at)
		w.row.first_reply_at = c->now;
	r = work_keep(c, &w, "reply", n, NULL);
	return r ? r : words_answer(c, &w, n);
}

static int order_note(struct call *c)
{
	struct work w;
	const char *kind = json_text(c->in, "kind");
	int64_t n;
	int r = work_load(c, &w);

	if (!r)
		r = work_do(c, &w, CASE_ON_NOTE);
	if (!r)
		r = words_add(c, &w, kind ? kind : "note", &n);
	if (r)
		return r;
	work_renew(c, &w, true);
	r = work_keep(c, &w, "note", n, NULL);
	return r ? r : words_answer(c, &w, n);
}

static int order_recall(struct call *c)
{
	struct message_row m;
	struct work w;
	int64_t n = json_int(c->in, "n", -1);
	int r = work_load(c, &w);

	if (!r)
		r = store_message_get(c->store, w.row.id, n, &m);
	if (r > 0 && c->status < 400)
		return call_refuse(c, 404, "not_found", "There is no such message.");
	if (r)
		return r;
	if (m.author != c->who.id || !m.author)
		return call_refuse(c, 403, "not_allowed", "Only its writer takes a message back.");
	if (m.recalled_at)
		return work_answer(c, &w, 200);
	if (c->now - m.at > RECALL_MS)
		return call_refuse(c, 409, "too_late", "A message can be taken back within two minutes.");
	r = store_message_recall(c->store, w.row.id, n);
	if (!r)
		r = work_audit(c, &w, "recalled", m.seen_at ? "after it was seen" : NULL);
	if (!r)
		r = work_keep(c, &w, "recalled", n, NULL);
	return r ? r : work_answer(c, &w, 200);
}

static int order_draft(struct call *c)
{
	struct work w;
	struct draft_row row = { .staff = c->who.id, .kind = json_text(c->in, "kind"), .seq = json_int(c->in, "seq", 0),
		                 .blob = call_blob(c, 0) };
	int r = work_load(c, &w);

	if (r)
		return r;
	row.case_id = w.row.id;
	if (!row.blob.bytes) {
		r = store_draft_delete(c->store, c->who.id, w.row.id, row.kind);
		return r < 0 ? r : 0; /* there was none: as wished */
	}
	r = store_draft_put(c->store, &row);
	if (r == STORE_EXISTS)
		return call_refuse(c, 409, "stale", "A later draft stands already.");
	return r;
}

const struct verb verbs_words[] = {
	{ "order.reply", order_reply, false },
	{ "order.note", order_note, false },
	{ "order.recall", order_recall, false },
	{ "order.draft", order_draft, true },
	{ 0 },
};
