/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a caller has written so far travels in a hidden field of their own page, sealed by us, for two hours: nothing is kept on the server,
 * in a cookie or in a URL, and a killed intake loses nothing. The one-time key of the send is minted with it.
 */
#ifndef QT_INTAKE_DRAFT_H
#define QT_INTAKE_DRAFT_H

#include "intake.h"

/* A draft is {"key": one-time key, "request": body of POST /api/v1/requests so far}. */
json_t *draft_new(void);
/* Another one-time key: what is sent from now on is another request. */
void draft_renew(json_t *draft);
/* The draft of the form's field "draft". Gives. NULL: missing, forged or too old; or its writer has left (*left), and then nothing of it
 * may be shown. */
json_t *draft_read(struct http_req *req, bool *left);
/* What the exit of a page with a draft carries: its one-time key, sealed. Gives. */
char *draft_leave(const struct intake *intake, const json_t *draft);
/* The exit was taken: the draft named in the form's field "leave" is not shown again. */
void draft_left(struct http_req *req);
/* The text for the hidden field. Gives; "" when it is too long to be carried (then the text itself still is). */
char *draft_write(const struct intake *intake, const json_t *draft);
/* Its one-time key and its request; lent. */
const char *draft_key(const json_t *draft);
json_t *draft_request(const json_t *draft);

#endif
