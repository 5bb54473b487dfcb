/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CURVE and the ZAP handler: who is let in, who is refused, and that nothing opens on tcp while nobody decides. Each test has
 * a ZeroMQ context and a handler of its own; the table of keys is one key for one role.
 */
#include "loop.h"
#include "sock.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct sock_curve server, client;
static atomic_bool open_to_all, open_to_none;
static atomic_int asked;

static bool allow(const char *public_key, const char *domain, void *ctx)
{
	const char *role = ctx;

	atomic_fetch_add(&asked, 1);
	if (atomic_load(&open_to_all))
		return true;
	return !atomic_load(&open_to_none) && !strcmp(public_key, client.public_key) && !strcmp(domain, role);
}

static int set_up(void **state)
{
	(void)state;
	memset(&server, 0, sizeof(server));
	memset(&client, 0, sizeof(client));
	server.server = true;
	sock_curve_keypair(server.public_key, server.secret_key);
	sock_curve_keypair(client.public_key, client.secret_key);
	memcpy(client.server_key, server.public_key, sizeof(client.server_key));
	atomic_store(&open_to_all, false);
	atomic_store(&open_to_none, false);
	atomic_store(&asked, 0);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	sock_end();
	return 0;
}

static char role_of_client[] = "intake";

static void start_handler(bool provisioning)
{
	assert_int_equal(sock_zap_start(allow, role_of_client, provisioning), 0);
}

static void on_ready(void *ctx)
{
	(void)ctx;
}

static void wait_for(struct sock *s)
{
	struct loop *loop = loop_new();

	loop_sock(loop, s, on_ready, NULL);
	assert_int_equal(loop_turn(loop, 1000), 0);
	loop_free(&loop);
}

static enum sock_news_kind knock(const char *endpoint, const struct sock_curve *keys, struct sock **out)
{
	enum sock_news_kind n;

	assert_int_equal(sock_connect_once(endpoint, keys, out), 0);
	while ((n = sock_news_next(*out)) == SOCK_NEWS_NONE)
		wait_for(sock_news(*out));
	return n;
}

static struct sock *bind_role(const char *role)
{
	struct sock *s = NULL;

	assert_int_equal(sock_bind_role("tcp://127.0.0.1:*", role, &server, &s), 0);
	assert_null(strchr(sock_endpoint(s), '*'));
	return s;
}

static void nothing_is_served_on_tcp_while_no_handler_runs(void **state)
{
	struct sock *s = NULL;

	(void)state;
	assert_int_equal(sock_bind_role("tcp://127.0.0.1:*", "intake", &server, &s), -EPERM);
	assert_int_equal(sock_bind(SOCK_PUB, "tcp://127.0.0.1:*", &server, &s), -EPERM);
	assert_int_equal(sock_bind_role("tcp://127.0.0.1:*", "intake", NULL, &s), SOCK_BAD_ADDRESS);
	assert_int_equal(sock_curve_selftest("tcp://127.0.0.1:1", server.public_key), -EPERM);
	assert_null(s);
	start_handler(false);
	assert_int_equal(sock_zap_start(allow, role_of_client, false), -EALREADY);
	sock_end();
	assert_int_equal(sock_bind_role("tcp://127.0.0.1:*", "intake", &server, &s), -EPERM);
}

static void the_right_key_in_its_role_is_let_in(void **state)
{
	struct sock *router, *dealer;
	struct msg m = { 0 };

	(void)state;
	start_handler(false);
	router = bind_role("intake");
	assert_int_equal(knock(sock_endpoint(router), &client, &dealer), SOCK_NEWS_UP);
	msg_add_text(&m, "hello");
	assert_int_equal(sock_send(dealer, &m), 0);
	while (sock_receive(router, &m) == SOCK_EMPTY)
		wait_for(router);
	assert_true(msg_is(&m, 1, "hello"));
	assert_int_equal(sock_send(router, &m), 0);
	while (sock_receive(dealer, &m) == SOCK_EMPTY)
		wait_for(dealer);
	assert_true(msg_is(&m, 0, "hello"));
	msg_clear(&m);
	assert_int_equal(atomic_load(&asked), 1);
}

static void an_unknown_key_and_the_right_key_in_another_role_are_refused(void **state)
{
	struct sock_curve stranger;
	struct sock *intake, *web, *dealer;
	struct msg m = { 0 };

	(void)state;
	start_handler(false);
	intake = bind_role("intake");
	web = bind_role("web");
	stranger = client;
	sock_curve_keypair(stranger.public_key, stranger.secret_key);
	assert_int_equal(knock(sock_endpoint(intake), &stranger, &dealer), SOCK_NEWS_DOWN);
	assert_int_equal(atomic_load(&asked), 1);
	assert_int_equal(knock(sock_endpoint(web), &client, &dealer), SOCK_NEWS_DOWN);
	assert_int_equal(atomic_load(&asked), 2);
	assert_int_equal(sock_receive(web, &m), SOCK_EMPTY);
	assert_int_equal(knock(sock_endpoint(intake), &client, &dealer), SOCK_NEWS_UP);
}

static void who_has_no_curve_or_another_servers_key_never_reaches_the_handler(void **state)
{
	struct sock_curve misled = { 0 };
	char unused[41];
	struct sock *router, *dealer;

	(void)state;
	start_handler(false);
	router = bind_role("intake");
	misled = client;
	sock_curve_keypair(misled.server_key, unused);
	assert_int_equal(knock(sock_endpoint(router), &misled, &dealer), SOCK_NEWS_DOWN);
	assert_int_equal(atomic_load(&asked), 0);
	assert_int_equal(sock_connect_once(sock_endpoint(router), NULL, &dealer), SOCK_BAD_ADDRESS);
}

