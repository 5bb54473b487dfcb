/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ticket and code: from what was typed to the two halves. The router gives the salt (a fake for an unknown ticket), a pool of its own
 * derives; bounded, so that guessing never slows a new request. Same work and same answer for unknown tickets and wrong codes.
 */
#ifndef QT_INTAKE_CODE_H
#define QT_INTAKE_CODE_H

#include "intake.h"
#include "ticket.h"

struct code_proof {
	char ticket[TICKET_TEXT_BYTES];
	uint8_t uid[SEAL_UID_BYTES];
	struct seal_halves halves;
};
/* done(status): 200 with the proof (lent; not yet checked against the case), 400 malformed or a typing error (check digit), 503 busy or no
 * answer. Called once, maybe at once. */
void code_prove(struct intake *intake, const char *ticket, const char *receipt,
                void (*done)(int status, const struct code_proof *proof, void *ctx), void *ctx);
/* The halves of 20 plain digits for a uid, at this house's cost. Slow; any thread. 0; else as seal_receipt. */
NODISCARD int code_halves(const struct intake *intake, const char *digits, const uint8_t uid[SEAL_UID_BYTES], struct seal_halves *out);

#endif
