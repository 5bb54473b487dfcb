/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lists of the console, several desks merged, by opaque cursor. Every list is made of narrow ranges (one desk, one
 * state, one level), each read only as far as its rows still come before the last one kept: no filter scans. Facts
 * only.
 */
#include "store_impl.h"

#include <string.h>

struct slot { int64_t key, second; struct store_item *item; };
struct list {
	struct store *s;
	const struct store_filter *f;
	struct slot *slot;
	size_t n, room;
	int64_t from, from_second; /* keys behind this one */
};

static bool key_before(int64_t a, int64_t a2, int64_t b, int64_t b2)
{
	return a != b ? a < b : a2 < b2;
}

static bool list_over(const struct list *l, int64_t key, int64_t second)
{
	return l->n == l->room && !key_before(key, second, l->slot[l->n - 1].key, l->slot[l->n - 1].second);
}

/* The item to fill, in its place; NULL: before the cursor, or behind a full list. */
static struct store_item *list_take(struct list *l, int64_t key, int64_t second)
{
	struct store_item *item;
	size_t i;

	if (!key_before(l->from, l->from_second, key, second) || list_over(l, key, second))
		return NULL;
	item = l->n == l->room ? l->slot[--l->n].item : lent_new(l->s, sizeof(*item));
	for (i = l->n++; i > 0 && key_before(key, second, l->slot[i - 1].key, l->slot[i - 1].second); i--)
		l->slot[i] = l->slot[i - 1];
	l->slot[i] = (struct slot){ key, second, item };
	memset(item, 0, sizeof(*item));
	item->what = "case";
	item->why = "";
	return item;
}

static bool wants_desk(const struct store_filter *f, int64_t desk)
{
	for (size_t i = 0; i < f->desk_count; i++)
		if (f->desks[i] == desk)
			return true;
	return false;
}

static bool wants_row(const struct store_filter *f, const struct case_row *row)
{
	return (f->state < 0 || (int)row->state == f->state) && (f->risk < 0 || row->risk == f->risk) &&
	       (f->assignee <= 0 || row->owner == f->assignee) && (f->assignee >= 0 || !row->owner);
}

/* Takes what a statement yields, in its order, as long as it can matter. ended: ordered by closing, else by id; both
 * newest first. */
static int list_rows(struct list *l, sqlite3_stmt *stmt, bool ended, bool check, const char *what, int64_t word)
{
	int rc = 0;

	while (!rc) {
		const struct store_filter *f = l->f;
		struct store_item *item;
		struct case_row row;
		int64_t id, key, second;

		rc = sql_step(l->s, stmt);
		if (rc)
			break;
		id = sqlite3_column_int64(stmt, CASE_COLUMN_ID);
		key = ended ? -sqlite3_column_int64(stmt, CASE_COLUMN_CLOSED_AT) : -id;
		second = ended ? -id : word;
		if (list_over(l, key, second)) {
			sql_give(stmt);
			break;
		}
		if (f->assignee < 0 && sqlite3_column_type(stmt, CASE_COLUMN_OWNER) != SQLITE_NULL)
			continue;
		case_read(l->s, stmt, &row);
		if (check && (!wants_row(f, &row) || (f->desk_count && !wants_desk(f, row.desk))))
			continue;
		item = list_take(l, key, second);
		if (item) {
			item->row = row;
			item->what = what;
			item->due_at = row.due_at;
			item->since = row.oldest_at;
		}
	}
	return rc == STORE_NONE ? 0 : rc;
}

/* ---- open and ended ---- */

static int64_t bound(int64_t from)
{
	return from == INT64_MIN ? INT64_MAX : -from;
}

static int list_open_range(struct list *l, int64_t desk, enum case_state state, int risk)
{
	sqlite3_stmt *stmt;
	int rc = sql_begin(
		l->s, SQL_LIST_OPEN,
		SQL_ARGS(arg_int(desk), arg_text(case_state_text(state)), arg_int(risk), arg_int(bound(l->from))),
		&stmt);

	return rc ? rc : list_rows(l, stmt, false, false, "case", 0);
}

static int list_ended_range(struct list *l, int64_t desk, enum case_state state, int risk)
{
	sqlite3_stmt *stmt;
	int rc = sql_begin(l->s, SQL_LIST_ENDED,
			   SQL_ARGS(arg_int(desk), arg_text(case_state_text(state)), arg_int(risk),
				    arg_int(bound(l->from)), arg_int(bound(l->from_second))),
			   &stmt);

	return rc ? rc : list_rows(l, stmt, true, false, "case", 0);
}

static bool state_ended(enum case_state state)
{
	return state == CASE_CLOSED || state == CASE_ARCHIVED;
}

