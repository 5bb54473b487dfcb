/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules of the configuration: what it means, what is refused, and that every refusal is a sentence with file, line and remedy
 * (hostile.md row 100).
 */
#include "conf.h"
#include "mem.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char file[] = "/tmp/qt-conf-XXXXXX";
static struct conf conf, other;

static int make_file(void **state)
{
	int fd = mkstemp(file);

	(void)state;
	return fd < 0 || close(fd);
}

static int drop_file(void **state)
{
	(void)state;
	return unlink(file);
}

static void write_bytes(const char *text, size_t n)
{
	FILE *f = fopen(file, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

static void accept(const char *text)
{
	char *why = NULL;

	write_bytes(text, strlen(text));
	if (conf_load(file, "/data", &conf, &why))
		fail_msg("refused: %s", why);
	assert_null(why);
}

/* The sentence must hold every given piece, and the file's name. */
static void refuse_bytes(const char *text, size_t n, const char *piece, const char *more)
{
	char *why = NULL;

	write_bytes(text, n);
	assert_int_equal(conf_load(file, "/data", &conf, &why), 1);
	assert_non_null(why);
	if (!strstr(why, piece) || !strstr(why, more) || !strstr(why, file) || !strchr(".?", why[strlen(why) - 1]))
		fail_msg("the sentence \"%s\" lacks \"%s\", \"%s\" or the file", why, piece, more);
	mem_free(&why);
}

static void refuse(const char *text, const char *piece, const char *more)
{
	refuse_bytes(text, strlen(text), piece, more);
}

static void load_defaults(struct conf *c)
{
	char *why = NULL;

	assert_int_equal(conf_load(NULL, "/data", c, &why), 0);
	assert_null(why);
}

static void no_file_means_the_defaults_of_a_small_installation(void **state)
{
	(void)state;
	load_defaults(&conf);
	assert_int_equal(conf.sites, 1);
	assert_string_equal(conf.site[0].id, "450100");
	assert_string_equal(conf.site[0].name_zh, "示例服务台");
	assert_int_equal(conf.desks, 3);
	assert_string_equal(conf.desk[1].name_zh, "心理疏导");
	assert_true(conf.desk[0].open);
	assert_int_equal(conf.desk[2].clock.first_reply_ms, 600000);
	assert_int_equal(conf.desk[2].clock.close_complaint_days, 15);
	assert_string_equal(conf.duty_desk, "psych");
	assert_true(conf.staffed_always);
	assert_int_equal(conf.numbers, 4);
	assert_string_equal(conf.number[3].number, "12356");
	assert_int_equal(conf.portal_port, 8355);
	assert_int_equal(conf.portal_ops_port, 8365);
	assert_int_equal(conf.console_ops_port, 8366);
	assert_int_equal(conf.kdf_password_bytes, 64 << 20);
	assert_int_equal(conf.claim_lease_ms, 900000);
	assert_int_equal(conf.erase_after_ms, 7 * 86400000LL);
	assert_int_equal(conf.hours_count, 7);
	assert_false(conf.demo);
}

static void the_sample_file_loads_to_exactly_the_defaults(void **state)
{
	char *why = NULL;

	(void)state;
	load_defaults(&conf);
	if (conf_load(QT_SOURCE_DIR "/etc/qingting.conf", "/data", &other, &why))
		fail_msg("refused: %s", why);
	memset(other.file, 0, sizeof(other.file));
	assert_memory_equal(&conf, &other, sizeof(conf));
}

static char *slurp(const char *path)
{
	FILE *f = fopen(path, "r");
	struct buf out = { 0 };
	char part[4096];
	size_t n;

	assert_non_null(f);
	while ((n = fread(part, 1, sizeof(part), f)) > 0)
		buf_add(&out, part, n);
	fclose(f);
	return out.data;
}

static void the_shipped_sample_and_manual_are_what_the_schema_says(void **state)
{
	char *sample = conf_sample(), *doc = conf_doc();
	char *shipped_sample = slurp(QT_SOURCE_DIR "/etc/qingting.conf"), *shipped_doc = slurp(QT_SOURCE_DIR "/doc/configuration.md");

	(void)state;
	assert_string_equal(sample, shipped_sample);
	assert_string_equal(doc, shipped_doc);
	mem_free(&sample);
	mem_free(&doc);
	mem_free(&shipped_sample);
	mem_free(&shipped_doc);
}

static void an_empty_file_changes_nothing(void **state)
{
	(void)state;
	load_defaults(&other);
	accept("");
	memset(conf.file, 0, sizeof(conf.file));
	assert_memory_equal(&conf, &other, sizeof(conf));
	accept("\n# only a comment\n/* and\nanother */ // and one more");
	memset(conf.file, 0, sizeof(conf.file));
	assert_memory_equal(&conf, &other, sizeof(conf));
}

static void values_with_units_mean_what_they_say(void **state)
{
	(void)state;
	accept("life : { claim_lease = \"1h 30min\"; unscreened = \"90 s\"; };\nkeys : { receipt_memory = \"64KiB\"; };\n"
	       "bus : { retry = \"250ms\"; batch = 4096L; };\n");
	assert_int_equal(conf.claim_lease_ms, 5400000);
	assert_int_equal(conf.unscreened_ms, 90000);
	assert_int_equal(conf.kdf_receipt_bytes, 65536);
	assert_int_equal(conf.retry_ms, 250);
	assert_int_equal(conf.batch_max, 4096);
	assert_int_equal(conf.lease_ms, 20000);
}

static void portal_off_is_understood_in_every_way_people_write_it(void **state)
{
	static const char *const ways[] = { "portal = off", "portal = off;", "portal : no", "portal = false;", "portal : { on = off; };",
		                            "portal : { on = OFF };" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		accept(ways[i]);
		assert_false(conf.portal_on);
	}
	accept("portal = on");
	assert_true(conf.portal_on);
}

static void a_list_replaces_the_default_list_and_its_rows_keep_their_own_defaults(void **state)
{
	(void)state;
	accept("desks = ( { kind = \"psych\"; name_zh = \"心理\"; name_en = \"Mind\"; clock : { close_help_days = 9; }; } );\n"
	       "service : { numbers = ( { number = \"110\"; name_zh = \"报警\"; name_en = \"Police\"; } ); };");
	assert_int_equal(conf.desks, 1);
	assert_int_equal(conf.desk[0].clock.close_help_days, 9);
	assert_int_equal(conf.desk[0].clock.close_consult_days, 1);
	assert_string_equal(conf.desk[1].kind, "");
	assert_int_equal(conf.numbers, 1);
	assert_string_equal(conf.number[0].hours_zh, "24 小时");
	assert_non_null(conf_desk(&conf, "psych"));
	assert_null(conf_desk(&conf, "legal"));
}

static void hours_are_rows_of_days_and_may_pass_midnight(void **state)
{
	(void)state;
	accept("hours : { always = off; week = [ \"Mon-Fri 09:00-21:00\", \"Sat 20:00-02:00\", \"Sun 00:00-24:00\" ]; };");
	assert_int_equal(conf.hours_count, 7);
	assert_int_equal(conf.hours[4].day, 5);
	assert_int_equal(conf.hours[4].from_min, 540);
	assert_int_equal(conf.hours[5].day, 6);
	assert_int_equal(conf.hours[5].to_min, 1440 + 120);
	assert_int_equal(conf.hours[6].to_min, 1440);
	refuse("hours : { week = [ \"Mon-Sun 09:00-12:00\", \"Mon-Sun 13:00-14:00\", \"Mon 20:00-21:00\" ]; };", "hours.week", "two a day");
	refuse("hours : { week = [ \"Monday 9-5\" ]; };", "hours.week", "Monday");
	refuse("hours : { week = [ \"Fri-Mon 09:00-10:00\" ]; };", "hours.week", "line 1");
	refuse("hours : { week = [ \"Mon 09:00-25:00\" ]; };", "hours.week", "line 1");
	refuse("hours : { week = [ \"Mon 09:00-09:00\" ]; };", "hours.week", "line 1");
	refuse("hours : { week = \"Mon 09:00-10:00\"; };", "hours.week", "array");
	refuse("hours : { always = off; week = [ ]; };", "hours.always", "hours.week");
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
	refuse("desks = ( {\n kind = \"psych\"; name_zh = \"一\"; name_en = \"a\"; opne = true; } );", "opne of a desk", "line 2");
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
	refuse("bus : { keys = ( { public = \"rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7\"; role = \"root\"; } ); };", "role", "\"worker\"");
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
	refuse("desks = ( { kind = \"psych\"; name_zh = \"一\"; name_en = \"a\"; }, { kind = \"psych\"; name_zh = \"一\"; name_en = \"a\"; } );",
	       "psych twice", "once");
	refuse("sites = ( { id = \"45\"; name_zh = \"一\"; name_en = \"a\"; }, { id = \"45\"; name_zh = \"一\"; name_en = \"a\"; } );", "45 twice",
	       "once");
	refuse("sites = ( { id = \"4501\"; parent = \"45\"; name_zh = \"一\"; name_en = \"a\"; } );", "parent 45", "4501");
	refuse("sites = ( { id = \"45\"; parent = \"45\"; name_zh = \"一\"; name_en = \"a\"; } );", "parent 45", "add it");
	refuse("life : { unscreened = \"5s\"; };", "life.unscreened_yes", "longer");
	refuse("bus : { expire = \"1s\"; };", "bus.expire", "make it longer");
	refuse("sessions : { staff_idle = \"9h\"; };", "sessions.staff_idle", "longer");
	refuse("sessions : { caller_idle = \"5h\"; };", "sessions.caller_idle", "longer");
	refuse("console : { listen = \"127.0.0.1:8365\"; };", "portal.ops_port", "port 8365");
	refuse("console : { listen = \"0.0.0.0:8355\"; };", "portal.listen", "port 8355");
	refuse("bus : { open = \"tcp://127.0.0.1:5555\"; };", "bus.open", "bus.server_public");
	accept("portal : { on = off; };\nconsole : { listen = \"127.0.0.1:8355\"; };");
	accept("portal : { listen = \"10.0.0.1:443\"; };\nconsole : { listen = \"10.0.0.2:443\"; ops_port = 9001; };");
}

static void a_data_directory_too_deep_for_a_socket_is_refused(void **state)
{
	char deep[200], *why = NULL;

	(void)state;
	memset(deep, 'a', sizeof(deep) - 1);
	deep[0] = '/';
	deep[sizeof(deep) - 1] = 0;
	assert_int_equal(conf_load(NULL, deep, &conf, &why), 1);
	assert_non_null(strstr(why, "shorter data directory"));
	mem_free(&why);
	assert_int_equal(conf_load(NULL, "", &conf, &why), 1);
	mem_free(&why);
	assert_int_equal(conf_load(NULL, "/data///", &conf, &why), 0);
	assert_string_equal(conf.data_dir, "/data");
}

static void the_command_line_has_the_last_word(void **state)
{
	char *why = NULL;

	(void)state;
	load_defaults(&conf);
	assert_int_equal(conf_override(&conf, "127.0.0.1:9000", "[::1]:9100", true, &why), 0);
	assert_int_equal(conf.portal_port, 9000);
	assert_int_equal(conf.portal_ops_port, 9010);
	assert_string_equal(conf.console_host, "::1");
	assert_int_equal(conf.console_ops_port, 9110);
	assert_true(conf.demo);
	assert_int_equal(conf_override(&conf, "off", NULL, false, &why), 0);
	assert_false(conf.portal_on);
	assert_false(conf.demo);
	assert_int_equal(conf_override(&conf, "127.0.0.1", NULL, false, &why), 1);
	assert_non_null(strstr(why, "--portal must be ADDRESS:PORT"));
	mem_free(&why);
	assert_int_equal(conf_override(&conf, NULL, "127.0.0.1:99999", false, &why), 1);
	assert_non_null(strstr(why, "--console"));
	mem_free(&why);
}

static void demo_staff_are_refused_where_others_could_reach_them(void **state)
{
	static const char *const open[][2] = { { "0.0.0.0:8355", NULL }, { NULL, "10.1.2.3:8356" }, { "[::]:8355", NULL } };
	char *why = NULL;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(open); i++) {
		load_defaults(&conf);
		assert_int_equal(conf_override(&conf, open[i][0], open[i][1], true, &why), 1);
		assert_non_null(strstr(why, "--no-demo"));
		mem_free(&why);
		load_defaults(&conf);
		assert_int_equal(conf_override(&conf, open[i][0], open[i][1], false, &why), 0);
	}
	assert_true(conf_loopback("127.255.0.1"));
	assert_true(conf_loopback("::1"));
	assert_false(conf_loopback("128.0.0.1"));
	assert_false(conf_loopback("localhost.example.org"));
}

static void an_endpoint_is_ipc_in_the_data_directory_unless_configured(void **state)
{
	char *e = NULL;

	(void)state;
	accept("bus : { server_public = \"rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7\"; worker = \"tcp://127.0.0.1:5555\"; };");
	e = conf_endpoint(&conf, "intake");
	assert_string_equal(e, "ipc:///data/run/intake.sock");
	mem_free(&e);
	e = conf_endpoint(&conf, "worker");
	assert_string_equal(e, "tcp://127.0.0.1:5555");
	mem_free(&e);
}

static void shipped_data_is_found_beside_the_file_or_where_it_was_built(void **state)
{
	char *path = NULL;

	(void)state;
	accept("");
	path = conf_etc(&conf, "no-such-data");
	assert_non_null(strstr(path, "/etc/no-such-data"));
	mem_free(&path);
	path = conf_etc(&conf, strrchr(file, '/') + 1);
	assert_string_equal(path, file);
	mem_free(&path);
	accept("etc_dir = \"/elsewhere\";");
	path = conf_etc(&conf, "rules");
	assert_string_equal(path, "/elsewhere/rules");
	mem_free(&path);
}

static void the_summary_tells_the_script_what_to_start(void **state)
{
	char *s = NULL;

	(void)state;
	load_defaults(&conf);
	s = conf_summary(&conf);
	assert_string_equal(s, "desks=legal psych social\nportal=127.0.0.1:8355\nportal_ops=127.0.0.1:8365\n"
	                       "console=127.0.0.1:8356\nconsole_ops=127.0.0.1:8366\nbus=ipc:///data/run/open.sock\n");
	mem_free(&s);
	accept("portal = off; console : { listen = \"[::1]:80\"; ops_port = 81; };\n"
	       "desks = ( { kind = \"a\"; name_zh = \"一\"; name_en = \"a\"; }, { kind = \"b\"; name_zh = \"一\"; name_en = \"a\"; open = no; } );\n"
	       "duty_desk = \"a\";");
	s = conf_summary(&conf);
	assert_string_equal(s, "desks=a\nportal=off\nconsole=[::1]:80\nconsole_ops=127.0.0.1:81\nbus=ipc:///data/run/open.sock\n");
	mem_free(&s);
}

static void units_refuse_what_they_cannot_mean(void **state)
{
	static const char *const times[] = { "", "5", "s", "5 seconds", "-5s", "5.5s", "1h30", "99999999999999s", "9999999999999999999ms", "1min!" };
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
		cmocka_unit_test(no_file_means_the_defaults_of_a_small_installation),
		cmocka_unit_test(the_sample_file_loads_to_exactly_the_defaults),
		cmocka_unit_test(the_shipped_sample_and_manual_are_what_the_schema_says),
		cmocka_unit_test(an_empty_file_changes_nothing),
		cmocka_unit_test(values_with_units_mean_what_they_say),
		cmocka_unit_test(portal_off_is_understood_in_every_way_people_write_it),
		cmocka_unit_test(a_list_replaces_the_default_list_and_its_rows_keep_their_own_defaults),
		cmocka_unit_test(hours_are_rows_of_days_and_may_pass_midnight),
		cmocka_unit_test(a_number_that_libconfig_would_bend_is_refused),
		cmocka_unit_test(a_wrong_type_is_not_taken_for_a_missing_key),
		cmocka_unit_test(an_unknown_key_is_refused_and_the_likely_one_is_named),
		cmocka_unit_test(what_is_not_text_is_refused_with_its_line),
		cmocka_unit_test(broken_syntax_names_its_line),
		cmocka_unit_test(a_file_that_cannot_be_read_is_refused_by_name),
		cmocka_unit_test(each_text_has_its_own_form),
		cmocka_unit_test(keys_that_contradict_each_other_are_refused),
		cmocka_unit_test(a_data_directory_too_deep_for_a_socket_is_refused),
		cmocka_unit_test(the_command_line_has_the_last_word),
		cmocka_unit_test(demo_staff_are_refused_where_others_could_reach_them),
		cmocka_unit_test(an_endpoint_is_ipc_in_the_data_directory_unless_configured),
		cmocka_unit_test(shipped_data_is_found_beside_the_file_or_where_it_was_built),
		cmocka_unit_test(the_summary_tells_the_script_what_to_start),
		cmocka_unit_test(units_refuse_what_they_cannot_mean),
	};

	return cmocka_run_group_tests(tests, make_file, drop_file);
}
