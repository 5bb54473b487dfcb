/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What no single key can say: keys that contradict each other. Pure; runs after the file and again after the command
 * line, and gives one sentence for the first contradiction.
 */
#include "conf_schema.h"

#include <string.h>

enum { IPC_PATH_MAX = 106 }; /* sun_path less its NUL and one byte of libzmq's own check */

void conf_ops_ports(struct conf *c)
{
	if (c->portal_ops_port == 0)
		c->portal_ops_port = c->portal_port + (c->portal_port > 65525 ? -10 : 10);
	if (c->console_ops_port == 0)
		c->console_ops_port = c->console_port + (c->console_port > 65525 ? -10 : 10);
}

static char *check_sites(const struct conf *c)
{
	for (int i = 0; i < c->sites; i++) {
		bool parent = c->site[i].parent[0] == 0;

		for (int k = 0; k < c->sites; k++) {
			if (k < i && strcmp(c->site[k].id, c->site[i].id) == 0)
				return mem_format("sites has %s twice; each id stands once.", c->site[i].id);
			parent |= k != i && strcmp(c->site[k].id, c->site[i].parent) == 0;
		}
		if (!parent)
			return mem_format("the parent %s of site %s is not in sites; add it or leave parent empty.", c->site[i].parent,
			                  c->site[i].id);
	}
	return NULL;
}

static char *check_desks(const struct conf *c)
{
	const struct conf_desk *duty = conf_desk(c, c->duty_desk);

	for (int i = 0; i < c->desks; i++)
		for (int k = 0; k < i; k++)
			if (strcmp(c->desk[k].kind, c->desk[i].kind) == 0)
				return mem_format("desks has %s twice; each kind stands once.", c->desk[i].kind);
	if (!duty)
		return mem_format("duty_desk is %s, but no desk has that kind; name one of desks.", c->duty_desk);
	if (!duty->open)
		return mem_format("duty_desk is %s, but that desk is not open; name an open one.", c->duty_desk);
	return NULL;
}

static char *check_times(const struct conf *c)
{
	static const char pair[] = "%s is longer than %s; it must not be.";

	if (!c->staffed_always && c->hours_count == 0)
		return mem_format("hours.always is off and hours.week is empty; give opening hours or turn hours.always on.");
	if (c->unscreened_yes_ms > c->unscreened_ms)
		return mem_format(pair, "life.unscreened_yes", "life.unscreened");
	if (c->heartbeat_ms * 2 > c->expire_ms)
		return mem_format("bus.expire is shorter than two of bus.heartbeat, so healthy workers would be forgotten; "
		                  "make it longer.");
	if (c->staff_idle_ms > c->staff_whole_ms)
		return mem_format(pair, "sessions.staff_idle", "sessions.staff_whole");
	if (c->caller_idle_ms > c->caller_whole_ms)
		return mem_format(pair, "sessions.caller_idle", "sessions.caller_whole");
	return NULL;
}

static bool hosts_meet(const char *a, const char *b)
{
	return strcmp(a, b) == 0 || strcmp(a, "0.0.0.0") == 0 || strcmp(b, "0.0.0.0") == 0 || strcmp(a, "::") == 0 ||
	       strcmp(b, "::") == 0;
}

static char *check_ports(const struct conf *c)
{
	const struct {
		const char *name, *host;
		int port;
	} ports[] = { { "console.listen", c->console_host, c->console_port },
		      { "console.ops_port", c->ops_host, c->console_ops_port },
		      { "portal.listen", c->portal_host, c->portal_port },
		      { "portal.ops_port", c->ops_host, c->portal_ops_port } };
	size_t count = c->portal_on ? ARRAY_LEN(ports) : 2;

	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < i; k++)
			if (ports[i].port == ports[k].port && hosts_meet(ports[i].host, ports[k].host))
				return mem_format("%s and %s are both port %d; give one of them another port.", ports[k].name, ports[i].name,
				                  ports[i].port);
	return NULL;
}

static char *check_bus(const struct conf *c)
{
	static const char *const roles[] = { "intake", "web", "worker", "open", "hints" };
	char *why = NULL;

	for (size_t i = 0; i < ARRAY_LEN(roles) && !why; i++) {
		char *e = conf_endpoint(c, roles[i]);

		if (strncmp(e, "ipc://", 6) == 0 && strlen(e) - 6 > IPC_PATH_MAX)
			why = mem_format("the socket path %s is %zu bytes long and the system allows %d; use a shorter data directory.",
			                 e + 6, strlen(e) - 6, IPC_PATH_MAX);
		mem_free(&e);
	}
	return why;
}

char *conf_check(const struct conf *c)
{
	static char *(*const checks[])(const struct conf *) = { check_sites, check_desks, check_times, check_ports,
		                                                check_bus };
	char *why = NULL;

	for (size_t i = 0; i < ARRAY_LEN(checks) && !why; i++)
		why = checks[i](c);
	return why;
}
