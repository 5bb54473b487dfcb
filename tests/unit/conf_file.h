/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of conf share: a file of their own, loading it, and expecting a refusal that is a whole sentence
 * naming the file. */
#ifndef QT_CONF_FILE_H
#define QT_CONF_FILE_H

#include "conf.h"
#include "mem.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char file[] = "/tmp/qt-conf-XXXXXX";
static struct conf conf;

static inline int make_file(void **state)
{
	int fd = mkstemp(file);

	(void)state;
	return fd < 0 || close(fd);
}

static inline int drop_file(void **state)
{
	(void)state;
	return unlink(file);
}

static inline void write_bytes(const char *text, size_t n)
{
	FILE *f = fopen(file, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

static inline void accept(const char *text)
{
	char *why = NULL;

	write_bytes(text, strlen(text));
	if (conf_load(file, "/data", &conf, &why))
		fail_msg("refused: %s", why);
	assert_null(why);
}

/* The sentence must hold every given piece, and the file's name. */
static inline void refuse_bytes(const char *text, size_t n, const char *piece, const char *more)
{
	char *why = NULL;

	write_bytes(text, n);
	assert_int_equal(conf_load(file, "/data", &conf, &why), 1);
	assert_non_null(why);
	if (!strstr(why, piece) || !strstr(why, more) || !strstr(why, file) || !strchr(".?", why[strlen(why) - 1]))
		fail_msg("the sentence \"%s\" lacks \"%s\", \"%s\" or the file", why, piece, more);
	mem_free(&why);
}

static inline void refuse(const char *text, const char *piece, const char *more)
{
	refuse_bytes(text, strlen(text), piece, more);
}

static inline void load_defaults(struct conf *c)
{
	char *why = NULL;

	assert_int_equal(conf_load(NULL, "/data", c, &why), 0);
	assert_null(why);
}

#endif
