/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The configuration door: reads the one file, walks it by the schema (conf_table.c) and fills struct conf. Only
 * core/conf*.c know libconfig. Whatever does not fit is refused with a sentence that names file, line, key and what
 * would be right. The defaults are loaded by the same walk, from the text of the schema itself.
 */
#include "conf.h"
#include "conf_schema.h"

#include <errno.h>
#include <fcntl.h>
#include <libconfig.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef QT_ETC_DIR
#error "QT_ETC_DIR: the directory of the shipped data files, given by core/meson.build"
#endif

enum { FILE_BYTES_MAX = 1048576, NAME_BYTES_MAX = 120 };

/* One walk over a group: the rows that may stand in it, and the memory they fill. */
struct walk {
	const struct conf_key *keys;
	size_t key_count;
	void *base;
	const char *what; /* "" for the file, "desk" inside a list */
	unsigned line;    /* of the fault */
};

static char *walk_group(struct walk *w, const config_setting_t *group, const char *path);
static char *walk_defaults(struct walk *w);

static size_t smallest(size_t a, size_t b, size_t c)
{
	size_t least = a < b ? a : b;

	return least < c ? least : c;
}

/* Levenshtein's distance, for "did you mean". */
static size_t distance(const char *a, const char *b)
{
	size_t row[NAME_BYTES_MAX + 1], n = strlen(b);

	if (n > NAME_BYTES_MAX)
		return n;
	for (size_t k = 0; k <= n; k++)
		row[k] = k;
	for (size_t i = 0; a[i]; i++) {
		size_t corner = row[0];

		row[0] = i + 1;
		for (size_t k = 0; k < n; k++) {
			size_t above = row[k + 1];

			row[k + 1] = smallest(corner + (a[i] != b[k]), above + 1, row[k] + 1);
			corner = above;
		}
	}
	return row[n];
}

static char *unknown(const struct walk *w, const char *path)
{
	const char *best = NULL, *in = w->what[0] ? " of a " : "";
	size_t best_distance = strlen(path) / 3 + 1;
	int length = 0;

	for (size_t i = 0; i < w->key_count; i++) {
		const char *key = w->keys[i].path, *dot = strrchr(key, '.');
		bool misplaced = dot && !strchr(path, '.') && strcmp(path, dot + 1) == 0;
		char *group = dot ? mem_format("%.*s", (int)(dot - key), key) : NULL;
		size_t whole = misplaced ? 0 : distance(path, key), part = group ? distance(path, group) : whole;

		if (smallest(whole, part, part) < best_distance) {
			best = key;
			length = (int)(part < whole ? strlen(group) : strlen(key));
			best_distance = smallest(whole, part, part);
		}
		mem_free(&group);
	}
	if (best)
		return mem_format("there is no key %s%s%s; did you mean %.*s?", path, in, w->what, length, best);
	return mem_format("there is no key %s%s%s; see doc/configuration.md for all keys.", path, in, w->what);
}

static char *walk_row(const struct conf_list *list, const config_setting_t *row, const char *path, struct walk *under)
{
	char *why = walk_defaults(under);

	if (!why)
		why = walk_group(under, row, "");
	for (size_t i = 0; i < list->key_count && !why; i++)
		if (!list->keys[i].fallback && !config_setting_get_member(row, list->keys[i].path))
			why = mem_format("%s: this %s has no %s; it must be given.", path, list->what, list->keys[i].path);
	return why;
}

static char *walk_list(struct walk *w, const struct conf_key *key, const config_setting_t *s, const char *path)
{
	const struct conf_list *list = key->list;
	int n = config_setting_length(s);
	char *why = NULL;

	if (config_setting_type(s) != CONFIG_TYPE_LIST || n < list->rows_min || n > list->rows_max)
		return mem_format("%s must be a list of %d to %d groups: ( { … }, { … } ).", path, list->rows_min, list->rows_max);
	memset((char *)w->base + key->offset, 0, key->size);
	for (int i = 0; i < n && !why; i++) {
		const config_setting_t *row = config_setting_get_elem(s, (unsigned)i);
		struct walk under = { list->keys, list->key_count, (char *)w->base + key->offset + (size_t)i * list->row_bytes,
			              list->what, 0 };

		if (config_setting_type(row) != CONFIG_TYPE_GROUP)
			why = mem_format("%s: each %s is a group { … }.", path, list->what);
		else
			why = walk_row(list, row, path, &under);
		w->line = under.line ? under.line : config_setting_source_line(row);
	}
	*(int *)((char *)w->base + key->offset2) = n;
	return why;
}

