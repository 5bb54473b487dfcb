/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words of a case: its keys, opened with a desk's key of the person signed in, and the sealing and opening of what
 * was written. Keys live for the length of one request, on the caller's memory, and are wiped by words_wipe.
 */
#ifndef QT_WEB_WORDS_H
#define QT_WEB_WORDS_H

#include "json.h"
#include "session.h"

enum { WORDS_NOTE_KEYS_MAX = 8, WORDS_TEXT_MAX = 20000 };
enum words_outcome {
	WORDS_LOCKED = 1, /* no key of the person opens it */
	WORDS_DAMAGED,    /* altered, moved, or not ours */
};
struct words {
	uint8_t uid[SEAL_UID_BYTES];
	uint8_t case_key[SEAL_KEY_BYTES];
	bool open;
	size_t notes;
	struct words_note {
		uint32_t number;
		uint8_t key[SEAL_KEY_BYTES];
	} note[WORDS_NOTE_KEYS_MAX]; /* the first one is written with */
};

/* Opens every wrap of the case that a desk key of the person opens. 0; WORDS_LOCKED; < 0. */
NODISCARD int words_open(struct who *who, const struct case_row *row, struct words *out);
void words_wipe(struct words *words);
/* The text of a message, as a JSON string. 0; WORDS_LOCKED (its note key is another desk's), WORDS_DAMAGED. */
NODISCARD int words_read(const struct words *words, const struct who *who, const struct message_row *m, json_t **text);
/* Seals text for the case under the person's pen; the blob is appended to out, *note_key the number it was sealed with
 * (0: the case key). 0, WORDS_LOCKED or SEAL_TOO_LONG. */
NODISCARD int words_write(const struct words *words, const struct who *who, enum seal_kind kind, uint64_t message_id,
                          const char *text, struct buf *out, uint32_t *note_key);
/* Wraps the case's keys for a desk. out has SEAL_WRAP_CASE_BYTES. 0; 1: the desk has no public key, or we have no epoch
 * yet. */
NODISCARD int words_wrap(const struct words *words, struct web *web, const struct desk_row *desk, uint8_t *out);

/* An id for what this request seals: the same for an honest retry (same Idempotency-Key and text), else random. */
uint64_t words_id(struct http_req *req, const char *text);
void words_set_id(json_t *body, const char *name, uint64_t id);
uint64_t words_get_id(const uint8_t id[STORE_KEY_ID_BYTES]);
/* Contact details as lines a person reads. Gives. */
char *words_contact(const char *lang, const json_t *contact);
/* JSON texts are wiped when they are freed: they may be words. Once, at start. */
void words_guard_memory(void);

#endif
