/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8 text from people, pure: validity, length in code points, normal form for matching, escaping for HTML. */
#ifndef QT_TEXT_H
#define QT_TEXT_H

#include "mem.h"
#include <stdbool.h>

/* True when n bytes are valid UTF-8 (RFC 3629: no overlongs, no surrogates, ≤ U+10FFFF) without NUL. */
bool text_valid(const char *s, size_t n);
/* Puts a '?' for each byte that is no part of valid UTF-8 and for each control character: for sentences that quote what may be
 * anything, or cut it in the middle of a character. */
void text_repair(char *s);
/* Code points of valid UTF-8. */
size_t text_length(const char *s);
/* True when it holds nothing but white space, format and zero-width characters. */
bool text_blank(const char *s);
/* For matching only; the original is kept: NFKC, case-folded, zero-width/format/bidi characters and combining towers
 * stripped, full-width made half-width, spaces between Han characters removed, other runs of white space made one
 * space. A line break stays as one "\n" (it ends a sentence) unless one of its lines is a character or two written
 * downwards. Takes valid UTF-8 (else gives a plain copy). Gives a string. */
char *text_fold(const char *s);
/* Appends s with & < > " ' escaped. */
void text_html(struct buf *out, const char *s);
/* Constant-time comparison of n bytes. */
bool text_same(const void *a, const void *b, size_t n);
/* Lower-case hex, nothing else. hex_write writes 2n + 1 bytes. hex_read: number of bytes read, 0 when malformed or
 * longer than room (then out is untouched). */
void hex_write(char *out, const void *p, size_t n);
size_t hex_read(const char *hex, void *out, size_t room);

#endif
