/* SPDX-License-Identifier: Apache-2.0 */
/* Pages: templates (templates/, escaping by default) filled in C. No HTML stands in a C string. */
#ifndef QT_INTAKE_PAGE_H
#define QT_INTAKE_PAGE_H

#include "intake.h"

/* Errors of the door itself: a kind page for HTTP_PAGE routes (the telephone numbers on it), a problem document else. */
void page_error(struct http_req *req, int status, const char *code, const char *detail, void *intake);

#endif
