/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers: headers, bodies, error documents. A request is answered once, from its handler or later; a second answer is a bug
 * and stops the process. Bodies are wiped when they are sent: they may hold words. Called by the rooms and by http.c.
 */
#include "http_impl.h"

#include "json.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

static void http_count(struct http_req *req, int status)
{
	struct http *http = req->conn->http;
	size_t row = req->route ? (size_t)(req->route - http->config.routes) : http->config.route_count;
	int class = status / 100 - 1;

	http->requests[row * HTTP_CLASSES + (size_t)(class < 0 || class >= HTTP_CLASSES ? HTTP_CLASSES - 1 : class)]++;
}

void http_queue(struct http_req *req, int status, struct MHD_Response *response)
{
	assert(req->phase == HTTP_BODY || req->phase == HTTP_HANDLED);
	http_count(req, status);
	req->phase = HTTP_ANSWERED;
	if (MHD_queue_response(req->conn->mhd, (unsigned)status, response) != MHD_YES)
		req->dropped = true;
	if (!req->suspended)
		return;
	req->suspended = false;
	MHD_resume_connection(req->conn->mhd);
	http_soon(req->conn->http);
}

void http_taken(struct http_req *req, int status)
{
	assert(req->phase == HTTP_HANDLED);
	http_count(req, status);
	req->phase = HTTP_TAKEN;
	if (!req->suspended)
		return;
	req->suspended = false;
	MHD_resume_connection(req->conn->mhd);
	http_soon(req->conn->http);
}

/* The header line of that name in the block (name NUL value NUL), or NULL. */
static char *header_find(const struct buf *headers, const char *name)
{
	for (size_t at = 0; at < headers->bytes;) {
		char *h = headers->data + at;

		if (!strcasecmp(h, name))
			return h;
		at += strlen(h) + 1;
		at += strlen(headers->data + at) + 1;
	}
	return NULL;
}

static void header_remove(struct buf *headers, char *header)
{
	size_t n = strlen(header) + 1, at = (size_t)(header - headers->data);

	n += strlen(header + n) + 1;
	memmove(header, header + n, headers->bytes - at - n);
	headers->bytes -= n;
}

const char *http_header_set(const struct http_req *req, const char *name)
{
	const char *h = header_find(&req->headers, name);

	return h ? h + strlen(h) + 1 : NULL;
}

void http_set(struct http_req *req, const char *name, const char *value)
{
	char *old = strcasecmp(name, "Set-Cookie") ? header_find(&req->headers, name) : NULL;

	assert(!strpbrk(name, "\r\n: ") && !strpbrk(value, "\r\n"));
	if (old)
		header_remove(&req->headers, old);
	buf_add(&req->headers, name, strlen(name) + 1);
	buf_add(&req->headers, value, strlen(value) + 1);
}

void http_default_headers(struct http_req *req)
{
	static const char *const defaults[][2] = {
		{ "Cache-Control", "no-store" },
		{ "X-Content-Type-Options", "nosniff" },
		{ "Referrer-Policy", "no-referrer" },
	};

	for (size_t i = 0; i < ARRAY_LEN(defaults); i++)
		if (!header_find(&req->headers, defaults[i][0]))
			http_set(req, defaults[i][0], defaults[i][1]);
}

void http_headers_into(struct http_req *req, struct MHD_Response *response)
{
	const struct buf *headers = &req->headers;

	for (size_t at = 0; at < headers->bytes;) {
		const char *name = headers->data + at, *value = name + strlen(name) + 1;

		MHD_add_response_header(response, name, value);
		at += strlen(name) + strlen(value) + 2;
	}
}

struct body {
	size_t bytes;
	char data[];
};

static void body_free(void *ctx)
{
	struct body *body = ctx;

	explicit_bzero(body->data, body->bytes);
	mem_free(&body);
}

void http_reply(struct http_req *req, int status, const char *type, const void *bytes, size_t n)
{
	struct body *body = mem_new(sizeof(*body) + n);
	struct MHD_Response *response;

	body->bytes = n;
	if (n)
		memcpy(body->data, bytes, n);
	if (type)
		http_set(req, "Content-Type", type);
	http_default_headers(req);
	response = MHD_create_response_from_buffer_with_free_callback_cls(n, body->data, body_free, body);
	assert(response);
	http_headers_into(req, response);
	http_queue(req, status, response);
	MHD_destroy_response(response);
}

static void reply_json_as(struct http_req *req, int status, const char *type, json_t *value)
{
	char *text = json_write(value);
	size_t n = strlen(text);

	json_decref(value);
	http_reply(req, status, type, text, n);
	explicit_bzero(text, n);
	mem_free(&text);
}

void http_reply_json(struct http_req *req, int status, json_t *body)
{
	reply_json_as(req, status, "application/json", body);
}

void http_problem(struct http_req *req, int status, const char *code, const char *detail)
{
	char *type = mem_format("/problems/%s", code);
	json_t *problem = json_pack("{s:s, s:s, s:i}", "type", type, "title", MHD_get_reason_phrase_for((unsigned)status),
				    "status", status);

	if (detail)
		json_object_set_new(problem, "detail", json_string(detail));
	mem_free(&type);
	reply_json_as(req, status, "application/problem+json", problem);
}

void http_error(struct http_req *req, int status, const char *code, const char *detail)
{
	const struct http_config *config = &req->conn->http->config;

	/* A room's page of errors may itself need one: that one is plain. */
	if (!config->error || req->in_error) {
		http_problem(req, status, code, detail);
		return;
	}
	req->in_error = true;
	config->error(req, status, code, detail, config->ctx);
	if (req->phase != HTTP_ANSWERED)
		http_problem(req, status, code, detail);
}

void http_answer_verdict(struct http_req *req)
{
	const struct http_verdict *v = &req->verdict;

	if (v->allow)
		http_set(req, "Allow", v->allow);
	/* A request that cannot be believed is not shown to the room: it might read its headers. */
	if (v->close && !req->route && v->status != 404 && v->status != 405)
		http_problem(req, v->status, v->code, v->detail);
	else
		http_error(req, v->status, v->code, v->detail);
}
