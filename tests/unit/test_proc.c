/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules of starting and ending: options, configuration, readiness, signals, exit status. What a process gives up is in
 * test_proc_guard.c.
 */
#include "clock.h"
#include "proc_child.h"

static void a_process_says_it_is_ready_and_leaves_clean_on_term(void **state)
{
	pid_t pid = start(&plain, NULL);
	char *path = in_dir("run/plain.ready"), text[16] = "";
	FILE *f;

	(void)state;
	wait_for("READY=1");
	f = fopen(path, "r");
	assert_non_null(f);
	assert_non_null(fgets(text, sizeof(text), f));
	fclose(f);
	assert_int_equal(atoi(text), pid);
	kill(pid, SIGTERM);
	wait_for("STOPPING=1");
	assert_int_equal(finish(pid), 0);
	assert_false(exists("run/plain.ready"));
	mem_free(&path);
}

static void interrupt_ends_it_as_term_does(void **state)
{
	pid_t pid = start(&plain, NULL);

	(void)state;
	wait_for("READY=1");
	kill(pid, SIGINT);
	assert_int_equal(finish(pid), 0);
}

static void an_interrupt_its_starter_ignores_is_ignored(void **state)
{
	pid_t pid;

	(void)state;
	interrupts = SIG_IGN;
	pid = start(&plain, NULL);
	interrupts = SIG_DFL;
	wait_for("READY=1");
	kill(pid, SIGINT);
	kill(pid, SIGTERM);
	assert_int_equal(finish(pid), 0);
	expect_output("signal=15");
}

static void hup_usr_and_pipe_do_no_harm(void **state)
{
	static const int harmless[] = { SIGHUP, SIGUSR1, SIGUSR2, SIGPIPE };
	pid_t pid = start(&plain, NULL);

	(void)state;
	wait_for("READY=1");
	for (int i = 0; i < 400; i++)
		kill(pid, harmless[i % 4]);
	kill(pid, SIGSTOP);
	kill(pid, SIGCONT);
	kill(pid, SIGTERM);
	assert_int_equal(finish(pid), 0);
}

static int drained;

static void end_now(void *ctx)
{
	(void)ctx;
	drained++;
	loop_stop(the_loop);
}

static void drain_soon(void *r)
{
	probe(r == &room, "drain got another room");
	loop_after(the_loop, 0, end_now, NULL);
}

static void close_drained(void **r)
{
	probe(drained == 1, "closed before it had drained");
	*r = NULL;
}

static void what_it_holds_is_drained_before_it_closes(void **state)
{
	static const struct process p = { .name = "drainer", .open = open_room, .drain = drain_soon, .close = close_drained };
	pid_t pid = start(&p, NULL);

	(void)state;
	wait_for("READY=1");
	kill(pid, SIGTERM);
	kill(pid, SIGTERM);
	assert_int_equal(finish(pid), 0);
}

static void drain_never(void *r)
{
	(void)r;
	clock_hold(clock_wall_ms(), clock_mono_ms() + 60000);
}

static void a_drain_without_end_is_cut_short(void **state)
{
	static const struct process p = { .name = "stuck", .open = open_room, .drain = drain_never, .close = close_room };
	pid_t pid = start(&p, NULL);

	(void)state;
	wait_for("READY=1");
	kill(pid, SIGTERM);
	assert_int_equal(finish(pid), 0);
	expect_output("drain_late");
}

static int open_refuses(const struct conf *c, struct loop *loop, int argc, char **argv, void **out, char **why)
{
	(void)c, (void)loop, (void)argc, (void)argv, (void)out;
	*why = mem_text("The port 8355 is taken.");
	return -EADDRINUSE;
}

static void a_door_that_does_not_open_ends_it_with_a_sentence(void **state)
{
	static const struct process p = { .name = "shut", .open = open_refuses, .close = close_room };

	(void)state;
	assert_int_equal(run(&p, NULL), 1);
	expect_output("The port 8355 is taken.\n");
	assert_false(exists("run/shut.ready"));
}

