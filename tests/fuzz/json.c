/* SPDX-License-Identifier: Apache-2.0 */
/* JSON from outside: read strictly, checked by a table of every kind, and by every row of the book of messages. */
#include "fuzz.h"

#include "book.h"
#include "json.h"
#include "mem.h"

#include <string.h>

static const char *const words[] = { "psych", "legal", NULL };
static const struct json_field fields[] = {
	{ "text", JSON_TEXT, true, 1, 20, NULL }, { "int", JSON_INT, false, -5, 5, NULL },  { "bool", JSON_BOOL, false, 0, 0, NULL },
	{ "hex", JSON_HEX, false, 4, 4, NULL },   { "any", JSON_HEX, false, 1, 4, NULL },   { "code", JSON_CODE, false, 0, 0, words },
	{ "time", JSON_TIME, false, 0, 0, NULL }, { "list", JSON_LIST, false, 0, 3, NULL }, { "obj", JSON_OBJ, false, 0, 0, NULL },
};

static void look(const json_t *object)
{
	AUTO(mem_free) char *why = NULL;
	uint8_t hex[4];

	if (json_check(object, fields, ARRAY_LEN(fields), &why)) {
		fuzz_must_be_sentence(why);
		return;
	}
	FUZZ_MUST(!why && json_text(object, "text"));
	FUZZ_MUST(json_int(object, "int", 0) >= -5 && json_int(object, "int", 0) <= 5);
	FUZZ_MUST(json_hex(object, "hex", hex, sizeof(hex)) % 4 == 0);
	FUZZ_MUST(json_hex(object, "any", hex, sizeof(hex)) <= 4);
	FUZZ_MUST(json_array_size(json_object_get(object, "list")) <= 3);
	json_bool(object, "bool", false);
}

static void look_in_the_book(const json_t *object, size_t blobs)
{
	size_t count;
	const struct book_row *rows = book_rows(&count);

	for (size_t i = 0; i < count; i++) {
		AUTO(mem_free) char *why = NULL;

		if (book_check(&rows[i], object, blobs, &why))
			fuzz_must_be_sentence(why);
		else
			FUZZ_MUST(blobs >= rows[i].blobs_min && blobs <= rows[i].blobs_max);
	}
}

/* What was read can be written and is then read as the same. */
static void again(const json_t *object)
{
	AUTO(mem_free) char *text = json_write(object);
	AUTO(json_release) json_t *same = NULL;

	FUZZ_MUST(json_read(text, strlen(text), &same) == 0);
	FUZZ_MUST(json_equal(object, same));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	struct fuzz in = { data, bytes };
	size_t blobs = fuzz_byte(&in) % 16, n;
	AUTO(mem_free) char *text = fuzz_rest(&in, &n);
	AUTO(json_release) json_t *object = NULL;
	int outcome = json_read(text, n, &object);

	FUZZ_MUST(outcome >= 0 && outcome <= JSON_NOT_OBJECT);
	FUZZ_MUST(!outcome == !!object);
	if (outcome)
		return 0;
	FUZZ_MUST(!memchr(text, 0, n));
	look(object);
	look_in_the_book(object, blobs);
	again(object);
	return 0;
}
