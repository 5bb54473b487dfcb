/* SPDX-License-Identifier: Apache-2.0 */
/* web: the console of counselors and supervisors. Reads the store; opens a case only with the key of the person signed
 * in. */
#include "proc.h"
#include "web.h"

static const char *const binds[] = { "http console", "http ops", NULL };
static const char *const connects[] = { "bus web", "bus hints", NULL };
static const char *const keys[] = { "public", "web", "row", NULL };
static const struct proc_option options[] = {
	{ "--found", NULL, "makes the keys and the first persons of a new data directory, and ends" },
	{ 0 },
};

static const struct process process = {
	.name = "web",
	.binds = binds,
	.connects = connects,
	.store = PROC_STORE_READ,
	.keys = keys,
	.files = 16384,
	.options = options,
	.task_option = "--found",
	.task = found_task,
	.open = web_open,
	.drain = web_drain,
	.close = web_close,
};

int main(int argc, char **argv)
{
	return proc_main(&process, argc, argv);
}
