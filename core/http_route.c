/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The route table of a room, ready for look-up: exact paths in a hash table, paths with {names} in their order. A
 * path is matched as it was sent: nothing is decoded, merged or cut off, so what matches is what the room wrote.
 * Pure.
 */
#include "http_impl.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static const char *const methods[HTTP_METHODS] = { "GET", "POST", "PUT", "PATCH", "DELETE" };

int http_method_index(const char *method)
{
	for (int i = 0; i < HTTP_METHODS; i++)
		if (!strcmp(method, methods[i]))
			return i;
	return strcmp(method, "HEAD") ? -1 : 0;
}

static uint32_t path_hash(const char *path)
{
	uint32_t h = 2166136261U;

	for (; *path; path++)
		h = (h ^ (uint8_t)*path) * 16777619U;
	return h;
}

static struct http_node *table_node(struct http_table *table, const char *path)
{
	for (size_t i = 0; i < table->count; i++)
		if (!strcmp(table->node[i].path, path))
			return &table->node[i];
	table->node[table->count] = (struct http_node){ .path = path };
	return &table->node[table->count++];
}

static void node_allow(struct http_node *node)
{
	size_t n = 0;

	for (int i = 0; i < HTTP_METHODS; i++)
		if (node->route[i])
			n += (size_t)snprintf(node->allow + n, sizeof(node->allow) - n, "%s%s", n ? ", " : "",
					      i ? methods[i] : "GET, HEAD");
}

static void table_put(struct http_table *table, size_t node)
{
	uint32_t at = path_hash(table->node[node].path) & (table->slots - 1);

	if (strchr(table->node[node].path, '{')) {
		table->pattern[table->patterns++] = (uint32_t)node;
		return;
	}
	while (table->slot[at])
		at = (at + 1) & (table->slots - 1);
	table->slot[at] = (uint32_t)node + 1;
}

void http_table_init(struct http_table *table, const struct http_route *routes, size_t count)
{
	table->node = mem_array(count, sizeof(struct http_node));
	for (size_t i = 0; i < count; i++) {
		int method = http_method_index(routes[i].method);
		struct http_node *node = table_node(table, routes[i].path);

		/* A wrong table is a bug of the room, found at its first start. */
		assert(method >= 0 && strcmp(routes[i].method, "HEAD"));
		assert(routes[i].path[0] == '/' && routes[i].handle && !node->route[method]);
		node->route[method] = &routes[i];
	}
	for (table->slots = 16; table->slots < 2 * table->count; table->slots *= 2)
		;
	table->slot = mem_array(table->slots, sizeof(uint32_t));
	table->pattern = mem_array(table->count, sizeof(uint32_t));
	for (size_t i = 0; i < table->count; i++) {
		node_allow(&table->node[i]);
		table_put(table, i);
	}
}

void http_table_finish(struct http_table *table)
{
	mem_free(&table->node);
	mem_free(&table->slot);
	mem_free(&table->pattern);
}

static bool param_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c && strchr("._~-", c));
}

/* One segment against {name}: its length, 0 when it is no value. "." and ".." are places, not values. */
static size_t param_length(const char *s)
{
	size_t n = 0;

	while (param_byte(s[n]))
		n++;
	if (s[n] && s[n] != '/')
		return 0;
	return n == strspn(s, ".") && n <= 2 ? 0 : n;
}

static bool pattern_match(const char *pattern, const char *path, struct buf *params)
{
	buf_clear(params);
	while (*pattern) {
		if (*pattern == '{') {
			size_t n = param_length(path);

			if (!n)
				return false;
			buf_add(params, path, n);
			buf_add(params, "", 1);
			path += n;
			pattern = strchr(pattern, '}') + 1;
		} else if (*pattern++ != *path++) {
			return false;
		}
	}
	return !*path;
}

static const struct http_node *find_exact(const struct http_table *table, const char *path)
{
	uint32_t at = path_hash(path) & (table->slots - 1);

	for (; table->slot[at]; at = (at + 1) & (table->slots - 1))
		if (!strcmp(table->node[table->slot[at] - 1].path, path))
			return &table->node[table->slot[at] - 1];
	return NULL;
}

const struct http_node *http_table_find(const struct http_table *table, const char *path, int method,
					struct buf *params)
{
	const struct http_node *other = find_exact(table, path);

	if (other && method >= 0 && other->route[method])
		return other;
	for (uint32_t i = 0; i < table->patterns; i++) {
		const struct http_node *node = &table->node[table->pattern[i]];

		if (!pattern_match(node->path, path, params))
			continue;
		if (method >= 0 && node->route[method])
			return node;
		if (!other)
			other = node;
	}
	return other;
}
