/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keys: looks after the key files of a data directory; a person calls it by `./hotline keys`. Without an option it
 * checks them all; with --turn it makes a new key while the one before is accepted for a day. It serves nobody and
 * talks to nobody; keys are made first by `web --found`.
 */
#include "clock.h"
#include "keyring.h"
#include "mem.h"
#include "proc.h"
#include "seal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OVERLAP_MS = 86400000 };

static int said(const char *fine, int bad, char **why)
{
	if (bad)
		fprintf(stderr, "%s\n", *why ? *why : "The key files could not be read or written.");
	else
		printf("%s\n", fine);
	mem_free(why);
	return bad ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int turn(const char *data_dir, const char *what)
{
	static const char fine[] = "Turned. The key before is accepted for one day; restart the services within it to use "
		                   "the new one.";
	int64_t until = clock_wall_ms() + OVERLAP_MS;
	char *why = NULL;
	int bad = 1;

	if (strncmp(what, "curve.", 6) == 0) {
		bad = keyring_turn_curve(data_dir, what + 6, &why);
		return said("Turned. Restart the router, which then refuses the key before, and that room.", bad, &why);
	}
	if (strcmp(what, "replay") == 0)
		bad = keyring_turn_replay(data_dir, until, &why);
	else if (strncmp(what, "worker.", 7) == 0)
		bad = keyring_turn_worker(data_dir, what + 7, until, &why);
	else
		why = mem_format("keys: --turn must be replay, worker.KIND (such as worker.psych) or curve.ROOM "
		                 "(such as curve.web), but it is %.40s.",
		                 what);
	return said(fine, bad, &why);
}

static int keys_task(const struct conf *conf, int argc, char **argv)
{
	const char *what = proc_value(argc, argv, "--turn");
	char *why = NULL;
	int bad = seal_init();

	if (bad)
		return said("", bad, &why);
	if (what)
		return turn(conf->data_dir, what);
	bad = keyring_check(conf->data_dir, clock_wall_ms(), &why);
	return said("The key files are fine.", bad, &why);
}

static const char *const keys[] = { "all of them", NULL };
static const struct proc_option options[] = {
	{ "--turn", "WHAT", "Make a new key: replay (monthly), or worker.KIND; the one before is accepted for a day. Or curve.ROOM, for a bus on tcp." },
	{ NULL, NULL, NULL },
};
static const struct process process = { .name = "keys", .keys = keys, .options = options, .task = keys_task };

int main(int argc, char **argv)
{
	return proc_main(&process, argc, argv);
}
