/* SPDX-License-Identifier: Apache-2.0 */
/* Rules of pages that stand still: secrets go where their marks were, and nothing is shown for longer than a second. */
#include "still.h"

#include "macros.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const char *const marks[] = { "[draft]", "[leave]" };

static void keep(struct still *s, const char *page, int64_t now_ms)
{
	still_keep(s, page, strlen(page), marks, ARRAY_LEN(marks), now_ms);
}

static void each_secret_stands_where_its_mark_stood(void **state)
{
	struct still s = { 0 };
	struct buf out = { 0 };

	(void)state;
	keep(&s, "a[leave]b[draft]c[draft][leave]", 5);
	still_write(&s, (const char *const[]){ "D", "" }, &out);
	assert_string_equal(out.data, "abDcD");
	buf_clear(&out);
	still_write(&s, (const char *const[]){ "[leave]", "long" }, &out);
	assert_string_equal(out.data, "along" "b[leave]c[leave]long");
	buf_finish(&out);
	still_finish(&s);
}

static void a_page_without_marks_is_itself(void **state)
{
	struct still s = { 0 };
	struct buf out = { 0 };

	(void)state;
	keep(&s, "plain", 5);
	still_write(&s, (const char *const[]){ "D", "L" }, &out);
	assert_string_equal(out.data, "plain");
	keep(&s, "other", 6);
	buf_clear(&out);
	still_write(&s, (const char *const[]){ "D", "L" }, &out);
	assert_string_equal(out.data, "other");
	buf_finish(&out);
	still_finish(&s);
}

static void a_page_is_shown_for_a_second(void **state)
{
	struct still s = { 0 };

	(void)state;
	assert_false(still_fresh(&s, 0));
	assert_false(still_fresh(&s, 5000));
	keep(&s, "x", 5000);
	assert_true(still_fresh(&s, 5000));
	assert_true(still_fresh(&s, 5000 + STILL_MS - 1));
	assert_false(still_fresh(&s, 5000 + STILL_MS));
	still_finish(&s);
	assert_false(still_fresh(&s, 5000));
}

static void a_page_with_too_many_places_is_not_kept(void **state)
{
	struct still s = { 0 };
	struct buf page = { 0 };

	(void)state;
	keep(&s, "x", 5000);
	for (int i = 0; i <= STILL_PLACES_MAX; i++)
		buf_text(&page, marks[i % 2]);
	keep(&s, page.data, 5000);
	assert_false(still_fresh(&s, 5000));
	buf_finish(&page);
	still_finish(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_secret_stands_where_its_mark_stood),
		cmocka_unit_test(a_page_without_marks_is_itself),
		cmocka_unit_test(a_page_is_shown_for_a_second),
		cmocka_unit_test(a_page_with_too_many_places_is_not_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
