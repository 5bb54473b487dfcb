/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules of the socket door: bounded messages, sends that never block and never vanish, and ipc paths. Each test has a
 * directory and a ZeroMQ context of its own. CURVE is in test_sock_curve.c.
 */
#include "loop.h"
#include "mem.h"
#include "sock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

struct place {
	char dir[32];
	char endpoint[64];
	const char *path; /* in endpoint */
};

static int set_up(void **state)
{
	struct place *p = mem_new(sizeof(*p));

	strcpy(p->dir, "/tmp/qt-sock-XXXXXX");
	assert_non_null(mkdtemp(p->dir));
	snprintf(p->endpoint, sizeof(p->endpoint), "ipc://%s/s", p->dir);
	p->path = p->endpoint + 6;
	*state = p;
	return 0;
}

static int tear_down(void **state)
{
	struct place *p = *state;
	char command[64];

	sock_end();
	snprintf(command, sizeof(command), "rm -rf %s", p->dir);
	assert_int_equal(system(command), 0);
	mem_free(&p);
	return 0;
}

static void on_ready(void *ctx)
{
	(void)ctx;
}

/* Sleeps until the socket may have something (main's alarm ends what never comes). */
static void wait_for(struct sock *s)
{
	struct loop *loop = loop_new();

	loop_sock(loop, s, on_ready, NULL);
	assert_int_equal(loop_turn(loop, 1000), 0);
	loop_free(&loop);
}

static int receive(struct sock *s, struct msg *m)
{
	int rc;

	while ((rc = sock_receive(s, m)) == SOCK_EMPTY)
		wait_for(s);
	return rc;
}

static enum sock_news_kind news(struct sock *s)
{
	enum sock_news_kind n;

	while ((n = sock_news_next(s)) == SOCK_NEWS_NONE)
		wait_for(sock_news(s));
	return n;
}

static void pair(const struct place *p, struct sock **router, struct sock **dealer)
{
	assert_int_equal(sock_bind(SOCK_ROUTER, p->endpoint, NULL, router), 0);
	assert_int_equal(sock_connect_once(p->endpoint, NULL, dealer), 0);
	assert_int_equal(news(*dealer), SOCK_NEWS_UP);
}

static void send_text(struct sock *s, const char *text)
{
	struct msg m = { 0 };

	msg_add_text(&m, text);
	assert_int_equal(sock_send(s, &m), 0);
	assert_int_equal(m.count, 0);
}

static void add_zeroes(struct msg *m, size_t n)
{
	msg_take(m, mem_new(n), n);
}

static void a_message_comes_as_it_went(void **state)
{
	struct sock *router, *dealer;
	struct msg m = { 0 }, copy = { 0 };

	pair(*state, &router, &dealer);
	msg_add(&m, "a\0b", 3);
	msg_add(&m, "", 0);
	add_zeroes(&m, SOCK_FRAME_BYTES_MAX);
	while (m.count < SOCK_FRAMES_MAX)
		msg_add_text(&m, "x");
	msg_copy(&copy, &m);
	assert_int_equal(sock_send(dealer, &m), 0);
	assert_int_equal(receive(router, &m), 0);
	assert_int_equal(m.count, 1 + SOCK_FRAMES_MAX);
	for (size_t i = 0; i < copy.count; i++) {
		assert_int_equal(m.frame[1 + i].bytes, copy.frame[i].bytes);
		assert_memory_equal(m.frame[1 + i].data, copy.frame[i].data, copy.frame[i].bytes);
		assert_int_equal(m.frame[1 + i].data[m.frame[1 + i].bytes], 0);
	}
	assert_true(msg_is(&m, 4, "x") && !msg_is(&m, 4, "xy") && !msg_is(&m, 99, "x"));
	assert_int_equal(sock_send(router, &m), 0);
	assert_int_equal(receive(dealer, &m), 0);
	assert_int_equal(m.count, SOCK_FRAMES_MAX);
	assert_int_equal(sock_receive(dealer, &m), SOCK_EMPTY);
	assert_int_equal(m.count, 0);
	msg_clear(&copy);
	sock_close(&dealer);
	sock_close(&router);
}

