/* SPDX-License-Identifier: Apache-2.0 */
/* See fuzz.h. */
#include "fuzz.h"

#include "mem.h"
#include "text.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[64];
static pid_t owner;

__attribute__((weak)) void fuzz_fresh(void)
{
}

void fuzz_broken(const char *file, int line, const char *rule)
{
	fprintf(stderr, "%s:%d: this must hold: %s\n", file, line, rule);
	abort();
}

void fuzz_must_be_sentence(const char *why)
{
	FUZZ_MUST(why && *why);
	FUZZ_MUST(text_valid(why, strlen(why)));
	FUZZ_MUST(!strpbrk(why, "\r\n"));
}

uint8_t fuzz_byte(struct fuzz *in)
{
	return (uint8_t)fuzz_number(in, 1);
}

uint64_t fuzz_number(struct fuzz *in, size_t bytes)
{
	uint64_t n = 0;

	for (; bytes && in->left; bytes--, in->left--)
		n = n << 8 | *in->at++;
	return n;
}

char *fuzz_bytes(struct fuzz *in, size_t n, size_t *got)
{
	char *out;

	*got = n < in->left ? n : in->left;
	out = mem_copy(in->at, *got);
	in->at += *got;
	in->left -= *got;
	return out;
}

char *fuzz_rest(struct fuzz *in, size_t *got)
{
	return fuzz_bytes(in, in->left, got);
}

char *fuzz_line(struct fuzz *in, size_t *got)
{
	const uint8_t *end = in->left ? memchr(in->at, '\n', in->left) : NULL;
	char *out;

	if (!in->left)
		return NULL;
	out = fuzz_bytes(in, end ? (size_t)(end - in->at) : in->left, got);
	if (end)
		fuzz_byte(in);
	return out;
}

static int forget(const char *path, const struct stat *st UNUSED, int kind UNUSED, struct FTW *at UNUSED)
{
	return remove(path);
}

static void dir_end(void)
{
	if (getpid() == owner)
		nftw(dir, forget, 16, FTW_DEPTH | FTW_PHYS);
}

const char *fuzz_dir(void)
{
	if (*dir)
		return dir;
	snprintf(dir, sizeof(dir), "%s/qt-fuzz-XXXXXX", access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm");
	FUZZ_MUST(mkdtemp(dir) != NULL);
	owner = getpid();
	atexit(dir_end);
	return dir;
}

char *fuzz_path(const char *name)
{
	return mem_format("%s/%s", fuzz_dir(), name);
}

void fuzz_put(const char *name, const void *data, size_t bytes)
{
	AUTO(mem_free) char *path = fuzz_path(name);
	int fd;

	for (char *slash = strchr(path + strlen(dir) + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = 0;
		mkdir(path, 0700);
		*slash = '/';
	}
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	FUZZ_MUST(fd >= 0 && write(fd, data, bytes) == (ssize_t)bytes);
	close(fd);
}

void fuzz_copy(const char *source, const char *name)
{
	AUTO(mem_free) char *path = mem_format("%s/%s", QT_SOURCE_DIR, source);
	struct buf all = { 0 };
	char piece[4096];
	FILE *f = fopen(path, "re");
	size_t n;

	FUZZ_MUST(f != NULL);
	while ((n = fread(piece, 1, sizeof(piece), f)) > 0)
		buf_add(&all, piece, n);
	fclose(f);
	fuzz_put(name, all.data ? all.data : "", all.bytes);
	buf_finish(&all);
}
