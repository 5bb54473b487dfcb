/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of the key ring share: a key file as lines "<name> <number> <64 hex>", read strictly and written
 * atomically. The number is a generation, or for a name ending in "before" the millisecond until which the key is still
 * accepted.
 */
#ifndef QT_KEYRING_INNER_H
#define QT_KEYRING_INNER_H

#include "keyring.h"
#include <string.h>

/* DATA/keys, or DATA/keys.new while founding. */
struct keyring_place {
	const char *data_dir, *folder;
};
extern const char keyring_folder[], keyring_folder_new[];

struct keyring_line {
	char name[SEAL_NAME_BYTES];
	int64_t number;
	uint8_t key[SEAL_KEY_BYTES];
};
struct keyring_lines {
	struct keyring_line *line; /* locked memory for secret files */
	size_t count;
	bool secret;
};
void keyring_lines_finish(struct keyring_lines *lines);
const struct keyring_line *keyring_lines_find(const struct keyring_lines *lines, const char *name);

/* *why becomes the sentence (an older one is dropped); gives KEYRING_REFUSED. */
int keyring_refuse(char **why, const char *fmt, ...) PRINTF(2, 3);
/* The same for a fault of the world; gives -errno. */
int keyring_fault(char **why, const struct keyring_place *place, const char *file, const char *what);

/* Opens the folder after a look at its owner and mode. 0 and *fd; KEYRING_REFUSED, KEYRING_MISSING; < 0. */
NODISCARD int keyring_folder_open(const struct keyring_place *place, int *fd, char **why);
/* A whole file, checked: owner, mode, shape, no weak, published or doubled key. */
NODISCARD int keyring_file_read(const struct keyring_place *place, const char *file, struct keyring_lines *out,
                                char **why);

/* Writing: open, lines, done (fsync, rename over the old file, fsync of the folder). Faults wait in out until done. */
struct keyring_out {
	const struct keyring_place *place;
	const char *file;
	char temp[64];
	int folder, fd, error;
};
void keyring_out_open(struct keyring_out *out, const struct keyring_place *place, const char *file);
void keyring_out_line(struct keyring_out *out, const char *name, int64_t number, const uint8_t key[SEAL_KEY_BYTES]);
NODISCARD int keyring_out_done(struct keyring_out *out, char **why);

/* A secret's public half must stand in keys/public, in any generation. */
NODISCARD int keyring_public_holds(const struct keyring_place *place, const char *file, const char *name,
                                   const uint8_t public[SEAL_KEY_BYTES], char **why);
/* The loads, from any place. */
NODISCARD int keyring_public_load_at(const struct keyring_place *place, struct keyring_public **out, char **why);
NODISCARD int keyring_intake_load_at(const struct keyring_place *place, int64_t now_ms, struct keyring_intake **out,
                                     char **why);
NODISCARD int keyring_web_load_at(const struct keyring_place *place, int64_t now_ms, struct keyring_web **out,
                                  char **why);

/* The name of a worker's file; false when kind is not [a-z0-9_-]{1,15}. */
bool keyring_worker_file(const char *kind, char out[32]);

#endif
