/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The book of messages: what its rows promise, and that doc/wire.md says the same. `test_book --write` makes the page's table anew.
 */
#include "book.h"
#include "mem.h"

#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <cmocka.h>

static const char mark[] = "<!-- book -->\n";

static char *page_read(void)
{
	struct buf out = { 0 };
	char piece[4096];
	size_t n;
	FILE *f = fopen(QT_SOURCE_DIR "/doc/wire.md", "re");

	assert_non_null(f);
	while ((n = fread(piece, 1, sizeof(piece), f)) > 0)
		buf_add(&out, piece, n);
	fclose(f);
	return out.data;
}

static void the_wire_page_says_what_the_book_says(void **state UNUSED)
{
	AUTO(mem_free) char *page = page_read();
	AUTO(mem_free) char *table = book_doc();
	const char *at = strstr(page, mark);

	assert_non_null(at);
	assert_string_equal(at + strlen(mark), table);
}

static void every_message_has_one_row_and_one_sentence(void **state UNUSED)
{
	size_t count, i, k;
	const struct book_row *rows = book_rows(&count);

	for (i = 0; i < count; i++) {
		assert_true(rows[i].roles != 0);
		assert_true(rows[i].summary[strlen(rows[i].summary) - 1] == '.');
		assert_true(rows[i].blobs_min <= rows[i].blobs_max);
		for (k = i + 1; k < count; k++)
			assert_string_not_equal(rows[i].name, rows[k].name);
		assert_ptr_equal(book_find(rows[i].name, strlen(rows[i].name)), &rows[i]);
	}
	assert_null(book_find("order.nothing", 13));
	assert_null(book_find("order.claim", 5));
}

static void an_order_without_a_session_is_refused_by_name(void **state UNUSED)
{
	const struct book_row *row = book_find("order.claim", 11);
	json_t *body = json_pack("{s:s}", "ticket", "YT-0000-0000");
	char *why = NULL;

	assert_int_equal(book_check(row, body, 0, &why), 1);
	assert_non_null(strstr(why, "session"));
	mem_free(&why);
	json_release(&body);
}

static void a_field_nobody_declared_is_refused(void **state UNUSED)
{
	const struct book_row *row = book_find("intake.key", 10);
	json_t *body = json_pack("{s:s, s:i}", "ticket", "YT-0000-0000", "risk", 3);
	char *why = NULL;

	assert_int_equal(book_check(row, body, 0, &why), 1);
	assert_non_null(strstr(why, "risk"));
	mem_free(&why);
	json_release(&body);
}

static void too_few_and_too_many_sealed_frames_are_refused(void **state UNUSED)
{
	const struct book_row *row = book_find("intake.say", 10);
	json_t *body = json_object();
	char *why = NULL;

	assert_int_equal(book_check(row, body, row->blobs_min - 1, &why), 1);
	mem_free(&why);
	assert_int_equal(book_check(row, body, row->blobs_max + 1, &why), 1);
	mem_free(&why);
	json_release(&body);
}

static int page_write(void)
{
	AUTO(mem_free) char *page = page_read();
	AUTO(mem_free) char *table = book_doc();
	char *at = strstr(page, mark);
	FILE *f = at ? fopen(QT_SOURCE_DIR "/doc/wire.md", "we") : NULL;

	if (!f)
		return 1;
	at[strlen(mark)] = 0;
	fprintf(f, "%s%s", page, table);
	return fclose(f) ? 1 : 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_wire_page_says_what_the_book_says),
		cmocka_unit_test(every_message_has_one_row_and_one_sentence),
		cmocka_unit_test(an_order_without_a_session_is_refused_by_name),
		cmocka_unit_test(a_field_nobody_declared_is_refused),
		cmocka_unit_test(too_few_and_too_many_sealed_frames_are_refused),
	};

	if (argc == 2 && !strcmp(argv[1], "--write"))
		return page_write();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
