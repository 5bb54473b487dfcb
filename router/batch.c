/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The batch: calls gathered in one turn of the loop, one commit, then the answers, the hints and what each wanted done afterwards.
 * Nobody is answered before the commit. A commit of unknown outcome stops the process: it restarts and replays.
 */
#include "call.h"

#include "log.h"
#include "mem.h"
#include "text.h"
#include <stdlib.h>
#include <string.h>

/* Never commits: it is called while peers and leases are walked, and what a commit does afterwards may end them. */
void batch_add(struct router *r, struct call *call)
{
	if (r->batch_count == r->batch_room) {
		r->batch_room = r->batch_room ? 2 * r->batch_room : (size_t)r->conf->batch_max;
		r->batch = mem_resize(r->batch, r->batch_room * sizeof(struct call *));
	}
	r->batch[r->batch_count++] = call;
}

static void publish(struct router *r, const char *topic, json_t *body)
{
	struct msg m = { 0 };
	char *text = json_write(body);

	msg_add_text(&m, topic);
	msg_take(&m, (uint8_t *)text, strlen(text));
	if (sock_send(r->hints, &m))
		msg_clear(&m); /* hints only: whoever missed one reads the events */
	json_release(&body);
}

static void call_publish(const struct call *c, const char *cursor)
{
	char topic[5 + 2 * STORE_UID_BYTES + 1] = "case/";
	size_t i;

	for (i = 0; i < c->hints; i++) {
		hex_write(topic + 5, c->hint[i], STORE_UID_BYTES);
		publish(c->router, topic, json_pack("{s:s}", "cursor", cursor));
	}
}

static void call_finish(struct call *c, const char *cursor)
{
	if (c->op.result < 0)
		call_refuse(c, 503, "not_durable", "It could not be kept just now; send it again in a moment.");
	else if (!c->op.result)
		call_publish(c, cursor);
	if (!c->text)
		c->text = c->out ? json_write(c->out) : mem_text("{}");
	answer_text(&c->slot, c->status, steal(&c->text), &c->blobs_out);
	if (c->after)
		c->after(c);
}

/* One commit of at most batch_max calls, then their answers. True when it was kept. */
static bool slice_commit(struct router *r, struct call **calls, size_t n)
{
	char before[STORE_CURSOR_BYTES] = "", cursor[STORE_CURSOR_BYTES] = "";
	size_t i;
	int bad;

	memcpy(before, r->cursor, sizeof(before));
	bad = store_apply(r->store, (struct store_op *const *)(void *)calls, n);
	if (bad == STORE_UNKNOWN_OUTCOME) {
		log_error("commit_unknown", "calls=%zu", n);
		exit(1);
	}
	if (store_event_cursor(r->store, cursor))
		memcpy(cursor, before, sizeof(cursor));
	for (i = 0; i < n; i++)
		call_finish(calls[i], cursor);
	if (strcmp(before, cursor)) {
		memcpy(r->cursor, cursor, sizeof(cursor));
		publish(r, "staff", json_pack("{s:s}", "cursor", cursor));
	}
	for (i = 0; i < n; i++)
		call_free(&calls[i]);
	return !bad;
}

void batch_commit(struct router *r)
{
	struct call **calls = r->batch;
	size_t n = r->batch_count, most = (size_t)r->conf->batch_max, at;

	if (!n)
		return;
	/* after() may add calls: they belong to the next batch. */
	r->batch = NULL;
	r->batch_count = r->batch_room = 0;
	for (at = 0; at < n; at += most)
		if (slice_commit(r, calls + at, n - at < most ? n - at : most))
			r->dispatch_due = true; /* a job may be new, or ready again */
	mem_free(&calls);
}
