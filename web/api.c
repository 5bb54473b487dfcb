/* SPDX-License-Identifier: Apache-2.0 */
/* What the handlers share. Every refusal is a problem document with a code and a sentence that says what would be
 * right. */
#include "api.h"

#include "mem.h"
#include "order.h"
#include "text.h"
#include "ticket.h"
#include <stdlib.h>
#include <string.h>

void api_refuse(struct http_req *req, const char *code, const char *sentence)
{
	http_error(req, 400, code, sentence);
}

void api_missing(struct http_req *req)
{
	http_error(req, 404, "not_found", "There is no such ticket, or it is not your desk's.");
}

void api_fault(struct http_req *req)
{
	http_error(req, 503, "store", "The store does not answer just now; try again in a moment.");
}

void api_locked(struct http_req *req)
{
	http_error(req, 403, "no_key", "You hold no key that opens this case's words; its desk's members do.");
}

json_t *api_body(struct http_req *req, const struct json_field *fields, size_t count)
{
	AUTO(mem_free) char *why = NULL;
	json_t *in = http_json(req);

	if (!in)
		return NULL;
	if (!json_check(in, fields, count, &why))
		return in;
	api_refuse(req, "bad_request", why);
	return NULL;
}

int64_t api_ticket(const struct web *web, const char *text)
{
	int64_t id;

	return text && !ticket_read(web->row->ticket, text, &id) ? id : 0;
}

int64_t api_number(const struct http_req *req, const char *name)
{
	const char *text = http_param(req, name);
	size_t n = strlen(text);

	return n && n <= 15 && strspn(text, "0123456789") == n ? strtoll(text, NULL, 10) : -1;
}

bool api_view(struct http_req *req, struct view *view)
{
	struct who *who = session_who(req);
	int64_t id = api_ticket(who->web, http_param(req, "ticket"));
	int r = id ? view_load(who, id, view) : STORE_NONE;

	if (!r && view->visible)
		return true;
	if (r < 0)
		api_fault(req);
	else
		api_missing(req);
	return false;
}

json_t *api_order(struct http_req *req)
{
	char ticket[TICKET_TEXT_BYTES];
	const char *typed = http_param(req, "ticket");

	/* What cannot be a ticket goes on as something that is none: the answer is the router's, like for any unknown
	 * one. */
	return json_pack("{s:s}", "ticket", ticket_tidy(typed, ticket) ? "YT-0000-0000" : ticket);
}

bool api_has_words(struct http_req *req, const char *text)
{
	if (text && !text_blank(text))
		return true;
	api_refuse(req, "empty", "\"text\" is empty; one character is enough.");
	return false;
}

int api_desk(struct web *web, int64_t site, const char *text, struct desk_row *out)
{
	int r = store_desk_find(web->store, text, out);

	return r == STORE_NONE ? store_desk_find_kind(web->store, site, text, out) : r;
}

void api_done(struct http_req *req, const struct bus_answer *answer, void *ctx UNUSED)
{
	if (!order_refused(req, answer))
		http_reply(req, 204, NULL, NULL, 0);
}
