/* SPDX-License-Identifier: Apache-2.0 */
/* router: the only writer. Queues, leases, deadlines, assignment; holds no key that opens words. */
#include "proc.h"
#include "router.h"

static const char *const binds[] = { "bus intake", "bus web", "bus worker", "bus open", "bus hints", NULL };
static const char *const connects[] = { NULL };
static const char *const keys[] = { "public", "row", "router", NULL };

static const struct process process = {
	.name = "router",
	.binds = binds,
	.connects = connects,
	.store = PROC_STORE_WRITE,
	.keys = keys,
	.files = 16384,
	.open = router_open,
	.drain = router_drain,
	.close = router_close,
};

int main(int argc, char **argv)
{
	return proc_main(&process, argc, argv);
}
