/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ticket (public number) and receipt (secret), pure.
 * Ticket: row id (1 … 2^35 - 1) through a keyed 35-bit permutation, 7 symbols of Crockford base32 and a check symbol
 * (Luhn mod 32, ISO/IEC 7812-1 generalised): "YT-XXXX-XXXX". Receipt: 20 digits in five groups of four, the last a Damm
 * check digit (Damm 2004), 63 bits.
 */
#ifndef QT_TICKET_H
#define QT_TICKET_H

#include "macros.h"
#include <stdbool.h>
#include <stdint.h>

enum { TICKET_TEXT_BYTES = 13, TICKET_KEY_BYTES = 16, RECEIPT_TEXT_BYTES = 25, RECEIPT_DIGITS = 20 };

void ticket_write(const uint8_t key[TICKET_KEY_BYTES], int64_t id, char out[TICKET_TEXT_BYTES]);
enum ticket_outcome { TICKET_MALFORMED = 1, TICKET_BAD_CHECK };
/* Accepts what people type: any case, spaces, dashes or none, full-width, O→0, I/L→1, with or without "YT"; at most
 * 64 bytes. ticket_tidy gives the canonical text without the key (checks symbol only); ticket_read the row id, which
 * no case may have (0 is one of the numbers a typed ticket can mean): an unknown ticket is found out by looking,
 * like any other. The check symbol catches every single wrong symbol and every adjacent swap but 0 with Z (as 0 with
 * 9 in Luhn's own). */
NODISCARD int ticket_tidy(const char *typed, char out[TICKET_TEXT_BYTES]);
NODISCARD int ticket_read(const uint8_t key[TICKET_KEY_BYTES], const char *typed, int64_t *id);

/* From 8 derived bytes (little-endian): 19 digits (value mod 10^19) + check digit, "1234 5678 9012 3456 7890". */
void receipt_write(const uint8_t seed[8], char out[RECEIPT_TEXT_BYTES]);
enum receipt_outcome { RECEIPT_MALFORMED = 1, RECEIPT_BAD_CHECK };
/* Accepts spaces, dashes, full-width digits, O→0, I/l→1; at most 128 bytes. Gives the 20 plain digits + NUL. */
NODISCARD int receipt_tidy(const char *typed, char digits[RECEIPT_DIGITS + 1]);
/* Splits "ticket and receipt pasted into one field", in either order, with or without labels; at most 256 bytes. 0
 * both found with right check symbols; 1 not. */
NODISCARD int receipt_split(const char *pasted, char ticket[TICKET_TEXT_BYTES], char digits[RECEIPT_DIGITS + 1]);

#endif
