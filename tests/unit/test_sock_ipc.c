/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a socket may be opened, and who may come in: ipc in a directory nobody else can write, one owner a path, and a crowd
 * at the door that takes every descriptor.
 */
#include "sock_kit.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

static void assert_refused(const char *endpoint, bool bind_too, const char *because)
{
	struct sock *s = NULL;

	if (bind_too) {
		assert_int_equal(sock_bind(SOCK_ROUTER, endpoint, NULL, &s), SOCK_BAD_ADDRESS);
		assert_non_null(strstr(sock_refusal(), because));
	}
	assert_int_equal(sock_connect(SOCK_DEALER, endpoint, NULL, &s), SOCK_BAD_ADDRESS);
	assert_non_null(strstr(sock_refusal(), because));
	assert_int_equal(sock_connect_once(endpoint, NULL, &s), SOCK_BAD_ADDRESS);
	assert_null(s);
}

static void only_ipc_is_opened_without_curve(void **state)
{
	char long_path[400] = "ipc:///tmp/";

	(void)state;
	assert_refused("tcp://127.0.0.1:5555", true, "tcp without CURVE");
	assert_refused("tcp://[::1]:*", true, "tcp without CURVE");
	assert_refused("inproc://x", true, "neither");
	assert_refused("pgm://eth0;239.0.0.1:1", true, "neither");
	assert_refused("", true, "neither");
	assert_refused("/tmp/x", true, "neither");
	assert_refused("IPC:///tmp/x", true, "neither");
	assert_refused("ipc://", true, "absolute");
	assert_refused("ipc://*", true, "absolute");
	assert_refused("ipc://@abstract", true, "absolute");
	assert_refused("ipc://relative/s", true, "absolute");
	assert_refused("ipc:///tmp/", true, "absolute");
	memset(long_path + 11, 'a', 101);
	assert_refused(long_path, true, "mode"); /* 106 bytes are not too long; /tmp is open to all */
	memset(long_path + 11, 'a', 102);
	assert_refused(long_path, true, "too long");
	memset(long_path + 11, 'a', 300);
	assert_refused(long_path, true, "too long");
}

static void a_directory_that_others_can_write_or_enter_is_refused(void **state)
{
	struct place *p = *state;
	struct sock *s = NULL;
	AUTO(mem_free) char *link_name = mem_format("%s/link", p->dir);
	AUTO(mem_free) char *through = mem_format("ipc://%s/link/s", p->dir);
	AUTO(mem_free) char *missing = mem_format("ipc://%s/none/s", p->dir);

	for (mode_t mode = 0700; mode <= 0777; mode++) {
		bool tight = !(mode & 0027);

		assert_int_equal(chmod(p->dir, mode), 0);
		if (!tight) {
			assert_refused(p->endpoint, true, "0750 or tighter");
			continue;
		}
		assert_int_equal(sock_bind(SOCK_ROUTER, p->endpoint, NULL, &s), 0);
		sock_close(&s);
	}
	assert_int_equal(chmod(p->dir, 0700), 0);
	assert_refused(missing, true, "must exist");
	assert_int_equal(symlink(p->dir, link_name), 0);
	assert_refused(through, true, "symlink");
}

static void a_directory_of_another_user_is_refused(void **state)
{
	struct place *p = *state;
	struct sock *s = NULL;

	if (geteuid() != 0)
		skip();
	assert_int_equal(chown(p->dir, 65534, 65534), 0);
	assert_int_equal(sock_bind(SOCK_ROUTER, p->endpoint, NULL, &s), SOCK_BAD_ADDRESS);
	assert_non_null(strstr(sock_refusal(), "another user"));
	/* A client may be another user than the router, but the socket must be of the directory's owner. */
	assert_int_equal(sock_connect(SOCK_DEALER, p->endpoint, NULL, &s), 0);
	sock_abandon(&s);
	assert_int_equal(chown(p->dir, 0, 0), 0);
	assert_int_equal(sock_bind(SOCK_ROUTER, p->endpoint, NULL, &s), 0);
	assert_int_equal(chown(p->dir, 65534, 65534), 0);
	assert_refused(p->endpoint, false, "owner of its directory");
	sock_close(&s);
}

static void only_a_dead_socket_is_replaced(void **state)
{
	struct place *p = *state;
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct sock *s = NULL;
	AUTO(mem_free) char *lock = mem_format("%s.lock", p->path);
	int fd;

	fd = open(p->path, O_CREAT | O_WRONLY, 0600);
	assert_true(fd >= 0 && !close(fd));
	assert_refused(p->endpoint, true, "not a socket");
	assert_int_equal(unlink(p->path), 0);
	assert_int_equal(symlink("/nowhere", p->path), 0);
	assert_refused(p->endpoint, true, "symlink");
	assert_int_equal(unlink(p->path), 0);
	assert_int_equal(mkdir(p->path, 0700), 0);
	assert_refused(p->endpoint, true, "not a socket");
	assert_int_equal(rmdir(p->path), 0);
	/* What a process leaves behind that was killed. */
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", p->path);
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	close(fd);
	assert_int_equal(sock_bind(SOCK_ROUTER, p->endpoint, NULL, &s), 0);
	sock_close(&s);
	assert_int_equal(unlink(lock), 0);
	assert_int_equal(symlink("/nowhere", lock), 0);
	assert_int_equal(sock_bind(SOCK_ROUTER, p->endpoint, NULL, &s), SOCK_BAD_ADDRESS);
	assert_non_null(strstr(sock_refusal(), "lock file"));
}

