/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A load generator over keep-alive connections in one epoll loop: GETs of a path, submits to the portal's JSON API, or the puts of
 * beanstalkd and Redis. One request in flight a connection; prints one line of JSON.
 *
 *   http_load --port N [--connections 64] [--count 10000] [--rate N a second]
 *             --get PATH | --submit BYTES of text | --put BYTES (beanstalkd) | --set BYTES (Redis)
 */
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

enum { REQUEST_ROOM = 64 * 1024, ANSWER_ROOM = 256 * 1024, CONNECTIONS_MAX = 4096, EVENTS = 256, TEXT_MAX = 48 * 1024 };

struct line {
	int fd;
	double since; /* when the request was due; 0 idle */
	size_t in;    /* bytes of the answer so far */
	char answer[ANSWER_ROOM];
};
struct shape {
	const char *option;
	size_t (*write)(char *out, size_t room, const char *argument);
	/* Bytes of a whole answer, 0: not whole yet. */
	size_t (*whole)(const char *answer, size_t n, bool *fine);
};

static struct line *lines;
static struct took took;
static int epoll_fd, port;
static unsigned long serial;
static uint64_t run; /* keys of one run are not those of another */

/* ---- requests and answers ---- */

/* Words of our own, as long as asked, with a number so that no two are the same. */
static const char *words(size_t bytes)
{
	static const char text[] = "最近晚上总是睡不好，白天上课也没有精神，和家里人说不到几句就要吵起来。我想找个人说说，不知道怎么开口。";
	static char out[TEXT_MAX + 1];
	size_t n = (size_t)snprintf(out, sizeof(out), "%lu ", serial);

	if (bytes > TEXT_MAX)
		load_die("A text has at most %d bytes.", TEXT_MAX);
	for (; n + sizeof(text) - 1 <= bytes; n += sizeof(text) - 1)
		memcpy(out + n, text, sizeof(text) - 1);
	for (; n < bytes; n++)
		out[n] = '.';
	out[n] = 0;
	return out;
}

static size_t get_write(char *out, size_t room, const char *path)
{
	return (size_t)snprintf(out, room, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAccept-Encoding: br, gzip\r\n\r\n", path, port);
}

static size_t submit_write(char *out, size_t room, const char *bytes)
{
	static const char *const desks[] = { "psych", "legal", "social", "unsure" };
	static char body[REQUEST_ROOM / 2 + TEXT_MAX / 2];
	int n = snprintf(body, sizeof(body), "{\"text\":\"%s\",\"desk\":\"%s\",\"age_band\":\"14-17\",\"gender\":\"unsaid\",\"region\":\"450103\","
	                 "\"relation\":\"self\",\"self_harm\":\"no\",\"lang\":\"zh-CN\"}", words((size_t)atol(bytes)), desks[serial % 4]);

	return (size_t)snprintf(out, room, "POST /api/v1/requests HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\n"
	                        "Idempotency-Key: bench-%016llx-%08lu\r\nContent-Length: %d\r\n\r\n%s", port, (unsigned long long)run,
	                        serial, n, body);
}

static size_t http_whole(const char *answer, size_t n, bool *fine)
{
	const char *end = memmem(answer, n, "\r\n\r\n", 4), *length;
	size_t head, body = 0;

	if (!end)
		return 0;
	head = (size_t)(end - answer) + 4;
	length = memmem(answer, head, "\r\nContent-Length:", 17);
	if (length)
		body = strtoul(length + 17, NULL, 10);
	*fine = n > 9 && answer[9] == '2';
	return n >= head + body ? head + body : 0;
}

static size_t put_write(char *out, size_t room, const char *bytes)
{
	return (size_t)snprintf(out, room, "put 0 0 60 %s\r\n%s\r\n", bytes, words((size_t)atol(bytes)));
}

static size_t set_write(char *out, size_t room, const char *bytes)
{
	return (size_t)snprintf(out, room, "*3\r\n$3\r\nSET\r\n$8\r\n%08lu\r\n$%s\r\n%s\r\n", serial % 100000000, bytes,
	                        words((size_t)atol(bytes)));
}

static size_t line_whole(const char *answer, size_t n, bool *fine)
{
	*fine = !strncmp(answer, "INSERTED", 8) || !strncmp(answer, "+OK", 3);
	return n >= 2 && answer[n - 1] == '\n' ? n : 0;
}

static const struct shape shapes[] = {
	{ "--get", get_write, http_whole },
	{ "--submit", submit_write, http_whole },
	{ "--put", put_write, line_whole },
	{ "--set", set_write, line_whole },
};

/* ---- lines ---- */

static void line_open(struct line *l)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr = { htonl(INADDR_LOOPBACK) } };
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = l };
	int on = 1;

	l->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (l->fd < 0 || connect(l->fd, (struct sockaddr *)&at, sizeof(at)))
		load_die("Port %d cannot be reached: %s.", port, strerror(errno));
	setsockopt(l->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, l->fd, &event))
		load_die("The connection cannot be watched: %s.", strerror(errno));
}

