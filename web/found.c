/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Founding (`web --found`): makes every key of a new house, seals the desks' secrets to the first persons, and leaves
 * their rows for the router's first start. With --demo the demo staff; otherwise one admin and one supervisor with
 * one-time codes, and a recovery sheet. The keys become real only when the rows are on disk: a founding that dies is
 * simply done again.
 */
#include "session.h"

#include "casefile.h"
#include "clock.h"
#include "json.h"
#include "mem.h"
#include "proc.h"
#include "text.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char demo_password[] = "listen-12355-demo";

/* Who works here at first. desk NULL: all desks. */
struct first {
	const char *user, *name;
	unsigned roles;
	const char *desk;
	bool demo;
};
static const struct first firsts[] = {
	{ "psych1", "心理咨询员甲", CASE_ROLE_COUNSELOR, "psych", true },
	{ "psych2", "心理咨询员乙", CASE_ROLE_COUNSELOR, "psych", true },
	{ "legal1", "法律咨询员", CASE_ROLE_COUNSELOR, "legal", true },
	{ "social1", "社工咨询员", CASE_ROLE_COUNSELOR, "social", true },
	{ "lead1", "值班长", CASE_ROLE_COUNSELOR | CASE_ROLE_LEAD, "psych", true },
	{ "super1", "督导", CASE_ROLE_SUPERVISOR, NULL, true },
	{ "admin1", "管理员", CASE_ROLE_ADMIN, "", true },
	{ "audit1", "审计员", CASE_ROLE_AUDITOR, "", true },
	{ "admin", "管理员", CASE_ROLE_ADMIN, "", false },
	{ "supervisor", "督导", CASE_ROLE_SUPERVISOR, NULL, false },
};

struct founding {
	const struct conf *conf;
	struct keyring_founding *keys;
	struct seal_epoch *epoch;
	struct seal_cost cost;
	json_t *staff, *wraps;
	bool demo;
};

static bool first_works_on(const struct first *f, const struct seal_target *target)
{
	const char *dot = strrchr(target->name, '.');

	if (!strncmp(target->name, "oversight:", 10))
		return f->roles & CASE_ROLE_SUPERVISOR;
	if (strncmp(target->name, "desk:", 5))
		return false;
	return !f->desk || (dot && !strcmp(dot + 1, f->desk));
}

/* One secret sealed to one holder. */
static int wrap_add(struct founding *f, const struct keyring_secret *secret, const struct seal_target *holder,
                    const char *user)
{
	uint8_t uid[SEAL_UID_BYTES], wrap[SEAL_WRAP_KEY_BYTES];
	const char *colon = strchr(secret->target.name, ':');
	json_t *row;

	seal_uid_of(secret->target.name, secret->target.generation, uid);
	if (!colon || seal_wrap_write(f->epoch, holder, uid, SEAL_CARGO_SECRET, secret->secret, wrap))
		return -1;
	row = json_pack("{s:s, s:s, s:I, s:s, s:I}", "kind",
	                strncmp(secret->target.name, "desk:", 5) ? "oversight" : "desk", "of", colon + 1, "generation",
	                (json_int_t)secret->target.generation, "holder", user, "epoch",
	                (json_int_t)seal_epoch_row(f->epoch)->number);
	json_set_hex(row, "wrap", wrap, sizeof(wrap));
	json_array_append_new(f->wraps, row);
	return 0;
}

static int recovery_wraps(struct founding *f)
{
	const struct seal_target *recovery = keyring_target(f->keys->public, "recovery");
	size_t i;

	for (i = 0; recovery && i < f->keys->secrets; i++)
		if ((!strncmp(f->keys->secret[i].target.name, "desk:", 5) ||
		     !strncmp(f->keys->secret[i].target.name, "oversight:", 10)) &&
		    wrap_add(f, &f->keys->secret[i], recovery, ""))
			return -1;
	return 0;
}

