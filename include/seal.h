/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sealing door (libsodium; only core/seal*.c include sodium.h): everything keys.md asks for, on caller's
 * memory, so a room never meets a primitive. Every decoder takes any bytes and gives an outcome, never a crash.
 * All functions may be called from any thread; an opener, a book and a hash belong to one thread at a time, an
 * epoch may be shared. Integers inside sealed things are big-endian.
 */
#ifndef QT_SEAL_H
#define QT_SEAL_H

#include "macros.h"
#include "mem.h"
#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	SEAL_KEY_BYTES = 32,
	SEAL_UID_BYTES = 16,
	SEAL_MAC_BYTES = 16,
	SEAL_NAME_BYTES = 48,          /* a target's name with its NUL */
	SEAL_TOKEN_TEXT_BYTES = 44,    /* 32 bytes in base64url with the NUL */
	SEAL_CODE_BYTES = 27,          /* 26 base32 symbols with the NUL */
	SEAL_CODE_TEXT_BYTES = 33,     /* the same in groups for a sheet of paper, with the NUL */
	SEAL_WORDS_MAX = 192 * 1024,   /* plaintext of one blob */
	SEAL_SECRET_TEXT_MAX = 1024,   /* bytes of a password */
	SEAL_TOKEN_MAX = 120 * 1024,   /* text of a token or a draft */
};

enum seal_outcome {
	SEAL_DAMAGED = 1,   /* authentication failed: altered, moved, or sealed for another key */
	SEAL_MALFORMED,     /* not even the shape of such a thing; unknown format byte */
	SEAL_TOO_LONG,
	SEAL_EXPIRED,
	SEAL_FORGED,        /* an epoch whose signature is not of a known sealer */
	SEAL_NO_EPOCH,      /* the wrap's epoch is not in the book: fetch its row, seal_book_add, try again */
	SEAL_OTHER_KEY,     /* the wrap is for another generation than the opener's */
};

/* Once, before anything else, in every process. < 0: libsodium cannot work here. */
NODISCARD int seal_init(void);

/* ---- primitives (seal.c) ---------------------------------------------------------------------------------- */

void seal_random(void *out, size_t n);
/* Random, 1 … 2^63 - 1: ids of messages (fits a column and JSON). */
uint64_t seal_random_id(void);
/* Constant time. */
bool seal_same(const void *a, const void *b, size_t n);
void seal_wipe(void *p, size_t n);

/* Guarded memory outside core dumps and swap, for the few secrets that live long; zeroed. Where the kernel
 * refuses to lock pages it still gives the memory and logs one warning per process. seal_locked_free wipes;
 * takes the address of the pointer. */
void *seal_locked_new(size_t n);
void seal_locked_free(void *pp);

/* BLAKE2b of label and data, 16..64 bytes; key (32 bytes) may be NULL. Labels keep uses apart. */
void seal_hash(void *out, size_t n, const uint8_t *key, const char *label, const void *data, size_t bytes);
struct seal_hash { /* incremental, the same value; opaque */
	alignas(64) uint8_t state[384];
	size_t n;
};
void seal_hash_begin(struct seal_hash *h, size_t n, const uint8_t *key, const char *label);
void seal_hash_add(struct seal_hash *h, const void *data, size_t bytes);
void seal_hash_end(struct seal_hash *h, void *out); /* n bytes; wipes h */
/* A subkey (16..64 bytes) of a 32-byte key; context: exactly 8 characters. */
void seal_subkey(const uint8_t key[SEAL_KEY_BYTES], uint64_t id, const char *context, void *out, size_t n);

/* base64url without padding. write: out has room for SEAL_BASE64_BYTES(n). read: strict; 0, SEAL_MALFORMED,
 * SEAL_TOO_LONG. */
#define SEAL_BASE64_BYTES(n) (((n) * 4 + 2) / 3 + 1)
void seal_base64_write(char *out, const void *p, size_t n);
NODISCARD int seal_base64_read(const char *text, size_t text_bytes, void *out, size_t room, size_t *bytes);

