/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The listening socket of an HTTP door. We make it, not libmicrohttpd, so that a taken port and a wrong address can
 * be told apart in the sentence an operator reads. Called by http.c.
 */
#include "http_impl.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

union address {
	struct sockaddr any;
	struct sockaddr_in four;
	struct sockaddr_in6 six;
};

static socklen_t address_read(const char *host, int port, union address *out)
{
	memset(out, 0, sizeof(*out));
	if (inet_pton(AF_INET, host, &out->four.sin_addr) == 1) {
		out->four.sin_family = AF_INET;
		out->four.sin_port = htons((uint16_t)port);
		return sizeof(out->four);
	}
	if (inet_pton(AF_INET6, host, &out->six.sin6_addr) == 1) {
		out->six.sin6_family = AF_INET6;
		out->six.sin6_port = htons((uint16_t)port);
		return sizeof(out->six);
	}
	return 0;
}

static int listen_fault(int fault)
{
	if (fault == EADDRINUSE)
		return HTTP_PORT_TAKEN;
	return fault == EADDRNOTAVAIL || fault == EAFNOSUPPORT ? HTTP_BAD_ADDRESS : -fault;
}

int http_listen(struct http *http)
{
	union address address;
	socklen_t n = address_read(http->config.host, http->config.port, &address);
	int on = 1;

	if (!n || http->config.port < 0 || http->config.port > 65535)
		return HTTP_BAD_ADDRESS;
	http->listen_fd = socket(address.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (http->listen_fd < 0)
		return listen_fault(errno);
	setsockopt(http->listen_fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (address.any.sa_family == AF_INET6)
		setsockopt(http->listen_fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	if (bind(http->listen_fd, &address.any, n) < 0 || listen(http->listen_fd, HTTP_BACKLOG) < 0 ||
	    getsockname(http->listen_fd, &address.any, &n) < 0)
		return listen_fault(errno);
	http->port = ntohs(address.any.sa_family == AF_INET6 ? address.six.sin6_port : address.four.sin_port);
	return 0;
}
