/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every route of the console, once: method check, rights, body caps, OpenAPI, doc/api.md and the test that walks them
 * as nobody and as each role all read this table. The rights here are the coarse ones; on a case the router decides.
 */
#include "api.h"
#include "live.h"
#include "login.h"
#include "me.h"
#include "pages.h"

#define API "/api/v1/"
#define CASE API "cases/{ticket}/"
#define WORKERS ROUTE_ROLES(CASE_ROLE_COUNSELOR | CASE_ROLE_LEAD | CASE_ROLE_SUPERVISOR)
#define HEADS ROUTE_ROLES(CASE_ROLE_LEAD | CASE_ROLE_SUPERVISOR)
#define HIRERS ROUTE_ROLES(CASE_ROLE_SUPERVISOR | CASE_ROLE_ADMIN)
#define ADMINS ROUTE_ROLES(CASE_ROLE_ADMIN)

enum { SMALL = 4 * 1024, LIST = 32 * 1024, TEXT = 128 * 1024 };

const struct http_route web_routes[] = {
	{ "GET", "/", pages_index, HTTP_PAGE | ROUTE_PUBLIC, 0, "The console's page." },
	{ "GET", "/favicon.svg", pages_asset, HTTP_PAGE | ROUTE_PUBLIC, 0, "The console's sign." },
	{ "GET", "/assets/{name}", pages_asset, HTTP_PAGE | ROUTE_PUBLIC, 0,
	  "Scripts and styles, under names that change with them." },
	{ "GET", "/healthz", pages_health, ROUTE_PUBLIC, 0, "The process answers." },
	{ "GET", API "openapi.json", pages_openapi, ROUTE_PUBLIC, 0, "This table as an OpenAPI 3.1 document." },

	{ "POST", API "session", login_begin, HTTP_JSON | ROUTE_PUBLIC, SMALL,
	  "Signs in with user, password and, where set, a code." },
	{ "DELETE", API "session", login_end, ROUTE_FRESH, 0, "Signs out; the session's keys are destroyed." },
	{ "GET", API "me", me_get, ROUTE_FRESH, 0, "Who is signed in: roles, desks, presence." },
	{ "POST", API "me/password", me_password, HTTP_JSON | ROUTE_FRESH, SMALL,
	  "A new password; every other session ends." },
	{ "POST", API "presence", me_presence, HTTP_JSON, SMALL, "On shift, on a break, wrapping up, off." },
	{ "GET", API "service", api_service, 0, 0, "Every code list with its names in both languages." },
	{ "GET", API "events", live_get, 0, 0, "Server-sent events; resumes after Last-Event-ID." },

	{ "GET", API "cases", api_cases, WORKERS | HTTP_QUERY, 0,
	  "A page of a view, filtered, with the counts of all views." },
	{ "POST", API "cases", api_create, WORKERS | HTTP_JSON, TEXT,
	  "A case taken by telephone or at the counter, with its contact." },
	{ "POST", API "cases/next", api_cases_next, WORKERS | HTTP_JSON, SMALL,
	  "Claims the next case by server order." },
	{ "POST", API "cases/assign", api_assign_many, HEADS | HTTP_JSON, LIST,
	  "Moves many cases, or says who would get what." },
	{ "POST", API "undo", api_undo, HEADS | HTTP_JSON, SMALL, "Takes a bulk move back, within a minute." },
	{ "GET", API "cases/{ticket}", api_case_get, WORKERS, 0,
	  "A case; its words only when it is one's own or was opened with a reason." },
	{ "POST", CASE "open", api_case_open, WORKERS | HTTP_JSON, SMALL,
	  "Opens a case that is not one's own, with a reason for the audit." },
	{ "POST", CASE "claim", api_case_claim, WORKERS | HTTP_JSON, SMALL,
	  "Claims a waiting case, a covered one, or a task." },
	{ "POST", CASE "release", api_case_release, WORKERS | HTTP_JSON, SMALL, "Gives a case back to its desk." },
	{ "POST", CASE "messages", api_words_reply, WORKERS | HTTP_JSON, TEXT, "A reply to the caller." },
	{ "POST", CASE "notes", api_words_note, WORKERS | HTTP_JSON, TEXT, "A note for the desk." },
	{ "DELETE", CASE "messages/{n}", api_words_recall, WORKERS, 0,
	  "Takes one's own message back within two minutes." },
	{ "POST", CASE "facts", api_facts, WORKERS | HTTP_JSON, SMALL, "Corrects facts; If-Match is required." },
	{ "POST", CASE "risk", api_risk, WORKERS | HTTP_JSON, SMALL, "Sets the risk; If-Match is required." },
	{ "POST", CASE "assign", api_assign, WORKERS | HTTP_JSON, SMALL,
	  "Gives a case to a colleague of its desk; If-Match is required." },
	{ "POST", CASE "transfer", api_transfer, WORKERS | HTTP_JSON, SMALL,
	  "Moves a case to another desk; If-Match is required." },
	{ "POST", CASE "tasks", api_task, WORKERS | HTTP_JSON, TEXT, "Asks another desk for its part." },
	{ "POST", CASE "tasks/{id}/end", api_task_end, WORKERS | HTTP_JSON, SMALL, "Ends a desk's part." },
	{ "POST", CASE "followups", api_followup, WORKERS | HTTP_JSON, TEXT,
	  "Plans a follow-up, a check or a call-back." },
	{ "POST", CASE "followups/{id}/done", api_followup_done, WORKERS | HTTP_JSON, SMALL,
	  "What came of a follow-up." },
	{ "POST", CASE "close", api_close, WORKERS | HTTP_JSON, SMALL,
	  "Closes, or asks for or confirms a closing; If-Match is required." },
	{ "POST", CASE "refuse", api_refuse_closing, WORKERS | HTTP_JSON, SMALL,
	  "The second person says no to a closing." },
	{ "POST", CASE "reopen", api_reopen, WORKERS | HTTP_JSON, SMALL, "Takes a closed case up again." },
	{ "POST", CASE "urge", api_case_urge, WORKERS | HTTP_JSON, SMALL, "A nudge to whoever has the case." },
	{ "POST", CASE "extend", api_case_extend, WORKERS | HTTP_JSON, SMALL,
	  "One extension of the limit, before it passes." },
	{ "POST", CASE "help", api_case_help, WORKERS | HTTP_JSON, SMALL, "Calls the supervisor in." },
	{ "POST", CASE "looking", api_case_looking, WORKERS | HTTP_JSON, SMALL,
	  "Tells colleagues that one looks at the case." },
	{ "POST", CASE "typing", api_case_typing, WORKERS | HTTP_JSON, SMALL, "Tells colleagues that one is writing." },
	{ "GET", API "drafts/{ticket}/{kind}", api_draft_get, WORKERS, 0, "One's own draft." },
	{ "PUT", API "drafts/{ticket}/{kind}", api_draft_put, WORKERS | HTTP_JSON, TEXT,
	  "Keeps a draft, sealed to its writer; empty forgets it." },

	{ "GET", API "contacts", api_contacts, WORKERS | HTTP_QUERY, 0, "Contacts of one's site, newest first." },
	{ "POST", API "contacts", api_contact, WORKERS | HTTP_JSON, SMALL, "A contact with or without a case." },
	{ "GET", API "staff", api_staff, 0, 0, "Who works here, with presence and load." },
	{ "POST", API "staff", api_staff_add, HIRERS | HTTP_JSON, SMALL,
	  "Invites a person; the answer shows their one-time code once." },
	{ "PATCH", API "staff/{id}", api_staff_state, ADMINS | HTTP_JSON, SMALL,
	  "Enables, disables, or lets a person leave." },
};
const size_t web_route_count = ARRAY_LEN(web_routes);
