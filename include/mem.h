/* SPDX-License-Identifier: Apache-2.0 */
/* Allocation that never returns NULL: it logs one line and leaves (state is on disk). Bound outside sizes first. */
#ifndef QT_MEM_H
#define QT_MEM_H

#include "macros.h"
#include <stddef.h>
#include <stdint.h>

/* Gives n zeroed bytes (n = 0 gives one). */
void *mem_new(size_t n);
/* Gives count * size zeroed bytes; an overflow leaves the process. */
void *mem_array(size_t count, size_t size);
/* Resizes p (may be NULL) to n bytes; gives the new block. */
void *mem_resize(void *p, size_t n);
/* Gives a copy of n bytes, with one NUL behind them. */
void *mem_copy(const void *p, size_t n);
/* Gives a copy of s; NULL in, NULL out. */
char *mem_text(const char *s);
/* Gives a formatted string. */
char *mem_format(const char *fmt, ...) PRINTF(1, 2);
/* Frees *p and nulls it. Use as AUTO(mem_free) char *s; pass the address of any object pointer. */
void mem_free(void *pp);

/* A growable byte buffer. Zero-initialise; data is always followed by a NUL not counted in bytes. */
struct buf {
	char *data;
	size_t bytes, room;
};
void buf_add(struct buf *b, const void *p, size_t n);
void buf_text(struct buf *b, const char *s);
void buf_format(struct buf *b, const char *fmt, ...) PRINTF(2, 3);
void buf_clear(struct buf *b);  /* keeps the memory */
void buf_finish(struct buf *b); /* frees it */

#endif