static const struct conf_key *find_key(const struct walk *w, const char *path)
{
	for (size_t i = 0; i < w->key_count; i++)
		if (strcmp(w->keys[i].path, path) == 0)
			return &w->keys[i];
	return NULL;
}

static bool is_group(const struct walk *w, const char *path)
{
	size_t n = strlen(path);

	for (size_t i = 0; i < w->key_count; i++)
		if (strncmp(w->keys[i].path, path, n) == 0 && w->keys[i].path[n] == '.')
			return true;
	return false;
}

/* `portal = off` stands for `portal : { on = off; }`: the key of that name in the group, when it is a boolean. */
static const struct conf_key *switch_of(const struct walk *w, const char *path)
{
	char *on = mem_format("%s.on", path);
	const struct conf_key *key = find_key(w, on);

	mem_free(&on);
	return key;
}

static char *walk_setting(struct walk *w, const config_setting_t *s, const char *path)
{
	const struct conf_key *key = find_key(w, path);
	char *why = NULL;

	if (key && key->type == CONF_LIST) {
		why = walk_list(w, key, s, path);
	} else if (key) {
		why = conf_read(key, s, w->base);
	} else if (!is_group(w, path)) {
		why = unknown(w, path);
	} else if (config_setting_type(s) == CONFIG_TYPE_BOOL && switch_of(w, path)) {
		why = conf_read(switch_of(w, path), s, w->base);
	} else if (config_setting_type(s) != CONFIG_TYPE_GROUP) {
		why = mem_format("%s must be a group, such as %s : { … }.", path, path);
	} else {
		return walk_group(w, s, path);
	}
	if (why && !w->line)
		w->line = config_setting_source_line(s);
	return why;
}

static char *walk_group(struct walk *w, const config_setting_t *group, const char *path)
{
	int n = config_setting_length(group);
	char *why = NULL;

	for (int i = 0; i < n && !why; i++) {
		const config_setting_t *s = config_setting_get_elem(group, (unsigned)i);
		char *under = mem_format("%s%s%.*s", path, path[0] ? "." : "", NAME_BYTES_MAX, config_setting_name(s));

		why = walk_setting(w, s, under);
		mem_free(&under);
	}
	return why;
}

static char *walk_text(struct walk *w, const char *text)
{
	config_t file;
	char *why = NULL;

	config_init(&file);
	if (config_read_string(&file, text) != CONFIG_TRUE) {
		bool twice = strstr(config_error_text(&file), "duplicate") != NULL;

		w->line = (unsigned)config_error_line(&file);
		why = mem_format("%s; %s.", config_error_text(&file),
		                 twice ? "this key stands twice in its group, keep one" :
		                         "look at this line and the one before it for a missing quote, = or ;");
	} else {
		why = walk_group(w, config_root_setting(&file), "");
	}
	config_destroy(&file);
	return why;
}

static char *walk_defaults(struct walk *w)
{
	struct buf text = { 0 };
	char *why = NULL;

	conf_write(&text, w->keys, w->key_count, false);
	why = walk_text(w, text.data ? text.data : "");
	w->line = 0;
	buf_finish(&text);
	return why;
}

/* 0 and the bytes in *out, or 1 and a sentence. */
static int read_file(const char *file, struct buf *out, char **why)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	char part[4096];
	ssize_t n = 0;

	if (fd < 0)
		*why = mem_format("The configuration file %s cannot be opened: %s.", file, strerror(errno));
	else if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size > FILE_BYTES_MAX)
		*why = mem_format("The configuration file %s must be a regular file of at most 1 MiB.", file);
	while (!*why && out->bytes <= FILE_BYTES_MAX && (n = read(fd, part, sizeof(part))) > 0)
		buf_add(out, part, (size_t)n);
	if (!*why && n < 0)
		*why = mem_format("The configuration file %s cannot be read: %s.", file, strerror(errno));
	if (fd >= 0)
		close(fd);
	return *why ? 1 : 0;
}

static int load_file(const char *file, struct conf *out, char **why)
{
	AUTO(buf_finish) struct buf bytes = { 0 }, text = { 0 };
	struct walk w = { conf_keys, conf_key_count, out, "", 0 };
	char *what = NULL;

	if (read_file(file, &bytes, why))
		return 1;
	buf_text(&bytes, "");
	if (conf_scan(bytes.data, bytes.bytes, &text, &what))
		*why = mem_format("%s %s", file, what);
	else if ((what = walk_text(&w, text.data)))
		*why = mem_format("%s line %u: %s", file, w.line ? w.line : 1, what);
	mem_free(&what);
	return *why ? 1 : 0;
}

