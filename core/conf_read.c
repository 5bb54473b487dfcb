/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One value of the file into one field of struct conf: a reader for each type of the schema. A reader gives NULL, or
 * the sentence that says what the key must be and what it is. Called by the walker in conf.c; it knows no key by name.
 */
#include "conf_schema.h"
#include "text.h"

#include <libconfig.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void *field(void *base, size_t offset)
{
	return (char *)base + offset;
}

static void put_number(void *at, size_t size, int64_t n)
{
	if (size == sizeof(int))
		*(int *)at = (int)n;
	else
		*(int64_t *)at = n;
}

/* The value as it stands in the file, cut to a length fit for a sentence. */
static void shown(const config_setting_t *s, char out[80])
{
	static const char *const kinds[] = { "nothing", "a group", "", "", "a number with a point", "", "", "an array",
		                             "a list" };
	int type = config_setting_type(s);

	if (type == CONFIG_TYPE_STRING)
		snprintf(out, 80, "\"%.40s\"", config_setting_get_string(s));
	else if (type == CONFIG_TYPE_INT || type == CONFIG_TYPE_INT64)
		snprintf(out, 80, "%lld", (long long)config_setting_get_int64(s));
	else if (type == CONFIG_TYPE_BOOL)
		snprintf(out, 80, "%s", config_setting_get_bool(s) ? "on" : "off");
	else
		snprintf(out, 80, "%s", kinds[type]);
	for (char *p = out; *p; p++)
		if ((unsigned char)*p < ' ')
			*p = '?';
}

