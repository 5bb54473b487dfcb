/* SPDX-License-Identifier: Apache-2.0 */
/* ZeroMQ sockets (libzmq 4.3.4, zmq.h is included in core/sock*.c and core/loop.c alone): bounded multipart messages, ipc
 * by default, tcp only with CURVE and our own ZAP handler. Never ZMQ_HEARTBEAT_*. See wire.md "libzmq rules". */
#ifndef QT_SOCK_H
#define QT_SOCK_H

#include "macros.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SOCK_FRAMES_MAX = 16, SOCK_FRAME_BYTES_MAX = 256 * 1024, SOCK_MESSAGE_BYTES_MAX = 1024 * 1024 };

/* One multipart message. Frames are owned by the message. */
struct msg {
	size_t count;
	struct frame {
		uint8_t *data; /* followed by a NUL that is not counted */
		size_t bytes;
	} frame[SOCK_FRAMES_MAX + 1]; /* + 1: the routing id a ROUTER sees */
};
void msg_add(struct msg *m, const void *p, size_t n); /* copies */
void msg_add_text(struct msg *m, const char *s);
void msg_take(struct msg *m, uint8_t *p, size_t n);   /* takes p (from mem_new) */
void msg_copy(struct msg *to, const struct msg *from); /* to is cleared first; the frames are copied */
void msg_clear(struct msg *m);                        /* frees the frames; usable again */
bool msg_is(const struct msg *m, size_t i, const char *text);

enum sock_kind { SOCK_ROUTER, SOCK_DEALER, SOCK_PUB, SOCK_SUB };
struct sock;
struct sock_curve { /* NULL pointer: plain (ipc only) */
	bool server;
	char public_key[41], secret_key[41], server_key[41]; /* Z85; server_key for clients */
};

enum sock_outcome { SOCK_EMPTY = 1, SOCK_GONE, SOCK_FULL, SOCK_OVERSIZE, SOCK_ADDRESS_TAKEN, SOCK_BAD_ADDRESS };

/* The context is made at first use; call sock_end at exit (LINGER bounded, < 2 s). Signals are blocked before.
 * Closes what is still open (sock_close of it later stays lawful) and ends the ZAP thread. */
void sock_end(void);
/* bind/connect: "ipc://…" (absolute, < 107 bytes of path; its directory must exist, be no symlink and be 0750
 * or tighter; to bind it must be ours, to connect it and the socket in it must have one owner) or
 * "tcp://host:port" (only with curve; a CURVE server only while our ZAP handler runs: -EPERM). A bound ipc
 * path holds PATH.lock: a second process gets SOCK_ADDRESS_TAKEN. The socket is 0600, or 0660 with the
 * directory's group where that group may enter. Connecting sockets reconnect by themselves. */
NODISCARD int sock_bind(enum sock_kind kind, const char *endpoint, const struct sock_curve *curve, struct sock **out);
NODISCARD int sock_connect(enum sock_kind kind, const char *endpoint, const struct sock_curve *curve,
                           struct sock **out);
/* What was sent leaves within a second. */
void sock_close(struct sock **sock);
/* What was not yet sent is thrown away. */
void sock_abandon(struct sock **sock);
/* An English sentence about the last SOCK_ADDRESS_TAKEN or SOCK_BAD_ADDRESS: what, and what would be right.
 * Lent until the next bind or connect; "" when there was none. */
const char *sock_refusal(void);
/* Where it is bound or connected, with the real port for "tcp://127.0.0.1:*". Lent by sock. */
const char *sock_endpoint(const struct sock *sock);

/* A DEALER that has at most one connection in its life, so answers can be matched to requests by order alone:
 * it never reconnects, and what was in flight when it went down is the caller's to send again on another. */
NODISCARD int sock_connect_once(const char *endpoint, const struct sock_curve *curve, struct sock **out);
enum sock_news_kind { SOCK_NEWS_NONE, SOCK_NEWS_UP, SOCK_NEWS_DOWN };
/* Its events, as a socket to put on the loop (lent, lives as long as sock), and the next of them (drain until
 * NONE). DOWN: not reached, refused or lost; what came just before may be lost with it, or may still be received. */
struct sock *sock_news(struct sock *sock);
enum sock_news_kind sock_news_next(struct sock *sock);
/* SUB only. */
NODISCARD int sock_subscribe(struct sock *sock, const char *prefix);
/* Never blocks. 0 received into m (cleared first); SOCK_EMPTY; SOCK_OVERSIZE (dropped: too many frames or
 * bytes; for a ROUTER frame 0, the routing id, is kept in m so the peer can be told). */
NODISCARD int sock_receive(struct sock *sock, struct msg *m);
/* Never blocks. 0 sent, m cleared; SOCK_GONE / SOCK_FULL: not delivered, m untouched. */
NODISCARD int sock_send(struct sock *sock, struct msg *m);
/* For sock.c's users in loop.c. */
void *sock_raw(struct sock *sock);

/* ZAP: one handler per process for all CURVE servers; -EALREADY when it runs. allow(public_key Z85, domain)
 * decides; it is called on the handler's own thread, so it reads only what does not change. domain is the
 * role, "" for sock_bind. Unknown keys get 300 while provisioning is true (they try again), else 400. Should
 * the handler ever fail, the process leaves (exit code 71). */
NODISCARD int sock_zap_start(bool (*allow)(const char *public_key, const char *domain, void *ctx), void *ctx,
                             bool provisioning);
/* Binds with a ZAP domain (the role's name). */
NODISCARD int sock_bind_role(const char *endpoint, const char *role, const struct sock_curve *curve, struct sock **out);
/* Proves that a random key is refused on endpoint, a CURVE server of this process, by our handler (blocks, at
 * most 5 s; before the loop runs). 0 refused (good); 1 it was let in; < 0 nothing was proved (-ETIMEDOUT,
 * -EPROTO: refused, but not by us). */
NODISCARD int sock_curve_selftest(const char *endpoint, const char *server_public);
void sock_curve_keypair(char public_key[41], char secret_key[41]);

#endif
