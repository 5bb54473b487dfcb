/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the tests of proc share: a directory of their own, a child that runs proc_main, its output and exit status, and
 * an ear for what it tells systemd. A probe that fails inside the child becomes its exit status and a line of its
 * output.
 */
#ifndef QT_PROC_CHILD_H
#define QT_PROC_CHILD_H

#include "mem.h"
#include "proc.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) && !defined(SANITIZED)
#define SANITIZED 1
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

enum { PROBE_FAILED = 99, ALARM_S = 20 };

static char dir[] = "/tmp/qt-proc-XXXXXX";
static int hear = -1; /* our end of NOTIFY_SOCKET */
static char heard_at[64];
static char output[8192];
static void (*interrupts)(int) = SIG_DFL; /* what the child inherits for SIGINT */
static const char *probe_failed; /* in the child: what was not as it should be */

static inline int make_place(void **state)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int n;

	(void)state;
	if (!mkdtemp(dir))
		return -1;
	n = snprintf(heard_at, sizeof(heard_at), "@qt-proc-%d", (int)getpid());
	memcpy(at.sun_path + 1, heard_at + 1, (size_t)n - 1);
	hear = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	n += (int)offsetof(struct sockaddr_un, sun_path);
	if (hear < 0 || bind(hear, (struct sockaddr *)&at, (socklen_t)n) != 0)
		return -1;
	alarm(ALARM_S);
	return setenv("NOTIFY_SOCKET", heard_at, 1);
}

static inline int drop_place(void **state)
{
	char *command = mem_format("rm -rf %s", dir);
	int bad = system(command);

	(void)state;
	mem_free(&command);
	close(hear);
	return bad;
}

static inline char *in_dir(const char *name)
{
	return mem_format("%s/%s", dir, name);
}

static inline void put_file(const char *name, const char *text)
{
	char *path = in_dir(name);
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
	mem_free(&path);
}

static inline bool exists(const char *name)
{
	char *path = in_dir(name);
	bool there = access(path, F_OK) == 0;

	mem_free(&path);
	return there;
}

/* Starts proc_main in a child; up to six options after --data DIR. */
static inline pid_t start(const struct process *p, const char *const *options)
{
	char *out = in_dir("output"), *argv[12] = { mem_text("program"), mem_text("--data"), mem_text(dir) };
	int argc = 3;
	pid_t pid;

	for (; options && *options; options++)
		argv[argc++] = mem_text(*options);
	pid = fork();
	if (pid == 0) {
		int fd = open(out, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600), status;

		dup2(fd, 1);
		dup2(fd, 2);
		signal(SIGINT, interrupts);
		status = proc_main(p, argc, argv);
		if (probe_failed)
			dprintf(2, "probe: %s\n", probe_failed);
		_exit(probe_failed ? PROBE_FAILED : status);
	}
	assert_true(pid > 0);
	while (argc > 0)
		mem_free(&argv[--argc]);
	mem_free(&out);
	return pid;
}

static inline int finish(pid_t pid)
{
	char *out = in_dir("output");
	int status = -1;
	FILE *f;
	size_t n;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	f = fopen(out, "r");
	assert_non_null(f);
	n = fread(output, 1, sizeof(output) - 1, f);
	output[n] = 0;
	fclose(f);
	mem_free(&out);
	while (recv(hear, (char[64]){ 0 }, 64, MSG_DONTWAIT) > 0)
		;
	if (!WIFEXITED(status))
		fail_msg("ended by signal %d: %s", WTERMSIG(status), output);
	return WEXITSTATUS(status);
}

static inline int run(const struct process *p, const char *const *options)
{
	return finish(start(p, options));
}

static inline void expect_output(const char *piece)
{
	if (!strstr(output, piece))
		fail_msg("the output lacks \"%s\": %s", piece, output);
}

static inline void wait_for(const char *word)
{
	char text[64] = "";

	assert_true(recv(hear, text, sizeof(text) - 1, 0) > 0);
	assert_string_equal(text, word);
}

/* ---- rooms of the tests */

static int room;
static struct loop *the_loop;

static inline int open_room(const struct conf *c, struct loop *loop, int argc, char **argv, void **out, char **why)
{
	(void)c, (void)argc, (void)argv, (void)why;
	the_loop = loop;
	*out = &room;
	return 0;
}

static inline void close_room(void **r)
{
	*r = NULL;
}

static inline int open_and_stop(const struct conf *c, struct loop *loop, int argc, char **argv, void **out, char **why)
{
	loop_stop(loop);
	return open_room(c, loop, argc, argv, out, why);
}

static inline void probe(bool fine, const char *what)
{
	if (!fine && !probe_failed)
		probe_failed = what;
}

static const struct process plain = { .name = "plain", .open = open_room, .close = close_room };

#endif
