/* SPDX-License-Identifier: Apache-2.0 */
/*
 * News of a ticket as they come: server-sent events, or one answer of a long poll for old browsers. A hint of the router (case/<uid>)
 * makes us look; what is told is what GET /api/v1/ticket would show. Nothing is kept beyond the open request.
 */
#ifndef QT_INTAKE_EVENTS_H
#define QT_INTAKE_EVENTS_H

#include "intake.h"

struct watches *watches_new(struct intake *intake);
/* Ends every stream. After bus_close, before http_close. */
void watches_free(struct watches **watches);
/* GET /api/v1/ticket/events: Bearer token; Last-Event-ID: the number of the last message seen; ?wait=1…25: long poll. */
void events_get(struct http_req *req);
/* A hint: the topic of bus_hints_open. */
void watches_hint(struct watches *watches, const char *topic);

#endif
