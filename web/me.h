/* SPDX-License-Identifier: Apache-2.0 */
/* "Me": the person signed in, as JSON; and GET /api/v1/me, POST /api/v1/me/password, /api/v1/presence. */
#ifndef QT_WEB_ME_H
#define QT_WEB_ME_H

#include "session.h"

/* Me of a user name, with the session's csrf token. Gives. */
json_t *me_json_of(struct web *web, const char *user, const struct seal_session *token);
void me_get(struct http_req *req);
void me_password(struct http_req *req);
void me_presence(struct http_req *req);

#endif
