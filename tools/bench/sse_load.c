/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Event streams: opens as many as asked with one session, says so ("open N"), and then, for each line on standard input, waits until
 * every stream has got something new and says how long that took from the line on. For S9.
 *
 *   sse_load --port N --cookie "qt=…" [--streams 10000]
 */
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { EVENTS = 512, AT_ONCE = 64, PATIENCE_MS = 10000, SETTLE_MS = 300 };

struct stream { int fd; unsigned round; };

static struct stream *streams;
static size_t opened, wanted;
static int epoll_fd;

static void files_allowed(size_t n)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur < n + 64)
		load_die("%zu streams need as many open files; this machine allows %llu.", n, (unsigned long long)limit.rlim_cur);
}

static void stream_open(struct stream *s, int port, const char *cookie)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr = { htonl(INADDR_LOOPBACK) } };
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = s };
	char request[1024];
	int n = snprintf(request, sizeof(request), "GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nCookie: %s\r\n"
	                 "Accept: text/event-stream\r\n\r\n", port, cookie);

	s->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (s->fd < 0 || connect(s->fd, (struct sockaddr *)&at, sizeof(at)) || write(s->fd, request, (size_t)n) != n)
		load_die("Stream %zu could not be opened: %s.", opened, strerror(errno));
	fcntl(s->fd, F_SETFL, O_NONBLOCK);
	if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, s->fd, &event))
		load_die("A stream cannot be watched: %s.", strerror(errno));
	opened++;
}

/* Reads what there is; only lines that are no comment (a beat) count as news. */
static bool stream_hear(struct stream *s)
{
	static char text[65536];
	bool news = false;
	ssize_t got;

	while ((got = read(s->fd, text, sizeof(text) - 1)) > 0) {
		text[got] = 0;
		if (!strncmp(text, "HTTP/1.1 ", 9) && strncmp(text + 9, "200", 3))
			load_die("A stream was refused: %.60s", text);
		news = news || strstr(text, "event:");
	}
	if (!got || errno != EAGAIN)
		load_die("A stream ended.");
	return news;
}

/* Waits until `need` streams have had news in this round, or it has been quiet for quiet_ms. Gives how many had. */
static size_t listen_for(unsigned round, size_t need, int quiet_ms, struct took *took)
{
	struct epoll_event ready[EVENTS];
	double since = load_now();
	size_t had = 0;
	int n;

	while (had < need && (n = epoll_wait(epoll_fd, ready, EVENTS, quiet_ms)) > 0)
		for (int i = 0; i < n; i++) {
			struct stream *s = ready[i].data.ptr;

			if (!stream_hear(s) || s->round == round)
				continue;
			s->round = round;
			had++;
			if (took)
				took_add(took, load_now() - since);
		}
	return had;
}

int main(int argc, char **argv)
{
	const char *cookie = load_text(argc, argv, "--cookie", NULL);
	int port = (int)load_number(argc, argv, "--port", 0);
	char line[64];

	wanted = (size_t)load_number(argc, argv, "--streams", 10000);
	if (!cookie || !port || !wanted)
		load_die("sse_load --port N --cookie \"qt=…\" [--streams N]");
	files_allowed(wanted);
	streams = calloc(wanted, sizeof(*streams));
	epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (!streams || epoll_fd < 0)
		load_die("There is no memory for the streams.");
	while (opened < wanted) {
		for (size_t i = 0; i < AT_ONCE && opened < wanted; i++)
			stream_open(&streams[opened], port, cookie);
		listen_for(0, 0, 0, NULL);
	}
	listen_for(0, (size_t)-1, SETTLE_MS, NULL); /* the greetings */
	printf("open %zu\n", opened);
	fflush(stdout);
	for (unsigned round = 1; fgets(line, sizeof(line), stdin); round++) {
		struct took took = { .began = load_now() };

		if (listen_for(round, opened, PATIENCE_MS, &took) < opened)
			took.errors = opened - took.count;
		listen_for(round, (size_t)-1, SETTLE_MS, NULL); /* what follows belongs to the same submit */
		took_print(&took);
		fflush(stdout);
	}
	return 0;
}
