/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of lawful moves as Markdown, for doc/life-of-a-case.md: what a person reads is printed from what the
 * program does. Called by a test, which compares the page with it, and by whoever writes the page anew.
 */
#include "casefile_rules.h"

#include "mem.h"

#define WORD(id, word) word,
#define ASK_WORD(id, word, outcome) word,
static const char *const when_words[] = { CASE_WHENS(WORD) NULL };
static const char *const who_words[] = { CASE_WHOS(WORD) NULL };
static const char *const ask_words[] = { CASE_ASKS(ASK_WORD) NULL };
static const char *const does_words[] = { CASE_DOINGS(WORD) NULL };

/* "a, b, c" of the bits of a set, each with a prefix; returns how many it wrote. */
static int add_set(struct buf *b, unsigned bits, const char *const words[], const char *prefix, int written)
{
	for (int i = 0; words[i]; i++)
		if (bits & 1U << i)
			buf_format(b, "%s%s%s", written++ ? ", " : "", prefix, words[i]);
	return written;
}

static int add_marks(struct buf *b, unsigned marks, const char *prefix, int written)
{
	for (unsigned bit = 1; bit && bit <= marks; bit <<= 1)
		if (marks & bit)
			buf_format(b, "%s%s%s", written++ ? ", " : "", prefix, case_mark_text(bit));
	return written;
}

static void add_end(struct buf *b, int written)
{
	buf_text(b, written ? " | " : "– | ");
}

static void add_rule(struct buf *b, const struct rule *rule)
{
	int n;

	buf_text(b, "| ");
	add_end(b, add_set(b, rule->on, case_event_words, "", 0));
	add_end(b, add_set(b, rule->in, case_state_words, "", 0));
	n = add_set(b, rule->yes, when_words, "", 0);
	add_end(b, add_set(b, rule->no, when_words, "not ", n));
	if (rule->who == ~0U)
		buf_text(b, "anybody | ");
	else
		add_end(b, add_set(b, rule->who, who_words, "", 0));
	add_end(b, add_set(b, rule->ask, ask_words, "", 0));
	if (rule->next < 0)
		buf_text(b, rule->next == RULE_SAME ? "same" : "also");
	else
		buf_text(b, case_state_text((enum case_state)rule->next));
	buf_text(b, " | ");
	n = add_marks(b, rule->marks_on, "+", 0);
	add_end(b, add_marks(b, rule->marks_off, "−", n));
	n = add_set(b, rule->does, does_words, "", 0);
	buf_text(b, n ? " |\n" : "– |\n");
}

/* Every state an event can lead to from a state, whoever does it and whatever must be true. */
static void add_cell(struct buf *b, enum case_event event, enum case_state state)
{
	unsigned to = 0;

	for (int i = 0; i < case_rules_count; i++) {
		const struct rule *rule = &case_rules[i];

		if (rule->next != RULE_ALSO && rule->on & 1U << event && rule->in & 1U << state)
			to |= 1U << (rule->next == RULE_SAME ? (int)state : rule->next);
	}
	if (to == 1U << state)
		buf_text(b, " • |");
	else {
		buf_text(b, " ");
		add_set(b, to, case_state_words, "", 0);
		buf_text(b, to ? " |" : "|");
	}
}

static void add_map(struct buf *b)
{
	buf_text(b, "| event |");
	for (int s = 0; s < CASE_STATE_COUNT; s++)
		buf_format(b, " %s |", case_state_words[s]);
	buf_text(b, "\n|---|---|---|---|---|---|---|---|---|\n");
	for (int e = 0; e < CASE_EVENT_COUNT; e++) {
		buf_format(b, "| %s |", case_event_words[e]);
		for (int s = 0; s < CASE_STATE_COUNT; s++)
			add_cell(b, (enum case_event)e, (enum case_state)s);
		buf_text(b, "\n");
	}
}

char *case_table(void)
{
	struct buf b = { 0 };

	buf_text(&b, "### Map\n\n");
	add_map(&b);
	buf_text(&b, "\n### Rows\n\n| event | in | when | who | asks | next | marks | does |\n");
	buf_text(&b, "|---|---|---|---|---|---|---|---|\n");
	for (int i = 0; i < case_rules_count; i++)
		add_rule(&b, &case_rules[i]);
	return b.data;
}