static void a_path_has_one_owner_at_a_time(void **state)
{
	struct place *p = *state;
	struct sock *first = NULL, *second = NULL, *client = NULL;
	struct msg m = { 0 };

	for (int round = 0; round < 5; round++) {
		assert_int_equal(sock_bind(SOCK_ROUTER, p->endpoint, NULL, &first), 0);
		assert_int_equal(sock_bind(SOCK_ROUTER, p->endpoint, NULL, &second), SOCK_ADDRESS_TAKEN);
		assert_non_null(strstr(sock_refusal(), "another process"));
		assert_null(second);
		/* The refused one did not disturb the first, nor does a closed one the next. */
		assert_int_equal(sock_connect_once(p->endpoint, NULL, &client), 0);
		assert_int_equal(news(client), SOCK_NEWS_UP);
		send_text(client, "hello");
		assert_int_equal(receive(first, &m), 0);
		sock_close(&client);
		sock_close(&first);
		assert_int_not_equal(access(p->path, F_OK), 0);
	}
	msg_clear(&m);
}

static mode_t mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(lstat(path, &st), 0);
	assert_true(S_ISSOCK(st.st_mode));
	return st.st_mode & 07777;
}

static void a_socket_is_for_its_owner_and_for_the_group_that_may_enter(void **state)
{
	struct place *p = *state;
	mode_t before = umask(0);
	struct sock *s = NULL;

	assert_int_equal(sock_bind(SOCK_ROUTER, p->endpoint, NULL, &s), 0);
	assert_int_equal(mode_of(p->path), 0600);
	sock_close(&s);
	assert_int_equal(chmod(p->dir, 0750), 0);
	assert_int_equal(sock_bind(SOCK_ROUTER, p->endpoint, NULL, &s), 0);
	assert_int_equal(mode_of(p->path), 0660);
	sock_close(&s);
	assert_int_equal(umask(before), 0);
}

/* Connects until the other side hangs up on one of us; says so, and waits to be told to end. */
static void crowd(const char *path, int from, int to)
{
	enum { CALLERS = 200 };
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct pollfd callers[CALLERS];
	bool hung_up = false;
	char byte;

	alarm(40);
	if (read(from, &byte, 1) != 1)
		_exit(1);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	for (int i = 0; i < CALLERS; i++) {
		callers[i] = (struct pollfd){ .fd = socket(AF_UNIX, SOCK_STREAM, 0), .events = POLLRDHUP };
		if (connect(callers[i].fd, (struct sockaddr *)&address, sizeof(address)))
			_exit(2);
	}
	while (!hung_up) {
		if (poll(callers, CALLERS, 1000) < 0)
			_exit(3);
		for (int i = 0; i < CALLERS; i++)
			hung_up = hung_up || (callers[i].revents & (POLLHUP | POLLRDHUP));
	}
	if (write(to, "x", 1) != 1 || read(from, &byte, 1) != 1)
		_exit(4);
	_exit(0);
}

static void a_crowd_is_hung_up_on_and_does_not_end_the_process(void **state)
{
	struct place *p = *state;
	struct sock *router, *dealer, *other;
	struct rlimit before, few;
	int down[2], up[2], status = -1;
	struct msg m = { 0 };
	char byte;
	pid_t pid;

	assert_int_equal(pipe(down) | pipe(up), 0);
	pid = fork();
	if (!pid)
		crowd(p->path, down[0], up[1]);
	assert_true(pid > 0);
	pair(p, &router, &dealer);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	few = before;
	few.rlim_cur = 64;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	assert_int_equal(write(down[1], "x", 1), 1);
	assert_int_equal(read(up[0], &byte, 1), 1);
	/* Who was there before is served on. */
	send_text(dealer, "still here");
	assert_int_equal(receive(router, &m), 0);
	assert_true(msg_is(&m, 1, "still here"));
	assert_int_equal(sock_send(router, &m), 0);
	assert_int_equal(receive(dealer, &m), 0);
	assert_int_equal(write(down[1], "x", 1), 1);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	/* And when the crowd has gone, others may come. */
	do
		assert_int_equal(sock_connect_once(p->endpoint, NULL, &other), 0);
	while (news(other) != SOCK_NEWS_UP && (sock_abandon(&other), true));
	msg_clear(&m);
	for (int i = 0; i < 2; i++) {
		close(down[i]);
		close(up[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		T(only_ipc_is_opened_without_curve),
		T(a_directory_that_others_can_write_or_enter_is_refused),
		T(a_directory_of_another_user_is_refused),
		T(only_a_dead_socket_is_replaced),
		T(a_path_has_one_owner_at_a_time),
		T(a_socket_is_for_its_owner_and_for_the_group_that_may_enter),
		T(a_crowd_is_hung_up_on_and_does_not_end_the_process),
#undef T
	};

	alarm(50);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
