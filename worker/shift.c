/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ask, receive, report. The one place where a caller's words are in the clear outside intake and web: in this process's
 * memory, for the milliseconds between opening and wiping. Nothing of them is logged, kept or sent; what goes back is
 * numbers and codes.
 */
#include "shift.h"

#include "bus.h"
#include "clock.h"
#include "curve.h"
#include "desk.h"
#include "json.h"
#include "log.h"
#include "mem.h"
#include "proc.h"
#include "text.h"

#include <stdio.h>
#include <string.h>

enum { SOCKETS_MAX = 16 };

struct shift {
	char desk[16];
	struct screen *screen;
	struct seal_book *book;
	struct seal_opener *opener[SHIFT_OPENERS_MAX];
	struct loop *loop;
	struct bus_worker *worker[SOCKETS_MAX];
	size_t workers;
};

struct shift *shift_new(const char *desk, struct screen *screen, struct seal_book *book,
                        struct seal_opener *const opener[SHIFT_OPENERS_MAX])
{
	struct shift *s = mem_new(sizeof(*s));

	snprintf(s->desk, sizeof(s->desk), "%s", desk);
	s->screen = screen;
	s->book = book;
	memcpy(s->opener, opener, sizeof(s->opener));
	return s;
}

void shift_free(struct shift **shift)
{
	struct shift *s = steal(shift);

	if (!s)
		return;
	for (size_t i = 0; i < s->workers; i++)
		bus_worker_close(&s->worker[i]);
	for (size_t i = 0; i < SHIFT_OPENERS_MAX; i++)
		seal_opener_free(&s->opener[i]);
	seal_book_free(&s->book);
	screen_free(&s->screen);
	mem_free(&s);
}

/* ---- reading a request
 * ------------------------------------------------------------------------------------------------- */

struct request {
	uint8_t uid[SEAL_UID_BYTES];
	uint64_t message;
	const char *author, *chosen;
	struct seal_epoch_row epoch;
};

static const struct json_field request_fields[] = {
	{ "uid", JSON_HEX, true, 0, SEAL_UID_BYTES, NULL },   { "message", JSON_HEX, true, 0, 8, NULL },
	{ "number", JSON_INT, true, 0, INT32_MAX, NULL },     { "author", JSON_TEXT, true, 1, 64, NULL },
	{ "chosen", JSON_TEXT, true, 0, 15, NULL },           { "epoch", JSON_OBJ, true, 0, 0, NULL },
	{ "generation", JSON_INT, true, 0, INT32_MAX, NULL },
};
static const struct json_field epoch_fields[] = {
	{ "sealer", JSON_TEXT, true, 1, 15, NULL },
	{ "number", JSON_INT, true, 0, INT64_MAX, NULL },
	{ "public", JSON_HEX, true, 0, SEAL_KEY_BYTES, NULL },
	{ "signature", JSON_HEX, true, 0, SEAL_SIGNATURE_BYTES, NULL },
};

static int fields_check(const json_t *object, const struct json_field *fields, size_t count)
{
	AUTO(mem_free) char *why = NULL;

	if (!json_check(object, fields, count, &why))
		return 0;
	log_warn("bad_request", "why=%s", why);
	return SHIFT_BAD_REQUEST;
}

static int request_read(const json_t *body, struct request *r)
{
	const json_t *epoch = json_object_get(body, "epoch");
	uint8_t id[8];

	if (fields_check(body, request_fields, ARRAY_LEN(request_fields)) ||
	    fields_check(epoch, epoch_fields, ARRAY_LEN(epoch_fields)))
		return SHIFT_BAD_REQUEST;
	json_hex(body, "uid", r->uid, sizeof(r->uid));
	json_hex(body, "message", id, sizeof(id));
	r->message = 0;
	for (size_t i = 0; i < sizeof(id); i++)
		r->message = r->message << 8 | id[i];
	r->author = json_text(body, "author");
	r->chosen = json_text(body, "chosen");
	r->epoch = (struct seal_epoch_row){ .number = json_int(epoch, "number", 0) };
	snprintf(r->epoch.sealer, sizeof(r->epoch.sealer), "%s", json_text(epoch, "sealer"));
	json_hex(epoch, "public", r->epoch.public, sizeof(r->epoch.public));
	json_hex(epoch, "signature", r->epoch.signature, sizeof(r->epoch.signature));
	return 0;
}

