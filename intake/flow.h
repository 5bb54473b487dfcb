/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The journey of a new request, one question a page, every page after the first optional: write → feel → who → reach → check → receipt.
 * Handlers for the route table; JavaScript is not needed anywhere.
 */
#ifndef QT_INTAKE_FLOW_H
#define QT_INTAKE_FLOW_H

#include "http.h"

void flow_start(struct http_req *req); /* GET / and /en */
void flow_step(struct http_req *req);  /* POST /write, /feel, /who, /reach, /check */

#endif
