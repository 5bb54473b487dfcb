/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Operators ask here whether a request could be taken now: the router answers, every open desk has a worker, our epoch is announced. And
 * for figures. Loopback only; no route of callers.
 */
#include "ops.h"

#include "json.h"
#include "mem.h"

enum { READY_MS = 2000 };

/* Every open desk's kind has at least one worker at the router. */
static bool workers_there(const json_t *service)
{
	json_t *desk;
	size_t i;

	json_array_foreach(json_object_get(service, "desks"), i, desk)
		if (json_bool(desk, "open", false) && !json_int(json_object_get(service, "workers"), json_text(desk, "kind"), 0))
			return false;
	return json_array_size(json_object_get(service, "desks")) > 0;
}

static void ready_answer(const struct bus_answer *answer, void *ctx)
{
	struct http_req *req = ctx;
	bool router = answer->status == 200, workers = router && workers_there(answer->body), epoch = epochs_now(intake_of(req)->epochs);
	bool ready = router && workers && epoch;

	http_reply_json(req, ready ? 200 : 503, json_pack("{s:b, s:b, s:b, s:b, s:b}", "ready", ready, "router", router, "workers", workers,
	                                                  "epoch", epoch, "keyed", json_bool(answer->body, "open", false)));
}

static void ready_get(struct http_req *req)
{
	bus_call(intake_of(req)->bus, "intake.service", json_object(), NULL, READY_MS, ready_answer, req);
}

static void metrics_get(struct http_req *req)
{
	struct intake *intake = intake_of(req);
	struct buf out = { 0 };

	http_metrics(intake->http, &out);
	buf_format(&out, "# TYPE qingting_bus_pending gauge\nqingting_bus_pending %zu\n", bus_pending(intake->bus));
	buf_format(&out, "# TYPE qingting_code_checks_total counter\nqingting_code_checks_total %llu\n", (unsigned long long)intake->code_checks);
	buf_format(&out, "# TYPE qingting_code_wrong_total counter\nqingting_code_wrong_total %llu\n", (unsigned long long)intake->code_wrong);
	http_reply(req, 200, "text/plain; version=0.0.4", out.data, out.bytes);
	buf_finish(&out);
}

static const struct http_route routes[] = {
	{ "GET", "/readyz", ready_get, 0, 0, "The whole chain is ready: router, workers, epoch." },
	{ "GET", "/metrics", metrics_get, 0, 0, "Figures in Prometheus text." },
};

int ops_open(struct intake *intake, struct http **out)
{
	struct http_config config = { .host = intake->conf->ops_host, .port = intake->conf->portal_ops_port, .routes = routes,
		                      .route_count = ARRAY_LEN(routes), .connections = 16, .ctx = intake };

	return http_open(intake->loop, &config, out);
}
