/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The file system's side of an ipc endpoint. Who may write into the directory of a socket can put his own socket
 * there and read what was meant for us, so a directory that others can write, or that is a symlink, is refused,
 * and so is anything at the path that is not a socket of its owner. A lock file keeps a second process from taking
 * the path in silence.
 */
#include "mem.h"
#include "sock_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { PATH_BYTES_MAX = 106, LISTEN_BACKLOG = 512 };

static char *directory_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == path ? mem_text("/") : mem_format("%.*s", (int)(slash - path), path);
}

static int directory_check(const char *path, bool binding, struct stat *st)
{
	AUTO(mem_free) char *dir = directory_of(path);

	if (lstat(dir, st))
		return sock_refuse("The socket directory %s cannot be read (%s): it must exist before the socket.",
		                   dir, strerror(errno));
	if (!S_ISDIR(st->st_mode))
		return sock_refuse("The socket directory %s is not a directory (a symlink is refused too).", dir);
	if (st->st_mode & 0027)
		return sock_refuse("The socket directory %s has mode %04o: others could put their own socket there; "
		                   "0750 or tighter would be right.",
		                   dir, st->st_mode & 07777);
	if (binding && st->st_uid != geteuid())
		return sock_refuse("The socket directory %s belongs to another user: it must belong to the one that "
		                   "binds.",
		                   dir);
	return 0;
}

int sock_ipc_check(const char *path, bool binding)
{
	struct stat dir, file;
	int rc;

	if (path[0] != '/' || path[strlen(path) - 1] == '/')
		return sock_refuse("The socket address ipc://%s is not ipc:// and the absolute path of a file.", path);
	if (strlen(path) > PATH_BYTES_MAX)
		return sock_refuse("The socket path %s is too long: at most %d bytes.", path, PATH_BYTES_MAX);
	rc = directory_check(path, binding, &dir);
	if (rc)
		return rc;
	if (lstat(path, &file)) {
		if (errno == ENOENT)
			return 0;
		return sock_refuse("The socket %s cannot be looked at: %s.", path, strerror(errno));
	}
	if (!S_ISSOCK(file.st_mode))
		return sock_refuse("The path %s is not a socket (a symlink is refused too): name another.", path);
	if (file.st_uid != dir.st_uid)
		return sock_refuse("The socket %s does not belong to the owner of its directory.", path);
	return 0;
}

static int lock_take(const char *path, int *lock_fd)
{
	AUTO(mem_free) char *name = mem_format("%s.lock", path);
	int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	int error;

	if (fd < 0)
		return errno == ELOOP ? sock_refuse("The lock file %s is a symlink: remove it.", name) : -errno;
	if (!flock(fd, LOCK_EX | LOCK_NB)) {
		*lock_fd = fd;
		return 0;
	}
	error = errno;
	close(fd);
	if (error != EWOULDBLOCK)
		return -error;
	sock_refuse("The socket %s is in use: another process is bound to it.", path);
	return SOCK_ADDRESS_TAKEN;
}

/* A group that may enter the directory may use the socket; nobody else may. */
static int share_with_group(const char *path)
{
	struct stat dir;
	int rc = directory_check(path, true, &dir);

	if (rc)
		return rc;
	if ((dir.st_mode & 0010) && (lchown(path, (uid_t)-1, dir.st_gid) || chmod(path, 0660)))
		return -errno;
	return 0;
}

static int path_listen(const char *path, int *out)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	mode_t before;
	int rc = 0;

	if (fd < 0)
		return -errno;
	memcpy(address.sun_path, path, strlen(path) + 1);
	before = umask(0177);
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)))
		rc = -errno;
	umask(before);
	if (!rc)
		rc = share_with_group(path);
	if (!rc && listen(fd, LISTEN_BACKLOG))
		rc = -errno;
	if (rc)
		close(fd);
	else
		*out = fd;
	return rc;
}

int sock_ipc_listen(const char *path, int *fd, int *lock_fd)
{
	int rc = lock_take(path, lock_fd);

	if (rc)
		return rc;
	sock_accept_prepare();
	/* The lock is ours and sock_ipc_check saw our socket or nothing: what lies there is a dead process's. */
	if (unlink(path) && errno != ENOENT)
		rc = -errno;
	if (!rc)
		rc = path_listen(path, fd);
	if (rc) {
		close(*lock_fd);
		*lock_fd = -1;
	}
	return rc;
}

void sock_ipc_remove(const char *path, int lock_fd)
{
	if (unlink(path) && errno != ENOENT)
		errno = 0; /* the next one to bind removes it */
	if (lock_fd >= 0)
		close(lock_fd);
}
