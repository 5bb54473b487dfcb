/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A new request: looked at with the risk rules, sealed on a pool thread, kept by the router, answered. The same idempotency key and body
 * always make the same ticket and receipt, after any crash: nothing is stored here.
 */
#ifndef QT_INTAKE_SUBMIT_H
#define QT_INTAKE_SUBMIT_H

#include "intake.h"
#include "ticket.h"

enum { SUBMIT_TEXT_MAX = 20000, SUBMIT_KEY_MIN = 22, SUBMIT_KEY_MAX = 128 };

struct submitted {
	int status;               /* 201; else see code */
	const char *code, *detail;/* of a refusal; detail NULL: try again later */
	char ticket[TICKET_TEXT_BYTES], receipt[RECEIPT_TEXT_BYTES], state[24];
	bool crisis;              /* the words or the tick say: show help at once (level 2 or more) */
	int64_t reply_by;
};
/* request: the checked JSON body of POST /api/v1/requests (submit_check), taken. key: the caller's idempotency key; NULL makes one.
 * done is called once, on the loop; what it gets is lent. Also when it could not be kept: crisis is still told. */
void submit(struct intake *intake, json_t *request, const char *key,
            void (*done)(const struct submitted *s, void *ctx), void *ctx);
/* Checks a request body. 0; 1 refused, *why a gift: a sentence naming the field. */
NODISCARD int submit_check(const struct intake *intake, const json_t *request, char **why);
/* The same for POST …/ticket/facts: the optional facts, "self_harm", "show_own". */
NODISCARD int submit_check_facts(const struct intake *intake, const json_t *facts, char **why);
/* The facts of a checked request as the bus carries them. Gives. */
json_t *submit_facts(const json_t *request);
/* The body of intake.facts from a checked POST …/ticket/facts. Gives. */
json_t *submit_facts_body(const json_t *facts);
/* What the rules say of words and tick together, 0–3. */
int submit_risk(const struct intake *intake, const char *text, const char *self_harm, const char *desk);
/* The tick as a floor: yes 2, unsure 1, else 0. */
int submit_tick(const char *self_harm);
/* Hits as the bus carries them: rule, risk, how they are said; no words. Gives. */
json_t *hits_json(const struct screen_result *result);

#endif
