/* SPDX-License-Identifier: Apache-2.0 */
/* A configuration file by anybody's hand: refused in one sentence that names the file, or taken whole and usable. */
#include "fuzz.h"

#include "conf.h"
#include "mem.h"
#include "text.h"

#include <string.h>

static void use(struct conf *c)
{
	AUTO(mem_free) char *endpoint = conf_endpoint(c, "worker"), *summary = conf_summary(c), *db = conf_db(c, "x"), *why = NULL;

	FUZZ_MUST(text_valid(summary, strlen(summary)));
	FUZZ_MUST(strchr(endpoint, ':') && *db);
	FUZZ_MUST(c->desks >= 1 && c->desks <= CONF_DESKS_MAX && c->sites >= 1 && c->sites <= CONF_SITES_MAX);
	FUZZ_MUST(conf_desk(c, c->duty_desk));
	FUZZ_MUST(c->portal_port >= 1 && c->portal_port <= 65535 && c->console_port >= 1 && c->console_port <= 65535);
	FUZZ_MUST(c->lease_ms > 0 && c->batch_max > 0 && c->attempts_max > 0 && c->worker_sockets > 0);
	if (conf_override(c, "127.0.0.1:8355", "127.0.0.1:8356", true, &why))
		fuzz_must_be_sentence(why);
}

static void words(const char *text)
{
	struct conf_hours hours[CONF_HOURS_MAX];
	char host[64];
	int port = 0, count = 0;
	int64_t n = -1;

	if (!conf_host_port(text, host, &port))
		FUZZ_MUST(port >= 1 && port <= 65535 && *host);
	if (!conf_time_ms(text, &n))
		FUZZ_MUST(n >= 0);
	if (!conf_size_bytes(text, &n))
		FUZZ_MUST(n >= 0);
	if (!conf_hours_add(text, hours, &count))
		FUZZ_MUST(count >= 1 && count <= CONF_HOURS_MAX && hours[0].to_min > hours[0].from_min);
	conf_loopback(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	struct fuzz in = { data, bytes };
	size_t n;
	AUTO(mem_free) char *text = fuzz_rest(&in, &n), *file = fuzz_path("house.conf"), *why = NULL;
	struct conf c;

	fuzz_put("house.conf", text, n);
	words(text);
	if (conf_load(file, "/tmp/nowhere", &c, &why)) {
		fuzz_must_be_sentence(why);
		FUZZ_MUST(strstr(why, file));
	} else {
		use(&c);
	}
	return 0;
}
