/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules of the configuration: whatever it cannot mean is refused, by a sentence with file, line and remedy (hostile.md
 * row 100).
 */
#include "conf_file.h"

/* libconfig 1.5 leaks a few bytes of its scanner when a text is broken; the process ends right after. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libconfig.so";
}

static void a_number_that_libconfig_would_bend_is_refused(void **state)
{
	(void)state;
	refuse("bus : {\n batch = 5000000000; };", "line 2", "5000000000");
	refuse("bus : { batch = 5000000000L; };", "bus.batch", "1 to 4096");
	refuse("bus : { batch = 4294967297; };", "batch", "too large");
	refuse("bus : { batch = -4294967295; };", "batch", "too large");
	refuse("bus : { batch = 0xFFFFFFFF; };", "hexadecimal", "decimal");
	refuse("bus : { batch = 08; };", "begin with 0", "batch");
	refuse("bus : { batch = 12345678901234567890123; };", "too long", "batch");
	refuse("bus : { batch = 99999999999999999999L; };", "too long", "batch");
	refuse("bus : { batch = 4097; };", "bus.batch", "1 to 4096");
	refuse("bus : { batch = 0; };", "bus.batch", "1 to 4096");
	refuse("bus : { batch = -1; };", "bus.batch", "is -1");
	refuse("bus : { batch = 1.5; };", "whole number", "point");
	refuse("bus : { batch = 1e3; };", "whole number", "point");
}

static void a_wrong_type_is_not_taken_for_a_missing_key(void **state)
{
	(void)state;
	refuse("bus : { batch = \"512\"; };", "bus.batch", "\"512\"");
	refuse("bus : { batch = true; };", "bus.batch", "whole number");
	refuse("bus : { batch = [ 1 ]; };", "bus.batch", "an array");
	refuse("bus : { batch = { }; };", "bus.batch", "a group");
	refuse("bus = 5;", "bus must be a group", "line 1");
	refuse("bus = off;", "bus must be a group", "line 1");
	refuse("portal : { on = 1; };", "portal.on", "on or off");
	refuse("duty_desk = 5;", "duty_desk", "is 5");
	refuse("life : { unscreened = 60; };", "life.unscreened", "\"90s\"");
	refuse("portal : { listen = 8355; };", "portal.listen", "127.0.0.1:8355");
	refuse("portal : { names = \"a\"; };", "portal.names", "array");
	refuse("desks = 5;", "desks must be a list", "line 1");
	refuse("desks = ( 5 );", "each desk is a group", "line 1");
	refuse("sites = ( );", "sites must be a list of 1", "line 1");
}

static void an_unknown_key_is_refused_and_the_likely_one_is_named(void **state)
{
	(void)state;
	refuse("\n\nportal : { lisen = \"127.0.0.1:1\"; };", "line 3", "did you mean portal.listen?");
	refuse("portla : { on = off; };", "portla", "did you mean portal?");
	refuse("listen = \"127.0.0.1:1\";", "did you mean portal.listen?", "line 1");
	refuse("zebra = 1;", "there is no key zebra", "doc/configuration.md");
	refuse("desks = ( {\n kind = \"psych\"; name_zh = \"一\"; name_en = \"a\"; opne = true; } );", "opne of a desk",
	       "line 2");
	refuse("demo = true;", "there is no key demo", "line 1");
	refuse("duty_desk = \"legal\"; duty_desk = \"psych\";", "duplicate", "keep one");
}

static void what_is_not_text_is_refused_with_its_line(void **state)
{
	static const char nul[] = "# fine\nduty_desk = \"psy\0ch\";\n";

	(void)state;
	refuse_bytes(nul, sizeof(nul) - 1, "line 2", "NUL");
	refuse("# fine\n# \xff\xfe\n", "line 2", "UTF-8");
	refuse("duty_desk = \"a\x07\";", "line 1", "control character (code 7)");
	refuse("service : { name_zh = \"a\\x00b\"; };", "\\x00", "name_zh");
	refuse("service : { name_zh = \"\\xff\"; };", "service.name_zh", "line 1");
	refuse("service : { name_zh = \"a\\nb\"; };", "service.name_zh", "one line");
	refuse("duty_desk = 你好;", "line 1", "quotes");
	accept("\xef\xbb\xbf" "duty_desk = \"legal\";");
	assert_string_equal(conf.duty_desk, "legal");
	accept("duty_desk = \"legal\";\r\n# Windows\r\n");
	assert_string_equal(conf.duty_desk, "legal");
}

static void broken_syntax_names_its_line(void **state)
{
	struct buf deep = { 0 };

	(void)state;
	refuse("duty_desk = \"psych;\n", "line 1", "closing quote");
	refuse("duty_desk = psych;", "must be in quotes", "\"psych\"");
	refuse("life : { unscreened = 10min; };", "must be in quotes", "\"10min\"");
	refuse("bus : {\n batch = 5;\n", "never closed", "line 3");
	refuse("bus : { batch = 5; ) ;", "closes nothing", "line 1");
	refuse("/* open", "never closed", "line 1");
	refuse("= 5;", "syntax error", "line 1");
	refuse("@include \"other.conf\"\n", "@include", "one file");
	refuse("a = 1;\n  @include \"other.conf\"\n", "line 2", "one file");
	for (int i = 0; i < 5000; i++)
		buf_text(&deep, "(");
	refuse(deep.data, "nested", "16");
	buf_clear(&deep);
	buf_text(&deep, "a = ");
	for (int i = 0; i < 5000; i++)
		buf_text(&deep, "{ a = ");
	refuse(deep.data, "nested", "16");
	buf_finish(&deep);
}

static void a_file_that_cannot_be_read_is_refused_by_name(void **state)
{
	struct buf big = { 0 };
	char *why = NULL;

	(void)state;
	assert_int_equal(conf_load("/tmp/qt-no-such-file", "/data", &conf, &why), 1);
	assert_non_null(strstr(why, "/tmp/qt-no-such-file"));
	mem_free(&why);
	assert_int_equal(conf_load("/tmp", "/data", &conf, &why), 1);
	assert_non_null(strstr(why, "regular file"));
	mem_free(&why);
	while (big.bytes <= 1 << 20)
		buf_text(&big, "# a long line of nothing but the same words again and again\n");
	refuse_bytes(big.data, big.bytes, "1 MiB", "regular file");
	buf_finish(&big);
}

static void each_text_has_its_own_form(void **state)
{
	(void)state;
	refuse("sites = ( { id = \"45x\"; name_zh = \"一\"; name_en = \"a\"; } );", "id must be 2 to 12 digits", "45x");
	refuse("desks = ( { kind = \"Psych\"; name_zh = \"一\"; name_en = \"a\"; } );", "kind must be", "Psych");
	refuse("desks = ( { kind = \"psych\"; name_zh = \"一\"; } );", "this desk has no name_en", "line 1");
	refuse("service : { name_zh = \"\"; };", "service.name_zh", "1 to 20");
	refuse("service : { name_zh = \"一二三四五六七八九十一二三四五六七八九十一\"; };", "service.name_zh", "1 to 20");
	refuse("service : { timezone = \"Europe/Paris\"; };", "Asia/Shanghai", "Europe/Paris");
	refuse("service : { exit_url = \"javascript:1\"; };", "https://", "javascript:1");
	refuse("ops_host = \"0.0.0.0\";", "ops_host", "loopback");
	refuse("bus : { open = \"udp://x\"; };", "bus.open", "ipc://");
	refuse("bus : { open = \"tcp://127.0.0.1:70000\"; };", "bus.open", "tcp://");
	refuse("bus : { server_public = \"short\"; };", "bus.server_public", "40 characters");
	refuse("bus : { keys = ( { public = \"\"; role = \"web\"; } ); };", "public", "40 characters");
	refuse("bus : { keys = ( { public = \"rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7\"; role = \"root\"; } ); };", "role",
	       "\"worker\"");
	refuse("portal : { names = [ \"a b\" ]; };", "portal.names", "a b");
	refuse("portal : { listen = \"::1:8355\"; };", "portal.listen", "[::1]:8355");
	accept("portal : { listen = \"[::1]:80\"; names = [ \"help.example.org\", \"help.example.org:8443\" ]; };");
	assert_string_equal(conf.portal_host, "::1");
	assert_int_equal(conf.portal_port, 80);
	assert_int_equal(conf.portal_names_count, 2);
	assert_string_equal(conf.portal_names[1], "help.example.org:8443");
}

static void keys_that_contradict_each_other_are_refused(void **state)
{
	(void)state;
	refuse("duty_desk = \"night\";", "duty_desk is night", "name one of desks");
	refuse("desks = ( { kind = \"psych\"; name_zh = \"一\"; name_en = \"a\"; open = no; } );", "not open", "duty_desk");
	refuse("desks = ( { kind = \"psych\"; name_zh = \"一\"; name_en = \"a\"; },\n"
	       " { kind = \"psych\"; name_zh = \"一\"; name_en = \"a\"; } );",
	       "psych twice", "once");
	refuse("sites = ( { id = \"45\"; name_zh = \"一\"; name_en = \"a\"; },\n"
	       " { id = \"45\"; name_zh = \"一\"; name_en = \"a\"; } );", "45 twice",
	       "once");
	refuse("sites = ( { id = \"4501\"; parent = \"45\"; name_zh = \"一\"; name_en = \"a\"; } );", "parent 45", "4501");
	refuse("sites = ( { id = \"45\"; parent = \"45\"; name_zh = \"一\"; name_en = \"a\"; } );", "parent 45", "add it");
	refuse("life : { unscreened = \"5s\"; };", "life.unscreened_yes", "longer");
	refuse("bus : { expire = \"1s\"; };", "bus.expire", "make it longer");
	refuse("sessions : { staff_idle = \"9h\"; };", "sessions.staff_idle", "longer");
	refuse("sessions : { caller_idle = \"5h\"; };", "sessions.caller_idle", "longer");
	refuse("console : { listen = \"127.0.0.1:8365\"; };", "portal.ops_port", "port 8365");
	refuse("console : { listen = \"0.0.0.0:8355\"; };", "portal.listen", "port 8355");
	accept("portal : { on = off; };\nconsole : { listen = \"127.0.0.1:8355\"; };");
	accept("portal : { listen = \"10.0.0.1:443\"; };\nconsole : { listen = \"10.0.0.2:443\"; ops_port = 9001; };");
}

/* Deterministic damage: a byte changed, cut out or doubled, up to eight times. The reader answers 0, or 1 with a
 * sentence. */