/* ---- opening
 * ----------------------------------------------------------------------------------------------------------- */

static int bundle_open(struct shift *s, const struct request *r, const struct frame *bundle,
                       uint8_t key[SEAL_KEY_BYTES])
{
	struct seal_wrap_head head;
	int outcome = SEAL_OTHER_KEY;

	if (!seal_book_knows(s->book, r->epoch.number) && seal_book_add(s->book, &r->epoch))
		return SHIFT_DAMAGED;
	if (seal_wrap_head(bundle->data, bundle->bytes, &head))
		return SHIFT_DAMAGED;
	for (size_t i = 0; i < SHIFT_OPENERS_MAX && s->opener[i] && outcome == SEAL_OTHER_KEY; i++)
		outcome = seal_wrap_read(s->opener[i], s->book, r->uid, SEAL_CARGO_MESSAGE, bundle->data, bundle->bytes,
		                         key);
	if (outcome == SEAL_OTHER_KEY && head.generation > seal_opener_generation(s->opener[0]))
		return SHIFT_OLD_KEYS;
	return outcome ? SHIFT_DAMAGED : 0;
}

/* Gives the words (seal_words_free). */
static int words_open(struct shift *s, const struct request *r, const struct frame *blob, const struct frame *bundle,
                      char **words, size_t *bytes)
{
	struct seal_place place = { .uid = r->uid, .message = r->message, .kind = SEAL_MESSAGE, .author = r->author };
	uint8_t key[SEAL_KEY_BYTES] = { 0 };
	int outcome = bundle_open(s, r, bundle, key);

	if (!outcome && seal_blob_read_with(key, &place, blob->data, blob->bytes, words, bytes))
		outcome = SHIFT_DAMAGED;
	seal_wipe(key, sizeof(key));
	if (!outcome && !text_valid(*words, *bytes)) {
		seal_words_free(words, *bytes);
		outcome = SHIFT_DAMAGED;
	}
	return outcome;
}

/* ---- reporting
 * --------------------------------------------------------------------------------------------------------- */

/* Facts stand in the open at the router, so only what explains the risk and the category goes there. */
static bool hit_is_told(const struct screen_hit *hit, const struct view *view)
{
	const char *dot = strchr(hit->rule, '.');
	size_t desk = dot ? (size_t)(dot - hit->rule) : 0;

	return hit->risk > 0 || (view->desk && desk == strlen(view->desk) && strncmp(hit->rule, view->desk, desk) == 0);
}

static json_t *hits_json(const struct screen_result *read, const struct view *view)
{
	json_t *list = json_array();

	for (size_t i = 0; i < read->hits; i++) {
		const struct screen_hit *hit = &read->hit[i];

		if (hit_is_told(hit, view))
			json_array_append_new(list, json_pack("{s:s, s:i, s:s}", "rule", hit->rule, "risk", hit->risk,
			                                      "held", hit->held ? hit->held : ""));
	}
	return list;
}

static json_t *view_json(const struct view *view, const struct screen_result *read)
{
	return json_pack("{s:i, s:s, s:s, s:s, s:s, s:b, s:b, s:o}", "risk", view->risk, "desk",
	                 view->desk ? view->desk : "", "category", view->category ? view->category : "", "kind",
	                 view->kind, "urgency", view->urgency, "third_party", view->third_party, "report", view->report,
	                 "hits", hits_json(read, view));
}

int shift_work(struct shift *s, const json_t *body, const struct msg *m, size_t first, json_t **result)
{
	struct request r;
	struct screen_result read;
	struct view view;
	char *words = NULL;
	size_t bytes = 0;
	int outcome = request_read(body, &r);

	if (!outcome && m->count != first + 2)
		outcome = SHIFT_BAD_REQUEST;
	if (!outcome)
		outcome = words_open(s, &r, &m->frame[first], &m->frame[first + 1], &words, &bytes);
	if (outcome)
		return outcome;
	screen_text(s->screen, words, *r.chosen ? r.chosen : NULL, &read);
	seal_words_free(&words, bytes);
	desk_look(s->desk, &read, r.chosen, &view);
	*result = view_json(&view, &read);
	return 0;
}

