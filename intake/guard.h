/* SPDX-License-Identifier: Apache-2.0 */
/* The guard of the portal's door: headers common to all answers, and loose budgets per address bucket (memory only, keyed). */
#ifndef QT_INTAKE_GUARD_H
#define QT_INTAKE_GUARD_H

#include "intake.h"

bool guard_request(struct http_req *req, void *intake);

#endif
