/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Drafts whose writer has left by the exit: for as long as a draft lives, its pages show nothing any more, so that Back and "send the form
 * again" on a shared phone bring up an empty page. Only in memory, as keyed hashes, bounded; a restart forgets them.
 */
#ifndef QT_INTAKE_LEFT_H
#define QT_INTAKE_LEFT_H

#include "intake.h"

enum { LEFT_MAX = 8192, LEFT_MS = 2 * 3600 * 1000 };
struct left;
struct left *left_new(void);
void left_free(struct left **left);
/* key: a draft's one-time key. */
void left_add(struct left *left, const char *key, int64_t now_ms);
bool left_has(const struct left *left, const char *key, int64_t now_ms);

#endif
