/* SPDX-License-Identifier: Apache-2.0 */
/*
 * May this request be believed? libmicrohttpd is lenient: it unfolds headers, stops at NUL, takes bare line feeds,
 * the first of two lengths, any name. What it made of the bytes still lies where the bytes were, so here every part
 * is checked to stand exactly behind the one before it: any trick leaves a gap. Two leave none, being as long as the
 * CR LF they stand for: NUL LF, and a last line of ":" LF. Both end the headers here; no proxy forwards either. Called
 * once a request, when its headers are there; what cannot be believed is answered at once and its connection closed,
 * so that nothing behind it is ever read as a request.
 */
#include "http_impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* 0.9.77.1 and later parse strictly by themselves when told to (http.c) and keep their bytes elsewhere. */
enum { HTTP_LENIENT_LIBRARY = MHD_VERSION < 0x00097701 };

/* Headers that may come once at most; those with a slot are looked at here. */
enum { SEEN_HOST, SEEN_LENGTH, SEEN_CODING, SEEN_EXPECT, SEEN_TYPE, SEEN_SLOTS };
static const struct {
	const char *name;
	uint8_t bytes;
	int slot;
} single[] = {
	{ "host", 4, SEEN_HOST },
	{ "content-length", 14, SEEN_LENGTH },
	{ "transfer-encoding", 17, SEEN_CODING },
	{ "expect", 6, SEEN_EXPECT },
	{ "content-type", 12, SEEN_TYPE },
	{ "authorization", 13, SEEN_SLOTS },
	{ "origin", 6, SEEN_SLOTS + 1 },
	{ "idempotency-key", 15, SEEN_SLOTS + 2 },
	{ "if-match", 8, SEEN_SLOTS + 3 },
	{ "x-csrf-token", 12, SEEN_SLOTS + 4 },
	{ "last-event-id", 13, SEEN_SLOTS + 5 },
	{ "sec-fetch-site", 14, SEEN_SLOTS + 6 },
};

struct walk {
	const char *expect; /* where the next name must begin */
	const char *seen[SEEN_SLOTS];
	const char *twice;
	size_t cost; /* what the library keeps of the headers besides their bytes */
	uint32_t mask;
	bool gap, bad_name, bad_value;
};

/* RFC 9110 token bytes: letters, digits, and !#$%&'*+-.^_`|~ */
static bool is_token_byte(uint8_t c)
{
	static const uint64_t low = 0x03ff6cfa00000000, high = 0x57ffffffc7fffffe;

	return c < 64 ? low >> c & 1 : c < 128 && high >> (c - 64) & 1;
}

static bool is_token(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!is_token_byte((uint8_t)s[i]))
			return false;
	return n > 0;
}

static bool is_value(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (((uint8_t)s[i] < 0x20 && s[i] != '\t') || s[i] == 0x7f)
			return false;
	return true;
}

static void walk_single(struct walk *w, const char *name, size_t n, const char *value)
{
	for (size_t i = 0; i < ARRAY_LEN(single); i++) {
		if (single[i].bytes != n || strncasecmp(single[i].name, name, n))
			continue;
		if (w->mask & 1U << i)
			w->twice = single[i].name;
		w->mask |= 1U << i;
		if (single[i].slot < SEEN_SLOTS)
			w->seen[single[i].slot] = value;
		return;
	}
}

static enum MHD_Result walk_header(void *ctx, enum MHD_ValueKind kind UNUSED, const char *name, size_t name_bytes,
				   const char *value, size_t value_bytes)
{
	struct walk *w = ctx;

	if (!value)
		value = "";
	if (HTTP_LENIENT_LIBRARY) {
		const char *between = name + name_bytes + 1;

		/* name ':' blanks value CR LF: the colon, CR and LF were made NUL; what stands between is blank. */
		w->gap |= name != w->expect || value < between || value > between + HTTP_POOL_BYTES;
		for (; !w->gap && between < value; between++)
			w->gap |= *between != ' ' && *between != '\t';
		w->expect = value + value_bytes + 2;
	}
	w->cost += HTTP_HEADER_COST + (strcasecmp(name, "Cookie") ? 0 : value_bytes);
	w->bad_name |= !is_token(name, name_bytes);
	w->bad_value |= !is_value(value, value_bytes);
	walk_single(w, name, name_bytes, value);
	return MHD_YES;
}

