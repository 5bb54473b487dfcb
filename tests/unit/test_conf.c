/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules of the configuration: what it means when it is fine. What is refused, and how, is in test_conf_refuse.c.
 */
#include "conf_file.h"

static struct conf other;

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
	char *shipped_sample = slurp(QT_SOURCE_DIR "/etc/qingting.conf");
	char *shipped_doc = slurp(QT_SOURCE_DIR "/doc/configuration.md");

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
	static const char *const ways[] = { "portal = off", "portal = off;", "portal : no", "portal = false;",
		                            "portal : { on = off; };",
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
	refuse("hours : { week = [ \"Mon-Sun 09:00-12:00\", \"Mon-Sun 13:00-14:00\", \"Mon 20:00-21:00\" ]; };", "hours.week",
	       "two a day");
	refuse("hours : { week = [ \"Monday 9-5\" ]; };", "hours.week", "Monday");
	refuse("hours : { week = [ \"Fri-Mon 09:00-10:00\" ]; };", "hours.week", "line 1");
	refuse("hours : { week = [ \"Mon 09:00-25:00\" ]; };", "hours.week", "line 1");
	refuse("hours : { week = [ \"Mon 09:00-09:00\" ]; };", "hours.week", "line 1");
	refuse("hours : { week = \"Mon 09:00-10:00\"; };", "hours.week", "array");
	refuse("hours : { always = off; week = [ ]; };", "hours.always", "hours.week");
}

static void a_data_directory_is_absolute_and_short_enough_for_a_socket(void **state)
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
	assert_int_equal(conf_load(NULL, NULL, &conf, &why), 0);
	assert_true(conf.data_dir[0] == '/');
	assert_string_equal(strrchr(conf.data_dir, '/'), "/data");
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
	       "desks = ( { kind = \"a\"; name_zh = \"一\"; name_en = \"a\"; },\n"
	       " { kind = \"b\"; name_zh = \"一\"; name_en = \"a\"; open = no; } );\n"
	       "duty_desk = \"a\";");
	s = conf_summary(&conf);
	assert_string_equal(s, "desks=a\nportal=off\nconsole=[::1]:80\nconsole_ops=127.0.0.1:81\n"
	                       "bus=ipc:///data/run/open.sock\n");
	mem_free(&s);
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
		cmocka_unit_test(a_data_directory_is_absolute_and_short_enough_for_a_socket),
		cmocka_unit_test(the_command_line_has_the_last_word),
		cmocka_unit_test(demo_staff_are_refused_where_others_could_reach_them),
		cmocka_unit_test(an_endpoint_is_ipc_in_the_data_directory_unless_configured),
		cmocka_unit_test(shipped_data_is_found_beside_the_file_or_where_it_was_built),
		cmocka_unit_test(the_summary_tells_the_script_what_to_start),
	};

	return cmocka_run_group_tests(tests, make_file, drop_file);
}
