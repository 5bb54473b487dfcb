/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What workers say: READY, results, progress, giving back. A result counts only under a live lease of that very worker; it is
 * committed before the worker gets another frame, so that frame is its receipt. A late answer is put on record and has no effect.
 */
#include "call.h"

#include "clock.h"
#include "log.h"
#include "mem.h"
#include <string.h>

/* A result on its way through the batch; screened_run sees the front of it. */
struct result {
	struct screened screened;
	char token[LEASE_TOKEN_BYTES];
	bool foreign;
	size_t first;
};

static bool service_lawful(const struct router *r, enum role role, const struct frame *service)
{
	const char *name = (const char *)service->data;
	bool desk = !strncmp(name, "desk.", 5);

	if (strlen(name) != service->bytes || !strncmp(name, "mmi.", 4) || !strncmp(name, "titanic.", 8) ||
	    book_find(name, service->bytes))
		return false;
	return role == ROLE_WORKER ? desk : !desk || r->conf->open_serves_desks;
}

static void worker_begin(struct router *r, enum role role, const struct msg *m, const struct wire *w)
{
	struct worker *known = worker_find(r->peers, role, &m->frame[0]);
	struct worker *worker;

	if (known && known->token[0])
		lease_give_back(r, known->token, "ready_again");
	known = worker_find(r->peers, role, &m->frame[0]);
	if (known && strcmp(known->service, (const char *)w->service->data))
		worker_drop(r->peers, &known, false);
	worker = worker_ready(r->peers, role, &m->frame[0], w->dialect, w->service, clock_mono_ms());
	if (!worker)
		return;
	if (!service_lawful(r, role, w->service)) {
		log_warn("worker_refused", "role=%s", role_name(role));
		worker_drop(r->peers, &worker, true);
	}
	r->dispatch_due = true;
}

static void result_committed(struct call *c)
{
	struct result *res = c->ctx;
	struct router *r = c->router;
	struct worker *worker = worker_holding(r->peers, res->token);
	struct lease *lease = lease_find(r->leases, res->token);

	if (c->op.result) {
		if (worker)
			worker->settling = false;
		lease_give_back(r, res->token, "not_kept");
	} else {
		if (lease)
			lease_end(r->leases, &lease);
		if (res->foreign)
			foreign_reply(r, res->screened.job, &c->request, res->first);
	}
	if (worker)
		worker_idle(r->peers, worker);
	json_release(&res->screened.result);
	r->dispatch_due = true;
}

static int foreign_done(struct call *c)
{
	struct result *res = c->ctx;
	struct buf packed = { 0 };
	int r;

	frames_pack(&packed, &c->request, res->first);
	r = store_job_done(c->store, res->screened.job, (struct store_blob){ packed.data ? packed.data : "", packed.bytes });
	buf_finish(&packed);
	return r;
}

/* The JSON of a desk worker's answer; NULL when it says the blob did not open, or is no answer at all. */
static json_t *result_json(const struct msg *m, size_t body)
{
	json_t *json = NULL;

	if (body + 1 >= m->count || !msg_is(m, body, "200") ||
	    json_read(m->frame[body + 1].data, m->frame[body + 1].bytes, &json))
		return NULL;
	return json;
}

static void worker_result(struct router *r, struct worker *worker, struct lease *lease, struct msg *m, const struct wire *w)
{
	struct result *res = mem_new(sizeof(*res));
	struct call *c;

	res->screened.job = lease->job;
	memcpy(res->token, lease->token, sizeof(res->token));
	res->foreign = strncmp(worker->service, "desk.", 5) != 0;
	res->first = w->body;
	if (!res->foreign)
		res->screened.result = result_json(m, w->body);
	worker->settling = true;
	c = call_new(r, worker->role, NULL, res->foreign ? foreign_done : screened_run);
	c->request = *m;
	*m = (struct msg){ 0 };
	c->ctx = res;
	c->after = result_committed;
	batch_add(r, c);
}

static int late_run(struct call *c)
{
	return store_audit_add(c->store, 0, "late_answer", 0, "a worker answered after its lease had ended");
}

/* Tells a worker we do not know to register again (it is from before our restart), or to go. */
static void stranger_dismiss(struct router *r, enum role role, const struct msg *m, enum wire_dialect dialect)
{
	struct worker stranger = { .role = role, .dialect = dialect };

	stranger.key.length = m->frame[0].bytes + 1;
	if (stranger.key.length > sizeof(stranger.key.bytes))
		return;
	memcpy(stranger.key.bytes + 1, m->frame[0].data, m->frame[0].bytes);
	if (worker_send(r->peers, &stranger, WIRE_DISCONNECT, NULL))
		log_debug("stranger_gone", "role=%s", role_name(role));
}

/* An answer without a living lease: on record when the lease was real, and once; else only a strike. */
static void answer_late(struct router *r, enum role role, const struct msg *m, const char *token)
{
	size_t i;

	for (i = 0; *token && i < ROUTER_LATE_MAX; i++)
		if (!strcmp(r->late[i], token)) {
			r->late[i][0] = 0;
			log_warn("late_answer", "role=%s", role_name(role));
			batch_add(r, call_new(r, role, NULL, late_run));
			return;
		}
	door_strike(r, role, m, "no_lease");
}

static void worker_answered(struct router *r, enum role role, struct worker *worker, struct msg *m, const struct wire *w)
{
	char token[LEASE_TOKEN_BYTES] = "";
	struct lease *lease;

	if (w->address->bytes == sizeof(token) - 1)
		memcpy(token, w->address->data, sizeof(token) - 1);
	lease = lease_find(r->leases, token);
	if (!lease || !worker || worker->settling || strcmp(worker->token, token)) {
		answer_late(r, role, m, token);
		if (!worker)
			stranger_dismiss(r, role, m, w->dialect);
		if (!worker || worker->settling)
			return;
		if (worker->token[0])
			lease_give_back(r, worker->token, "other_answer");
		worker_drop(r->peers, &worker, true);
		return;
	}
	worker->heard_at_ms = clock_mono_ms();
	if (w->verb == WIRE_FINAL) {
		worker_result(r, worker, lease, m, w);
		return;
	}
	lease_renew(r->leases, lease, clock_mono_ms(), r->conf->lease_ms);
	foreign_partial(r, lease->job, m, w->body);
}

void worker_heard(struct router *r, enum role role, struct msg *m, const struct wire *w)
{
	struct worker *worker = worker_find(r->peers, role, &m->frame[0]);

	switch (w->verb) {
	case WIRE_READY:
		worker_begin(r, role, m, w);
		break;
	case WIRE_HEARTBEAT:
		if (worker)
			worker->heard_at_ms = clock_mono_ms();
		else
			stranger_dismiss(r, role, m, w->dialect);
		break;
	case WIRE_DISCONNECT:
		if (worker && worker->token[0] && !worker->settling)
			lease_give_back(r, worker->token, "given_back");
		worker = worker_find(r->peers, role, &m->frame[0]);
		if (worker)
			worker_drop(r->peers, &worker, false);
		break;
	case WIRE_REQUEST: /* ours to send */
		door_strike(r, role, m, "verb");
		break;
	default:
		worker_answered(r, role, worker, m, w);
	}
}

void worker_lost(const char *token, void *router)
{
	lease_give_back(router, token, "worker_gone");
}
