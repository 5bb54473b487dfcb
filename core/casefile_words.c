/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words of a case: every code list of casefile.h as text and back. The same words stand in SQL, JSON, page text
 * and tests, so they come from the X tables and from nowhere else. Pure; used by every room.
 */
#include "casefile.h"

#include <string.h>

#define WORD(id, word) word,
#define WORDS(name, table) const char *const name[] = { table(WORD) NULL }

WORDS(case_state_words, CASE_STATES);
WORDS(case_event_words, CASE_EVENTS);
WORDS(case_disposition_words, CASE_DISPOSITIONS);
WORDS(case_channel_words, CASE_CHANNELS);
WORDS(case_kind_words, CASE_KINDS);
WORDS(case_urgency_words, CASE_URGENCIES);
WORDS(case_relation_words, CASE_RELATIONS);
WORDS(case_age_band_words, CASE_AGE_BANDS);
WORDS(case_gender_words, CASE_GENDERS);
WORDS(contact_type_words, CONTACT_TYPES);

/* Only what a person can be given: nobody may be hired as caller or system. */
const char *const case_role_words[] = { "counselor", "lead", "supervisor", "admin", "auditor", NULL };

struct bit_word {
	unsigned bit;
	const char *word;
};
#define BIT_WORD(id, word, bit) { bit, word },
static const struct bit_word mark_words[] = { CASE_MARKS(BIT_WORD) };
static const struct bit_word role_words[] = { CASE_ROLES(BIT_WORD) };

int case_word_index(const char *const words[], const char *text)
{
	for (int i = 0; text && words[i]; i++)
		if (strcmp(words[i], text) == 0)
			return i;
	return -1;
}

static const char *bit_text(const struct bit_word *words, size_t count, unsigned bit)
{
	for (size_t i = 0; i < count; i++)
		if (words[i].bit == bit)
			return words[i].word;
	return "?";
}

static unsigned bit_parse(const struct bit_word *words, size_t count, const char *text)
{
	for (size_t i = 0; text && i < count; i++)
		if (strcmp(words[i].word, text) == 0)
			return words[i].bit;
	return 0;
}

const char *case_state_text(enum case_state s)
{
	return (unsigned)s < CASE_STATE_COUNT ? case_state_words[s] : "?";
}

int case_state_parse(const char *text, enum case_state *s)
{
	int i = case_word_index(case_state_words, text);

	if (i < 0)
		return 1;
	*s = (enum case_state)i;
	return 0;
}

const char *case_event_text(enum case_event e)
{
	return (unsigned)e < CASE_EVENT_COUNT ? case_event_words[e] : "?";
}

int case_event_parse(const char *text, enum case_event *e)
{
	int i = case_word_index(case_event_words, text);

	if (i < 0)
		return 1;
	*e = (enum case_event)i;
	return 0;
}

const char *case_disposition_text(enum case_disposition d)
{
	return (unsigned)d < CASE_END_COUNT ? case_disposition_words[d] : "?";
}

int case_disposition_parse(const char *text, enum case_disposition *d)
{
	int i = case_word_index(case_disposition_words, text);

	if (i < 0)
		return 1;
	*d = (enum case_disposition)i;
	return 0;
}

const char *case_mark_text(unsigned bit)
{
	return bit_text(mark_words, ARRAY_LEN(mark_words), bit);
}

unsigned case_mark_parse(const char *text)
{
	return bit_parse(mark_words, ARRAY_LEN(mark_words), text);
}

const char *case_role_text(unsigned bit)
{
	return bit_text(role_words, ARRAY_LEN(role_words), bit);
}

unsigned case_role_parse(const char *text)
{
	return bit_parse(role_words, ARRAY_LEN(role_words), text);
}
