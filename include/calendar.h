/* SPDX-License-Identifier: Apache-2.0 */
/* Working days of the official Chinese calendar with make-up days (调休) and opening hours, pure; data from etc/calendar-CN.conf
 * (State Council notices). Days are civil days in Asia/Shanghai (UTC+8, no DST since 1991). */
#ifndef QT_CALENDAR_H
#define QT_CALENDAR_H

#include "conf.h"

struct calendar;
/* Reads the data file. 0; 1 refused with *why (a gift, file and line). */
NODISCARD int calendar_load(const char *file, struct calendar **out, char **why);
void calendar_free(struct calendar **c);
bool calendar_is_workday(const struct calendar *c, int64_t at_ms);
/* The end (23:59:59.999 Shanghai) of the n-th working day after the day of at_ms; half days end at 12:00 where half is odd. */
int64_t calendar_add_workdays(const struct calendar *c, int64_t at_ms, int days);
/* The first moment ≥ at_ms inside opening hours; at_ms itself when open now or staffed_always. */
int64_t calendar_next_open(const struct conf *conf, const struct calendar *c, int64_t at_ms);
/* When a caller may look again: at + first_reply while open, else next opening + first_reply. */
int64_t calendar_reply_by(const struct conf *conf, const struct calendar *c, const char *desk, int risk, int64_t at_ms);
/* When a case of that kind must be closed; 0 none. */
int64_t calendar_close_by(const struct conf *conf, const struct calendar *c, const char *desk, const char *kind, int64_t at_ms);

#endif
