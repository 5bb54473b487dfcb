/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words of a caller who has come back: writing back, complaining. Each message has a key of its own; a wrap for the psych desk rides
 * along with what is written, and is kept only if screening finds a crisis. Whatever becomes of the words, whether they call for help
 * is told.
 */
#include "caller.h"

#include "caller_order.h"
#include "house.h"
#include "mem.h"
#include "minute.h"
#include "submit.h"
#include <stdio.h>
#include <string.h>

struct saying {
	int crisis;
	void (*done)(int status, json_t *answer, void *ctx);
	void *ctx;
};

static void said(int status, json_t *answer, void *ctx)
{
	struct saying *s = ctx;
	json_t *out = status == 201 ? json_pack("{s:O, s:b}", "n", json_object_get(answer, "n"), "crisis", s->crisis) : json_incref(answer);

	if (status == 201)
		minute_will(out, "reply_by", json_int(answer, "reply_by", 0));
	else
		json_object_set_new(out, "crisis", json_boolean(s->crisis));
	s->done(status, out, s->ctx);
	json_decref(out);
	mem_free(&s);
}

static int seal_worker(struct intake *intake, const struct caller *c, const struct seal_place *place, const char *kind, struct msg *blobs,
                       json_t *body)
{
	struct seal_epoch *epoch = epochs_now(intake->epochs);
	uint8_t key[SEAL_KEY_BYTES], wrap[SEAL_WRAP_KEY_BYTES];
	const struct seal_target *worker;
	char name[SEAL_NAME_BYTES];
	int r;

	snprintf(name, sizeof(name), "worker:%s", kind);
	worker = keyring_target(intake->public, name);
	if (!worker)
		return 1;
	seal_message_key(c->case_key, place, key);
	r = seal_wrap_write(epoch, worker, c->uid, SEAL_CARGO_MESSAGE, key, wrap);
	seal_wipe(key, sizeof(key));
	msg_add(blobs, wrap, sizeof(wrap));
	json_object_set_new(body, "worker_generation", json_integer(worker->generation));
	return r;
}

/* The crisis desk's wrap (psych; the duty desk of a house without one): the case key and a fresh note key, since the responsible desk's
 * own is not ours to know. */
static int seal_psych(struct intake *intake, const struct caller *c, const char *site, struct msg *blobs, json_t *body)
{
	struct seal_case secrets = { 0 };
	uint8_t payload[SEAL_DESK_PAYLOAD_BYTES], wrap[SEAL_WRAP_CASE_BYTES];
	const struct seal_target *desk;
	char name[SEAL_NAME_BYTES];
	int r;

	snprintf(name, sizeof(name), "desk:%s.%s", site, conf_desk(intake->conf, "psych") ? "psych" : intake->conf->duty_desk);
	desk = keyring_target(intake->public, name);
	if (!desk)
		return 1;
	memcpy(secrets.case_key, c->case_key, sizeof(secrets.case_key));
	seal_note_key_new(secrets.note_key, &secrets.note_number);
	seal_desk_payload_write(&secrets, payload);
	r = seal_wrap_write(epochs_now(intake->epochs), desk, c->uid, SEAL_CARGO_CASE, payload, wrap);
	seal_wipe(&secrets, sizeof(secrets));
	seal_wipe(payload, sizeof(payload));
	msg_add(blobs, wrap, sizeof(wrap));
	json_object_set_new(body, "generation", json_integer(desk->generation));
	return r;
}

static void set_id(json_t *body, uint64_t id)
{
	uint8_t bytes[8];
	int i;

	for (i = 0; i < 8; i++)
		bytes[i] = (uint8_t)(id >> (56 - 8 * i));
	json_set_hex(body, "message_id", bytes, sizeof(bytes));
}

/* The desk whose worker can open it comes from the view: the desk may have changed since the ticket was opened. */
struct desk_asking {
	struct intake *intake;
	struct caller caller;
	char *text, *key;
	void (*done)(int status, json_t *answer, void *ctx);
	void *ctx;
};

static void say_to(struct desk_asking *a, const char *desk, const char *site)
{
	struct intake *intake = a->intake;
	struct seal_place place = { .uid = a->caller.uid, .message = seal_random_id(), .kind = SEAL_MESSAGE, .author = "caller" };
	struct saying *s = mem_new(sizeof(*s));
	struct screen_result result;
	struct buf blob = { 0 };
	struct msg blobs = { 0 };
	json_t *body;

	screen_text(intake->screen, a->text, desk, &result);
	*s = (struct saying){ result.risk >= 2, a->done, a->ctx };
	body = json_pack("{s:i, s:o}", "risk", result.risk, "hits", hits_json(&result));
	if (!epochs_now(intake->epochs) || seal_blob_write(a->caller.case_key, &place, a->text, strlen(a->text), &blob)) {
		said(503, body, s);
		json_release(&body);
		buf_finish(&blob);
		return;
	}
	json_object_set_new(body, "epoch", json_integer(seal_epoch_row(epochs_now(intake->epochs))->number));
	msg_take(&blobs, (uint8_t *)blob.data, blob.bytes);
	set_id(body, place.message);
	if (seal_worker(intake, &a->caller, &place, desk, &blobs, body) ||
	    seal_psych(intake, &a->caller, site, &blobs, body)) {
		said(503, body, s);
		json_release(&body);
		msg_clear(&blobs);
		return;
	}
	caller_send(intake, &a->caller, &(struct caller_letter){ "intake.say", body, &blobs, a->key, a->text }, said, s);
}

