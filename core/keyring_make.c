/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Founding: every key of a new house, in a folder of its own that becomes DATA/keys in one rename once the secrets of
 * the desks have been wrapped to the first persons. Called by web --found; the secrets it gives exist nowhere else.
 */
#include "keyring_inner.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PLAN_MAX = 1024 };

static size_t plan_count(const char *const *names)
{
	size_t n = 0;

	while (names && names[n] && n <= PLAN_MAX)
		n++;
	return n;
}

static int plan_check_list(const char *const *names, size_t most, const char *what, char **why)
{
	size_t n;

	if (plan_count(names) > PLAN_MAX)
		return keyring_refuse(why, "There are more than %d %ss: found the house with fewer.", (int)PLAN_MAX,
		                      what);
	for (size_t i = 0; names && names[i]; i++) {
		n = strspn(names[i], "abcdefghijklmnopqrstuvwxyz0123456789._-");
		if (!n || n > most || names[i][n])
			return keyring_refuse(why,
			                      "\"%.64s\" is no name of a %s: use 1 to %zu of a-z, 0-9, ., - and _.",
			                      names[i], what, most);
		for (size_t j = 0; j < i; j++)
			if (!strcmp(names[i], names[j]))
				return keyring_refuse(why, "The %s \"%s\" stands twice in the plan: name it once.",
				                      what, names[i]);
	}
	return 0;
}

static int plan_check(const struct keyring_plan *plan, char **why)
{
	char file[32];
	int outcome = plan_check_list(plan->desks, 40, "desk", why);

	if (!outcome)
		outcome = plan_check_list(plan->sites, 32, "site", why);
	if (!outcome)
		outcome = plan_check_list(plan->kinds, 15, "kind of desk", why);
	for (size_t i = 0; !outcome && plan->kinds && plan->kinds[i]; i++)
		if (!keyring_worker_file(plan->kinds[i], file))
			outcome = keyring_refuse(why, "\"%.32s\" is no kind of desk: use 1 to 15 of a-z, 0-9, - and _.",
			                         plan->kinds[i]);
	return outcome;
}

bool keyring_exists(const char *data_dir)
{
	char *path = mem_format("%s/%s/public", data_dir, keyring_folder);
	bool there = !faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW);

	mem_free(&path);
	return there;
}

