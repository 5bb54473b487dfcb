/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command line of every program, and what --help and --explain print. What is not among the common options must be
 * among the room's own; a refusal names the option and what would be right.
 */
#include "proc_impl.h"

#include <stddef.h>
#include <string.h>

struct common {
	struct proc_option option;
	size_t text, flag; /* where it goes in struct proc_options; one of the two */
	bool value;        /* of the flag */
};
#define TEXT_AT(member) offsetof(struct proc_options, member), 0, false
#define FLAG_AT(member, value) 0, offsetof(struct proc_options, member), value

static const struct common commons[] = {
	{ { "--config", "FILE", "The configuration; without it every key has its default." }, TEXT_AT(config) },
	{ { "--data", "DIR", "The data directory (default: data)." }, TEXT_AT(data) },
	{ { "--portal", "HOST:PORT", "Where the portal listens, or off." }, TEXT_AT(portal) },
	{ { "--console", "HOST:PORT", "Where the console listens." }, TEXT_AT(console) },
	{ { "--demo", NULL, "Demo staff with a published password; only on loopback addresses." }, FLAG_AT(demo, true) },
	{ { "--no-demo", NULL, "No demo staff (the default)." }, FLAG_AT(demo, false) },
	{ { "--debug", NULL, "Log more." }, FLAG_AT(debug, true) },
	{ { "--check", NULL, "Say whether options and configuration are fine, and end." }, FLAG_AT(check, true) },
	{ { "--explain", NULL, "Say what this program may do and talk to, and end." }, FLAG_AT(explain, true) },
	{ { "--summary", NULL, "Print addresses and desks as name=value lines, and end." }, FLAG_AT(summary, true) },
	{ { "--sample", NULL, "Print the configuration file that holds every default, and end." }, FLAG_AT(sample, true) },
	{ { "--reference", NULL, "Print the table of all configuration keys, and end." }, FLAG_AT(reference, true) },
	{ { "--help", NULL, "Print this, and end." }, FLAG_AT(help, true) },
	{ { "--version", NULL, "Print the version, and end." }, FLAG_AT(version, true) },
};

/* The value of "--name=value", or NULL; *same tells whether the argument is that option at all. */
static const char *glued(const char *argument, const char *name, bool *same)
{
	size_t n = strlen(name);

	*same = strncmp(argument, name, n) == 0 && (argument[n] == 0 || argument[n] == '=');
	return *same && argument[n] == '=' ? argument + n + 1 : NULL;
}

/* One argument against one option. 0 no; 1 taken (*i moved past a value); -1 it lacks a value or has one too many. */
static int match(const struct proc_option *o, int argc, char **argv, int *i, const char **value)
{
	bool same;

	*value = glued(argv[*i], o->name, &same);
	if (!same)
		return 0;
	if (!o->value)
		return *value ? -1 : 1;
	if (!*value && *i + 1 < argc && strncmp(argv[*i + 1], "--", 2) != 0)
		*value = argv[++*i];
	return *value && **value ? 1 : -1;
}

static int bad_value(const struct process *p, const struct proc_option *o, char **why)
{
	*why = o->value ? mem_format("%s: %s needs a value: %s %s.", p->name, o->name, o->name, o->value) :
	                  mem_format("%s: %s takes no value.", p->name, o->name);
	return -1;
}

static int read_common(const struct process *p, int argc, char **argv, int *i, struct proc_options *out, char **why)
{
	for (size_t k = 0; k < ARRAY_LEN(commons); k++) {
		const char *value;
		int found = match(&commons[k].option, argc, argv, i, &value);

		if (found < 0)
			return bad_value(p, &commons[k].option, why);
		if (found && commons[k].option.value)
			*(const char **)(void *)((char *)out + commons[k].text) = value;
		else if (found)
			*(bool *)((char *)out + commons[k].flag) = commons[k].value;
		if (found)
			return 1;
	}
	return 0;
}

/* The room's own: kept for open as they stand. */
static int read_own(const struct process *p, int argc, char **argv, int *i, struct proc_options *out, char **why)
{
	int first = *i, found = p->options ? 0 : 1;
	const char *value;

	if (p->task_option && strcmp(argv[*i], p->task_option) == 0) {
		out->task = true;
		found = 1;
	}
	for (const struct proc_option *o = p->options; o && o->name && !found; o++) {
		found = match(o, argc, argv, i, &value);
		if (found < 0)
			return bad_value(p, o, why);
	}
	if (!found) {
		*why = mem_format("%s: there is no option %.60s; %s --help lists them.", p->name, argv[*i], p->name);
		return -1;
	}
	while (first <= *i)
		out->rest[out->rest_count++] = argv[first++];
	return 1;
}

int proc_options_read(const struct process *p, int argc, char **argv, struct proc_options *out, char **why)
{
	*out = (struct proc_options){ .rest = mem_array((size_t)argc + 1, sizeof(char *)) };
	out->rest[out->rest_count++] = argv[0];
	for (int i = 1; i < argc; i++) {
		int found = read_common(p, argc, argv, &i, out, why);

		if (found == 0)
			found = read_own(p, argc, argv, &i, out, why);
		if (found < 0)
			return PROC_OPTIONS_BAD;
	}
	return 0;
}

const char *proc_value(int argc, char **argv, const char *option)
{
	const struct proc_option o = { option, "VALUE", "" };
	const char *value, *last = NULL;

	for (int i = 1; i < argc; i++)
		if (match(&o, argc, argv, &i, &value) > 0)
			last = value;
	return last;
}

bool proc_flag(int argc, char **argv, const char *option)
{
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], option) == 0)
			return true;
	return false;
}

static void help_line(struct buf *out, const struct proc_option *o)
{
	char *left = mem_format("%s%s%s", o->name, o->value ? " " : "", o->value ? o->value : "");

	buf_format(out, "  %-22s %s\n", left, o->doc);
	mem_free(&left);
}

char *proc_options_help(const struct process *p)
{
	struct buf out = { 0 };

	buf_format(&out, "%s: one of the programs of Qingting; `./hotline run` starts them all.\n", p->name);
	for (const struct proc_option *o = p->options; o && o->name; o++)
		help_line(&out, o);
	for (size_t i = 0; i < ARRAY_LEN(commons); i++)
		help_line(&out, &commons[i].option);
	return out.data;
}

static void explain_list(struct buf *out, const char *what, const char *const *list)
{
	buf_format(out, "%-9s", what);
	for (size_t i = 0; list && list[i]; i++)
		buf_format(out, "%s%s", i ? ", " : "", list[i]);
	buf_text(out, list && list[0] ? "\n" : "nothing\n");
}

char *proc_explain(const struct process *p, const struct conf *c)
{
	static const char *const stores[] = { "none", "read only", "read and write (the only writer)" };
	struct buf out = { 0 };

	buf_format(&out, "%-9s%s\n", "name", p->name);
	explain_list(&out, "binds", p->binds);
	explain_list(&out, "connects", p->connects);
	buf_format(&out, "%-9s%s\n", "store", stores[p->store]);
	explain_list(&out, "keys", p->keys);
	if (p->memory_bytes)
		buf_format(&out, "%-9s%lld bytes\n", "memory", (long long)p->memory_bytes);
	if (p->files)
		buf_format(&out, "%-9s%d descriptors\n", "files", p->files);
	buf_format(&out, "%-9s%s\n", "data", c->data_dir);
	return out.data;
}