static void an_oversize_message_is_dropped_whole_and_its_sender_is_known(void **state)
{
	struct sock *router, *dealer;
	struct msg m = { 0 };

	pair(*state, &router, &dealer);
	for (size_t i = 0; i < SOCK_FRAMES_MAX + 1; i++)
		msg_add(&m, "", 0);
	assert_int_equal(sock_send(dealer, &m), 0);
	for (size_t i = 0; i < SOCK_MESSAGE_BYTES_MAX / SOCK_FRAME_BYTES_MAX; i++)
		add_zeroes(&m, SOCK_FRAME_BYTES_MAX);
	msg_add(&m, "1", 1);
	assert_int_equal(sock_send(dealer, &m), 0);
	send_text(dealer, "next");
	for (int i = 0; i < 2; i++) {
		assert_int_equal(receive(router, &m), SOCK_OVERSIZE);
		assert_int_equal(m.count, 1);
		msg_add_text(&m, "too much");
		assert_int_equal(sock_send(router, &m), 0);
		assert_int_equal(receive(dealer, &m), 0);
		assert_true(m.count == 1 && msg_is(&m, 0, "too much"));
	}
	assert_int_equal(receive(router, &m), 0);
	assert_true(m.count == 2 && msg_is(&m, 1, "next"));
	msg_clear(&m);
	sock_close(&dealer);
	sock_close(&router);
}

static void a_frame_over_the_limit_ends_the_connection_of_its_sender_only(void **state)
{
	struct place *p = *state;
	struct sock *router, *dealer, *other;
	struct msg m = { 0 };

	pair(p, &router, &dealer);
	assert_int_equal(sock_connect_once(p->endpoint, NULL, &other), 0);
	assert_int_equal(news(other), SOCK_NEWS_UP);
	add_zeroes(&m, SOCK_FRAME_BYTES_MAX + 1);
	assert_int_equal(sock_send(dealer, &m), 0);
	assert_int_equal(news(dealer), SOCK_NEWS_DOWN);
	send_text(other, "still here");
	assert_int_equal(receive(router, &m), 0);
	assert_true(msg_is(&m, 1, "still here"));
	msg_clear(&m);
	sock_close(&other);
	sock_close(&dealer);
	sock_close(&router);
}

static void a_peer_that_is_gone_is_told_not_swallowed(void **state)
{
	struct sock *router, *dealer;
	struct msg m = { 0 };
	int rc;

	pair(*state, &router, &dealer);
	msg_add_text(&m, "nobody");
	msg_add_text(&m, "words");
	assert_int_equal(sock_send(router, &m), SOCK_GONE);
	assert_true(m.count == 2 && msg_is(&m, 1, "words"));
	send_text(dealer, "hello");
	assert_int_equal(receive(router, &m), 0);
	sock_close(&dealer);
	/* The router's end learns of it in its own time; until then a send is accepted. */
	do {
		struct msg again = { 0 };

		msg_copy(&again, &m);
		rc = sock_send(router, &again);
		msg_clear(&again);
		usleep(1000);
	} while (!rc);
	assert_int_equal(rc, SOCK_GONE);
	msg_clear(&m);
	sock_close(&router);
}

static void a_peer_that_does_not_read_is_full_and_loses_nothing_accepted(void **state)
{
	struct sock *router, *dealer;
	struct msg m = { 0 }, next = { 0 };
	size_t sent = 0;
	int rc;

	pair(*state, &router, &dealer);
	send_text(dealer, "hello");
	assert_int_equal(receive(router, &m), 0);
	msg_clear(&next);
	for (;;) {
		msg_add(&next, m.frame[0].data, m.frame[0].bytes);
		msg_add(&next, &sent, sizeof(sent));
		add_zeroes(&next, 16384);
		rc = sock_send(router, &next);
		if (rc)
			break;
		sent++;
	}
	assert_int_equal(rc, SOCK_FULL);
	assert_int_equal(next.count, 3);
	for (size_t i = 0; i < sent; i++) {
		assert_int_equal(receive(dealer, &m), 0);
		assert_memory_equal(m.frame[0].data, &i, sizeof(i));
	}
	while (sock_send(router, &next) == SOCK_FULL)
		usleep(1000);
	assert_int_equal(receive(dealer, &m), 0);
	assert_memory_equal(m.frame[0].data, &sent, sizeof(sent));
	msg_clear(&m);
	sock_close(&dealer);
	sock_close(&router);
}

