/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many cases and queue rows there are, by desk, word and level: kept in the transaction that changes them, so that
 * boards and lists never count. Changes are gathered over the batch and written once per key before COMMIT.
 */
#include "store_impl.h"

#include <string.h>

void count_add(struct store *s, int64_t desk, const char *of, const char *word, int risk, int by)
{
	if (s->v.deltas == s->delta_room) {
		s->delta_room = s->delta_room ? s->delta_room * 2 : 256;
		s->delta = mem_resize(s->delta, s->delta_room * sizeof(*s->delta));
	}
	s->delta[s->v.deltas++] = (struct count_delta){ desk, of, word, risk, by };
}

static bool same_key(const struct count_delta *a, const struct count_delta *b)
{
	return a->desk == b->desk && a->risk == b->risk && strcmp(a->word, b->word) == 0 && strcmp(a->of, b->of) == 0;
}

/* Few keys, many changes: sums move to the front, the rest is dropped. */
static size_t count_sum(struct store *s)
{
	size_t keys = 0;

	for (size_t i = 0; i < s->v.deltas; i++) {
		struct count_delta d = s->delta[i];
		size_t k = 0;

		while (k < keys && !same_key(&s->delta[k], &d))
			k++;
		if (k == keys)
			s->delta[keys++] = d;
		else
			s->delta[k].by += d.by;
	}
	return keys;
}

int count_flush(struct store *s)
{
	size_t keys = count_sum(s);
	int rc = 0;

	for (size_t i = 0; !rc && i < keys; i++) {
		const struct count_delta *d = &s->delta[i];

		if (d->by)
			rc = sql_do(s, SQL_COUNT_ADD,
				    SQL_ARGS(arg_int(d->desk), arg_text(d->of), arg_text(d->word), arg_int(d->risk),
					     arg_int(d->by)));
	}
	return rc;
}

static const struct column case_count_columns[] = {
	COLUMN(case_count, STATE, state),
	COLUMN(case_count, INT32, risk),
	COLUMN(case_count, INT, cases),
};
static const struct table case_count_table = TABLE(case_count, case_count_columns);

int store_case_count(struct store *s, int64_t desk, struct case_count **rows, size_t *n)
{
	int rc = sql_list(s, SQL_COUNT_OF_DESK, SQL_ARGS(arg_int(desk), arg_text("case")), &case_count_table, rows, n);

	for (size_t i = 0; !rc && i < *n; i++)
		(*rows)[i].desk = desk;
	return rc;
}

int store_queue_count(struct store *s, int64_t desk, struct queue_count *out)
{
	sqlite3_stmt *stmt;
	int rc = sql_begin(s, SQL_COUNT_OF_DESK, SQL_ARGS(arg_int(desk), arg_text("queue")), &stmt);

	*out = (struct queue_count){ .desk = desk };
	while (!rc) {
		int risk;

		rc = sql_step(s, stmt);
		if (rc)
			break;
		risk = sqlite3_column_int(stmt, 1);
		out->rows += sqlite3_column_int64(stmt, 2);
		if (risk >= 0 && risk < (int)ARRAY_LEN(out->by_risk))
			out->by_risk[risk] += sqlite3_column_int64(stmt, 2);
	}
	for (int risk = 0; rc == STORE_NONE && risk < (int)ARRAY_LEN(out->by_risk); risk++) {
		int64_t since = 0;
		int found = out->by_risk[risk]
				    ? sql_number(s, SQL_QUEUE_SINCE, SQL_ARGS(arg_int(desk), arg_int(risk)), &since)
				    : STORE_NONE;

		if (found < 0)
			rc = found;
		else if (!found && (!out->since || since < out->since))
			out->since = since;
	}
	return rc == STORE_NONE ? 0 : rc;
}
