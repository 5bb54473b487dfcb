/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The key files as each process reads them at its start: public halves for all, and the secrets of one room in locked
 * memory. A secret that does not match its public half is refused here, before anything is sealed that nobody could
 * open.
 */
#include "keyring_inner.h"

#include <stdio.h>

struct want { /* a line a file may or must have, once */
	const char *name;
	bool needed;
};

static int lines_expect(const struct keyring_place *place, const char *file, const struct keyring_lines *lines,
                        const struct want *want, size_t count, char **why)
{
	size_t w;

	for (size_t i = 0; i < lines->count; i++) {
		for (w = 0; w < count && strcmp(lines->line[i].name, want[w].name); w++)
			;
		if (w == count)
			return keyring_refuse(why, "%s/%s/%s: no key of this file is called \"%s\": remove the line.",
			                      place->data_dir, place->folder, file, lines->line[i].name);
		if (keyring_lines_find(lines, want[w].name) != &lines->line[i])
			return keyring_refuse(why, "%s/%s/%s: \"%s\" stands there twice: keep one.", place->data_dir,
			                      place->folder, file, want[w].name);
	}
	for (w = 0; w < count; w++)
		if (want[w].needed && !keyring_lines_find(lines, want[w].name))
			return keyring_refuse(why, "%s/%s/%s lacks the key \"%s\": restore the file from the backup.",
			                      place->data_dir, place->folder, file, want[w].name);
	return 0;
}

static int lines_load(const struct keyring_place *place, const char *file, const struct want *want, size_t count,
                      struct keyring_lines *lines, char **why)
{
	int outcome = keyring_file_read(place, file, lines, why);

	if (!outcome)
		outcome = lines_expect(place, file, lines, want, count, why);
	if (outcome)
		keyring_lines_finish(lines);
	return outcome;
}

static void lines_copy(const struct keyring_lines *lines, const char *name, uint8_t out[SEAL_KEY_BYTES])
{
	memcpy(out, keyring_lines_find(lines, name)->key, SEAL_KEY_BYTES);
}

static void replay_fill(const struct keyring_lines *lines, int64_t now_ms, struct keyring_replay *out)
{
	const struct keyring_line *before = keyring_lines_find(lines, "replay-before");

	lines_copy(lines, "replay", out->key[0]);
	out->keys = 1;
	if (before && now_ms < before->number)
		memcpy(out->key[out->keys++], before->key, SEAL_KEY_BYTES);
}

enum { SEALERS_MAX = 32, SEALER_NAME_MAX = 15 };
static const char sealer_prefix[] = "sealer:";

static const char *sealer_name(const char *name)
{
	return strncmp(name, sealer_prefix, sizeof(sealer_prefix) - 1) ? NULL : name + sizeof(sealer_prefix) - 1;
}

static int public_check(const struct keyring_place *place, const struct keyring_lines *lines, char **why)
{
	const char *sealer;
	int sealers = 0;

	for (size_t i = 0; i < lines->count; i++) {
		sealer = sealer_name(lines->line[i].name);
		sealers += sealer != NULL;
		if (lines->line[i].number > UINT32_MAX)
			return keyring_refuse(why, "%s/%s/public: generation %lld of \"%s\" is out of range.",
			                      place->data_dir, place->folder, (long long)lines->line[i].number,
			                      lines->line[i].name);
		if (sealer && (!*sealer || strlen(sealer) > SEALER_NAME_MAX))
			return keyring_refuse(why, "%s/%s/public: \"%s\" must name its sealer in 1 to %d letters.",
			                      place->data_dir, place->folder, lines->line[i].name,
			                      (int)SEALER_NAME_MAX);
	}
	if (sealers > SEALERS_MAX)
		return keyring_refuse(why, "%s/%s/public holds %d sealers: at most %d are lawful.", place->data_dir,
		                      place->folder, sealers, (int)SEALERS_MAX);
	return 0;
}

int keyring_public_load_at(const struct keyring_place *place, struct keyring_public **out, char **why)
{
	struct keyring_lines lines;
	struct keyring_public *p;
	int outcome = keyring_file_read(place, "public", &lines, why);

	if (outcome)
		return outcome;
	outcome = public_check(place, &lines, why);
	if (outcome) {
		keyring_lines_finish(&lines);
		return outcome;
	}
	p = mem_new(sizeof(*p));
	p->half = mem_array(lines.count, sizeof(*p->half));
	p->halves = lines.count;
	for (size_t i = 0; i < lines.count; i++) {
		memcpy(p->half[i].name, lines.line[i].name, sizeof(p->half[i].name));
		p->half[i].generation = (uint32_t)lines.line[i].number;
		memcpy(p->half[i].public, lines.line[i].key, SEAL_KEY_BYTES);
	}
	keyring_lines_finish(&lines);
	*out = p;
	return 0;
}

