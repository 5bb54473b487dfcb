/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Plain JSON: objects, lists, whole numbers, and texts without an escape — nearly all that passes between our processes, and what
 * jansson takes a hundred instructions a byte for. Whatever is not plain, or not right, is left to jansson, which decides.
 * For json.c alone.
 */
#ifndef QT_JSON_PLAIN_H
#define QT_JSON_PLAIN_H

#include <jansson.h>
#include <stddef.h>

/* Gives an object that jansson would have read the same; NULL: not plain, which says nothing about whether it is right. */
json_t *json_plain_read(const char *bytes, size_t n);
/* Gives compact text, byte for byte jansson's; NULL: not plain. */
char *json_plain_write(const json_t *value);

#endif
