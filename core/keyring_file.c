/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One key file: a look at who owns it and who may read it, a strict parser, an atomic writer. It knows no meaning of a
 * key, only which keys can be nobody's: all one byte, repeated, or printed in a manual.
 */
#include "keyring_inner.h"

#include "text.h"
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

const char keyring_folder[] = "keys", keyring_folder_new[] = "keys.new";

enum { FILE_BYTES_MAX = 512 * 1024, HEX_BYTES = 2 * SEAL_KEY_BYTES, NUMBER_DIGITS_MAX = 18 };

/* The key pairs printed in the manual page zmq_curve(7). */
static const char *const published[] = {
	"54fcba24e93249969316fb617c872bb0c1d1ff14800427c594cbfacf1bc2d652",
	"8e0bdd697628b91d8f245587ee95c5b04d48963f79259877b49cd9063aead3b7",
	"bb88471d65e2659b30c55a5321cebb5aab2b70a398645c26dca2b2fcb43fc518",
	"7bb864b489afa3671fbe69101f94b38972f24816dfb01b51656b3fec8dfd0888",
};

int keyring_refuse(char **why, const char *fmt, ...)
{
	va_list ap;
	char *s = NULL;

	mem_free(why);
	va_start(ap, fmt);
	if (vasprintf(&s, fmt, ap) < 0)
		s = mem_text("The key files are refused.");
	va_end(ap);
	*why = s;
	return KEYRING_REFUSED;
}

int keyring_fault(char **why, const struct keyring_place *place, const char *file, const char *what)
{
	int error = errno;

	mem_free(why);
	*why = mem_format("%s/%s%s%s could not be %s: %s.", place->data_dir, place->folder, *file ? "/" : "", file,
	                  what, strerror(error));
	return error ? -error : -EIO;
}

void keyring_lines_finish(struct keyring_lines *lines)
{
	if (lines->secret)
		seal_locked_free(&lines->line);
	else
		mem_free(&lines->line);
	lines->count = 0;
}

const struct keyring_line *keyring_lines_find(const struct keyring_lines *lines, const char *name)
{
	for (size_t i = 0; i < lines->count; i++)
		if (!strcmp(lines->line[i].name, name))
			return &lines->line[i];
	return NULL;
}

int keyring_folder_open(const struct keyring_place *place, int *fd, char **why)
{
	char *path = mem_format("%s/%s", place->data_dir, place->folder);
	struct stat st;
	int outcome = 0, error;

	*fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	error = errno;
	mem_free(&path);
	errno = error;
	if (*fd < 0 && error == ENOENT) {
		keyring_refuse(why, "%s/%s does not exist: there are no keys yet; found the house first.",
		               place->data_dir, place->folder);
		return KEYRING_MISSING;
	}
	if (*fd < 0 || fstat(*fd, &st))
		outcome = keyring_fault(why, place, "", "opened");
	else if (st.st_uid != geteuid() && st.st_uid != 0)
		outcome = keyring_refuse(why,
		                         "%s/%s belongs to another user (uid %u): it must belong to uid %u or to root.",
		                         place->data_dir, place->folder, (unsigned)st.st_uid, (unsigned)geteuid());
	else if (st.st_mode & 022)
		outcome = keyring_refuse(why, "%s/%s can be written by others (mode %04o): set it to 0700 or 0711.",
		                         place->data_dir, place->folder, (unsigned)st.st_mode & 07777);
	if (outcome && *fd >= 0) {
		close(*fd);
		*fd = -1;
	}
	return outcome;
}

