/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lists of the console: which view, whose desks, which filters; and how many stand in each view. The order and the
 * reason of a row are the router's; nothing is sorted or counted here.
 */
#include "api.h"

#include "casefile_json.h"
#include "case_answer.h"
#include "mem.h"
#include <stdlib.h>
#include <string.h>

enum { LIMIT = 50, LIMIT_MAX = 200, FOLLOWUPS_COUNTED = 1000 };

static const char *const views[] = { [STORE_VIEW_WAITING] = "waiting",
	                             [STORE_VIEW_MINE] = "mine",
	                             [STORE_VIEW_DESK] = "desk",
	                             [STORE_VIEW_FOLLOWUPS] = "followups",
	                             [STORE_VIEW_CLOSED] = "closed",
	                             [STORE_VIEW_ALL] = "all",
	                             NULL };

struct asked {
	struct store_filter filter;
	int64_t desk[WHO_DESKS_MAX];
	size_t desks;
	int limit;
	const char *cursor;
};

/* True when the value stands in the list of words, and *out is its place; an absent one leaves it. */
static bool word_read(const struct http_req *req, const char *name, const char *const *words, int *out)
{
	const char *value = http_query(req, name);

	if (value)
		*out = case_word_index(words, value);
	return !value || *out >= 0;
}

static bool number_read(const struct http_req *req, const char *name, int least, int most, int *out)
{
	const char *value = http_query(req, name);
	char *end;
	long n;

	if (!value)
		return true;
	n = strtol(value, &end, 10);
	*out = (int)n;
	return *value >= '0' && *value <= '9' && !*end && n >= least && n <= most;
}

/* The person's desks, narrowed by desk (id or kind) and site. */
static void desks_read(const struct http_req *req, const struct who *who, struct asked *a)
{
	const char *wanted = http_query(req, "desk"), *site = http_query(req, "site");
	size_t i;

	for (i = 0; i < who->desks; i++) {
		struct desk_row desk;
		struct site_row at;

		if (store_desk_get(who->web->store, who->desk[i], &desk) ||
		    store_site_get(who->web->store, desk.site, &at))
			continue;
		if ((!wanted || !*wanted || !strcmp(desk.id, wanted) || !strcmp(desk.kind, wanted)) &&
		    (!site || !*site || !strcmp(at.id, site)))
			a->desk[a->desks++] = desk.num;
	}
}

static bool assignee_read(const struct http_req *req, const struct who *who, struct asked *a)
{
	const char *user = http_query(req, "assignee");
	struct staff_row staff;

	if (!user || !*user)
		return true;
	if (!strcmp(user, "none"))
		a->filter.assignee = -1;
	else if (!strcmp(user, "me"))
		a->filter.assignee = who->id;
	else if (store_staff_find(who->web->store, user, &staff))
		return false;
	else
		a->filter.assignee = staff.id;
	return true;
}

/* The sentence that says what is wrong; NULL when all is read. */
static const char *asked_read(struct http_req *req, const struct who *who, struct asked *a)
{
	int view = STORE_VIEW_WAITING;

	*a = (struct asked){ .limit = LIMIT,
		             .filter = { .me = who->id, .state = -1, .risk = -1 },
		             .cursor = http_query(req, "cursor") };
	if (!word_read(req, "view", views, &view))
		return "\"view\" is waiting, mine, desk, followups, closed or all.";
	if (!word_read(req, "state", case_state_words, &a->filter.state))
		return "\"state\" is one of the states of a case.";
	if (!number_read(req, "risk", 0, 3, &a->filter.risk))
		return "\"risk\" is 0, 1, 2 or 3.";
	if (!number_read(req, "limit", 1, LIMIT_MAX, &a->limit))
		return "\"limit\" is a number from 1 to 200.";
	if (!assignee_read(req, who, a))
		return "\"assignee\" is the user name of a colleague, \"me\" or \"none\".";
	a->filter.view = (enum store_view)view;
	desks_read(req, who, a);
	return NULL;
}

/* ---- how many -------------------------------------------------------------------------------- */

