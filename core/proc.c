/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The body of every main(): one fixed order from the command line to the exit status. It knows the struct process it
 * is given and nothing of any room. Signals arrive through the loop: TERM and INT drain, HUP and USR do nothing
 * (nothing is re-read while running).
 */
#include "log.h"
#include "proc_impl.h"
#include "sock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DRAIN_MS = 3000, LAST_RESORT_S = 4, EXIT_BAD = 2 };

struct running {
	const struct process *process;
	struct loop *loop;
	void *room;
	int signals;
	bool draining;
};

/* A closed descriptor 0–2 would be given to the first file opened, and a stray message would then be written into
 * it. */
static void keep_standard_descriptors(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR);
	} while (fd >= 0 && fd <= 2);
	if (fd > 2)
		close(fd);
}

static void say(FILE *to, const char *text)
{
	size_t n = strlen(text);

	if (fputs(text, to) == EOF || (n && text[n - 1] != '\n' && fputc('\n', to) == EOF) || fflush(to) == EOF)
		log_warn("terminal", "errno=%d", errno);
}

/* Says the gift, frees it, gives the status. */
static int leave(int status, char **why)
{
	if (*why)
		say(stderr, *why);
	mem_free(why);
	return status;
}

static void stop_late(void *ctx)
{
	struct running *r = ctx;

	log_warn("drain_late", "%s", "");
	loop_stop(r->loop);
}

static void on_signal(void *ctx)
{
	struct running *r = ctx;
	struct signalfd_siginfo s;

	while (read(r->signals, &s, sizeof(s)) == (ssize_t)sizeof(s)) {
		bool end = s.ssi_signo == SIGTERM || s.ssi_signo == SIGINT;

		if (!end || r->draining)
			continue;
		r->draining = true;
		alarm(LAST_RESORT_S);
		log_info("stopping", "signal=%u", s.ssi_signo);
		loop_after(r->loop, DRAIN_MS, stop_late, r);
		if (r->process->drain)
			r->process->drain(r->room);
		else
			loop_stop(r->loop);
	}
}

/* Blocked before any thread exists, so that every thread inherits it. */
static int take_signals(sigset_t *taken)
{
	sigset_t alarms;
	struct sigaction fatal = { .sa_handler = SIG_DFL }, ignored = { .sa_handler = SIG_IGN }, was = fatal;

	sigemptyset(taken);
	sigaddset(taken, SIGTERM);
	/* A script that starts us in its background ignores Ctrl-C for us: it will say TERM, in its own order. */
	if (sigaction(SIGINT, NULL, &was) == 0 && was.sa_handler != SIG_IGN)
		sigaddset(taken, SIGINT);
	sigaddset(taken, SIGHUP);
	sigaddset(taken, SIGUSR1);
	sigaddset(taken, SIGUSR2);
	sigemptyset(&alarms);
	sigaddset(&alarms, SIGALRM);
	if (sigaction(SIGPIPE, &ignored, NULL) != 0 || sigaction(SIGALRM, &fatal, NULL) != 0 ||
	    sigprocmask(SIG_BLOCK, taken, NULL) != 0 || sigprocmask(SIG_UNBLOCK, &alarms, NULL) != 0)
		return -1;
	return signalfd(-1, taken, SFD_NONBLOCK | SFD_CLOEXEC);
}

static int make_folder(const char *path, mode_t mode, char **why)
{
	struct stat st;

	if (mkdir(path, mode) == 0 || (errno == EEXIST && stat(path, &st) == 0 && S_ISDIR(st.st_mode)))
		return 0;
	*why = mem_format("The folder %s cannot be made: %s.", path, strerror(errno));
	return 1;
}

static int make_folders(const struct conf *c, bool with_store, char **why)
{
	char *run = mem_format("%s/run", c->data_dir), *db = mem_format("%s/db", c->data_dir);
	int bad = make_folder(c->data_dir, 0700, why) || make_folder(run, 0750, why) ||
	          (with_store && make_folder(db, 0750, why));

	mem_free(&run);
	mem_free(&db);
	return bad;
}

