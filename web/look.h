/* SPDX-License-Identifier: Apache-2.0 */
/* Who looks at which case just now: told by the pages, kept for half a minute, in memory only. */
#ifndef QT_WEB_LOOK_H
#define QT_WEB_LOOK_H

#include "json.h"

struct looks;
struct looks *looks_new(void);
void looks_free(struct looks **looks);
void looks_put(struct looks *looks, const char *ticket, int64_t staff, const char *name);
/* The names, as a JSON list. Gives. */
json_t *looks_names(const struct looks *looks, const char *ticket);

#endif
