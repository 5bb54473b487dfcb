/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Contacts: calls and visits with a case or without one. Two thirds of them are silent, wrong numbers or thanks: one
 * keystroke each, kept without words.
 */
#include "api.h"

#include "casefile_json.h"
#include "clock.h"
#include "mem.h"
#include "order.h"
#include "ticket.h"
#include <stdlib.h>
#include <string.h>

enum { LIMIT = 50, LIMIT_MAX = 200 };

static const struct json_field contact_fields[] = {
	API_FACT_FIELDS,
	{ "channel", JSON_CODE, true, 0, 0, case_channel_words },
	{ "type", JSON_CODE, true, 0, 0, contact_type_words },
	{ "began_at", JSON_TIME, true, 0, 0, NULL },
	{ "seconds", JSON_INT, true, 0, 86400, NULL },
	{ "ticket", JSON_TEXT, false, 9, 16, NULL },
};

static void kept(struct http_req *req, const struct bus_answer *answer, void *ctx UNUSED)
{
	if (!order_refused(req, answer))
		http_reply_json(req, 201, json_pack("{s:I}", "id", (json_int_t)json_int(answer->body, "id", 0)));
}

void api_contact(struct http_req *req)
{
	json_t *in = api_body(req, contact_fields, ARRAY_LEN(contact_fields)), *facts, *body;
	char ticket[TICKET_TEXT_BYTES];
	int64_t began;

	facts = in ? api_facts_of(req, in) : NULL;
	if (!facts)
		return;
	if (clock_parse(json_text(in, "began_at"), &began) || began <= 0) {
		json_release(&facts);
		api_refuse(req, "bad_request", "\"began_at\" is a time like \"2026-11-23T06:41:23Z\".");
		return;
	}
	body = json_pack("{s:O, s:O, s:I, s:O, s:o}", "channel", json_object_get(in, "channel"), "type",
	                 json_object_get(in, "type"), "began_at", (json_int_t)began, "seconds",
	                 json_object_get(in, "seconds"), "facts", facts);
	if (json_text(in, "ticket"))
		json_object_set_new(body, "ticket",
		                    json_string(ticket_tidy(json_text(in, "ticket"), ticket) ? "YT-0000-0000"
		                                                                             : ticket));
	order_send(req, "order.contact", body, NULL, kept, NULL);
}

static json_t *contact_json(struct web *web, const struct contact_row *row)
{
	char ticket[TICKET_TEXT_BYTES] = "";
	json_t *out = json_pack("{s:I, s:s, s:s, s:I}", "id", (json_int_t)row->id, "channel", row->channel, "type",
	                        row->type, "seconds", (json_int_t)row->seconds);
	json_t *facts = json_loads(row->facts, 0, NULL);

	if (row->case_id)
		ticket_write(web->row->ticket, row->case_id, ticket);
	json_object_set_new(out, "ticket", *ticket ? json_string(ticket) : json_null());
	json_object_set_new(out, "facts", facts ? facts : json_object());
	json_set_time(out, "began_at", row->began_at);
	casefile_json_person(web, out, row->staff, "staff", "staff_name");
	return out;
}

void api_contacts(struct http_req *req)
{
	struct who *who = session_who(req);
	const char *limit_text = http_query(req, "limit");
	long limit = limit_text ? strtol(limit_text, NULL, 10) : LIMIT;
	struct contact_row *rows;
	char next[STORE_CURSOR_BYTES];
	json_t *list;
	size_t n, i;
	int r;

	if (limit < 1 || limit > LIMIT_MAX) {
		api_refuse(req, "bad_query", "\"limit\" is a number from 1 to 200.");
		return;
	}
	r = store_contact_list(who->web->store, who->site, http_query(req, "cursor"), (int)limit, &rows, &n, next);
	if (r == STORE_REFUSED) {
		api_refuse(req, "bad_cursor", "\"cursor\" is the \"next\" of an earlier page of the same list.");
		return;
	}
	if (r) {
		api_fault(req);
		return;
	}
	list = json_array();
	for (i = 0; i < n; i++)
		json_array_append_new(list, contact_json(who->web, &rows[i]));
	http_reply_json(req, 200,
	                json_pack("{s:o, s:o}", "items", list, "next", *next ? json_string(next) : json_null()));
}
