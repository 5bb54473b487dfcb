/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Proves a ticket's code towards the router: tidy what was typed, ask for the salt, derive on the bounded pool. Knows nothing of cases.
 */
#include "code.h"

#include "json.h"
#include "mem.h"
#include <string.h>

enum { SALT_MS = 8000 };

struct proving {
	struct intake *intake;
	struct code_proof proof;
	char digits[RECEIPT_DIGITS + 1];
	int failed;
	void (*done)(int status, const struct code_proof *proof, void *ctx);
	void *ctx;
};

int code_halves(const struct intake *intake, const char *digits, const uint8_t uid[SEAL_UID_BYTES], struct seal_halves *out)
{
	struct seal_cost cost = { (size_t)intake->conf->kdf_receipt_bytes, intake->conf->kdf_receipt_passes };

	return seal_receipt(digits, uid, intake->keys->pepper, cost, out);
}

static void proved(struct proving *p, int status)
{
	p->done(status, &p->proof, p->ctx);
	seal_wipe(p, sizeof(*p));
	mem_free(&p);
}

static void derive(void *ctx)
{
	struct proving *p = ctx;

	p->failed = code_halves(p->intake, p->digits, p->proof.uid, &p->proof.halves);
}

static void derived(void *ctx)
{
	struct proving *p = ctx;

	proved(p, p->failed ? 503 : 200);
}

static void salted(const struct bus_answer *answer, void *ctx)
{
	struct proving *p = ctx;

	if (answer->status != 200 || json_hex(answer->body, "uid", p->proof.uid, sizeof(p->proof.uid)) != sizeof(p->proof.uid))
		proved(p, 503);
	else if (pool_run(p->intake->kdf, derive, derived, p))
		proved(p, 503);
	else
		p->intake->code_checks++;
}

void code_prove(struct intake *intake, const char *ticket, const char *receipt,
                void (*done)(int status, const struct code_proof *proof, void *ctx), void *ctx)
{
	struct proving *p = mem_new(sizeof(*p));

	p->intake = intake;
	p->done = done;
	p->ctx = ctx;
	if (ticket_tidy(ticket, p->proof.ticket) || receipt_tidy(receipt, p->digits)) {
		proved(p, 400);
		return;
	}
	bus_call(intake->bus, "intake.key", json_pack("{s:s}", "ticket", p->proof.ticket), NULL, SALT_MS, salted, p);
}