static void line_ask(struct line *l, const struct shape *shape, const char *argument, double due)
{
	static char request[REQUEST_ROOM + TEXT_MAX];
	size_t n, sent = 0;

	serial++;
	n = shape->write(request, sizeof(request), argument);
	l->since = due;
	while (sent < n) {
		ssize_t w = send(l->fd, request + sent, n - sent, MSG_NOSIGNAL);

		if (w < 0 && errno != EINTR)
			load_die("A request could not be sent: %s.", strerror(errno));
		sent += w > 0 ? (size_t)w : 0;
	}
}

/* True when an answer is whole. */
static bool line_hear(struct line *l, const struct shape *shape)
{
	ssize_t got = recv(l->fd, l->answer + l->in, sizeof(l->answer) - 1 - l->in, 0);
	bool fine = false;

	if (got <= 0)
		load_die("A connection was closed after %zu answers.", took.count);
	l->in += (size_t)got;
	l->answer[l->in] = 0;
	if (!shape->whole(l->answer, l->in, &fine))
		return false;
	if (!fine && !took.errors++)
		fprintf(stderr, "first refusal: %.200s\n", l->answer);
	took_add(&took, load_now() - l->since);
	l->since = 0;
	l->in = 0;
	return true;
}

/* ---- the run ---- */

struct plan { const struct shape *shape; const char *argument; size_t connections, count; double gap; };

/* As fast as the answers come. */
static void run_closed(const struct plan *p)
{
	struct epoll_event ready[EVENTS];
	size_t asked = 0;

	for (; asked < p->connections && asked < p->count; asked++)
		line_ask(&lines[asked], p->shape, p->argument, load_now());
	while (took.count < p->count) {
		int n = epoll_wait(epoll_fd, ready, EVENTS, -1);

		for (int i = 0; i < n; i++)
			if (line_hear(ready[i].data.ptr, p->shape) && asked < p->count) {
				asked++;
				line_ask(ready[i].data.ptr, p->shape, p->argument, load_now());
			}
	}
}

/* At a steady rate, whatever the answers do: a late answer counts from when its request was due. */
static void run_open(const struct plan *p)
{
	struct epoll_event ready[EVENTS];
	double due = load_now();
	size_t asked = 0, next = 0;

	while (took.count < p->count) {
		double now = load_now();
		int n;

		while (asked < p->count && due <= now && next < p->connections) {
			for (next = 0; next < p->connections && lines[next].since > 0;)
				next++;
			if (next == p->connections)
				break;
			line_ask(&lines[next], p->shape, p->argument, due);
			due += p->gap;
			asked++;
		}
		n = epoll_wait(epoll_fd, ready, EVENTS, asked < p->count && due > now ? (int)((due - now) * 1e3) : 1);
		for (int i = 0; i < n; i++)
			if (line_hear(ready[i].data.ptr, p->shape))
				next = 0;
	}
}

int main(int argc, char **argv)
{
	struct plan p = { .connections = (size_t)load_number(argc, argv, "--connections", 64),
		          .count = (size_t)load_number(argc, argv, "--count", 10000) };
	long rate = load_number(argc, argv, "--rate", 0);

	port = (int)load_number(argc, argv, "--port", 0);
	for (size_t i = 0; i < sizeof(shapes) / sizeof(*shapes) && !p.argument; i++) {
		p.shape = &shapes[i];
		p.argument = load_text(argc, argv, shapes[i].option, NULL);
	}
	if (!p.argument || !port || p.connections < 1 || p.connections > CONNECTIONS_MAX)
		load_die("http_load --port N [--connections N] [--count N] [--rate N] --get PATH | --submit BYTES | --put BYTES | --set BYTES");
	if (getrandom(&run, sizeof(run), 0) != sizeof(run))
		load_die("There is no randomness.");
	lines = calloc(p.connections, sizeof(*lines));
	epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (!lines || epoll_fd < 0)
		load_die("There is no memory for the connections.");
	for (size_t i = 0; i < p.connections; i++)
		line_open(&lines[i]);
	took.began = load_now();
	if (rate > 0) {
		p.gap = 1.0 / (double)rate;
		run_open(&p);
	} else {
		run_closed(&p);
	}
	took_print(&took);
	return 0;
}
