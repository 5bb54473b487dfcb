/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Looks over a store after a crash, read-only and beside the running router: every acknowledged ticket (one a line on the input) is
 * there, every case can be read by its desk and its first message stands, no row was altered, and the audit chain is whole. `check_store
 * DATA` prints one line of figures, or one line for each thing that is wrong; called by test_crash.py after each kill.
 */
#include "casefile.h"
#include "keyring.h"
#include "mem.h"
#include "seal.h"
#include "store.h"
#include "ticket.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { AUDIT_SLICE = 1000, PAGE = 200, DESKS_MAX = 64 };

struct check {
	struct store *store;
	struct keyring_row *keys;
	int64_t cases, acked, audit;
	int wrong;
};

static void wrong(struct check *k, const char *what, int64_t of)
{
	printf("wrong: %s (%lld)\n", what, (long long)of);
	k->wrong++;
}

static void check_acked(struct check *k)
{
	char line[64];

	while (fgets(line, sizeof(line), stdin)) {
		struct case_row row;
		int64_t id;

		line[strcspn(line, "\r\n")] = 0;
		k->acked++;
		if (ticket_read(k->keys->ticket, line, &id))
			wrong(k, "an acknowledged ticket is no ticket", k->acked);
		else if (store_case_get(k->store, id, &row))
			wrong(k, "an acknowledged case is not there", id);
	}
}

/* A desk that answers for a case holds a wrap of it; once the desk is settled, it alone. */
static void check_wraps(struct check *k, const struct case_row *row)
{
	struct wrap_row *wraps;
	size_t n, i, desks = 0;
	bool own = false;

	if (store_wrap_list(k->store, row->id, &wraps, &n)) {
		wrong(k, "the wraps of a case cannot be read", row->id);
		return;
	}
	for (i = 0; i < n; i++) {
		bool desk = !strcmp(wraps[i].target, "desk");

		desks += desk;
		own = own || (desk && wraps[i].desk == row->desk);
	}
	if (!own && !(row->marks & CASE_MARK_ERASED))
		wrong(k, "a case without a wrap for its desk", row->id);
	if (row->marks & CASE_MARK_DESK_SETTLED && desks > 1)
		wrong(k, "a settled case that another desk can still open", row->id);
}

static void check_case(struct check *k, const struct case_row *row)
{
	struct message_row first;

	k->cases++;
	if (row->damaged)
		wrong(k, "a case whose row does not fit its MAC", row->id);
	if (store_message_get(k->store, row->id, 0, &first) || (!first.blob.bytes && !(row->marks & CASE_MARK_ERASED)))
		wrong(k, "a case without its first message", row->id);
	check_wraps(k, row);
	store_lent_drop(k->store);
}

/* Rows are lent only until the next look: their cases are gone through by number. */
static void check_cases(struct check *k)
{
	int64_t desk_of[DESKS_MAX], *ids = NULL;
	struct store_filter filter = { .view = STORE_VIEW_ALL, .desks = desk_of, .state = -1, .risk = -1 };
	char cursor[STORE_CURSOR_BYTES] = "";
	struct desk_row *desks;
	struct store_item *items;
	size_t n, i, count = 0;

	if (store_desk_list(k->store, &desks, &n)) {
		wrong(k, "the desks cannot be read", 0);
		return;
	}
	for (i = 0; i < n && i < DESKS_MAX; i++)
		desk_of[filter.desk_count++] = desks[i].num;
	do {
		if (store_list(k->store, &filter, cursor, PAGE, &items, &n, cursor)) {
			wrong(k, "the list of cases cannot be read", (int64_t)count);
			break;
		}
		ids = mem_resize(ids, (count + n) * sizeof(*ids) + 1);
		for (i = 0; i < n; i++)
			ids[count++] = items[i].row.id;
		store_lent_drop(k->store);
	} while (*cursor);
	for (i = 0; i < count; i++) {
		struct case_row row;

		/* One state for the case and what belongs to it: the router goes on writing. */
		if (store_read_begin(k->store) || store_case_get(k->store, ids[i], &row) < 0)
			wrong(k, "a case of the list cannot be read", ids[i]);
		else
			check_case(k, &row);
		store_read_end(k->store);
	}
	mem_free(&ids);
}

static void check_audit(struct check *k)
{
	bool end = false;

	while (!end) {
		int r = store_audit_verify(k->store, k->audit, AUDIT_SLICE, &k->audit, &end);

		if (r) {
			wrong(k, "the audit chain is broken", k->audit);
			return;
		}
	}
}

int main(int argc, char **argv)
{
	AUTO(mem_free) char *path = NULL;
	AUTO(mem_free) char *why = NULL;
	struct check k = { 0 };

	if (argc != 2) {
		fprintf(stderr, "check_store DATA: acknowledged tickets are read from the input, one a line.\n");
		return 2;
	}
	path = mem_format("%s/db/qingting.db", argv[1]);
	if (seal_init() || keyring_row_load(argv[1], &k.keys, &why) || store_open_read(path, k.keys->row, &k.store, &why)) {
		fprintf(stderr, "%s\n", why ? why : "The store cannot be opened.");
		return 2;
	}
	check_acked(&k);
	check_cases(&k);
	check_audit(&k);
	printf("acked=%lld cases=%lld audit=%lld wrong=%d\n", (long long)k.acked, (long long)k.cases, (long long)k.audit, k.wrong);
	store_close(&k.store);
	seal_locked_free(&k.keys);
	return k.wrong ? EXIT_FAILURE : EXIT_SUCCESS;
}