static struct http_verdict refuse(int status, const char *code, const char *detail)
{
	return (struct http_verdict){ .status = status, .code = code, .detail = detail, .close = true };
}

/* The request line and the end of the head, by the same rule as the headers. */
static bool line_gap(const struct http_req *req, const char *url, const char *method, const char *version)
{
	return url != req->target || url != method + strlen(method) + 1 || version != url + req->target_bytes + 1;
}

static size_t head_bytes(const struct http_req *req)
{
	return MHD_get_connection_info(req->conn->mhd, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE)->header_size;
}

static struct http_verdict judge_host(const struct http_req *req, const char *host)
{
	const struct http_names *names = &req->conn->http->names;

	if (!host)
		return refuse(400, "no_host", "The request has no Host header.");
	for (size_t i = 0; i < names->count; i++)
		if (!strcasecmp(names->name[i], host))
			return (struct http_verdict){ 0 };
	return refuse(421, "bad_host", "This server does not answer to that Host.");
}

static struct http_verdict judge_body(struct http_req *req, const struct walk *w)
{
	const char *coding = w->seen[SEEN_CODING], *length = w->seen[SEEN_LENGTH], *expect = w->seen[SEEN_EXPECT];

	if (coding && length)
		return refuse(400, "bad_request", "Content-Length and Transfer-Encoding contradict each other.");
	if (coding && strcasecmp(coding, "chunked"))
		return refuse(501, "not_implemented", "That Transfer-Encoding is not known here.");
	if (coding)
		return refuse(411, "length_required", "The body's length must be given in Content-Length.");
	if (expect && strcasecmp(expect, "100-continue"))
		return refuse(417, "expectation_failed", "The only expectation known here is 100-continue.");
	/* Digits only: libmicrohttpd refused anything else before it asked us. */
	req->body_bytes = length ? strtoull(length, NULL, 10) : 0;
	return (struct http_verdict){ 0 };
}

static struct http_verdict judge_framing(struct http_req *req, const char *url, const char *method, const char *version)
{
	struct walk w = { .expect = version + strlen(version) + 2 };
	struct http_verdict host;

	MHD_get_connection_values_n(req->conn->mhd, MHD_HEADER_KIND, walk_header, &w);
	if (HTTP_LENIENT_LIBRARY && (w.gap || line_gap(req, url, method, version) ||
				      w.expect + 2 != method + head_bytes(req)))
		return refuse(400, "bad_request", "The request is not well-formed HTTP.");
	if (w.bad_name || w.bad_value || w.twice || req->bad_target || !is_token(method, strlen(method)))
		return refuse(400, "bad_request", w.twice ? "A header that may come once came twice."
							  : "The request holds bytes that may not be there.");
	if (head_bytes(req) + w.cost > HTTP_POOL_BYTES - HTTP_ANSWER_BYTES)
		return refuse(431, "headers_too_large", "The headers are too large.");
	if (strcmp(version, "HTTP/1.1") && strcmp(version, "HTTP/1.0"))
		return refuse(505, "version_not_supported", "This server speaks HTTP/1.1.");
	if (req->target[0] != '/')
		return refuse(400, "bad_request", "The request must name a path of this server.");
	host = judge_host(req, w.seen[SEEN_HOST]);
	return host.status ? host : judge_body(req, &w);
}

/* "application/json" or "application/json; charset=utf-8", in any case, with or without quotes. */
static bool type_is(const char *type, const char *want)
{
	size_t n = strlen(want);

	if (!type || strncasecmp(type, want, n))
		return false;
	type += n;
	type += strspn(type, " \t");
	if (!*type)
		return true;
	if (*type++ != ';')
		return false;
	type += strspn(type, " \t");
	if (strncasecmp(type, "charset=", 8))
		return false;
	type += 8;
	return !strcasecmp(type, "utf-8") || !strcasecmp(type, "\"utf-8\"");
}

