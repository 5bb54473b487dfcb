/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The book of messages: every message of the bus declared once — name, who may send it, its fields with bounds, its blobs.
 * The router checks what arrives with it, the senders name from it, and doc/wire.md's table is generated from it (book_doc).
 * Frames of a request: one JSON object, then the blobs; of an answer: status, one JSON object, then blobs.
 */
#ifndef QT_BOOK_H
#define QT_BOOK_H

#include "json.h"

enum book_role { BOOK_INTAKE = 1, BOOK_WEB = 2, BOOK_OPEN = 4 };
enum book_flag {
	BOOK_READS = 1,   /* writes nothing that must be durable: answered without an idempotency key */
	BOOK_SESSION = 2, /* an order of a person signed in: "session" is required */
	BOOK_TICKET = 4,  /* "ticket" is required */
	BOOK_CALLER = 8,  /* from a caller's session: "ticket", "auth" and "caller_epoch" are required */
	BOOK_KEY = 16,    /* "key" (hashed idempotency key) is required */
	BOOK_DIGEST = 32, /* "digest" of the canonical plaintext is required */
	BOOK_VERSION = 64,/* "version" is required: the version the sender saw, or -1 for any */
};
struct book_row {
	const char *name;
	unsigned roles, flags;
	const struct json_field *fields; /* beside those the flags name */
	size_t field_count;
	size_t blobs_min, blobs_max;     /* raw frames behind the JSON */
	const char *summary;             /* one English sentence */
};

enum { BOOK_BLOB_BYTES_MAX = 128 * 1024, BOOK_FIELDS_MAX = 32 };

/* The row of a message name; NULL when there is none. Lent for ever. */
const struct book_row *book_find(const char *name, size_t bytes);
/* All rows, in the order of the documentation. */
const struct book_row *book_rows(size_t *count);
/* Checks a request body against its row. 0 fine; 1 refused, *why a gift (one English sentence). */
NODISCARD int book_check(const struct book_row *row, const json_t *body, size_t blobs, char **why);
/* The Markdown tables of doc/wire.md. Gives a string. */
char *book_doc(void);

#endif
