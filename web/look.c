/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A table of bounded size: a few places a bucket, the oldest gives way. The pages tell every 25 s while they show a
 * case. Called by live.c.
 */
#include "look.h"

#include "clock.h"
#include "mem.h"
#include "ticket.h"
#include <stdio.h>
#include <string.h>

enum { LOOK_MS = 30000, BUCKETS = 128, PLACES = 8 };

struct look {
	char ticket[TICKET_TEXT_BYTES], name[128];
	int64_t staff, until;
};
struct looks {
	struct look look[BUCKETS][PLACES];
};

struct looks *looks_new(void)
{
	return mem_new(sizeof(struct looks));
}

void looks_free(struct looks **looks)
{
	mem_free(looks);
}

static size_t bucket(const char *ticket)
{
	uint32_t h = 2166136261U;

	for (; *ticket; ticket++)
		h = (h ^ (uint8_t)*ticket) * 16777619U;
	return h % BUCKETS;
}

void looks_put(struct looks *looks, const char *ticket, int64_t staff, const char *name)
{
	struct look *row = looks->look[bucket(ticket)], *into = row;
	size_t i;

	for (i = 0; i < PLACES; i++) {
		if (row[i].staff == staff && !strcmp(row[i].ticket, ticket)) {
			into = &row[i];
			break;
		}
		if (row[i].until < into->until)
			into = &row[i];
	}
	*into = (struct look){ .staff = staff, .until = clock_mono_ms() + LOOK_MS };
	snprintf(into->ticket, sizeof(into->ticket), "%s", ticket);
	snprintf(into->name, sizeof(into->name), "%s", name);
}

json_t *looks_names(const struct looks *looks, const char *ticket)
{
	const struct look *row = looks->look[bucket(ticket)];
	json_t *list = json_array();
	int64_t now = clock_mono_ms();
	size_t i;

	for (i = 0; i < PLACES; i++)
		if (row[i].until > now && !strcmp(row[i].ticket, ticket))
			json_array_append_new(list, json_string(row[i].name));
	return list;
}
