/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Moving many cases at once: to named people or to whoever is lightest ("balance"). A dry run tells who would get what
 * and each person's load before and after; the move itself tells the same and gives a token that takes it back for a
 * minute.
 */
#include "api.h"

#include "balance.h"
#include "mem.h"
#include "order.h"
#include "ticket.h"
#include <string.h>

enum { TICKETS_MAX = 500 };

static const struct json_field many_fields[] = {
	{ "tickets", JSON_LIST, true, 1, TICKETS_MAX, NULL },
	{ "dry_run", JSON_BOOL, false, 0, 0, NULL },
	{ "reason", JSON_TEXT, false, 1, 200, NULL },
};

/* The whole plan; texts of people are looked up again when it is written. */
struct plan {
	struct web *web;
	struct balance_person person[BALANCE_PEOPLE_MAX];
	size_t people;
	struct balance_case *item;
	int64_t *desk; /* of each item */
	size_t items;
	json_t *refused;
};

static void plan_free(struct plan **plan)
{
	json_release(&(*plan)->refused);
	mem_free(&(*plan)->item);
	mem_free(&(*plan)->desk);
	mem_free(plan);
}

static void plan_refuse(struct plan *p, const char *ticket, const char *error)
{
	json_array_append_new(p->refused, json_pack("{s:s, s:s}", "ticket", ticket ? ticket : "", "error", error));
}

/* Adds a person once; their place, -1 when there is no room. */
static int person_add(struct plan *p, const struct staff_row *staff)
{
	struct balance_person *person;
	size_t i;

	for (i = 0; i < p->people; i++)
		if (p->person[i].id == staff->id)
			return (int)i;
	if (p->people == BALANCE_PEOPLE_MAX)
		return -1;
	person = &p->person[p->people];
	*person = (struct balance_person){ .id = staff->id, .capacity = staff->capacity };
	if (store_staff_load(p->web->store, staff->id, &person->cases, &person->before))
		person->cases = person->before = 0;
	return (int)p->people++;
}

/* Named people, each an active one; false after it has answered. */
static bool people_named(struct http_req *req, struct plan *p, const json_t *to)
{
	json_t *user;
	size_t i;

	json_array_foreach(to, i, user) {
		struct staff_row staff;

		if (!json_is_string(user) || store_staff_find(p->web->store, json_string_value(user), &staff) ||
		    strcmp(staff.state, "active") || person_add(p, &staff) < 0) {
			http_error(req, 404, "no_person", "\"to\" names active colleagues, at most 64.");
			return false;
		}
	}
	return true;
}

/* For "balance": whoever takes cases at the desk and is on shift; where nobody is, all of them. */
static void people_of_desk(struct plan *p, int64_t desk)
{
	int64_t *members;
	size_t n, i;
	int round, added = 0;

	if (store_staff_of_desk(p->web->store, desk, &members, &n))
		return;
	for (round = 0; round < 2 && !added; round++)
		for (i = 0; i < n; i++) {
			struct staff_row staff;

			if (!store_staff_get(p->web->store, members[i], &staff) && staff.roles & CASE_ROLE_COUNSELOR &&
			    !strcmp(staff.state, "active") && (round || !strcmp(staff.presence, "on")))
				added += person_add(p, &staff) >= 0;
		}
}

/* Which of the people work on that desk. */
static uint64_t may_take(const struct plan *p, int64_t desk, size_t named)
{
	uint64_t may = 0;
	size_t i, k, n;

	for (i = 0; i < named; i++) {
		int64_t *desks;

		if (store_staff_desks(p->web->store, p->person[i].id, &desks, &n))
			continue;
		for (k = 0; k < n; k++)
			may |= desks[k] == desk ? (uint64_t)1 << i : 0;
	}
	return may;
}

static void item_add(struct plan *p, struct who *who, const json_t *ticket)
{
	const char *text = json_string_value(ticket);
	int64_t id = api_ticket(p->web, text);
	struct case_row row;

	if (!id || store_case_get(p->web->store, id, &row) || !who_has_desk(who, row.desk)) {
		plan_refuse(p, text, "not_found");
	} else if (row.state >= CASE_CLOSING_REVIEW || row.state == CASE_SCREENING) {
		plan_refuse(p, text, "not_lawful");
	} else {
		p->desk[p->items] = row.desk;
		p->item[p->items++] = (struct balance_case){ .id = id, .risk = row.risk, .owner = row.owner };
	}
}

/* The first item of the same desk: what is asked once a desk is not asked again for each ticket. */
static size_t first_of_desk(const struct plan *p, size_t i)
{
	size_t k = 0;

	while (p->desk[k] != p->desk[i])
		k++;
	return k;
}