static int set_path(char *at, size_t size, const char *name, const char *path, char **why)
{
	size_t n = strlen(path);

	while (n > 1 && path[n - 1] == '/')
		n--;
	if (n == 0 || n >= size) {
		*why = mem_format("%s must be a path of 1 to %zu bytes.", name, size - 1);
		return 1;
	}
	memcpy(at, path, n);
	return 0;
}

/* Sockets need an absolute path, and a process may change its folder. */
static int set_data_dir(struct conf *c, const char *dir, char **why)
{
	char here[sizeof(c->data_dir)], *path = NULL;
	int bad;

	if (!dir[0] || dir[0] == '/' || !getcwd(here, sizeof(here)))
		return set_path(c->data_dir, sizeof(c->data_dir), "The data directory", dir, why);
	path = mem_format("%s/%s", here, dir);
	bad = set_path(c->data_dir, sizeof(c->data_dir), "The data directory", path, why);
	mem_free(&path);
	return bad;
}

/* The last step of loading and of overriding: what depends on several keys. */
static int settle(struct conf *c, char **why)
{
	char *what = conf_check(c);

	if (what)
		*why = c->file[0] ? mem_format("%s: %s", c->file, what) : mem_text(what);
	mem_free(&what);
	return *why ? 1 : 0;
}

int conf_load(const char *file, const char *data_dir, struct conf *out, char **why)
{
	struct walk w = { conf_keys, conf_key_count, out, "", 0 };

	memset(out, 0, sizeof(*out));
	*why = walk_defaults(&w);
	if (*why || set_data_dir(out, data_dir ? data_dir : "data", why))
		return 1;
	if (file && (set_path(out->file, sizeof(out->file), "The configuration file", file, why) || load_file(file, out, why)))
		return 1;
	conf_ops_ports(out);
	return settle(out, why);
}

static int override_listen(const char *option, const char *text, char host[64], int *port, int *ops_port, char **why)
{
	int was = *port;

	if (!text)
		return 0;
	if (conf_host_port(text, host, port)) {
		*why = mem_format("%s must be ADDRESS:PORT, such as 127.0.0.1:8355, but it is \"%.60s\".", option, text);
		return 1;
	}
	if (*ops_port == was + 10 || *ops_port == was - 10)
		*ops_port = 0;
	return 0;
}

int conf_override(struct conf *c, const char *portal, const char *console, bool demo, char **why)
{
	*why = NULL;
	if (portal && strcmp(portal, "off") == 0) {
		c->portal_on = false;
		portal = NULL;
	} else if (portal) {
		c->portal_on = true;
	}
	if (override_listen("--portal", portal, c->portal_host, &c->portal_port, &c->portal_ops_port, why) ||
	    override_listen("--console", console, c->console_host, &c->console_port, &c->console_ops_port, why))
		return 1;
	conf_ops_ports(c);
	c->demo = demo;
	if (demo && (!conf_loopback(c->console_host) || (c->portal_on && !conf_loopback(c->portal_host)))) {
		*why = mem_format("--demo has staff with a published password, so portal and console must be on a loopback "
		                  "address such as 127.0.0.1; use --no-demo for any other.");
		return 1;
	}
	return settle(c, why);
}

char *conf_endpoint(const struct conf *c, const char *role)
{
	const struct {
		const char *role, *address;
	} rows[] = { { "intake", c->bus_intake.address }, { "web", c->bus_web.address }, { "worker", c->bus_worker.address },
		     { "open", c->bus_open.address },     { "hints", c->bus_hints.address } };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (strcmp(rows[i].role, role) == 0 && rows[i].address[0])
			return mem_text(rows[i].address);
	return mem_format("ipc://%s/run/%s.sock", c->data_dir, role);
}

char *conf_db(const struct conf *c, const char *name)
{
	return mem_format("%s/db/%s", c->data_dir, name);
}

char *conf_etc(const struct conf *c, const char *name)
{
	const char *slash = strrchr(c->file, '/');
	char *beside = NULL;

	if (c->etc_dir[0])
		return mem_format("%s/%s", c->etc_dir, name);
	beside = mem_format("%.*s/%s", slash ? (int)(slash - c->file) : 1, slash ? c->file : ".", name);
	if (c->file[0] && access(beside, R_OK) == 0)
		return beside;
	mem_free(&beside);
	return mem_format("%s/%s", QT_ETC_DIR, name);
}

const struct conf_desk *conf_desk(const struct conf *c, const char *kind)
{
	for (int i = 0; i < c->desks; i++)
		if (strcmp(c->desk[i].kind, kind) == 0)
			return &c->desk[i];
	return NULL;
}