static void desk_asking_free(struct desk_asking **a)
{
	seal_wipe((*a)->text, strlen((*a)->text));
	mem_free(&(*a)->text);
	mem_free(&(*a)->key);
	seal_wipe(*a, sizeof(**a));
	mem_free(a);
}

static void desk_told(const struct bus_answer *answer, void *ctx)
{
	struct desk_asking *a = ctx;

	if (answer->status == 200 && json_text(answer->body, "desk") && json_text(answer->body, "site")) {
		say_to(a, json_text(answer->body, "desk"), json_text(answer->body, "site"));
	} else {
		struct saying *s = mem_new(sizeof(*s));

		*s = (struct saying){ submit_risk(a->intake, a->text, NULL, NULL) >= 2, a->done, a->ctx };
		said(answer->m ? answer->status : 503, answer->body, s);
	}
	desk_asking_free(&a);
}

void caller_say(struct intake *intake, const struct caller *caller, const char *text, const char *key,
                void (*done)(int status, json_t *answer, void *ctx), void *ctx)
{
	struct desk_asking *a = mem_new(sizeof(*a));
	json_t *body = json_pack("{s:I}", "after", (json_int_t)INT32_MAX);

	*a = (struct desk_asking){ intake, *caller, mem_text(text), mem_text(key), done, ctx };
	caller_proof(caller, body);
	bus_call(intake->bus, "intake.read", body, NULL, CALLER_MS, desk_told, a);
}

static void complained(int status, json_t *answer, void *ctx)
{
	struct saying *s = ctx;
	json_t *out = status == 201 ? json_object() : json_incref(answer);

	json_object_set_new(out, "crisis", json_boolean(s->crisis));
	s->done(status, out, s->ctx);
	json_decref(out);
	mem_free(&s);
}

/* Body and wrap of a complaint. 0; 1 cannot be sealed now. */
static int seal_complaint(struct intake *intake, const struct caller *c, const char *text, json_t *body, struct msg *blobs)
{
	struct seal_epoch *epoch = epochs_now(intake->epochs);
	struct seal_place place = { .uid = c->uid, .message = seal_random_id(), .kind = SEAL_COMPLAINT, .author = "caller" };
	uint8_t key[SEAL_KEY_BYTES], wrap[SEAL_WRAP_KEY_BYTES];
	const struct seal_target *oversight;
	char name[SEAL_NAME_BYTES];
	struct buf blob = { 0 };
	int r;

	snprintf(name, sizeof(name), "oversight:%s", house_site(intake->conf, NULL)->id);
	oversight = keyring_target(intake->public, name);
	if (!epoch || !oversight || seal_blob_write(c->case_key, &place, text, strlen(text), &blob)) {
		buf_finish(&blob);
		return 1;
	}
	seal_message_key(c->case_key, &place, key);
	r = seal_wrap_write(epoch, oversight, c->uid, SEAL_CARGO_MESSAGE, key, wrap);
	seal_wipe(key, sizeof(key));
	msg_take(blobs, (uint8_t *)blob.data, blob.bytes);
	msg_add(blobs, wrap, sizeof(wrap));
	set_id(body, place.message);
	json_object_set_new(body, "epoch", json_integer(seal_epoch_row(epoch)->number));
	json_object_set_new(body, "generation", json_integer(oversight->generation));
	return r;
}

void caller_complain(struct intake *intake, const struct caller *caller, const char *text, const char *key,
                     void (*done)(int status, json_t *answer, void *ctx), void *ctx)
{
	struct saying *s = mem_new(sizeof(*s));
	struct msg blobs = { 0 };
	json_t *body = json_object();

	*s = (struct saying){ submit_risk(intake, text, NULL, NULL) >= 2, done, ctx };
	if (seal_complaint(intake, caller, text, body, &blobs)) {
		complained(503, body, s);
		json_release(&body);
		msg_clear(&blobs);
		return;
	}
	caller_send(intake, caller, &(struct caller_letter){ "intake.complaint", body, &blobs, key, text }, complained, s);
}
