/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a target without libFuzzer: every file of a corpus as it is, then neighbours of it (cut short, a byte changed, a piece doubled),
 * always the same ones. One TAP line a file. `replay DIRECTORY NEIGHBOURS`; what crashed last is the file named last, and the neighbour
 * stands in the environment's TMPDIR as qt-fuzz-last when FUZZ_KEEP is set.
 */
#include "fuzz.h"

#include "log.h"
#include "mem.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_SECONDS = 60 };

static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static void run(const uint8_t *data, size_t bytes)
{
	/* Exactly as long as it is: the byte behind it belongs to nobody. */
	uint8_t *copy = malloc(bytes ? bytes : 1);
	FILE *kept = getenv("FUZZ_KEEP") ? fopen(getenv("FUZZ_KEEP"), "we") : NULL;

	if (kept) {
		fwrite(data, 1, bytes, kept);
		fclose(kept);
	}
	if (!copy)
		abort();
	if (bytes)
		memcpy(copy, data, bytes);
	LLVMFuzzerTestOneInput(copy, bytes);
	free(copy);
}

static void run_neighbour(const struct buf *file, uint64_t *state)
{
	struct buf near = { 0 };
	size_t at = (size_t)(next_random(state) % (file->bytes + 1)), end = at + (size_t)(next_random(state) % 16);

	buf_add(&near, file->data, file->bytes);
	if (next_random(state) % 4 == 0)
		near.bytes = at;
	else if (next_random(state) % 4 == 0 && end <= file->bytes)
		buf_add(&near, file->data + at, file->bytes - at);
	else if (at < near.bytes)
		near.data[at] = (char)(next_random(state) % 2 ? near.data[at] ^ 1 << next_random(state) % 8 : (int)next_random(state));
	run((const uint8_t *)near.data, near.bytes);
	buf_finish(&near);
}

static void replay(const char *directory, const char *name, int neighbours)
{
	AUTO(mem_free) char *path = mem_format("%s/%s", directory, name);
	FILE *f = fopen(path, "re");
	struct buf file = { 0 };
	uint64_t state = 12355;
	char piece[4096];
	size_t n;

	if (!f)
		abort();
	while ((n = fread(piece, 1, sizeof(piece), f)) > 0)
		buf_add(&file, piece, n);
	fclose(f);
	buf_text(&file, "");
	alarm(FILE_SECONDS);
	fuzz_fresh();
	run((const uint8_t *)file.data, file.bytes);
	for (int i = 0; i < neighbours; i++)
		run_neighbour(&file, &state);
	alarm(0);
	buf_finish(&file);
}

static int visible(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

int main(int argc, char **argv)
{
	struct dirent **files = NULL;
	int count = argc > 1 ? scandir(argv[1], &files, visible, alphasort) : -1;

	if (count < 1) {
		printf("1..1\nnot ok 1 - the corpus %s is there\n", argc > 1 ? argv[1] : "");
		return 1;
	}
	log_open("fuzz", LOG_LEVEL_ERROR);
	setvbuf(stdout, NULL, _IONBF, 0);
	printf("1..%d\n", count);
	for (int i = 0; i < count; i++) {
		printf("# %s\n", files[i]->d_name);
		replay(argv[1], files[i]->d_name, argc > 2 ? atoi(argv[2]) : 0);
		printf("ok %d - %s\n", i + 1, files[i]->d_name);
		free(files[i]);
	}
	free(files);
	return 0;
}
