/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The console's route table: what its rows promise, and that doc/api.md says the same. `test_web_route_table --write`
 * makes the page's table anew.
 */
#include "pages.h"

#include "casefile.h"
#include "mem.h"
#include "web.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

static const char page_path[] = QT_SOURCE_DIR "/doc/api.md";
static const char begin[] = "<!-- console routes -->\n", end[] = "<!-- end of console routes -->\n";

static char *page_read(void)
{
	struct buf out = { 0 };
	char piece[4096];
	size_t n;
	FILE *f = fopen(page_path, "re");

	assert_non_null(f);
	while ((n = fread(piece, 1, sizeof(piece), f)) > 0)
		buf_add(&out, piece, n);
	fclose(f);
	return out.data;
}

static void the_page_says_what_the_table_says(void **state UNUSED)
{
	AUTO(mem_free) char *page = page_read();
	AUTO(mem_free) char *table = pages_api_doc();
	char *from = strstr(page, begin), *to = strstr(page, end);

	assert_non_null(from);
	assert_non_null(to);
	*to = 0;
	assert_string_equal(from + strlen(begin), table);
}

static void every_route_has_a_sentence_and_stands_once(void **state UNUSED)
{
	size_t i, k;

	for (i = 0; i < web_route_count; i++) {
		const struct http_route *r = &web_routes[i];

		assert_true(r->summary[strlen(r->summary) - 1] == '.');
		for (k = i + 1; k < web_route_count; k++)
			assert_true(strcmp(r->method, web_routes[k].method) || strcmp(r->path, web_routes[k].path));
	}
}

static void every_write_takes_bounded_json_or_nothing(void **state UNUSED)
{
	size_t i;

	for (i = 0; i < web_route_count; i++) {
		const struct http_route *r = &web_routes[i];

		assert_true(r->body_bytes <= 128 * 1024);
		assert_int_equal(r->body_bytes != 0, (r->flags & HTTP_JSON) != 0);
		if (!strcmp(r->method, "GET"))
			assert_int_equal(r->body_bytes, 0);
	}
}

/* Nothing of a case is open to whoever only audits or administers, and nothing but the page and signing in to a
 * stranger. */
static void cases_are_for_those_who_work_on_them(void **state UNUSED)
{
	size_t i;

	for (i = 0; i < web_route_count; i++) {
		const struct http_route *r = &web_routes[i];
		bool of_cases = strstr(r->path, "/cases") || strstr(r->path, "/drafts") || strstr(r->path, "/contacts");
		bool at_the_door = !strcmp(r->path, "/api/v1/session") || !strcmp(r->path, "/api/v1/openapi.json");

		if (of_cases)
			assert_int_equal(r->flags & (ROUTE_ROLES(CASE_ROLE_ADMIN | CASE_ROLE_AUDITOR) | ROUTE_PUBLIC |
			                             ROUTE_FRESH),
			                 0);
		if (of_cases)
			assert_true(r->flags & ROUTE_ROLES(CASE_ROLE_SUPERVISOR));
		if (r->flags & ROUTE_PUBLIC)
			assert_true(strncmp(r->path, "/api/", 5) || at_the_door);
	}
}

static int page_write(void)
{
	AUTO(mem_free) char *page = page_read();
	AUTO(mem_free) char *table = pages_api_doc();
	char *from = strstr(page, begin), *to = strstr(page, end);
	FILE *f = from && to ? fopen(page_path, "we") : NULL;

	if (!f)
		return 1;
	fprintf(f, "%.*s%s%s", (int)(from + strlen(begin) - page), page, table, to);
	return fclose(f) ? 1 : 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_page_says_what_the_table_says),
		cmocka_unit_test(every_route_has_a_sentence_and_stands_once),
		cmocka_unit_test(every_write_takes_bounded_json_or_nothing),
		cmocka_unit_test(cases_are_for_those_who_work_on_them),
	};

	if (argc == 2 && !strcmp(argv[1], "--write"))
		return page_write();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
