/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How every process starts, in one fixed order: options and config → descriptors 0–2 sane → signals blocked → doors open
 * (open) → drop everything else (no-new-privs, rlimits, no core dumps, not dumpable, Landlock where present) → ready →
 * loop → drain on TERM/INT → close. Each main.c opens with one constant struct process: reading those is the architecture.
 */
#ifndef QT_PROC_H
#define QT_PROC_H

#include "conf.h"
#include "loop.h"

enum proc_store { PROC_STORE_NONE, PROC_STORE_READ, PROC_STORE_WRITE };

struct process {
	const char *name;            /* "router" */
	const char *const *binds;    /* NULL-terminated: "ipc intake", "http portal" … shown by --explain, used for Landlock paths */
	const char *const *connects;
	enum proc_store store;
	const char *const *keys;     /* names of key files it reads: "public", "row", "intake" … */
	int64_t memory_bytes;        /* RLIMIT_AS is not used; this is RLIMIT_DATA, 0 = none */
	int files;                   /* RLIMIT_NOFILE */
	/* The room. open makes everything (doors first, nothing answered yet); close undoes it. Faults < 0 end the process
	 * with 1 after open has logged one line; why (a gift, may be NULL) is printed as one sentence. */
	int (*open)(const struct conf *conf, struct loop *loop, int argc, char **argv, void **room, char **why);
	void (*drain)(void *room);   /* TERM arrived: stop taking work; call loop_stop when done. NULL: loop_stop at once */
	void (*close)(void **room);
};

/* The body of main(). Ready is told by sd_notify (NOTIFY_SOCKET) and by creating DATA/run/<name>.ready (for worker:
 * worker.<desk>.ready), removed at exit. Returns the exit status: 0 clean, 1 fault, 2 bad option or configuration. */
int proc_main(const struct process *process, int argc, char **argv);

#endif
