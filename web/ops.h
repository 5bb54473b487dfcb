/* SPDX-License-Identifier: Apache-2.0 */
/* The loopback listener for operators: /readyz (the whole chain) and /metrics (Prometheus text). */
#ifndef QT_WEB_OPS_H
#define QT_WEB_OPS_H

#include "web.h"

/* 0, an http_outcome, or < 0. */
NODISCARD int ops_open(struct web *web, struct http **out);

#endif
