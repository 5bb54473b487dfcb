/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keeps answers until there is company, shuffles, sends. The order of arrival is forgotten here; what leaves carries desk, month, values
 * and sealed words only. One slice is on its way at a time, under its own key, until the router has it: a resend doubles nothing.
 */
#include "rating.h"

#include "json.h"
#include "log.h"
#include "mem.h"
#include "text.h"
#include <stdio.h>
#include <string.h>

enum { COMPANY = 5, SLICE = 10, WAIT_MS = 24 * 3600 * 1000, AGAIN_MS = 60000, SEND_MS = 15000, DRAIN_MS = 1500, WAITING_MAX = 10000 };

struct answer {
	json_t *item;
	struct buf words; /* sealed; empty: none */
};
struct ratings {
	struct intake *intake;
	struct answer *waiting, slice[SLICE];
	size_t waits, room, in_slice;
	uint8_t key[32]; /* of the slice */
	bool sending, closed;
	struct timer *late, *again;
	void (*drained)(void *ctx);
	void *drained_ctx;
};

static void answer_finish(struct answer *a)
{
	json_release(&a->item);
	buf_finish(&a->words);
}

static void slice_send(struct ratings *r);

static void ratings_done(struct ratings *r)
{
	void (*drained)(void *ctx) = r->drained;

	r->drained = NULL;
	if (drained)
		drained(r->drained_ctx);
}

static void slice_again(void *ctx)
{
	struct ratings *r = ctx;

	r->again = NULL;
	slice_send(r);
}

static void slice_kept(const struct bus_answer *answer, void *ctx)
{
	struct ratings *r = ctx;

	r->sending = false;
	if (r->closed) {
		ratings_free(&r);
		return;
	}
	if (answer->status == 503 && !r->drained) {
		r->again = loop_after(r->intake->loop, AGAIN_MS, slice_again, r);
		return;
	}
	if (answer->status != 200 && answer->status != 503)
		log_warn("ratings_refused", "status=%d items=%zu", answer->status, r->in_slice);
	while (answer->status != 503 && r->in_slice)
		answer_finish(&r->slice[--r->in_slice]);
	if (answer->status != 503 && r->waits)
		slice_send(r);
	else
		ratings_done(r);
}

/* A random one of those waiting; its place is taken by the last. */
static struct answer waiting_take(struct ratings *r)
{
	struct answer taken;
	uint64_t random;
	size_t at;

	seal_random(&random, sizeof(random));
	at = (size_t)(random % r->waits);
	taken = r->waiting[at];
	r->waiting[at] = r->waiting[--r->waits];
	return taken;
}

static void slice_send(struct ratings *r)
{
	json_t *items = json_array(), *body;
	struct msg blobs = { 0 };
	size_t i;

	if (!r->in_slice) {
		while (r->in_slice < SLICE && r->waits)
			r->slice[r->in_slice++] = waiting_take(r);
		seal_random(r->key, sizeof(r->key));
	}
	for (i = 0; i < r->in_slice; i++) {
		json_array_append(items, r->slice[i].item);
		if (r->slice[i].words.bytes)
			msg_add(&blobs, r->slice[i].words.data, r->slice[i].words.bytes);
	}
	body = json_pack("{s:o}", "items", items);
	json_set_hex(body, "key", r->key, sizeof(r->key));
	r->sending = true;
	bus_call(r->intake->bus, "intake.ratings", body, &blobs, SEND_MS, slice_kept, r);
}

static void ratings_late(void *ctx)
{
	struct ratings *r = ctx;

	r->late = NULL;
	if (r->waits && !r->sending && !r->again)
		slice_send(r);
}

static void ratings_add(struct ratings *r, struct answer *a)
{
	if (r->waits == WAITING_MAX) { /* the router has been away for long: the oldest place is no better than another */
		answer_finish(a);
		return;
	}
	if (r->waits == r->room) {
		r->room = r->room ? 2 * r->room : 8;
		r->waiting = mem_resize(r->waiting, r->room * sizeof(*r->waiting));
	}
	r->waiting[r->waits++] = *a;
	if (r->waits >= COMPANY && !r->sending && !r->again)
		slice_send(r);
	else if (!r->late)
		r->late = loop_after(r->intake->loop, WAIT_MS, ratings_late, r);
}

struct ratings *ratings_new(struct intake *intake)
{
	struct ratings *r = mem_new(sizeof(*r));

