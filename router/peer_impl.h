/* SPDX-License-Identifier: Apache-2.0 */
/* What peer.c (clients) and peer_worker.c (workers) share; nobody else includes it. */
#ifndef QT_ROUTER_PEER_IMPL_H
#define QT_ROUTER_PEER_IMPL_H

#include "mem.h"
#include "peer.h"

struct slot {
	struct slot *next;
	struct client *client; /* NULL: the client has gone */
	enum wire_dialect dialect;
	char service[128];
	bool answered;
	size_t frames;
	struct msg body;
};

struct client {
	UT_hash_handle hh;
	struct peer_key key;
	struct peers *peers;
	enum role role;
	struct slot *first, *last;
	size_t slots;
	int strikes;
	int64_t heard_at_ms;
};

struct service { /* a name with workers */
	UT_hash_handle hh;
	char name[128];
	size_t workers;
	struct worker *first, *last; /* idle */
};

struct peers {
	struct sock *socks[ROLE_COUNT];
	struct client *clients;
	struct worker *workers;
	struct service *services;
	size_t waiting;
	void (*lost)(const char *token, void *ctx);
	void *ctx;
};

bool peer_key_make(enum role role, const struct frame *id, struct peer_key *out);
void msg_move(struct msg *to, struct msg *from, size_t first);
void workers_tick(struct peers *p, int64_t now_ms, int64_t expire_ms);
void workers_free(struct peers *p);

#endif
