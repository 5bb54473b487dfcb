/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Clients: slots in order of submission. A slot is answered by whoever holds it, and leaves when those before it have left.
 * Called by door.c (requests) and by whatever answers; never knows what a request means.
 */
#include "peer_impl.h"

#include <string.h>

const char *role_name(enum role role)
{
	static const char *const names[ROLE_COUNT] = { "intake", "web", "worker", "open" };

	return names[role];
}

struct peers *peers_new(struct sock *const socks[ROLE_COUNT], void (*lost)(const char *token, void *ctx), void *ctx)
{
	struct peers *p = mem_new(sizeof(*p));

	p->lost = lost;
	p->ctx = ctx;
	memcpy(p->socks, socks, sizeof(p->socks));
	return p;
}

static void slot_free(struct slot **slot)
{
	if (!*slot)
		return;
	msg_clear(&(*slot)->body);
	mem_free(slot);
}

/* Frees a client; slots still held by a call are orphaned and freed when answered. */
static void client_forget(struct peers *p, struct client **client)
{
	struct client *c = *client;
	struct slot *s, *next;

	for (s = c->first; s; s = next) {
		next = s->next;
		s->client = NULL;
		p->waiting -= !s->answered;
		if (s->answered)
			slot_free(&s);
	}
	HASH_DEL(p->clients, c);
	mem_free(client);
}

void peers_free(struct peers **peers)
{
	struct client *c, *next;

	if (!*peers)
		return;
	HASH_ITER(hh, (*peers)->clients, c, next)
		client_forget(*peers, &c);
	workers_free(*peers);
	mem_free(peers);
}

bool peer_key_make(enum role role, const struct frame *id, struct peer_key *out)
{
	if (id->bytes + 1 > sizeof(out->bytes))
		return false;
	memset(out, 0, sizeof(*out));
	out->bytes[0] = (uint8_t)role;
	memcpy(out->bytes + 1, id->data, id->bytes);
	out->length = id->bytes + 1;
	return true;
}

static struct client *client_of(struct peers *p, enum role role, const struct frame *id, int64_t now_ms)
{
	struct peer_key key;
	struct client *c;

	if (!peer_key_make(role, id, &key))
		return NULL;
	HASH_FIND(hh, p->clients, key.bytes, key.length, c);
	if (!c) {
		c = mem_new(sizeof(*c));
		c->key = key;
		c->role = role;
		c->peers = p;
		HASH_ADD_KEYPTR(hh, p->clients, c->key.bytes, c->key.length, c);
	}
	c->heard_at_ms = now_ms;
	return c;
}

struct slot *peer_ask(struct peers *p, enum role role, const struct frame *id, enum wire_dialect dialect,
                      const struct frame *service, int64_t now_ms)
{
	struct client *c = client_of(p, role, id, now_ms);
	struct slot *s;

	if (!c || c->slots >= PEER_SLOTS_MAX || service->bytes >= sizeof(s->service))
		return NULL;
	s = mem_new(sizeof(*s));
	s->client = c;
	s->dialect = dialect;
	memcpy(s->service, service->data, service->bytes);
	if (c->last)
		c->last->next = s;
	else
		c->first = s;
	c->last = s;
	c->slots++;
	p->waiting++;
	return s;
}

/* Moves the frames [first, count) of from behind those of to. */
void msg_move(struct msg *to, struct msg *from, size_t first)
{
	size_t i;

	for (i = first; i < from->count && to->count < ARRAY_LEN(to->frame); i++) {
		msg_take(to, from->frame[i].data, from->frame[i].bytes);
		from->frame[i] = (struct frame){ 0 };
	}
}

static void client_envelope(struct msg *out, const struct client *c, const struct slot *s, enum wire_verb verb)
{
	msg_add(out, c->key.bytes + 1, c->key.length - 1);
	wire_write(out, s->dialect, WIRE_CLIENT, verb, s->service, strlen(s->service));
}

/* Sends every answered slot at the head. Returns false when the peer is gone. A full queue is tried again at the next tick. */
static bool client_flush(struct client *c)
{
	struct sock *sock = c->peers->socks[c->role];

	while (c->first && c->first->answered) {
		struct slot *s = c->first;
		struct msg out = { 0 };
		int r;

		client_envelope(&out, c, s, WIRE_FINAL);
		msg_move(&out, &s->body, 0);
		r = sock_send(sock, &out);
		if (r == SOCK_FULL) { /* take the body back; the envelope is written again */
			size_t head = out.count - s->frames;

			msg_clear(&s->body);
			msg_move(&s->body, &out, head);
			msg_clear(&out);
			return true;
		}
		msg_clear(&out);
		if (r)
			return false;
		c->first = s->next;
		if (!c->first)
			c->last = NULL;
		c->slots--;
		slot_free(&s);
	}
	return true;
}

void slot_answer(struct slot **slot, struct msg *body)
{
	struct slot *s = steal(slot);
	struct client *c = s->client;

	if (!c) {
		msg_clear(body);
		slot_free(&s);
		return;
	}
	s->answered = true;
	s->frames = body->count;
	msg_move(&s->body, body, 0);
	msg_clear(body);
	c->peers->waiting--;
	if (!client_flush(c))
		client_forget(c->peers, &c);
}

void slot_partial(struct slot *slot, const struct msg *body, size_t first)
{
	struct client *c = slot->client;
	struct msg out = { 0 };
	size_t i;

	if (!c || c->first != slot || slot->dialect != WIRE_02)
		return;
	client_envelope(&out, c, slot, WIRE_PARTIAL);
	for (i = first; i < body->count && out.count < ARRAY_LEN(out.frame); i++)
		msg_add(&out, body->frame[i].data, body->frame[i].bytes);
	if (sock_send(c->peers->socks[c->role], &out))
		msg_clear(&out); /* progress is worth no retry */
}

int peer_strike(struct peers *p, enum role role, const struct frame *id, int64_t now_ms)
{
	struct client *c = client_of(p, role, id, now_ms);

	return c ? ++c->strikes : PEER_STRIKES_MAX + 1;
}

bool peer_struck_out(struct peers *p, enum role role, const struct frame *id, int64_t now_ms)
{
	struct peer_key key;
	struct client *c = NULL;

	if (!peer_key_make(role, id, &key))
		return true;
	HASH_FIND(hh, p->clients, key.bytes, key.length, c);
	if (!c || c->strikes <= PEER_STRIKES_MAX)
		return false;
	c->heard_at_ms = now_ms;
	return true;
}

size_t peers_waiting(const struct peers *p)
{
	return p->waiting;
}

void peers_tick(struct peers *p, int64_t now_ms, int64_t expire_ms)
{
	struct client *c, *next;

	HASH_ITER(hh, p->clients, c, next) {
		if (!client_flush(c) || (!c->first && now_ms - c->heard_at_ms > PEER_FORGET_MS))
			client_forget(p, &c);
	}
	workers_tick(p, now_ms, expire_ms);
}
