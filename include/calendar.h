/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Working days of the official Chinese calendar with make-up days (调休) and opening hours, pure; data from
 * etc/calendar-CN.conf (State Council notices). Days are civil days in Asia/Shanghai (UTC+8, no DST since 1991). A
 * calendar may be NULL everywhere: then Monday to Friday are working days and nothing else is known.
 */
#ifndef QT_CALENDAR_H
#define QT_CALENDAR_H

#include "conf.h"

struct calendar;
/* Reads the data file (core/conf_calendar.c). 0; 1 refused with *why (a gift, file and line). */
NODISCARD int calendar_load(const char *file, struct calendar **out, char **why);
void calendar_free(struct calendar **c);

/* Building one, as calendar_load and tests do. Days since 1970 (clock_day). */
struct calendar *calendar_new(void);
/* false, unchanged: it is set as the other kind already */
bool calendar_set_day(struct calendar *c, int64_t day, bool workday);
void calendar_set_year(struct calendar *c, int year, bool announced);
void calendar_set_every_year(struct calendar *c, int month, int day); /* off by law in years that are not set */
/* True where the notice of that year has been taken in; working days of other years are a guess that may shift. */
bool calendar_is_announced(const struct calendar *c, int64_t at_ms);

/* The civil day in Shanghai, days since 1970, and its first moment. */
int64_t calendar_day(int64_t at_ms);
int64_t calendar_day_begin(int64_t day);

bool calendar_is_workday(const struct calendar *c, int64_t at_ms);
/* The end (23:59:59.999 Shanghai) of the n-th working day after the day of at_ms; n ≤ 0: of that day itself. */
int64_t calendar_add_workdays(const struct calendar *c, int64_t at_ms, int days);
/* The same counted in half working days: an odd last half ends at 12:00. 1: noon of the next working day; 2: its
 * end. */
int64_t calendar_add_half_workdays(const struct calendar *c, int64_t at_ms, int64_t halves);
/* at_ms itself on a working day, else the first moment of the next one. */
int64_t calendar_next_workday(const struct calendar *c, int64_t at_ms);

/* Opening hours follow the weekday, with two exceptions: a weekend day that is worked has Monday's hours, a weekday
 * that is off has Sunday's. The first moment ≥ at_ms inside opening hours; at_ms itself when open now or
 * staffed_always; 0 when it never opens. */
int64_t calendar_next_open(const struct conf *conf, const struct calendar *c, int64_t at_ms);
/* When a caller may look again: at + first_reply while open, else next opening + first_reply; risk ≥ 2: one minute
 * instead. desk "" or unknown: as the duty desk. 0 when it never opens. */
int64_t calendar_reply_by(const struct conf *conf, const struct calendar *c, const char *desk, int risk, int64_t at_ms);
/* When a case of that kind must be closed; 0 none. report counts as complaint, suggestion as help, thanks as
 * consult. */
int64_t calendar_close_by(const struct conf *conf, const struct calendar *c, const char *desk, const char *kind,
	int64_t at_ms);
/* When it must be accepted (签收); 0 none. */
int64_t calendar_accept_by(const struct conf *conf, const struct calendar *c, const char *desk, int64_t at_ms);

#endif