struct seal_pair { /* X25519 */
	uint8_t public[SEAL_KEY_BYTES], secret[SEAL_KEY_BYTES];
};
void seal_pair_new(struct seal_pair *out);
void seal_pair_from(const uint8_t secret[SEAL_KEY_BYTES], struct seal_pair *out);

/* Symmetric AEAD for small secrets at rest. purpose is a word that keeps uses apart ("caller", "person",
 * "session"); subject (may be empty) is what it belongs to, authenticated. out has room for SEAL_BOX_BYTES(n). */
#define SEAL_BOX_BYTES(n) (1 + 24 + (n) + 16)
void seal_box_write(const uint8_t key[SEAL_KEY_BYTES], const char *purpose, const void *subject, size_t subject_bytes,
                    const void *plain, size_t n, uint8_t *out);
/* 0 done: exactly n plain bytes; SEAL_DAMAGED, SEAL_MALFORMED (other length or format). */
NODISCARD int seal_box_read(const uint8_t key[SEAL_KEY_BYTES], const char *purpose, const void *subject,
                            size_t subject_bytes, const uint8_t *box, size_t box_bytes, void *plain, size_t n);

/* ---- a case's secrets (seal_case.c) ----------------------------------------------------------------------- */

enum { SEAL_NOTE_NUMBER_FIRST = 1 };
struct seal_case {
	uint8_t case_key[SEAL_KEY_BYTES], note_key[SEAL_KEY_BYTES];
	uint32_t note_number;
	uint8_t uid[SEAL_UID_BYTES];
	uint8_t receipt_seed[8]; /* for receipt_write of ticket.h */
};
/* The same key and body always make the same case, so an honest retry finds its receipt again. After a change of
 * the replay key the router's first answer names the first uid: when it differs from ours, derive with the
 * previous replay key. Wipe when done. */
void seal_case_derive(const uint8_t replay_key[SEAL_KEY_BYTES], const void *idempotency_key, size_t key_bytes,
                      const void *canonical_body, size_t body_bytes, struct seal_case *out);
/* The bus metadata: hashed key and digest of the canonical plaintext request. */
struct seal_idem {
	uint8_t key[32], digest[32];
};
void seal_idem_make(const uint8_t idem_key[SEAL_KEY_BYTES], const void *idempotency_key, size_t key_bytes,
                    const void *canonical_body, size_t body_bytes, struct seal_idem *out);
/* A further note key for a case whose note key we do not hold: random key, random number ≥ 2. */
void seal_note_key_new(uint8_t note_key[SEAL_KEY_BYTES], uint32_t *note_number);
/* 16 bytes for an unknown ticket or user that look and stay like a real uid or salt. label "uid" or "salt". */
void seal_fake(const uint8_t key[SEAL_KEY_BYTES], const char *label, const char *name, uint8_t out[SEAL_UID_BYTES]);

/* What a desk wrap carries: 68 bytes. */
enum { SEAL_DESK_PAYLOAD_BYTES = 68 };
void seal_desk_payload_write(const struct seal_case *c, uint8_t out[SEAL_DESK_PAYLOAD_BYTES]);
/* Fills case_key, note_key, note_number; leaves the rest. */
void seal_desk_payload_read(const uint8_t in[SEAL_DESK_PAYLOAD_BYTES], struct seal_case *c);

/* ---- words (seal_blob.c) ---------------------------------------------------------------------------------- */

/* X(ID, word, one-byte code, key context, parent: CASE or NOTE key) */
#define SEAL_KINDS(X)                                                                                                  \
	X(MESSAGE, "message", 1, "qtcaller", CASE) X(REPLY, "reply", 2, "qtreply_", CASE)                              \
	X(NOTE, "note", 3, "qtnote__", NOTE) X(CONTACT, "contact", 4, "qtnote__", NOTE)                                \
	X(SUMMARY, "summary", 5, "qtnote__", NOTE) X(REFERRAL, "referral", 6, "qtnote__", NOTE)                        \
	X(DRAFT, "draft", 7, "qtnote__", NOTE) X(SCALE, "scale", 8, "qtnote__", NOTE)                                  \
	X(REASON, "reason", 9, "qtnote__", NOTE) X(RATING, "rating", 10, "qtcaller", CASE)                             \
	X(COMPLAINT, "complaint", 11, "qtcaller", CASE) X(FILE, "file", 12, "qtcaller", CASE)
