/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which cases were opened in which session, in memory only: a reading is audited once per session and case, and a
 * reason is asked for once. What a restart forgets is simply audited, or asked for, again.
 */
#ifndef QT_WEB_OPENED_H
#define QT_WEB_OPENED_H

#include <stdint.h>

enum opened_how {
	OPENED_NOT,
	OPENED_MINE,   /* read as one's own: the words end with the ownership */
	OPENED_REASON, /* opened with a reason: readable to the end of the session */
};
struct opened;
struct opened *opened_new(void);
void opened_free(struct opened **opened);
enum opened_how opened_get(const struct opened *opened, int64_t session, int64_t case_id);
void opened_put(struct opened *opened, int64_t session, int64_t case_id, enum opened_how how);

#endif
