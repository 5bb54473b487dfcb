/* SPDX-License-Identifier: Apache-2.0 */
/* The console's epochs (keys.md): see seal.h. */
#ifndef QT_WEB_EPOCH_H
#define QT_WEB_EPOCH_H

#include "web.h"

/* Makes the epoch known to web->book, from its row. 0; > 0 there is none or it is forged; < 0. */
NODISCARD int epoch_learn(struct web *web, const char *sealer, int64_t number);
/* Makes and announces a new epoch of ours; it replaces the old one when the router has it. ctx: struct web. */
void epoch_turn(void *web);

#endif
