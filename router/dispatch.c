/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hands ready jobs to idle workers. The attempt is counted and committed before the request leaves, so a job that kills its worker
 * parks itself after attempts_max instead of looping; and a human still sees the case. Leases run on the monotonic clock.
 */
#include "call.h"

#include "clock.h"
#include "log.h"
#include "mem.h"
#include "seal.h"
#include "text.h"
#include <string.h>

/* A handing-out on its way through the batch. */
struct handing {
	char token[LEASE_TOKEN_BYTES];
	int64_t job;
	struct msg out; /* what the worker will get */
};

static json_t *epoch_json(struct call *c, const struct job_row *job)
{
	struct epoch_row epoch;
	json_t *out;

	if (store_epoch_get(c->store, job->sealer, job->epoch, &epoch))
		return json_object();
	out = json_pack("{s:s, s:I}", "sealer", epoch.sealer, "number", (json_int_t)epoch.number);
	json_set_hex(out, "public", epoch.public.data, epoch.public.bytes);
	json_set_hex(out, "signature", epoch.signature.data, epoch.signature.bytes);
	return out;
}

/* The request of a screening: facts in the open, then the sealed message and the sealed key to it. */
static int screening_write(struct call *c, const struct job_row *job, struct msg *out)
{
	struct message_row message;
	struct case_row row;
	struct desk_row desk;
	json_t *json;
	char *text;
	int r = store_case_get(c->store, job->case_id, &row);

	if (!r)
		r = store_message_get(c->store, job->case_id, job->n, &message);
	if (!r)
		r = store_desk_get(c->store, row.desk, &desk);
	if (r)
		return r;
	json = json_pack("{s:I, s:s, s:s, s:o, s:I}", "number", (json_int_t)job->n, "author", "caller", "chosen",
	                 row.marks & CASE_MARK_UNSURE ? "" : desk.kind, "epoch", epoch_json(c, job), "generation",
	                 (json_int_t)job->generation);
	json_set_hex(json, "uid", row.uid, sizeof(row.uid));
	json_set_hex(json, "message", message.key_id, sizeof(message.key_id));
	text = json_write(json);
	json_release(&json);
	msg_take(out, (uint8_t *)text, strlen(text));
	msg_add(out, message.blob.data, message.blob.bytes);
	msg_add(out, job->bundle.data, job->bundle.bytes);
	return 0;
}

static int handing_run(struct call *c)
{
	struct handing *h = c->ctx;
	struct job_row job;
	int r = store_job_get(c->store, h->job, &job);

	if (r || strcmp(job.state, "ready"))
		return r ? r : 1; /* done or parked since */
	if (job.case_id)
		r = screening_write(c, &job, &h->out);
	else
		frames_unpack(&h->out, job.request);
	if (r < 0)
		return r;
	if (!r)
		return store_job_count_attempt(c->store, h->job);
	r = store_job_park(c->store, h->job); /* a damaged case: nothing a worker could do */
	return r || !job.case_id ? r : screened_parked(c, &job);
}

static void handing_done(struct call *c)
{
	struct handing *h = c->ctx;
	struct router *r = c->router;
	struct worker *worker = worker_holding(r->peers, h->token);
	struct lease *lease = lease_find(r->leases, h->token);

	if (c->op.result || !h->out.count) {
		if (lease)
			lease_end(r->leases, &lease);
		if (worker)
			worker_idle(r->peers, worker);
	} else if (!worker) {
		lease_give_back(r, h->token, "worker_gone");
	} else if (worker_send(r->peers, worker, WIRE_REQUEST, &h->out)) {
		lease_give_back(r, h->token, "not_delivered");
		worker = worker_holding(r->peers, h->token);
		if (worker)
			worker_drop(r->peers, &worker, false);
	}
	msg_clear(&h->out);
	if (c->op.result >= 0)
		r->dispatch_due = true; /* on a full disk the next tick is soon enough */
}

static void hand_out(struct router *r, const struct job_row *job, struct worker *worker)
{
	struct handing *h = mem_new(sizeof(*h));
	uint8_t random[16];
	struct call *c;

	seal_random(random, sizeof(random));
	hex_write(h->token, random, sizeof(random));
	h->job = job->id;
	memcpy(worker->token, h->token, sizeof(worker->token));
	if (!lease_grant(r->leases, h->token, job->id, job->attempts + 1, clock_mono_ms(), r->conf->lease_ms)) {
		worker_idle(r->peers, worker);
		mem_free(&h);
		return;
	}
	c = call_new(r, worker->role, NULL, handing_run);
	c->ctx = h;
	c->after = handing_done;
	batch_add(r, c);
}

/* Jobs of one service to its idle workers, in order. */
static void dispatch_service(const char *service, void *ctx)
{
	struct router *r = ctx;
	struct job_row job;
	int64_t after = 0, next_at = 0;

	while (worker_waits(r->peers, service)) {
		if (store_job_next(r->store, service, after, &job, &next_at))
			break;
		after = job.id;
		if (!lease_holds_job(r->leases, job.id))
			hand_out(r, &job, worker_take(r->peers, service));
	}
	store_lent_drop(r->store);
}

void dispatch_run(struct router *r)
{
	bool due = r->dispatch_due && !r->draining;

	r->dispatch_due = false;
	if (due)
		workers_idle_services(r->peers, dispatch_service, r);
}

/* What becomes of a job whose lease ended without a result. */
struct giving {
	int64_t job, attempts;
	bool spent;
};

static int giving_run(struct call *c)
{
	struct giving *g = c->ctx;
	struct job_row job;
	int r = store_job_get(c->store, g->job, &job);

	if (r || strcmp(job.state, "ready"))
		return r < 0 ? r : 0; /* done or gone meanwhile */
	if (!g->spent)
		return store_job_delay(c->store, g->job,
		                       c->now + lease_backoff_ms(g->attempts, c->router->conf->retry_ms));
	r = store_job_park(c->store, g->job);
	return r || !job.case_id ? r : screened_parked(c, &job);
}

static void giving_done(struct call *c)
{
	const struct giving *g = c->ctx;

	if (g->spent && !c->op.result)
		foreign_forget(c->router, g->job);
	c->router->dispatch_due = true;
}

void lease_give_back(struct router *r, const char *token, const char *why)
{
	struct lease *lease = lease_find(r->leases, token);
	struct giving *g;
	struct call *c;

	if (!lease)
		return;
	g = mem_new(sizeof(*g));
	*g = (struct giving){ lease->job, lease->attempts, lease_spent(lease->attempts, r->conf->attempts_max) };
	memcpy(r->late[r->late_at++ % ROUTER_LATE_MAX], lease->token, LEASE_TOKEN_BYTES);
	log_info("lease_ended", "why=%s attempts=%lld parked=%d", why, (long long)g->attempts, g->spent);
	lease_end(r->leases, &lease);
	c = call_new(r, ROLE_WORKER, NULL, giving_run);
	c->ctx = g;
	c->after = giving_done;
	batch_add(r, c);
}

void dispatch_expire(struct router *r, int64_t now_ms)
{
	struct lease *lease;

	while ((lease = lease_expired(r->leases, now_ms)) != NULL) {
		struct worker *worker = worker_holding(r->peers, lease->token);
		bool settling = worker && worker->settling;

		if (settling) { /* its result is in the batch: the commit decides */
			lease_renew(r->leases, lease, now_ms, r->conf->lease_ms);
			continue;
		}
		if (worker)
			worker_drop(r->peers, &worker, true);
		lease_give_back(r, lease->token, "expired");
	}
}