int keyring_public_load(const char *data_dir, struct keyring_public **out, char **why)
{
	return keyring_public_load_at(&(struct keyring_place){ data_dir, keyring_folder }, out, why);
}

void keyring_public_free(struct keyring_public **p)
{
	if (*p)
		mem_free(&(*p)->half);
	mem_free(p);
}

const struct seal_target *keyring_target(const struct keyring_public *p, const char *name)
{
	const struct seal_target *newest = NULL;

	for (size_t i = 0; i < p->halves; i++)
		if (!strcmp(p->half[i].name, name) && (!newest || p->half[i].generation > newest->generation))
			newest = &p->half[i];
	return newest;
}

struct seal_book *keyring_book(const struct keyring_public *p)
{
	struct seal_book *book = seal_book_new();

	for (size_t i = 0; i < p->halves; i++)
		if (sealer_name(p->half[i].name))
			seal_book_trust(book, sealer_name(p->half[i].name), p->half[i].public);
	return book;
}

int keyring_public_holds(const struct keyring_place *place, const char *file, const char *name,
                         const uint8_t public[SEAL_KEY_BYTES], char **why)
{
	struct keyring_public *p = NULL;
	int outcome = keyring_public_load_at(place, &p, why);
	bool found = false;

	for (size_t i = 0; p && i < p->halves; i++)
		found = found || (!strcmp(p->half[i].name, name) && !memcmp(p->half[i].public, public, SEAL_KEY_BYTES));
	keyring_public_free(&p);
	if (outcome || found)
		return outcome;
	return keyring_refuse(why,
	                      "%s/%s/%s does not belong to %s/%s/public: the public half of \"%s\" is another one; "
	                      "restore both files from the same backup.",
	                      place->data_dir, place->folder, file, place->data_dir, place->folder, name);
}

static const struct want intake_wants[] = {
	{ "credential", true },     { "sealer", true }, { "replay", true },
	{ "replay-before", false }, { "curve", false },
};

int keyring_intake_load_at(const struct keyring_place *place, int64_t now_ms, struct keyring_intake **out, char **why)
{
	struct keyring_lines lines;
	struct keyring_intake *k;
	const uint8_t *credential;
	int outcome = lines_load(place, "intake", intake_wants, ARRAY_LEN(intake_wants), &lines, why);

	if (outcome)
		return outcome;
	k = seal_locked_new(sizeof(*k));
	credential = keyring_lines_find(&lines, "credential")->key;
	seal_subkey(credential, 1, "qtpepper", k->pepper, sizeof(k->pepper));
	seal_subkey(credential, 1, "qtidem__", k->idem, sizeof(k->idem));
	seal_subkey(credential, 1, "qttoken_", k->token, sizeof(k->token));
	seal_subkey(credential, 1, "qtdraft_", k->draft, sizeof(k->draft));
	replay_fill(&lines, now_ms, &k->replay);
	seal_identity_from("intake", keyring_lines_find(&lines, "sealer")->key, &k->sealer);
	keyring_lines_finish(&lines);
	outcome = keyring_public_holds(place, "intake", "sealer:intake", k->sealer.public, why);
	if (outcome)
		seal_locked_free(&k);
	*out = k;
	return outcome;
}

int keyring_intake_load(const char *data_dir, int64_t now_ms, struct keyring_intake **out, char **why)
{
	return keyring_intake_load_at(&(struct keyring_place){ data_dir, keyring_folder }, now_ms, out, why);
}

static const struct want web_wants[] = {
	{ "sealer", true },  { "pepper", true }, { "password", true },       { "person", true },
	{ "session", true }, { "replay", true }, { "replay-before", false }, { "curve", false },
};

