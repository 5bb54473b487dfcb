/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The HTTP door (libmicrohttpd in our own loop). It refuses every framing trick of hostile.md §1 before a handler sees
 * the request, reads the whole body (bounded), matches the exact route in the room's table, and lets the handler answer
 * now or later. It never logs a path, an address or a header.
 */
#ifndef QT_HTTP_H
#define QT_HTTP_H

#include "loop.h"
#include "macros.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http;
struct http_req;    /* one request, valid until answered */
struct http_stream; /* one server-sent event stream */

/* One row of a room's route table: drives method check, rights, CSRF, limits, metrics, OpenAPI and doc/api.md. */
struct http_route {
	const char *method;  /* "GET", "POST", "PUT", "PATCH", "DELETE" (HEAD follows GET) */
	const char *path;    /* exact, with {name} for one segment: "/api/v1/cases/{ticket}/claim" */
	void (*handle)(struct http_req *req);
	unsigned flags;      /* HTTP_… below, plus the room's own rights in the high 16 bits */
	size_t body_bytes;   /* most bytes of body; 0: none allowed */
	const char *summary; /* one English sentence for OpenAPI and doc/api.md */
};
enum http_flag {
	HTTP_JSON = 1,  /* body must be application/json (else 415) */
	HTTP_FORM = 2,  /* body must be application/x-www-form-urlencoded (else 415) */
	HTTP_QUERY = 4, /* a query string is allowed (else 400) */
	HTTP_PAGE = 8,  /* answers HTML: errors are pages, not problem documents */
};

struct http_config {
	const char *host;         /* "127.0.0.1" or "::1" … */
	int port;                 /* 1..65535; 0: a free one, see http_port */
	const char *const *names; /* NULL-terminated Host values accepted besides host:port and localhost:port */
	const struct http_route *routes;
	size_t route_count;
	int connections;          /* most at once; 0: 1024 */
	int per_address;          /* most at once from one address; 0: no cap (loopback proxies) */
	int64_t header_ms, whole_ms; /* absolute deadlines; 0: 10,000 and 60,000 */
	/* Called for each matched request, its body read, before its handler; answers the request and returns
	 * false to refuse it. Here a room sets the headers common to its answers. Not called for what the door
	 * refuses by itself: those answers come through error. */
	bool (*guard)(struct http_req *req, void *ctx);
	/* Shapes error answers. status, snake_case code (never NULL), detail may be NULL; http_route is NULL when
	 * there is none (404, 405). Default: RFC 9457 problem document
	 * {"type":"/problems/<code>","title","status","detail"}. Requests that are no well-formed HTTP, or for
	 * another Host, always get the default. Codes of the door itself: bad_request no_host bad_host not_found
	 * method_not_allowed length_required too_large headers_too_large unsupported_media_type bad_query bad_text
	 * bad_json expectation_failed not_implemented version_not_supported busy closing. */
	void (*error)(struct http_req *req, int status, const char *code, const char *detail, void *ctx);
	void *ctx;
};

enum http_outcome { HTTP_PORT_TAKEN = 1, HTTP_BAD_ADDRESS };
/* Gives a listening server run by the loop. 0, an outcome, or < 0. */
NODISCARD int http_open(struct loop *loop, const struct http_config *config, struct http **out);
/* The port it listens on. */
int http_port(const struct http *http);
/* Stops accepting, ends streams (their closed is called), answers what is pending with 503, then stops (< 2 s).
 * Every request and stream is dead afterwards: end first what still works for one (pool_free). */
void http_close(struct http **http);

/* Of the request; all lent until it is answered. */
void *http_ctx(const struct http_req *req);                 /* config.ctx */
const struct http_route *http_route(const struct http_req *req);
const char *http_method(const struct http_req *req);
const char *http_path(const struct http_req *req);
const char *http_param(const struct http_req *req, const char *name); /* a {name} of the route; never NULL */
const char *http_query(const struct http_req *req, const char *name); /* NULL when absent; percent-decoded UTF-8 */
const char *http_header(const struct http_req *req, const char *name);
/* 0 found; 1 absent; 2 more than one cookie of that name (refuse with 400). */
NODISCARD int http_cookie(const struct http_req *req, const char *name, const char **value);
/* NUL-terminated; valid UTF-8 without NUL when JSON or FORM. bytes may be NULL. */
const char *http_body(const struct http_req *req, size_t *bytes);
/* JSON body as object, strict (duplicates, depth > 16, trailing bytes, NUL refused); NULL after it has answered
 * 400. Lent. A request without any body reads as {}. */
json_t *http_json(struct http_req *req);
/* Form field, decoded UTF-8; NULL when absent. A field given twice, a bad escape or NUL: http_form_bad is true and
 * every http_field NULL. */
const char *http_field(struct http_req *req, const char *name);
bool http_form_bad(const struct http_req *req);
/* Coarse, keyed, memory-only bucket of the peer's address (IPv4 /24, IPv6 /48): for throttles; never stored. */
uint64_t http_bucket(const struct http_req *req);
/* The room's own pointer for the rest of the request, freed by free_fn when the request ends. */
void http_attach(struct http_req *req, void *p, void (*free_fn)(void *));
void *http_attached(const struct http_req *req);

/* Answering: exactly once, from the handler or later on the loop's thread. Headers first. */
/* CR/LF are refused by assertion; Set-Cookie adds, every other name replaces. Cache-Control: no-store,
 * X-Content-Type-Options: nosniff and Referrer-Policy: no-referrer go out unless set to something else. */
void http_set(struct http_req *req, const char *name, const char *value);
void http_reply(struct http_req *req, int status, const char *type, const void *body, size_t bytes); /* copies body */
void http_reply_json(struct http_req *req, int status, json_t *body); /* takes body */
void http_error(struct http_req *req, int status, const char *code, const char *detail);
/* Static bytes with ETag (If-None-Match → 304) and Cache-Control: immutable when immutable. encodings: the same
 * bytes as br and gzip, NULL when not there. Bytes are lent for the life of the process. */
struct http_asset {
	const char *path, *type, *etag;
	const void *plain, *br, *gzip;
	size_t plain_bytes, br_bytes, gzip_bytes;
	bool immutable;
};
void http_reply_asset(struct http_req *req, const struct http_asset *asset);

/* True once the client has gone; a handler that answers later may stop working for it. */
bool http_gone(const struct http_req *req);

/* Server-sent events. Answers the request 200 text/event-stream and gives the stream; closed(ctx) is called once,
 * from the loop, when the peer leaves or the server closes (the stream is invalid afterwards). A ":" line goes out
 * every 15 s of silence. Streams count among the connections. NULL: no descriptor is left; it has answered 503. */
struct http_stream *http_stream_open(struct http_req *req, void (*closed)(void *ctx), void *ctx);
/* id and event may be NULL, and are one line; data is one line or more. Returns false when the stream is over its
 * 256 KiB of unsent bytes or the peer is gone: closed follows soon, and the client resumes by Last-Event-ID. */
bool http_stream_send(struct http_stream *stream, const char *id, const char *event, const char *data);
/* The room ends it: closed is not called, and the stream is invalid at once. */
void http_stream_close(struct http_stream *stream);

/* Figures for /metrics: requests by route and status class, in Prometheus text appended to out. */
struct buf;
void http_metrics(const struct http *http, struct buf *out);
/* OpenAPI 3.1 document of the table. Gives a JSON object. */
json_t *http_openapi(const struct http_route *routes, size_t count, const char *title);

#endif
