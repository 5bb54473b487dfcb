/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How every process starts, in one fixed order: descriptors 0–2 sane → options and config → no core dumps, not
 * dumpable, signals blocked, first sandbox → doors open (open) → drop everything else (no-new-privs, limits, Landlock
 * where present) → ready → loop → drain on TERM/INT → close. Each main.c opens with one constant struct process:
 * reading those is the architecture.
 */
#ifndef QT_PROC_H
#define QT_PROC_H

#include "conf.h"
#include "loop.h"

enum proc_store { PROC_STORE_NONE, PROC_STORE_READ, PROC_STORE_WRITE };

/* An option of the room itself, beside those every program has (--help prints all). */
struct proc_option {
	const char *name;  /* "--desk" */
	const char *value; /* "KIND"; NULL: takes none */
	const char *doc;   /* one sentence */
};

struct process {
	const char *name;            /* "router" */
	const char *const *binds;    /* NULL-terminated: "bus intake", "http portal" …; "bus" ones may make sockets */
	const char *const *connects;
	enum proc_store store;       /* what DATA/db is to it: nothing, read, write */
	const char *const *keys;     /* files of DATA/keys it reads: "public", "row"; "worker" stands for "worker.<desk>" */
	int64_t memory_bytes;        /* RLIMIT_DATA, 0 = none */
	int files;                   /* RLIMIT_NOFILE, 0 = as it is */
	const struct proc_option *options; /* ended by a row without name; NULL: what proc does not know is left to open */
	/* A task instead of a service, outside the sandbox; gives the exit status. With an option ("--found") it is
	 * run when the option stands there, and the folders of the data directory are made before; without one it
	 * is all the program does. */
	const char *task_option;
	int (*task)(const struct conf *conf, int argc, char **argv);
	/* The room. open makes everything (doors first, nothing answered yet); close undoes it. argv holds the
	 * program's name and the room's own options. A fault < 0 ends the process with 1; why (a gift, may be NULL)
	 * is printed as one sentence. Files of DATA/keys and etc/ can be read here and not later. */
	int (*open)(const struct conf *conf, struct loop *loop, int argc, char **argv, void **room, char **why);
	void (*drain)(void *room);   /* TERM arrived: stop taking work; call loop_stop when done. NULL: loop_stop at once */
	void (*close)(void **room);
};

/* The body of main(). Ready is told by sd_notify (NOTIFY_SOCKET) and by creating DATA/run/<name>.ready (for a
 * worker, see proc_name: worker.<desk>.ready), removed at exit. Returns the exit status: 0 clean, 1 fault, 2 bad
 * option or configuration. A process that does not end within 4 s of TERM is ended by the alarm clock. */
int proc_main(const struct process *process, int argc, char **argv);

/* Called from open by a room that runs several times: the ready file becomes <name>.<suffix>.ready. */
void proc_name(const char *suffix);
/* The value of a room's option among its argv ("--desk psych" or "--desk=psych"), NULL when absent; lent. */
const char *proc_value(int argc, char **argv, const char *option);
/* True when the option stands in argv. */
bool proc_flag(int argc, char **argv, const char *option);

#endif
