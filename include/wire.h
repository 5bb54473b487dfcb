/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Majordomo frames, pure: 7/MDP 0.1 and strict 18/MDP 0.2 (rfc.zeromq.org). A decoder returns what it saw or an
 * outcome; it never decides what to do about it. The dialect is told by the header version and the leading empty
 * frame.
 */
#ifndef QT_WIRE_H
#define QT_WIRE_H

#include "sock.h"

enum wire_dialect { WIRE_01 = 1, WIRE_02 = 2 };
enum wire_verb {
	WIRE_REQUEST = 1, /* client → router, router → worker */
	WIRE_PARTIAL,     /* worker → router → client (0.2) */
	WIRE_FINAL,       /* 0.1 calls it REPLY */
	WIRE_READY,
	WIRE_HEARTBEAT,
	WIRE_DISCONNECT,
};
enum wire_side { WIRE_CLIENT, WIRE_WORKER };

struct wire {
	enum wire_dialect dialect;
	enum wire_side side;
	enum wire_verb verb;
	const struct frame *service; /* client REQUEST/PARTIAL/FINAL, worker READY */
	const struct frame *address; /* worker REQUEST/PARTIAL/FINAL: the lease token */
	size_t body;                 /* index of the first body frame in the message; == count when none */
};

enum wire_outcome { WIRE_BAD_HEADER = 1, WIRE_BAD_VERB, WIRE_BAD_COUNT, WIRE_BAD_EMPTY, WIRE_BAD_SERVICE };
/* first: index of the first frame after the routing id (1 for a ROUTER, 0 for a DEALER). Lent by m. */
NODISCARD int wire_read(const struct msg *m, size_t first, struct wire *out);
/* Builds into m (appending) everything before the body frames. text may be NULL where the verb has none:
 * service for client verbs and READY, address for worker REQUEST/PARTIAL/FINAL. */
void wire_write(struct msg *m, enum wire_dialect dialect, enum wire_side side, enum wire_verb verb, const void *text,
                size_t bytes);

/* Service names: 1..127 bytes of [a-z0-9._-] plus upper case for foreign ones; returns false otherwise. */
bool wire_service_ok(const struct frame *f);

#endif
