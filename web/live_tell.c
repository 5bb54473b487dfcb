/* SPDX-License-Identifier: Apache-2.0 */
/* See live_tell.h. Called by live.c for each event and hint; reads the case as it is now, not as it was. */
#include "live_tell.h"

#include "casefile_json.h"
#include "mem.h"
#include "ticket.h"
#include <stdio.h>
#include <string.h>

static void desk_add(struct tell *t, int64_t desk, bool gone)
{
	size_t i;

	for (i = 0; i < t->desks; i++)
		if (t->desk[i].desk == desk)
			return;
	if (desk && t->desks < TELL_DESKS_MAX)
		t->desk[t->desks++] = (struct tell_desk){ .desk = desk, .gone = gone };
}

/* Whom a case concerns: its desk, the desks of its open tasks, and those it has just left. */
static int case_look(struct web *web, int64_t case_id, struct tell *t)
{
	size_t i;
	int r;

	t->who.web = web;
	r = view_load(&t->who, case_id, &t->view);
	if (r)
		return r;
	t->owner = t->view.row.owner;
	desk_add(t, t->view.row.desk, false);
	for (i = 0; i < t->view.tasks; i++)
		if (strcmp(t->view.task[i].state, "done"))
			desk_add(t, t->view.task[i].desk, false);
	return 0;
}

static int staff_news(struct web *web, const struct event_row *e, struct tell *t)
{
	struct staff_row staff;
	json_t *news;
	int r = e->staff ? store_staff_get(web->store, e->staff, &staff) : STORE_NONE;

	if (r)
		return r;
	t->event = "staff";
	t->site = staff.site;
	t->person = staff.id;
	news = json_pack("{s:s, s:s, s:s}", "kind", e->kind, "user", staff.user, "presence", staff.presence);
	t->text = json_write(news);
	json_release(&news);
	return 0;
}

int tell_event(struct web *web, const struct event_row *e, struct tell *t)
{
	size_t i;
	int r;

	*t = (struct tell){ .event = "case" };
	store_event_cursor_write(e->seq, t->id);
	if (!e->case_id)
		return staff_news(web, e, t);
	r = case_look(web, e->case_id, t);
	if (r)
		return r;
	desk_add(t, e->desk, true);
	if (!strcmp(e->kind, "moved"))
		desk_add(t, e->number, true); /* the desk it came from */
	for (i = 0; i < t->view.tasks && !strcmp(e->kind, "task_end"); i++)
		desk_add(t, t->view.task[i].desk, true);
	t->news = json_pack("{s:s, s:s, s:s, s:I}", "kind", e->kind, "ticket", t->view.ticket, "desk",
	                    t->view.desk.kind, "number", (json_int_t)e->number);
	casefile_json_person(web, t->news, e->staff, NULL, "by");
	return 0;
}

int tell_hint(struct web *web, const char *ticket, char *text, struct tell *t)
{
	int64_t id;
	int r;

	*t = (struct tell){ .event = "hint", .text = text };
	if (ticket_read(web->row->ticket, ticket, &id))
		return STORE_NONE;
	r = case_look(web, id, t);
	return r;
}

static const char *desk_text(struct tell *t, struct tell_desk *d)
{
	struct store_item item;

	if (t->text)
		return d->gone ? NULL : t->text;
	if (d->text)
		return d->text;
	view_item(&t->view, d->desk, &item);
	json_object_set_new(t->news, "row", d->gone ? json_null() : casefile_json_row(t->who.web, &item));
	d->text = json_write(t->news);
	return d->text;
}

const char *tell_text(struct tell *t, int64_t staff, int64_t site, const int64_t *desks, size_t n)
{
	struct tell_desk *best = NULL;
	size_t i, k;

	if (t->site)
		return t->site == site ? t->text : NULL;
	for (i = 0; i < t->desks && !best; i++) /* the responsible desk stands first, those it has left last */
		for (k = 0; k < n; k++)
			if (desks[k] == t->desk[i].desk)
				best = &t->desk[i];
	if ((!best || best->gone) && t->owner && t->owner == staff)
		best = &t->desk[0];
	return best ? desk_text(t, best) : NULL;
}

void tell_finish(struct tell *t)
{
	size_t i;

	for (i = 0; i < t->desks; i++)
		mem_free(&t->desk[i].text);
	mem_free(&t->text);
	json_release(&t->news);
}
