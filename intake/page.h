/* SPDX-License-Identifier: Apache-2.0 */
/* Pages: templates (templates/, escaping by default) filled in C. No HTML stands in a C string. */
#ifndef QT_INTAKE_PAGE_H
#define QT_INTAKE_PAGE_H

#include "i18n.h"
#include "intake.h"

/* Answers with a template and data (taken); what every page needs (language, numbers, name, exit) is added. */
void page_reply(struct http_req *req, int status, const char *template, json_t *data);
/* The first page (template): the same for everybody but for the two secrets of the visit, a draft and the way out of it. make gives its
 * data with those two texts as they are handed in; it is asked at most once a second a language. */
void page_reply_start(struct http_req *req, const char *template, json_t *(*make)(struct http_req *req, const char *draft, const char *leave),
                      const char *draft, const char *leave);
/* The language of a request: its path ("/en" or below). */
enum i18n_lang page_lang(const struct http_req *req);
/* Errors of the door itself: a kind page for people (the telephone numbers on it); elsewhere the door's own problem document. */
void page_error(struct http_req *req, int status, const char *code, const char *detail, void *intake);
/* Adds "later" where nobody can answer within the hour: when an answer can be expected. */
void page_hours(struct http_req *req, json_t *data);
/* A list of {id, name, chosen} from codes with catalogue names "<prefix>.<code>". Gives. */
json_t *page_choices(enum i18n_lang lang, const char *prefix, const char *const *codes, const char *chosen);
/* A time as people read it, in Asia/Shanghai: "今天 21:30", "11月24日 09:00". Gives; "" for 0. */
char *page_time(enum i18n_lang lang, int64_t at_ms);

/* Static files and plain pages (route handlers). */
void page_asset(struct http_req *req);
void page_favicon(struct http_req *req);
void page_before(struct http_req *req);
void page_safe(struct http_req *req);
void page_help(struct http_req *req);

#endif
