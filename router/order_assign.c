/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Orders that give work to others: one case, many at once with an undo, another desk. Inside a desk that is a row; between desks a
 * holder of the key seals it to the receiving desk, or the move stays pending until one acts.
 */
#include "claim.h"

#include "mem.h"
#include "seal.h"
#include <string.h>

enum { UNDO_MS = 60000 };

/* The person of a user name, if they can take a case of that desk. */
static int receiver(struct call *c, const char *user, int64_t desk, struct staff_row *out)
{
	int64_t *desks;
	size_t n, i;
	int r = user ? store_staff_find(c->store, user, out) : STORE_NONE;

	if (r > 0 || (!r && strcmp(out->state, "active")))
		return call_refuse(c, 404, "no_person", "There is no such active person.");
	if (!r)
		r = store_staff_desks(c->store, out->id, &desks, &n);
	for (i = 0; !r && i < n; i++)
		if (desks[i] == desk)
			return 0;
	return r ? r : call_refuse(c, 409, "not_their_desk", "That person does not work on this desk.");
}

static int assign(struct call *c, struct work *w, const struct staff_row *to, const char *reason)
{
	int r = work_do(c, w, CASE_ON_ASSIGN);

	if (r)
		return r;
	claim_own(c, w, to->id, false);
	w->facts.has_owner = true;
	w->facts.owner_on_shift = strcmp(to->presence, "off") != 0;
	if (!w->row.opened_by) {
		w->row.opened_by = to->id;
		w->row.marks |= CASE_MARK_DESK_SETTLED;
		r = store_wrap_delete_desks(c->store, w->row.id, w->row.desk);
	}
	if (!r)
		r = work_audit(c, w, "assign", reason);
	return r ? r : work_keep(c, w, "assigned", to->id, to->user);
}

static int order_assign(struct call *c)
{
	struct staff_row to;
	struct work w;
	int r = work_load(c, &w);

	if (!r)
		r = work_version(c, &w);
	if (!r)
		r = receiver(c, json_text(c->in, "to"), w.row.desk, &to);
	if (!r)
		r = assign(c, &w, &to, NULL);
	return r ? r : work_answer(c, &w, 200);
}

/* One move of many: a refusal is noted in `refused` and does not stop the others. */
static int assign_one(struct call *c, const json_t *move, json_t *done, json_t *refused)
{
	struct staff_row to;
	struct work w;
	json_t *in = c->in;
	int64_t before;
	int r;

	c->in = json_deep_copy(move);
	r = json_is_object(c->in) && json_text(c->in, "ticket") && json_text(c->in, "to") ?
	            work_load(c, &w) :
	            call_refuse(c, 400, "bad_message", "Each move names a ticket and a person.");
	before = r ? 0 : w.row.owner;
	if (!r)
		r = receiver(c, json_text(c->in, "to"), w.row.desk, &to);
	if (!r)
		r = assign(c, &w, &to, json_text(in, "reason"));
	if (!r)
		json_array_append_new(done, json_pack("{s:I, s:I, s:I}", "case", (json_int_t)w.row.id, "from", (json_int_t)before, "to",
		                                      (json_int_t)to.id));
	else if (r > 0)
		json_array_append_new(refused, json_pack("{s:s?, s:O}", "ticket", json_text(move, "ticket"), "error",
		                                         json_object_get(c->out, "error")));
	json_release(&c->in);
	c->in = in;
	return r < 0 ? r : 0;
}

static int order_assign_many(struct call *c)
{
	json_t *moves = json_object_get(c->in, "moves"), *move, *done = json_array(), *refused = json_array();
	uint8_t token[16];
	char *text;
	size_t i;
	int r = 0;

	json_array_foreach(moves, i, move)
		if (!r)
			r = assign_one(c, move, done, refused);
	seal_random(token, sizeof(token));
	text = json_write(done);
	if (!r)
		r = store_undo_put(c->store, token, c->who.id, c->now + UNDO_MS, text);
	if (!r)
		r = store_audit_add(c->store, c->who.id, "assign_many", 0, json_text(c->in, "reason"));
	mem_free(&text);
	c->status = 200;
	json_release(&c->out);
	c->out = json_pack("{s:I, s:o}", "moved", (json_int_t)json_array_size(done), "refused", refused);
	json_set_hex(c->out, "undo", token, sizeof(token));
	json_release(&done);
	return r;
}

/* Gives one case back to whom it was taken from, if nothing happened to it since. */
static int undo_one(struct call *c, const json_t *move, int64_t *undone)
{
	int64_t from = json_int(move, "from", 0), to = json_int(move, "to", 0);
	struct work w;
	int r = work_load_as(c, json_int(move, "case", 0), c->who.roles, &w);

	if (r || w.row.owner != to || w.row.touched)
		return r < 0 ? r : 0;
	r = work_do(c, &w, from ? CASE_ON_ASSIGN : CASE_ON_RELEASE);
	if (r)
		return r < 0 ? r : 0; /* it moved on meanwhile: it stays where it is */
	if (from)
		claim_own(c, &w, from, false);
	(*undone)++;
	return work_keep(c, &w, "assigned", from, "undo");
}

