/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Watchers: one a stream or poll, in a list; a hint names a case, its watchers look again. One look at a time each: hints that come
 * meanwhile make one more. A stream ends with the session it belongs to.
 */
#include "events.h"

#include "api.h"
#include "caller.h"
#include "clock.h"
#include "json.h"
#include "mem.h"
#include "text.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WAIT_MAX_S = 25, NUMBER_BYTES = 24 };

struct watch_one {
	struct watch_one *next, **at; /* at: what points to us */
	struct watches *all;
	struct caller caller;
	struct http_stream *stream;   /* one of these two, until it ended */
	struct http_req *poll;
	struct timer *end;
	int64_t last;                 /* number of the last message told; -1 none */
	char state[24];               /* as last told; "" nothing yet */
	bool looking, again, over;
};
struct watches {
	struct intake *intake;
	struct watch_one *first;
};

static void look(struct watch_one *w);

static void watch_end(struct watch_one *w)
{
	loop_cancel(w->all->intake->loop, &w->end);
	if (w->at) {
		*w->at = w->next;
		if (w->next)
			w->next->at = w->at;
	}
	w->at = NULL;
	w->over = true;
	w->stream = NULL;
	w->poll = NULL;
	if (w->looking)
		return; /* looked() frees it */
	seal_wipe(w, sizeof(*w));
	mem_free(&w);
}

/* ---- telling --------------------------------------------------------------------------------------------------------------- */

static void tell(struct watch_one *w, const char *id, const char *event, const json_t *data)
{
	char *text = json_write(data);

	http_stream_send(w->stream, id, event, text); /* false: closed() follows */
	seal_wipe(text, strlen(text));
	mem_free(&text);
}

static void tell_stream(struct watch_one *w, const json_t *view)
{
	const char *state = json_text(view, "state");
	json_t *message;
	size_t i;

	if (strcmp(w->state, state)) {
		json_t *data = json_pack("{s:s, s:O}", "state", state, "reply_by", json_object_get(view, "reply_by"));

		snprintf(w->state, sizeof(w->state), "%s", state);
		tell(w, NULL, "state", data);
		json_release(&data);
	}
	json_array_foreach(json_object_get(view, "messages"), i, message) {
		char id[NUMBER_BYTES];

		w->last = json_int(message, "n", w->last);
		snprintf(id, sizeof(id), "%lld", (long long)w->last);
		tell(w, id, "message", message);
	}
}

/* A poll is answered by news, or when its time is over. True: it was, and w is gone. */
static bool tell_poll(struct watch_one *w, json_t *view)
{
	json_t *messages = json_object_get(view, "messages");
	const char *state = json_text(view, "state");
	size_t count = json_array_size(messages);
	bool news = count || (*w->state && strcmp(w->state, state));

	snprintf(w->state, sizeof(w->state), "%s", state);
	if (count)
		w->last = json_int(json_array_get(messages, count - 1), "n", w->last);
	if (!news)
		return false;
	http_reply_json(w->poll, 200, json_pack("{s:s, s:I, s:O}", "state", state, "last", (json_int_t)w->last, "messages", messages));
	watch_end(w);
	return true;
}

static void tell_ended(struct watch_one *w)
{
	json_t *nothing = json_object();

	if (w->stream) {
		tell(w, NULL, "ended", nothing);
		http_stream_close(w->stream);
	} else {
		http_error(w->poll, 401, "ended", "Open the ticket again with its code.");
	}
	json_release(&nothing);
	watch_end(w);
}

/* ---- looking ----------------------------------------------------------------------------------------------------------------- */

static void looked(int status, json_t *view, void *ctx)
{
	struct watch_one *w = ctx;
	bool again = w->again;

	w->looking = w->again = false;
	if (w->over) {
		watch_end(w);
		return;
	}
	if (status == 401 || status == 403) {
		tell_ended(w);
		return;
	}
	if (status == 200 && w->poll && tell_poll(w, view))
		return;
	if (status == 200 && w->stream)
		tell_stream(w, view);
	if (again)
		look(w);
}

static void look(struct watch_one *w)
{
	if (w->looking) {
		w->again = true;
		return;
	}
	w->looking = true;
	caller_view(w->all->intake, &w->caller, w->last, looked, w);
}

void watches_hint(struct watches *watches, const char *topic)
{
	uint8_t uid[SEAL_UID_BYTES];
	struct watch_one *w, *next;

	if (!watches->first || strncmp(topic, "case/", 5) || hex_read(topic + 5, uid, sizeof(uid)) != sizeof(uid))
		return;
	for (w = watches->first; w; w = next) {
		next = w->next;
		if (!memcmp(w->caller.uid, uid, sizeof(uid)))
			look(w);
	}
}

/* ---- beginning and end --------------------------------------------------------------------------------------------------------- */

static void stream_closed(void *ctx)
{
	watch_end(ctx);
}

static void stream_over(void *ctx)
{
	struct watch_one *w = ctx;

	w->end = NULL;
	tell_ended(w);
}

static void poll_over(void *ctx)
{
	struct watch_one *w = ctx;

	w->end = NULL;
	http_reply_json(w->poll, 200, json_pack("{s:s, s:I, s:[]}", "state", w->state, "last", (json_int_t)w->last, "messages"));
	watch_end(w);
}

/* How long to wait: 0 a stream; < 0 no lawful number. */
static int wait_of(const struct http_req *req)
{
	const char *wait = http_query(req, "wait");
	int s = wait && strlen(wait) <= 2 && strspn(wait, "0123456789") == strlen(wait) ? atoi(wait) : 0;

	return !wait ? 0 : s >= 1 && s <= WAIT_MAX_S ? s : -1;
}

static int64_t last_of(const struct http_req *req)
{
	const char *id = http_header(req, "Last-Event-ID");

	return id && *id && strlen(id) <= 9 && strspn(id, "0123456789") == strlen(id) ? strtoll(id, NULL, 10) : -1;
}

static void watch_begin(struct intake *intake, struct watch_one *w)
{
	struct watches *all = intake->watches;

	w->all = all;
	w->next = all->first;
	w->at = &all->first;
	if (w->next)
		w->next->at = &w->next;
	all->first = w;
}

void events_get(struct http_req *req)
{
	struct intake *intake = intake_of(req);
	struct watch_one *w;
	struct caller caller;
	int wait = wait_of(req);
	int64_t whole;

	if (wait < 0) {
		http_error(req, 400, "bad_query", "\"wait\" is a number of seconds from 1 to 25.");
		return;
	}
	if (!api_bearer(req, &caller))
		return;
	w = mem_new(sizeof(*w));
	w->caller = caller;
	w->last = last_of(req);
	watch_begin(intake, w);
	if (wait) {
		w->poll = req;
		w->end = loop_after(intake->loop, wait * 1000, poll_over, w);
	} else {
		whole = caller.since_ms + intake->conf->caller_whole_ms - clock_wall_ms();
		w->stream = http_stream_open(req, stream_closed, w);
		if (!w->stream) {
			watch_end(w);
			return;
		}
		w->end = loop_after(intake->loop, whole < intake->conf->caller_idle_ms ? whole : intake->conf->caller_idle_ms, stream_over, w);
	}
	look(w);
}

struct watches *watches_new(struct intake *intake)
{
	struct watches *all = mem_new(sizeof(*all));

	all->intake = intake;
	return all;
}

void watches_free(struct watches **watches)
{
	struct watches *all = steal(watches);

	while (all && all->first) {
		if (all->first->stream)
			http_stream_close(all->first->stream);
		watch_end(all->first); /* a poll is answered by the door, which closes next */
	}
	mem_free(&all);
}