static json_t *person_row(struct founding *f, const struct first *p, const struct seal_pair *pair, const char *password)
{
	uint8_t salt[SEAL_UID_BYTES], stored[32], box[SEAL_PERSON_BOX_BYTES], mac[SEAL_MAC_BYTES];
	struct seal_halves halves;
	char name[SEAL_NAME_BYTES];
	json_t *row, *roles = json_array();
	unsigned bit;

	seal_random(salt, sizeof(salt));
	if (seal_password(password, strlen(password), salt, f->keys->web->password, f->cost, &halves)) {
		json_release(&roles);
		return NULL;
	}
	person_name(p->user, name);
	seal_auth_hash(halves.auth, stored);
	seal_person_box_write(&halves, "password", name, pair->secret, box);
	seal_person_mac(f->keys->web->person, name, 1, pair->public, mac);
	for (bit = 1; bit <= CASE_ROLE_AUDITOR; bit <<= 1)
		if (p->roles & bit)
			json_array_append_new(roles, json_string(case_role_text(bit)));
	row = json_pack("{s:s, s:s, s:s, s:o, s:s, s:I, s:i, s:b}", "user", p->user, "name", p->name, "site",
	                f->conf->site[0].id, "roles", roles, "state", f->demo ? "active" : "invited", "kdf_bytes",
	                (json_int_t)f->cost.bytes, "kdf_passes", f->cost.passes, "must_change", !f->demo);
	json_set_hex(row, "salt", salt, sizeof(salt));
	json_set_hex(row, "auth", stored, sizeof(stored));
	json_set_hex(row, "public", pair->public, sizeof(pair->public));
	json_set_hex(row, "secret", box, sizeof(box));
	json_set_hex(row, "mac", mac, sizeof(mac));
	seal_wipe(&halves, sizeof(halves));
	return row;
}

static int person_add(struct founding *f, const struct first *p, const char *password)
{
	struct seal_target holder = { .generation = 1 };
	struct seal_pair pair;
	json_t *row, *desks = json_array();
	size_t i;
	int r = 0;

	seal_pair_new(&pair);
	row = person_row(f, p, &pair, password);
	person_name(p->user, holder.name);
	memcpy(holder.public, pair.public, sizeof(holder.public));
	for (i = 0; row && !r && i < f->keys->secrets; i++) {
		const struct seal_target *target = &f->keys->secret[i].target;

		if (!first_works_on(p, target))
			continue;
		r = wrap_add(f, &f->keys->secret[i], &holder, p->user);
		if (!strncmp(target->name, "desk:", 5))
			json_array_append_new(desks, json_string(target->name + 5));
	}
	seal_wipe(&pair, sizeof(pair));
	if (!row) {
		json_release(&desks);
		return -1;
	}
	json_object_set_new(row, "desks", desks);
	json_array_append_new(f->staff, row);
	return r;
}

/* A one-time code is a password that must be changed at the first sign-in. */
static int persons_add(struct founding *f)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(firsts); i++) {
		char code[SEAL_CODE_BYTES], shown[SEAL_CODE_TEXT_BYTES];

		if (firsts[i].demo != f->demo)
			continue;
		seal_code_new(code);
		seal_code_text(code, shown);
		if (person_add(f, &firsts[i], f->demo ? demo_password : shown))
			return -1;
		if (!f->demo)
			printf("One-time sign-in code of \"%s\" (a new password is asked for at once):\n    %s\n",
			       firsts[i].user, shown);
	}
	return 0;
}

static int rows_write(const struct founding *f)
{
	const struct seal_epoch_row *e = seal_epoch_row(f->epoch);
	AUTO(mem_free) char *path = conf_db(f->conf, "found.json");
	AUTO(mem_free) char *part = mem_format("%s.part", path);
	AUTO(mem_free) char *text = NULL;
	json_t *epoch = json_pack("{s:s, s:I, s:I}", "sealer", e->sealer, "number", (json_int_t)e->number, "made_at",
	                          (json_int_t)e->made_at_ms);
	json_t *all;
	ssize_t bytes;
	int fd, bad;

	json_set_hex(epoch, "public", e->public, sizeof(e->public));
	json_set_hex(epoch, "signature", e->signature, sizeof(e->signature));
	all = json_pack("{s:o, s:O, s:O}", "epoch", epoch, "staff", f->staff, "keys", f->wraps);
	text = json_write(all);
	json_release(&all);
	bytes = (ssize_t)strlen(text);
	fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return -1;
	bad = write(fd, text, (size_t)bytes) != bytes || fsync(fd);
	return close(fd) || bad || rename(part, path) ? -1 : 0;
}

