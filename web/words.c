/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opening words: find the wraps of our desks (of the case or of a task), check each epoch's signature, open the case's
 * keys, then each blob in its own place: case, message, kind and author are authenticated, so the router cannot move
 * one. Called by everything that shows or writes words; nothing here survives the request.
 */
#include "words.h"

#include "epoch.h"
#include "i18n.h"
#include "log.h"
#include "mem.h"
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- keys ------------------------------------------------------------------------------------ */

static void keys_add(struct words *w, const struct seal_case *c, bool first)
{
	struct words_note note = { .number = c->note_number };
	size_t i;

	if (w->open && !seal_same(w->case_key, c->case_key, sizeof(w->case_key))) {
		log_warn("case_keys_differ", "%s", "");
		return;
	}
	memcpy(w->case_key, c->case_key, sizeof(w->case_key));
	w->open = true;
	memcpy(note.key, c->note_key, sizeof(note.key));
	for (i = 0; i < w->notes && w->note[i].number != note.number; i++)
		;
	if (i < WORDS_NOTE_KEYS_MAX) {
		w->note[i] = note;
		w->notes += i == w->notes;
	}
	if (first && i && i < w->notes) { /* the responsible desk's own note key is written with */
		w->note[i] = w->note[0];
		w->note[0] = note;
	}
	seal_wipe(&note, sizeof(note));
}

static int wrap_open(struct who *who, const struct case_row *row, const struct wrap_row *wrap, struct words *out)
{
	struct web *web = who->web;
	uint8_t payload[SEAL_DESK_PAYLOAD_BYTES];
	struct seal_opener *opener;
	struct seal_case secrets;
	struct desk_row desk;
	char name[SEAL_NAME_BYTES];
	int r = store_desk_get(web->store, wrap->desk, &desk);

	if (r)
		return r;
	snprintf(name, sizeof(name), "desk:%s", desk.id);
	opener = who_opener(who, name, (uint32_t)wrap->generation);
	if (!opener)
		return WORDS_LOCKED;
	r = epoch_learn(web, wrap->sealer, wrap->epoch);
	if (!r)
		r = seal_wrap_read(opener, web->book, row->uid, SEAL_CARGO_CASE, wrap->blob.data, wrap->blob.bytes,
		                   payload);
	seal_opener_free(&opener);
	if (r > 0)
		log_warn("wrap_damaged", "desk=%s outcome=%d", desk.id, r);
	if (r)
		return r;
	seal_desk_payload_read(payload, &secrets);
	keys_add(out, &secrets, wrap->desk == row->desk);
	seal_wipe(payload, sizeof(payload));
	seal_wipe(&secrets, sizeof(secrets));
	return 0;
}

int words_open(struct who *who, const struct case_row *row, struct words *out)
{
	struct wrap_row *wraps;
	size_t n, i;
	int r;

	*out = (struct words){ 0 };
	memcpy(out->uid, row->uid, sizeof(out->uid));
	r = store_wrap_list(who->web->store, row->id, &wraps, &n);
	for (i = 0; r >= 0 && i < n; i++)
		if (!strcmp(wraps[i].target, "desk") || !strcmp(wraps[i].target, "task"))
			r = wrap_open(who, row, &wraps[i], out);
	if (r < 0)
		return r;
	return out->open ? 0 : WORDS_LOCKED;
}

void words_wipe(struct words *words)
{
	seal_wipe(words, sizeof(*words));
}

static const uint8_t *note_key(const struct words *w, int64_t number)
{
	size_t i;

	for (i = 0; i < w->notes; i++)
		if (w->note[i].number == number)
			return w->note[i].key;
	return NULL;
}

/* ---- reading --------------------------------------------------------------------------------- */

uint64_t words_get_id(const uint8_t id[STORE_KEY_ID_BYTES])
{
	uint64_t out = 0;
	int i;

	for (i = 0; i < STORE_KEY_ID_BYTES; i++)
		out = out << 8 | id[i];
	return out;
}

static void author_name(int64_t author, char out[SEAL_NAME_BYTES])
{
	if (author)
		snprintf(out, SEAL_NAME_BYTES, "person:%lld", (long long)author);
	else
		snprintf(out, SEAL_NAME_BYTES, "caller");
}

char *words_contact(const char *lang, const json_t *contact)
{
	enum i18n_lang l = !strcmp(lang, "en") ? I18N_EN : I18N_ZH_CN;
	const char *colon = l == I18N_EN ? ": " : "：", *phone = json_text(contact, "phone"),
		   *times = json_text(contact, "times");
	struct buf out = { 0 };

	buf_text(&out, "");
	if (phone && *phone)
		buf_format(&out, "%s%s%s\n", i18n_text(l, "console.entry.phone"), colon, phone);
	if (times && *times)
		buf_format(&out, "%s%s%s\n", i18n_text(l, "console.entry.times"), colon, times);
	if (json_text(contact, "say_who") && *json_text(contact, "say_who"))
		buf_format(&out, "%s\n", json_text(contact, "say_who"));
	else if (json_bool(contact, "say_who", false))
		buf_format(&out, "%s\n", i18n_text(l, "console.entry.say_who"));
	return out.data;
}

