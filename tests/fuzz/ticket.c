/* SPDX-License-Identifier: Apache-2.0 */
/* Tickets and receipts as people type and paste them. What is accepted has one canonical form, and that form is accepted as itself. */
#include "fuzz.h"

#include "mem.h"
#include "ticket.h"

#include <string.h>

static const uint8_t key[TICKET_KEY_BYTES] = "a ticket key 123";

static void read_ticket(const char *typed)
{
	char tidy[TICKET_TEXT_BYTES], same[TICKET_TEXT_BYTES];
	int64_t id = -1;
	int outcome = ticket_tidy(typed, tidy);

	FUZZ_MUST(ticket_read(key, typed, &id) == outcome);
	if (outcome)
		return;
	FUZZ_MUST(ticket_tidy(tidy, same) == 0 && !strcmp(tidy, same));
	FUZZ_MUST(id >= 0 && id < (int64_t)1 << 35);
	if (!id)
		return;
	ticket_write(key, id, same);
	FUZZ_MUST(!strcmp(tidy, same));
}

static void read_receipt(const char *typed)
{
	char digits[RECEIPT_DIGITS + 1], same[RECEIPT_DIGITS + 1];

	if (receipt_tidy(typed, digits))
		return;
	FUZZ_MUST(strspn(digits, "0123456789") == RECEIPT_DIGITS && strlen(digits) == RECEIPT_DIGITS);
	FUZZ_MUST(receipt_tidy(digits, same) == 0 && !strcmp(digits, same));
}

static void split(const char *pasted)
{
	char ticket[TICKET_TEXT_BYTES], digits[RECEIPT_DIGITS + 1], same[TICKET_TEXT_BYTES], same_digits[RECEIPT_DIGITS + 1];
	AUTO(mem_free) char *both = NULL;

	if (receipt_split(pasted, ticket, digits))
		return;
	FUZZ_MUST(ticket_tidy(ticket, same) == 0 && !strcmp(ticket, same));
	FUZZ_MUST(receipt_tidy(digits, same_digits) == 0 && !strcmp(digits, same_digits));
	both = mem_format("%s %s", ticket, digits);
	FUZZ_MUST(receipt_split(both, same, same_digits) == 0 && !strcmp(ticket, same) && !strcmp(digits, same_digits));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	struct fuzz in = { data, bytes };
	size_t n;
	AUTO(mem_free) char *typed = fuzz_rest(&in, &n);

	read_ticket(typed);
	read_receipt(typed);
	split(typed);
	return 0;
}