/* The recovery sheet is declined only in words, by a person at a terminal. */
static bool recovery_declined(void)
{
	char line[64] = "";

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return false;
	printf("A recovery sheet can open every desk when all passwords are lost. Press Enter to have one,\n"
	       "or type \"no recovery\" to go without: ");
	fflush(stdout);
	if (!fgets(line, sizeof(line), stdin))
		return false;
	line[strcspn(line, "\n")] = 0;
	return !strcmp(line, "no recovery");
}

static void recovery_print(const struct founding *f)
{
	char shown[SEAL_CODE_TEXT_BYTES];

	if (!*f->keys->recovery_code)
		return;
	seal_code_text(f->keys->recovery_code, shown);
	printf("Recovery sheet. Print it, keep it in a safe, show it to nobody: it opens every desk.\n    %s\n", shown);
}

/* The plan's lists; texts owned by the lists themselves. */
struct lists {
	char text[3][CONF_SITES_MAX * CONF_DESKS_MAX][32];
	const char *desks[CONF_SITES_MAX * CONF_DESKS_MAX + 1], *kinds[CONF_DESKS_MAX + 1], *sites[CONF_SITES_MAX + 1];
};

static void lists_fill(struct lists *l, const struct conf *conf)
{
	int s, d, n = 0;

	for (d = 0; d < conf->desks; d++)
		l->kinds[d] = conf->desk[d].kind;
	for (s = 0; s < conf->sites; s++) {
		l->sites[s] = conf->site[s].id;
		for (d = 0; d < conf->desks; d++, n++) {
			snprintf(l->text[0][n], sizeof(l->text[0][n]), "%.15s.%.15s", conf->site[s].id,
			         conf->desk[d].kind);
			l->desks[n] = l->text[0][n];
		}
	}
}

static int found(struct founding *f, char **why)
{
	f->epoch = seal_epoch_new(&f->keys->web->sealer, clock_wall_ms());
	f->staff = json_array();
	f->wraps = json_array();
	if (persons_add(f) || recovery_wraps(f) || rows_write(f)) {
		*why = mem_text("The first persons could not be written to the data directory.");
		return -1;
	}
	return keyring_keep(f->conf->data_dir, why);
}

int found_task(const struct conf *conf, int argc UNUSED, char **argv UNUSED)
{
	struct founding f = { .conf = conf,
		              .demo = conf->demo,
		              .cost = { (size_t)conf->kdf_password_bytes, conf->kdf_password_passes } };
	struct lists *lists = mem_new(sizeof(*lists));
	struct keyring_plan plan = { lists->desks, lists->kinds, lists->sites, false };
	AUTO(mem_free) char *why = NULL;
	int r;

	lists_fill(lists, conf);
	if (keyring_exists(conf->data_dir)) {
		fprintf(stderr, "This data directory is founded already; nothing was changed.\n");
		mem_free(&lists);
		return 1;
	}
	plan.recovery = f.demo ? false : !recovery_declined();
	r = seal_init();
	if (!r)
		r = keyring_make(conf->data_dir, &plan, &f.keys, &why);
	if (!r)
		r = found(&f, &why);
	if (!r && !f.demo)
		recovery_print(&f);
	if (r)
		fprintf(stderr, "%s\n", why ? why : "The house could not be founded.");
	seal_epoch_drop(&f.epoch);
	keyring_founding_free(&f.keys);
	json_release(&f.staff);
	json_release(&f.wraps);
	mem_free(&lists);
	return r ? 1 : 0;
}
