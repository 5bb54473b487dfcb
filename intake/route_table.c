/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every route of the portal: pages (in Chinese at /…, in English at /en/…) and the JSON API. Exact paths; nothing of a caller stands in
 * one. The table drives method check, body caps, metrics, OpenAPI and doc/api.md.
 */
#include "api.h"
#include "events.h"
#include "flow.h"
#include "intake.h"
#include "page.h"
#include "service.h"
#include "ticket_page.h"

enum { FORM_BYTES = 512 * 1024, SMALL_BYTES = 16 * 1024, JSON_BYTES = 128 * 1024 };

static void health(struct http_req *req)
{
	http_reply(req, 200, "text/plain; charset=utf-8", "ok\n", 3);
}

static void openapi(struct http_req *req)
{
	http_reply_json(req, 200, http_openapi(intake_routes, intake_route_count, "Qingting portal"));
}

#define PAGE(path, handle, summary)                                                                                                \
	{ "GET", path, handle, HTTP_PAGE, 0, summary }, { "GET", "/en" path, handle, HTTP_PAGE, 0, summary }
#define FORM(path, handle, bytes, summary)                                                                                         \
	{ "POST", path, handle, HTTP_PAGE | HTTP_FORM, bytes, summary },                                                          \
		{ "POST", "/en" path, handle, HTTP_PAGE | HTTP_FORM, bytes, summary }
#define API(method, path, handle, bytes, summary) { method, "/api/v1" path, handle, (bytes) ? HTTP_JSON : 0, bytes, summary }

const struct http_route intake_routes[] = {
	{ "GET", "/", flow_start, HTTP_PAGE, 0, "Start: write, look again, telephone." },
	{ "GET", "/en", flow_start, HTTP_PAGE, 0, "The same in English." },
	PAGE("/write", flow_start, "An address that only a form leads to: the start."),
	PAGE("/feel", flow_start, "The same."),
	PAGE("/who", flow_start, "The same."),
	PAGE("/reach", flow_start, "The same."),
	PAGE("/check", flow_start, "The same."),
	FORM("/write", flow_step, FORM_BYTES, "What happened: send now, or a few more questions."),
	FORM("/feel", flow_step, FORM_BYTES, "How are you, or how is that person."),
	FORM("/who", flow_step, FORM_BYTES, "Age band, gender, relation; each can be skipped."),
	FORM("/reach", flow_step, FORM_BYTES, "How we reach you; only here is the default."),
	FORM("/check", flow_step, FORM_BYTES, "Look it over and send."),
	PAGE("/track", track_form, "Look again: the form for ticket and code."),
	FORM("/track", track_open, SMALL_BYTES, "Opens a ticket with its code; sets the session cookie."),
	PAGE("/ticket", ticket_get, "The ticket: timeline, replies, write back."),
	PAGE("/ticket/{act}", ticket_get, "An address that only a form leads to: the ticket."),
	FORM("/ticket/say", ticket_act, FORM_BYTES, "Writes back."),
	FORM("/ticket/complaint", ticket_act, FORM_BYTES, "Something was wrong: sealed to the oversight."),
	FORM("/ticket/rate", ticket_act, FORM_BYTES, "Three taps after closing."),
	FORM("/ticket/facts", ticket_act, SMALL_BYTES, "The optional facts, after sending."),
	FORM("/ticket/show_own", ticket_act, SMALL_BYTES, "Whether own words are shown when one comes back."),
	FORM("/ticket/withdraw", ticket_act, SMALL_BYTES, "Withdraws the request."),
	FORM("/ticket/erase", ticket_act, SMALL_BYTES, "Asks for the words to be destroyed."),
	FORM("/ticket/erase_stop", ticket_act, SMALL_BYTES, "Takes that wish back."),
	FORM("/ticket/another", ticket_act, SMALL_BYTES, "Somebody else, please."),
	FORM("/exit", ticket_exit, SMALL_BYTES, "Leaves at once: ends the session, goes to a neutral site."),
	PAGE("/exit", ticket_exit, "The same without a form."),
	PAGE("/before", page_before, "Before you write: who reads, who is told, what we cannot see."),
	PAGE("/safe", page_safe, "What leaving does not erase."),
	PAGE("/help", page_help, "Help now: the numbers."),
	{ "GET", "/assets/{name}", page_asset, 0, 0, "Styles and script, immutable." },
	{ "GET", "/favicon.svg", page_favicon, 0, 0, "A neutral icon." },
	{ "GET", "/healthz", health, 0, 0, "The process lives." },
	API("POST", "/requests", api_submit, JSON_BYTES, "A new request. Only text is required."),
	API("POST", "/track", api_track, SMALL_BYTES, "Opens a ticket with its code; gives a Bearer token."),
	API("GET", "/ticket", api_ticket, 0, "State, timeline and replies."),
	API("POST", "/ticket/facts", api_facts, SMALL_BYTES, "The optional facts, any time; the last one counts."),
	API("POST", "/ticket/messages", api_say, JSON_BYTES, "Writes back; a closed case is taken up again."),
	API("POST", "/ticket/rating", api_rating, SMALL_BYTES, "Rates once after closing; nobody can tie it to the ticket."),
	API("POST", "/ticket/withdraw", api_withdraw, SMALL_BYTES, "Withdraws the request."),
	API("POST", "/ticket/erase", api_erase, SMALL_BYTES, "Asks for the words to be destroyed."),
	API("POST", "/ticket/erase/stop", api_erase_stop, SMALL_BYTES, "Takes that wish back."),
	API("POST", "/ticket/another", api_another, SMALL_BYTES, "Somebody else, please."),
	API("POST", "/ticket/complaint", api_complaint, JSON_BYTES, "Something was wrong: sealed to the oversight."),
	{ "GET", "/api/v1/ticket/events", events_get, HTTP_QUERY, 0, "News as they come; ?wait=25 for one long poll." },
	API("POST", "/ticket/live", api_live, SMALL_BYTES, "Chat: typing, pause, resume, end."),
	API("POST", "/ticket/exit", api_exit, SMALL_BYTES, "Ends every session of the ticket."),
	API("GET", "/service", service_get, 0, "Opening, numbers, waiting estimate, codes."),
	API("GET", "/openapi.json", openapi, 0, "This table as OpenAPI 3.1."),
};
const size_t intake_route_count = sizeof(intake_routes) / sizeof(intake_routes[0]);
