/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The caller's session: opening with the code, the token, and the orders that need no words. What a token holds is enough to prove the
 * caller to the router anew each time.
 */
#include "caller.h"

#include "caller_order.h"
#include "clock.h"
#include "code.h"
#include "mem.h"
#include "text.h"
#include <string.h>

struct opening {
	struct intake *intake;
	struct code_proof proof;
	struct caller caller;
	void (*done)(int status, const struct caller *caller, void *ctx);
	void *ctx;
};

static void opened(struct opening *o, int status)
{
	o->done(status, &o->caller, o->ctx);
	seal_wipe(o, sizeof(*o));
	mem_free(&o);
}

static void wrap_given(const struct bus_answer *answer, void *ctx)
{
	struct opening *o = ctx;
	const struct frame *wrap = answer->m && answer->first < answer->m->count ? &answer->m->frame[answer->first] : NULL;

	o->intake->code_wrong += answer->status == 403;
	if (answer->status != 200 || !wrap) {
		opened(o, answer->status == 403 || answer->status == 409 ? answer->status : 503);
		return;
	}
	if (seal_caller_wrap_read(&o->proof.halves, o->proof.uid, wrap->data, wrap->bytes, o->caller.case_key)) {
		opened(o, 403);
		return;
	}
	memcpy(o->caller.ticket, o->proof.ticket, sizeof(o->caller.ticket));
	memcpy(o->caller.uid, o->proof.uid, sizeof(o->caller.uid));
	memcpy(o->caller.auth, o->proof.halves.auth, sizeof(o->caller.auth));
	o->caller.epoch = json_int(answer->body, "caller_epoch", 1);
	o->caller.last_opened_ms = json_int(answer->body, "caller_opened_at", 0);
	o->caller.since_ms = clock_wall_ms();
	opened(o, 200);
}

static void proved(int status, const struct code_proof *proof, void *ctx)
{
	struct opening *o = ctx;
	json_t *body;

	if (status != 200) {
		opened(o, status);
		return;
	}
	o->proof = *proof;
	body = json_pack("{s:s}", "ticket", proof->ticket);
	json_set_hex(body, "auth", proof->halves.auth, sizeof(proof->halves.auth));
	bus_call(o->intake->bus, "intake.open", body, NULL, CALLER_MS, wrap_given, o);
}

void caller_open(struct intake *intake, const char *ticket, const char *receipt,
                 void (*done)(int status, const struct caller *caller, void *ctx), void *ctx)
{
	struct opening *o = mem_new(sizeof(*o));

	o->intake = intake;
	o->done = done;
	o->ctx = ctx;
	code_prove(intake, ticket, receipt, proved, o);
}

char *caller_token(const struct intake *intake, const struct caller *caller)
{
	const struct conf *conf = intake->conf;
	int64_t idle = clock_wall_ms() + conf->caller_idle_ms, whole = caller->since_ms + conf->caller_whole_ms;
	char *text = NULL;

	if (seal_token_write(intake->keys->token, "caller", caller, sizeof(*caller), idle < whole ? idle : whole, &text))
		return mem_text("");
	return text;
}

int caller_from(const struct intake *intake, const char *token, struct caller *out)
{
	char *plain = NULL;
	size_t n = 0;
	int bad;

	if (!token || seal_token_read(intake->keys->token, "caller", token, strlen(token), clock_wall_ms(), &plain, &n))
		return 1;
	bad = n != sizeof(*out);
	if (!bad)
		memcpy(out, plain, sizeof(*out));
	seal_wipe(plain, n);
	mem_free(&plain);
	return bad;
}

/* ---- orders ---------------------------------------------------------------------------------------------------------------- */

struct ordering {
	void (*done)(int status, json_t *answer, void *ctx);
	void *ctx;
};

void caller_proof(const struct caller *caller, json_t *body)
{
	json_object_set_new(body, "ticket", json_string(caller->ticket));
	json_object_set_new(body, "caller_epoch", json_integer(caller->epoch));
	json_set_hex(body, "auth", caller->auth, sizeof(caller->auth));
}

static void ordered(const struct bus_answer *answer, void *ctx)
{
	struct ordering *o = ctx;

	o->done(answer->m ? answer->status : 503, answer->body, o->ctx);
	mem_free(&o);
}

/* Keys of a caller are theirs alone, and apart for each kind of message. */
static void caller_key(const struct intake *intake, const struct caller *caller, const struct caller_letter *letter, unsigned flags)
{
	const char *words = letter->words ? letter->words : "";
	AUTO(mem_free) char *own = NULL;
	struct seal_idem idem;
	uint8_t random[16];
	char fresh[2 * sizeof(random) + 1];

	if (!letter->key) {
		seal_random(random, sizeof(random));
		hex_write(fresh, random, sizeof(random));
	}
	own = mem_format("%s %s %s", caller->ticket, letter->service, letter->key ? letter->key : fresh);
	seal_idem_make(intake->keys->idem, own, strlen(own), words, strlen(words), &idem);
	json_set_hex(letter->body, "key", idem.key, sizeof(idem.key));
	if (flags & BOOK_DIGEST)
		json_set_hex(letter->body, "digest", idem.digest, sizeof(idem.digest));
}

void caller_send(struct intake *intake, const struct caller *caller, const struct caller_letter *letter,
                 void (*done)(int status, json_t *answer, void *ctx), void *ctx)
{
	const struct book_row *row = book_find(letter->service, strlen(letter->service));
	struct ordering *o = mem_new(sizeof(*o));

	o->done = done;
	o->ctx = ctx;
	caller_proof(caller, letter->body);
	if (row->flags & BOOK_KEY)
		caller_key(intake, caller, letter, row->flags);
	bus_call(intake->bus, letter->service, letter->body, letter->blobs, CALLER_MS, ordered, o);
}

void caller_order(struct intake *intake, const struct caller *caller, const char *service, json_t *body, const char *key,
                  void (*done)(int status, json_t *answer, void *ctx), void *ctx)
{
	struct caller_letter letter = { .service = service, .body = body, .key = key };

	caller_send(intake, caller, &letter, done, ctx);
}
