/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The schema of the configuration, private to core/conf*.c: one row a key. The walker, the sample file, the manual's
 * table and the defaults all come from these rows, so they cannot disagree.
 */
#ifndef QT_CONF_SCHEMA_H
#define QT_CONF_SCHEMA_H

#include "conf.h"
#include "mem.h"

enum conf_type {
	CONF_TEXT,     /* min..max characters of one line, into char[size] */
	CONF_CODE,     /* lower-case word of the bus: [a-z][a-z0-9_]*, into char[size] */
	CONF_DIGITS,   /* min..max digits, may be empty when min is 0, into char[size] */
	CONF_WORD,     /* one of words[], into char[size] */
	CONF_URL,      /* http(s)://…, into char[size] */
	CONF_ENDPOINT, /* "", ipc://…, tcp://HOST:PORT, into char[size] */
	CONF_Z85,      /* "" or 40 characters of Z85, into char[size] */
	CONF_INT,      /* min..max, into int or int64_t */
	CONF_BOOL,     /* into bool */
	CONF_TIME,     /* "5s": min..max ms, into int64_t */
	CONF_SIZE,     /* "16MiB": min..max bytes, into int or int64_t */
	CONF_LISTEN,   /* "HOST:PORT": host into char[64] at offset, port into int at offset2 */
	CONF_LOCAL,    /* a loopback address, into char[size] */
	CONF_HOURS,    /* array of "Mon-Fri 09:00-21:00": rows at offset, count at offset2 */
	CONF_NAMES,    /* array of Host values: char[CONF_NAMES_MAX][128] at offset, count at offset2 */
	CONF_LIST,     /* list of groups, see list; rows at offset, count at offset2 */
	CONF_TYPES
};

struct conf_key {
	const char *path; /* "portal.listen" */
	enum conf_type type;
	size_t offset, size, offset2;
	int64_t min, max;
	const char *fallback;            /* in the file's own syntax; NULL: must be given (rows of a list) */
	const char *doc;                 /* one sentence */
	const char *const *words;        /* CONF_WORD */
	const struct conf_list *list;    /* CONF_LIST */
};
struct conf_list {
	const char *what; /* "desk" */
	const struct conf_key *keys;
	size_t key_count, row_bytes;
	int rows_min, rows_max;
};

extern const struct conf_key conf_keys[];
extern const size_t conf_key_count;

/* conf_scan.c: refuses what libconfig would let through silently (NUL, numbers that wrap, includes, deep nesting …)
 * and turns on/off/yes/no into booleans. 0 and the text for libconfig in *out; 1 and *why ("line N: …", a gift). */
NODISCARD int conf_scan(const char *text, size_t bytes, struct buf *out, char **why);
/* conf_read.c: one value into its field (not CONF_LIST). NULL, or what it must be (a gift). */
struct config_setting_t;
char *conf_read(const struct conf_key *key, const struct config_setting_t *s, void *base);
/* conf_check.c: what no single key can say. NULL, or the sentence (a gift). */
char *conf_check(const struct conf *c);
void conf_ops_ports(struct conf *c);
/* conf_doc.c: the given keys in the file's syntax, with their sentences as comments when commented. Rows without
 * default are left out. */
void conf_write(struct buf *out, const struct conf_key *keys, size_t count, bool commented);

#endif
