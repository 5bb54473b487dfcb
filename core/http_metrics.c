/* SPDX-License-Identifier: Apache-2.0 */
/* Figures of an HTTP door as Prometheus text: counts by route and class, never an address or a path that came in. */
#include "http_impl.h"

#include <inttypes.h>

static void metric_head(struct buf *out, const char *name, const char *kind, const char *help)
{
	buf_format(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind);
}

static const char REQUESTS[] = "qt_http_requests_total";

static void metric_route(const struct http *http, size_t row, const struct http_route *route, struct buf *out)
{
	for (size_t class = 0; class < HTTP_CLASSES; class++) {
		uint64_t n = http->requests[row * HTTP_CLASSES + class];

		if (n)
			buf_format(out, "%s{method=\"%s\",route=\"%s\",class=\"%zuxx\"} %" PRIu64 "\n", REQUESTS,
				   route->method, route->path, class + 1, n);
	}
}

void http_metrics(const struct http *http, struct buf *out)
{
	static const struct http_route none = { .method = "", .path = "" };
	const struct http_config *config = &http->config;

	metric_head(out, REQUESTS, "counter", "Requests answered, by route and class of status.");
	for (size_t i = 0; i <= config->route_count; i++)
		metric_route(http, i, i < config->route_count ? &config->routes[i] : &none, out);
	metric_head(out, "qt_http_connections", "gauge", "Connections open now.");
	buf_format(out, "qt_http_connections %d\n", http->connections);
	metric_head(out, "qt_http_streams", "gauge", "Event streams open now.");
	buf_format(out, "qt_http_streams %d\n", http->stream_count);
	metric_head(out, "qt_http_connections_refused_total", "counter", "Connections over a limit, closed at once.");
	buf_format(out, "qt_http_connections_refused_total %" PRIu64 "\n", http->refused_connections);
	metric_head(out, "qt_http_deadlines_total", "counter", "Requests cut off at an absolute deadline.");
	buf_format(out, "qt_http_deadlines_total %" PRIu64 "\n", http->deadlines);
}
