/* SPDX-License-Identifier: Apache-2.0 */
/* worker: screens the requests of one desk. Opens each once with the desk's worker key; stores nothing, listens
 * nowhere. */
#include "proc.h"
#include "shift.h"

static const char *const binds[] = { NULL };
static const char *const connects[] = { "bus worker", NULL };
static const char *const keys[] = { "public", "worker", NULL };
static const struct proc_option options[] = {
	{ "--desk", "KIND", "the desk whose requests are screened, such as psych; one process a desk" },
	{ 0 },
};

static const struct process process = {
	.name = "worker",
	.binds = binds,
	.connects = connects,
	.store = PROC_STORE_NONE,
	.keys = keys,
	.memory_bytes = 256 * 1024 * 1024,
	.files = 128,
	.options = options,
	.open = shift_room_open,
	.drain = shift_room_drain,
	.close = shift_room_close,
};

int main(int argc, char **argv)
{
	return proc_main(&process, argc, argv);
}
