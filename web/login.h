/* SPDX-License-Identifier: Apache-2.0 */
/* POST and DELETE /api/v1/session. */
#ifndef QT_WEB_LOGIN_H
#define QT_WEB_LOGIN_H

#include "http.h"

void login_begin(struct http_req *req);
void login_end(struct http_req *req);

#endif
