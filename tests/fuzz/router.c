/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages to a living router. Input: text. "@intake", "@web", "@worker", "@open" begin a message, each further line is a frame; a line
 * of a backslash and a digit is that one byte, a line of nothing an empty frame, "%blob" and the like a sealed thing, and $ words are the
 * house's (router_house.h). "@wait 60" lets seconds pass. Every message of the book is answered, in time, with a status and an object;
 * nothing is an error of ours.
 */
#include "fuzz.h"

#include "mem.h"
#include "router_house.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INPUTS_A_HOUSE = 200, FRAME_MAX = 4096, WAIT_MAX_S = 40 * 86400 };
static unsigned inputs;

void fuzz_fresh(void)
{
	router_house_end();
	inputs = 0;
}

static int role_of(const char *line)
{
	for (int i = 0; i < ROLE_COUNT; i++)
		if (!strcmp(line + 1, role_name((enum role)i)))
			return i;
	return -1;
}

static void frame_add(struct msg *m, const char *line, size_t n)
{
	struct buf out = { 0 };

	if (m->count >= ARRAY_LEN(m->frame))
		return;
	buf_text(&out, "");
	if (n == 2 && line[0] == '\\' && line[1] >= '0' && line[1] <= '9')
		buf_add(&out, (char[]){ (char)(line[1] - '0') }, 1);
	else if (line[0] != '%' || !router_house_sealed(&out, line))
		router_house_words(&out, line, n);
	msg_add(m, out.data, out.bytes);
	buf_finish(&out);
}

static void say(int *role, struct msg *m)
{
	if (*role >= 0 && m->count)
		router_house_say((enum role) * role, m);
	msg_clear(m);
	*role = -1;
}

static void begin(int *role, struct msg *m, const char *line)
{
	char id[32];

	if (!strncmp(line, "@wait ", 6)) {
		long seconds = strtol(line + 6, NULL, 10);

		router_house_wait(seconds > 0 && seconds < WAIT_MAX_S ? seconds * 1000 : 1000);
		return;
	}
	*role = role_of(line);
	/* A peer of its own for each input, or strikes would add up. */
	snprintf(id, sizeof(id), "peer of %u", inputs);
	msg_add_text(m, id);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	struct fuzz in = { data, bytes };
	struct msg m = { 0 };
	int role = -1;
	size_t n;

	if (inputs++ % INPUTS_A_HOUSE == 0)
		router_house_end();
	router_house();
	for (char *line = fuzz_line(&in, &n); line; line = fuzz_line(&in, &n)) {
		if (*line == '@') {
			say(&role, &m);
			begin(&role, &m, line);
		} else if (n < FRAME_MAX && role >= 0) {
			frame_add(&m, line, n);
		}
		mem_free(&line);
	}
	say(&role, &m);
	return 0;
}