static const struct proc_option desk_options[] = { { "--desk", "KIND", "The desk it screens for." },
	                                           { "--fast", NULL, "Quickly." },
	                                           { NULL, NULL, NULL } };

static int open_desk(const struct conf *c, struct loop *loop, int argc, char **argv, void **out, char **why)
{
	const char *desk = proc_value(argc, argv, "--desk");

	probe(desk && strcmp(desk, "legal") == 0, "--desk was not handed on");
	probe(proc_flag(argc, argv, "--fast"), "--fast was not handed on");
	probe(!proc_value(argc, argv, "--data"), "--data was handed on");
	proc_name(desk ? desk : "");
	return open_room(c, loop, argc, argv, out, why);
}

static void a_room_gets_its_own_options_and_its_own_name(void **state)
{
	static const struct process p = { .name = "worker", .options = desk_options, .open = open_desk, .close = close_room };
	pid_t pid = start(&p, (const char *[]){ "--desk=legal", "--fast", NULL });

	(void)state;
	wait_for("READY=1");
	assert_true(exists("run/worker.legal.ready"));
	kill(pid, SIGTERM);
	assert_int_equal(finish(pid), 0);
	pid = start(&p, (const char *[]){ "--fast", "--desk", "psych", "--desk", "legal", NULL });
	wait_for("READY=1");
	kill(pid, SIGTERM);
	assert_int_equal(finish(pid), 0);
}

static void a_bad_option_gets_one_sentence_and_status_two(void **state)
{
	static const struct process p = { .name = "worker", .options = desk_options, .open = open_and_stop,
		                          .close = close_room };
	static const struct {
		const char *option, *more, *sentence;
	} rows[] = {
		{ "--colour", NULL, "there is no option --colour" },
		{ "psych", NULL, "there is no option psych" },
		{ "--desk", NULL, "--desk needs a value" },
		{ "--desk=", NULL, "--desk needs a value" },
		{ "--desk", "--fast", "--desk needs a value" },
		{ "--fast=1", NULL, "--fast takes no value" },
		{ "--demo=1", NULL, "--demo takes no value" },
		{ "--config", NULL, "--config needs a value" },
		{ "--config", "/no/such/file", "/no/such/file" },
		{ "--portal", "8355", "--portal must be ADDRESS:PORT" },
		{ "--console", "127.0.0.1:0", "--console must be ADDRESS:PORT" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_int_equal(run(&p, (const char *[]){ rows[i].option, rows[i].more, NULL }), 2);
		expect_output(rows[i].sentence);
		assert_ptr_equal(strchr(output, '\n'), output + strlen(output) - 1);
	}
	assert_int_equal(run(&p, (const char *[]){ "--demo", "--portal", "0.0.0.0:8355", NULL }), 2);
	expect_output("--no-demo");
	assert_int_equal(run(&p, (const char *[]){ "--demo", "--no-demo", "--portal", "0.0.0.0:8355", NULL }), 0);
}

static void check_says_whether_the_configuration_is_fine(void **state)
{
	char *file = in_dir("site.conf");

	(void)state;
	put_file("site.conf", "duty_desk = \"legal\";\n");
	assert_int_equal(run(&plain, (const char *[]){ "--check", "--config", file, NULL }), 0);
	assert_string_equal(output, "The configuration is fine.\n");
	put_file("site.conf", "\nduty_desk = 7;\n");
	assert_int_equal(run(&plain, (const char *[]){ "--check", "--config", file, NULL }), 2);
	expect_output("line 2: duty_desk must be");
	mem_free(&file);
}

static void printing_options_print_and_end(void **state)
{
	static const char *const binds[] = { "bus intake", "http portal", NULL };
	static const struct process p = { .name = "worker", .options = desk_options, .binds = binds,
		                          .store = PROC_STORE_READ, .files = 64,
		                          .open = open_refuses };

	(void)state;
	assert_int_equal(run(&p, (const char *[]){ "--explain", NULL }), 0);
	expect_output("binds    bus intake, http portal\n");
	expect_output("connects nothing\n");
	expect_output("store    read only\n");
	expect_output("keys     nothing\n");
	assert_int_equal(run(&p, (const char *[]){ "--help", NULL }), 0);
	expect_output("--desk KIND");
	expect_output("--config FILE");
	assert_int_equal(run(&p, (const char *[]){ "--version", NULL }), 0);
	expect_output("worker ");
	assert_int_equal(run(&p, (const char *[]){ "--summary", "--portal", "off", NULL }), 0);
	expect_output("portal=off\n");
	assert_int_equal(run(&p, (const char *[]){ "--sample", NULL }), 0);
	expect_output("duty_desk = ");
	assert_int_equal(run(&p, (const char *[]){ "--reference", NULL }), 0);
	expect_output("| key |");
}

static int found(const struct conf *c, int argc, char **argv)
{
	probe(c->demo, "the task does not know of --demo");
	probe(proc_flag(argc, argv, "--found"), "the task does not see its option");
	return 7;
}

static void a_task_runs_instead_of_the_service(void **state)
{
	static const struct process p = { .name = "web", .task_option = "--found", .task = found, .open = open_refuses };

	(void)state;
	assert_int_equal(run(&p, (const char *[]){ "--found", "--demo", NULL }), 7);
}

static int open_counting(const struct conf *c, struct loop *loop, int argc, char **argv, void **out, char **why)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	for (int i = 0; i <= 2; i++)
		probe(fcntl(i, F_GETFD) >= 0, "a standard descriptor is closed");
	probe(fd > 2, "a file was opened as standard descriptor");
	return open_and_stop(c, loop, argc, argv, out, why);
}