/* ---- the bus
 * ----------------------------------------------------------------------------------------------------------- */

static void shift_handle(struct bus_worker *w, json_t *body, const struct msg *m, size_t first, void *ctx)
{
	static const char *const error[] = { [SHIFT_DAMAGED] = "damaged", [SHIFT_BAD_REQUEST] = "bad_request" };
	struct shift *s = ctx;
	json_t *result = NULL;
	int outcome = shift_work(s, body, m, first, &result);

	if (!outcome) {
		bus_worker_reply(w, result);
	} else if (outcome == SHIFT_OLD_KEYS) {
		/* Key files cannot be read from inside the sandbox: leave, and be started with the new one. */
		log_warn("keys_turned", "desk=%s", s->desk);
		bus_worker_give_back(w);
		loop_stop(s->loop);
	} else {
		log_warn("not_screened", "desk=%s error=%s", s->desk, error[outcome]);
		bus_worker_refuse(w, 400, json_pack("{s:s}", "error", error[outcome]));
	}
}

static int shift_ask(struct shift *s, const struct conf *conf, char **why)
{
	AUTO(mem_free) char *endpoint = conf_endpoint(conf, "worker");
	AUTO(mem_free) char *service = mem_format("desk.%s", s->desk);
	AUTO(mem_free) char *file = mem_format("worker.%s", s->desk);
	int sockets = conf->worker_sockets < SOCKETS_MAX ? conf->worker_sockets : SOCKETS_MAX;
	const struct sock_curve *curve;
	struct sock_curve keys;

	if (curve_for(conf, "worker", file, &keys, &curve, why))
		return -1;
	for (int i = 0; i < sockets; i++) {
		if (bus_worker_open(s->loop, endpoint, curve, service, shift_handle, s, &s->worker[s->workers])) {
			*why = mem_format(
				"The router's worker socket %s cannot be used; bus.worker must be a lawful address.",
				endpoint);
			return -1;
		}
		s->workers++;
	}
	return 0;
}

/* ---- the room
 * ---------------------------------------------------------------------------------------------------------- */

static int keys_open(const struct conf *conf, const char *desk, struct seal_book **book,
                     struct seal_opener *opener[SHIFT_OPENERS_MAX], char **why)
{
	AUTO(keyring_public_free) struct keyring_public *public = NULL;
	struct keyring_worker *own = NULL;
	AUTO(mem_free) char *name = mem_format("worker:%s", desk);

	if (seal_init() || keyring_public_load(conf->data_dir, &public, why) ||
	    keyring_worker_load(conf->data_dir, desk, clock_wall_ms(), &own, why))
		return -1;
	*book = keyring_book(public);
	for (int i = 0; i < own->keys && i < SHIFT_OPENERS_MAX; i++)
		opener[i] = seal_opener_new(name, own->key[i].generation, own->key[i].pair.secret);
	seal_locked_free(&own);
	return 0;
}

int shift_room_open(const struct conf *conf, struct loop *loop, int argc, char **argv, void **room, char **why)
{
	const char *desk = proc_value(argc, argv, "--desk");
	AUTO(mem_free) char *rules = conf_etc(conf, "rules");
	AUTO(screen_free) struct screen *screen = NULL;
	struct seal_opener *opener[SHIFT_OPENERS_MAX] = { NULL };
	struct seal_book *book = NULL;
	struct shift *s;

	if (!desk || !conf_desk(conf, desk)) {
		*why = mem_text(
			"The worker needs --desk KIND, the kind of a desk of the configuration, such as --desk psych.");
		return -1;
	}
	if (screen_load(rules, &screen, why) || keys_open(conf, desk, &book, opener, why))
		return -1;
	s = shift_new(desk, steal(&screen), book, opener);
	s->loop = loop;
	*room = s;
	proc_name(desk);
	return shift_ask(s, conf, why);
}

/* Work is done within one turn of the loop, so nothing is in hand when a signal is heard. */
void shift_room_drain(void *room)
{
	struct shift *s = room;

	loop_stop(s->loop);
}

void shift_room_close(void **room)
{
	struct shift *s = steal(room);

	shift_free(&s);
}