static void a_send_without_a_connection_does_not_block(void **state)
{
	struct place *p = *state;
	struct sock *dealer, *router;
	struct msg m = { 0 };

	assert_int_equal(sock_connect(SOCK_DEALER, p->endpoint, NULL, &dealer), 0);
	msg_add_text(&m, "early");
	assert_int_equal(sock_send(dealer, &m), SOCK_FULL);
	assert_int_equal(m.count, 1);
	/* It connects by itself once somebody is there. */
	assert_int_equal(sock_bind(SOCK_ROUTER, p->endpoint, NULL, &router), 0);
	while (sock_send(dealer, &m) == SOCK_FULL)
		usleep(1000);
	assert_int_equal(receive(router, &m), 0);
	assert_true(msg_is(&m, 1, "early"));
	msg_clear(&m);
	assert_int_equal(sock_send(dealer, &m), -EINVAL);
	msg_add_text(&m, "only an address");
	assert_int_equal(sock_send(router, &m), -EINVAL);
	msg_clear(&m);
	sock_close(&dealer);
	sock_close(&router);
}

static void a_socket_of_one_connection_tells_when_it_is_over_and_has_no_other(void **state)
{
	struct place *p = *state;
	struct sock *router, *dealer, *early, *other;
	struct msg m = { 0 };

	assert_int_equal(sock_connect_once(p->endpoint, NULL, &early), 0);
	assert_int_equal(news(early), SOCK_NEWS_DOWN);
	pair(p, &router, &dealer);
	sock_close(&router);
	assert_int_equal(news(dealer), SOCK_NEWS_DOWN);
	/* Another router at the same place is not reached by it: what it still accepts is lost with it. */
	assert_int_equal(sock_bind(SOCK_ROUTER, p->endpoint, NULL, &router), 0);
	msg_add_text(&m, "question");
	(void)!sock_send(dealer, &m);
	assert_int_equal(sock_connect_once(p->endpoint, NULL, &other), 0);
	assert_int_equal(news(other), SOCK_NEWS_UP);
	send_text(other, "other");
	assert_int_equal(receive(router, &m), 0);
	assert_true(msg_is(&m, 1, "other"));
	assert_int_equal(sock_news_next(early), SOCK_NEWS_NONE);
	msg_clear(&m);
	sock_close(&other);
	sock_abandon(&early);
	sock_abandon(&dealer);
	sock_close(&router);
}

static void a_hint_reaches_those_who_asked_for_its_topic(void **state)
{
	struct place *p = *state;
	struct sock *pub, *sub;
	struct msg m = { 0 };

	assert_int_equal(sock_bind(SOCK_PUB, p->endpoint, NULL, &pub), 0);
	assert_int_equal(sock_connect(SOCK_SUB, p->endpoint, NULL, &sub), 0);
	assert_int_equal(sock_subscribe(sub, "staff"), 0);
	while (sock_receive(sub, &m) == SOCK_EMPTY) {
		send_text(pub, "case/1");
		send_text(pub, "staff");
		usleep(1000);
	}
	assert_true(m.count == 1 && msg_is(&m, 0, "staff"));
	msg_clear(&m);
	sock_close(&sub);
	sock_close(&pub);
}

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
	strcpy(address.sun_path, p->path);
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

static void what_is_still_open_at_the_end_may_be_closed_after_it(void **state)
{
	struct sock *router, *dealer;

	pair(*state, &router, &dealer);
	send_text(dealer, "unread");
	sock_end();
	sock_end();
	sock_close(&dealer);
	sock_abandon(&router);
	sock_close(&router);
	/* And the door opens again. */
	pair(*state, &router, &dealer);
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
	strcpy(address.sun_path, path);
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
		T(a_message_comes_as_it_went),
		T(an_oversize_message_is_dropped_whole_and_its_sender_is_known),
		T(a_frame_over_the_limit_ends_the_connection_of_its_sender_only),
		T(a_peer_that_is_gone_is_told_not_swallowed),
		T(a_peer_that_does_not_read_is_full_and_loses_nothing_accepted),
		T(a_send_without_a_connection_does_not_block),
		T(a_socket_of_one_connection_tells_when_it_is_over_and_has_no_other),
		T(a_hint_reaches_those_who_asked_for_its_topic),
		T(only_ipc_is_opened_without_curve),
		T(a_directory_that_others_can_write_or_enter_is_refused),
		T(a_directory_of_another_user_is_refused),
		T(only_a_dead_socket_is_replaced),
		T(a_path_has_one_owner_at_a_time),
		T(a_socket_is_for_its_owner_and_for_the_group_that_may_enter),
		T(a_crowd_is_hung_up_on_and_does_not_end_the_process),
		T(what_is_still_open_at_the_end_may_be_closed_after_it),
#undef T
	};

	alarm(50);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
