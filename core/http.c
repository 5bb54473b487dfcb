/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The HTTP door: libmicrohttpd without a thread of its own, run by the process's loop. Opens and closes it, and takes
 * its callbacks: a connection came, a request line came, headers came, body came, the request is over. What a request
 * is worth is judged in http_parse.c; what it gets is the room's table. It writes no log line about a request.
 */
#include "http_impl.h"

#include "log.h"
#include "text.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

enum { CLOSE_TURNS = 75, CLOSE_TURN_MS = 20 };

void http_soon(struct http *http)
{
	http->runnable = true;
	loop_soon(http->loop);
}

static bool http_has_work(const struct http *http)
{
	MHD_UNSIGNED_LONG_LONG wait;

	return http->runnable || (MHD_get_timeout(http->daemon, &wait) == MHD_YES && wait == 0);
}

static void http_ready_fd(void *ctx)
{
	struct http *http = ctx;

	http->runnable = true;
}

static int64_t http_before_wait(void *ctx)
{
	struct http *http = ctx;
	int64_t wait = http_due_run(http);

	if (http_has_work(http)) {
		http->runnable = false;
		MHD_run(http->daemon);
	}
	if (http_stream_bury(http) || http_has_work(http))
		return 0;
	return wait;
}

/* A deadline passed: libmicrohttpd hears of it as a closed socket. A request a handler still holds stays until
 * answered. */
static void http_hang_up(struct http *http, struct http_due *due)
{
	struct http_conn *conn = (struct http_conn *)due;

	conn->req.gone = true;
	shutdown(conn->fd, SHUT_RDWR);
	http_soon(http);
}

static void http_late(struct http *http, struct http_due *due)
{
	http->deadlines++;
	http_hang_up(http, due);
}

/* Room for one more; when all places are taken, the one that was idle longest between requests leaves. */
static bool http_room(struct http *http)
{
	struct http_due *idle = http->due[DUE_IDLE].head.next;

	if (http->connections + http->stream_count < http->config.connections)
		return true;
	if (idle == &http->due[DUE_IDLE].head)
		return false;
	http_due_drop(idle);
	http_hang_up(http, idle);
	return true;
}

static enum MHD_Result http_accept(void *ctx, const struct sockaddr *addr, socklen_t n UNUSED)
{
	struct http *http = ctx;

	if (!http->closing && http_peer_room(http, http_peer_bucket(http, addr)) && http_room(http))
		return MHD_YES;
	http->refused_connections++;
	return MHD_NO;
}

static void http_conn_begin(struct http *http, struct MHD_Connection *mhd, void **place)
{
	struct http_conn *conn = mem_new(sizeof(*conn));

	conn->http = http;
	conn->mhd = mhd;
	conn->req.conn = conn;
	conn->fd = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
	conn->bucket =
		http_peer_bucket(http, MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr);
	conn->next = http->conns;
	if (conn->next)
		conn->next->prev = conn;
	http->conns = conn;
	http->connections++;
	http_peer_enter(http, conn->bucket);
	http_due_put(http, DUE_HEADER, &conn->due);
	*place = conn;
}

static void http_conn_end(struct http *http, struct http_conn *conn)
{
	/* Out of descriptors or places, libmicrohttpd stops listening; only a further run after a place is free listens
	 * again, and no event would bring it. */
	http_soon(http);
	http_due_drop(&conn->due);
	http_peer_leave(http, conn->bucket);
	http->connections--;
	*(conn->prev ? &conn->prev->next : &http->conns) = conn->next;
	if (conn->next)
		conn->next->prev = conn->prev;
	buf_finish(&conn->req.params);
	buf_finish(&conn->req.headers);
	mem_free(&conn);
}

static void http_on_connection(void *ctx, struct MHD_Connection *mhd, void **place,
			       enum MHD_ConnectionNotificationCode what)
{
	if (what == MHD_CONNECTION_NOTIFY_STARTED)
		http_conn_begin(ctx, mhd, place);
	else if (*place)
		http_conn_end(ctx, *place);
}

/* libmicrohttpd never gets out of a query whose arguments do not fit its pool, so nobody but us can answer this
 * one: by hand, before it parses them. */
static void http_drop_target(struct http_req *req, const char *answer)
{
	req->dropped = true;
	if (send(req->conn->fd, answer, strlen(answer), MSG_NOSIGNAL | MSG_DONTWAIT) > 0)
		http_linger(req->conn->http, req->conn->fd);
	shutdown(req->conn->fd, SHUT_RDWR);
	http_soon(req->conn->http);
}

static bool http_bad_target(const char *target, size_t path_bytes)
{
	for (const char *s = target; *s; s++) {
		bool path = (size_t)(s - target) < path_bytes;

		if ((uint8_t)*s <= 0x20 || (uint8_t)*s >= 0x7f || *s == '#' || (path && (*s == '%' || *s == '\\')))
			return true;
	}
	return false;
}

