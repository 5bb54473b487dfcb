/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Event streams of the console: GET /api/v1/events. Hints from the router say that something happened; the events are
 * read from our own connection, once for all streams, and go to those whose desks they concern. Events carry ticket,
 * kind and number, never words.
 */
#ifndef QT_WEB_LIVE_H
#define QT_WEB_LIVE_H

#include "json.h"
#include "session.h"

struct live *live_new(struct web *web);
void live_free(struct live **live);
/* The route. Resumes after Last-Event-ID. */
void live_get(struct http_req *req);
/* From the hints socket: topic "staff" (a newer cursor) or "hint" (presence, typing). ctx: struct web. */
void live_hint(const char *topic, const char *body, void *web);
/* Streams open now, for /metrics. */
size_t live_count(const struct live *live);
/* Who looks at a case now (names; told within the last thirty seconds), as a JSON list. Gives. */
json_t *live_looking(struct live *live, const char *ticket);

#endif
