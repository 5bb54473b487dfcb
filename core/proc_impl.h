/* SPDX-License-Identifier: Apache-2.0 */
/* What core/proc*.c share: the options as read, the sandbox, readiness. Private to them. */
#ifndef QT_PROC_IMPL_H
#define QT_PROC_IMPL_H

#include "mem.h"
#include "proc.h"

/* What the command line said; rest holds the program's name and the room's own options. */
struct proc_options {
	const char *config, *data, *portal, *console;
	bool demo, check, explain, summary, sample, reference, help, version, debug, task;
	int rest_count;
	char **rest; /* mem_free */
};
enum proc_options_outcome { PROC_OPTIONS_BAD = 1 };
/* proc_options.c. 0, or PROC_OPTIONS_BAD with *why (a gift). */
NODISCARD int proc_options_read(const struct process *p, int argc, char **argv, struct proc_options *out, char **why);
/* Gives. */
char *proc_options_help(const struct process *p);
char *proc_explain(const struct process *p, const struct conf *c);

/* proc_guard.c. Before open: no core dumps, not dumpable, number of descriptors, first Landlock layer (covers
 * threads made in open). */
void proc_guard_before(const struct process *p, const struct conf *c);
/* After open: memory, second Landlock layer without keys, etc and new listening sockets. */
void proc_guard_after(const struct process *p, const struct conf *c);

/* proc_ready.c */
void proc_ready_tell(const struct process *p, const struct conf *c);
void proc_ready_untell(const struct process *p, const struct conf *c);

#endif
