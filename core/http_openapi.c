/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The route table of a room as an OpenAPI 3.1 document, so that what is published is what is served. Pages are left
 * out: they are for people. Pure; called by the rooms, once.
 */
#include "http.h"

#include <ctype.h>
#include <string.h>

static json_t *openapi_parameters(const char *path)
{
	json_t *list = json_array();

	for (const char *open = path; (open = strchr(open, '{')) != NULL;) {
		const char *close = strchr(++open, '}');
		json_t *one = json_pack("{s:s%, s:s, s:b, s:{s:s}}", "name", open, (size_t)(close - open), "in", "path",
					"required", 1, "schema", "type", "string");

		json_array_append_new(list, one);
	}
	return list;
}

static json_t *openapi_body(const struct http_route *route)
{
	const char *type = route->flags & HTTP_JSON ? "application/json"
			   : route->flags & HTTP_FORM ? "application/x-www-form-urlencoded"
						      : "application/octet-stream";

	return json_pack("{s:{s:{s:{s:s}}}}", "content", type, "schema", "type",
			 route->flags & (HTTP_JSON | HTTP_FORM) ? "object" : "string");
}

static json_t *openapi_responses(void)
{
	return json_pack("{s:{s:s}, s:{s:s, s:{s:{s:{s:s}}}}}", "2XX", "description", "Done.", "default", "description",
			 "A problem document (RFC 9457).", "content", "application/problem+json", "schema", "$ref",
			 "#/components/schemas/Problem");
}

static json_t *openapi_operation(const struct http_route *route)
{
	json_t *op = json_pack("{s:s, s:o}", "summary", route->summary ? route->summary : "", "responses",
			       openapi_responses());

	if (strchr(route->path, '{'))
		json_object_set_new(op, "parameters", openapi_parameters(route->path));
	if (route->body_bytes)
		json_object_set_new(op, "requestBody", openapi_body(route));
	return op;
}

static json_t *openapi_problem(void)
{
	return json_pack("{s:s, s:{s:{s:s}, s:{s:s}, s:{s:s}, s:{s:s}}, s:[s,s,s]}", "type", "object", "properties",
			 "type", "type", "string", "title", "type", "string", "status", "type", "integer", "detail",
			 "type", "string", "required", "type", "title", "status");
}

json_t *http_openapi(const struct http_route *routes, size_t count, const char *title)
{
	json_t *paths = json_object();

	for (size_t i = 0; i < count; i++) {
		json_t *path = json_object_get(paths, routes[i].path);
		char method[8] = { 0 };

		if (routes[i].flags & HTTP_PAGE)
			continue;
		if (!path) {
			json_object_set_new(paths, routes[i].path, json_object());
			path = json_object_get(paths, routes[i].path);
		}
		for (size_t n = 0; routes[i].method[n] && n < sizeof(method) - 1; n++)
			method[n] = (char)tolower((unsigned char)routes[i].method[n]);
		json_object_set_new(path, method, openapi_operation(&routes[i]));
	}
	return json_pack("{s:s, s:{s:s, s:s}, s:o, s:{s:{s:o}}}", "openapi", "3.1.0", "info", "title", title, "version",
			 "1", "paths", paths, "components", "schemas", "Problem", openapi_problem());
}
