/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Seals and opens drafts. The longest text a request may hold fits (seal.h SEAL_TOKEN_MAX); a draft that
 * does not open any more is simply begun anew with what the form itself holds.
 */
#include "draft.h"

#include "clock.h"
#include "json.h"
#include "left.h"
#include "mem.h"
#include "text.h"
#include <string.h>

enum { DRAFT_MS = 2 * 3600 * 1000, KEY_BYTES = 16 };

void draft_renew(json_t *draft)
{
	uint8_t random[KEY_BYTES];
	char key[2 * KEY_BYTES + 1];

	seal_random(random, sizeof(random));
	hex_write(key, random, sizeof(random));
	json_object_set_new(draft, "key", json_string(key));
}

json_t *draft_new(void)
{
	json_t *draft = json_pack("{s:{}}", "request");

	draft_renew(draft);
	return draft;
}

json_t *draft_read(struct http_req *req, bool *left)
{
	const char *field = http_field(req, "draft");
	struct intake *intake = intake_of(req);
	json_t *draft = NULL;
	char *plain = NULL;
	size_t n = 0;

	*left = false;
	if (!field || seal_token_read(intake->keys->draft, "draft", field, strlen(field), clock_wall_ms(), &plain, &n))
		return NULL;
	if (json_read(plain, n, &draft) || !draft_key(draft) || !json_is_object(draft_request(draft)))
		json_release(&draft);
	seal_wipe(plain, n);
	mem_free(&plain);
	*left = draft && left_has(intake->left, draft_key(draft), clock_mono_ms());
	if (*left)
		json_release(&draft);
	return draft;
}

char *draft_leave(const struct intake *intake, const json_t *draft)
{
	const char *key = draft_key(draft);
	char *text = NULL;

	if (seal_token_write(intake->keys->draft, "leave", key, strlen(key), clock_wall_ms() + DRAFT_MS, &text))
		text = mem_text("");
	return text;
}

void draft_left(struct http_req *req)
{
	const char *field = http_field(req, "leave");
	struct intake *intake = intake_of(req);
	char *key = NULL;
	size_t n = 0;

	if (!field || seal_token_read(intake->keys->draft, "leave", field, strlen(field), clock_wall_ms(), &key, &n))
		return;
	left_add(intake->left, key, clock_mono_ms());
	seal_wipe(key, n);
	mem_free(&key);
}

char *draft_write(const struct intake *intake, const json_t *draft)
{
	char *plain = json_write(draft), *text = NULL;

	if (seal_token_write(intake->keys->draft, "draft", plain, strlen(plain), clock_wall_ms() + DRAFT_MS, &text))
		text = mem_text("");
	seal_wipe(plain, strlen(plain));
	mem_free(&plain);
	return text;
}

const char *draft_key(const json_t *draft)
{
	return json_text(draft, "key");
}

json_t *draft_request(const json_t *draft)
{
	return json_object_get(draft, "request");
}