static int order_undo(struct call *c)
{
	uint8_t token[16];
	const char *text;
	json_t *moves = NULL, *move;
	int64_t undone = 0;
	size_t i;
	int r;

	json_hex(c->in, "undo", token, sizeof(token));
	r = store_undo_take(c->store, token, c->who.id, &text);
	if (r == STORE_NONE)
		return call_refuse(c, 409, "too_late", "This can no longer be taken back.");
	if (r)
		return r;
	moves = json_loads(text, 0, NULL);
	json_array_foreach(moves, i, move)
		if (!r)
			r = undo_one(c, move, &undone);
	json_release(&moves);
	if (!r)
		r = store_audit_add(c->store, c->who.id, "undo", 0, "");
	c->status = 200;
	json_release(&c->out);
	c->out = json_pack("{s:I}", "undone", (json_int_t)undone);
	return r;
}

/* The wrap of the receiving desk, sealed by a holder. */
static int transfer_wrap(struct call *c, const struct work *w, const struct desk_row *desk)
{
	struct store_blob blob = call_blob(c, 0);
	struct seal_wrap_head head;
	struct wrap_row wrap;
	int r;

	if (seal_wrap_head(blob.data, blob.bytes, &head) || head.cargo != SEAL_CARGO_CASE || head.generation != desk->generation)
		return call_refuse(c, 400, "bad_wrap", "The wrap is not sealed to the receiving desk's key.");
	wrap = (struct wrap_row){ .case_id = w->row.id, .target = "desk", .desk = desk->num, .generation = head.generation,
		                  .epoch = head.epoch, .sealer = "web", .note_key = 1, .blob = blob };
	r = store_wrap_put(c->store, &wrap);
	return r ? r : store_wrap_delete_desks(c->store, w->row.id, desk->num);
}

static int transfer_pending(struct call *c, struct work *w, const struct desk_row *desk)
{
	struct move_row move = { .case_id = w->row.id, .to_desk = desk->num, .staff = c->who.id };
	int r = store_move_put(c->store, &move);

	w->row.marks |= CASE_MARK_MOVE_PENDING;
	if (!r)
		r = work_audit(c, w, "move_pending", desk->id);
	if (!r)
		r = work_keep(c, w, "move_pending", desk->num, desk->id);
	return r ? r : work_answer(c, w, 202);
}

/* The case ended while its move was pending: nothing is left to move. Kept although it is a refusal, or it would be tried for ever. */
static int transfer_moot(struct call *c, struct work *w)
{
	int r = store_move_delete(c->store, w->row.id);

	w->row.marks &= ~(unsigned)CASE_MARK_MOVE_PENDING;
	if (!r)
		r = work_keep(c, w, "move_dropped", 0, NULL);
	call_refuse(c, 409, "not_lawful", "The case has ended meanwhile; it is not moved.");
	return r;
}

static int transfer_do(struct call *c, struct work *w, const struct desk_row *desk)
{
	int64_t from = w->row.desk;
	int r = transfer_wrap(c, w, desk);

	if (!r)
		r = store_move_delete(c->store, w->row.id);
	if (r < 0 || (r > 0 && c->status >= 400))
		return r;
	w->row.desk = desk->num;
	w->row.owner = w->row.cover = w->row.cover_until = w->row.lease_until = 0;
	w->row.touched = false;
	w->row.state = CASE_WAITING;
	w->row.marks = (w->row.marks | CASE_MARK_DESK_SETTLED | CASE_MARK_RETURNED) & ~(unsigned)CASE_MARK_MOVE_PENDING;
	if (!w->row.oldest_at)
		w->row.oldest_at = c->now;
	w->row.due_at = claim_due(c, &w->row);
	r = work_audit(c, w, "transfer", desk->id);
	if (!r)
		r = work_keep(c, w, "moved", from, desk->id); /* number: the desk it has left */
	return r ? r : work_answer(c, w, 200);
}

static int order_transfer(struct call *c)
{
	struct case_row before;
	struct desk_row desk;
	struct move_row move;
	struct work w;
	bool pending;
	int r = work_load(c, &w);

	if (!r)
		r = work_version(c, &w);
	if (r)
		return r;
	r = store_desk_find(c->store, json_text(c->in, "desk"), &desk);
	if (r > 0)
		return call_refuse(c, 404, "no_desk", "This house has no such desk.");
	if (r)
		return r;
	if (desk.num == w.row.desk)
		return call_refuse(c, 409, "same_desk", "The case is on this desk already.");
	/* A pending move is carried out by any member of the source desk: its lawfulness was decided when it was asked for. */
	pending = w.row.marks & CASE_MARK_MOVE_PENDING && !store_move_get(c->store, w.row.id, &move) && move.to_desk == desk.num;
	if (pending && !w.facts.actor_has_desk)
		return call_refuse(c, 403, "not_allowed", "A member of the source desk carries the move out.");
	if (pending && w.row.state >= CASE_CLOSED)
		return transfer_moot(c, &w);
	before = w.row;
	if (pending)
		w.row.version++;
	else
		r = work_do(c, &w, CASE_ON_TRANSFER);
	if (r || c->blobs)
		return r ? r : transfer_do(c, &w, &desk);
	w.row = before; /* its counselor keeps it until it goes */
	return transfer_pending(c, &w, &desk);
}

const struct verb verbs_assign[] = {
	{ "order.assign", order_assign, false },
	{ "order.assign_many", order_assign_many, false },
	{ "order.undo", order_undo, false },
	{ "order.transfer", order_transfer, false },
	{ 0 },
};
