/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files that were built from web/src and embedded in the program (tools/embed.py), and documents made from the route
 * table. Nothing is read from disk.
 */
#include "pages.h"

#include "casefile.h"
#include "console_assets.h"
#include "mem.h"
#include "web.h"
#include <string.h>

static const struct http_asset *find(const char *path)
{
	size_t i;

	for (i = 0; i < CONSOLE_ASSETS; i++)
		if (!strcmp(console_assets[i].path, path))
			return &console_assets[i];
	return NULL;
}

static void reply(struct http_req *req, const char *path)
{
	const struct http_asset *asset = find(path);

	if (asset)
		http_reply_asset(req, asset);
	else
		http_error(req, 404, "not_found", "There is no such file.");
}

void pages_index(struct http_req *req)
{
	reply(req, "/index.html");
}

void pages_asset(struct http_req *req)
{
	reply(req, http_path(req));
}

void pages_health(struct http_req *req)
{
	http_reply(req, 200, "text/plain; charset=utf-8", "ok\n", 3);
}

void pages_openapi(struct http_req *req)
{
	http_reply_json(req, 200, http_openapi(web_routes, web_route_count, "Qingting console"));
}

/* ---- doc/api.md ------------------------------------------------------------------------------ */

static void who_write(struct buf *out, unsigned flags)
{
	unsigned roles = (flags >> 16) & 0x1fff, bit;
	const char *comma = "";

	if (flags & ROUTE_PUBLIC)
		buf_text(out, "anybody");
	else if (!roles)
		buf_text(out, flags & ROUTE_FRESH ? "signed in, also with a one-time code" : "signed in");
	for (bit = 1; bit <= CASE_ROLE_AUDITOR; bit <<= 1)
		if (roles & bit) {
			buf_format(out, "%s%s", comma, case_role_text(bit));
			comma = ", ";
		}
}

char *pages_api_doc(void)
{
	struct buf out = { 0 };
	size_t i;

	buf_text(&out, "| request | who | body | what it does |\n|---|---|---|---|\n");
	for (i = 0; i < web_route_count; i++) {
		const struct http_route *r = &web_routes[i];

		buf_format(&out, "| `%s %s` | ", r->method, r->path);
		who_write(&out, r->flags);
		if (r->body_bytes >= 1024)
			buf_format(&out, " | ≤ %zu KiB", r->body_bytes / 1024);
		else
			buf_text(&out, " | none");
		buf_format(&out, " | %s |\n", r->summary);
	}
	return out.data;
}
