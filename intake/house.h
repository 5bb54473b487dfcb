/* SPDX-License-Identifier: Apache-2.0 */
/* What the router last said of the desks (open, keyed, waiting, when to reply), refreshed every few seconds; and which site and desk a
 * request goes to. Public keys never come from here: only from keys/public. */
#ifndef QT_INTAKE_HOUSE_H
#define QT_INTAKE_HOUSE_H

#include "intake.h"

struct house *house_new(struct intake *intake);
void house_free(struct house **house);
/* True once every open desk has a member with a key; before that the portal says it is not open yet, with the numbers. */
bool house_open(const struct house *house);
/* True when the router has answered lately. */
bool house_heard(const struct house *house);
/* The last answer of intake.service; lent until the next turn of the loop. Never NULL. */
const json_t *house_service(const struct house *house);
/* When a reply of a desk kind can be expected now (ms), 0 unknown. */
int64_t house_reply_by(const struct house *house, const char *kind);
/* The site of a region code ("" or NULL: the first site). Lent. */
const struct conf_site *house_site(const struct conf *conf, const char *region);
/* The desk kind of a choice: "unsure" is the duty desk. NULL: no such desk, or it is closed. */
const char *house_desk(const struct conf *conf, const char *choice);

/* A choice as the rules want it: NULL for "unsure" or none. */
const char *house_choice(const char *choice);

#endif
