/* SPDX-License-Identifier: Apache-2.0 */
/* Case facts as they come in JSON: checked by one table, copied into a row. Used by callers, counselors and the telephone alike. */
#ifndef QT_ROUTER_FACTS_H
#define QT_ROUTER_FACTS_H

#include "call.h"

/* Checks c->in's "facts" (absent: fine) and copies them into row. staff: kind, urgency and category may be set too. Texts are lent by c.
 * 0; > 0 refused 400. */
NODISCARD int facts_take(struct call *c, struct case_row *row, bool staff);
/* The facts of a row as one JSON object, for contacts and answers. Gives. */
json_t *facts_json(const struct case_row *row);

#endif