/* What was opened, as a person reads it. Text that is no UTF-8 is no text of ours. */
static json_t *readable(const struct who *who, enum seal_kind kind, const char *plain, size_t bytes)
{
	json_t *contact = NULL, *out;
	char *lines;

	if (kind != SEAL_CONTACT || json_read(plain, bytes, &contact))
		return json_stringn(plain, bytes);
	lines = words_contact(who->lang, contact);
	out = json_string(lines);
	seal_wipe(lines, strlen(lines));
	mem_free(&lines);
	json_release(&contact);
	return out;
}

int words_read(const struct words *w, const struct who *who, const struct message_row *m, json_t **text)
{
	enum seal_kind kind = seal_kind_parse(m->kind);
	char author[SEAL_NAME_BYTES], *plain = NULL;
	struct seal_place place = { .uid = w->uid, .message = words_get_id(m->key_id), .kind = kind, .author = author };
	const uint8_t *parent = w->case_key;
	size_t bytes;

	*text = NULL;
	if (!kind)
		return WORDS_LOCKED;
	if (seal_kind_wants_note_key(kind)) {
		parent = note_key(w, m->note_key);
		place.key_number = (uint32_t)m->note_key;
	}
	if (!parent)
		return WORDS_LOCKED;
	author_name(m->author, author);
	if (seal_blob_read(parent, &place, m->blob.data, m->blob.bytes, &plain, &bytes))
		return WORDS_DAMAGED;
	*text = readable(who, kind, plain, bytes);
	seal_words_free(&plain, bytes);
	return *text ? 0 : WORDS_DAMAGED;
}

/* ---- writing --------------------------------------------------------------------------------- */

int words_write(const struct words *w, const struct who *who, enum seal_kind kind, uint64_t message_id,
                const char *text, struct buf *out, uint32_t *note_number)
{
	char author[SEAL_NAME_BYTES];
	struct seal_place place = { .uid = w->uid, .message = message_id, .kind = kind, .author = author };
	const uint8_t *parent = w->case_key;

	*note_number = 0;
	if (!w->open || (seal_kind_wants_note_key(kind) && !w->notes))
		return WORDS_LOCKED;
	if (seal_kind_wants_note_key(kind)) {
		parent = w->note[0].key;
		place.key_number = *note_number = w->note[0].number;
	}
	author_name(who->id, author);
	return seal_blob_write(parent, &place, text, strlen(text), out);
}

int words_wrap(const struct words *w, struct web *web, const struct desk_row *desk, uint8_t *out)
{
	uint8_t payload[SEAL_DESK_PAYLOAD_BYTES];
	const struct seal_target *target;
	struct seal_case secrets = { 0 };
	char name[SEAL_NAME_BYTES];
	int r;

	snprintf(name, sizeof(name), "desk:%s", desk->id);
	target = keyring_target(web->public, name);
	if (!web->epoch || !target || target->generation != desk->generation || !w->open || !w->notes)
		return 1;
	memcpy(secrets.case_key, w->case_key, sizeof(secrets.case_key));
	memcpy(secrets.note_key, w->note[0].key, sizeof(secrets.note_key));
	secrets.note_number = w->note[0].number;
	seal_desk_payload_write(&secrets, payload);
	r = seal_wrap_write(web->epoch, target, w->uid, SEAL_CARGO_CASE, payload, out);
	seal_wipe(payload, sizeof(payload));
	seal_wipe(&secrets, sizeof(secrets));
	return r ? 1 : 0;
}

uint64_t words_id(struct http_req *req, const char *text)
{
	const char *header = http_header(req, "Idempotency-Key");
	const struct who *who = session_who(req);
	struct seal_hash h;
	uint8_t mix[16];
	uint64_t id;

	if (!header)
		return seal_random_id();
	seal_hash_begin(&h, sizeof(mix), who->web->keys->idem, "message id");
	seal_hash_add(&h, &who->id, sizeof(who->id));
	seal_hash_add(&h, http_path(req), strlen(http_path(req)) + 1);
	seal_hash_add(&h, header, strlen(header) + 1);
	seal_hash_add(&h, text, strlen(text));
	seal_hash_end(&h, mix);
	id = words_get_id(mix) & INT64_MAX;
	return id ? id : seal_random_id();
}

void words_set_id(json_t *body, const char *name, uint64_t id)
{
	uint8_t bytes[STORE_KEY_ID_BYTES];
	int i;

	for (i = 0; i < STORE_KEY_ID_BYTES; i++)
		bytes[i] = (uint8_t)(id >> (56 - 8 * i));
	json_set_hex(body, name, bytes, sizeof(bytes));
}

static void wiping_free(void *p)
{
	if (p)
		seal_wipe(p, malloc_usable_size(p));
	free(p);
}

void words_guard_memory(void)
{
	json_set_alloc_funcs(malloc, wiping_free);
}
