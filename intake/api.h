/* SPDX-License-Identifier: Apache-2.0 */
/* Handlers of the portal's JSON API; the route table names them. */
#ifndef QT_INTAKE_API_H
#define QT_INTAKE_API_H

#include "i18n.h"
#include "intake.h"

void api_submit(struct http_req *req);
void api_track(struct http_req *req);
void api_ticket(struct http_req *req);
void api_say(struct http_req *req);
void api_complaint(struct http_req *req);
void api_facts(struct http_req *req);
void api_rating(struct http_req *req);
void api_withdraw(struct http_req *req);
void api_erase(struct http_req *req);
void api_erase_stop(struct http_req *req);
void api_another(struct http_req *req);
void api_exit(struct http_req *req);
void api_live(struct http_req *req);

#endif