static struct http_conn *http_conn_of(struct MHD_Connection *mhd)
{
	return MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

static void *http_on_target(void *ctx UNUSED, const char *target, struct MHD_Connection *mhd)
{
	struct http_conn *conn = http_conn_of(mhd);
	struct http_req *req = &conn->req;
	const char *query = strchr(target, '?');
	size_t arguments = 0;

	/* The first request's headers are on the clock since the connection came. */
	if (conn->due.next && conn->req.begun)
		http_due_put(conn->http, DUE_HEADER, &conn->due);
	req->begun = true;
	req->target = target;
	req->target_bytes = strlen(target);
	req->bad_target = http_bad_target(target, query ? (size_t)(query - target) : req->target_bytes);
	for (const char *s = query; s; s = strchr(s + 1, '&'))
		arguments++;
	if (req->target_bytes > HTTP_TARGET_BYTES_MAX || arguments > HTTP_ARGUMENTS_MAX)
		http_drop_target(req, "HTTP/1.1 414 URI Too Long\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
	else if (query)
		req->query_text = mem_text(query + 1);
	return req;
}

/* Everything stays as it was sent; http_form.c decodes what is to be decoded. An argument behind the end of the target
 * is one that a NUL hid from http_on_target, and from its count. */
static size_t http_keep_escapes(void *ctx UNUSED, struct MHD_Connection *mhd, char *s)
{
	struct http_req *req = &http_conn_of(mhd)->req;

	if (!req->dropped && s > req->target + req->target_bytes)
		http_drop_target(req, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
	return strlen(s);
}

static bool http_bad_text(const struct http_req *req)
{
	return req->route->flags & (HTTP_JSON | HTTP_FORM) && req->body.data &&
	       !text_valid(req->body.data, req->body.bytes);
}

static void http_handle(struct http_req *req)
{
	const struct http_config *config = &req->conn->http->config;

	req->phase = HTTP_HANDLED;
	if (req->conn->http->closing) {
		http_problem(req, 503, "closing", "The service is being stopped.");
	} else if (req->verdict.status) {
		http_answer_verdict(req);
	} else if (http_bad_text(req)) {
		http_error(req, 400, "bad_text", "The body is not valid UTF-8.");
	} else {
		if (req->route->flags & HTTP_FORM)
			http_pairs_read(&req->form, req->body.data, req->body.bytes);
		if (!config->guard || config->guard(req, config->ctx))
			req->route->handle(req);
	}
	if (req->phase != HTTP_HANDLED)
		return;
	req->suspended = true;
	MHD_suspend_connection(req->conn->mhd);
}

/* Called with the headers, then with each piece of the body, then once more. An answer to the first call ends the
 * connection after it, which is what a request whose bytes cannot be believed must get, and others must not. */
static enum MHD_Result http_on_request(void *ctx UNUSED, struct MHD_Connection *mhd UNUSED, const char *url,
				       const char *method, const char *version, const char *upload,
				       size_t *upload_bytes, void **place)
{
	struct http_req *req = *place;

	if (req->dropped || req->phase == HTTP_TAKEN)
		return MHD_NO;
	if (req->phase == HTTP_NEW) {
		req->phase = HTTP_BODY;
		http_due_put(req->conn->http, DUE_WHOLE, &req->conn->due);
		http_judge(req, url, method, version);
		if (req->verdict.close) {
			req->linger = true;
			http_answer_verdict(req);
		}
		return MHD_YES;
	}
	if (*upload_bytes) {
		/* Bounded by the declared length, which was compared with the route's. */
		if (req->phase == HTTP_BODY && !req->verdict.status)
			buf_add(&req->body, upload, *upload_bytes);
		*upload_bytes = 0;
		return MHD_YES;
	}
	if (req->phase == HTTP_BODY)
		http_handle(req);
	return req->phase == HTTP_TAKEN || req->dropped ? MHD_NO : MHD_YES;
}

static void http_on_completed(void *ctx, struct MHD_Connection *mhd UNUSED, void **place,
			      enum MHD_RequestTerminationCode why)
{
	struct http *http = ctx;
	struct http_req *req = *place;
	struct http_conn *conn;

	if (!req)
		return;
	conn = req->conn;
	*place = NULL;
	if (req->linger && why == MHD_REQUEST_TERMINATED_COMPLETED_OK)
		http_linger(http, conn->fd);
	if (req->attached && req->attached_free)
		req->attached_free(req->attached);
	json_decref(req->json);
	if (req->body.data)
		explicit_bzero(req->body.data, req->body.room);
	buf_finish(&req->body);
	http_pairs_finish(&req->form);
	http_pairs_finish(&req->query);
	http_pairs_finish(&req->cookies);
	mem_free(&req->query_text);
	buf_clear(&req->params);
	buf_clear(&req->headers);
	*req = (struct http_req){ .conn = conn, .params = req->params, .headers = req->headers, .begun = true };
	http_due_put(http, DUE_IDLE, &conn->due);
}

/* The library's own messages hold paths. It has no room for one in our log. */
static void http_panic(void *ctx UNUSED, const char *file UNUSED, unsigned line, const char *why UNUSED)
{
	log_error("http_library_panic", "line=%u", line);
	_exit(70);
}

static bool http_start(struct http *http)
{
	unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_TURBO;
	const union MHD_DaemonInfo *info;

	MHD_set_panic_func(http_panic, NULL);
	http->daemon = MHD_start_daemon(flags, (uint16_t)http->port, http_accept, http, http_on_request, http,
					MHD_OPTION_LISTEN_SOCKET, http->listen_fd,
					MHD_OPTION_CONNECTION_LIMIT,
					(unsigned)http->config.connections + HTTP_CONNECTIONS_SPARE,
					MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HTTP_POOL_BYTES,
					MHD_OPTION_CONNECTION_TIMEOUT, 0U,
					MHD_OPTION_NOTIFY_CONNECTION, http_on_connection, http,
					MHD_OPTION_NOTIFY_COMPLETED, http_on_completed, http,
					MHD_OPTION_URI_LOG_CALLBACK, http_on_target, http,
					MHD_OPTION_UNESCAPE_CALLBACK, http_keep_escapes, http,
#if MHD_VERSION >= 0x00097701
					MHD_OPTION_CLIENT_DISCIPLINE_LVL, 1,
#endif
					MHD_OPTION_END);
	if (!http->daemon)
		return false;
	info = MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	http->watch = loop_fd(http->loop, info->epoll_fd, http_ready_fd, http);
	loop_before_wait(http->loop, http_before_wait, http);
	return true;
}

static struct http *http_new(struct loop *loop, const struct http_config *config)
{
	struct http *http = mem_new(sizeof(*http));

	http->config = *config;
	http->loop = loop;
	http->listen_fd = http->side_fd = -1;
	if (!http->config.connections)
		http->config.connections = HTTP_CONNECTIONS;
	if (getrandom(http->key, sizeof(http->key), 0) != (ssize_t)sizeof(http->key)) {
		/* Without randomness buckets would lead back to addresses. */
		log_error("http_no_randomness", "errno=%d", errno);
		abort();
	}
	http_due_init(http, DUE_HEADER, config->header_ms ? config->header_ms : HTTP_HEADER_MS, http_late);
	http_due_init(http, DUE_WHOLE, config->whole_ms ? config->whole_ms : HTTP_WHOLE_MS, http_late);
	http_due_init(http, DUE_IDLE, config->whole_ms ? config->whole_ms : HTTP_WHOLE_MS, http_hang_up);
	http_due_init(http, DUE_QUIET, HTTP_QUIET_MS, http_stream_quiet);
	http_due_init(http, DUE_LINGER, HTTP_LINGER_MS, http_linger_due);
	http_table_init(&http->table, config->routes, config->route_count);
	http->requests = mem_array((config->route_count + 1) * HTTP_CLASSES, sizeof(uint64_t));
	return http;
}

static void http_free(struct http *http)
{
	if (http->listen_fd >= 0)
		close(http->listen_fd);
	http_side_close(http);
	http_ready_finish(http);
	http_peer_finish(http);
	http_table_finish(&http->table);
	http_names_finish(&http->names);
	buf_finish(&http->scratch);
	mem_free(&http->requests);
	mem_free(&http);
}

int http_open(struct loop *loop, const struct http_config *config, struct http **out)
{
	struct http *http = http_new(loop, config);
	int outcome = http_listen(http);

	*out = NULL;
	if (!outcome)
		outcome = http_side_open(http);
	if (outcome) {
		http_free(http);
		return outcome;
	}
	http_names_init(&http->names, config, http->port);
	if (!http_start(http)) {
		log_error("http_start_failed", "errno=%d", errno);
		http_free(http);
		return -EIO;
	}
	*out = http;
	return 0;
}

int http_port(const struct http *http)
{
	return http->port;
}

/* Answers what a handler still holds, then gives answers on their way a bounded time. */
static void http_drain(struct http *http)
{
	const union MHD_DaemonInfo *info = MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	struct pollfd fd = { .fd = info->epoll_fd, .events = POLLIN };

	for (struct http_conn *conn = http->conns; conn; conn = conn->next)
		if (conn->req.suspended)
			http_problem(&conn->req, 503, "closing", "The service is being stopped.");
	for (int turn = 0; turn < CLOSE_TURNS; turn++) {
		bool sending = false;

		MHD_run(http->daemon);
		for (struct http_conn *conn = http->conns; conn; conn = conn->next)
			sending |= conn->req.phase == HTTP_ANSWERED;
		if (!sending)
			break;
		poll(&fd, 1, CLOSE_TURN_MS);
	}
}

void http_close(struct http **http)
{
	struct http *h = steal(http);

	if (!h)
		return;
	h->closing = true;
	MHD_quiesce_daemon(h->daemon);
	http_stream_end_all(h);
	http_drain(h);
	http_stream_bury(h);
	loop_unwatch(h->loop, &h->watch);
	loop_before_wait_stop(h->loop, http_before_wait, h);
	MHD_stop_daemon(h->daemon);
	while (h->due[DUE_LINGER].head.next != &h->due[DUE_LINGER].head)
		http_linger_due(h, h->due[DUE_LINGER].head.next);
	http_free(h);
}
