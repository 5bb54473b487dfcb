/* SPDX-License-Identifier: Apache-2.0 */
/* intake: the public portal. Seals what a caller says; no database, no desk key, nothing kept. */
#include "intake.h"
#include "proc.h"

static const char *const binds[] = { "http portal", "http ops", NULL };
static const char *const connects[] = { "bus intake", "bus hints", NULL };
static const char *const keys[] = { "public", "intake", NULL };

static const struct process process = {
	.name = "intake",
	.binds = binds,
	.connects = connects,
	.store = PROC_STORE_NONE,
	.keys = keys,
	.files = 16384,
	.open = intake_open,
	.drain = intake_drain,
	.close = intake_close,
};

int main(int argc, char **argv)
{
	return proc_main(&process, argc, argv);
}
