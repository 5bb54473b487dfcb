/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The log: one line an event on stderr, escaped, and no more than 200 of one event in a minute; what was held back is
 * counted and told when the minute is over. Every room calls it; it must never see words, names, numbers or
 * addresses.
 */
#include "log.h"

#include "clock.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LOG_MINUTE_MS = 60000, LOG_EACH_MAX = 200, LOG_EVENTS_MAX = 128, LOG_LINE_BYTES = 2048, LOG_NAME_BYTES = 48 };

/* What one event did in this minute. The last slot is shared by whatever came after the table was full. */
struct log_slot {
	char event[LOG_NAME_BYTES];
	enum log_level level;
	unsigned lines, suppressed;
};

static struct {
	pthread_mutex_t lock;
	const char *room;
	enum log_level least;
	bool journal;
	int64_t minute;
	struct log_slot slot[LOG_EVENTS_MAX];
	size_t slots;
	uint64_t count[LOG_LEVEL_DEBUG + 1];
} desk = { .lock = PTHREAD_MUTEX_INITIALIZER, .room = "qingting", .least = LOG_LEVEL_INFO };

void log_open(const char *room, enum log_level least)
{
	pthread_mutex_lock(&desk.lock);
	desk.room = room;
	desk.least = least;
	desk.journal = getenv("JOURNAL_STREAM") != NULL;
	pthread_mutex_unlock(&desk.lock);
}

uint64_t log_count(enum log_level level)
{
	uint64_t n;

	pthread_mutex_lock(&desk.lock);
	n = desk.count[level];
	pthread_mutex_unlock(&desk.lock);
	return n;
}

/* Bytes of a valid UTF-8 character at s (n left) that may stand in a line as it is; 0: escape one byte. */
static size_t log_plain(const unsigned char *s, size_t n)
{
	size_t more = *s < 0xc2 ? 0 : *s < 0xe0 ? 1 : *s < 0xf0 ? 2 : *s < 0xf5 ? 3 : 0;

	if (*s < 0x80)
		return *s >= 0x20 && *s != 0x7f && *s != '\\';
	if (!more || more >= n)
		return 0;
	for (size_t i = 1; i <= more; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	/* Overlong forms, surrogates, C1 controls and the line separators U+2028/9. */
	if ((*s == 0xe0 && s[1] < 0xa0) || (*s == 0xed && s[1] > 0x9f) || (*s == 0xf0 && s[1] < 0x90) ||
	    (*s == 0xf4 && s[1] > 0x8f) || (*s == 0xc2 && s[1] < 0xa0) ||
	    (*s == 0xe2 && s[1] == 0x80 && (s[2] == 0xa8 || s[2] == 0xa9)))
		return 0;
	return more + 1;
}

static size_t log_escape(char *out, size_t room, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t left = strlen(text), used = 0, plain;

	while (left && used + 5 < room) {
		plain = log_plain(s, left);
		if (plain)
			memcpy(out + used, s, plain);
		else if (*s == '\n')
			memcpy(out + used, "\\n", 2);
		else if (*s == '\\')
			memcpy(out + used, "\\\\", 2);
		else
			snprintf(out + used, 5, "\\x%02x", *s);
		used += plain ? plain : *s == '\n' || *s == '\\' ? 2 : 4;
		s += plain ? plain : 1;
		left -= plain ? plain : 1;
	}
	out[used] = 0;
	return used;
}

static void log_line(enum log_level level, const char *event, const char *rest)
{
	char line[LOG_LINE_BYTES + LOG_NAME_BYTES + 64];
	int n = 0;

	if (desk.journal)
		n = snprintf(line, sizeof(line), "<%d>", (int)level);
	n += snprintf(line + n, sizeof(line) - (size_t)n, "%.32s %.48s%s", desk.room, event, *rest ? " " : "");
	n += (int)log_escape(line + n, sizeof(line) - (size_t)n - 1, rest);
	line[n++] = '\n';
	/* One write, so that lines of several processes on one descriptor stay whole. A lost line is not worth a
	 * fault. */
	if (write(STDERR_FILENO, line, (size_t)n) < 0)
		return;
}

static void log_new_minute(int64_t minute)
{
	char rest[32];

	for (size_t i = 0; i < desk.slots; i++) {
		if (!desk.slot[i].suppressed)
			continue;
		snprintf(rest, sizeof(rest), "suppressed=%u", desk.slot[i].suppressed);
		log_line(desk.slot[i].level, desk.slot[i].event, rest);
	}
	desk.slots = 0;
	desk.minute = minute;
}

static struct log_slot *log_find(enum log_level level, const char *event)
{
	struct log_slot *slot;

	for (size_t i = 0; i < desk.slots; i++)
		if (!strncmp(desk.slot[i].event, event, LOG_NAME_BYTES - 1))
			return &desk.slot[i];
	if (desk.slots == LOG_EVENTS_MAX)
		return &desk.slot[LOG_EVENTS_MAX - 1];
	slot = &desk.slot[desk.slots++];
	*slot = (struct log_slot){ .level = level };
	snprintf(slot->event, sizeof(slot->event), "%s", desk.slots == LOG_EVENTS_MAX ? "other_events" : event);
	return slot;
}

static bool log_allowed(enum log_level level, const char *event)
{
	int64_t minute = clock_mono_ms() / LOG_MINUTE_MS;
	struct log_slot *slot;

	if (minute != desk.minute)
		log_new_minute(minute);
	slot = log_find(level, event);
	if (slot->lines >= LOG_EACH_MAX) {
		slot->suppressed++;
		return false;
	}
	slot->lines++;
	return true;
}

void log_event(enum log_level level, const char *event, const char *fmt, ...)
{
	char rest[LOG_LINE_BYTES];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(rest, sizeof(rest), fmt, ap);
	va_end(ap);
	pthread_mutex_lock(&desk.lock);
	desk.count[level]++;
	if (level <= desk.least && log_allowed(level, event))
		log_line(level, event, rest);
	pthread_mutex_unlock(&desk.lock);
}