enum seal_kind {
#define X(id, word, code, context, parent) SEAL_##id = code,
	SEAL_KINDS(X)
#undef X
};
/* NULL / 0 when there is none. */
const char *seal_kind_text(enum seal_kind kind);
enum seal_kind seal_kind_parse(const char *word);
bool seal_kind_wants_note_key(enum seal_kind kind);

/* Where a blob belongs. It opens nowhere else and under no other author. */
struct seal_place {
	const uint8_t *uid;   /* SEAL_UID_BYTES */
	uint64_t message;     /* seal_random_id() at writing; also derives the message key; the row keeps it */
	enum seal_kind kind;
	const char *author;   /* "caller", "person:17", "system"; at most 64 bytes */
	uint32_t key_number;  /* note kinds: number of the note key; else 0 */
};
/* parent: the case key, or the note key for the kinds that want it. */
void seal_message_key(const uint8_t parent[SEAL_KEY_BYTES], const struct seal_place *place,
                      uint8_t out[SEAL_KEY_BYTES]);
/* Appends a blob to out: padded to 256 B, then XChaCha20-Poly1305. 0 or SEAL_TOO_LONG. */
NODISCARD int seal_blob_write(const uint8_t parent[SEAL_KEY_BYTES], const struct seal_place *place, const void *words,
                              size_t bytes, struct buf *out);
/* Opens into *words, a gift of *bytes bytes with a NUL behind (wipe with seal_wipe before freeing, or
 * seal_words_free). 0, SEAL_DAMAGED, SEAL_MALFORMED. */
NODISCARD int seal_blob_read(const uint8_t parent[SEAL_KEY_BYTES], const struct seal_place *place, const void *blob,
                             size_t blob_bytes, char **words, size_t *bytes);
/* The same with the message key itself (the worker holds no other). */
NODISCARD int seal_blob_read_with(const uint8_t message_key[SEAL_KEY_BYTES], const struct seal_place *place,
                                  const void *blob, size_t blob_bytes, char **words, size_t *bytes);
/* What stands in the open at the front of a blob, unauthenticated until it was read. 0 or SEAL_MALFORMED. */
NODISCARD int seal_blob_head(const void *blob, size_t blob_bytes, uint32_t *key_number, uint64_t *message);
/* Sealed size of n words. */
size_t seal_blob_bytes(size_t n);
/* Wipes bytes bytes, frees, nulls; accepts NULL. */
void seal_words_free(char **words, size_t bytes);

/* ---- sealer identities and epochs (seal_epoch.c) ---------------------------------------------------------- */

struct seal_identity { /* Ed25519; name "intake" or "web" */
	char name[16];
	uint8_t public[32], secret[64];
};
/* From the 32-byte seed of the key file. */
void seal_identity_from(const char *name, const uint8_t seed[32], struct seal_identity *out);

enum { SEAL_SIGNATURE_BYTES = 64 };
/* As stored; number is unique over all sealers and restarts and grows with time. made_at_ms is not
 * signed: a worker does not get it. */
struct seal_epoch_row {
	char sealer[16];
	int64_t number, made_at_ms;
	uint8_t public[SEAL_KEY_BYTES], signature[SEAL_SIGNATURE_BYTES];
};
struct seal_epoch; /* the secret half, in locked memory */
/* Gives a new pair, signed. Make one at start and every epoch_ms; the row must be committed before (or with) the
 * first wrap. */
