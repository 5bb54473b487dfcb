/* SPDX-License-Identifier: Apache-2.0 */
/* The shipped rules over what is hinted, evaded or told of others, and over talk that only sounds like it. */
#include "screen_more_calm.h"
#include "screen_more_danger.h"

#include "mem.h"
#include "screen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct screen *screen;

static int load(void **state UNUSED)
{
	AUTO(mem_free) char *why = NULL;
	int refused = screen_load(QT_SOURCE_DIR "/etc/rules", &screen, &why);

	if (refused)
		fprintf(stderr, "%s\n", why);
	return refused;
}

static int unload(void **state UNUSED)
{
	screen_free(&screen);
	return 0;
}

static bool desk_is_among(const char *desks, const char *desk)
{
	return !desks || (desk && strstr(desks, desk));
}

/* Rows read otherwise than the table says. */
static int rows_wrong(const char *table, const struct more *row, size_t rows, int *unheard)
{
	int wrong = 0;

	for (size_t i = 0; i < rows; i++) {
		struct screen_result r;
		bool right;

		screen_text(screen, row[i].text, NULL, &r);
		right = (r.risk >= 2) == (row[i].risk >= 2);
		*unheard += !row[i].heard;
		if (right == row[i].heard && (!row[i].three || r.risk == 3) && desk_is_among(row[i].desks, r.desk))
			continue;
		wrong++;
		print_message("%s row %zu: risk %d for %d, desk %s for %s, first rule %s\n", table, i, r.risk,
		              row[i].three ? 3 : row[i].risk, r.desk ? r.desk : "-",
		              row[i].desks ? row[i].desks : "any", r.hits ? r.hit[0].rule : "-");
	}
	return wrong;
}

static void danger_is_heard_when_it_is_only_hinted_at(void **state UNUSED)
{
	int unheard = 0;

	assert_int_equal(rows_wrong("danger", more_danger, ARRAY_LEN(more_danger), &unheard), 0);
	assert_true(unheard * 20 < (int)ARRAY_LEN(more_danger));
}

static void talk_that_only_sounds_like_danger_wakes_nobody(void **state UNUSED)
{
	int unheard = 0;

	assert_int_equal(rows_wrong("calm", more_calm, ARRAY_LEN(more_calm), &unheard), 0);
	assert_true(unheard * 20 < (int)ARRAY_LEN(more_calm));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(danger_is_heard_when_it_is_only_hinted_at),
		cmocka_unit_test(talk_that_only_sounds_like_danger_wakes_nobody),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
