/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Submits over the bus to a running router, as intake makes them (sealed before the clock starts), with as many in flight as asked,
 * over a few DEALERs speaking MDP 0.2. Prints one line of JSON.
 *
 *   bus_load --data DIR [--count 10000] [--flight 64] [--lanes 4] [--bytes 1024]
 */
#include "load.h"
#include "sealer.h"

#include "loop.h"
#include "mem.h"
#include "wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LANES_MAX = 64, FLIGHT_MAX = 4096, CONNECT_MS = 2000 };

struct lane {
	struct sock *sock;
	double since[FLIGHT_MAX]; /* answers come in the order of requests */
	size_t first, last;
};

static struct lane lanes[LANES_MAX];
static struct loop *loop;
static struct msg *ready;
static size_t count, asked;
static struct took took;

/* A lane that is not connected yet takes nothing. */
static void lane_ask(struct lane *lane)
{
	int tries = CONNECT_MS, outcome;

	lane->since[lane->last++ % FLIGHT_MAX] = load_now();
	while ((outcome = sock_send(lane->sock, &ready[asked])) == SOCK_FULL && tries--)
		usleep(1000);
	if (outcome)
		load_die("The router takes no request; is it running?");
	asked++;
}

static void lane_hear(void *ctx)
{
	struct lane *lane = ctx;
	struct msg m = { 0 };

	while (!sock_receive(lane->sock, &m)) {
		if (m.count < 4 || m.frame[3].bytes != 3 || m.frame[3].data[0] != '2') {
			if (!took.errors++)
				fprintf(stderr, "first refusal: %.*s\n", m.count > 4 ? (int)m.frame[4].bytes : 0,
				        m.count > 4 ? (const char *)m.frame[4].data : "");
		}
		took_add(&took, load_now() - lane->since[lane->first++ % FLIGHT_MAX]);
		if (asked < count)
			lane_ask(lane);
	}
	msg_clear(&m);
	if (took.count == count)
		loop_stop(loop);
}

static void run(size_t flight, size_t used)
{
	took.began = load_now();
	for (size_t i = 0; i < flight && asked < count; i++)
		lane_ask(&lanes[i % used]);
	if (loop_run(loop))
		load_die("The loop failed.");
}

/* On every lane, so that all are connected when the clock starts; the same epoch twice is one. */
static void announce(const struct sealer *s, size_t used)
{
	ready = mem_array(used, sizeof(*ready));
	count = used;
	for (size_t i = 0; i < used; i++) {
		wire_write(&ready[i], WIRE_02, WIRE_CLIENT, WIRE_REQUEST, "epoch.put", 9);
		sealer_epoch(s, &ready[i]);
	}
	run(used, used);
	if (took.errors)
		exit(1);
	free(took.each);
	took = (struct took){ 0 };
	asked = 0;
	mem_free(&ready);
}

static void make_ready(struct sealer *s, size_t n)
{
	ready = mem_array(n, sizeof(*ready));
	count = n;
	for (size_t i = 0; i < n; i++) {
		struct sealed sealed;
		int desk = (int)(i % SEALER_DESKS);

		sealer_make(s, desk, &sealed);
		wire_write(&ready[i], WIRE_02, WIRE_CLIENT, WIRE_REQUEST, "intake.submit", 13);
		sealer_submit(s, desk, &sealed, &ready[i]);
	}
}

int main(int argc, char **argv)
{
	const char *data = load_text(argc, argv, "--data", NULL);
	size_t n = (size_t)load_number(argc, argv, "--count", 10000), flight = (size_t)load_number(argc, argv, "--flight", 64),
	       used = (size_t)load_number(argc, argv, "--lanes", 4);
	struct sealer s;
	char *endpoint;

	if (!data || data[0] != '/' || !n || !flight || flight > FLIGHT_MAX || !used || used > LANES_MAX)
		load_die("bus_load --data DIR [--count N] [--flight N] [--lanes N] [--bytes N]; DIR is an absolute path.");
	sealer_open(&s, data, (size_t)load_number(argc, argv, "--bytes", 1024));
	endpoint = mem_format("ipc://%s/run/intake.sock", data);
	loop = loop_new();
	for (size_t i = 0; i < used; i++) {
		if (sock_connect(SOCK_DEALER, endpoint, NULL, &lanes[i].sock))
			load_die("The bus cannot be reached: %s", sock_refusal());
		loop_sock(loop, lanes[i].sock, lane_hear, &lanes[i]);
	}
	announce(&s, used);
	make_ready(&s, n);
	run(flight, used);
	took_print(&took);
	for (size_t i = 0; i < used; i++)
		sock_close(&lanes[i].sock);
	mem_free(&ready);
	mem_free(&endpoint);
	loop_free(&loop);
	sealer_close(&s);
	sock_end();
	return 0;
}
