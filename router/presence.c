/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is here. Presence decides what is covered, so when it changes the open cases of that person take their places in the queues anew.
 * A session that idled out takes its person off shift. Called by the session orders and once a while by the clock.
 */
#include "presence.h"

#include <string.h>

/* Presence decides what is covered: the open cases of the person take their places in the queues anew. */
static int presence_cases(struct call *c, int64_t staff)
{
	struct store_filter filter = { .view = STORE_VIEW_MINE, .me = staff, .state = -1, .risk = -1 };
	struct store_item *items;
	char cursor[STORE_CURSOR_BYTES] = "", next[STORE_CURSOR_BYTES];
	size_t n, i;
	int r;

	do {
		r = store_list(c->store, &filter, cursor, 200, &items, &n, next);
		for (i = 0; !r && i < n; i++) {
			struct work w;

			r = work_load_as(c, items[i].row.id, CASE_ROLE_SYSTEM, &w);
			if (r > 0) {
				r = 0; /* a frozen case keeps its place */
				continue;
			}
			if (!r)
				r = queue_settle(c, &w);
		}
		memcpy(cursor, next, sizeof(cursor));
	} while (!r && *next);
	return r;
}

int presence_set(struct call *c, int64_t staff, const char *presence)
{
	struct event_row event = { .kind = "presence", .staff = staff, .detail = presence };
	int64_t actor = c->who.id;
	int r = store_staff_presence(c->store, staff, presence);

	c->who.id = 0; /* the queues are settled as the clock sees them */
	if (!r)
		r = presence_cases(c, staff);
	c->who.id = actor;
	return r ? r : store_event_add(c->store, &event);
}

/* True when a session of the person is still alive. */
static int person_here(struct call *c, int64_t staff, bool *here)
{
	struct session_row *rows;
	size_t n, i;
	int r = store_session_list(c->store, staff, &rows, &n);

	*here = false;
	for (i = 0; !r && i < n; i++)
		*here = *here || (rows[i].used_at + c->router->conf->staff_idle_ms > c->now && rows[i].until_at > c->now);
	return r;
}

int presence_expire(struct call *c)
{
	struct staff_row *rows;
	size_t n, i;
	int r = store_staff_list(c->store, &rows, &n);

	for (i = 0; !r && i < n; i++) {
		bool here;

		if (!strcmp(rows[i].presence, "off"))
			continue;
		r = person_here(c, rows[i].id, &here);
		if (!r && !here)
			r = presence_set(c, rows[i].id, "off");
	}
	return r;
}
