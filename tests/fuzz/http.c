/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes on a connection of the HTTP door, through libmicrohttpd to the handler. A second parser, strict and small (RFC 9112), reads the
 * same bytes: what reaches a handler must be a request it has seen too, in that order, with that path and that body. So nothing that
 * hides behind another request is ever served.
 */
#include "fuzz.h"

#include "http_impl.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { REQUESTS_MAX = 64, TURNS_MAX = 400, BODY_MAX = 512 };

struct seen {
	char *path, *body;
	size_t bytes;
};
static struct seen served[REQUESTS_MAX], strict[REQUESTS_MAX];
static size_t served_count, strict_count;
static struct loop *loop;
static struct http *http;

static void note(struct seen *list, size_t *count, const char *path, size_t path_bytes, const void *body, size_t bytes)
{
	if (*count < REQUESTS_MAX)
		list[(*count)++] = (struct seen){ mem_copy(path, path_bytes), mem_copy(body, bytes), bytes };
}

static void forget(struct seen *list, size_t *count)
{
	for (size_t i = 0; i < *count; i++) {
		mem_free(&list[i].path);
		mem_free(&list[i].body);
	}
	*count = 0;
}

static void handle(struct http_req *req)
{
	size_t n = 0;
	const char *body = http_body(req, &n);

	note(served, &served_count, http_path(req), strlen(http_path(req)), body ? body : "", n);
	FUZZ_MUST(!http_header(req, "Transfer-Encoding"));
	http_query(req, "a");
	http_field(req, "text");
	FUZZ_MUST(!strchr(http_route(req)->path, '{') || *http_param(req, "name"));
	http_reply(req, 200, "text/plain", "ok\n", 3);
}

static void handle_json(struct http_req *req)
{
	const char *value = NULL, *body;
	size_t n = 0;

	FUZZ_MUST(http_cookie(req, "qt", &value) || value);
	body = http_body(req, &n);
	note(served, &served_count, http_path(req), strlen(http_path(req)), body ? body : "", n);
	if (http_json(req)) /* else it has answered */
		http_reply(req, 200, "text/plain", "ok\n", 3);
}

static const struct http_route routes[] = {
	{ "GET", "/", handle, HTTP_QUERY, 0, "Start." },
	{ "POST", "/form", handle, HTTP_FORM, BODY_MAX, "A form." },
	{ "POST", "/json", handle_json, HTTP_JSON, BODY_MAX, "JSON." },
	{ "GET", "/x/{name}", handle, 0, 0, "A name." },
	{ "PUT", "/raw", handle, 0, BODY_MAX, "Bytes." },
};

static void make(void)
{
	static const char *const names[] = { "h", NULL };
	struct http_config config = { .host = "127.0.0.1", .names = names, .routes = routes, .route_count = ARRAY_LEN(routes) };

	loop = loop_new();
	FUZZ_MUST(http_open(loop, &config, &http) == 0);
}

/* ---- the strict parser */

static bool is_token(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!s[i] || !strchr("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", s[i]))
			return false;
	return n > 0;
}

static bool is_target(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((uint8_t)s[i] <= 0x20 || (uint8_t)s[i] >= 0x7f)
			return false;
	return n > 0 && *s == '/';
}

/* One line up to CR LF, both gone; NULL when there is none or a CR, LF or NUL stands in it. NUL LF passes for CR LF, see http_parse.c. */
static const char *line(struct fuzz *in, size_t *n)
{
	const char *s = (const char *)in->at, *end = in->left ? memchr(s, '\n', in->left) : NULL;

	if (!end || end == s || (end[-1] != '\r' && end[-1]))
		return NULL;
	*n = (size_t)(end - 1 - s);
	in->at += *n + 2;
	in->left -= *n + 2;
	return memchr(s, '\r', *n) || memchr(s, 0, *n) ? NULL : s;
}

struct head {
	const char *path;
	size_t path_bytes, length;
	int hosts, lengths;
};

/* Empty lines before a request are lawful (section 2.2), bare ones harmless; the library takes a line that begins with NUL for one. */
static void skip_nothing(struct fuzz *in)
{
	while (in->left && (*in->at == '\n' || !*in->at)) {
		const uint8_t *end = memchr(in->at, '\n', in->left);

		in->left = end ? in->left - (size_t)(end + 1 - in->at) : 0;
		in->at = end ? end + 1 : in->at;
	}
}

