/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opening and closing ZeroMQ sockets, with every option that bit us set in one table. Nothing else in the house
 * calls libzmq but its neighbours sock_*.c and the loop's poll. An endpoint is refused rather than opened
 * carelessly: ipc only in a directory nobody else can write, tcp only with CURVE, a CURVE server only with our ZAP
 * handler behind it. ZMQ_HEARTBEAT_* stays unset: with back-pressure and a killed peer it aborts the process.
 */
#include "sock.h"

#include "log.h"
#include "mem.h"
#include "sock_parts.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

enum { HWM = 256, LINGER_MS = 1000, BACKLOG = 512, HANDSHAKE_MS = 3000 };

static void *context;
static struct sock *all;
static char refusal[512];

struct option {
	int name, value;
};
static const struct option for_all[] = {
	{ ZMQ_LINGER, LINGER_MS },
	{ ZMQ_IPV6, 1 },
	{ ZMQ_SNDHWM, HWM },
	{ ZMQ_RCVHWM, HWM },
	{ ZMQ_BACKLOG, BACKLOG },
	{ ZMQ_HANDSHAKE_IVL, HANDSHAKE_MS },
	{ ZMQ_TCP_KEEPALIVE, 1 },
	{ ZMQ_TCP_KEEPALIVE_IDLE, 10 },
	{ ZMQ_TCP_KEEPALIVE_INTVL, 5 },
	{ ZMQ_TCP_KEEPALIVE_CNT, 3 },
	{ ZMQ_RECONNECT_IVL, 100 },
	{ ZMQ_RECONNECT_IVL_MAX, 2000 },
};
static const struct option for_router[] = { { ZMQ_ROUTER_MANDATORY, 1 }, { ZMQ_ROUTER_HANDOVER, 0 } };
static const struct option for_dealer[] = { { ZMQ_IMMEDIATE, 1 } };

static const struct kind {
	int type;
	const struct option *options;
	size_t count;
} kinds[] = {
	[SOCK_ROUTER] = { ZMQ_ROUTER, for_router, ARRAY_LEN(for_router) },
	[SOCK_DEALER] = { ZMQ_DEALER, for_dealer, ARRAY_LEN(for_dealer) },
	[SOCK_PUB] = { ZMQ_PUB, NULL, 0 },
	[SOCK_SUB] = { ZMQ_SUB, NULL, 0 },
};

int sock_refuse(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(refusal, sizeof(refusal), fmt, ap);
	va_end(ap);
	return SOCK_BAD_ADDRESS;
}

const char *sock_refusal(void)
{
	return refusal;
}

void *sock_context(void)
{
	sigset_t every, before;
	void *first;

	if (context)
		return context;
	/* libzmq starts its threads with the first socket: signals belong to our own thread alone. */
	sigfillset(&every);
	pthread_sigmask(SIG_SETMASK, &every, &before);
	context = zmq_ctx_new();
	first = context ? zmq_socket(context, ZMQ_PAIR) : NULL;
	if (first)
		zmq_close(first);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return context;
}

static int options_set(void *raw, const struct option *options, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (zmq_setsockopt(raw, options[i].name, &options[i].value, sizeof(options[i].value)))
			return -zmq_errno();
	return 0;
}

struct sock *sock_wrap(void *raw, enum sock_kind kind)
{
	struct sock *s = mem_new(sizeof(*s));

	s->raw = raw;
	s->kind = kind;
	s->lock_fd = -1;
	s->next = all;
	s->link = &all;
	if (all)
		all->link = &s->next;
	all = s;
	return s;
}

static int sock_open(enum sock_kind kind, struct sock **out)
{
	AUTO(sock_abandon) struct sock *s = NULL;
	const int64_t frame_bytes_max = SOCK_FRAME_BYTES_MAX;
	void *raw;
	int rc;

	raw = sock_context() ? zmq_socket(context, kinds[kind].type) : NULL;
	if (!raw)
		return -zmq_errno();
	s = sock_wrap(raw, kind);
	rc = options_set(raw, for_all, ARRAY_LEN(for_all));
	if (!rc)
		rc = options_set(raw, kinds[kind].options, kinds[kind].count);
	if (!rc && zmq_setsockopt(raw, ZMQ_MAXMSGSIZE, &frame_bytes_max, sizeof(frame_bytes_max)))
		rc = -zmq_errno();
	if (rc)
		return rc;
	*out = steal(&s);
	return 0;
}

/* The path of an ipc endpoint in *path; NULL for tcp. */
static int endpoint_check(const char *endpoint, const struct sock_curve *curve, bool binding, const char **path)
{
	*path = NULL;
	refusal[0] = 0;
	if (strlen(endpoint) >= sizeof(((struct sock *)NULL)->endpoint))
		return sock_refuse("The socket address is too long: at most 255 bytes.");
	if (!strncmp(endpoint, "ipc://", 6)) {
		*path = endpoint + 6;
		return sock_ipc_check(*path, binding);
	}
	if (strncmp(endpoint, "tcp://", 6))
		return sock_refuse("The socket address %s is neither ipc:///path nor tcp://host:port.", endpoint);
	if (!curve)
		return sock_refuse("The socket address %s is tcp without CURVE keys: give keys, or use ipc:///path.",
		                   endpoint);
	return 0;
}

static int endpoint_outcome(const char *endpoint, int error)
{
	if (error == EADDRINUSE) {
		sock_refuse("%s is taken by another process.", endpoint);
		return SOCK_ADDRESS_TAKEN;
	}
	if (error == EINVAL || error == ENODEV || error == EADDRNOTAVAIL)
		return sock_refuse("%s is not an address of this machine: ipc:///path or tcp://host:port.", endpoint);
	return -error;
}

