/* SPDX-License-Identifier: Apache-2.0 */
/* A case as JSON: the row of a list, and the whole of it (doc/api.md: CaseRow, Case). */
#ifndef QT_WEB_CASEFILE_JSON_H
#define QT_WEB_CASEFILE_JSON_H

#include "json.h"
#include "view.h"

/* A row of a list: facts and why it stands there; no words. Gives. */
json_t *casefile_json_row(struct web *web, const struct store_item *item);
/* The whole case for the person of the view. words: with the text of messages (the audit line stands already). Gives.
 */
json_t *casefile_json(struct view *view, bool words);
/* Messages oldest first (the last CASEFILE_MESSAGES_MAX); words as above. *readable: a key of the person opens the
 * case. Gives. */
enum { CASEFILE_MESSAGES_MAX = 500 };
json_t *casefile_json_messages(struct view *view, bool words, bool *readable);
/* Tasks, follow-ups, history, contacts of the case, set in out. */
void casefile_json_parts(struct view *view, json_t *out);
/* Sets user and name of a staff member (either key may be NULL); JSON null where there is none. */
void casefile_json_person(struct web *web, json_t *out, int64_t staff, const char *user_key, const char *name_key);

#endif
