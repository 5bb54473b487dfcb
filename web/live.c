/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The streams. Events are read after a hint (and once a second, for a hint that was lost), each told once and sent to
 * whom it concerns. A stream's session and rights are looked at again every ten seconds, a tenth of the streams each
 * second, and at once when something happens to its person. No timer and no query belongs to a stream of its own.
 */
#include "live.h"

#include "clock.h"
#include "live_tell.h"
#include "look.h"
#include "mem.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TICK_MS = 1000, CHECK_TICKS = 10, PAGE = 200, REPLAY_MAX = 200 };

struct stream {
	struct live *live;
	struct http_stream *http;
	size_t place; /* in live->stream */
	int64_t session, staff, site;
	int64_t *desk;
	size_t desks;
};
struct live {
	struct web *web;
	struct stream **stream;
	size_t count, room;
	char cursor[STORE_CURSOR_BYTES]; /* of the newest event told */
	bool due;
	size_t check_at;
	struct timer *tick;
	struct looks *looks;
};

size_t live_count(const struct live *live)
{
	return live->count;
}

json_t *live_looking(struct live *live, const char *ticket)
{
	return looks_names(live->looks, ticket);
}

/* ---- streams --------------------------------------------------------------------------------- */

static void stream_forget(struct stream *s)
{
	struct live *live = s->live;

	live->stream[s->place] = live->stream[--live->count];
	live->stream[s->place]->place = s->place;
	mem_free(&s->desk);
	mem_free(&s);
}

static void stream_closed(void *ctx)
{
	stream_forget(ctx);
}

static void stream_end(struct stream *s)
{
	http_stream_close(s->http);
	stream_forget(s);
}

static void stream_add(struct live *live, struct stream *s)
{
	if (live->count == live->room) {
		live->room = live->room ? 2 * live->room : 16;
		live->stream = mem_resize(live->stream, live->room * sizeof(*live->stream));
	}
	s->live = live;
	s->place = live->count;
	live->stream[live->count++] = s;
}

/* Ends the stream of whoever has signed out or left; takes over changed desks. True while it stays. */
static bool stream_check(struct stream *s)
{
	struct web *web = s->live->web;
	struct session_row session;
	struct staff_row staff;
	int64_t *desks, now = store_now(web->store);
	size_t n;

	if (store_session_get(web->store, s->session, &session) || session.ended_at || now > session.until_at ||
	    now > session.used_at + web->conf->staff_idle_ms || store_staff_get(web->store, s->staff, &staff) ||
	    !strcmp(staff.state, "disabled") || !strcmp(staff.state, "left") ||
	    store_staff_desks(web->store, s->staff, &desks, &n)) {
		stream_end(s);
		return false;
	}
	if (n != s->desks || memcmp(desks, s->desk, n * sizeof(*desks))) {
		mem_free(&s->desk);
		s->desk = mem_copy(desks, n * sizeof(*desks));
		s->desks = n;
	}
	return true;
}

/* ---- events ---------------------------------------------------------------------------------- */

static void stream_tell(struct stream *s, struct tell *t)
{
	const char *text = tell_text(t, s->staff, s->site, s->desk, s->desks);

	if (text)
		http_stream_send(s->http, *t->id ? t->id : NULL, t->event, text);
}

/* Tells one event to all, or to one. */
static void event_tell(struct live *live, const struct event_row *e, struct stream *only)
{
	struct tell *t = mem_new(sizeof(*t));
	size_t i;

	if (!tell_event(live->web, e, t)) {
		for (i = live->count; t->person && i-- > 0;)
			if (live->stream[i]->staff == t->person && live->stream[i] != only)
				stream_check(live->stream[i]);
		for (i = 0; !only && i < live->count; i++)
			stream_tell(live->stream[i], t);
		if (only)
			stream_tell(only, t);
	}
	tell_finish(t);
	mem_free(&t);
}

static void events_read(struct live *live)
{
	struct event_row *rows;
	size_t n, i;

	live->due = false;
	if (!live->count)
		return;
	if (store_event_after(live->web->store, live->cursor, PAGE, &rows, &n, live->cursor))
		return;
	for (i = 0; i < n; i++)
		event_tell(live, &rows[i], NULL);
	if (n == PAGE) {
		live->due = true;
		loop_soon(live->web->loop);
	}
}