/* An owner's cases are few: one range, the filters look at each row. */
static int list_owner(struct list *l, int64_t owner, enum case_state state)
{
	const bool ended = state_ended(state);
	sqlite3_stmt *stmt;
	int rc = ended ? sql_begin(l->s, SQL_LIST_ENDED_OWNER,
	                           SQL_ARGS(arg_int(owner), arg_text(case_state_text(state)), arg_int(bound(l->from)),
	                                    arg_int(bound(l->from_second))), &stmt) :
	                 sql_begin(l->s, SQL_LIST_OWNER, SQL_ARGS(arg_int(owner), arg_int(bound(l->from))), &stmt);

	return rc ? rc : list_rows(l, stmt, ended, true, "case", 0);
}

static int list_state(struct list *l, enum case_state state)
{
	int rc = 0;

	for (size_t i = 0; i < l->f->desk_count; i++)
		for (int risk = 0; !rc && risk <= 3; risk++)
			if (l->f->risk < 0 || l->f->risk == risk)
				rc = state_ended(state) ? list_ended_range(l, l->f->desks[i], state, risk) :
				                          list_open_range(l, l->f->desks[i], state, risk);
	return rc;
}

static int list_open(struct list *l)
{
	int rc = 0;

	if (l->f->assignee > 0)
		return list_owner(l, l->f->assignee, CASE_WAITING);
	for (int state = 0; !rc && state < CASE_STATE_COUNT; state++)
		if (!state_ended(state) && (l->f->state < 0 || l->f->state == state))
			rc = list_state(l, state);
	return rc;
}

static int list_ended(struct list *l, enum case_state state)
{
	if (l->f->state >= 0 && l->f->state != (int)state)
		return 0;
	return l->f->assignee > 0 ? list_owner(l, l->f->assignee, state) : list_state(l, state);
}

static int list_closed(struct list *l)
{
	return list_ended(l, l->f->state == CASE_ARCHIVED ? CASE_ARCHIVED : CASE_CLOSED);
}

/* ---- mine, follow-ups ---- */

/* A damaged case is shown as such; one that is gone is left out. */
static int item_case(struct list *l, int64_t case_id, struct case_row *row, bool *shown)
{
	int rc = store_case_get(l->s, case_id, row);

	*shown = rc == 0 || rc == STORE_DAMAGED;
	return rc < 0 ? rc : 0;
}

static int list_my_tasks(struct list *l)
{
	struct task_row *tasks;
	size_t n;
	int rc = store_task_mine(l->s, l->f->me, &tasks, &n);

	for (size_t i = 0; !rc && i < n; i++) {
		struct store_item *item;
		struct case_row row;
		bool shown;

		if (l->f->desk_count && !wants_desk(l->f, tasks[i].desk))
			continue;
		rc = item_case(l, tasks[i].case_id, &row, &shown);
		item = !rc && shown ? list_take(l, -tasks[i].case_id, tasks[i].id) : NULL;
		if (item)
			*item = (struct store_item){ .row = row,
						     .what = "task",
						     .ref = tasks[i].id,
						     .since = tasks[i].made_at,
						     .due_at = tasks[i].due_at,
						     .why = "task" };
	}
	return rc;
}

/* Second keys: a case before its covered thing before its tasks. */
static int list_mine(struct list *l)
{
	const int64_t up_to = bound(l->from) == INT64_MAX ? INT64_MAX : bound(l->from) + 1;
	sqlite3_stmt *stmt;
	int rc = sql_begin(l->s, SQL_LIST_OWNER, SQL_ARGS(arg_int(l->f->me), arg_int(up_to)), &stmt);

	if (!rc)
		rc = list_rows(l, stmt, false, true, "case", -2);
	if (!rc)
		rc = sql_begin(l->s, SQL_LIST_COVER, SQL_ARGS(arg_int(l->f->me), arg_int(up_to)), &stmt);
	if (!rc)
		rc = list_rows(l, stmt, false, true, "covered", -1);
	return rc ? rc : list_my_tasks(l);
}

static int list_followups(struct list *l)
{
	const int64_t until = l->f->due_until ? l->f->due_until : store_now(l->s);
	int rc = 0;

	for (size_t d = 0; !rc && d < l->f->desk_count; d++) {
		struct followup_row *rows;
		size_t n;

		rc = followup_page(l->s, l->f->desks[d], until, l->from, l->from_second, (int)l->room, &rows, &n);
		for (size_t i = 0; !rc && i < n && !list_over(l, rows[i].due_at, rows[i].id); i++) {
			struct store_item *item = list_take(l, rows[i].due_at, rows[i].id);

			if (item)
				*item = (struct store_item){ .row = { .id = rows[i].case_id },
							     .what = "followup",
							     .ref = rows[i].id,
							     .since = rows[i].made_at,
							     .due_at = rows[i].due_at,
							     .why = rows[i].kind };
		}
	}
	return rc;
}

/* ---- waiting ---- */

