/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a handler may ask of its request: path, names and values, headers, cookies, body, and who the peer roughly is.
 * All of it was bounded and checked before the handler ran (http_parse.c). Called by the rooms.
 */
#include "http_impl.h"

#include "json.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

void *http_ctx(const struct http_req *req)
{
	return req->conn->http->config.ctx;
}

const struct http_route *http_route(const struct http_req *req)
{
	return req->route;
}

const char *http_method(const struct http_req *req)
{
	return req->method;
}

const char *http_path(const struct http_req *req)
{
	return req->path;
}

const char *http_param(const struct http_req *req, const char *name)
{
	const char *value = req->params.data, *open = req->route->path;
	size_t n = strlen(name);

	/* The values stand in the order of the route's {names}. */
	while ((open = strchr(open, '{')) != NULL) {
		open++;
		if (!strncmp(open, name, n) && open[n] == '}')
			return value;
		value += strlen(value) + 1;
	}
	assert(!"http_param: no such {name} in the route");
	return "";
}

const char *http_query(const struct http_req *req, const char *name)
{
	return http_pairs_find(&req->query, name);
}

const char *http_header(const struct http_req *req, const char *name)
{
	return MHD_lookup_connection_value(req->conn->mhd, MHD_HEADER_KIND, name);
}

static enum MHD_Result cookie_header(void *ctx, enum MHD_ValueKind kind UNUSED, const char *name, const char *value)
{
	struct buf *all = ctx;

	if (strcasecmp(name, "Cookie") || !value)
		return MHD_YES;
	buf_text(all, value);
	buf_text(all, ";");
	return MHD_YES;
}

/* libmicrohttpd keeps the cookies of the first Cookie header only: a second one must not go unseen. */
static void cookies_read(struct http_req *req)
{
	struct buf all = { 0 };

	MHD_get_connection_values(req->conn->mhd, MHD_HEADER_KIND, cookie_header, &all);
	http_pairs_read_cookies(&req->cookies, all.data ? all.data : "", all.bytes);
	if (all.data)
		explicit_bzero(all.data, all.bytes);
	buf_finish(&all);
}

int http_cookie(const struct http_req *req, const char *name, const char **value)
{
	int found = 0;

	*value = NULL;
	if (!req->cookies.read)
		cookies_read((struct http_req *)(uintptr_t)req); /* read once, at the first question */
	for (size_t i = 0; i < req->cookies.count; i++) {
		if (strcmp(req->cookies.pair[i].name, name))
			continue;
		*value = req->cookies.pair[i].value;
		found++;
	}
	if (found == 1 && !req->cookies.bad)
		return 0;
	*value = NULL;
	return found || req->cookies.bad ? 2 : 1;
}

const char *http_body(const struct http_req *req, size_t *bytes)
{
	if (bytes)
		*bytes = req->body.bytes;
	return req->body.data ? req->body.data : "";
}

json_t *http_json(struct http_req *req)
{
	static const struct {
		const char *code, *detail;
	} wrong[] = {
		[JSON_MALFORMED] = { "bad_json", "The body is not valid JSON." },
		[JSON_TOO_DEEP] = { "bad_json", "The JSON is nested too deeply." },
		[JSON_NOT_OBJECT] = { "bad_json", "The body must be a JSON object." },
	};
	int outcome;

	if (req->json)
		return req->json;
	if (!req->body.bytes)
		return req->json = json_object();
	outcome = json_read(req->body.data, req->body.bytes, &req->json);
	if (outcome)
		http_error(req, 400, wrong[outcome].code, wrong[outcome].detail);
	return req->json;
}

const char *http_field(struct http_req *req, const char *name)
{
	return http_pairs_find(&req->form, name);
}

bool http_form_bad(const struct http_req *req)
{
	return req->form.bad;
}

uint64_t http_bucket(const struct http_req *req)
{
	return req->conn->bucket;
}

void http_attach(struct http_req *req, void *p, void (*free_fn)(void *))
{
	req->attached = p;
	req->attached_free = free_fn;
}

void *http_attached(const struct http_req *req)
{
	return req->attached;
}

bool http_gone(const struct http_req *req)
{
	char byte;
	ssize_t n;

	if (req->gone)
		return true;
	/* While a handler holds a request nobody reads its socket: what lies there is the end, or a pipelined
	 * request. */
	n = recv(req->conn->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
	return n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
}
