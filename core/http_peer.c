/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is at the other end, as little as is needed: a keyed hash of the address prefix (IPv4 /24, IPv6 /48), for the
 * cap per address and for the rooms' throttles. The key is random, lives in memory only and dies with the process, so
 * a bucket leads back to nobody. The address itself is never kept here.
 */
#include "http_impl.h"

#include <netinet/in.h>
#include <string.h>

static uint64_t rotate(uint64_t x, int bits)
{
	return x << bits | x >> (64 - bits);
}

static void sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[0] = rotate(v[0], 32);
	v[2] += v[3];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[2] = rotate(v[2], 32);
}

/* SipHash-2-4 (Aumasson, Bernstein) of one block of at most seven bytes and its length. */
static uint64_t sip(const uint64_t key[2], const uint8_t *p, size_t n)
{
	uint64_t v[4] = { key[0] ^ 0x736f6d6570736575U, key[1] ^ 0x646f72616e646f6dU, key[0] ^ 0x6c7967656e657261U,
			  key[1] ^ 0x7465646279746573U };
	uint64_t block = (uint64_t)n << 56;

	for (size_t i = 0; i < n; i++)
		block |= (uint64_t)p[i] << (8 * i);
	v[3] ^= block;
	sip_round(v);
	sip_round(v);
	v[0] ^= block;
	v[2] ^= 0xff;
	for (int i = 0; i < 4; i++)
		sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

uint64_t http_peer_bucket(const struct http *http, const struct sockaddr *addr)
{
	uint8_t prefix[7] = { 0 };

	if (addr->sa_family == AF_INET6) {
		struct sockaddr_in6 six;

		memcpy(&six, addr, sizeof(six));
		if (IN6_IS_ADDR_V4MAPPED(&six.sin6_addr)) {
			memcpy(prefix + 1, six.sin6_addr.s6_addr + 12, 3);
			return sip(http->key, prefix, sizeof(prefix));
		}
		prefix[0] = 6;
		memcpy(prefix + 1, six.sin6_addr.s6_addr, 6);
	} else if (addr->sa_family == AF_INET) {
		struct sockaddr_in four;

		memcpy(&four, addr, sizeof(four));
		memcpy(prefix + 1, &four.sin_addr.s_addr, 3);
	}
	return sip(http->key, prefix, sizeof(prefix));
}

static struct http_peer **peer_place(struct http *http, uint64_t bucket)
{
	struct http_peer **p = &http->peer[bucket % HTTP_PEER_SLOTS];

	while (*p && (*p)->bucket != bucket)
		p = &(*p)->next;
	return p;
}

bool http_peer_room(const struct http *http, uint64_t bucket)
{
	const struct http_peer *p = http->peer[bucket % HTTP_PEER_SLOTS];

	if (!http->config.per_address)
		return true;
	while (p && p->bucket != bucket)
		p = p->next;
	return !p || p->connections < http->config.per_address;
}

void http_peer_enter(struct http *http, uint64_t bucket)
{
	struct http_peer **p = peer_place(http, bucket);

	if (!*p) {
		*p = mem_new(sizeof(struct http_peer));
		(*p)->bucket = bucket;
	}
	(*p)->connections++;
}

void http_peer_leave(struct http *http, uint64_t bucket)
{
	struct http_peer **p = peer_place(http, bucket);
	struct http_peer *gone = *p;

	if (!gone || --gone->connections > 0)
		return;
	*p = gone->next;
	mem_free(&gone);
}

void http_peer_finish(struct http *http)
{
	for (size_t i = 0; i < HTTP_PEER_SLOTS; i++) {
		while (http->peer[i]) {
			struct http_peer *p = http->peer[i];

			http->peer[i] = p->next;
			mem_free(&p);
		}
	}
}
