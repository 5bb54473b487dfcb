/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a process says it is ready: one datagram to systemd (NOTIFY_SOCKET), and a file DATA/run/<name>.ready for
 * ./hotline and the tests, which holds the process id. Both are hints; who needs certainty asks /readyz. Under systemd
 * run/ may belong to somebody else.
 */
#include "log.h"
#include "proc_impl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static char suffix[32];

void proc_name(const char *s)
{
	snprintf(suffix, sizeof(suffix), "%s", s);
}

static char *ready_path(const struct process *p, const struct conf *c)
{
	return mem_format("%s/run/%s%s%s.ready", c->data_dir, p->name, suffix[0] ? "." : "", suffix);
}

/* systemd's protocol: a text datagram to a UNIX socket, "@" for the abstract name space. */
static void notify(const char *state)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	size_t n = path ? strlen(path) : 0;
	int fd;

	if (n < 2 || n >= sizeof(to.sun_path) || !strchr("/@", path[0]))
		return;
	memcpy(to.sun_path, path, n);
	if (path[0] == '@')
		to.sun_path[0] = 0;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || sendto(fd, state, strlen(state), MSG_NOSIGNAL, (struct sockaddr *)&to,
	                     (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n)) < 0)
		log_warn("notify_failed", "errno=%d", errno);
	if (fd >= 0)
		close(fd);
}

void proc_ready_tell(const struct process *p, const struct conf *c)
{
	char *path = ready_path(p, c), *text = mem_format("%d\n", (int)getpid());
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0640);

	if ((fd < 0 || write(fd, text, strlen(text)) < 0) && !getenv("NOTIFY_SOCKET"))
		log_warn("ready_file", "errno=%d", errno);
	if (fd >= 0)
		close(fd);
	mem_free(&path);
	mem_free(&text);
	notify("READY=1");
	log_info("ready", "%s%s", suffix[0] ? "part=" : "", suffix);
}

void proc_ready_untell(const struct process *p, const struct conf *c)
{
	char *path = ready_path(p, c);

	notify("STOPPING=1");
	if (unlink(path) != 0 && errno != ENOENT && !getenv("NOTIFY_SOCKET"))
		log_warn("ready_file", "errno=%d", errno);
	mem_free(&path);
}