/* What is wrong with the file itself, NULL when nothing. */
static int file_check(const struct keyring_place *place, const char *file, const struct stat *st, char **why)
{
	bool secret = strcmp(file, "public") != 0;
	unsigned bad = secret ? 077 : 022;

	if (!S_ISREG(st->st_mode))
		return keyring_refuse(why, "%s/%s/%s is not a regular file: put the key file itself there.",
		                      place->data_dir, place->folder, file);
	if (st->st_uid != geteuid() && st->st_uid != 0)
		return keyring_refuse(why,
		                      "%s/%s/%s belongs to another user (uid %u): it must belong to uid %u or to root.",
		                      place->data_dir, place->folder, file, (unsigned)st->st_uid, (unsigned)geteuid());
	if (st->st_mode & bad)
		return keyring_refuse(why, "%s/%s/%s can be %s by others (mode %04o): set it to %s.", place->data_dir,
		                      place->folder, file, secret ? "read or written" : "written",
		                      (unsigned)st->st_mode & 07777, secret ? "0600" : "0644");
	if (st->st_size <= 0 || st->st_size > FILE_BYTES_MAX)
		return keyring_refuse(why,
		                      "%s/%s/%s has %lld bytes, which no key file has: restore it from the backup.",
		                      place->data_dir, place->folder, file, (long long)st->st_size);
	return 0;
}

static bool name_character(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c && strchr(":._-", c));
}

/* "<name> <number> <64 hex>", exactly. */
static bool line_parse(const char *s, size_t n, struct keyring_line *out)
{
	size_t name = 0, digits = 0;
	char hex[HEX_BYTES + 1];
	const char *number;
	bool good;

	while (name < n && name_character(s[name]))
		name++;
	if (!name || name >= sizeof(out->name) || name == n || s[name] != ' ')
		return false;
	number = s + name + 1;
	n -= name + 1;
	while (digits < n && number[digits] >= '0' && number[digits] <= '9')
		digits++;
	if (!digits || digits > NUMBER_DIGITS_MAX || number[0] == '0' || n != digits + 1 + HEX_BYTES ||
	    number[digits] != ' ')
		return false;
	memcpy(out->name, s, name);
	out->name[name] = 0;
	out->number = 0;
	for (size_t i = 0; i < digits; i++)
		out->number = out->number * 10 + (number[i] - '0');
	memcpy(hex, number + digits + 1, HEX_BYTES);
	hex[HEX_BYTES] = 0;
	good = hex_read(hex, out->key, SEAL_KEY_BYTES) == SEAL_KEY_BYTES;
	seal_wipe(hex, sizeof(hex));
	return good;
}

/* Why nobody can have drawn this key, NULL when somebody can. */
static const char *key_weakness(const uint8_t key[SEAL_KEY_BYTES])
{
	static const uint8_t zero[SEAL_KEY_BYTES];
	uint8_t known[SEAL_KEY_BYTES];

	if (seal_same(key, zero, sizeof(zero)))
		return "is all zero";
	for (size_t period = 1; period < SEAL_KEY_BYTES; period *= 2)
		if (seal_same(key, key + period, SEAL_KEY_BYTES - period))
			return "repeats itself";
	for (size_t i = 0; i < ARRAY_LEN(published); i++)
		if (hex_read(published[i], known, sizeof(known)) == sizeof(known) &&
		    seal_same(key, known, sizeof(known)))
			return "is a published test key";
	return NULL;
}

static int lines_check(const struct keyring_place *place, const char *file, const struct keyring_lines *lines,
                       char **why)
{
	const struct keyring_line *a, *b;
	const char *weakness;

	for (size_t i = 0; i < lines->count; i++) {
		a = &lines->line[i];
		weakness = key_weakness(a->key);
		if (weakness)
			return keyring_refuse(why, "%s/%s/%s: the key \"%s\" %s: make a new one or restore the file.",
			                      place->data_dir, place->folder, file, a->name, weakness);
		for (size_t j = 0; j < i; j++) {
			b = &lines->line[j];
			if (seal_same(a->key, b->key, SEAL_KEY_BYTES))
				return keyring_refuse(
					why, "%s/%s/%s: the keys \"%s\" and \"%s\" are equal: each must be its own.",
					place->data_dir, place->folder, file, b->name, a->name);
			if (!strcmp(a->name, b->name) && a->number == b->number)
				return keyring_refuse(why, "%s/%s/%s: \"%s %lld\" stands there twice: keep one.",
				                      place->data_dir, place->folder, file, a->name,
				                      (long long)a->number);
		}
	}
	return 0;
}