static void the_self_test_wants_the_handler_itself_to_refuse(void **state)
{
	struct sock *router, *other;
	char another[41], unused[41], everywhere[64];

	(void)state;
	start_handler(false);
	router = bind_role("intake");
	assert_int_equal(sock_curve_selftest(sock_endpoint(router), server.public_key), 0);
	assert_int_equal(sock_curve_selftest(sock_endpoint(router), server.public_key), 0);
	sock_curve_keypair(another, unused);
	assert_int_equal(sock_curve_selftest(sock_endpoint(router), another), -EPROTO);
	assert_int_equal(sock_bind_role("tcp://*:*", "web", &server, &other), 0);
	snprintf(everywhere, sizeof(everywhere), "tcp://*%s", strrchr(sock_endpoint(other), ':'));
	assert_int_equal(sock_curve_selftest(everywhere, server.public_key), 0);
	assert_int_equal(sock_curve_selftest(sock_endpoint(other), server.public_key), 0);
	atomic_store(&open_to_all, true);
	assert_int_equal(sock_curve_selftest(sock_endpoint(router), server.public_key), 1);
	assert_int_equal(sock_curve_selftest("nowhere", server.public_key), -EINVAL);
}

static void while_provisioning_a_refused_key_tries_again_by_itself(void **state)
{
	struct sock *router, *dealer;
	struct msg m = { 0 };

	(void)state;
	start_handler(true);
	router = bind_role("intake");
	atomic_store(&open_to_none, true);
	assert_int_equal(sock_connect(SOCK_DEALER, sock_endpoint(router), &client, &dealer), 0);
	while (atomic_load(&asked) < 1)
		usleep(1000);
	atomic_store(&open_to_none, false);
	msg_add_text(&m, "at last");
	while (sock_send(dealer, &m) == SOCK_FULL)
		usleep(1000);
	while (sock_receive(router, &m) == SOCK_EMPTY)
		wait_for(router);
	assert_true(msg_is(&m, 1, "at last"));
	msg_clear(&m);
	assert_int_equal(sock_curve_selftest(sock_endpoint(router), server.public_key), 0);
}

static void curve_on_ipc_asks_the_handler_too(void **state)
{
	char dir[] = "/tmp/qt-zap-XXXXXX", endpoint[64], lock[64];
	struct sock *router, *dealer;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(endpoint, sizeof(endpoint), "ipc://%s/s", dir);
	snprintf(lock, sizeof(lock), "%s/s.lock", dir);
	start_handler(false);
	assert_int_equal(sock_bind_role(endpoint, "web", &server, &router), 0);
	assert_int_equal(knock(endpoint, &client, &dealer), SOCK_NEWS_DOWN);
	assert_int_equal(atomic_load(&asked), 1);
	assert_int_equal(sock_curve_selftest(endpoint, server.public_key), 0);
	sock_close(&dealer);
	sock_close(&router);
	assert_int_equal(unlink(lock), 0);
	assert_int_equal(rmdir(dir), 0);
}

static void keys_that_are_no_keys_or_everybodys_are_refused(void **state)
{
	static const char *const bad[] = { "", "short", "0000000000000000000000000000000000000 00",
		                           "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs",
		                           "JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6" };
	struct sock_curve keys = server;
	struct sock *s = NULL;

	(void)state;
	start_handler(false);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		keys = server;
		snprintf(keys.secret_key, sizeof(keys.secret_key), "%s", bad[i]);
		assert_int_equal(sock_bind_role("tcp://127.0.0.1:*", "web", &keys, &s), SOCK_BAD_ADDRESS);
		assert_non_null(strstr(sock_refusal(), "CURVE key"));
		keys = client;
		snprintf(keys.secret_key, sizeof(keys.secret_key), "%s", bad[i]);
		assert_int_equal(sock_connect(SOCK_DEALER, "tcp://127.0.0.1:1", &keys, &s), SOCK_BAD_ADDRESS);
	}
	assert_int_equal(sock_connect(SOCK_DEALER, "tcp://127.0.0.1:1", &server, &s), SOCK_BAD_ADDRESS);
	assert_int_equal(sock_bind_role("tcp://127.0.0.1:*", "web", &client, &s), SOCK_BAD_ADDRESS);
	assert_int_equal(sock_bind_role("tcp://127.0.0.1:notaport", "web", &server, &s), SOCK_BAD_ADDRESS);
	assert_null(s);
}

static void a_tcp_port_has_one_owner(void **state)
{
	struct sock *first, *second = NULL;

	(void)state;
	start_handler(false);
	first = bind_role("intake");
	assert_int_equal(sock_bind_role(sock_endpoint(first), "intake", &server, &second), SOCK_ADDRESS_TAKEN);
	assert_null(second);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		T(nothing_is_served_on_tcp_while_no_handler_runs),
		T(the_right_key_in_its_role_is_let_in),
		T(an_unknown_key_and_the_right_key_in_another_role_are_refused),
		T(who_has_no_curve_or_another_servers_key_never_reaches_the_handler),
		T(the_self_test_wants_the_handler_itself_to_refuse),
		T(while_provisioning_a_refused_key_tries_again_by_itself),
		T(curve_on_ipc_asks_the_handler_too),
		T(keys_that_are_no_keys_or_everybodys_are_refused),
		T(a_tcp_port_has_one_owner),
#undef T
	};

	alarm(50);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
