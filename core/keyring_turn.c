/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys that change while the house stands: replay keys, worker pairs, further desks and generations; and the look at
 * all files at once. Called by the command that minds the keys, never by a serving process.
 */
#include "keyring_inner.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

/* One hand at a time in the folder. Gives the descriptor to close. */
static int folder_lock(const struct keyring_place *place, int *fd, char **why)
{
	int outcome = keyring_folder_open(place, fd, why);

	if (outcome)
		return outcome;
	if (flock(*fd, LOCK_EX)) {
		outcome = keyring_fault(why, place, "", "locked");
		close(*fd);
	}
	return outcome;
}

/* Rewrites file with a new key under name; the old one becomes "<name>-before" until until_ms. *key and *number: the
 * new one. */
static int file_turn(const struct keyring_place *place, const char *file, const char *name, int64_t until_ms,
                     uint8_t key[SEAL_KEY_BYTES], int64_t *number, char **why)
{
	char before[SEAL_NAME_BYTES];
	struct keyring_lines lines;
	const struct keyring_line *now;
	struct keyring_out out;
	int outcome = keyring_file_read(place, file, &lines, why);

	if (outcome)
		return outcome;
	now = keyring_lines_find(&lines, name);
	if (!now) {
		keyring_lines_finish(&lines);
		return keyring_refuse(why, "%s/%s/%s lacks the key \"%s\": restore the file from the backup.",
		                      place->data_dir, place->folder, file, name);
	}
	snprintf(before, sizeof(before), "%s-before", name);
	*number = now->number + 1;
	seal_random(key, SEAL_KEY_BYTES);
	keyring_out_open(&out, place, file);
	for (size_t i = 0; i < lines.count; i++)
		if (&lines.line[i] != now && strcmp(lines.line[i].name, before))
			keyring_out_line(&out, lines.line[i].name, lines.line[i].number, lines.line[i].key);
	keyring_out_line(&out, name, *number, key);
	keyring_out_line(&out, before, until_ms > 0 ? until_ms : 1, now->key);
	keyring_lines_finish(&lines);
	return keyring_out_done(&out, why);
}

/* Adds one half to keys/public. */
static int public_add(const struct keyring_place *place, const char *name, int64_t number,
                      const uint8_t key[SEAL_KEY_BYTES], char **why)
{
	struct keyring_lines lines;
	struct keyring_out out;
	int outcome = keyring_file_read(place, "public", &lines, why);

	if (outcome)
		return outcome;
	if (lines.count >= KEYRING_HALVES_MAX) {
		keyring_lines_finish(&lines);
		return keyring_refuse(why, "%s/%s/public is full: remove generations nobody holds any more.",
		                      place->data_dir, place->folder);
	}
	keyring_out_open(&out, place, "public");
	for (size_t i = 0; i < lines.count; i++)
		keyring_out_line(&out, lines.line[i].name, lines.line[i].number, lines.line[i].key);
	keyring_out_line(&out, name, number, key);
	keyring_lines_finish(&lines);
	return keyring_out_done(&out, why);
}

int keyring_turn_replay(const char *data_dir, int64_t until_ms, char **why)
{
	static const char *const files[] = { "intake", "web" };
	struct keyring_place place = { data_dir, keyring_folder };
	uint8_t key[SEAL_KEY_BYTES];
	int64_t number;
	int fd, outcome = folder_lock(&place, &fd, why);

	if (outcome)
		return outcome;
	for (size_t i = 0; !outcome && i < ARRAY_LEN(files); i++)
		outcome = file_turn(&place, files[i], "replay", until_ms, key, &number, why);
	seal_wipe(key, sizeof(key));
	close(fd);
	return outcome;
}

