/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the tests of the key ring share: a house with two desks in a directory of its own, its files as text, every
 * load by the name of its file.
 */
#ifndef QT_TEST_KEYRING_HOUSE_H
#define QT_TEST_KEYRING_HOUSE_H

#include "keyring.h"

#include "text.h"
#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

UNUSED static const char *const desks[] = { "450100.psych", "450100.legal", NULL };
UNUSED static const char *const kinds[] = { "psych", "legal", NULL };
UNUSED static const char *const sites[] = { "450100", NULL };
UNUSED static const struct keyring_plan plan = { desks, kinds, sites, true };

struct house {
	char dir[64];
	struct keyring_founding *founding;
	char *why;
};

UNUSED static char *path_of(const struct house *h, const char *file)
{
	return mem_format("%s/keys/%s", h->dir, file);
}

UNUSED static char *file_text(const struct house *h, const char *file)
{
	AUTO(mem_free) char *path = path_of(h, file);
	char text[8192];
	FILE *f = fopen(path, "r");
	size_t n;

	assert_non_null(f);
	n = fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	text[n] = 0;
	return mem_text(text);
}

UNUSED static void file_put(const struct house *h, const char *file, const void *text, size_t n)
{
	AUTO(mem_free) char *path = path_of(h, file);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, n), (ssize_t)n);
	close(fd);
}

UNUSED static void folder_empty(const char *dir, const char *name)
{
	AUTO(mem_free) char *path = mem_format("%s/%s", dir, name);
	struct dirent *entry;
	DIR *d = opendir(path);

	while (d && (entry = readdir(d)))
		if (entry->d_name[0] != '.' || entry->d_name[1] == 'w' || entry->d_name[1] == 'p') {
			unlinkat(dirfd(d), entry->d_name, 0);
			unlinkat(dirfd(d), entry->d_name, AT_REMOVEDIR);
		}
	if (d)
		closedir(d);
	rmdir(path);
}

UNUSED static int house_open(void **state)
{
	struct house *h = mem_new(sizeof(*h));

	snprintf(h->dir, sizeof(h->dir), "/tmp/qt-keyring-XXXXXX");
	*state = h;
	return mkdtemp(h->dir) ? 0 : 1;
}

UNUSED static int house_found(void **state)
{
	struct house *h;

	if (house_open(state))
		return 1;
	h = *state;
	return keyring_make(h->dir, &plan, &h->founding, &h->why) || keyring_keep(h->dir, &h->why);
}

UNUSED static int house_clear(void **state)
{
	struct house *h = *state;

	folder_empty(h->dir, "keys");
	folder_empty(h->dir, "keys.new");
	rmdir(h->dir);
	keyring_founding_free(&h->founding);
	mem_free(&h->why);
	mem_free(&h);
	return 0;
}

/* Every load of a room, by the name of its file. */
UNUSED static int load(struct house *h, const char *file)
{
	struct keyring_public *public = NULL;
	void *room = NULL;
	int outcome;

	mem_free(&h->why);
	if (!strcmp(file, "public"))
		outcome = keyring_public_load(h->dir, &public, &h->why);
	else if (!strcmp(file, "intake"))
		outcome = keyring_intake_load(h->dir, 1000, (struct keyring_intake **)&room, &h->why);
	else if (!strcmp(file, "web"))
		outcome = keyring_web_load(h->dir, 1000, (struct keyring_web **)&room, &h->why);
	else if (!strcmp(file, "row"))
		outcome = keyring_row_load(h->dir, (struct keyring_row **)&room, &h->why);
	else if (!strcmp(file, "router"))
		outcome = keyring_router_load(h->dir, (struct keyring_curve **)&room, &h->why);
	else
		outcome = keyring_worker_load(h->dir, "psych", 1000, (struct keyring_worker **)&room, &h->why);
	assert_true(!outcome == !h->why);
	assert_true(!outcome == (room || public));
	seal_locked_free(&room);
	keyring_public_free(&public);
	return outcome;
}

UNUSED static const char *const files[] = { "public", "intake", "web", "row", "router", "worker.psych" };

UNUSED static void refused_saying(struct house *h, const char *file, const char *phrase)
{
	assert_int_equal(load(h, file), KEYRING_REFUSED);
	assert_non_null(strstr(h->why, phrase));
	assert_non_null(strstr(h->why, file));
}

#define founded(name) cmocka_unit_test_setup_teardown(name, house_found, house_clear)
#define empty(name) cmocka_unit_test_setup_teardown(name, house_open, house_clear)

#endif