struct seal_epoch *seal_epoch_new(const struct seal_identity *who, int64_t now_ms);
const struct seal_epoch_row *seal_epoch_row(const struct seal_epoch *epoch); /* lends */
/* Sharing with threads: hold gives the same epoch again; drop wipes it when the last one lets go. */
struct seal_epoch *seal_epoch_hold(struct seal_epoch *epoch);
void seal_epoch_drop(struct seal_epoch **epoch);

/* The verified epochs of known sealers, for readers. Bounded: a full one forgets and wants them again. */
struct seal_book;
struct seal_book *seal_book_new(void);
void seal_book_trust(struct seal_book *book, const char *sealer, const uint8_t public[32]);
/* 0 known now; SEAL_FORGED: unknown sealer or wrong signature; nothing was kept. */
NODISCARD int seal_book_add(struct seal_book *book, const struct seal_epoch_row *row);
bool seal_book_knows(const struct seal_book *book, int64_t number);
void seal_book_free(struct seal_book **book);

/* ---- wraps (seal_wrap.c) ---------------------------------------------------------------------------------- */

/* What is wrapped; authenticated, so one cannot pass for another. */
enum seal_cargo {
	SEAL_CARGO_CASE = 1, /* SEAL_DESK_PAYLOAD_BYTES: case key ‖ note key ‖ note key number */
	SEAL_CARGO_MESSAGE,  /* 32: one message key, for a worker */
	SEAL_CARGO_SECRET,   /* 32: the secret of a desk, oversight or backup pair, for a person or the recovery pair */
};
/* Names: "desk:<site>.<kind>", "worker:<kind>", "person:<id>", "oversight:<site>", "backup", "recovery". */
struct seal_target {
	char name[SEAL_NAME_BYTES];
	uint32_t generation;
	uint8_t public[SEAL_KEY_BYTES];
};
#define SEAL_WRAP_BYTES(n) (1 + 1 + 4 + 8 + 24 + (n) + 16)
enum {
	SEAL_WRAP_CASE_BYTES = SEAL_WRAP_BYTES(SEAL_DESK_PAYLOAD_BYTES),
	SEAL_WRAP_KEY_BYTES = SEAL_WRAP_BYTES(SEAL_KEY_BYTES),
	SEAL_WRAP_BYTES_MAX = SEAL_WRAP_CASE_BYTES,
};
/* Bytes of a cargo (0: no such cargo) and of its wrap. */
size_t seal_cargo_bytes(enum seal_cargo cargo);
/* Writes SEAL_WRAP_BYTES(seal_cargo_bytes(cargo)) bytes. uid: the case, or seal_uid_of a name for CARGO_SECRET.
 * The agreement with a target is cached in the epoch. 0, or SEAL_MALFORMED: the target's public half is no key. */
NODISCARD int seal_wrap_write(struct seal_epoch *epoch, const struct seal_target *target,
                              const uint8_t uid[SEAL_UID_BYTES], enum seal_cargo cargo, const void *payload,
                              uint8_t *out);
/* The open head of a wrap: which cargo, generation and epoch. For the router's checks (it cannot check more). 0
 * or SEAL_MALFORMED. */
struct seal_wrap_head {
	enum seal_cargo cargo;
	uint32_t generation;
	int64_t epoch;
};
NODISCARD int seal_wrap_head(const void *wrap, size_t bytes, struct seal_wrap_head *out);
/* The uid a CARGO_SECRET is bound to: a hash of what it is the secret of, e.g. "desk:450100.psych", and its
 * generation. */
void seal_uid_of(const char *name, uint32_t generation, uint8_t uid[SEAL_UID_BYTES]);

