/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One line to a router. A DEALER matches answers to requests by their order alone, which holds for one connection
 * and no longer; so a socket here has one connection, and when that is gone (libzmq's own events tell, at once,
 * also on a router that was killed) the socket goes with it. A router that is merely slow keeps its connection and
 * is left in peace.
 */
#include "bus_line.h"

#include "clock.h"
#include "log.h"
#include "mem.h"

#include <string.h>
#include <sys/random.h>

enum { WAIT_FIRST_MS = 100, WAIT_MOST_MS = 2000, CONNECT_MS = 5000, READ_AT_ONCE = 256 };

struct bus_line {
	struct loop *loop;
	char *endpoint;
	struct sock_curve curve;
	bool with_curve, up;
	const struct bus_line_owner *owner;
	void *ctx;
	struct sock *sock; /* NULL while waiting to open another */
	struct watch *messages, *news;
	struct timer *timer; /* to open another, or to give up connecting */
	int64_t wait_ms, heard_at;
};

static void line_wait(struct bus_line *line);

static int64_t jittered(int64_t ms)
{
	uint32_t r = 0;

	if (getrandom(&r, sizeof(r), GRND_NONBLOCK) != sizeof(r))
		r = (uint32_t)clock_mono_ms();
	return ms / 2 + (int64_t)(r % (uint32_t)(ms / 2 + 1));
}

static void line_lost(struct bus_line *line)
{
	bool was_up = line->up;

	bus_line_drop(line, false);
	if (was_up)
		log_info("bus_line_down", "heard_ms_ago=%lld", (long long)(clock_mono_ms() - line->heard_at));
	line->owner->down(line->ctx);
}

static void line_late(void *ctx)
{
	struct bus_line *line = ctx;

	line->timer = NULL;
	line_lost(line);
}

static void line_is_up(struct bus_line *line)
{
	line->up = true;
	line->heard_at = clock_mono_ms();
	loop_cancel(line->loop, &line->timer);
	line->owner->up(line->ctx);
}

/* False when there was nothing to read. The owner may drop the socket in the middle of it. */
static bool line_read(struct bus_line *line)
{
	const struct sock *now = line->sock;
	struct msg m = { 0 };
	int i;

	for (i = 0; i < READ_AT_ONCE && line->sock == now; i++) {
		int rc = sock_receive(line->sock, &m);

		if (rc == SOCK_EMPTY)
			break;
		if (rc < 0) {
			log_error("bus_receive", "errno=%d", -rc);
			line_lost(line);
			break;
		}
		line->heard_at = clock_mono_ms();
		line->owner->message(rc ? NULL : &m, line->ctx);
	}
	msg_clear(&m);
	return i > 0;
}

void bus_line_receive(struct bus_line *line)
{
	if (line->sock)
		(void)line_read(line);
}

static void on_message(void *ctx)
{
	bus_line_receive(ctx);
}

static void on_news(void *ctx)
{
	struct bus_line *line = ctx;
	const struct sock *now = line->sock;
	enum sock_news_kind news;

	while (line->sock == now && (news = sock_news_next(line->sock)) != SOCK_NEWS_NONE) {
		if (news == SOCK_NEWS_UP) {
			line_is_up(line);
			continue;
		}
		/* What came before the end counts. libzmq may have lost it with the connection; then it is asked again. */
		while (line->sock == now && line_read(line))
			;
		if (line->sock == now)
			line_lost(line);
	}
}

static int line_connect(struct bus_line *line)
{
	int rc = sock_connect_once(line->endpoint, line->with_curve ? &line->curve : NULL, &line->sock);

	if (rc)
		return rc;
	line->news = loop_sock(line->loop, sock_news(line->sock), on_news, line);
	line->messages = loop_sock(line->loop, line->sock, on_message, line);
	line->timer = loop_after(line->loop, CONNECT_MS, line_late, line);
	return 0;
}

static void line_again(void *ctx)
{
	struct bus_line *line = ctx;
	int rc;

	line->timer = NULL;
	rc = line_connect(line);
	if (!rc)
		return;
	log_warn("bus_connect", "outcome=%d", rc);
	line_wait(line);
}

static void line_wait(struct bus_line *line)
{
	line->timer = loop_after(line->loop, jittered(line->wait_ms), line_again, line);
	line->wait_ms = line->wait_ms * 2 > WAIT_MOST_MS ? WAIT_MOST_MS : line->wait_ms * 2;
}

static void line_hang_up(struct bus_line *line, bool flush)
{
	line->up = false;
	loop_cancel(line->loop, &line->timer);
	loop_unwatch(line->loop, &line->news);
	loop_unwatch(line->loop, &line->messages);
	if (flush)
		sock_close(&line->sock);
	else
		sock_abandon(&line->sock);
}

void bus_line_drop(struct bus_line *line, bool flush)
{
	if (!line->sock)
		return;
	line_hang_up(line, flush);
	line_wait(line);
}

int bus_line_open(struct loop *loop, const char *endpoint, const struct sock_curve *curve,
                  const struct bus_line_owner *owner, void *ctx, struct bus_line **out)
{
	AUTO(bus_line_close) struct bus_line *line = mem_new(sizeof(*line));
	int rc;

	line->loop = loop;
	line->endpoint = mem_text(endpoint);
	line->with_curve = curve != NULL;
	if (curve)
		line->curve = *curve;
	line->owner = owner;
	line->ctx = ctx;
	line->wait_ms = WAIT_FIRST_MS;
	rc = line_connect(line);
	if (rc)
		return rc;
	*out = steal(&line);
	return 0;
}

void bus_line_close(struct bus_line **out)
{
	struct bus_line *line = steal(out);

	if (!line)
		return;
	line_hang_up(line, true);
	explicit_bzero(&line->curve, sizeof(line->curve));
	mem_free(&line->endpoint);
	mem_free(&line);
}

bool bus_line_is_up(const struct bus_line *line)
{
	return line->up;
}

int64_t bus_line_heard_at(const struct bus_line *line)
{
	return line->heard_at;
}

int bus_line_send(struct bus_line *line, struct msg *m)
{
	int rc = line->up ? sock_send(line->sock, m) : SOCK_GONE;

	if (rc >= 0)
		return rc;
	log_error("bus_send", "errno=%d", -rc);
	return SOCK_GONE;
}

void bus_line_healthy(struct bus_line *line)
{
	line->wait_ms = WAIT_FIRST_MS;
}
