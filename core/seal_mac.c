/* SPDX-License-Identifier: Apache-2.0 */
/*
 * MACs over rows: the router writes and checks them before a change, web checks what it shows. They find rotten bits
 * and edits behind our back, not a whole database of yesterday. Each value is hashed with its type and length.
 */
#include "seal_inner.h"

static void mac_field(struct seal_mac *m, char type, const void *p, size_t n)
{
	uint8_t head[9];

	head[0] = (uint8_t)type;
	seal_put(head + 1, n, 8);
	seal_hash_add(&m->hash, head, sizeof(head));
	seal_hash_add(&m->hash, p, n);
}

void seal_mac_begin(struct seal_mac *m, const uint8_t key[SEAL_KEY_BYTES], const char *table, uint32_t version)
{
	seal_hash_begin(&m->hash, SEAL_MAC_BYTES, key, "row");
	seal_mac_text(m, table);
	seal_mac_int(m, version);
}

void seal_mac_int(struct seal_mac *m, int64_t v)
{
	uint8_t number[8];

	seal_put(number, (uint64_t)v, sizeof(number));
	mac_field(m, 'i', number, sizeof(number));
}

void seal_mac_text(struct seal_mac *m, const char *s)
{
	if (s)
		mac_field(m, 't', s, strlen(s));
	else
		seal_mac_null(m);
}

void seal_mac_blob(struct seal_mac *m, const void *p, size_t n)
{
	mac_field(m, 'b', p, n);
}

void seal_mac_null(struct seal_mac *m)
{
	mac_field(m, 'n', NULL, 0);
}

void seal_mac_end(struct seal_mac *m, uint8_t out[SEAL_MAC_BYTES])
{
	seal_hash_end(&m->hash, out);
}

bool seal_mac_check(struct seal_mac *m, const void *stored, size_t bytes)
{
	uint8_t mac[SEAL_MAC_BYTES];

	seal_mac_end(m, mac);
	return bytes == sizeof(mac) && seal_same(mac, stored, sizeof(mac));
}

void seal_person_mac(const uint8_t key[SEAL_KEY_BYTES], const char *person, uint32_t generation,
                     const uint8_t public[SEAL_KEY_BYTES], uint8_t out[SEAL_MAC_BYTES])
{
	struct seal_mac m;

	seal_mac_begin(&m, key, "person", 1);
	seal_mac_text(&m, person);
	seal_mac_int(&m, generation);
	seal_mac_blob(&m, public, SEAL_KEY_BYTES);
	seal_mac_end(&m, out);
}
