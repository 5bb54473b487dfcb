/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From an HTTP request to an order and back. Every order names the session; the router looks at role, desk, state and
 * version. A refusal becomes a problem document whose code the page translates; the sentence stands for whoever reads
 * the API by hand.
 */
#include "order.h"

#include "book.h"
#include "mem.h"
#include <stdlib.h>
#include <string.h>

struct sending {
	struct http_req *req;
	void (*done)(struct http_req *req, const struct bus_answer *answer, void *ctx);
	void *ctx;
};

/* Members of a refusal that travel into the problem document. */
static const char *const extras[] = { "by", "state", "version", "wait_ms" };

json_t *order_problem(const struct bus_answer *answer)
{
	const char *code = json_text(answer->body, "error"), *detail = json_text(answer->body, "detail");
	json_t *problem;
	size_t i;

	problem = json_pack("{s:o, s:s, s:i, s:s}", "type", json_sprintf("/problems/%s", code ? code : "refused"),
	                    "title", code ? code : "refused", "status", answer->status, "detail", detail ? detail : "");
	for (i = 0; i < ARRAY_LEN(extras); i++)
		if (json_object_get(answer->body, extras[i]))
			json_object_set(problem, extras[i], json_object_get(answer->body, extras[i]));
	return problem;
}

void order_problem_reply(struct http_req *req, int status, json_t *problem)
{
	AUTO(mem_free) char *text = json_write(problem);

	json_release(&problem);
	http_reply(req, status, "application/problem+json", text, strlen(text));
	seal_wipe(text, strlen(text));
}

bool order_refused(struct http_req *req, const struct bus_answer *answer)
{
	if (answer->status < 400)
		return false;
	if (!answer->m)
		http_error(req, 503, "no_answer", "The router does not answer just now; try again in a moment.");
	else
		order_problem_reply(req, answer->status, order_problem(answer));
	return true;
}

void order_answer(struct http_req *req, const struct bus_answer *answer, void *ctx UNUSED)
{
	if (!order_refused(req, answer))
		http_reply_json(req, answer->status, json_deep_copy(answer->body));
}

static void sent(const struct bus_answer *answer, void *ctx)
{
	struct sending *s = ctx;

	(s->done ? s->done : order_answer)(s->req, answer, s->ctx);
	mem_free(&s->ctx);
	mem_free(&s);
}

/* The hashed idempotency key: of the client's own header within this session, else a fresh one. */
static void key_set(struct http_req *req, const struct who *who, json_t *body)
{
	const char *header = http_header(req, "Idempotency-Key");
	struct seal_idem idem;
	uint8_t key[32];

	if (header && strlen(header) >= 8 && who) {
		AUTO(mem_free) char *own = mem_format("%lld %s %s", (long long)who->id, http_path(req), header);

		seal_idem_make(who->web->keys->idem, own, strlen(own), "", 0, &idem);
		json_set_hex(body, "key", idem.key, sizeof(idem.key));
		return;
	}
	seal_random(key, sizeof(key));
	json_set_hex(body, "key", key, sizeof(key));
}

void order_send(struct http_req *req, const char *service, json_t *body, struct msg *blobs,
                void (*done)(struct http_req *req, const struct bus_answer *answer, void *ctx), void *ctx)
{
	const struct book_row *row = book_find(service, strlen(service));
	struct who *who = session_who(req);
	struct sending *s = mem_new(sizeof(*s));

	*s = (struct sending){ req, done, ctx };
	if (row->flags & BOOK_SESSION)
		json_set_hex(body, "session", who->token.sid, sizeof(who->token.sid));
	if (row->flags & BOOK_KEY && !json_object_get(body, "key"))
		key_set(req, who, body);
	bus_call(web_of(req)->bus, service, body, blobs, ORDER_DEADLINE_MS, sent, s);
}

bool order_version(struct http_req *req, json_t *body)
{
	const char *match = http_header(req, "If-Match");
	char *end;
	long long v;

	if (!match) {
		http_error(req, 428, "version_required", "Send If-Match with the version you saw, or \"*\".");
		return false;
	}
	if (!strcmp(match, "*")) {
		json_object_set_new(body, "version", json_integer(-1));
		return true;
	}
	if (*match == '"')
		match++;
	v = strtoll(match, &end, 10);
	if (end == match || v < 1 || v > INT32_MAX || (*end && strcmp(end, "\""))) {
		http_error(req, 400, "bad_version", "If-Match holds the version of the case, as in its ETag.");
		return false;
	}
	json_object_set_new(body, "version", json_integer(v));
	return true;
}
