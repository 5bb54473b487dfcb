/* SPDX-License-Identifier: Apache-2.0 */
/* Times that leave the house are whole minutes: an exact one could be matched with what somebody saw over a shoulder. */
#ifndef QT_INTAKE_MINUTE_H
#define QT_INTAKE_MINUTE_H

#include "json.h"

/* A time of the past: the minute it was in. JSON null for 0. */
static inline void minute_was(json_t *object, const char *name, int64_t at_ms)
{
	json_set_time(object, name, at_ms - at_ms % 60000);
}
/* A time to come: the minute by which it will be. JSON null for 0. */
static inline void minute_will(json_t *object, const char *name, int64_t at_ms)
{
	json_set_time(object, name, (at_ms + 59999) / 60000 * 60000);
}

#endif