int keyring_turn_worker(const char *data_dir, const char *kind, int64_t until_ms, char **why)
{
	struct keyring_place place = { data_dir, keyring_folder };
	char file[32], name[SEAL_NAME_BYTES];
	struct keyring_out out;
	struct seal_pair pair;
	int64_t number = 1;
	int fd, outcome;

	if (!keyring_worker_file(kind, file))
		return keyring_refuse(why, "\"%.32s\" is no kind of desk: use 1 to 15 of a-z, 0-9, - and _.", kind);
	outcome = folder_lock(&place, &fd, why);
	if (outcome)
		return outcome;
	outcome = file_turn(&place, file, "pair", until_ms, pair.secret, &number, why);
	if (outcome == KEYRING_MISSING) { /* a kind of desk that is new */
		mem_free(why);
		seal_random(pair.secret, sizeof(pair.secret));
		keyring_out_open(&out, &place, file);
		keyring_out_line(&out, "pair", number, pair.secret);
		outcome = keyring_out_done(&out, why);
	}
	if (!outcome) {
		seal_pair_from(pair.secret, &pair);
		snprintf(name, sizeof(name), "worker:%s", kind);
		outcome = public_add(&place, name, number, pair.public, why);
	}
	seal_wipe(&pair, sizeof(pair));
	close(fd);
	return outcome;
}

/* The file without its old pair, and with a new one. */
static int curve_renew(const struct keyring_place *place, const char *file, struct seal_pair *pair, int64_t number,
                       char **why)
{
	struct keyring_lines lines;
	struct keyring_out out;
	int outcome = keyring_file_read(place, file, &lines, why);

	if (outcome)
		return outcome;
	seal_pair_new(pair);
	keyring_out_open(&out, place, file);
	for (size_t i = 0; i < lines.count; i++)
		if (strcmp(lines.line[i].name, "curve"))
			keyring_out_line(&out, lines.line[i].name, lines.line[i].number, lines.line[i].key);
	keyring_out_line(&out, "curve", number, pair->secret);
	keyring_lines_finish(&lines);
	return keyring_out_done(&out, why);
}

int keyring_turn_curve(const char *data_dir, const char *file, char **why)
{
	struct keyring_place place = { data_dir, keyring_folder };
	char name[SEAL_NAME_BYTES], worker[32];
	bool room = !strcmp(file, "router") || !strcmp(file, "intake") || !strcmp(file, "web") ||
		    (!strncmp(file, "worker.", 7) && keyring_worker_file(file + 7, worker));
	struct keyring_public *p = NULL;
	const struct seal_target *newest;
	struct seal_pair pair;
	int64_t number = 1;
	int fd, outcome;

	if (!room)
		return keyring_refuse(why, "\"%.32s\" is no room on the bus: give router, intake, web or worker.KIND.", file);
	outcome = folder_lock(&place, &fd, why);
	if (outcome)
		return outcome;
	snprintf(name, sizeof(name), "curve:%s", file);
	outcome = keyring_public_load_at(&place, &p, why);
	if (!outcome) {
		newest = keyring_target(p, name);
		number += newest ? newest->generation : 0;
		outcome = curve_renew(&place, file, &pair, number, why);
	}
	if (!outcome)
		outcome = public_add(&place, name, number, pair.public, why);
	keyring_public_free(&p);
	seal_wipe(&pair, sizeof(pair));
	close(fd);
	return outcome;
}

int keyring_add(const char *data_dir, const char *name, struct keyring_secret *out, char **why)
{
	struct keyring_place place = { data_dir, keyring_folder };
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789._-:");
	struct keyring_public *p = NULL;
	const struct seal_target *newest;
	struct seal_pair pair;
	int fd, outcome;

	if (name[n] || n >= SEAL_NAME_BYTES || (strncmp(name, "desk:", 5) && strncmp(name, "oversight:", 10)))
		return keyring_refuse(
			why, "\"%.64s\" is no pair that can be added: give desk:<site>.<kind> or oversight:<site>.",
			name);
	outcome = folder_lock(&place, &fd, why);
	if (outcome)
		return outcome;
	outcome = keyring_public_load_at(&place, &p, why);
	if (!outcome) {
		newest = keyring_target(p, name);
		seal_pair_new(&pair);
		memset(out, 0, sizeof(*out));
		memcpy(out->target.name, name, n);
		out->target.generation = newest ? newest->generation + 1 : 1;
		memcpy(out->target.public, pair.public, SEAL_KEY_BYTES);
		memcpy(out->secret, pair.secret, SEAL_KEY_BYTES);
		seal_wipe(&pair, sizeof(pair));
		outcome = public_add(&place, name, out->target.generation, out->target.public, why);
	}
	keyring_public_free(&p);
	close(fd);
	return outcome;
}