static void endpoint_keep(struct sock *s)
{
	size_t room = sizeof(s->endpoint);

	if (zmq_getsockopt(s->raw, ZMQ_LAST_ENDPOINT, s->endpoint, &room))
		s->endpoint[0] = 0;
}

/* libzmq would unlink whatever lies at the path and remove it late, from another thread: we do both ourselves. */
static int ipc_bind(struct sock *s, const char *endpoint, const char *path)
{
	int fd = -1;
	int rc = sock_ipc_listen(path, &fd, &s->lock_fd);

	if (rc)
		return rc;
	s->path = mem_text(path);
	if (zmq_setsockopt(s->raw, ZMQ_USE_FD, &fd, sizeof(fd)) || zmq_bind(s->raw, endpoint)) {
		rc = -zmq_errno();
		close(fd);
	}
	return rc;
}

static int tcp_bind(struct sock *s, const char *endpoint)
{
	return zmq_bind(s->raw, endpoint) ? endpoint_outcome(endpoint, zmq_errno()) : 0;
}

static int bind_in(enum sock_kind kind, const char *endpoint, const char *domain, const struct sock_curve *curve,
                   struct sock **out)
{
	AUTO(sock_abandon) struct sock *s = NULL;
	const char *path;
	int rc = endpoint_check(endpoint, curve, true, &path);

	if (!rc)
		rc = sock_open(kind, &s);
	if (!rc && curve)
		rc = sock_curve_apply(s->raw, curve, domain);
	if (!rc)
		rc = path ? ipc_bind(s, endpoint, path) : tcp_bind(s, endpoint);
	if (rc)
		return rc;
	endpoint_keep(s);
	*out = steal(&s);
	return 0;
}

int sock_bind(enum sock_kind kind, const char *endpoint, const struct sock_curve *curve, struct sock **out)
{
	return bind_in(kind, endpoint, "", curve, out);
}

int sock_bind_role(const char *endpoint, const char *role, const struct sock_curve *curve, struct sock **out)
{
	return bind_in(SOCK_ROUTER, endpoint, role, curve, out);
}

static int news_open(struct sock *s)
{
	static unsigned int number;
	char name[32];
	void *raw;

	snprintf(name, sizeof(name), "inproc://news-%u", number++);
	if (zmq_socket_monitor(s->raw, name,
	                       ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
	                               ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH |
	                               ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_CLOSED))
		return -zmq_errno();
	raw = zmq_socket(sock_context(), ZMQ_PAIR);
	if (!raw)
		return -zmq_errno();
	s->news = sock_wrap(raw, SOCK_SUB);
	return zmq_connect(raw, name) ? -zmq_errno() : 0;
}

static int connect_in(enum sock_kind kind, const char *endpoint, const struct sock_curve *curve, bool once,
                      struct sock **out)
{
	static const struct option never_again = { ZMQ_RECONNECT_IVL, -1 };
	AUTO(sock_abandon) struct sock *s = NULL;
	const char *path;
	int rc = endpoint_check(endpoint, curve, false, &path);

	if (!rc)
		rc = sock_open(kind, &s);
	if (!rc && curve)
		rc = sock_curve_apply(s->raw, curve, NULL);
	if (!rc && once)
		rc = options_set(s->raw, &never_again, 1);
	if (!rc && once)
		rc = news_open(s);
	if (!rc && zmq_connect(s->raw, endpoint))
		rc = endpoint_outcome(endpoint, zmq_errno());
	if (rc)
		return rc;
	endpoint_keep(s);
	*out = steal(&s);
	return 0;
}

int sock_connect(enum sock_kind kind, const char *endpoint, const struct sock_curve *curve, struct sock **out)
{
	return connect_in(kind, endpoint, curve, false, out);
}

int sock_connect_once(const char *endpoint, const struct sock_curve *curve, struct sock **out)
{
	return connect_in(SOCK_DEALER, endpoint, curve, true, out);
}

int sock_subscribe(struct sock *sock, const char *prefix)
{
	return zmq_setsockopt(sock->raw, ZMQ_SUBSCRIBE, prefix, strlen(prefix)) ? -zmq_errno() : 0;
}

static void raw_close(struct sock *s)
{
	if (!s->raw)
		return;
	if (s->news) {
		zmq_socket_monitor(s->raw, NULL, 0);
		raw_close(s->news);
	}
	if (s->path)
		sock_ipc_remove(s->path, s->lock_fd);
	s->lock_fd = -1;
	zmq_close(s->raw);
	s->raw = NULL;
}

void sock_close(struct sock **sock)
{
	struct sock *s = steal(sock);

	if (!s)
		return;
	raw_close(s);
	sock_close(&s->news);
	*s->link = s->next;
	if (s->next)
		s->next->link = s->link;
	mem_free(&s->path);
	mem_free(&s);
}

void sock_abandon(struct sock **sock)
{
	static const struct option at_once = { ZMQ_LINGER, 0 };

	if (*sock && (*sock)->raw)
		(void)options_set((*sock)->raw, &at_once, 1);
	sock_close(sock);
}

void sock_end(void)
{
	if (!context)
		return;
	for (struct sock *s = all; s; s = s->next)
		raw_close(s);
	zmq_ctx_shutdown(context);
	sock_zap_join();
	while (zmq_ctx_term(context) && zmq_errno() == EINTR)
		;
	context = NULL;
}

const char *sock_endpoint(const struct sock *sock)
{
	return sock->endpoint;
}

void *sock_raw(struct sock *sock)
{
	return sock->raw;
}

struct sock *sock_news(struct sock *sock)
{
	assert(sock->news);
	return sock->news;
}
