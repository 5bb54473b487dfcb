/* SPDX-License-Identifier: Apache-2.0 */
/* The loopback listener for operators: /readyz (the whole chain) and /metrics (Prometheus text). */
#ifndef QT_INTAKE_OPS_H
#define QT_INTAKE_OPS_H

#include "intake.h"

/* 0, an http_outcome, or < 0. */
NODISCARD int ops_open(struct intake *intake, struct http **out);

#endif
