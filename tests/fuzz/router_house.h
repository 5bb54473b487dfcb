/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A router in this process, with five persons signed in, an intake epoch announced and a case waiting. Its sockets are there, but what
 * is received and sent goes through this file (the linker wraps sock_receive and sock_send), so that no thread has a say.
 */
#ifndef QT_TEST_FUZZ_ROUTER_HOUSE_H
#define QT_TEST_FUZZ_ROUTER_HOUSE_H

#include "router.h"

enum { ROUTER_HOUSE_PEOPLE = 5 };

/* Gives a house; the same until router_house_end. */
struct router *router_house(void);
void router_house_end(void);
/* One message to the role's socket, the routing id first; takes the frames. Then everything that follows from it is done. */
void router_house_say(enum role role, struct msg *m);
/* Lets ms pass. */
void router_house_wait(int64_t ms);
/* Appends line to out with the words of the house put in: $S0…$S4 sessions (psych, legal, lead, supervisor, admin), $T0…$T9 tickets,
 * $L the lease handed out last, $K a fresh key, $A a caller's proof, $H its hash, $U a case's uid, $E the epoch, $N now. */
void router_house_words(struct buf *out, const char *line, size_t bytes);
/* A sealed thing of the right shape: "%blob", "%bundle", "%wrap", "%caller"; false when the name is none. */
bool router_house_sealed(struct buf *out, const char *name);

#endif
