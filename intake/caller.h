/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A caller who has come back with ticket and code. Their session is a token sealed by this process (30 min idle, 4 h in all): it holds the
 * case key, so nothing is kept here and a restart ends nobody's session.
 */
#ifndef QT_INTAKE_CALLER_H
#define QT_INTAKE_CALLER_H

#include "intake.h"
#include "ticket.h"

struct caller {
	char ticket[TICKET_TEXT_BYTES];
	uint8_t uid[SEAL_UID_BYTES], case_key[SEAL_KEY_BYTES], auth[32];
	int64_t epoch;          /* caller_epoch: an exit ends every session of the ticket */
	int64_t since_ms;       /* when this session began: own words from then on are shown */
	int64_t last_opened_ms; /* when the ticket was opened before; 0 never */
};

/* Opens a ticket. done(status): 200 with the caller (lent), 400 a typing error, 403 they do not fit (or no such ticket), 409 the words are
 * destroyed, 503 busy or no answer. */
void caller_open(struct intake *intake, const char *ticket, const char *receipt,
                 void (*done)(int status, const struct caller *caller, void *ctx), void *ctx);
/* The token; gives. A fresh one goes with every answer, its idle time anew. */
char *caller_token(const struct intake *intake, const struct caller *caller);
/* 0; 1 malformed, forged or ended by time. */
NODISCARD int caller_from(const struct intake *intake, const char *token, struct caller *out);

/* The ticket as GET /api/v1/ticket shows it (replies opened, times to the minute: what was rounded down, what will be up), and for the
 * pages "high_risk": help stands there again when they come back. done(status, view): view lent, NULL unless 200.
 * 401: this session was ended. after: messages with n > after only; -1 all. */
void caller_view(struct intake *intake, const struct caller *caller, int64_t after,
                 void (*done)(int status, json_t *view, void *ctx), void *ctx);
/* Writes back. done(status, answer): 201 {"n","crisis","reply_by"}; lent. key: idempotency key or NULL. */
void caller_say(struct intake *intake, const struct caller *caller, const char *text, const char *key,
                void (*done)(int status, json_t *answer, void *ctx), void *ctx);
/* Any other message of the caller's book (intake.withdraw, .erase, .erase_stop, .facts, .exit, .another, .live, .rate): body taken, the
 * proof is added. key: idempotency key or NULL. done gets the router's answer, {} when there is none. */
void caller_order(struct intake *intake, const struct caller *caller, const char *service, json_t *body, const char *key,
                  void (*done)(int status, json_t *answer, void *ctx), void *ctx);
/* A complaint, sealed to the oversight pair. done(status, answer): 201 {"crisis"}; lent. key as above. */
void caller_complain(struct intake *intake, const struct caller *caller, const char *text, const char *key,
                     void (*done)(int status, json_t *answer, void *ctx), void *ctx);

#endif
