/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The schema as text for people: the sample file (etc/qingting.conf), the manual's table (doc/configuration.md), and
 * the few lines ./hotline asks for. The defaults are loaded from the same text, so sample and defaults cannot differ.
 */
#include "conf_schema.h"

#include <string.h>

static const char sample_head[] =
	"# SPDX-License-Identifier: Apache-2.0\n"
	"# The one configuration file of Qingting. Every key stands here with its default; leave out what you do not change.\n"
	"# Durations and sizes are texts with units (\"90s\", \"1h 30min\", \"16MiB\"). Unknown keys are refused. "
	"After a change:\n"
	"#   router --config FILE --check     says whether it is fine, or which line is wrong and what would be right\n"
	"# Made by `router --sample`; the sentences come from core/conf_table.c.\n\n";

static void write_units(struct buf *out, int64_t n, const char *const *names, const int64_t *of, size_t count)
{
	for (size_t i = count; i-- > 0;)
		if (n % of[i] == 0 && (n || i == 0)) {
			buf_format(out, "%lld%s", (long long)(n / of[i]), names[i]);
			return;
		}
}

static void write_amount(struct buf *out, enum conf_type type, int64_t n)
{
	static const char *const times[] = { "ms", "s", "min", "h", "d" }, *const sizes[] = { "B", "KiB", "MiB", "GiB" };
	static const int64_t times_of[] = { 1, 1000, 60000, 3600000, 86400000 }, sizes_of[] = { 1, 1024, 1048576, 1073741824 };

	if (type == CONF_TIME)
		write_units(out, n, times, times_of, ARRAY_LEN(times));
	else if (type == CONF_SIZE)
		write_units(out, n, sizes, sizes_of, ARRAY_LEN(sizes));
	else
		buf_format(out, "%lld", (long long)n);
}

/* "whole number, 8 to 60000" */
static void write_kind(struct buf *out, const struct conf_key *key)
{
	static const char *const kinds[CONF_TYPES] = {
		[CONF_TEXT] = "text", [CONF_CODE] = "code (a-z, 0-9, _)", [CONF_DIGITS] = "digits in quotes", [CONF_WORD] = "one of",
		[CONF_URL] = "http(s) address", [CONF_ENDPOINT] = "empty, ipc://… or tcp://HOST:PORT",
		[CONF_Z85] = "40 characters of Z85",
		[CONF_INT] = "whole number", [CONF_BOOL] = "on or off", [CONF_TIME] = "duration", [CONF_SIZE] = "size",
		[CONF_LISTEN] = "HOST:PORT", [CONF_LOCAL] = "loopback address", [CONF_HOURS] = "array of \"Mon-Fri 09:00-21:00\"",
		[CONF_NAMES] = "array of host names", [CONF_LIST] = "list",
	};

	buf_text(out, kinds[key->type]);
	for (size_t i = 0; key->words && key->words[i]; i++)
		buf_format(out, "%s %s", i ? "," : "", key->words[i]);
	if (key->type == CONF_TEXT || key->type == CONF_DIGITS || key->type == CONF_CODE)
		buf_format(out, ", %lld to %lld long", (long long)key->min, (long long)key->max);
	if (key->type == CONF_INT || key->type == CONF_TIME || key->type == CONF_SIZE) {
		buf_text(out, ", ");
		write_amount(out, key->type, key->min);
		buf_text(out, " to ");
		write_amount(out, key->type, key->max);
	}
	if (key->list)
		buf_format(out, ", %d to %d", key->list->rows_min, key->list->rows_max);
}

static void write_row(struct buf *out, const char *before, const struct conf_key *key)
{
	buf_format(out, "| `%s%s` | ", before, key->path);
	write_kind(out, key);
	buf_text(out, " | ");
	if (key->list)
		buf_text(out, "see the sample");
	else
		buf_format(out, key->fallback ? "`%s`" : "must be given", key->fallback);
	buf_format(out, " | %s |\n", key->doc);
	for (size_t i = 0; key->list && i < key->list->key_count; i++) {
		char *under = mem_format("%s%s[].", before, key->path);

		write_row(out, under, &key->list->keys[i]);
		mem_free(&under);
	}
}

