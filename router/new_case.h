/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A new case, from the portal, the telephone or a foreign front end: what both intake.submit and order.create do. Everything is read and
 * checked before anything is written, so a refused request costs no savepoint and leaves nothing behind.
 */
#ifndef QT_ROUTER_NEW_CASE_H
#define QT_ROUTER_NEW_CASE_H

#include "work.h"

enum { NEW_CASE_WRAPS_MAX = 12 };

struct new_case {
	struct work w;
	struct desk_row desk;
	struct message_row words, contact; /* contact.kind NULL: none was left */
	struct wrap_row wrap[NEW_CASE_WRAPS_MAX];
	size_t wraps;
};
/* Reads the checked body: site, desk, facts, risk, clocks; the words, a message of that kind in blob 0; the wraps, from blob `first` on
 * (names, heads, generations, epoch, lengths); the contact in the blob behind them. Texts and blobs are lent by c and the store.
 * 0; > 0 refused 400 or 403. */
NODISCARD int new_case_read(struct call *c, struct new_case *n, const char *kind, size_t first, const char *sealer);
/* How many wraps "wraps" names. */
size_t new_case_wrap_count(const struct call *c);
/* Writes it all: row, wraps, words, its places in the queues, its contact (type: of contact_type_words), the event, the hint. */
NODISCARD int new_case_keep(struct call *c, struct new_case *n, const char *type, int64_t began_at, int64_t seconds);
/* The answer: 201 {ticket,state,reply_by,uid,risk}. */
int new_case_answer(struct call *c, const struct case_row *row);

#endif
