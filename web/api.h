/* SPDX-License-Identifier: Apache-2.0 */
/* Handlers of the console's JSON API, named by the route table, and what they share: checking a body, finding a case,
 * refusing. */
#ifndef QT_WEB_API_H
#define QT_WEB_API_H

#include "json.h"
#include "view.h"

/* Checks the body by a table; NULL after it has answered 400. Lent by the request. */
json_t *api_body(struct http_req *req, const struct json_field *fields, size_t count);
/* The case of {ticket} as the person sees it; lent by the store. False after it has answered 404 or 503. */
bool api_view(struct http_req *req, struct view *view);
/* The id of a ticket's text; 0 when it is none. */
int64_t api_ticket(const struct web *web, const char *text);
/* A number of the path; -1 when it is none. */
int64_t api_number(const struct http_req *req, const char *name);
/* {"ticket": …} of the route, for an order. Gives. */
json_t *api_order(struct http_req *req);
void api_refuse(struct http_req *req, const char *code, const char *sentence); /* 400 */
void api_missing(struct http_req *req);                                        /* 404 */
void api_fault(struct http_req *req);                                          /* 503: the store does not read */
void api_locked(struct http_req *req);                                         /* 403: no key of the person opens it */
/* True when the text holds words; answers 400 otherwise. */
bool api_has_words(struct http_req *req, const char *text);
/* The desk of a site by its id or kind ("450100.psych", "psych"); 0, STORE_NONE or < 0. */
NODISCARD int api_desk(struct web *web, int64_t site, const char *text, struct desk_row *out);
/* An order has gone through: answers 204. For order_send. */
void api_done(struct http_req *req, const struct bus_answer *answer, void *ctx);

void api_service(struct http_req *req);
void api_cases(struct http_req *req);
void api_cases_next(struct http_req *req);
void api_case_get(struct http_req *req);
void api_case_open(struct http_req *req);
void api_case_claim(struct http_req *req);
void api_case_release(struct http_req *req);
void api_case_urge(struct http_req *req);
void api_case_extend(struct http_req *req);
void api_case_help(struct http_req *req);
void api_case_looking(struct http_req *req);
void api_case_typing(struct http_req *req);
void api_words_reply(struct http_req *req);
void api_words_note(struct http_req *req);
void api_words_recall(struct http_req *req);
void api_draft_get(struct http_req *req);
void api_draft_put(struct http_req *req);
void api_facts(struct http_req *req);
void api_risk(struct http_req *req);
void api_close(struct http_req *req);
void api_refuse_closing(struct http_req *req);
void api_reopen(struct http_req *req);
void api_followup(struct http_req *req);
void api_followup_done(struct http_req *req);
void api_assign(struct http_req *req);
void api_assign_many(struct http_req *req);
void api_undo(struct http_req *req);
void api_transfer(struct http_req *req);
void api_task(struct http_req *req);
void api_task_end(struct http_req *req);
void api_create(struct http_req *req);
void api_contact(struct http_req *req);
void api_contacts(struct http_req *req);
void api_staff(struct http_req *req);
void api_staff_add(struct http_req *req);
void api_staff_state(struct http_req *req);

/* The facts a person may set, as the API names them: checks them and gives the "facts" of an order; NULL after it has
 * answered 400. Members of `in` that are no facts are left alone. */
json_t *api_facts_of(struct http_req *req, const json_t *in);
/* The fields of facts, for tables of bodies that carry them. */
#define API_FACT_FIELDS                                                                                             \
	{ "age_band", JSON_CODE, false, 0, 0, case_age_band_words },                                                \
		{ "gender", JSON_CODE, false, 0, 0, case_gender_words },                                            \
		{ "relation", JSON_CODE, false, 0, 0, case_relation_words },                                        \
		{ "region", JSON_TEXT, false, 0, 12, NULL }, { "category", JSON_TEXT, false, 0, 40, NULL },         \
		{ "groups", JSON_LIST, false, 0, 12, NULL }, { "about", JSON_CODE, false, 0, 0, api_abouts },       \
		{ "prefer", JSON_OBJ, false, 0, 0, NULL }, { "mood", JSON_INT, false, 0, 5, NULL },                 \
		{ "lang", JSON_CODE, false, 0, 0, api_langs }, { "kind", JSON_CODE, false, 0, 0, case_kind_words }, \
	{                                                                                                           \
		"urgency", JSON_CODE, false, 0, 0, case_urgency_words                                               \
	}
extern const char *const api_abouts[], *const api_langs[];

#endif
