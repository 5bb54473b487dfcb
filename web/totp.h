/* SPDX-License-Identifier: Apache-2.0 */
/* Time-based one-time passwords (RFC 6238, SHA-1, 6 digits, 30 s, window ±1) by liboath; only totp.c includes it. */
#ifndef QT_WEB_TOTP_H
#define QT_WEB_TOTP_H

#include "session.h"

enum { TOTP_SECRET_BYTES = 20 };

/* Checks a code of a person whose secret is open. 0 and *step (the time step used; a step is good once); 1 wrong or
 * used. */
NODISCARD int totp_check(const struct staff_row *staff, const uint8_t person[SEAL_KEY_BYTES], const char *code,
                         int64_t *step);
/* Seals a TOTP secret for the staff row; out has SEAL_BOX_BYTES(TOTP_SECRET_BYTES). */
void totp_seal(const char *user, const uint8_t person[SEAL_KEY_BYTES], const uint8_t secret[TOTP_SECRET_BYTES],
               uint8_t *out);

#endif