/* An empty folder, in place of whatever a dead founding left. */
static int folder_make(const struct keyring_place *place, char **why)
{
	char *path = mem_format("%s/%s", place->data_dir, place->folder);
	struct dirent *entry;
	int outcome = 0;
	DIR *dir;

	if (mkdir(place->data_dir, 0700) && errno != EEXIST)
		outcome = keyring_fault(why, place, "", "made");
	dir = outcome ? NULL : opendir(path);
	while (dir && (entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir)
		closedir(dir);
	if (!outcome && rmdir(path) && errno != ENOENT)
		outcome = keyring_fault(why, place, "", "cleared");
	if (!outcome && mkdir(path, 0700))
		outcome = keyring_fault(why, place, "", "made");
	mem_free(&path);
	return outcome;
}

static void line_new(struct keyring_out *out, const char *name)
{
	uint8_t key[SEAL_KEY_BYTES];

	seal_random(key, sizeof(key));
	keyring_out_line(out, name, 1, key);
	seal_wipe(key, sizeof(key));
}

static void identity_new(struct keyring_out *secret, struct keyring_out *public, const char *sealer)
{
	char name[SEAL_NAME_BYTES];
	struct seal_identity who;
	uint8_t seed[32];

	seal_random(seed, sizeof(seed));
	seal_identity_from(sealer, seed, &who);
	snprintf(name, sizeof(name), "sealer:%s", sealer);
	keyring_out_line(secret, "sealer", 1, seed);
	keyring_out_line(public, name, 1, who.public);
	seal_wipe(seed, sizeof(seed));
	seal_wipe(&who, sizeof(who));
}

/* What a room that connects to the router on tcp shows of itself. */
static void curve_new(struct keyring_out *secret, struct keyring_out *public, const char *room)
{
	char name[SEAL_NAME_BYTES];
	struct seal_pair pair;

	seal_pair_new(&pair);
	snprintf(name, sizeof(name), "curve:%s", room);
	keyring_out_line(secret, "curve", 1, pair.secret);
	keyring_out_line(public, name, 1, pair.public);
	seal_wipe(&pair, sizeof(pair));
}

static int rooms_write(const struct keyring_place *place, struct keyring_out *public, char **why)
{
	uint8_t credential[SEAL_KEY_BYTES], pepper[SEAL_KEY_BYTES];
	struct keyring_out out;
	int outcome;

	seal_random(credential, sizeof(credential));
	seal_subkey(credential, 1, "qtpepper", pepper, sizeof(pepper));
	keyring_out_open(&out, place, "intake");
	keyring_out_line(&out, "credential", 1, credential);
	identity_new(&out, public, "intake");
	line_new(&out, "replay");
	curve_new(&out, public, "intake");
	outcome = keyring_out_done(&out, why);
	if (!outcome) {
		keyring_out_open(&out, place, "web");
		identity_new(&out, public, "web");
		keyring_out_line(&out, "pepper", 1, pepper);
		line_new(&out, "password");
		line_new(&out, "person");
		line_new(&out, "session");
		line_new(&out, "replay");
		curve_new(&out, public, "web");
		outcome = keyring_out_done(&out, why);
	}
	if (!outcome) {
		keyring_out_open(&out, place, "row");
		line_new(&out, "row");
		outcome = keyring_out_done(&out, why);
	}
	seal_wipe(credential, sizeof(credential));
	seal_wipe(pepper, sizeof(pepper));
	return outcome;
}

static int router_write(const struct keyring_place *place, struct keyring_out *public, char **why)
{
	struct keyring_out out;

	keyring_out_open(&out, place, "router");
	curve_new(&out, public, "router");
	return keyring_out_done(&out, why);
}

static int worker_write(const struct keyring_place *place, const char *kind, struct keyring_out *public, char **why)
{
	char file[32], name[SEAL_NAME_BYTES];
	struct keyring_out out;
	struct seal_pair pair;

	keyring_worker_file(kind, file);
	snprintf(name, sizeof(name), "worker:%s", kind);
	seal_pair_new(&pair);
	keyring_out_open(&out, place, file);
	keyring_out_line(&out, "pair", 1, pair.secret);
	keyring_out_line(public, name, 1, pair.public);
	seal_wipe(&pair, sizeof(pair));
	curve_new(&out, public, file);
	return keyring_out_done(&out, why);
}

/* A pair whose secret goes to persons, never to a file. */
static void secret_new(struct keyring_founding *f, struct keyring_out *public, const char *prefix, const char *name)
{
	struct keyring_secret *s = &f->secret[f->secrets++];
	struct seal_pair pair;

	seal_pair_new(&pair);
	snprintf(s->target.name, sizeof(s->target.name), "%s%s", prefix, name);
	s->target.generation = 1;
	memcpy(s->target.public, pair.public, SEAL_KEY_BYTES);
	memcpy(s->secret, pair.secret, SEAL_KEY_BYTES);
	seal_wipe(&pair, sizeof(pair));
	keyring_out_line(public, s->target.name, 1, s->target.public);
}

static void secrets_write(const struct keyring_plan *plan, struct keyring_founding *f, struct keyring_out *public)
{
	struct seal_pair pair;

	f->secret = seal_locked_new((plan_count(plan->desks) + plan_count(plan->sites) + 1) * sizeof(*f->secret));
	for (size_t i = 0; plan->desks && plan->desks[i]; i++)
		secret_new(f, public, "desk:", plan->desks[i]);
	for (size_t i = 0; plan->sites && plan->sites[i]; i++)
		secret_new(f, public, "oversight:", plan->sites[i]);
	secret_new(f, public, "backup", "");
	if (!plan->recovery)
		return;
	seal_code_new(f->recovery_code);
	seal_code_pair(f->recovery_code, &pair);
	keyring_out_line(public, "recovery", 1, pair.public);
	seal_wipe(&pair, sizeof(pair));
}

static int files_write(const struct keyring_place *place, const struct keyring_plan *plan, struct keyring_founding *f,
                       char **why)
{
	struct keyring_out public;
	int outcome, last;

	keyring_out_open(&public, place, "public");
	outcome = rooms_write(place, &public, why);
	for (size_t i = 0; !outcome && plan->kinds && plan->kinds[i]; i++)
		outcome = worker_write(place, plan->kinds[i], &public, why);
	if (!outcome)
		outcome = router_write(place, &public, why);
	secrets_write(plan, f, &public);
	if (outcome)
	public.error = ECANCELED;
	/* The public file is the last: where it stands, the others stand. */
	last = keyring_out_done(&public, outcome ? &(char *){ NULL } : why);
	return outcome ? outcome : last;
}

int keyring_make(const char *data_dir, const struct keyring_plan *plan, struct keyring_founding **out, char **why)
{
	struct keyring_place place = { data_dir, keyring_folder_new };
	struct keyring_founding *f;
	int outcome = plan_check(plan, why);

	*out = NULL;
	if (outcome)
		return outcome;
	if (keyring_exists(data_dir)) {
		keyring_refuse(why, "%s/%s holds the keys of a house already: nothing was changed.", data_dir,
		               keyring_folder);
		return KEYRING_EXISTS;
	}
	outcome = folder_make(&place, why);
	if (outcome)
		return outcome;
	f = mem_new(sizeof(*f));
	outcome = files_write(&place, plan, f, why);
	/* Read back what was written, by the rules of every later start. */
	if (!outcome)
		outcome = keyring_public_load_at(&place, &f->public, why);
	if (!outcome)
		outcome = keyring_web_load_at(&place, 0, &f->web, why);
	if (outcome)
		keyring_founding_free(&f);
	*out = f;
	return outcome;
}

int keyring_keep(const char *data_dir, char **why)
{
	struct keyring_place place = { data_dir, keyring_folder };
	char *from = mem_format("%s/%s", data_dir, keyring_folder_new),
	     *to = mem_format("%s/%s", data_dir, keyring_folder);
	int outcome = 0, fd = -1;

	if (rename(from, to)) {
		if (errno == ENOTEMPTY || errno == EEXIST) {
			keyring_refuse(why, "%s holds the keys of a house already: nothing was changed.", to);
			outcome = KEYRING_EXISTS;
		} else {
			outcome = keyring_fault(why, &place, "", "put in place");
		}
	}
	if (!outcome) {
		fd = open(data_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd < 0 || fsync(fd))
			outcome = keyring_fault(why, &place, "", "made durable");
		if (fd >= 0)
			close(fd);
	}
	mem_free(&from);
	mem_free(&to);
	return outcome;
}

void keyring_founding_free(struct keyring_founding **f)
{
	if (*f) {
		seal_wipe((*f)->recovery_code, sizeof((*f)->recovery_code));
		keyring_public_free(&(*f)->public);
		seal_locked_free(&(*f)->web);
		seal_locked_free(&(*f)->secret);
	}
	mem_free(f);
}
