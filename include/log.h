/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One line an event: `room event key=value …` on stderr (journal prefix "<N>" when under systemd). Never words, names,
 * telephone numbers, addresses or user agents. Values are escaped: an event is one line whatever it carries.
 */
#ifndef QT_LOG_H
#define QT_LOG_H

#include "macros.h"
#include <stdint.h>

enum log_level { LOG_LEVEL_ERROR = 3, LOG_LEVEL_WARN = 4, LOG_LEVEL_INFO = 6, LOG_LEVEL_DEBUG = 7 };

/* room: static string, lent for the life of the process. */
void log_open(const char *room, enum log_level least);
/* event: snake_case word; fmt yields "key=value key=value" or "". At most 200 lines of one event per minute; the rest
 * are counted and reported as `suppressed=N`. */
void log_event(enum log_level level, const char *event, const char *fmt, ...) PRINTF(3, 4);
/* Events of that level since the start, written or not: for /metrics, and for tests, which fail on an unexpected
 * warning. */
uint64_t log_count(enum log_level level);

#define log_error(event, ...) log_event(LOG_LEVEL_ERROR, event, __VA_ARGS__)
#define log_warn(event, ...) log_event(LOG_LEVEL_WARN, event, __VA_ARGS__)
#define log_info(event, ...) log_event(LOG_LEVEL_INFO, event, __VA_ARGS__)
#define log_debug(event, ...) log_event(LOG_LEVEL_DEBUG, event, __VA_ARGS__)

#endif
