/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Workers: registered by READY, idle in order of waiting, heard by any frame. Idle ones expire by heartbeat, busy ones by lease
 * only (plain Majordomo workers are silent while working). Called by door.c and dispatch.c.
 */
#include "peer_impl.h"

#include <string.h>

static struct service *service_of(struct peers *p, const char *name, bool make)
{
	struct service *s;

	HASH_FIND_STR(p->services, name, s);
	if (s || !make)
		return s;
	s = mem_new(sizeof(*s));
	strncpy(s->name, name, sizeof(s->name) - 1);
	HASH_ADD_STR(p->services, name, s);
	return s;
}

static void idle_remove(struct service *s, struct worker *w)
{
	struct worker **at = &s->first, *before = NULL;

	if (!w->idle)
		return;
	while (*at && *at != w) {
		before = *at;
		at = &(*at)->next;
	}
	if (*at)
		*at = w->next;
	if (s->last == w)
		s->last = before;
	w->next = NULL;
	w->idle = false;
}

void worker_idle(struct peers *p, struct worker *w)
{
	struct service *s = service_of(p, w->service, true);

	idle_remove(s, w);
	w->token[0] = 0;
	w->settling = false;
	w->idle = true;
	w->next = NULL;
	if (s->last)
		s->last->next = w;
	else
		s->first = w;
	s->last = w;
}

struct worker *worker_ready(struct peers *p, enum role role, const struct frame *id, enum wire_dialect dialect,
                            const struct frame *service, int64_t now_ms)
{
	struct worker *w = worker_find(p, role, id);

	if (!w) {
		w = mem_new(sizeof(*w));
		if (!peer_key_make(role, id, &w->key)) {
			mem_free(&w);
			return NULL;
		}
		HASH_ADD_KEYPTR(hh, p->workers, w->key.bytes, w->key.length, w);
		w->role = role;
		memcpy(w->service, service->data, service->bytes < 127 ? service->bytes : 127);
		service_of(p, w->service, true)->workers++;
	}
	w->dialect = dialect;
	w->heard_at_ms = now_ms;
	worker_idle(p, w);
	return w;
}

struct worker *worker_find(struct peers *p, enum role role, const struct frame *id)
{
	struct peer_key key;
	struct worker *w = NULL;

	if (peer_key_make(role, id, &key))
		HASH_FIND(hh, p->workers, key.bytes, key.length, w);
	return w;
}

struct worker *worker_holding(struct peers *p, const char *token)
{
	struct worker *w, *next;

	HASH_ITER(hh, p->workers, w, next) {
		if (w->token[0] && !strcmp(w->token, token))
			return w;
	}
	return NULL;
}

struct worker *worker_take(struct peers *p, const char *service)
{
	struct service *s = service_of(p, service, false);
	struct worker *w = s ? s->first : NULL;

	if (w)
		idle_remove(s, w);
	return w;
}

bool worker_waits(struct peers *p, const char *service)
{
	struct service *s = service_of(p, service, false);

	return s && s->first;
}

size_t workers_of(struct peers *p, const char *service)
{
	struct service *s = service_of(p, service, false);

	return s ? s->workers : 0;
}

void workers_idle_services(struct peers *p, void (*fn)(const char *service, void *ctx), void *ctx)
{
	struct service *s, *next;

	HASH_ITER(hh, p->services, s, next) {
		if (s->first)
			fn(s->name, ctx);
	}
}

int worker_send(struct peers *p, struct worker *w, enum wire_verb verb, struct msg *body)
{
	struct msg out = { 0 };
	int r;

	msg_add(&out, w->key.bytes + 1, w->key.length - 1);
	wire_write(&out, w->dialect, WIRE_WORKER, verb, verb == WIRE_REQUEST ? w->token : NULL, strlen(w->token));
	if (body)
		msg_move(&out, body, 0);
	r = sock_send(p->socks[w->role], &out);
	msg_clear(&out);
	if (r == SOCK_FULL && verb == WIRE_HEARTBEAT)
		return 0; /* it is there, only slow */
	return r ? 1 : 0;
}

void worker_drop(struct peers *p, struct worker **worker, bool say)
{
	struct worker *w = steal(worker);
	struct service *s = service_of(p, w->service, true);

	if (say && worker_send(p, w, WIRE_DISCONNECT, NULL))
		say = false; /* it has gone already: nobody to tell */
	idle_remove(s, w);
	if (--s->workers == 0) {
		HASH_DEL(p->services, s);
		mem_free(&s);
	}
	HASH_DEL(p->workers, w);
	mem_free(&w);
}

void workers_tick(struct peers *p, int64_t now_ms, int64_t expire_ms)
{
	struct worker *w, *next;

	HASH_ITER(hh, p->workers, w, next) {
		bool silent = !w->token[0] && now_ms - w->heard_at_ms > expire_ms;
		char token[sizeof(w->token)];

		if (!silent && (w->settling || !worker_send(p, w, WIRE_HEARTBEAT, NULL)))
			continue;
		memcpy(token, w->token, sizeof(token));
		worker_drop(p, &w, silent);
		if (token[0])
			p->lost(token, p->ctx);
	}
}

void workers_free(struct peers *p)
{
	struct worker *w, *next;

	HASH_ITER(hh, p->workers, w, next)
		worker_drop(p, &w, true);
}
