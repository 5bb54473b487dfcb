/* SPDX-License-Identifier: Apache-2.0 */
/* The kit of test_http*.c: a room of its own with one route of every kind, and clients. See http_kit.h. */
#include "http_kit.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>

enum { TURNS_MAX = 4000, SETTLED = 40, BIG_BYTES = 300000 };

static struct kit *kit_of(struct http_req *req)
{
	return http_ctx(req);
}

static void tell(struct http_req *req, const char *what)
{
	struct kit *kit = kit_of(req);

	kit->handled++;
	buf_clear(&kit->seen);
	buf_text(&kit->seen, what ? what : "(nothing)");
}

static void handle_hello(struct http_req *req)
{
	tell(req, http_path(req));
	http_reply(req, 200, "text/plain; charset=utf-8", "hello", 5);
}

static void handle_ticket(struct http_req *req)
{
	tell(req, http_param(req, "ticket"));
	http_reply_json(req, 200, json_pack("{s:s}", "ticket", http_param(req, "ticket")));
}

static void handle_note(struct http_req *req)
{
	char *both = mem_format("%s %s", http_param(req, "ticket"), http_param(req, "n"));

	tell(req, both);
	mem_free(&both);
	http_reply(req, 204, NULL, NULL, 0);
}

static void handle_json(struct http_req *req)
{
	json_t *body = http_json(req);

	if (!body)
		return;
	tell(req, json_string_value(json_object_get(body, "text")));
	http_reply_json(req, 201, json_incref(body));
}

static void handle_form(struct http_req *req)
{
	tell(req, http_field(req, "text"));
	if (http_form_bad(req))
		http_error(req, 400, "bad_form", NULL);
	else
		http_reply(req, 303, NULL, NULL, 0);
}

static void handle_query(struct http_req *req)
{
	tell(req, http_query(req, "wait"));
	http_reply(req, 200, "text/plain", "q", 1);
}

static void handle_raw(struct http_req *req)
{
	size_t n;
	const char *body = http_body(req, &n);

	tell(req, "raw");
	http_reply(req, 200, "application/octet-stream", body, n);
}

static void handle_cookie(struct http_req *req)
{
	const char *value;
	int outcome = http_cookie(req, "qt", &value);

	tell(req, outcome == 0 ? value : outcome == 1 ? "(none)" : "(two)");
	http_reply(req, 200, "text/plain", "c", 1);
}

static void handle_header(struct http_req *req)
{
	tell(req, http_header(req, "X-Desk"));
	http_set(req, "Set-Cookie", "a=1");
	http_set(req, "Set-Cookie", "b=2");
	http_set(req, "X-Twice", "first");
	http_set(req, "X-Twice", "last");
	http_reply(req, 200, "text/plain", "h", 1);
}

static void handle_big(struct http_req *req)
{
	char *big = mem_new(BIG_BYTES);

	tell(req, "big");
	memset(big, 'b', BIG_BYTES);
	http_reply(req, 200, "text/plain", big, BIG_BYTES);
	mem_free(&big);
}

static void attached_free(void *p)
{
	((struct kit *)p)->freed++;
}

static void handle_later(struct http_req *req)
{
	tell(req, "later");
	http_attach(req, kit_of(req), attached_free);
	kit_of(req)->later = req;
}

static void stream_closed(void *ctx)
{
	struct kit *kit = ctx;

	kit->closed++;
	kit->stream = NULL;
}

static void handle_stream(struct http_req *req)
{
	tell(req, http_header(req, "Last-Event-ID"));
	kit_of(req)->stream = http_stream_open(req, stream_closed, kit_of(req));
}

static void handle_asset(struct http_req *req)
{
	static const struct http_asset asset = {
		.type = "text/css", .etag = "\"abc\"", .plain = "plain", .plain_bytes = 5,
		.br = "bro", .br_bytes = 3, .gzip = "gzip", .gzip_bytes = 4, .immutable = true,
	};

	tell(req, "asset");
	http_reply_asset(req, &asset);
}

static void handle_page(struct http_req *req)
{
	static const struct http_asset page = {
		.type = "text/html", .etag = "\"page\"", .plain = "page", .plain_bytes = 4,
	};

	tell(req, "page");
	http_reply_asset(req, &page);
}

