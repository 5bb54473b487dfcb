/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The writing half of a key file: a temporary file beside it, fsync, rename, fsync of the folder. A reader sees the old
 * file or the new one, never a part. Secrets pass through one wiped line buffer only.
 */
#include "keyring_inner.h"

#include "text.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static void out_text(struct keyring_out *out, const char *text, size_t n)
{
	ssize_t done;

	while (n && !out->error) {
		done = write(out->fd, text, n);
		if (done < 0 && errno != EINTR)
			out->error = errno;
		if (done > 0) {
			text += done;
			n -= (size_t)done;
		}
	}
}

void keyring_out_open(struct keyring_out *out, const struct keyring_place *place, const char *file)
{
	bool secret = strcmp(file, "public") != 0;
	char *path = mem_format("%s/%s", place->data_dir, place->folder);
	char head[80];
	int n;

	*out = (struct keyring_out){ .place = place, .file = file, .fd = -1 };
	out->folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	out->error = out->folder < 0 ? errno : 0;
	mem_free(&path);
	if (out->error)
		return;
	snprintf(out->temp, sizeof(out->temp), ".%s.new", file);
	unlinkat(out->folder, out->temp, 0);
	out->fd = openat(out->folder, out->temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (out->fd < 0 || fchmod(out->fd, secret ? 0600 : 0644)) {
		out->error = errno;
		return;
	}
	n = snprintf(head, sizeof(head), "qingting-keys 1 %s\n", file);
	out_text(out, head, (size_t)n);
}

void keyring_out_line(struct keyring_out *out, const char *name, int64_t number, const uint8_t key[SEAL_KEY_BYTES])
{
	char hex[2 * SEAL_KEY_BYTES + 1], line[SEAL_NAME_BYTES + sizeof(hex) + 32];
	int n;

	hex_write(hex, key, SEAL_KEY_BYTES);
	n = snprintf(line, sizeof(line), "%s %lld %s\n", name, (long long)number, hex);
	out_text(out, line, (size_t)n);
	seal_wipe(hex, sizeof(hex));
	seal_wipe(line, sizeof(line));
}

int keyring_out_done(struct keyring_out *out, char **why)
{
	int error = out->error;

	if (!error && fsync(out->fd))
		error = errno;
	if (out->fd >= 0)
		close(out->fd);
	if (!error && renameat(out->folder, out->temp, out->folder, out->file))
		error = errno;
	if (!error && fsync(out->folder))
		error = errno;
	if (error && out->folder >= 0)
		unlinkat(out->folder, out->temp, 0);
	if (out->folder >= 0)
		close(out->folder);
	errno = error;
	return error ? keyring_fault(why, out->place, out->file, "written") : 0;
}
