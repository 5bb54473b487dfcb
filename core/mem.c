/* SPDX-License-Identifier: Apache-2.0 */
/* Allocation for every room. A process that cannot allocate leaves at once: what was acknowledged is on disk. */
#include "mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void *mem_or_leave(void *p)
{
	static const char line[] = "mem out_of_memory\n";

	if (p)
		return p;
	if (write(STDERR_FILENO, line, sizeof(line) - 1) < 0)
		_exit(71);
	_exit(70);
}

void *mem_new(size_t n)
{
	return mem_or_leave(calloc(1, n ? n : 1));
}

void *mem_array(size_t count, size_t size)
{
	return mem_or_leave(calloc(count ? count : 1, size ? size : 1));
}

void *mem_resize(void *p, size_t n)
{
	return mem_or_leave(realloc(p, n ? n : 1));
}

void *mem_copy(const void *p, size_t n)
{
	char *q = mem_or_leave(malloc(n + 1));

	if (n)
		memcpy(q, p, n);
	q[n] = 0;
	return q;
}

char *mem_text(const char *s)
{
	return s ? mem_copy(s, strlen(s)) : NULL;
}

char *mem_format(const char *fmt, ...)
{
	va_list ap;
	char *s = NULL;

	va_start(ap, fmt);
	if (vasprintf(&s, fmt, ap) < 0)
		s = NULL;
	va_end(ap);
	return mem_or_leave(s);
}

void mem_free(void *pp)
{
	void *p;

	memcpy(&p, pp, sizeof(p));
	free(p);
	p = NULL;
	memcpy(pp, &p, sizeof(p));
}

static void buf_reserve(struct buf *b, size_t more)
{
	size_t want = b->bytes + more + 1;

	if (want <= b->room)
		return;
	b->room = want < 256 ? 256 : want * 2;
	b->data = mem_resize(b->data, b->room);
}

void buf_add(struct buf *b, const void *p, size_t n)
{
	buf_reserve(b, n);
	if (n)
		memcpy(b->data + b->bytes, p, n);
	b->bytes += n;
	b->data[b->bytes] = 0;
}

void buf_text(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void buf_format(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	char *s = NULL;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&s, fmt, ap);
	va_end(ap);
	if (n < 0)
		mem_or_leave(NULL);
	buf_add(b, s, (size_t)n);
	free(s);
}

void buf_clear(struct buf *b)
{
	b->bytes = 0;
	if (b->data)
		b->data[0] = 0;
}

void buf_finish(struct buf *b)
{
	free(b->data);
	*b = (struct buf){ 0 };
}
