/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of the log: one line an event whatever it carries, and no flood. */
#include "clock.h"
#include "log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static int saved, tube[2];
static char text[64 * 1024];
static int64_t minute = 1;

static int catch_stderr(void **state)
{
	(void)state;
	alarm(20);
	unsetenv("JOURNAL_STREAM");
	log_open("router", LOG_LEVEL_INFO);
	/* Each test in a minute of its own, so that no count of another is in the way. */
	minute += 2;
	clock_hold(1, minute * 60000);
	saved = dup(STDERR_FILENO);
	assert_int_equal(pipe(tube), 0);
	dup2(tube[1], STDERR_FILENO);
	close(tube[1]);
	return 0;
}

/* What was written since; stderr is the terminal again. */
static const char *caught(void)
{
	size_t n = 0;
	ssize_t got;

	dup2(saved, STDERR_FILENO);
	while ((got = read(tube[0], text + n, sizeof(text) - 1 - n)) > 0)
		n += (size_t)got;
	text[n] = 0;
	return text;
}

static int release_stderr(void **state)
{
	(void)state;
	dup2(saved, STDERR_FILENO);
	close(saved);
	close(tube[0]);
	clock_hold(-1, -1);
	return 0;
}

static void an_event_is_room_event_and_values(void **state)
{
	(void)state;
	log_info("lease_expired", "number=%d desk=%s", 7, "psych");
	log_warn("disk_low", "%s", "");
	assert_string_equal(caught(), "router lease_expired number=7 desk=psych\nrouter disk_low\n");
}

static void an_event_stays_one_line_whatever_it_carries(void **state)
{
	(void)state;
	log_info("odd", "a=%s", "x\ny\r\x1b[31m\\ \x7f\xff\xc0\xaf\xed\xa0\x80 倾听 \xe2\x80\xa8 \xc2\x85.");
	assert_string_equal(caught(), "router odd a=x\\ny\\x0d\\x1b[31m\\\\ \\x7f\\xff\\xc0\\xaf\\xed\\xa0\\x80 倾听 "
				      "\\xe2\\x80\\xa8 \\xc2\\x85.\n");
}

static void a_percent_sign_in_a_value_is_a_percent_sign(void **state)
{
	(void)state;
	log_info("odd", "a=%s", "%s%n%x");
	assert_string_equal(caught(), "router odd a=%s%n%x\n");
}

static void an_endless_value_is_cut(void **state)
{
	char *huge = malloc(100001);

	(void)state;
	memset(huge, '\n', 100000);
	huge[100000] = 0;
	log_info("huge", "a=%s", huge);
	free(huge);
	assert_in_range(strlen(caught()), 1000, 4096);
	assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
}

static void what_is_less_than_wanted_is_not_written_but_counted(void **state)
{
	uint64_t before = log_count(LOG_LEVEL_DEBUG);

	(void)state;
	log_debug("detail", "n=%d", 1);
	assert_string_equal(caught(), "");
	assert_int_equal(log_count(LOG_LEVEL_DEBUG), before + 1);
}

static void the_journal_gets_the_level(void **state)
{
	(void)state;
	setenv("JOURNAL_STREAM", "1:1", 1);
	log_open("web", LOG_LEVEL_DEBUG);
	log_debug("a", "%s", "");
	log_error("b", "%s", "");
	unsetenv("JOURNAL_STREAM");
	assert_string_equal(caught(), "<7>web a\n<3>web b\n");
}

static int lines(const char *s)
{
	int n = 0;

	while ((s = strchr(s, '\n')) != NULL) {
		n++;
		s++;
	}
	return n;
}

static void a_flood_of_one_event_is_told_as_a_number(void **state)
{
	(void)state;
	for (int i = 0; i < 1000; i++)
		log_info("flood", "n=%d", i);
	log_info("calm", "%s", "");
	clock_hold(1, (minute + 1) * 60000);
	log_info("calm", "%s", "");
	assert_int_equal(lines(caught()), 200 + 1 + 1 + 1);
	assert_non_null(strstr(text, "router flood suppressed=800\n"));
	assert_null(strstr(text, "n=200\n"));
}

static void a_thousand_kinds_of_events_share_what_is_left(void **state)
{
	char name[32];

	(void)state;
	for (int i = 0; i < 1000; i++) {
		snprintf(name, sizeof(name), "kind_%d", i);
		log_info(name, "%s", "");
	}
	assert_in_range(lines(caught()), 127 + 200, 128 + 200);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define RULE(name) cmocka_unit_test_setup_teardown(name, catch_stderr, release_stderr)
		RULE(an_event_is_room_event_and_values),
		RULE(an_event_stays_one_line_whatever_it_carries),
		RULE(a_percent_sign_in_a_value_is_a_percent_sign),
		RULE(an_endless_value_is_cut),
		RULE(what_is_less_than_wanted_is_not_written_but_counted),
		RULE(the_journal_gets_the_level),
		RULE(a_flood_of_one_event_is_told_as_a_number),
		RULE(a_thousand_kinds_of_events_share_what_is_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