static const struct http_route routes[] = {
	{ "GET", "/", handle_hello, HTTP_PAGE, 0, "Says hello." },
	{ "GET", "/hello", handle_hello, 0, 0, "Says hello." },
	{ "GET", "/cases/{ticket}", handle_ticket, 0, 0, "One case." },
	{ "GET", "/cases/next", handle_hello, 0, 0, "The next case." },
	{ "POST", "/cases/{ticket}/notes/{n}", handle_note, 0, 0, "One note." },
	{ "DELETE", "/cases/{ticket}/notes/{n}", handle_note, 0, 0, "No note." },
	{ "POST", "/json", handle_json, HTTP_JSON, 1000, "Takes JSON." },
	{ "PUT", "/json", handle_json, HTTP_JSON, 200000, "Takes much JSON." },
	{ "POST", "/form", handle_form, HTTP_FORM, 1000, "Takes a form." },
	{ "GET", "/query", handle_query, HTTP_QUERY, 0, "Takes a query." },
	{ "POST", "/raw", handle_raw, 0, 100000, "Takes bytes." },
	{ "GET", "/cookie", handle_cookie, 0, 0, "Reads a cookie." },
	{ "GET", "/header", handle_header, 0, 0, "Reads a header." },
	{ "GET", "/big", handle_big, 0, 0, "Answers at length." },
	{ "GET", "/later", handle_later, 0, 0, "Answers later." },
	{ "GET", "/stream", handle_stream, 0, 0, "Answers for ever." },
	{ "GET", "/asset", handle_asset, 0, 0, "Static bytes." },
	{ "GET", "/page", handle_page, HTTP_PAGE, 0, "A static page." },
};

static bool guard(struct http_req *req, void *ctx)
{
	struct kit *kit = ctx;

	kit->guarded++;
	http_set(req, "Content-Security-Policy", "default-src 'self'");
	if (kit->refuse)
		http_error(req, 403, "forbidden", "Not you.");
	return !kit->refuse;
}

void kit_reopen(struct kit *kit)
{
	http_close(&kit->http);
	assert_int_equal(http_open(kit->loop, &kit->config, &kit->http), 0);
}

int kit_open(void **state)
{
	static const char *const names[] = { "portal.test", NULL };
	struct kit *kit = mem_new(sizeof(*kit));

	alarm(60);
	kit->now_ms = 1000000;
	clock_hold(1795416083000, kit->now_ms);
	kit->loop = loop_new();
	kit->config = (struct http_config){ .host = "127.0.0.1", .names = names, .routes = routes,
					    .route_count = ARRAY_LEN(routes), .guard = guard, .ctx = kit };
	kit_reopen(kit);
	*state = kit;
	return 0;
}

int kit_close(void **state)
{
	struct kit *kit = *state;

	http_close(&kit->http);
	loop_free(&kit->loop);
	buf_finish(&kit->seen);
	mem_free(&kit);
	clock_hold(-1, -1);
	return 0;
}

void kit_turn(struct kit *kit)
{
	assert_int_equal(loop_turn(kit->loop, 1), 0);
}

void kit_pass(struct kit *kit, int64_t ms)
{
	kit->now_ms += ms;
	clock_hold(1795416083000 + kit->now_ms, kit->now_ms);
	for (int i = 0; i < 5; i++)
		kit_turn(kit);
}

void client_open(struct kit *kit, struct client *client)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)http_port(kit->http)),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	*client = (struct client){ .fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) };
	assert_true(client->fd >= 0);
	assert_int_equal(connect(client->fd, (struct sockaddr *)&to, sizeof(to)), 0);
	/* Until it is accepted: its deadlines begin then. */
	for (int i = 0; i < 3; i++)
		kit_turn(kit);
}

void client_close(struct client *client)
{
	if (client->fd >= 0)
		close(client->fd);
	client->fd = -1;
	buf_finish(&client->in);
}

static void client_receive(struct client *client)
{
	char bytes[65536];
	ssize_t n;

	while ((n = recv(client->fd, bytes, sizeof(bytes), MSG_DONTWAIT)) > 0)
		buf_add(&client->in, bytes, (size_t)n);
	if (n == 0 || (n < 0 && errno != EAGAIN))
		client->ended = true;
}

void client_send(struct kit *kit, struct client *client, const void *bytes, size_t n)
{
	const char *p = bytes;

	for (int i = 0; n && i < TURNS_MAX; i++) {
		ssize_t sent = send(client->fd, p, n, MSG_DONTWAIT | MSG_NOSIGNAL);

		if (sent < 0 && errno != EAGAIN)
			return;
		if (sent > 0) {
			p += sent;
			n -= (size_t)sent;
		}
		kit_turn(kit);
	}
	/* Until it was read: what is timed from it begins before time passes. */
	for (int i = 0; i < 3; i++)
		kit_turn(kit);
}

void client_text(struct kit *kit, struct client *client, const char *text)
{
	client_send(kit, client, text, strlen(text));
}

