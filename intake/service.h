/* SPDX-License-Identifier: Apache-2.0 */
/* GET /api/v1/service: opening hours, crisis numbers, waiting estimate, and every code a request may use. */
#ifndef QT_INTAKE_SERVICE_H
#define QT_INTAKE_SERVICE_H

#include "intake.h"

void service_get(struct http_req *req);
#endif