static void no_damage_to_a_file_makes_the_reader_stumble(void **state)
{
	static const char spice[] = "\"{}()[];=:,#/*\\\n\r @0xL-.\x01\x80\xff";
	char *sample = conf_sample(), *why = NULL;
	size_t n = strlen(sample);
	uint32_t dice = 12355;

	(void)state;
	for (int round = 0; round < 1500; round++) {
		char *damaged = mem_copy(sample, n + 1);
		size_t length = n;

		for (uint32_t hits = 1 + round % 8; hits > 0; hits--) {
			dice = dice * 1664525 + 1013904223;
			size_t at = (dice >> 8) % length;

			if (dice % 3 == 0)
				memmove(damaged + at, damaged + at + 1, length-- - at);
			else
				damaged[at] = dice % 3 == 1 ? spice[(dice >> 4) % sizeof(spice)] : damaged[(at * 7) % length];
		}
		write_bytes(damaged, length);
		int refused = conf_load(file, "/data", &conf, &why);

		assert_in_range(refused, 0, 1);
		assert_true(refused == (why != NULL));
		if (why)
			assert_non_null(strstr(why, file));
		mem_free(&why);
		mem_free(&damaged);
	}
	mem_free(&sample);
}

static void units_refuse_what_they_cannot_mean(void **state)
{
	static const char *const times[] = { "", "5", "s", "5 seconds", "-5s", "5.5s", "1h30", "99999999999999s",
		                             "9999999999999999999ms", "1min!" };
	static const char *const sizes[] = { "", "5", "5MB", "5mib", "-1B", "1 KiB x" };
	int64_t n;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(times); i++)
		if (conf_time_ms(times[i], &n) != 1)
			fail_msg("\"%s\" was taken for a duration", times[i]);
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++)
		if (conf_size_bytes(sizes[i], &n) != 1)
			fail_msg("\"%s\" was taken for a size", sizes[i]);
	assert_int_equal(conf_size_bytes("2GiB", &n), 0);
	assert_int_equal(n, 2147483648LL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_number_that_libconfig_would_bend_is_refused),
		cmocka_unit_test(a_wrong_type_is_not_taken_for_a_missing_key),
		cmocka_unit_test(an_unknown_key_is_refused_and_the_likely_one_is_named),
		cmocka_unit_test(what_is_not_text_is_refused_with_its_line),
		cmocka_unit_test(broken_syntax_names_its_line),
		cmocka_unit_test(a_file_that_cannot_be_read_is_refused_by_name),
		cmocka_unit_test(each_text_has_its_own_form),
		cmocka_unit_test(keys_that_contradict_each_other_are_refused),
		cmocka_unit_test(no_damage_to_a_file_makes_the_reader_stumble),
		cmocka_unit_test(units_refuse_what_they_cannot_mean),
	};

	return cmocka_run_group_tests(tests, make_file, drop_file);
}