static void count_desk(struct web *web, int64_t desk, json_int_t *waiting, json_int_t *open, json_int_t *closed,
                       json_int_t *followups)
{
	struct case_count *counts;
	struct queue_count queue;
	int64_t due = 0;
	size_t n, i;

	if (!store_queue_count(web->store, desk, &queue))
		*waiting += queue.rows;
	if (!store_followup_count(web->store, desk, store_now(web->store), FOLLOWUPS_COUNTED, &due))
		*followups += due;
	if (store_case_count(web->store, desk, &counts, &n))
		return;
	for (i = 0; i < n; i++)
		*(counts[i].state >= CASE_CLOSED ? closed : open) += counts[i].cases;
}

static json_t *counts_json(struct who *who)
{
	json_int_t waiting = 0, open = 0, closed = 0, followups = 0;
	int64_t mine = 0, weighted;
	struct task_row *tasks;
	size_t n = 0, i;

	for (i = 0; i < who->desks; i++)
		count_desk(who->web, who->desk[i], &waiting, &open, &closed, &followups);
	if (store_staff_load(who->web->store, who->id, &mine, &weighted))
		mine = 0;
	if (store_task_mine(who->web->store, who->id, &tasks, &n))
		n = 0;
	return json_pack("{s:I, s:I, s:I, s:I, s:I}", "waiting", waiting, "mine", (json_int_t)(mine + (int64_t)n),
	                 "desk", open, "followups", followups, "closed", closed);
}

/* ---- the list -------------------------------------------------------------------------------- */

static int list_read(struct who *who, struct asked *a, json_t **out)
{
	bool narrowed = a->filter.view == STORE_VIEW_MINE && a->desks == who->desks;
	struct store_item *items;
	char next[STORE_CURSOR_BYTES];
	json_t *list;
	size_t n, i;
	int r;

	a->filter.desks = a->desk;
	a->filter.desk_count = narrowed ? 0 : a->desks; /* mine: also a case whose desk one has left */
	if (a->filter.view != STORE_VIEW_MINE && !a->desks) {
		*out = json_pack("{s:[], s:n, s:o}", "items", "next", "counts", counts_json(who));
		return 0;
	}
	r = store_list(who->web->store, &a->filter, a->cursor, a->limit, &items, &n, next);
	if (r)
		return r;
	list = json_array();
	for (i = 0; i < n; i++)
		json_array_append_new(list, casefile_json_row(who->web, &items[i]));
	*out = json_pack("{s:o, s:o, s:o}", "items", list, "next", *next ? json_string(next) : json_null(), "counts",
	                 counts_json(who));
	return 0;
}

void api_cases(struct http_req *req)
{
	struct who *who = session_who(req);
	struct asked asked;
	const char *wrong = asked_read(req, who, &asked);
	json_t *out = NULL;
	int r;

	if (wrong) {
		api_refuse(req, "bad_query", wrong);
		return;
	}
	r = store_read_begin(who->web->store);
	if (!r)
		r = list_read(who, &asked, &out);
	store_read_end(who->web->store);
	if (r == STORE_REFUSED)
		api_refuse(req, "bad_cursor", "\"cursor\" is the \"next\" of an earlier page of the same list.");
	else if (r)
		api_fault(req);
	else
		http_reply_json(req, 200, out);
}

/* ---- the next one ---------------------------------------------------------------------------- */

static void next_done(struct http_req *req, const struct bus_answer *answer, void *ctx UNUSED)
{
	int64_t id;

	if (order_refused(req, answer))
		return;
	if (answer->status == 204) {
		http_reply(req, 204, NULL, NULL, 0);
		return;
	}
	id = api_ticket(web_of(req), json_text(answer->body, "ticket"));
	case_answer(req, 200, id, NULL, false);
}

static const struct json_field next_fields[] = { { "desk", JSON_TEXT, false, 1, 32, NULL } };

void api_cases_next(struct http_req *req)
{
	struct who *who = session_who(req);
	json_t *in = api_body(req, next_fields, ARRAY_LEN(next_fields)), *body;
	struct desk_row desk;

	if (!in)
		return;
	body = json_object();
	if (json_text(in, "desk")) {
		if (api_desk(who->web, who->site, json_text(in, "desk"), &desk) || !who_has_desk(who, desk.num)) {
			json_release(&body);
			http_error(req, 404, "not_found", "You do not work on such a desk.");
			return;
		}
		json_object_set_new(body, "desk", json_string(desk.id));
	}
	order_send(req, "order.next", body, NULL, next_done, NULL);
}
