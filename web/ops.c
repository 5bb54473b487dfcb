/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Operators ask here whether the chain stands (store readable, router answers, our epoch is announced) and for figures.
 * Loopback only; no route of people.
 */
#include "ops.h"

#include "json.h"
#include "live.h"
#include "mem.h"

enum { READY_MS = 2000 };

static void ready_answer(const struct bus_answer *answer, void *ctx)
{
	struct http_req *req = ctx;
	struct web *web = web_of(req);
	bool ready = answer->status == 200 && web->epoch;

	http_reply_json(req, ready ? 200 : 503,
	                json_pack("{s:b, s:b, s:b}", "ready", ready, "router", answer->status == 200, "epoch",
	                          web->epoch != NULL));
}

static void ready_get(struct http_req *req)
{
	char cursor[STORE_CURSOR_BYTES];

	if (store_event_cursor(web_of(req)->store, cursor))
		http_reply_json(req, 503, json_pack("{s:b, s:b}", "ready", 0, "store", 0));
	else
		bus_call(web_of(req)->bus, "intake.service", json_object(), NULL, READY_MS, ready_answer, req);
}

static void metrics_get(struct http_req *req)
{
	struct web *web = web_of(req);
	struct buf out = { 0 };

	http_metrics(web->http, &out);
	buf_format(&out, "# TYPE qingting_streams gauge\nqingting_streams %zu\n", live_count(web->live));
	buf_format(&out, "# TYPE qingting_bus_pending gauge\nqingting_bus_pending %zu\n", bus_pending(web->bus));
	http_reply(req, 200, "text/plain; version=0.0.4", out.data, out.bytes);
	buf_finish(&out);
}

static const struct http_route routes[] = {
	{ "GET", "/readyz", ready_get, 0, 0, "The whole chain is ready: store, router, epoch." },
	{ "GET", "/metrics", metrics_get, 0, 0, "Figures in Prometheus text." },
};

int ops_open(struct web *web, struct http **out)
{
	struct http_config config = { .host = web->conf->ops_host,
		                      .port = web->conf->console_ops_port,
		                      .routes = routes,
		                      .route_count = ARRAY_LEN(routes),
		                      .connections = 16,
		                      .ctx = web };

	return http_open(web->loop, &config, out);
}