static const struct http_verdict fine;

/* A request that can be believed and is not served: its connection stays. */
static struct http_verdict decline(int status, const char *code, const char *detail)
{
	return (struct http_verdict){ .status = status, .code = code, .detail = detail };
}

static struct http_verdict judge_content(const struct http_req *req)
{
	const struct http_route *route = req->route;
	const char *type = MHD_lookup_connection_value(req->conn->mhd, MHD_HEADER_KIND, "Content-Type");

	if (req->body_bytes > route->body_bytes)
		return refuse(413, "too_large",
			      route->body_bytes ? "The body is too large." : "No body is taken here.");
	/* No body and no word about one: a handler that needs fields will miss them. */
	if (!(route->flags & (HTTP_JSON | HTTP_FORM)) || (!req->body_bytes && !type))
		return fine;
	if ((route->flags & HTTP_JSON && type_is(type, "application/json")) ||
	    (route->flags & HTTP_FORM && type_is(type, "application/x-www-form-urlencoded")))
		return fine;
	return decline(415, "unsupported_media_type",
		       route->flags & HTTP_JSON ? "The body must be application/json in UTF-8."
						: "The body must be application/x-www-form-urlencoded in UTF-8.");
}

static struct http_verdict judge_route(struct http_req *req)
{
	int method = http_method_index(req->method);
	const struct http_node *node = http_table_find(&req->conn->http->table, req->path, method, &req->params);

	if (!node) {
		bool known = method >= 0 || !strcmp(req->method, "OPTIONS") || !strcmp(req->method, "TRACE");

		return known ? decline(404, "not_found", "There is nothing here.")
			     : refuse(501, "not_implemented", "That method is not known here.");
	}
	if (method < 0 || !node->route[method])
		return (struct http_verdict){ .status = 405, .code = "method_not_allowed", .allow = node->allow,
					      .detail = "That method is not taken here." };
	req->route = node->route[method];
	if (req->query_text && !(req->route->flags & HTTP_QUERY))
		return decline(400, "bad_query", "No query is taken here.");
	if (req->query_text)
		http_pairs_read(&req->query, req->query_text, strlen(req->query_text));
	if (req->query.bad)
		return decline(400, "bad_query", "The query is not well-formed.");
	return judge_content(req);
}

void http_judge(struct http_req *req, const char *url, const char *method, const char *version)
{
	req->method = method;
	req->path = url;
	req->head = !strcmp(method, "HEAD");
	req->verdict = judge_framing(req, url, method, version);
	if (!req->verdict.status)
		req->verdict = judge_route(req);
	/* A body that is not wanted is not read: whoever sends it is told now, and the connection ends. */
	if (req->verdict.status && req->body_bytes)
		req->verdict.close = true;
}

static void names_add(struct http_names *names, char *name)
{
	names->name = mem_resize(names->name, (names->count + 1) * sizeof(char *));
	names->name[names->count++] = name;
}

static void names_add_port(struct http_names *names, const char *host, int port)
{
	const char *open = strchr(host, ':') ? "[" : "", *close = *open ? "]" : "";

	names_add(names, mem_format("%s%s%s:%d", open, host, close, port));
	if (port == 80)
		names_add(names, mem_format("%s%s%s", open, host, close));
}

void http_names_init(struct http_names *names, const struct http_config *config, int port)
{
	names_add_port(names, config->host, port);
	names_add_port(names, "localhost", port);
	for (size_t i = 0; config->names && config->names[i]; i++)
		names_add(names, mem_text(config->names[i]));
}

void http_names_finish(struct http_names *names)
{
	for (size_t i = 0; i < names->count; i++)
		mem_free(&names->name[i]);
	mem_free(&names->name);
	names->count = 0;
}
