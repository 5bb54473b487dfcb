/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The CURVE pairs of a bus on tcp: each room's in the line "curve" of its key file, every public half in keys/public, so
 * that the router knows who may be what and the others know the router, without a word of configuration. On ipc they lie
 * unused.
 */
#include "keyring_inner.h"

#include <stdio.h>

static const char prefix[] = "curve:";

/* Z85 of 32 bytes (rfc.zeromq.org/spec/32), as libzmq wants its keys. */
static void z85_write(const uint8_t in[SEAL_KEY_BYTES], char out[41])
{
	static const char symbol[] =
		"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";
	uint32_t v;

	for (size_t i = 0; i < SEAL_KEY_BYTES / 4; i++) {
		v = (uint32_t)in[4 * i] << 24 | (uint32_t)in[4 * i + 1] << 16 | (uint32_t)in[4 * i + 2] << 8 |
		    in[4 * i + 3];
		for (size_t j = 5; j-- > 0; v /= 85)
			out[5 * i + j] = symbol[v % 85];
	}
	out[40] = 0;
}

int keyring_curve_load(const char *data_dir, const char *file, struct keyring_curve **out, char **why)
{
	struct keyring_place place = { data_dir, keyring_folder };
	const struct keyring_line *line;
	char name[SEAL_NAME_BYTES];
	struct keyring_lines lines;
	struct keyring_curve *k;
	struct seal_pair pair;
	int outcome = keyring_file_read(&place, file, &lines, why);

	if (outcome)
		return outcome;
	line = keyring_lines_find(&lines, "curve");
	if (!line) {
		keyring_lines_finish(&lines);
		return keyring_refuse(why, "%s/%s/%s lacks the key \"curve\", which a bus on tcp needs: make it with "
		                      "./hotline keys --turn curve.%s", data_dir, keyring_folder, file, file);
	}
	k = seal_locked_new(sizeof(*k));
	seal_pair_from(line->key, &pair);
	keyring_lines_finish(&lines);
	z85_write(pair.public, k->curve_public);
	z85_write(pair.secret, k->curve_secret);
	snprintf(name, sizeof(name), "%s%s", prefix, file);
	outcome = keyring_public_holds(&place, file, name, pair.public, why);
	seal_wipe(&pair, sizeof(pair));
	if (outcome)
		seal_locked_free(&k);
	*out = k;
	return outcome;
}

bool keyring_curve_public(const struct keyring_public *p, const char *file, char out[41])
{
	char name[SEAL_NAME_BYTES];
	const struct seal_target *half;

	snprintf(name, sizeof(name), "%s%s", prefix, file);
	half = keyring_target(p, name);
	if (half)
		z85_write(half->public, out);
	return half != NULL;
}

bool keyring_curve_role(const struct keyring_public *p, const char *role, const char *public_key)
{
	size_t n = strlen(role), skip = sizeof(prefix) - 1;
	char known[41];

	for (size_t i = 0; i < p->halves; i++) {
		const char *file = p->half[i].name + skip;

		if (strncmp(p->half[i].name, prefix, skip) || strncmp(file, role, n) || (file[n] && file[n] != '.'))
			continue; /* "worker.psych" is of the role worker */
		if (keyring_curve_public(p, file, known) && !strcmp(known, public_key))
			return true;
	}
	return false;
}
