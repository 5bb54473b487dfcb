/* SPDX-License-Identifier: Apache-2.0 */
/* What the console serves beside its API: its own built page and files, health, the OpenAPI document, doc/api.md. */
#ifndef QT_WEB_PAGES_H
#define QT_WEB_PAGES_H

#include "http.h"

void pages_index(struct http_req *req);
void pages_asset(struct http_req *req);
void pages_health(struct http_req *req);
void pages_openapi(struct http_req *req);
/* The routes as the Markdown table of doc/api.md. Gives. */
char *pages_api_doc(void);

#endif
