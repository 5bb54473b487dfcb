/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the fuzz targets share. A target is one file with LLVMFuzzerTestOneInput: libFuzzer drives it, or replay.c, which runs the files
 * of corpus/<target>/ and their neighbours as ordinary tests. A target states rules with FUZZ_MUST; a broken one ends the run like a crash.
 */
#ifndef QT_TEST_FUZZ_H
#define QT_TEST_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);
/* A target that keeps something between inputs forgets it here; replay.c calls it before each file. Others leave it out. */
void fuzz_fresh(void);

#define FUZZ_MUST(rule) ((rule) ? (void)0 : fuzz_broken(__FILE__, __LINE__, #rule))
_Noreturn void fuzz_broken(const char *file, int line, const char *rule);
/* A sentence for people: there, one line, valid UTF-8. */
void fuzz_must_be_sentence(const char *why);

/* The input as it is used up. Every block is a copy of exactly its size, so that a sanitizer sees one byte too many. */
struct fuzz {
	const uint8_t *at;
	size_t left;
};
/* 0 when nothing is left. */
uint8_t fuzz_byte(struct fuzz *in);
uint64_t fuzz_number(struct fuzz *in, size_t bytes);
/* Gives up to n bytes; *got how many (a NUL stands behind them). */
char *fuzz_bytes(struct fuzz *in, size_t n, size_t *got);
/* Gives the rest, a NUL behind it. */
char *fuzz_rest(struct fuzz *in, size_t *got);
/* Gives the bytes up to the next newline (which goes), or the rest; NULL when nothing is left. */
char *fuzz_line(struct fuzz *in, size_t *got);

/* A directory of this process (0700, in memory where there is such a place), gone at exit. Lent. */
const char *fuzz_dir(void);
/* Gives the path DIR/name. */
char *fuzz_path(const char *name);
/* Writes DIR/name (0600, folders on the way made). */
void fuzz_put(const char *name, const void *data, size_t bytes);
/* Copies a file of the source tree to DIR/name. */
void fuzz_copy(const char *source, const char *name);

#endif
