/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The console's route table against any method and path: "METHOD /path". What matches has the length and the fixed parts of its pattern,
 * and no parameter holds a slash or is a place ("..").
 */
#include "fuzz.h"

#include "http_impl.h"
#include "web.h"

#include <string.h>

static void params_must_fit(const char *pattern, const char *path, const struct buf *params)
{
	const char *value = params->data;
	size_t count = 0;

	for (const char *p = pattern; *p; p++)
		count += *p == '{';
	for (size_t i = 0; i < count; i++, value += strlen(value) + 1) {
		FUZZ_MUST(*value && !strchr(value, '/') && strcmp(value, ".") && strcmp(value, ".."));
		FUZZ_MUST(strstr(path, value));
	}
	FUZZ_MUST(!count || value == params->data + params->bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	static struct http_table table;
	struct fuzz in = { data, bytes };
	size_t n;
	AUTO(mem_free) char *method = fuzz_rest(&in, &n);
	char *path = strchr(method, ' ');
	AUTO(buf_finish) struct buf params = { 0 };
	const struct http_node *node;
	int index;

	if (!table.node)
		http_table_init(&table, web_routes, web_route_count);
	if (!path)
		return 0;
	*path++ = 0;
	index = http_method_index(method);
	node = http_table_find(&table, path, index, &params);
	if (!node)
		return 0;
	FUZZ_MUST(*node->allow);
	if (index < 0 || !node->route[index])
		return 0;
	if (strchr(node->path, '{'))
		params_must_fit(node->path, path, &params);
	else
		FUZZ_MUST(!strcmp(node->path, path));
	return 0;
}