static int lines_parse(const struct keyring_place *place, const char *file, const char *text, size_t n,
                       struct keyring_lines *out, char **why)
{
	char head[80];
	size_t count = 0, at, row = 1;
	const char *end;

	for (size_t i = 0; i < n; i++)
		count += text[i] == '\n';
	at = (size_t)snprintf(head, sizeof(head), "qingting-keys 1 %s\n", file);
	if (at >= sizeof(head) || n < at || memcmp(text, head, at))
		return keyring_refuse(
			why, "%s/%s/%s: line 1 must be \"qingting-keys 1 %s\": this is another file or version.",
			place->data_dir, place->folder, file, file);
	if (count < 2 || count - 1 > KEYRING_HALVES_MAX)
		return keyring_refuse(why, "%s/%s/%s holds %zu keys: between 1 and %d are lawful.", place->data_dir,
		                      place->folder, file, count - 1, (int)KEYRING_HALVES_MAX);
	out->line = out->secret ? seal_locked_new((count - 1) * sizeof(*out->line))
	                        : mem_array(count - 1, sizeof(*out->line));
	for (; at < n; at = (size_t)(end - text) + 1) {
		row++;
		end = memchr(text + at, '\n', n - at);
		if (!end || !line_parse(text + at, (size_t)(end - text) - at, &out->line[out->count]))
			return keyring_refuse(
				why,
				"%s/%s/%s, line %zu: not \"<name> <number> <64 lower-case hex digits>\" and a newline: "
				"the key is missing, of a wrong length or damaged.",
				place->data_dir, place->folder, file, row);
		out->count++;
	}
	return 0;
}

static int text_read(int fd, char *text, size_t n)
{
	size_t done = 0;
	ssize_t got;

	while (done < n) {
		got = read(fd, text + done, n - done);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (!got)
			return -EIO;
		done += (size_t)got;
	}
	return 0;
}

static int file_parse(const struct keyring_place *place, const char *file, int fd, struct keyring_lines *out,
                      char **why)
{
	struct stat st;
	char *text;
	size_t n;
	int outcome;

	if (fstat(fd, &st))
		return keyring_fault(why, place, file, "looked at");
	outcome = file_check(place, file, &st, why);
	if (outcome)
		return outcome;
	n = (size_t)st.st_size;
	text = seal_locked_new(n);
	outcome = text_read(fd, text, n);
	if (outcome) {
		errno = -outcome;
		outcome = keyring_fault(why, place, file, "read");
	} else {
		outcome = lines_parse(place, file, text, n, out, why);
	}
	seal_locked_free(&text);
	return outcome ? outcome : lines_check(place, file, out, why);
}

int keyring_file_read(const struct keyring_place *place, const char *file, struct keyring_lines *out, char **why)
{
	int folder, fd, outcome;

	*out = (struct keyring_lines){ .secret = strcmp(file, "public") != 0 };
	outcome = keyring_folder_open(place, &folder, why);
	if (outcome)
		return outcome;
	fd = openat(folder, file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT) {
		keyring_refuse(why, "%s/%s/%s does not exist: found the house, or restore the file from the backup.",
		               place->data_dir, place->folder, file);
		outcome = KEYRING_MISSING;
	} else if (fd < 0 && errno == ELOOP) {
		outcome = keyring_refuse(why, "%s/%s/%s is a symbolic link: put the key file itself there.",
		                         place->data_dir, place->folder, file);
	} else if (fd < 0) {
		outcome = keyring_fault(why, place, file, "opened");
	} else {
		outcome = file_parse(place, file, fd, out, why);
		close(fd);
	}
	close(folder);
	if (outcome)
		keyring_lines_finish(out);
	return outcome;
}
