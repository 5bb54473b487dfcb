/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A console without doors for tests: a store of its own, one site with three desks, keys of all of them, and people who
 * hold some. Cases are sealed as the portal seals them. Shared by test_web_words.c and test_web_tell.c.
 */
#ifndef QT_TEST_WEB_KIT_H
#define QT_TEST_WEB_KIT_H

#include "session.h"
#include "store_kit.h"

enum { DESK_LEGAL = 1, DESK_PSYCH, DESK_SOCIAL, KIT_DESKS = 3 };

struct web_kit {
	struct kit *kit;
	struct web web;
	struct keyring_row row;
	struct keyring_public public;
	struct seal_target half[KIT_DESKS];
	struct seal_pair pair[KIT_DESKS + 1]; /* by desk number */
	struct seal_identity intake, own;
	struct seal_epoch *intake_epoch;
};

int web_kit_begin(void **state); /* cmocka setup; *state is a struct web_kit */
int web_kit_end(void **state);
/* Somebody who works on one desk and holds its key (0: on none). Give back with who_kit_end. */
struct who *who_kit(struct web_kit *k, int64_t id, int64_t desk, unsigned roles);
void who_kit_end(struct who **who);
/* Makes an epoch's row known to the store, as the router does for anybody who announces one. */
void epoch_kit(struct web_kit *k, struct seal_epoch *epoch);
/* A case of a desk with one message, sealed; wraps for each desk of the list (0 ends it). Gives its id; *secrets its
 * keys. */
int64_t case_kit(struct web_kit *k, int64_t desk, const char *text, const int64_t *wraps, struct seal_case *secrets);
/* A wrap of those secrets for a desk. */
void wrap_kit(struct web_kit *k, int64_t case_id, const struct seal_case *secrets, const char *target, int64_t desk,
              int64_t note_key);
/* Changes a case row. */
void case_kit_change(struct web_kit *k, int64_t id, void (*change)(struct case_row *row));

#endif