/* Who opens: one secret under its name and generation, with the agreements it has made (locked memory). */
struct seal_opener;
struct seal_opener *seal_opener_new(const char *name, uint32_t generation, const uint8_t secret[SEAL_KEY_BYTES]);
const char *seal_opener_name(const struct seal_opener *opener);
uint32_t seal_opener_generation(const struct seal_opener *opener);
/* Lends the secret (to wrap it to a new member). */
const uint8_t *seal_opener_secret(const struct seal_opener *opener);
void seal_opener_free(struct seal_opener **opener);
/* Writes seal_cargo_bytes(cargo) bytes. 0, SEAL_DAMAGED, SEAL_MALFORMED, SEAL_NO_EPOCH, SEAL_OTHER_KEY. */
NODISCARD int seal_wrap_read(struct seal_opener *opener, const struct seal_book *book,
                             const uint8_t uid[SEAL_UID_BYTES], enum seal_cargo cargo, const void *wrap, size_t bytes,
                             void *payload);

/* ---- receipts, passwords, recovery codes (seal_kdf.c) ----------------------------------------------------- */

struct seal_halves {
	uint8_t auth[32]; /* goes to the router */
	uint8_t wrap[32]; /* opens; never leaves the process */
};
struct seal_cost { /* Argon2id; lowest lawful 8192 bytes, 1 pass */
	size_t bytes;
	int passes;
};
/* BLAKE2b-512(pepper, Argon2id(secret, salt)). Slow by intent: bounded queue, own threads. Equal work for
 * whoever does not exist: use seal_fake for uid or salt. 0; SEAL_TOO_LONG (password over 1024 bytes),
 * SEAL_MALFORMED (empty); < 0 no memory. */
NODISCARD int seal_receipt(const char *digits, const uint8_t uid[SEAL_UID_BYTES], const uint8_t pepper[SEAL_KEY_BYTES],
                           struct seal_cost cost, struct seal_halves *out);
NODISCARD int seal_password(const char *password, size_t bytes, const uint8_t salt[SEAL_UID_BYTES],
                            const uint8_t pepper[SEAL_KEY_BYTES], struct seal_cost cost, struct seal_halves *out);
/* A recovery code, 26 symbols of Crockford base32, 130 bits. text: groups for paper. tidy: any case, spaces,
 * dashes, O→0, I/L→1. */
void seal_code_new(char code[SEAL_CODE_BYTES]);
void seal_code_text(const char code[SEAL_CODE_BYTES], char text[SEAL_CODE_TEXT_BYTES]);
NODISCARD int seal_code_tidy(const char *typed, size_t bytes, char code[SEAL_CODE_BYTES]);
/* For a person: the same KDF as a password, apart from it. */
NODISCARD int seal_code(const char code[SEAL_CODE_BYTES], const uint8_t salt[SEAL_UID_BYTES],
                        const uint8_t pepper[SEAL_KEY_BYTES], struct seal_cost cost, struct seal_halves *out);
/* For the house: the recovery pair itself, from the sheet alone. */
void seal_code_pair(const char code[SEAL_CODE_BYTES], struct seal_pair *out);
/* What is stored of an auth half or a session id, and its constant-time check. */
void seal_auth_hash(const uint8_t auth[32], uint8_t stored[32]);
bool seal_auth_check(const uint8_t auth[32], const uint8_t stored[32]);

/* The caller wrap: the case key under the wrap half. */
enum { SEAL_CALLER_WRAP_BYTES = SEAL_BOX_BYTES(SEAL_KEY_BYTES) };
void seal_caller_wrap_write(const struct seal_halves *h, const uint8_t uid[SEAL_UID_BYTES],
                            const uint8_t case_key[SEAL_KEY_BYTES], uint8_t out[SEAL_CALLER_WRAP_BYTES]);
NODISCARD int seal_caller_wrap_read(const struct seal_halves *h, const uint8_t uid[SEAL_UID_BYTES], const void *wrap,
                                    size_t bytes, uint8_t case_key[SEAL_KEY_BYTES]);
/* A person's secret under the wrap half of password ("password") or code ("code"). */
enum { SEAL_PERSON_BOX_BYTES = SEAL_BOX_BYTES(SEAL_KEY_BYTES) };
void seal_person_box_write(const struct seal_halves *h, const char *by, const char *person,
                           const uint8_t secret[SEAL_KEY_BYTES], uint8_t out[SEAL_PERSON_BOX_BYTES]);
