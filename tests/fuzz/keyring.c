/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Key files by somebody's hand. Input: a byte (low bits: which file; 0x80: as it comes, else behind the right first line; 0x40: the good
 * file with a byte of change at two bytes of place), then the rest. The others of the house are good. Refusals are sentences.
 */
#include "fuzz.h"

#include "keyring_inner.h"

#include <stdio.h>
#include <string.h>

enum { NOW = 1000, FILES = 6 };
static const char *const files[FILES] = { "public", "intake", "web", "row", "router", "worker.psych" };
static struct buf good[FILES];
static char *house;

static void make(void)
{
	static const char *const desks[] = { "450100.psych", NULL }, *const kinds[] = { "psych", NULL }, *const sites[] = { "450100", NULL };
	struct keyring_plan plan = { desks, kinds, sites, false };
	struct keyring_founding *founding = NULL;
	char *why = NULL, piece[4096];

	FUZZ_MUST(seal_init() == 0);
	house = mem_format("%s", fuzz_dir());
	if (keyring_make(house, &plan, &founding, &why) || keyring_keep(house, &why))
		fuzz_broken(__FILE__, __LINE__, why);
	keyring_founding_free(&founding);
	for (int i = 0; i < FILES; i++) {
		AUTO(mem_free) char *path = mem_format("%s/keys/%s", house, files[i]);
		FILE *f = fopen(path, "re");

		FUZZ_MUST(f != NULL);
		for (size_t n; (n = fread(piece, 1, sizeof(piece), f)) > 0;)
			buf_add(&good[i], piece, n);
		fclose(f);
	}
}

static void put(int which, const struct buf *text)
{
	AUTO(mem_free) char *name = mem_format("keys/%s", files[which]);

	fuzz_put(name, text->data, text->bytes);
}

/* Reads all there is; a sentence belongs to every refusal, and to nothing else. */
static void look(void)
{
	AUTO(keyring_public_free) struct keyring_public *public = NULL;
	struct keyring_intake *intake = NULL;
	struct keyring_web *web = NULL;
	struct keyring_row *row = NULL;
	struct keyring_worker *worker = NULL;
	struct keyring_curve *router = NULL;
	char *why[7] = { NULL };
	int outcome[7] = {
		keyring_public_load(house, &public, &why[0]),     keyring_intake_load(house, NOW, &intake, &why[1]),
		keyring_web_load(house, NOW, &web, &why[2]),      keyring_row_load(house, &row, &why[3]),
		keyring_router_load(house, &router, &why[4]),     keyring_worker_load(house, "psych", NOW, &worker, &why[5]),
		keyring_check(house, NOW, &why[6]),
	};

	for (size_t i = 0; i < ARRAY_LEN(why); i++) {
		FUZZ_MUST(outcome[i] >= 0 && !outcome[i] == !why[i]);
		if (why[i])
			fuzz_must_be_sentence(why[i]);
		FUZZ_MUST(i == 6 || !outcome[i] || outcome[6]);
		mem_free(&why[i]);
	}
	if (public) {
		struct seal_book *book = keyring_book(public);

		seal_book_free(&book);
	}
	seal_locked_free(&intake);
	seal_locked_free(&web);
	seal_locked_free(&row);
	seal_locked_free(&worker);
	seal_locked_free(&router);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	struct fuzz in = { data, bytes };
	uint8_t head = fuzz_byte(&in), change;
	int which = (head & 0x3f) % FILES;
	struct buf text = { 0 };
	size_t at;

	if (!house)
		make();
	if (head & 0x40) {
		at = (size_t)fuzz_number(&in, 2);
		change = fuzz_byte(&in);
		buf_add(&text, good[which].data, good[which].bytes);
		text.data[at % text.bytes] ^= (char)change;
	} else if (!(head & 0x80)) {
		buf_format(&text, "qingting-keys 1 %s\n", files[which]);
	}
	buf_add(&text, in.at, in.left);
	put(which, &text);
	look();
	put(which, &good[which]);
	buf_finish(&text);
	return 0;
}
