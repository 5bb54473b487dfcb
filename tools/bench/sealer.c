/* SPDX-License-Identifier: Apache-2.0 */
/* Sealed submits for the load generators. See sealer.h. */
#include "sealer.h"

#include "load.h"

#include "clock.h"
#include "json.h"
#include "mem.h"
#include "wire.h"

#include <stdio.h>
#include <string.h>

const char *const sealer_desks[SEALER_DESKS + 1] = { "legal", "psych", "social", NULL };

void sealer_open(struct sealer *s, const char *data_dir, size_t bytes)
{
	static const char text[] = "最近晚上总是睡不好，白天上课也没有精神，和家里人说不到几句就要吵起来。我想找个人说说，不知道怎么开口。";
	char *why = NULL;

	*s = (struct sealer){ .bytes = bytes, .words = mem_new(bytes + 1) };
	if (seal_init() || keyring_intake_load(data_dir, clock_wall_ms(), &s->keys, &why) ||
	    keyring_public_load(data_dir, &s->public, &why))
		load_die("%s", why ? why : "libsodium did not start.");
	s->epoch = seal_epoch_new(&s->keys->sealer, clock_wall_ms());
	memset(s->words, '.', bytes);
	for (size_t n = 0; n + sizeof(text) - 1 <= bytes; n += sizeof(text) - 1)
		memcpy(s->words + n, text, sizeof(text) - 1);
}

void sealer_close(struct sealer *s)
{
	seal_epoch_drop(&s->epoch);
	keyring_public_free(&s->public);
	seal_locked_free(&s->keys);
	mem_free(&s->words);
}

static const struct seal_target *target(const struct sealer *s, const char *kind, const char *name)
{
	char full[128];
	const struct seal_target *found;

	snprintf(full, sizeof(full), "%s:%s", kind, name);
	found = keyring_target(s->public, full);
	if (!found)
		load_die("This house has no key for %s; the bench wants the three desks of the sample configuration.", full);
	return found;
}

void sealer_make(struct sealer *s, int desk, struct sealed *out)
{
	struct seal_place place = { .uid = out->uid, .kind = SEAL_MESSAGE, .author = "caller", .message = seal_random_id() };
	uint8_t payload[SEAL_DESK_PAYLOAD_BYTES], key[SEAL_KEY_BYTES], random[32];
	struct seal_halves halves;
	struct seal_case secrets;
	int bad;

	*out = (struct sealed){ .message_id = place.message };
	seal_random(random, sizeof(random));
	seal_random(&halves, sizeof(halves));
	seal_case_derive(s->keys->replay.key[0], random, sizeof(random), s->words, s->bytes, &secrets);
	memcpy(out->uid, secrets.uid, sizeof(out->uid));
	seal_hash(out->key, sizeof(out->key), NULL, "bench", random, sizeof(random));
	memcpy(out->digest, out->key, sizeof(out->digest));
	seal_auth_hash(halves.auth, out->caller_hash);
	bad = seal_blob_write(secrets.case_key, &place, s->words, s->bytes, &out->message);
	seal_message_key(secrets.case_key, &place, key);
	bad |= seal_wrap_write(s->epoch, target(s, "worker", sealer_desks[desk]), out->uid, SEAL_CARGO_MESSAGE, key, out->bundle);
	seal_caller_wrap_write(&halves, out->uid, secrets.case_key, out->caller);
	seal_desk_payload_write(&secrets, payload);
	for (int i = 0; i < SEALER_DESKS; i++) {
		char name[64];

		snprintf(name, sizeof(name), SEALER_SITE ".%s", sealer_desks[i]);
		bad |= seal_wrap_write(s->epoch, target(s, "desk", name), out->uid, SEAL_CARGO_CASE, payload, out->desk[i]);
	}
	if (bad)
		load_die("A submit could not be sealed.");
}

static void add_json(struct msg *m, json_t *body)
{
	char *text = json_write(body);

	msg_take(m, (uint8_t *)text, strlen(text));
	json_release(&body);
}

void sealer_epoch(const struct sealer *s, struct msg *m)
{
	const struct seal_epoch_row *row = seal_epoch_row(s->epoch);
	json_t *body = json_pack("{s:s, s:I, s:I}", "sealer", row->sealer, "number", (json_int_t)row->number, "made_at",
	                         (json_int_t)row->made_at_ms);

	json_set_hex(body, "public", row->public, sizeof(row->public));
	json_set_hex(body, "signature", row->signature, sizeof(row->signature));
	add_json(m, body);
}

void sealer_submit(const struct sealer *s, int desk, struct sealed *sealed, struct msg *m)
{
	json_t *body = json_pack("{s:s, s:s, s:b, s:s, s:{s:s, s:s, s:s, s:s, s:s}, s:i, s:i, s:[], s:b, s:I, s:{s:i, s:i, s:i}, s:i}", "site",
	                         SEALER_SITE, "desk", sealer_desks[desk], "unsure", 0, "channel", "web_form", "facts", "age_band",
	                         "14-17", "gender", "unsaid", "region", "450103", "relation", "self", "lang", "zh-CN", "tick", 0,
	                         "risk", 0, "hits", "live", 0, "epoch", (json_int_t)seal_epoch_row(s->epoch)->number, "generation",
	                         "legal", 1, "psych", 1, "social", 1, "worker_generation", 1);
	json_t *wraps = json_pack("[s]", "caller");
	uint8_t id[8];

	for (int i = 0; i < 8; i++)
		id[i] = (uint8_t)(sealed->message_id >> (56 - 8 * i));
	for (int i = 0; i < SEALER_DESKS; i++)
		json_array_append_new(wraps, json_sprintf("desk:" SEALER_SITE ".%s", sealer_desks[i]));
	json_object_set_new(body, "wraps", wraps);
	json_set_hex(body, "caller_hash", sealed->caller_hash, sizeof(sealed->caller_hash));
	json_set_hex(body, "uid", sealed->uid, sizeof(sealed->uid));
	json_set_hex(body, "key", sealed->key, sizeof(sealed->key));
	json_set_hex(body, "digest", sealed->digest, sizeof(sealed->digest));
	json_set_hex(body, "message_id", id, sizeof(id));
	add_json(m, body);
	msg_add(m, sealed->message.data, sealed->message.bytes);
	msg_add(m, sealed->bundle, sizeof(sealed->bundle));
	msg_add(m, sealed->caller, sizeof(sealed->caller));
	for (int i = 0; i < SEALER_DESKS; i++)
		msg_add(m, sealed->desk[i], sizeof(sealed->desk[i]));
	buf_finish(&sealed->message);
}
