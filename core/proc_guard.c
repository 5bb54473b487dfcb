/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a process gives up. Before its doors open: core dumps, being traced, privileges by exec, and with Landlock
 * every path but those its struct process needs (this layer also covers the threads that libraries start). After: its
 * key files, etc/, and making TCP connections or listening sockets. Landlock by raw system calls, where the kernel has
 * it; where not, the rest still holds.
 */
#include "log.h"
#include "proc_impl.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) && !defined(SANITIZED)
#define SANITIZED 1
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

/* linux/landlock.h of Debian 12 is older than the kernels we meet, so the few numbers stand here (man 7 landlock). */
enum { LANDLOCK_CREATE = 444, LANDLOCK_ADD = 445, LANDLOCK_RESTRICT = 446, RULE_PATH = 1, ASK_VERSION = 1 };
enum {
	FS_EXECUTE = 1 << 0, FS_WRITE = 1 << 1, FS_READ = 1 << 2, FS_LIST = 1 << 3, FS_REMOVE = 1 << 5, FS_MAKE_FILE = 1 << 8,
	FS_MAKE_SOCK = 1 << 9, FS_REFER = 1 << 13, FS_TRUNCATE = 1 << 14,
	FS_ALL = (1 << 15) - 1,
	FS_FILE_ONLY = FS_EXECUTE | FS_WRITE | FS_READ | FS_TRUNCATE,
	FS_LOOK = FS_READ | FS_LIST,
	FS_KEEP = FS_LOOK | FS_WRITE | FS_TRUNCATE | FS_MAKE_FILE | FS_REMOVE, /* make, change and remove files of a folder */
};
enum { NET_BIND_TCP = 1, NET_CONNECT_TCP = 2 };
struct ruleset_attr {
	uint64_t handled_fs, handled_net;
};
struct path_attr {
	uint64_t allowed;
	int32_t parent_fd;
} __attribute__((packed));

struct layer {
	int fd;
	uint64_t handled;
};

static void limit(int resource, int64_t most)
{
	struct rlimit r;

	if (getrlimit(resource, &r) != 0)
		return;
	if (r.rlim_max == RLIM_INFINITY || (rlim_t)most < r.rlim_max)
		r.rlim_max = (rlim_t)most;
	r.rlim_cur = r.rlim_max;
	if (setrlimit(resource, &r) != 0)
		log_warn("limit", "resource=%d errno=%d", resource, errno);
}

static bool layer_open(struct layer *l, bool net)
{
	long version = syscall(LANDLOCK_CREATE, NULL, 0, ASK_VERSION);
	struct ruleset_attr attr = { .handled_fs = FS_ALL };

	if (SANITIZED || version < 1)
		return false;
	if (version < 3)
		attr.handled_fs &= ~(uint64_t)FS_TRUNCATE;
	if (version < 2)
		attr.handled_fs &= ~(uint64_t)FS_REFER;
	if (net && version >= 4)
		attr.handled_net = NET_BIND_TCP | NET_CONNECT_TCP;
	l->handled = attr.handled_fs;
	l->fd = (int)syscall(LANDLOCK_CREATE, &attr, version >= 4 ? sizeof(attr) : sizeof(attr.handled_fs), 0);
	return l->fd >= 0;
}

/* A path that is not there needs no rule. */
static void layer_allow(const struct layer *l, const char *path, uint64_t rights)
{
	struct path_attr attr = { .parent_fd = open(path, O_PATH | O_CLOEXEC) };
	struct stat st;

	if (attr.parent_fd < 0)
		return;
	attr.allowed = rights & l->handled;
	if (fstat(attr.parent_fd, &st) == 0 && !S_ISDIR(st.st_mode))
		attr.allowed &= FS_FILE_ONLY;
	if (syscall(LANDLOCK_ADD, l->fd, RULE_PATH, &attr, 0) != 0)
		log_warn("landlock_rule", "errno=%d", errno);
	close(attr.parent_fd);
}

static void layer_allow_in(const struct layer *l, const struct conf *c, const char *under, uint64_t rights)
{
	char *path = mem_format("%s/%s", c->data_dir, under);

	layer_allow(l, path, rights);
	mem_free(&path);
}

static void layer_close(struct layer *l)
{
	if (syscall(LANDLOCK_RESTRICT, l->fd, 0) != 0)
		log_warn("landlock", "errno=%d", errno);
	close(l->fd);
}

