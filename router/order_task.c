/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tasks: another desk's part of a case. The first desk keeps the case and the caller sees one conversation; the task's own wrap lets
 * that desk read, and goes when the task ends.
 */
#include "task.h"

#include "seal.h"
#include <string.h>

int task_open(struct call *c, struct work *w, const struct desk_row *desk, const struct wrap_row *wrap, bool crisis, int64_t note,
              int64_t *id)
{
	struct task_row task = { .case_id = w->row.id, .desk = desk->num, .state = "waiting", .crisis = crisis, .asked_by = c->who.id,
		                 .note = note };
	int r = store_wrap_put(c->store, wrap);

	if (!r)
		r = store_task_add(c->store, &task);
	*id = task.id;
	w->facts.tasks_open++;
	return r;
}

/* True when that desk has an open task on the case. */
static int task_stands(struct call *c, const struct work *w, int64_t desk, bool *stands)
{
	struct task_row *rows;
	size_t n, i;
	int r = store_task_list(c->store, w->row.id, &rows, &n);

	*stands = false;
	for (i = 0; !r && i < n; i++)
		*stands = *stands || (rows[i].desk == desk && strcmp(rows[i].state, "done"));
	return r;
}

/* The sealed note that says what is asked. */
static int task_note(struct call *c, struct work *w, int64_t *n)
{
	struct message_row m = { .case_id = w->row.id, .n = -1, .kind = "note", .author = c->who.id, .blob = call_blob(c, 1),
		                 .note_key = json_int(c->in, "note_key", 0) };
	int r;

	*n = -1;
	if (c->blobs < 2)
		return 0;
	if (json_hex(c->in, "message_id", m.key_id, sizeof(m.key_id)) != sizeof(m.key_id))
		return call_refuse(c, 400, "bad_blob", "A sealed note comes with its message id.");
	r = store_message_add(c->store, &m);
	*n = m.n;
	w->row.messages = m.n + 1;
	return r;
}

static int order_task(struct call *c)
{
	struct store_blob blob = call_blob(c, 0);
	struct seal_wrap_head head;
	struct wrap_row wrap;
	struct desk_row desk;
	struct work w;
	bool stands;
	int64_t note, id;
	int r = work_load(c, &w);

	if (!r)
		r = work_do(c, &w, CASE_ON_TASK_ADD);
	if (r)
		return r;
	r = store_desk_find(c->store, json_text(c->in, "desk"), &desk);
	if (r > 0 || (!r && desk.site != w.row.site))
		return call_refuse(c, 404, "no_desk", "This house has no such desk.");
	if (!r)
		r = task_stands(c, &w, desk.num, &stands);
	if (r)
		return r;
	if (desk.num == w.row.desk || stands)
		return call_refuse(c, 409, "task_stands", "That desk has the case or its part of it already.");
	if (seal_wrap_head(blob.data, blob.bytes, &head) || head.cargo != SEAL_CARGO_CASE || head.generation != desk.generation)
		return call_refuse(c, 400, "bad_wrap", "The wrap is not sealed to the other desk's key.");
	wrap = (struct wrap_row){ .case_id = w.row.id, .target = "task", .desk = desk.num, .generation = head.generation,
		                  .epoch = head.epoch, .sealer = "web", .note_key = json_int(c->in, "note_key", 1), .blob = blob };
	r = task_note(c, &w, &note);
	if (!r)
		r = task_open(c, &w, &desk, &wrap, false, note, &id);
	if (!r)
		r = work_audit(c, &w, "task", desk.id);
	work_renew(c, &w, false);
	if (!r)
		r = work_keep(c, &w, "task", id, desk.id);
	return r ? r : work_answer(c, &w, 201);
}

static int order_task_end(struct call *c)
{
	struct task_row task;
	struct work w;
	int r = work_load(c, &w);

	if (!r)
		r = store_task_get(c->store, json_int(c->in, "task", 0), &task);
	if (r > 0 && c->status >= 400)
		return r;
	if (r > 0 || (!r && task.case_id != w.row.id))
		return call_refuse(c, 404, "not_found", "There is no such task on this case.");
	if (r)
		return r;
	if (!person_has_desk(&c->who, task.desk) && !w.facts.actor_is_owner)
		return call_refuse(c, 403, "not_allowed", "The desk that was asked, or the case's counselor, ends a task.");
	if (!strcmp(task.state, "done"))
		return work_answer(c, &w, 200);
	r = work_do(c, &w, CASE_ON_TASK_END);
	if (r)
		return r;
	task.state = "done";
	task.disposition = json_text(c->in, "disposition");
	task.ended_at = c->now;
	r = store_task_save(c->store, &task);
	if (!r)
		r = store_wrap_delete(c->store, w.row.id, "task", task.desk);
	if (!r)
		r = work_audit(c, &w, "task_end", task.disposition);
	if (!r)
		r = work_keep(c, &w, "task_end", task.id, task.disposition);
	return r ? r : work_answer(c, &w, 200);
}

const struct verb verbs_task[] = {
	{ "order.task", order_task, false },
	{ "order.task_end", order_task_end, false },
	{ 0 },
};
