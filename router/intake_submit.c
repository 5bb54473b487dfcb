/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Verbs of the front ends before anybody is known: a sealer's epoch, the state of the desks, a new request, the salt of a ticket.
 * The answer to a submit leaves after the commit: then, and only then, the caller sees a number.
 */
#include "new_case.h"

#include "mem.h"
#include "seal.h"
#include "ticket.h"
#include <stdio.h>
#include <string.h>

static int epoch_put(struct call *c)
{
	uint8_t public[32], signature[64];
	struct epoch_row row = { .number = json_int(c->in, "number", 0), .sealer = json_text(c->in, "sealer"),
		                 .public = { public, sizeof(public) }, .signature = { signature, sizeof(signature) },
		                 .made_at = json_int(c->in, "made_at", 0) };
	int r;

	if (c->role != ROLE_OPEN && strcmp(row.sealer, role_name(c->role)))
		return call_refuse(c, 403, "not_allowed", "An epoch is announced by its own sealer.");
	if (c->role == ROLE_OPEN && strcmp(row.sealer, "intake"))
		return call_refuse(c, 403, "not_allowed", "An epoch is announced by its own sealer.");
	json_hex(c->in, "public", public, sizeof(public));
	json_hex(c->in, "signature", signature, sizeof(signature));
	r = store_epoch_put(c->store, &row);
	if (r == STORE_EXISTS)
		return call_refuse(c, 409, "epoch_taken", "This epoch number stands for another key.");
	return r;
}

static int service_desk(struct call *c, const struct desk_row *desk, json_t *list, bool *all_keyed)
{
	struct queue_count waiting;
	int64_t *staff;
	size_t n, i, on = 0;
	bool keyed;
	struct staff_row who;
	json_t *item;
	int r = store_desk_keyed(c->store, desk->num, &keyed);

	if (!r)
		r = store_queue_count(c->store, desk->num, &waiting);
	if (!r)
		r = store_staff_of_desk(c->store, desk->num, &staff, &n);
	for (i = 0; !r && i < n; i++) {
		r = store_staff_get(c->store, staff[i], &who);
		on += !r && strcmp(who.presence, "off");
	}
	if (r)
		return r;
	*all_keyed = *all_keyed && (!desk->open || keyed);
	item = json_pack("{s:s, s:s, s:b, s:b, s:I, s:I, s:i, s:I, s:i}", "id", desk->id, "kind", desk->kind, "open", desk->open, "keyed",
	                 keyed, "generation", (json_int_t)desk->generation, "waiting", (json_int_t)waiting.rows, "on_shift", (int)on,
	                 "reply_by", (json_int_t)calendar_reply_by(c->router->conf, c->router->calendar, desk->kind, 0, c->now),
	                 "urgent", (int)(waiting.by_risk[2] + waiting.by_risk[3]));
	return json_array_append_new(list, item);
}

static int intake_service(struct call *c)
{
	struct desk_row *desks;
	size_t n, i;
	bool all_keyed = true;
	json_t *list = json_array(), *workers = json_object();
	int r = store_desk_list(c->store, &desks, &n);

	for (i = 0; !r && i < n; i++) {
		char service[64];

		r = service_desk(c, &desks[i], list, &all_keyed);
		snprintf(service, sizeof(service), "desk.%s", desks[i].kind);
		json_object_set_new(workers, desks[i].kind, json_integer((json_int_t)workers_of(c->router->peers, service)));
	}
	c->out = json_pack("{s:o, s:o, s:b}", "desks", list, "workers", workers, "open", all_keyed);
	return r;
}

static int submit_job(struct call *c, const struct new_case *n, struct store_blob bundle)
{
	struct job_row job = { .case_id = n->w.row.id, .bundle = bundle, .sealer = "intake",
		               .generation = json_int(c->in, "worker_generation", 1), .epoch = json_int(c->in, "epoch", 0) };
	char service[64];

	snprintf(service, sizeof(service), "desk.%s", n->desk.kind);
	job.service = service;
	c->router->dispatch_due = true;
	return store_job_add(c->store, &job);
}

/* blobs: message, bundle, wraps…, contact */
static int intake_submit(struct call *c)
{
	struct store_blob bundle = call_blob(c, 1);
	struct seal_wrap_head head;
	struct epoch_row epoch;
	struct new_case n;
	int r = store_epoch_get(c->store, "intake", json_int(c->in, "epoch", 0), &epoch);

	if (r == STORE_NONE)
		return call_refuse(c, 400, "epoch_unknown", "Announce the epoch before its first use.");
	if (!r)
		r = new_case_read(c, &n, "message", 2, "intake");
	if (!r && (seal_wrap_head(bundle.data, bundle.bytes, &head) || head.cargo != SEAL_CARGO_MESSAGE))
		return call_refuse(c, 400, "bad_bundle", "The worker's bundle is no wrap of a message key.");
	if (!r)
		r = new_case_keep(c, &n, "message", c->now, 0);
	if (!r)
		r = submit_job(c, &n, bundle);
	return r ? r : new_case_answer(c, &n.w.row);
}

/* The salt of a ticket: its uid, or a keyed fake that looks and stays like one. */
static int intake_key(struct call *c)
{
	const char *typed = json_text(c->in, "ticket");
	char tidy[TICKET_TEXT_BYTES] = "";
	uint8_t uid[STORE_UID_BYTES];
	struct case_row row;
	int64_t id;
	int r = STORE_NONE;

	if (!ticket_read(c->router->keys->ticket, typed, &id))
		r = store_case_get(c->store, id, &row);
	if (r < 0)
		return r;
	if (ticket_tidy(typed, tidy))
		snprintf(tidy, sizeof(tidy), "-");
	seal_fake(c->router->keys->fake, "uid", tidy, uid);
	c->out = json_object();
	json_set_hex(c->out, "uid", r == STORE_NONE ? uid : row.uid, sizeof(uid));
	return 0;
}

const struct verb verbs_intake[] = {
	{ "epoch.put", epoch_put, true },
	{ "intake.service", intake_service, true },
	{ "intake.submit", intake_submit, true },
	{ "intake.key", intake_key, true },
	{ 0 },
};