static void closed_standard_descriptors_are_filled_before_anything_opens(void **state)
{
	static const struct process p = { .name = "bare", .open = open_counting, .close = close_room };
	char *argv[] = { (char[]){ "bare" }, (char[]){ "--data" }, dir, NULL };
	int status = -1;
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		for (int i = 0; i <= 2; i++)
			close(i);
		status = proc_main(&p, 3, argv);
		_exit(probe_failed ? PROBE_FAILED : status);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	while (recv(hear, (char[64]){ 0 }, 64, MSG_DONTWAIT) > 0)
		;
}

static void a_data_directory_that_cannot_be_made_is_named(void **state)
{
	char *argv[] = { (char[]){ "plain" }, (char[]){ "--data" }, in_dir("file/data"), NULL }, *out = in_dir("output");
	pid_t pid;

	(void)state;
	put_file("file", "not a folder");
	pid = fork();
	if (pid == 0) {
		int fd = open(out, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

		dup2(fd, 2);
		_exit(proc_main(&plain, 3, argv));
	}
	assert_int_equal(finish(pid), 1);
	expect_output("file/data cannot be made: Not a directory.");
	mem_free(&argv[2]);
	mem_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_process_says_it_is_ready_and_leaves_clean_on_term),
		cmocka_unit_test(interrupt_ends_it_as_term_does),
		cmocka_unit_test(an_interrupt_its_starter_ignores_is_ignored),
		cmocka_unit_test(hup_usr_and_pipe_do_no_harm),
		cmocka_unit_test(what_it_holds_is_drained_before_it_closes),
		cmocka_unit_test(a_drain_without_end_is_cut_short),
		cmocka_unit_test(a_door_that_does_not_open_ends_it_with_a_sentence),
		cmocka_unit_test(a_room_gets_its_own_options_and_its_own_name),
		cmocka_unit_test(a_bad_option_gets_one_sentence_and_status_two),
		cmocka_unit_test(check_says_whether_the_configuration_is_fine),
		cmocka_unit_test(printing_options_print_and_end),
		cmocka_unit_test(a_task_runs_instead_of_the_service),
		cmocka_unit_test(closed_standard_descriptors_are_filled_before_anything_opens),
		cmocka_unit_test(a_data_directory_that_cannot_be_made_is_named),
	};

	return cmocka_run_group_tests(tests, make_place, drop_place);
}