NODISCARD int seal_person_box_read(const struct seal_halves *h, const char *by, const char *person, const void *box,
                                   size_t bytes, uint8_t secret[SEAL_KEY_BYTES]);

/* ---- sessions, tokens, drafts (seal_token.c) -------------------------------------------------------------- */

struct seal_session {
	char token[SEAL_TOKEN_TEXT_BYTES];  /* the cookie */
	char csrf[SEAL_TOKEN_TEXT_BYTES];
	uint8_t sid[32];                    /* named in orders; the router stores seal_auth_hash(sid) */
	uint8_t keys[32];                   /* seals the person's keyring (seal_box "session") */
};
void seal_session_new(const uint8_t web_secret[SEAL_KEY_BYTES], struct seal_session *out);
/* From a cookie's value. 0 or SEAL_MALFORMED. */
NODISCARD int seal_session_from(const char *token, const uint8_t web_secret[SEAL_KEY_BYTES], struct seal_session *out);

/* Anything a page carries for us (drafts in a hidden field, caller tokens): sealed text with an absolute end.
 * purpose as for a box. */
NODISCARD int seal_token_write(const uint8_t key[SEAL_KEY_BYTES], const char *purpose, const void *plain, size_t n,
                               int64_t ends_at_ms, char **text); /* gives; 0 or SEAL_TOO_LONG */
/* Gives plain, a NUL behind it. 0, SEAL_DAMAGED, SEAL_MALFORMED, SEAL_TOO_LONG, SEAL_EXPIRED. */
NODISCARD int seal_token_read(const uint8_t key[SEAL_KEY_BYTES], const char *purpose, const char *text,
                              size_t text_bytes, int64_t now_ms, char **plain, size_t *n);

/* What a caller's token holds. ends_at_ms = min(since + whole, now + idle): the page gets a fresh one with each
 * answer. */
struct seal_caller {
	uint8_t uid[SEAL_UID_BYTES], case_key[SEAL_KEY_BYTES], auth[32];
	int64_t epoch;    /* caller_epoch of the case */
	int64_t since_ms; /* when it was opened */
};
enum { SEAL_CALLER_TEXT_BYTES = SEAL_BASE64_BYTES(SEAL_BOX_BYTES(8 + 96)) };
void seal_caller_write(const uint8_t key[SEAL_KEY_BYTES], const struct seal_caller *c, int64_t ends_at_ms,
                       char text[SEAL_CALLER_TEXT_BYTES]);
NODISCARD int seal_caller_read(const uint8_t key[SEAL_KEY_BYTES], const char *text, size_t text_bytes, int64_t now_ms,
                               struct seal_caller *out);

/* ---- row MACs (seal_mac.c) -------------------------------------------------------------------------------- */

/* Keyed BLAKE2b-128 over the table's name, its layout version and every column in order; each value with its
 * type and length, so no two rows share an encoding. */
struct seal_mac {
	struct seal_hash hash;
};
void seal_mac_begin(struct seal_mac *m, const uint8_t key[SEAL_KEY_BYTES], const char *table, uint32_t version);
void seal_mac_int(struct seal_mac *m, int64_t v);
void seal_mac_text(struct seal_mac *m, const char *s); /* NULL: as seal_mac_null */
void seal_mac_blob(struct seal_mac *m, const void *p, size_t n);
void seal_mac_null(struct seal_mac *m);
void seal_mac_end(struct seal_mac *m, uint8_t out[SEAL_MAC_BYTES]);
/* Ends and compares in constant time. */
bool seal_mac_check(struct seal_mac *m, const void *stored, size_t bytes);
/* The public row of a person, under the key only web holds. */
void seal_person_mac(const uint8_t key[SEAL_KEY_BYTES], const char *person, uint32_t generation,
                     const uint8_t public[SEAL_KEY_BYTES], uint8_t out[SEAL_MAC_BYTES]);

#endif