static int files_differ_two(const struct keyring_place *place, const char *a_file, const struct keyring_lines *a,
                            const char *b_file, const struct keyring_lines *b, char **why)
{
	for (size_t i = 0; i < a->count; i++)
		for (size_t j = 0; j < b->count; j++)
			if (seal_same(a->line[i].key, b->line[j].key, SEAL_KEY_BYTES))
				return keyring_refuse(why, "%s/%s: \"%s\" in %s and \"%s\" in %s are equal: renew one.",
				                      place->data_dir, place->folder, a->line[i].name, a_file,
				                      b->line[j].name, b_file);
	return 0;
}

/* No secret may stand in two files. */
static int files_differ(const struct keyring_place *place, char files[][32], size_t count, char **why)
{
	struct keyring_lines *lines = mem_array(count, sizeof(*lines));
	int outcome = 0;

	for (size_t i = 0; !outcome && i < count; i++) {
		outcome = keyring_file_read(place, files[i], &lines[i], why);
		for (size_t j = 0; !outcome && j < i; j++)
			outcome = files_differ_two(place, files[j], &lines[j], files[i], &lines[i], why);
	}
	for (size_t i = 0; i < count; i++)
		keyring_lines_finish(&lines[i]);
	mem_free(&lines);
	return outcome;
}

static int rooms_check(const char *data_dir, int64_t now_ms, char **why)
{
	struct keyring_intake *intake = NULL;
	struct keyring_web *web = NULL;
	struct keyring_row *row = NULL;
	struct keyring_curve *router = NULL;
	int outcome = keyring_intake_load(data_dir, now_ms, &intake, why);

	if (!outcome)
		outcome = keyring_web_load(data_dir, now_ms, &web, why);
	if (!outcome)
		outcome = keyring_row_load(data_dir, &row, why);
	if (!outcome)
		outcome = keyring_router_load(data_dir, &router, why);
	if (!outcome && !seal_same(intake->pepper, web->pepper, SEAL_KEY_BYTES))
		outcome = keyring_refuse(
			why,
			"%s/keys/web: \"pepper\" is not that of keys/intake: receipts given by telephone would not "
			"open; restore both files from the same backup.",
			data_dir);
	seal_locked_free(&intake);
	seal_locked_free(&web);
	seal_locked_free(&row);
	seal_locked_free(&router);
	return outcome;
}

int keyring_check(const char *data_dir, int64_t now_ms, char **why)
{
	static const char prefix[] = "worker:";
	struct keyring_place place = { data_dir, keyring_folder };
	char files[4 + 64][32] = { "intake", "web", "row", "router" };
	struct keyring_worker *worker = NULL;
	struct keyring_public *p = NULL;
	size_t count = 4;
	const char *kind;
	int outcome = keyring_public_load(data_dir, &p, why);

	if (!outcome)
		outcome = rooms_check(data_dir, now_ms, why);
	for (size_t i = 0; !outcome && i < p->halves && count < ARRAY_LEN(files); i++) {
		kind = p->half[i].name + sizeof(prefix) - 1;
		if (strncmp(p->half[i].name, prefix, sizeof(prefix) - 1) ||
		    &p->half[i] != keyring_target(p, p->half[i].name))
			continue;
		outcome = keyring_worker_load(data_dir, kind, now_ms, &worker, why);
		seal_locked_free(&worker);
		if (!outcome && keyring_worker_file(kind, files[count]))
			count++;
	}
	keyring_public_free(&p);
	return outcome ? outcome : files_differ(&place, files, count, why);
}