char *conf_doc(void)
{
	struct buf out = { 0 };

	buf_text(&out, "# Configuration\n\nOne file, read by every program at its start; `etc/qingting.conf` holds every key "
	               "with its default. Unknown keys are refused, and an error names the file, the line and what would be "
	               "right. `router --config FILE --check` tries a file out. This page is made by `router --reference`.\n\n"
	               "| key | type and range | default | meaning |\n|---|---|---|---|\n");
	for (size_t i = 0; i < conf_key_count; i++)
		write_row(&out, "", &conf_keys[i]);
	return out.data;
}

/* A value may have lines of its own (lists); they move in with the group. */
static void write_value(struct buf *out, const char *value, const char *indent)
{
	for (const char *line; (line = strchr(value, '\n')); value = line + 1) {
		buf_add(out, value, (size_t)(line - value));
		buf_format(out, "\n%s", indent);
	}
	buf_format(out, "%s;\n", value);
}

static size_t group_length(const char *path)
{
	const char *dot = strchr(path, '.');

	return dot ? (size_t)(dot - path) : 0;
}

static void write_sentence(struct buf *out, const struct conf_key *key, const char *indent)
{
	buf_format(out, "%s# %s (", indent, key->doc);
	write_kind(out, key);
	buf_text(out, ")\n");
	for (size_t i = 0; key->list && i < key->list->key_count; i++) {
		const struct conf_key *k = &key->list->keys[i];

		buf_format(out, "%s#   %s", indent, k->path);
		buf_format(out, k->fallback ? " = %s: %s\n" : "%s: %s\n", k->fallback ? k->fallback : "", k->doc);
	}
}

void conf_write(struct buf *out, const struct conf_key *keys, size_t count, bool commented)
{
	const char *group = "";
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		size_t in = group_length(keys[i].path);
		const char *indent = in ? "\t" : "";

		if (!keys[i].fallback)
			continue;
		if (in != n || strncmp(group, keys[i].path, in) != 0) {
			buf_text(out, n ? "};\n" : "");
			buf_text(out, commented ? "\n" : "");
			if (in)
				buf_format(out, "%.*s :\n{\n", (int)in, keys[i].path);
		}
		group = keys[i].path;
		n = in;
		if (commented)
			write_sentence(out, &keys[i], indent);
		buf_format(out, "%s%s = ", indent, keys[i].path + (in ? in + 1 : 0));
		write_value(out, keys[i].fallback, indent);
	}
	buf_text(out, n ? "};\n" : "");
}

char *conf_sample(void)
{
	struct buf out = { 0 };

	buf_text(&out, sample_head);
	conf_write(&out, conf_keys, conf_key_count, true);
	return out.data;
}

static void write_host_port(struct buf *out, const char *name, const char *host, int port)
{
	buf_format(out, strchr(host, ':') ? "%s=[%s]:%d\n" : "%s=%s:%d\n", name, host, port);
}

char *conf_summary(const struct conf *c)
{
	struct buf out = { 0 };
	char *bus = conf_endpoint(c, "open");

	buf_text(&out, "desks=");
	for (int i = 0, n = 0; i < c->desks; i++)
		if (c->desk[i].open)
			buf_format(&out, "%s%s", n++ ? " " : "", c->desk[i].kind);
	buf_text(&out, "\n");
	if (c->portal_on) {
		write_host_port(&out, "portal", c->portal_host, c->portal_port);
		write_host_port(&out, "portal_ops", c->ops_host, c->portal_ops_port);
	} else {
		buf_text(&out, "portal=off\n");
	}
	write_host_port(&out, "console", c->console_host, c->console_port);
	write_host_port(&out, "console_ops", c->ops_host, c->console_ops_port);
	buf_format(&out, "bus=%s\n", bus);
	mem_free(&bus);
	return out.data;
}