static int list_waiting(struct store *s, const struct store_filter *f, const char *cursor, int limit,
			struct store_item **items, size_t *n, char next[STORE_CURSOR_BYTES])
{
	const struct queue_want want = {
		.desks = f->desks, .desk_count = f->desk_count, .risk = f->risk, .owner = f->assignee
	};
	struct list l = { .s = s, .f = f };
	struct queue_row *rows;
	size_t found;
	int rc = queue_page(s, &want, cursor, limit, &rows, &found, next);

	*n = 0;
	*items = lent_new(s, (size_t)limit * sizeof(**items));
	for (size_t i = 0; !rc && i < found; i++) {
		struct store_item item = { .what = rows[i].what,
					   .ref = rows[i].ref,
					   .rank = rows[i].rank,
					   .since = rows[i].since,
					   .why = rows[i].why };
		bool shown = false;

		rc = item_case(&l, rows[i].case_id, &item.row, &shown);
		item.due_at = item.row.due_at;
		if (!rc && shown && (f->state < 0 || (int)item.row.state == f->state))
			(*items)[(*n)++] = item;
	}
	return rc;
}

/* ---- all views ---- */

static const struct { char letter; int (*fill)(struct list *l); } views[] = {
	[STORE_VIEW_MINE] = { 'm', list_mine },           [STORE_VIEW_DESK] = { 'd', list_open },
	[STORE_VIEW_FOLLOWUPS] = { 'f', list_followups }, [STORE_VIEW_CLOSED] = { 'c', list_closed },
};

/* Follow-ups are merged by their own order first; only what is shown is looked up. */
static int list_hand(struct list *l, int limit, struct store_item **items, size_t *n)
{
	int rc = 0;

	*items = lent_new(l->s, (size_t)limit * sizeof(**items));
	*n = 0;
	for (size_t i = 0; !rc && i < l->n && i < (size_t)limit; i++) {
		struct store_item *item = l->slot[i].item;
		bool shown = true;

		if (l->f->view == STORE_VIEW_FOLLOWUPS) {
			rc = item_case(l, item->row.id, &item->row, &shown);
			shown = shown && wants_row(l->f, &item->row);
		}
		if (!rc && shown)
			(*items)[(*n)++] = *item;
	}
	return rc;
}

/* Open ones, then closed ones, then archived ones: three lists one behind the other. */
static int list_all(struct list *l, const char *cursor, int64_t v[3])
{
	int rc = 0;

	if (cursor && *cursor) {
		rc = cursor_read('a', cursor, v, 3);
		if (rc || v[0] < 0 || v[0] > 2)
			return STORE_REFUSED;
		l->from = v[1];
		l->from_second = v[2];
	}
	for (; !rc; v[0]++) {
		rc = v[0] == 0 ? list_open(l) : list_ended(l, v[0] == 1 ? CASE_CLOSED : CASE_ARCHIVED);
		if (l->n || v[0] == 2)
			break;
		l->from = l->from_second = INT64_MIN;
	}
	return rc;
}

static int list_view(struct list *l, const char *cursor)
{
	int64_t v[2];
	int rc;

	if (!cursor || !*cursor)
		return views[l->f->view].fill(l);
	rc = cursor_read(views[l->f->view].letter, cursor, v, 2);
	l->from = v[0];
	l->from_second = v[1];
	return rc ? rc : views[l->f->view].fill(l);
}

/* Where a part of `all` is used up, the next page begins with the next part. */
static void list_next(const struct list *l, size_t limit, int64_t part, char next[STORE_CURSOR_BYTES])
{
	const bool more = l->n > limit;
	const struct slot *last = l->n ? &l->slot[(more ? limit : l->n) - 1] : NULL;

	if (l->f->view == STORE_VIEW_ALL && last && (more || part < 2))
		cursor_write('a',
			     (const int64_t[]){ more ? part : part + 1, more ? last->key : INT64_MIN,
						more ? last->second : INT64_MIN },
			     3, next);
	else if (l->f->view != STORE_VIEW_ALL && more)
		cursor_write(views[l->f->view].letter, (const int64_t[]){ last->key, last->second }, 2, next);
}

int store_list(struct store *s, const struct store_filter *f, const char *cursor, int limit, struct store_item **items,
	       size_t *n, char next[STORE_CURSOR_BYTES])
{
	struct list l = { .s = s, .f = f, .room = (size_t)limit + 1, .from = INT64_MIN, .from_second = INT64_MIN };
	int64_t v[3] = { 0 };
	int rc;

	*items = NULL;
	*n = 0;
	if (f->view == STORE_VIEW_WAITING)
		return list_waiting(s, f, cursor, limit, items, n, next);
	l.slot = lent_new(s, l.room * sizeof(*l.slot));
	rc = f->view == STORE_VIEW_ALL ? list_all(&l, cursor, v) : list_view(&l, cursor);
	if (!rc)
		rc = list_hand(&l, limit, items, n);
	next[0] = 0; /* only now: next may be the cursor */
	if (!rc)
		list_next(&l, (size_t)limit, v[0], next);
	return rc;
}
