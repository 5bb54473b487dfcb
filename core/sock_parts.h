/* SPDX-License-Identifier: Apache-2.0 */
/* What the sock*.c files share among themselves. Nobody else includes it. */
#ifndef QT_SOCK_PARTS_H
#define QT_SOCK_PARTS_H

#include "sock.h"

struct sock {
	void *raw; /* NULL once closed by sock_end */
	enum sock_kind kind;
	char endpoint[256];
	char *path;  /* bound ipc: the file that is ours to remove */
	int lock_fd; /* bound ipc: holds PATH.lock; else -1 */
	struct sock *news;
	struct sock *next, **link; /* all open sockets of the process */
};

/* sock.c */
void *sock_context(void);
PRINTF(1, 2) int sock_refuse(const char *fmt, ...); /* keeps the sentence; gives SOCK_BAD_ADDRESS */
struct sock *sock_wrap(void *raw, enum sock_kind kind);

/* sock_ipc.c: the file system's side of an ipc endpoint. */
NODISCARD int sock_ipc_check(const char *path, bool binding);
/* Binds and listens; gives the descriptor in *fd and the lock in *lock_fd. */
NODISCARD int sock_ipc_listen(const char *path, int *fd, int *lock_fd);
void sock_ipc_remove(const char *path, int lock_fd);

/* sock_accept.c: keeps a descriptor in reserve for the day there are none left. */
void sock_accept_prepare(void);

/* sock_zap.c */
bool sock_zap_runs(void);
NODISCARD int sock_curve_apply(void *raw, const struct sock_curve *curve, const char *domain);
void sock_zap_join(void); /* after the context was shut down */

#endif