int keyring_web_load_at(const struct keyring_place *place, int64_t now_ms, struct keyring_web **out, char **why)
{
	struct keyring_lines lines;
	struct keyring_web *k;
	int outcome = lines_load(place, "web", web_wants, ARRAY_LEN(web_wants), &lines, why);

	if (outcome)
		return outcome;
	k = seal_locked_new(sizeof(*k));
	lines_copy(&lines, "pepper", k->pepper);
	lines_copy(&lines, "password", k->password);
	lines_copy(&lines, "person", k->person);
	lines_copy(&lines, "session", k->session);
	seal_subkey(k->session, 1, "qtidem__", k->idem, sizeof(k->idem));
	seal_subkey(k->session, 1, "qtdraft_", k->draft, sizeof(k->draft));
	/* Not of the session key: the salt of somebody who does not exist must not change when that is turned. */
	seal_subkey(k->person, 1, "qtfake__", k->fake, sizeof(k->fake));
	replay_fill(&lines, now_ms, &k->replay);
	seal_identity_from("web", keyring_lines_find(&lines, "sealer")->key, &k->sealer);
	keyring_lines_finish(&lines);
	outcome = keyring_public_holds(place, "web", "sealer:web", k->sealer.public, why);
	if (outcome)
		seal_locked_free(&k);
	*out = k;
	return outcome;
}

int keyring_web_load(const char *data_dir, int64_t now_ms, struct keyring_web **out, char **why)
{
	return keyring_web_load_at(&(struct keyring_place){ data_dir, keyring_folder }, now_ms, out, why);
}

int keyring_row_load(const char *data_dir, struct keyring_row **out, char **why)
{
	static const struct want wants[] = { { "row", true } };
	struct keyring_place place = { data_dir, keyring_folder };
	struct keyring_lines lines;
	struct keyring_row *k;
	const uint8_t *row;
	int outcome = lines_load(&place, "row", wants, ARRAY_LEN(wants), &lines, why);

	if (outcome)
		return outcome;
	k = seal_locked_new(sizeof(*k));
	row = keyring_lines_find(&lines, "row")->key;
	seal_subkey(row, 1, "qtrowmac", k->row, sizeof(k->row));
	seal_subkey(row, 1, "qtticket", k->ticket, sizeof(k->ticket));
	seal_subkey(row, 1, "qtfake__", k->fake, sizeof(k->fake));
	seal_subkey(row, 1, "qtchain_", k->chain, sizeof(k->chain));
	keyring_lines_finish(&lines);
	*out = k;
	return 0;
}

bool keyring_worker_file(const char *kind, char out[32])
{
	size_t n = strspn(kind, "abcdefghijklmnopqrstuvwxyz0123456789_-");

	if (!n || n > 15 || kind[n])
		return false;
	snprintf(out, 32, "worker.%s", kind);
	return true;
}

int keyring_worker_load(const char *data_dir, const char *kind, int64_t now_ms, struct keyring_worker **out, char **why)
{
	static const struct want wants[] = { { "pair", true }, { "pair-before", false }, { "curve", false } };
	struct keyring_place place = { data_dir, keyring_folder };
	const struct keyring_line *pair, *before;
	char file[32], name[SEAL_NAME_BYTES];
	struct keyring_lines lines;
	struct keyring_worker *k;
	int outcome;

	if (!keyring_worker_file(kind, file))
		return keyring_refuse(why, "\"%.32s\" is no kind of desk: use 1 to 15 of a-z, 0-9, - and _.", kind);
	outcome = lines_load(&place, file, wants, ARRAY_LEN(wants), &lines, why);
	if (outcome)
		return outcome;
	pair = keyring_lines_find(&lines, "pair");
	before = keyring_lines_find(&lines, "pair-before");
	k = seal_locked_new(sizeof(*k));
	k->keys = 1;
	k->key[0].generation = (uint32_t)pair->number;
	seal_pair_from(pair->key, &k->key[0].pair);
	if (before && now_ms < before->number) {
		k->keys = 2;
		k->key[1].generation = k->key[0].generation - 1;
		seal_pair_from(before->key, &k->key[1].pair);
	}
	keyring_lines_finish(&lines);
	snprintf(name, sizeof(name), "worker:%s", kind);
	outcome = keyring_public_holds(&place, file, name, k->key[0].pair.public, why);
	/* A turn writes the secret first: until the public file follows, the pair before is the one in use. */
	if (outcome == KEYRING_REFUSED && k->keys == 2)
		outcome = keyring_public_holds(&place, file, name, k->key[1].pair.public, why);
	if (outcome)
		seal_locked_free(&k);
	else
		mem_free(why);
	*out = k;
	return outcome;
}

int keyring_router_load(const char *data_dir, struct keyring_curve **out, char **why)
{
	static const struct want wants[] = { { "curve", true } };
	struct keyring_place place = { data_dir, keyring_folder };
	struct keyring_lines lines;
	int outcome = lines_load(&place, "router", wants, ARRAY_LEN(wants), &lines, why);

	if (outcome)
		return outcome;
	keyring_lines_finish(&lines);
	return keyring_curve_load(data_dir, "router", out, why);
}
