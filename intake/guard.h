/* SPDX-License-Identifier: Apache-2.0 */
/* The guard of the portal's door: the headers common to all answers, and whether a form was sent from our own page. */
#ifndef QT_INTAKE_GUARD_H
#define QT_INTAKE_GUARD_H

#include "intake.h"

/* The Content-Security-Policy of this house's pages: a form may also end at the neutral site of quick exit. Gives. */
char *guard_policy(const char *exit_url);
/* Headers of every page and answer; also for the pages the door itself shows. */
void guard_headers(struct http_req *req);
/* http_config.guard. */
bool guard_request(struct http_req *req, void *intake);

#endif
