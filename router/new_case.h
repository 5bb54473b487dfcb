/* SPDX-License-Identifier: Apache-2.0 */
/* A new case, from the portal, the telephone or a foreign front end: what both intake.submit and order.create do. */
#ifndef QT_ROUTER_NEW_CASE_H
#define QT_ROUTER_NEW_CASE_H

#include "work.h"

/* Fills w->row from the checked body (site, desk, facts, risk, clocks). 0; > 0 refused 400. */
NODISCARD int new_case_read(struct call *c, struct work *w, struct desk_row *desk);
/* Checks "wraps" against the blobs from `first` on (names, heads, generations, epoch) and puts them. */
NODISCARD int new_case_wraps(struct call *c, const struct case_row *row, size_t first, const char *sealer);
/* How many wraps "wraps" names. */
size_t new_case_wrap_count(const struct call *c);
/* Adds blob `i` as message n of a kind. id: field of the body with its message id. */
NODISCARD int new_case_message(struct call *c, const struct case_row *row, size_t i, int64_t n, const char *kind, const char *id);
/* The contact behind the case. type: of contact_type_words. */
NODISCARD int new_case_contact(struct call *c, const struct case_row *row, const char *type, int64_t began_at, int64_t seconds);
/* The answer: 201 {ticket,state,reply_by,uid,risk}. */
int new_case_answer(struct call *c, const struct case_row *row);

#endif
