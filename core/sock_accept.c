/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Out of descriptors, libzmq 4.3.4 aborts the whole process when it accepts on an ipc socket (errno_assert in its listener).
 * One peer that leaks connections could so end the router again and again. libzmq offers no hook, but it calls accept4 by
 * its name, and a program's own definition comes before libc's: ours accepts as the kernel does, and when there is no
 * descriptor left for a unix socket it takes the caller with one kept in reserve and hangs up on him. Other callers
 * (libmicrohttpd, on tcp) see what libc would have told them.
 */
#include "log.h"
#include "sock_parts.h"

#include <errno.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

int sock_accept(int fd, struct sockaddr *address, socklen_t *bytes, int flags) __asm__("accept4");

static atomic_int reserve = -1;

void sock_accept_prepare(void)
{
	int none = -1;
	int fd;

	if (atomic_load(&reserve) >= 0)
		return;
	fd = eventfd(0, EFD_CLOEXEC);
	if (fd >= 0 && !atomic_compare_exchange_strong(&reserve, &none, fd))
		close(fd);
}

static bool exhausted(int error)
{
	return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

static bool is_unix(int fd)
{
	int domain = 0;
	socklen_t n = sizeof(domain);

	return !getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &n) && domain == AF_UNIX;
}

int sock_accept(int fd, struct sockaddr *address, socklen_t *bytes, int flags)
{
	int got = (int)syscall(SYS_accept4, fd, address, bytes, flags);
	int error = errno;
	int kept;

	if (got >= 0 || !exhausted(error) || !is_unix(fd)) {
		errno = error;
		return got;
	}
	kept = atomic_exchange(&reserve, -1);
	if (kept >= 0)
		close(kept);
	got = (int)syscall(SYS_accept4, fd, NULL, NULL, SOCK_CLOEXEC);
	if (got >= 0)
		close(got);
	sock_accept_prepare();
	log_warn("sock_crowded", "errno=%d", error);
	errno = EAGAIN;
	return -1;
}