/* Before each wait of the loop: what several hints of one turn announced is read once. */
static int64_t live_turn(void *ctx)
{
	struct live *live = ctx;

	if (live->due)
		events_read(live);
	return -1;
}

static void live_tick(void *ctx)
{
	struct live *live = ctx;
	size_t part = live->count / CHECK_TICKS + 1;

	for (; part && live->count; part--) {
		if (live->check_at >= live->count)
			live->check_at = 0;
		if (stream_check(live->stream[live->check_at]))
			live->check_at++;
	}
	live->due = live->count != 0;
}

static void hint_tell(struct live *live, const char *body)
{
	struct tell *t = mem_new(sizeof(*t));
	json_t *hint = NULL, *out;
	const char *kind, *ticket, *name;
	size_t i;

	if (!json_read(body, strlen(body), &hint) && (kind = json_text(hint, "kind")) &&
	    (ticket = json_text(hint, "ticket")) && (name = json_text(hint, "name"))) {
		out = json_pack("{s:s, s:s, s:s}", "kind", kind, "ticket", ticket, "name", name);
		if (!strcmp(kind, "looking"))
			looks_put(live->looks, ticket, json_int(hint, "staff", 0), name);
		if (!tell_hint(live->web, ticket, json_write(out), t))
			for (i = 0; i < live->count; i++)
				stream_tell(live->stream[i], t);
		json_release(&out);
	}
	tell_finish(t);
	json_release(&hint);
	mem_free(&t);
}

void live_hint(const char *topic, const char *body, void *ctx)
{
	struct web *web = ctx;

	if (!strcmp(topic, "hint")) {
		hint_tell(web->live, body);
	} else if (!strcmp(topic, "staff")) {
		web->live->due = true;
		loop_soon(web->loop);
	}
}

/* ---- the route ------------------------------------------------------------------------------- */

/* What was missed since `last`; false when that is too much, or unknown: the page reads its lists again. */
static bool replay(struct live *live, struct stream *s, const char *last)
{
	char next[STORE_CURSOR_BYTES];
	struct event_row *rows;
	size_t n, i;

	if (store_event_after(live->web->store, last, REPLAY_MAX + 1, &rows, &n, next) || n > REPLAY_MAX)
		return false;
	for (i = 0; i < n; i++)
		event_tell(live, &rows[i], s);
	return true;
}

static void hello(struct live *live, struct stream *s, bool missed)
{
	json_t *out = json_pack("{s:s, s:b}", "cursor", live->cursor, "missed", missed);
	char *text;

	json_set_time(out, "now", store_now(live->web->store));
	text = json_write(out);
	http_stream_send(s->http, live->cursor, "hello", text);
	json_release(&out);
	mem_free(&text);
}

void live_get(struct http_req *req)
{
	struct who *who = session_who(req);
	struct live *live = who->web->live;
	const char *last = http_header(req, "Last-Event-ID");
	char from[STORE_CURSOR_BYTES] = "";
	struct stream *s = mem_new(sizeof(*s));

	if (last)
		snprintf(from, sizeof(from), "%s", last);
	s->session = who->session;
	s->staff = who->id;
	s->site = who->site;
	s->desks = who->desks;
	s->desk = mem_copy(who->desk, who->desks * sizeof(*who->desk));
	if (live->count)
		events_read(live);
	else if (store_event_cursor(live->web->store, live->cursor))
		live->cursor[0] = 0;
	s->http = http_stream_open(req, stream_closed, s);
	if (!s->http) {
		mem_free(&s->desk);
		mem_free(&s);
		return;
	}
	stream_add(live, s);
	hello(live, s, *from && !replay(live, s, from));
}

struct live *live_new(struct web *web)
{
	struct live *live = mem_new(sizeof(*live));

	live->web = web;
	live->looks = looks_new();
	live->tick = loop_every(web->loop, TICK_MS, live_tick, live);
	loop_before_wait(web->loop, live_turn, live);
	return live;
}

void live_free(struct live **live)
{
	struct live *l = steal(live);

	if (!l)
		return;
	loop_cancel(l->web->loop, &l->tick);
	loop_before_wait_stop(l->web->loop, live_turn, l);
	looks_free(&l->looks);
	mem_free(&l->stream);
	mem_free(&l);
}