PRINTF(3, 4) static char *wrong(const struct conf_key *key, const config_setting_t *s, const char *fmt, ...)
{
	char is[80], must[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(must, sizeof(must), fmt, ap);
	va_end(ap);
	shown(s, is);
	return mem_format("%s must be %s, but it is %s.", key->path, must, is);
}

static bool all_of(const char *s, const char *set)
{
	return strspn(s, set) == strlen(s);
}

static bool one_line(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			return false;
	return true;
}

static const char lower[] = "abcdefghijklmnopqrstuvwxyz", digit[] = "0123456789";
static const char code[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
static const char z85[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

static bool in_bounds(const struct conf_key *key, const char *s)
{
	size_t n = text_length(s);

	return n >= (size_t)key->min && n <= (size_t)key->max;
}

static bool code_fits(const struct conf_key *key, const char *s)
{
	return in_bounds(key, s) && strchr(lower, s[0]) && all_of(s, code);
}

static bool digits_fit(const struct conf_key *key, const char *s)
{
	return in_bounds(key, s) && all_of(s, digit);
}

static bool word_fits(const struct conf_key *key, const char *s)
{
	for (size_t i = 0; key->words[i]; i++)
		if (strcmp(key->words[i], s) == 0)
			return true;
	return false;
}

static bool url_fits(const struct conf_key *key, const char *s)
{
	return in_bounds(key, s) && (strncmp(s, "https://", 8) == 0 || strncmp(s, "http://", 7) == 0) && !strpbrk(s, " \"<>");
}

static bool endpoint_fits(const struct conf_key *key, const char *s)
{
	char host[64];
	int port;

	(void)key;
	return !s[0] || (strncmp(s, "ipc://", 6) == 0 && s[6]) ||
	       (strncmp(s, "tcp://", 6) == 0 && conf_host_port(s + 6, host, &port) == 0);
}

static bool z85_fits(const struct conf_key *key, const char *s)
{
	return (strlen(s) == 40 || (!s[0] && key->min == 0)) && all_of(s, z85);
}

static bool local_fits(const struct conf_key *key, const char *s)
{
	(void)key;
	return conf_loopback(s);
}

static bool (*const fits[CONF_TYPES])(const struct conf_key *key, const char *s) = {
	[CONF_TEXT] = in_bounds,  [CONF_CODE] = code_fits,         [CONF_DIGITS] = digits_fit, [CONF_WORD] = word_fits,
	[CONF_URL] = url_fits,    [CONF_ENDPOINT] = endpoint_fits, [CONF_Z85] = z85_fits,      [CONF_LOCAL] = local_fits,
};

static char *text_must(const struct conf_key *key)
{
	static const char *const musts[CONF_TYPES] = {
		[CONF_CODE] = "a short word of a-z, 0-9 and _ that begins with a letter",
		[CONF_URL] = "an address that begins with https:// or http://",
		[CONF_ENDPOINT] = "empty, ipc://PATH or tcp://ADDRESS:PORT",
		[CONF_Z85] = "a CURVE public key (40 characters of Z85)",
		[CONF_LOCAL] = "a loopback address such as 127.0.0.1 or ::1",
	};
	struct buf out = { 0 };

	if (musts[key->type])
		return mem_text(musts[key->type]);
	if (key->type == CONF_DIGITS)
		return mem_format("%lld to %lld digits in quotes", (long long)key->min, (long long)key->max);
	if (key->type != CONF_WORD)
		return mem_format("a text of %lld to %lld characters on one line", (long long)key->min, (long long)key->max);
	for (size_t i = 0; key->words[i]; i++)
		buf_format(&out, "%s\"%s\"", i ? " or " : "", key->words[i]);
	return out.data;
}

static char *read_text(const struct conf_key *key, const config_setting_t *s, void *base)
{
	const char *text = config_setting_get_string(s);
	char *must = NULL, *why = NULL;

	if (text && text_valid(text, strlen(text)) && one_line(text) && strlen(text) < key->size &&
	    fits[key->type](key, text)) {
		memset(field(base, key->offset), 0, key->size);
		memcpy(field(base, key->offset), text, strlen(text));
		return NULL;
	}
	must = text_must(key);
	why = wrong(key, s, "%s", must);
	mem_free(&must);
	return why;
}

static char *read_int(const struct conf_key *key, const config_setting_t *s, void *base)
{
	int type = config_setting_type(s);
	int64_t n = config_setting_get_int64(s);

	if ((type != CONFIG_TYPE_INT && type != CONFIG_TYPE_INT64) || n < key->min || n > key->max)
		return wrong(key, s, "a whole number from %lld to %lld", (long long)key->min, (long long)key->max);
	put_number(field(base, key->offset), key->size, n);
	return NULL;
}

static char *read_bool(const struct conf_key *key, const config_setting_t *s, void *base)
{
	if (config_setting_type(s) != CONFIG_TYPE_BOOL)
		return wrong(key, s, "on or off");
	*(bool *)field(base, key->offset) = config_setting_get_bool(s);
	return NULL;
}

static char *read_units(const struct conf_key *key, const config_setting_t *s, void *base)
{
	static const char *const examples[] = { "a duration such as \"90s\", \"15min\" or \"1h 30min\"",
		                                "a size such as \"64KiB\" or \"16MiB\"" };
	const char *text = config_setting_get_string(s);
	int64_t n = 0;
	int bad = !text || (key->type == CONF_TIME ? conf_time_ms(text, &n) : conf_size_bytes(text, &n));

	if (bad)
		return wrong(key, s, "%s", examples[key->type == CONF_SIZE]);
	if (n < key->min || n > key->max)
		return wrong(key, s, key->type == CONF_TIME ? "from %lldms to %lldms" : "from %lldB to %lldB", (long long)key->min,
		             (long long)key->max);
	put_number(field(base, key->offset), key->size, n);
	return NULL;
}

static char *read_listen(const struct conf_key *key, const config_setting_t *s, void *base)
{
	const char *text = config_setting_get_string(s);

	if (!text || conf_host_port(text, field(base, key->offset), field(base, key->offset2)))
		return wrong(key, s, "ADDRESS:PORT, such as \"127.0.0.1:8355\" or \"[::1]:8355\"");
	return NULL;
}

static char *read_hours(const struct conf_key *key, const config_setting_t *s, void *base)
{
	static const char must[] = "an array such as [ \"Mon-Fri 09:00-21:00\", \"Sat 10:00-16:00\" ], at most two a day";
	int count = 0, n = config_setting_length(s);

	if (config_setting_type(s) != CONFIG_TYPE_ARRAY)
		return wrong(key, s, "%s", must);
	memset(field(base, key->offset), 0, key->size);
	for (int i = 0; i < n; i++) {
		const config_setting_t *e = config_setting_get_elem(s, (unsigned)i);
		const char *text = config_setting_get_string(e);

		if (!text || conf_hours_add(text, field(base, key->offset), &count))
			return wrong(key, e, "%s", must);
	}
	*(int *)field(base, key->offset2) = count;
	return NULL;
}

static char *read_names(const struct conf_key *key, const config_setting_t *s, void *base)
{
	static const char host[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-:[]";
	char(*names)[128] = field(base, key->offset);
	int n = config_setting_length(s);

	if (config_setting_type(s) != CONFIG_TYPE_ARRAY || n > CONF_NAMES_MAX)
		return wrong(key, s, "an array of at most %d host names, such as [ \"help.example.org\" ]", CONF_NAMES_MAX);
	memset(names, 0, key->size);
	for (int i = 0; i < n; i++) {
		const config_setting_t *e = config_setting_get_elem(s, (unsigned)i);
		const char *text = config_setting_get_string(e);

		if (!text || !text[0] || strlen(text) > 127 || !all_of(text, host))
			return wrong(key, e, "made of host names, such as \"help.example.org\" or \"help.example.org:8443\"");
		memcpy(names[i], text, strlen(text));
	}
	*(int *)field(base, key->offset2) = n;
	return NULL;
}

char *conf_read(const struct conf_key *key, const config_setting_t *s, void *base)
{
	static char *(*const readers[CONF_TYPES])(const struct conf_key *, const config_setting_t *, void *) = {
		[CONF_TEXT] = read_text,   [CONF_CODE] = read_text,     [CONF_DIGITS] = read_text, [CONF_WORD] = read_text,
		[CONF_URL] = read_text,    [CONF_ENDPOINT] = read_text, [CONF_Z85] = read_text,    [CONF_LOCAL] = read_text,
		[CONF_INT] = read_int,     [CONF_BOOL] = read_bool,     [CONF_TIME] = read_units,  [CONF_SIZE] = read_units,
		[CONF_LISTEN] = read_listen, [CONF_HOURS] = read_hours, [CONF_NAMES] = read_names,
	};

	return readers[key->type](key, s, base);
}