/* Cuts one answer from what came in; false: not whole yet. */
static bool answer_cut(struct client *client, bool no_body, struct answer *out)
{
	static char text[1 << 20];
	char *end = client->in.data ? strstr(client->in.data, "\r\n\r\n") : NULL;
	size_t head, body = 0, whole;
	const char *length;

	if (!end)
		return false;
	head = (size_t)(end - client->in.data) + 4;
	assert_true(client->in.bytes < sizeof(text));
	memcpy(text, client->in.data, head);
	text[head - 2] = 0;
	*out = (struct answer){ .head = text };
	assert_int_equal(sscanf(text, "HTTP/1.1 %d ", &out->status), 1);
	length = header_of(*out, "Content-Length");
	if (length && !no_body && out->status != 304)
		body = strtoul(length, NULL, 10);
	whole = head + body;
	if (client->in.bytes < whole)
		return false;
	memcpy(text + head, client->in.data + head, body);
	text[whole] = 0;
	out->body = text + head;
	out->body_bytes = body;
	memmove(client->in.data, client->in.data + whole, client->in.bytes - whole + 1);
	client->in.bytes -= whole;
	return true;
}

static struct answer answer_wait(struct kit *kit, struct client *client, bool no_body)
{
	struct answer a = { .head = "", .body = "" };
	const char *connection;

	for (int i = 0; i < TURNS_MAX; i++) {
		client_receive(client);
		if (answer_cut(client, no_body, &a)) {
			connection = header_of(a, "Connection");
			if (connection && !strcasecmp(connection, "close"))
				a.ended = client_ends(kit, client);
			return a;
		}
		if (client->ended)
			return (struct answer){ .head = "", .body = "", .ended = true };
		kit_turn(kit);
	}
	fail_msg("no answer came");
	return a;
}

struct answer client_answer(struct kit *kit, struct client *client)
{
	return answer_wait(kit, client, false);
}

struct answer client_answer_without_body(struct kit *kit, struct client *client)
{
	return answer_wait(kit, client, true);
}

bool client_ends(struct kit *kit, struct client *client)
{
	for (int i = 0; i < SETTLED && !client->ended; i++) {
		kit_turn(kit);
		client_receive(client);
	}
	return client->ended;
}

bool client_sees(struct kit *kit, struct client *client, const char *text)
{
	for (int i = 0; i < TURNS_MAX; i++) {
		client_receive(client);
		if (client->in.data && strstr(client->in.data, text))
			return true;
		if (client->ended)
			return false;
		kit_turn(kit);
	}
	return false;
}

struct answer ask_bytes(struct kit *kit, const void *bytes, size_t n)
{
	struct client client;
	struct answer a;

	client_open(kit, &client);
	client_send(kit, &client, bytes, n);
	a = client_answer(kit, &client);
	client_close(&client);
	return a;
}

struct answer ask(struct kit *kit, const char *text)
{
	return ask_bytes(kit, text, strlen(text));
}

char *request(const struct kit *kit, const char *line, const char *headers, const char *body)
{
	struct buf b = { 0 };

	buf_format(&b, "%s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n%s", line, http_port(kit->http), headers ? headers : "");
	if (body)
		buf_format(&b, "Content-Length: %zu\r\n", strlen(body));
	buf_format(&b, "\r\n%s", body ? body : "");
	return b.data;
}

const char *header_of(struct answer answer, const char *name)
{
	static char value[512];
	size_t n = strlen(name);

	for (const char *line = strstr(answer.head, "\r\n"); line; line = strstr(line, "\r\n")) {
		line += 2;
		if (strncasecmp(line, name, n) || line[n] != ':')
			continue;
		snprintf(value, sizeof(value), "%.*s", (int)strcspn(line + n + 2, "\r"), line + n + 2);
		return value;
	}
	return NULL;
}

struct answer get(struct kit *kit, const char *line, const char *headers)
{
	AUTO(mem_free) char *text = request(kit, line, headers, NULL);

	return ask(kit, text);
}

struct answer post(struct kit *kit, const char *line, const char *type, const char *body)
{
	AUTO(mem_free) char *header = type ? mem_format("Content-Type: %s\r\n", type) : mem_text("");
	AUTO(mem_free) char *text = request(kit, line, header, body);

	return ask(kit, text);
}

static char *with_host(const struct kit *kit, const char *text)
{
	struct buf b = { 0 };
	const char *at;

	while ((at = strstr(text, "H@")) != NULL) {
		buf_add(&b, text, (size_t)(at - text));
		buf_format(&b, "Host: 127.0.0.1:%d", http_port(kit->http));
		text = at + 2;
	}
	buf_text(&b, text);
	return b.data;
}

/* The request gets this status and the connection ends; no handler ran. */
void refused(struct kit *kit, const char *text, int status)
{
	AUTO(mem_free) char *bytes = with_host(kit, text);
	struct answer a = ask(kit, bytes);

	if (a.status != status)
		fail_msg("%d instead of %d for: %s", a.status, status, text);
	if (!a.ended)
		fail_msg("the connection stays open after: %s", text);
	assert_int_equal(kit->handled, 0);
}
