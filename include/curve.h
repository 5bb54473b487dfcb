/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a room shows of itself when the router's sockets are on tcp: its own CURVE pair and the router's public key. On
 * ipc there is nothing to show. For the open of a room: afterwards its key files cannot be read.
 */
#ifndef QT_CURVE_H
#define QT_CURVE_H

#include "conf.h"
#include "sock.h"

/* socket: the router's, "intake", "web", "worker", "hints". file: the room's key file, "intake", "web", "worker.psych".
 * 0 and *use: keys, filled, or NULL where the socket is on ipc. < 0 with *why, a gift. */
NODISCARD int curve_for(const struct conf *conf, const char *socket, const char *file, struct sock_curve *keys,
                        const struct sock_curve **use, char **why);

#endif