	r->intake = intake;
	return r;
}

void ratings_free(struct ratings **ratings)
{
	struct ratings *r = steal(ratings);

	if (!r)
		return;
	loop_cancel(r->intake->loop, &r->late);
	loop_cancel(r->intake->loop, &r->again);
	r->closed = true;
	if (r->sending)
		return; /* slice_kept frees it */
	while (r->waits)
		answer_finish(&r->waiting[--r->waits]);
	while (r->in_slice)
		answer_finish(&r->slice[--r->in_slice]);
	mem_free(&r->waiting);
	mem_free(&r);
}

static void drain_over(void *ctx)
{
	struct ratings *r = ctx;

	r->late = NULL;
	ratings_done(r);
}

void ratings_drain(struct ratings *r, void (*done)(void *ctx), void *ctx)
{
	r->drained = done;
	r->drained_ctx = ctx;
	loop_cancel(r->intake->loop, &r->late);
	loop_cancel(r->intake->loop, &r->again);
	if (!r->sending && !r->waits && !r->in_slice) {
		ratings_done(r);
		return;
	}
	r->late = loop_after(r->intake->loop, DRAIN_MS, drain_over, r);
	if (!r->sending)
		slice_send(r);
}

/* ---- one answer ---------------------------------------------------------------------------------------------------------- */

int rating_words_seal(struct seal_epoch *epoch, const struct seal_target *desk, const char *words, struct buf *out)
{
	uint8_t uid[SEAL_UID_BYTES], own[SEAL_KEY_BYTES], key[SEAL_KEY_BYTES], wrap[SEAL_WRAP_KEY_BYTES];
	struct seal_place place = { .uid = uid, .message = seal_random_id(), .kind = SEAL_RATING, .author = "caller" };
	int r;

	if (!epoch || !desk)
		return 1;
	seal_random(uid, sizeof(uid));
	seal_random(own, sizeof(own));
	seal_message_key(own, &place, key);
	r = seal_wrap_write(epoch, desk, uid, SEAL_CARGO_MESSAGE, key, wrap);
	buf_add(out, uid, sizeof(uid));
	buf_add(out, wrap, sizeof(wrap));
	if (!r)
		r = seal_blob_write(own, &place, words, strlen(words), out);
	seal_wipe(own, sizeof(own));
	seal_wipe(key, sizeof(key));
	return r ? 1 : 0;
}

struct giving {
	struct intake *intake;
	json_t *request;
	void (*done)(int status, json_t *answer, void *ctx);
	void *ctx;
};

/* The values without the words, and the words sealed beside. */
static void answer_make(const struct giving *g, const json_t *marked, struct answer *a)
{
	const char *words = json_text(g->request, "words"), *desk = json_text(marked, "desk");
	char name[SEAL_NAME_BYTES];

	snprintf(name, sizeof(name), "desk:%s", desk);
	if (words && !text_blank(words) &&
	    rating_words_seal(epochs_now(g->intake->epochs), keyring_target(g->intake->public, name), words, &a->words)) {
		log_error("rating_words_lost", "desk=%s", desk); /* a desk without a key in keys/public */
		buf_finish(&a->words);
	}
	a->item = json_pack("{s:s, s:s, s:O, s:O, s:O, s:b}", "desk", desk, "month", json_text(marked, "month"),
	                    "heard", json_object_get(g->request, "heard"), "helped", json_object_get(g->request, "helped"), "again",
	                    json_object_get(g->request, "again"), "words", a->words.bytes > 0);
}

static void marked(int status, json_t *answer, void *ctx)
{
	struct giving *g = ctx;
	struct answer a = { 0 };

	if (status == 200 && !json_bool(answer, "again", false)) {
		answer_make(g, answer, &a);
		ratings_add(g->intake->ratings, &a);
	}
	g->done(status == 200 ? 201 : status, answer, g->ctx);
	json_release(&g->request);
	mem_free(&g);
}

void rating_give(struct intake *intake, const struct caller *caller, json_t *request, const char *key,
                 void (*done)(int status, json_t *answer, void *ctx), void *ctx)
{
	struct giving *g = mem_new(sizeof(*g));

	*g = (struct giving){ intake, request, done, ctx };
	if (!epochs_now(intake->epochs)) { /* words could not be sealed: nothing is marked yet */
		marked(503, NULL, g);
		return;
	}
	caller_order(intake, caller, "intake.rate", json_object(), key, marked, g);
}