static bool read_request_line(struct fuzz *in, struct head *head)
{
	const char *s, *space, *second;
	size_t n;

	skip_nothing(in);
	s = line(in, &n);
	if (s && !n)
		return read_request_line(in, head);
	space = s ? memchr(s, ' ', n) : NULL;
	second = space ? memchr(space + 1, ' ', n - (size_t)(space + 1 - s)) : NULL;
	if (!second || !is_token(s, (size_t)(space - s)) || !is_target(space + 1, (size_t)(second - space - 1)))
		return false;
	n -= (size_t)(second + 1 - s);
	if (n != 8 || (memcmp(second + 1, "HTTP/1.1", 8) && memcmp(second + 1, "HTTP/1.0", 8)))
		return false;
	head->path = space + 1;
	head->path_bytes = strcspn(head->path, "? ");
	return true;
}

static bool read_header(const char *s, size_t n, struct head *head)
{
	const char *colon = memchr(s, ':', n), *value;
	size_t name = colon ? (size_t)(colon - s) : 0, digits = 0;

	if (!colon || !is_token(s, name))
		return false;
	for (value = colon + 1, n -= name + 1; n && strchr(" \t", *value); value++)
		n--;
	for (; n && strchr(" \t", value[n - 1]); n--)
		;
	if (name == 17 && !strncasecmp(s, "transfer-encoding", name))
		return false;
	head->hosts += name == 4 && !strncasecmp(s, "host", name);
	if (name != 14 || strncasecmp(s, "content-length", name))
		return true;
	head->length = 0;
	for (; digits < n && value[digits] >= '0' && value[digits] <= '9'; digits++)
		head->length = head->length * 10 + (size_t)(value[digits] - '0');
	return ++head->lengths == 1 && digits == n && n && n < 10;
}

/* A line of a colon and LF ends the headers, as in http_parse.c. */
static bool ends_early(struct fuzz *in)
{
	if (in->left < 2 || memcmp(in->at, ":\n", 2))
		return false;
	in->at += 2;
	in->left -= 2;
	return true;
}

static bool read_strictly(struct fuzz *in)
{
	struct head head = { 0 };
	const char *s = "";
	size_t n;

	if (!read_request_line(in, &head))
		return false;
	while (!ends_early(in) && (s = line(in, &n)) && n)
		if (!read_header(s, n, &head))
			return false;
	if (!s || head.hosts != 1 || head.length > in->left)
		return false;
	note(strict, &strict_count, head.path, head.path_bytes, in->at, head.length);
	in->at += head.length;
	in->left -= head.length;
	return true;
}

/* ---- */

static void talk(const uint8_t *data, size_t bytes)
{
	struct sockaddr_in from = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	char answer[4096];
	bool open = true;
	int ends[2];
	size_t sent = 0;

	FUZZ_MUST(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) == 0);
	FUZZ_MUST(MHD_add_connection(http->daemon, ends[0], (struct sockaddr *)&from, sizeof(from)) == MHD_YES);
	http_soon(http);
	for (int turn = 0; turn < TURNS_MAX && (open || http->connections); turn++) {
		ssize_t n = sent < bytes ? send(ends[1], data + sent, bytes - sent, MSG_NOSIGNAL) : -1;

		sent = n > 0 ? sent + (size_t)n : n < 0 && errno != EAGAIN ? bytes : sent;
		if (sent == bytes && open)
			shutdown(ends[1], SHUT_WR);
		FUZZ_MUST(loop_turn(loop, 0) == 0);
		while (open && (n = recv(ends[1], answer, sizeof(answer), 0)) >= 0)
			open = n > 0;
	}
	close(ends[1]);
	for (int turn = 0; turn < TURNS_MAX && (http->connections || http->lingering); turn++)
		FUZZ_MUST(loop_turn(loop, 0) == 0);
	FUZZ_MUST(!http->connections);
}

static void look(void)
{
	size_t at = 0;

	for (size_t i = 0; i < served_count; i++, at++) {
		for (; at < strict_count && (strcmp(strict[at].path, served[i].path) || strict[at].bytes != served[i].bytes ||
		                             memcmp(strict[at].body, served[i].body, served[i].bytes));
		     at++)
			;
		FUZZ_MUST(at < strict_count);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	struct fuzz in = { data, bytes };

	if (!http)
		make();
	talk(data, bytes);
	while (strict_count < REQUESTS_MAX && read_strictly(&in))
		;
	if (strict_count < REQUESTS_MAX)
		look();
	forget(served, &served_count);
	forget(strict, &strict_count);
	return 0;
}
