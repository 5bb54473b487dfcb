/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Answers: headers, bodies, error documents. A request is answered once, from its handler or later; a second answer
 * is a bug and stops the process. Bodies are wiped when they are sent: they may hold words. Called by the rooms and
 * by http.c.
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

/* One header in a request's block: two lengths, then the name and its NUL, the value and its NUL. */
struct line {
	uint32_t name_bytes, value_bytes;
};

bool http_header_next(const struct buf *headers, size_t *at, const char **name, const char **value)
{
	struct line line;

	if (*at >= headers->bytes)
		return false;
	memcpy(&line, headers->data + *at, sizeof(line));
	*name = headers->data + *at + sizeof(line);
	*value = *name + line.name_bytes + 1;
	*at += sizeof(line) + line.name_bytes + line.value_bytes + 2;
	return true;
}

/* Where the header of that name begins in the block, and where it ends; false: it is not there. */
static bool header_find(const struct buf *headers, const char *name, size_t *begin, size_t *end)
{
	const char *n, *v;

	for (*begin = *end = 0; http_header_next(headers, end, &n, &v); *begin = *end)
		/* Most differ in their first letter. */
		if (!((*n ^ *name) & ~0x20) && !strcasecmp(n, name))
			return true;
	return false;
}

const char *http_header_set(const struct http_req *req, const char *name)
{
	const char *n = NULL, *v = NULL;
	size_t begin, end;

	if (!header_find(&req->headers, name, &begin, &end))
		return NULL;
	http_header_next(&req->headers, &begin, &n, &v);
	return v;
}

void http_set(struct http_req *req, const char *name, const char *value)
{
	struct buf *headers = &req->headers;
	struct line line = { .name_bytes = (uint32_t)strlen(name), .value_bytes = (uint32_t)strlen(value) };
	size_t begin, end;

	assert(!strpbrk(name, "\r\n: ") && !strpbrk(value, "\r\n"));
	if (strcasecmp(name, "Set-Cookie") && header_find(headers, name, &begin, &end)) {
		memmove(headers->data + begin, headers->data + end, headers->bytes - end);
		headers->bytes -= end - begin;
	}
	buf_add(headers, &line, sizeof(line));
	buf_add(headers, name, line.name_bytes + 1);
	buf_add(headers, value, line.value_bytes + 1);
}

void http_default_headers(struct http_req *req)
{
	static const char *const defaults[][2] = {
		{ "Cache-Control", "no-store" },
		{ "X-Content-Type-Options", "nosniff" },
		{ "Referrer-Policy", "no-referrer" },
	};
	size_t begin, end;

	for (size_t i = 0; i < ARRAY_LEN(defaults); i++)
		if (!header_find(&req->headers, defaults[i][0], &begin, &end))
			http_set(req, defaults[i][0], defaults[i][1]);
}

void http_headers_into(struct http_req *req, struct MHD_Response *response)
{
	const char *name, *value;
	size_t at = 0;

	while (http_header_next(&req->headers, &at, &name, &value))
		MHD_add_response_header(response, name, value);
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
	json_t *problem = json_pack("{s:s, s:s, s:i}", "type", type, "title",
				    MHD_get_reason_phrase_for((unsigned)status), "status", status);

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
