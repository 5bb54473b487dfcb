/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Majordomo frames as a ROUTER or a DEALER sees them. Input: one byte (bit 0: a routing id stands first), then frames, each a byte of
 * length before it (over 250: that many times 100).
 */
#include "fuzz.h"

#include "mem.h"
#include "wire.h"

#include <string.h>

static void take(struct fuzz *in, struct msg *m)
{
	while (in->left && m->count < ARRAY_LEN(m->frame)) {
		size_t n = fuzz_byte(in), got;
		char *bytes = fuzz_bytes(in, n > 250 ? (n - 250) * 100 : n, &got);

		msg_take(m, (uint8_t *)bytes, got);
	}
}

/* What was read, written again and read again, is the same. */
static void again(const struct msg *m, size_t first, const struct wire *w)
{
	const struct frame *said = w->service ? w->service : w->address;
	struct msg copy = { 0 };
	struct wire same;

	if (first)
		msg_add(&copy, m->frame[0].data, m->frame[0].bytes);
	wire_write(&copy, w->dialect, w->side, w->verb, said ? (const void *)said->data : NULL, said ? said->bytes : 0);
	for (size_t i = w->body; i < m->count; i++)
		msg_add(&copy, m->frame[i].data, m->frame[i].bytes);
	FUZZ_MUST(wire_read(&copy, first, &same) == 0);
	FUZZ_MUST(same.dialect == w->dialect && same.side == w->side && same.verb == w->verb);
	FUZZ_MUST(copy.count - same.body == m->count - w->body);
	if (w->service)
		FUZZ_MUST(same.service->bytes == w->service->bytes && !memcmp(same.service->data, w->service->data, same.service->bytes));
	if (w->address)
		FUZZ_MUST(same.address->bytes == w->address->bytes && !memcmp(same.address->data, w->address->data, same.address->bytes));
	msg_clear(&copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	struct fuzz in = { data, bytes };
	size_t first = fuzz_byte(&in) & 1;
	struct msg m = { 0 };
	struct wire w = { 0 };
	int outcome;

	take(&in, &m);
	outcome = wire_read(&m, first, &w);
	FUZZ_MUST(outcome >= 0 && outcome <= WIRE_BAD_SERVICE);
	if (!outcome) {
		FUZZ_MUST(w.body > first && w.body <= m.count);
		FUZZ_MUST(!w.service || wire_service_ok(w.service));
		again(&m, first, &w);
	}
	msg_clear(&m);
	return 0;
}
