/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules of what a process gives up before it answers anybody: dumps, privileges, other processes' keys, the store, the
 * network. Where the kernel has no Landlock, and in sanitizer builds, the tests of it are left out.
 */
#include "proc_child.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

static int open_limits(const struct conf *c, struct loop *loop, int argc, char **argv, void **out, char **why)
{
	struct rlimit r;

	probe(getrlimit(RLIMIT_CORE, &r) == 0 && r.rlim_max == 0, "a core dump is possible while keys are read");
	probe(getrlimit(RLIMIT_NOFILE, &r) == 0 && r.rlim_cur == 77, "the number of descriptors is not as declared");
	probe(SANITIZED || prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0, "it can be traced and dumped");
	probe(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1, "exec may still give privileges");
	return open_and_stop(c, loop, argc, argv, out, why);
}

static void it_cannot_dump_be_traced_or_gain_privileges(void **state)
{
	static const struct process p = { .name = "limited", .files = 77, .open = open_limits, .close = close_room };

	(void)state;
	assert_int_equal(run(&p, NULL), 0);
}

/* ---- Landlock */

static bool can_read(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static bool can_read_in(const char *name)
{
	char *path = in_dir(name);
	bool can = can_read(path);

	mem_free(&path);
	return can;
}

static bool can_make_in(const char *name)
{
	char *path = in_dir(name);
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	if (fd >= 0)
		close(fd);
	unlink(path);
	mem_free(&path);
	return fd >= 0;
}

static void *thread_looks(void *ctx)
{
	*(bool *)ctx = can_read("/etc/passwd") || can_make_in("keys/thread");
	return NULL;
}

static void look_after_open(void *ctx)
{
	(void)ctx;
	probe(!can_read_in("keys/public"), "a key file can be read after open");
	probe(!can_read("/etc/passwd"), "/etc/passwd can be read");
	probe(!can_make_in("x"), "a file can be made in the data directory");
	probe(!can_make_in("keys/x"), "a key file can be made");
	probe(can_make_in("run/x"), "run/ cannot be used");
	loop_stop(the_loop);
}

static int open_keys(const struct conf *c, struct loop *loop, int argc, char **argv, void **out, char **why)
{
	pthread_t thread;
	bool reached = false;

	probe(can_read_in("keys/public"), "its key file cannot be read in open");
	probe(can_read_in("keys/worker.legal"), "its key file with a suffix cannot be read in open");
	probe(!can_read_in("keys/row"), "another's key file can be read");
	probe(!can_read("/etc/passwd"), "/etc/passwd can be read in open");
	probe(pthread_create(&thread, NULL, thread_looks, &reached) == 0 && pthread_join(thread, NULL) == 0 && !reached,
	      "a thread made in open reaches more");
	loop_after(loop, 0, look_after_open, NULL);
	return open_room(c, loop, argc, argv, out, why);
}

static void make_data(void)
{
	static const char *const folders[] = { "keys", "db" };

	for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
		char *path = in_dir(folders[i]);

		assert_true(mkdir(path, 0700) == 0 || errno == EEXIST);
		mem_free(&path);
	}
	put_file("keys/public", "x");
	put_file("keys/worker.legal", "x");
	put_file("keys/row", "x");
	put_file("db/qingting.db", "x");
	put_file("db/qingting.db-shm", "x");
}

static void a_process_reads_its_own_keys_while_it_starts_and_never_again(void **state)
{
	static const char *const keys[] = { "public", "worker", NULL };
	static const struct process p = { .name = "keyed", .keys = keys, .open = open_keys, .close = close_room };

	(void)state;
	make_data();
	if (run(&p, NULL) != 0)
		fail_msg("%s", output);
}

static const char *store_wanted;

static void look_at_store(void *ctx)
{
	bool read = can_read_in("db/qingting.db"), write = can_make_in("db/new");

	(void)ctx;
	probe(read == (store_wanted[0] == 'r'), "reading the store is not as declared");
	probe(write == (store_wanted[1] == 'w'), "writing the store is not as declared");
	loop_stop(the_loop);
}

static int open_store(const struct conf *c, struct loop *loop, int argc, char **argv, void **out, char **why)
{
	loop_after(loop, 0, look_at_store, NULL);
	return open_room(c, loop, argc, argv, out, why);
}

static void the_store_is_open_to_a_process_exactly_as_declared(void **state)
{
	static const char *const wanted[] = { [PROC_STORE_NONE] = "--", [PROC_STORE_READ] = "r-", [PROC_STORE_WRITE] = "rw" };

	(void)state;
	make_data();
	for (enum proc_store s = PROC_STORE_NONE; s <= PROC_STORE_WRITE; s++) {
		struct process p = { .name = "storer", .store = s, .open = open_store, .close = close_room };

		store_wanted = wanted[s];
		if (run(&p, NULL) != 0)
			fail_msg("store access %d: %s", (int)s, output);
	}
}

static void look_at_network(void *ctx)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)ctx;
	probe(bind(fd, (struct sockaddr *)&at, sizeof(at)) != 0 && errno == EACCES, "a new listening socket can be made");
	at.sin_port = htons(9);
	probe(connect(fd, (struct sockaddr *)&at, sizeof(at)) != 0 && errno == EACCES, "a TCP connection can be made");
	close(fd);
	loop_stop(the_loop);
}

static int open_network(const struct conf *c, struct loop *loop, int argc, char **argv, void **out, char **why)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	probe(bind(fd, (struct sockaddr *)&at, sizeof(at)) == 0, "a door cannot be opened in open");
	loop_after(loop, 0, look_at_network, NULL);
	return open_room(c, loop, argc, argv, out, why);
}

static void without_tcp_in_the_configuration_nobody_is_called_up(void **state)
{
	static const struct process p = { .name = "caller", .open = open_network, .close = close_room };

	(void)state;
	if (run(&p, NULL) != 0)
		fail_msg("%s", output);
}

/* The tests stand in the order of the kernel's abilities: none, paths (version 1), TCP (version 4). */
static size_t tests_possible(void)
{
	long version = SANITIZED ? 0 : syscall(444, NULL, 0, 1);

	if (version < 4)
		printf("# Landlock of version 4 is not here: some tests are left out\n");
	return version < 1 ? 1 : version < 4 ? 3 : 4;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_cannot_dump_be_traced_or_gain_privileges),
		cmocka_unit_test(a_process_reads_its_own_keys_while_it_starts_and_never_again),
		cmocka_unit_test(the_store_is_open_to_a_process_exactly_as_declared),
		cmocka_unit_test(without_tcp_in_the_configuration_nobody_is_called_up),
	};

	return _cmocka_run_group_tests("tests", tests, tests_possible(), make_place, drop_place);
}
