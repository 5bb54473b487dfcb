/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A sealer's own epochs (keys.md): a new pair at start and every period, announced to the router (epoch.put) before its first use, so
 * that no wrap is ever committed whose epoch nobody can look up. Used by intake and web.
 */
#ifndef QT_EPOCHS_H
#define QT_EPOCHS_H

#include "bus.h"
#include "seal.h"

struct epochs;
/* identity is lent for the life of the keeper. Announces at once and keeps trying. */
struct epochs *epochs_new(struct loop *loop, struct bus *bus, const struct seal_identity *identity, int64_t period_ms);
void epochs_free(struct epochs **epochs);
/* The epoch to seal with; NULL until the first is announced. Lent; seal_epoch_hold it for a thread. */
struct seal_epoch *epochs_now(const struct epochs *epochs);

#endif