/* Group-readable at most where the starter asked for it (units that run as separate users), else private. */
static void tighten_umask(void)
{
	mode_t was = umask(0077);

	if ((was & 0007) == 0007)
		umask(was);
}

static int run_loop(struct running *r, const struct conf *c)
{
	struct watch *w = NULL;
	int fault;

	w = loop_fd(r->loop, r->signals, on_signal, r);
	proc_ready_tell(r->process, c);
	fault = loop_run(r->loop);
	proc_ready_untell(r->process, c);
	if (fault < 0)
		log_error("loop", "errno=%d", -fault);
	loop_unwatch(r->loop, &w);
	return fault < 0;
}

static int serve(const struct process *p, const struct conf *c, const struct proc_options *o)
{
	struct running r = { .process = p };
	char *why = NULL;
	sigset_t taken;
	int bad;

	if (make_folders(c, p->store == PROC_STORE_WRITE, &why))
		return leave(EXIT_FAILURE, &why);
	r.signals = take_signals(&taken);
	if (r.signals < 0) {
		why = mem_format("%s cannot receive signals: %s.", p->name, strerror(errno));
		return leave(EXIT_FAILURE, &why);
	}
	proc_guard_before(p, c);
	r.loop = loop_new();
	bad = p->open(c, r.loop, o->rest_count, o->rest, &r.room, &why);
	if (bad) {
		log_error("open_failed", "fault=%d", bad);
	} else {
		proc_guard_after(p, c);
		bad = run_loop(&r, c);
	}
	if (p->close && r.room)
		p->close(&r.room);
	loop_free(&r.loop);
	sock_end(); /* what was said last leaves */
	close(r.signals);
	return leave(bad ? EXIT_FAILURE : EXIT_SUCCESS, &why);
}

/* The options that only print. True when one was given. */
static bool print_only(const struct process *p, const struct proc_options *o)
{
	char *text = o->help      ? proc_options_help(p) :
	             o->version   ? mem_format("%s " QT_VERSION, p->name) :
	             o->sample    ? conf_sample() :
	             o->reference ? conf_doc() :
	                            NULL;

	if (!text)
		return false;
	say(stdout, text);
	mem_free(&text);
	return true;
}

static bool print_about(const struct process *p, const struct proc_options *o, const struct conf *c)
{
	char *text = o->explain ? proc_explain(p, c) : o->summary ? conf_summary(c) : NULL;

	if (o->check)
		say(stdout, "The configuration is fine.");
	if (text)
		say(stdout, text);
	mem_free(&text);
	return o->check || o->explain || o->summary;
}

static int main_with(const struct process *p, const struct proc_options *o)
{
	static struct conf conf; /* lent to the room for the life of the process */
	char *why = NULL;

	log_open(p->name, o->debug ? LOG_LEVEL_DEBUG : LOG_LEVEL_INFO);
	if (print_only(p, o))
		return EXIT_SUCCESS;
	if (conf_load(o->config, o->data, &conf, &why) || conf_override(&conf, o->portal, o->console, o->demo, &why))
		return leave(EXIT_BAD, &why);
	if (print_about(p, o, &conf))
		return EXIT_SUCCESS;
	tighten_umask();
	if (o->task && make_folders(&conf, true, &why))
		return leave(EXIT_FAILURE, &why);
	if (o->task || (p->task && !p->task_option))
		return p->task(&conf, o->rest_count, o->rest);
	return serve(p, &conf, o);
}

int proc_main(const struct process *process, int argc, char **argv)
{
	struct proc_options options;
	char *why = NULL;
	int status;

	keep_standard_descriptors();
	if (proc_options_read(process, argc, argv, &options, &why))
		status = leave(EXIT_BAD, &why);
	else
		status = main_with(process, &options);
	mem_free(&options.rest);
	return status;
}