/* Fills the plan from the request; false after it has answered. */
static bool plan_read(struct http_req *req, struct plan *p, const json_t *in, const json_t *to)
{
	struct who *who = session_who(req);
	json_t *tickets = json_object_get(in, "tickets"), *ticket;
	bool balance = json_is_string(to);
	size_t i, named;

	p->item = mem_array(json_array_size(tickets) + 1, sizeof(*p->item));
	p->desk = mem_array(json_array_size(tickets) + 1, sizeof(*p->desk));
	json_array_foreach(tickets, i, ticket)
		item_add(p, who, ticket);
	if (!balance && !people_named(req, p, to))
		return false;
	for (i = 0; balance && i < p->items; i++)
		if (first_of_desk(p, i) == i)
			people_of_desk(p, p->desk[i]);
	named = p->people;
	for (i = 0; i < p->items; i++) { /* owners join behind those who may receive, so that their load is told too */
		struct staff_row owner;
		size_t first = first_of_desk(p, i);

		p->item[i].may = first < i ? p->item[first].may : may_take(p, p->desk[i], named);
		if (p->item[i].owner && !store_staff_get(p->web->store, p->item[i].owner, &owner))
			person_add(p, &owner);
	}
	return true;
}

/* ---- what is answered ------------------------------------------------------------------------ */

static json_t *user_json(struct web *web, int64_t id)
{
	struct staff_row staff;

	return id && !store_staff_get(web->store, id, &staff) ? json_string(staff.user) : json_null();
}

static json_t *moves_json(struct plan *p)
{
	json_t *moves = json_array();
	size_t i;

	for (i = 0; i < p->items; i++) {
		const struct balance_case *c = &p->item[i];
		char ticket[13];

		ticket_write(p->web->row->ticket, c->id, ticket);
		if (c->to == BALANCE_NOBODY)
			plan_refuse(p, ticket, "nobody");
		if (c->to >= 0)
			json_array_append_new(moves, json_pack("{s:s, s:o, s:o}", "ticket", ticket, "from",
			                                       user_json(p->web, c->owner), "to",
			                                       user_json(p->web, p->person[c->to].id)));
	}
	return moves;
}

static json_t *load_json(const struct plan *p)
{
	json_t *load = json_array();
	size_t i;

	for (i = 0; i < p->people; i++)
		json_array_append_new(load, json_pack("{s:o, s:I, s:I}", "user", user_json(p->web, p->person[i].id),
		                                      "before", (json_int_t)p->person[i].before, "after",
		                                      (json_int_t)p->person[i].after));
	return load;
}

static void moved(struct http_req *req, const struct bus_answer *answer, void *ctx)
{
	json_t **out = ctx;

	if (order_refused(req, answer)) {
		json_release(out);
		return;
	}
	json_object_set(*out, "undo", json_object_get(answer->body, "undo"));
	json_array_extend(json_object_get(*out, "refused"), json_object_get(answer->body, "refused"));
	http_reply_json(req, 200, steal(out));
}

/* The order of the plan; `out` is what will be answered, taken. */
static void plan_send(struct http_req *req, json_t *out, const json_t *in)
{
	json_t *moves = json_array(), *move, *body, **held;
	size_t i;

	json_array_foreach(json_object_get(out, "moves"), i, move)
		json_array_append_new(moves, json_pack("{s:O, s:O}", "ticket", json_object_get(move, "ticket"), "to",
		                                       json_object_get(move, "to")));
	body = json_pack("{s:o}", "moves", moves);
	if (json_text(in, "reason"))
		json_object_set(body, "reason", json_object_get(in, "reason"));
	held = mem_new(sizeof(json_t *));
	*held = out;
	order_send(req, "order.assign_many", body, NULL, moved, held);
}

void api_assign_many(struct http_req *req)
{
	json_t *in = http_json(req), *rest, *to, *out;
	AUTO(mem_free) char *why = NULL;
	struct plan *p;

	if (!in)
		return;
	to = json_object_get(in, "to");
	rest = json_copy(in);
	json_object_del(rest, "to"); /* a word or a list: no kind of field says that */
	if (json_check(rest, many_fields, ARRAY_LEN(many_fields), &why) ||
	    !(json_is_array(to) ? json_array_size(to)
	                        : json_is_string(to) && !strcmp(json_string_value(to), "balance"))) {
		json_release(&rest);
		api_refuse(req, "bad_request", why ? why : "\"to\" is a list of user names, or \"balance\".");
		return;
	}
	json_release(&rest);
	p = mem_new(sizeof(*p));
	p->web = web_of(req);
	p->refused = json_array();
	if (!plan_read(req, p, in, to)) {
		plan_free(&p);
		return;
	}
	balance_plan(p->person, p->people, p->item, p->items);
	out = json_pack("{s:o, s:o, s:n}", "moves", moves_json(p), "load", load_json(p), "undo");
	json_object_set(out, "refused", p->refused);
	plan_free(&p);
	if (json_bool(in, "dry_run", false) || !json_array_size(json_object_get(out, "moves")))
		http_reply_json(req, 200, out);
	else
		plan_send(req, out, in);
}

static const struct json_field undo_fields[] = { { "undo", JSON_HEX, true, 16, 16, NULL } };

void api_undo(struct http_req *req)
{
	json_t *in = api_body(req, undo_fields, ARRAY_LEN(undo_fields));

	if (in)
		order_send(req, "order.undo", json_pack("{s:O}", "undo", json_object_get(in, "undo")), NULL,
		           order_answer, NULL);
}