/* What any process may look at, whatever it is for. */
static void allow_system(const struct layer *l)
{
	static const char *const readable[] = { "/usr/lib", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/localtime",
		                                "/usr/share/zoneinfo", "/dev/urandom", "/proc/self" };

	for (size_t i = 0; i < ARRAY_LEN(readable); i++)
		layer_allow(l, readable[i], FS_LOOK);
	layer_allow(l, "/dev/null", FS_READ | FS_WRITE);
}

/* A reader of a write-ahead log also writes its shared-memory index; when that is not there yet, the folder is
 * opened for writing (never for making or removing files). */
static void allow_data(const struct layer *l, const struct process *p, const struct conf *c)
{
	char *shm = conf_db(c, "qingting.db-shm");

	layer_allow(l, c->data_dir, FS_LIST);
	layer_allow_in(l, c, "run", FS_KEEP | FS_MAKE_SOCK);
	if (p->store == PROC_STORE_WRITE)
		layer_allow_in(l, c, "db", FS_KEEP);
	if (p->store == PROC_STORE_READ) {
		layer_allow_in(l, c, "db", FS_LOOK | (access(shm, F_OK) == 0 ? 0 : FS_WRITE));
		layer_allow(l, shm, FS_READ | FS_WRITE);
	}
	mem_free(&shm);
}

/* Where the configuration puts the sockets it binds ("bus intake"), when that is not DATA/run. */
static void allow_bus(const struct layer *l, const struct process *p, const struct conf *c)
{
	for (size_t i = 0; p->binds && p->binds[i]; i++) {
		char *at = strncmp(p->binds[i], "bus ", 4) == 0 ? conf_endpoint(c, p->binds[i] + 4) : NULL;
		char *slash = at && strncmp(at, "ipc://", 6) == 0 ? strrchr(at + 6, '/') : NULL;

		if (slash && slash > at + 6) {
			*slash = 0;
			layer_allow(l, at + 6, FS_KEEP | FS_MAKE_SOCK);
		}
		mem_free(&at);
	}
}

/* "worker" stands for worker.legal, worker.psych …: which one it is, is known only in open. */
static bool key_is(const char *file, const char *key)
{
	size_t n = strlen(key);

	return strncmp(file, key, n) == 0 && (file[n] == 0 || file[n] == '.');
}

static void allow_keys(const struct layer *l, const struct process *p, const struct conf *c)
{
	char *folder = mem_format("%s/keys", c->data_dir);
	DIR *dir = opendir(folder);
	struct dirent *e;

	while (dir && (e = readdir(dir)))
		for (size_t i = 0; p->keys && p->keys[i]; i++)
			if (key_is(e->d_name, p->keys[i])) {
				char *path = mem_format("%s/%s", folder, e->d_name);

				layer_allow(l, path, FS_READ);
				mem_free(&path);
			}
	if (dir)
		closedir(dir);
	mem_free(&folder);
}

static void allow_etc(const struct layer *l, const struct conf *c)
{
	const char *slash = strrchr(c->file, '/');
	char *etc = conf_etc(c, ""), *beside = mem_format("%.*s", slash ? (int)(slash - c->file) : 1, slash ? c->file : ".");

	layer_allow(l, etc, FS_LOOK);
	if (c->file[0])
		layer_allow(l, beside[0] ? beside : "/", FS_LOOK);
	layer_allow(l, QT_ETC_DIR, FS_LOOK);
	mem_free(&etc);
	mem_free(&beside);
}

static bool on_tcp(const struct conf *c)
{
	const struct conf_endpoint *all[] = { &c->bus_intake, &c->bus_web, &c->bus_worker, &c->bus_open, &c->bus_hints };

	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		if (strncmp(all[i]->address, "tcp:", 4) == 0)
			return true;
	return false;
}

void proc_guard_before(const struct process *p, const struct conf *c)
{
	struct layer l;

	limit(RLIMIT_CORE, 0);
	if (p->files)
		limit(RLIMIT_NOFILE, p->files);
	if (!SANITIZED)
		prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		log_warn("no_new_privs", "errno=%d", errno);
	if (!layer_open(&l, false))
		return;
	allow_system(&l);
	allow_data(&l, p, c);
	allow_bus(&l, p, c);
	allow_keys(&l, p, c);
	allow_etc(&l, c);
	layer_close(&l);
}

void proc_guard_after(const struct process *p, const struct conf *c)
{
	struct layer l;

	if (p->memory_bytes && !SANITIZED)
		limit(RLIMIT_DATA, p->memory_bytes);
	if (!layer_open(&l, !on_tcp(c))) {
		log_info("guard", "landlock=none");
		return;
	}
	allow_system(&l);
	allow_data(&l, p, c);
	allow_bus(&l, p, c);
	layer_close(&l);
}
