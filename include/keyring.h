/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The key files of a data directory, DATA/keys: made once by founding, read by each process at its start, before
 * it drops what it may do. Text lines under a strict parser. A file that others can read or write, of another
 * owner, of a wrong length, with an all-zero, repeated, doubled or published key, or whose public half is not the
 * one of keys/public, is refused in one sentence: *why, a gift, NULL before. Secrets are given in locked memory;
 * free with seal_locked_free. Who turns a key restarts the rooms that hold it.
 */
#ifndef QT_KEYRING_H
#define QT_KEYRING_H

#include "seal.h"

enum keyring_outcome {
	KEYRING_REFUSED = 1, /* *why: which file, what is wrong, what would be right; a gift */
	KEYRING_MISSING,     /* no such key file: not founded yet (*why as above) */
	KEYRING_EXISTS,      /* keyring_make: there are keys already */
};
enum { KEYRING_HALVES_MAX = 4096 };

/* Public halves, keys/public: one line each, "<name> <generation> <64 hex>". Names are the targets of seal.h and
 * "sealer:<name>". */
struct keyring_public {
	struct seal_target *half;
	size_t halves;
};
NODISCARD int keyring_public_load(const char *data_dir, struct keyring_public **out, char **why);
void keyring_public_free(struct keyring_public **p);
/* The newest generation under that name, NULL when there is none. Lends. */
const struct seal_target *keyring_target(const struct keyring_public *p, const char *name);
/* A book that trusts the sealers of the file. Gives. */
struct seal_book *keyring_book(const struct keyring_public *p);

struct keyring_replay { /* key[0] is current; key[1] the one before, while it is accepted */
	uint8_t key[2][SEAL_KEY_BYTES];
	int keys;
};

struct keyring_intake {
	uint8_t pepper[SEAL_KEY_BYTES], idem[SEAL_KEY_BYTES], token[SEAL_KEY_BYTES], draft[SEAL_KEY_BYTES];
	struct keyring_replay replay;
	struct seal_identity sealer;
};
NODISCARD int keyring_intake_load(const char *data_dir, int64_t now_ms, struct keyring_intake **out, char **why);

struct keyring_web {
	uint8_t pepper[SEAL_KEY_BYTES];   /* of receipts, the same as intake's */
	uint8_t password[SEAL_KEY_BYTES]; /* pepper of passwords and codes */
	uint8_t person[SEAL_KEY_BYTES];   /* MAC of persons' public rows */
	uint8_t session[SEAL_KEY_BYTES];  /* mixed into the key of a session's keyring */
	uint8_t idem[SEAL_KEY_BYTES], fake[SEAL_KEY_BYTES], draft[SEAL_KEY_BYTES];
	struct keyring_replay replay;
	struct seal_identity sealer;
};
NODISCARD int keyring_web_load(const char *data_dir, int64_t now_ms, struct keyring_web **out, char **why);

struct keyring_row { /* router and web */
	uint8_t row[SEAL_KEY_BYTES];      /* seal_mac_begin */
	uint8_t ticket[16];               /* ticket_write, ticket_read */
	uint8_t fake[SEAL_KEY_BYTES];     /* seal_fake for unknown tickets */
	uint8_t chain[SEAL_KEY_BYTES];    /* the audit chain */
};
NODISCARD int keyring_row_load(const char *data_dir, struct keyring_row **out, char **why);

struct keyring_worker { /* pair[0] is current; pair[1] the one before, for a day */
	struct {
		uint32_t generation;
		struct seal_pair pair;
	} key[2];
	int keys;
};
NODISCARD int keyring_worker_load(const char *data_dir, const char *kind, int64_t now_ms, struct keyring_worker **out,
                                  char **why);

struct keyring_curve { /* a CURVE pair, Z85, for bus sockets on tcp */
	char curve_public[41], curve_secret[41];
};
/* Of a room, by the name of its file: "router" (the server's), "intake", "web", "worker.psych". */
NODISCARD int keyring_curve_load(const char *data_dir, const char *file, struct keyring_curve **out, char **why);
/* The newest public half of a room's pair, as keys/public has it; false when there is none. */
bool keyring_curve_public(const struct keyring_public *p, const char *file, char out[41]);
/* The router's, and nothing else may stand in its file. */
NODISCARD int keyring_router_load(const char *data_dir, struct keyring_curve **out, char **why);
/* True when the key is the newest of a room of that role ("worker": any worker's). */
bool keyring_curve_role(const struct keyring_public *p, const char *role, const char *public_key);

/* ---- founding and turning --------------------------------------------------------------------------------- */

struct keyring_plan {
	const char *const *desks; /* "450100.psych", NULL-terminated */
	const char *const *kinds; /* "psych": one worker pair each */
	const char *const *sites; /* "450100": one oversight pair each */
	bool recovery;            /* false: declined */
};
struct keyring_founding {
	char recovery_code[SEAL_CODE_BYTES]; /* "" when declined; print it in groups with seal_code_text */
	struct keyring_public *public;       /* as written */
	struct keyring_web *web;             /* as written: web --found seals and signs with it */
	size_t secrets;
	struct keyring_secret { /* desks, oversights, backup: to be wrapped to persons and recovery, then forgotten */
		struct seal_target target;
		uint8_t secret[SEAL_KEY_BYTES];
	} *secret; /* locked memory */
};
/* Makes every file in DATA/keys.new, fsynced (a left-over of a dead founding is replaced). keyring_keep turns it
 * into DATA/keys in one rename: call it once the wraps of the secrets are on disk. A founding that dies in
 * between leaves no keys and is done again. 0, KEYRING_EXISTS, KEYRING_REFUSED (a bad name in the plan); < 0 a
 * fault of the disk, with *why. */
NODISCARD int keyring_make(const char *data_dir, const struct keyring_plan *plan, struct keyring_founding **out,
                           char **why);
NODISCARD int keyring_keep(const char *data_dir, char **why);
void keyring_founding_free(struct keyring_founding **f);
/* True when DATA/keys/public is there. */
bool keyring_exists(const char *data_dir);

/* A new replay key, or worker pair of a kind; the one before is accepted until until_ms. */
NODISCARD int keyring_turn_replay(const char *data_dir, int64_t until_ms, char **why);
NODISCARD int keyring_turn_curve(const char *data_dir, const char *file, char **why); /* at once, none before is kept */
NODISCARD int keyring_turn_worker(const char *data_dir, const char *kind, int64_t until_ms, char **why);
/* A new pair (a further desk, a new generation of "desk:…" or "oversight:…"); its secret to be wrapped like a
 * founding's. */
NODISCARD int keyring_add(const char *data_dir, const char *name, struct keyring_secret *out, char **why);
/* Every file at once, as one who may read all: also that the pepper is the same in intake and web and no key
 * stands twice. */
NODISCARD int keyring_check(const char *data_dir, int64_t now_ms, char **why);

#endif
