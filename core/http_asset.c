/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Static bytes: the best encoding the client takes, 304 when it has them, and a response that is built once for each
 * asset and set of headers and then only handed out again. Called by the rooms; assets live as long as the process.
 */
#include "http_impl.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

enum variant { PLAIN, BROTLI, GZIP, VARIANTS };
enum { ETAG_BYTES = 80 };

static const struct {
	const char *coding, *suffix;
} variants[VARIANTS] = { [BROTLI] = { "br", "-br" }, [GZIP] = { "gzip", "-gz" }, [PLAIN] = { NULL, "" } };

/* "gzip, br;q=0.5": named, and not with a weight of zero. */
static bool coding_accepted(const char *accept, const char *coding)
{
	size_t n = strlen(coding);

	for (const char *s = accept; s && *s; s = strchr(s, ',')) {
		const char *weight, *end;

		s += strspn(s, ", \t");
		end = s + strcspn(s, ",");
		if (strncasecmp(s, coding, n) || !strchr(",; \t", s[n]))
			continue;
		weight = memchr(s, '=', (size_t)(end - s));
		return !weight || strspn(weight + 1, "0.") < strcspn(weight + 1, ", \t");
	}
	return false;
}

static enum variant asset_variant(const struct http_req *req, const struct http_asset *asset)
{
	const char *accept;

	if (!asset->br && !asset->gzip)
		return PLAIN;
	accept = http_header(req, "Accept-Encoding");
	if (asset->br && coding_accepted(accept, "br"))
		return BROTLI;
	return asset->gzip && coding_accepted(accept, "gzip") ? GZIP : PLAIN;
}

/* The tag of one encoding: "abc" → "abc-br", since other bytes are another thing. */
static void asset_etag(const struct http_asset *asset, enum variant variant, char out[ETAG_BYTES])
{
	const char *suffix = variants[variant].suffix;
	size_t n = strlen(asset->etag), suffix_bytes = strlen(suffix);

	assert(n >= 2 && n < ETAG_BYTES - 8 && asset->etag[n - 1] == '"');
	memcpy(out, asset->etag, n - 1);
	memcpy(out + n - 1, suffix, suffix_bytes);
	memcpy(out + n - 1 + suffix_bytes, "\"", 2);
}

static bool etag_listed(const char *list, const char *etag)
{
	size_t n = strlen(etag);

	for (const char *s = list; s && *s; s = strchr(s, ',')) {
		s += strspn(s, ", \t");
		if (*s == '*')
			return true;
		if (!strncmp(s, "W/", 2))
			s += 2;
		if (!strncmp(s, etag, n) && (!s[n] || strchr(", \t", s[n])))
			return true;
	}
	return false;
}

static struct MHD_Response *asset_response(const struct http_asset *asset, enum variant variant, bool same)
{
	const void *bytes = variant == BROTLI ? asset->br : variant == GZIP ? asset->gzip : asset->plain;
	size_t n = variant == BROTLI ? asset->br_bytes : variant == GZIP ? asset->gzip_bytes : asset->plain_bytes;
	/* libmicrohttpd wants a pointer it could write through, and does not. */
	void *lent = (void *)(uintptr_t)bytes;

	return MHD_create_response_from_buffer(same ? 0 : n, lent, MHD_RESPMEM_PERSISTENT);
}

/* The place of the response for this asset, encoding and answer; empty when it is not there yet. */
static struct http_ready *ready_place(struct http *http, const struct http_asset *asset, int variant)
{
	uintptr_t at = ((uintptr_t)asset / sizeof(*asset) * (2 * VARIANTS) + (uintptr_t)variant) % HTTP_READY_SLOTS;
	struct http_ready *r = http->ready[at];

	while (r && (r->asset != asset || r->variant != variant))
		r = r->next;
	if (r)
		return r;
	r = mem_new(sizeof(*r));
	*r = (struct http_ready){ .next = http->ready[at], .asset = asset, .variant = variant };
	return http->ready[at] = r;
}

void http_ready_finish(struct http *http)
{
	for (size_t i = 0; i < HTTP_READY_SLOTS; i++) {
		while (http->ready[i]) {
			struct http_ready *r = http->ready[i];

			http->ready[i] = r->next;
			MHD_destroy_response(r->response);
			buf_finish(&r->headers);
			mem_free(&r);
		}
	}
}

static void asset_headers(struct http_req *req, const struct http_asset *asset, enum variant variant, const char *etag)
{
	http_set(req, "Content-Type", asset->type);
	http_set(req, "ETag", etag);
	if (asset->br || asset->gzip)
		http_set(req, "Vary", "Accept-Encoding");
	if (variant != PLAIN)
		http_set(req, "Content-Encoding", variants[variant].coding);
	if (!http_header_set(req, "Cache-Control"))
		http_set(req, "Cache-Control", asset->immutable ? "public, max-age=31536000, immutable" : "no-cache");
	http_default_headers(req);
}

void http_reply_asset(struct http_req *req, const struct http_asset *asset)
{
	enum variant variant = asset_variant(req, asset);
	char etag[ETAG_BYTES];
	struct http_ready *r;
	bool same;

	asset_etag(asset, variant, etag);
	same = etag_listed(http_header(req, "If-None-Match"), etag);
	asset_headers(req, asset, variant, etag);
	r = ready_place(req->conn->http, asset, (int)variant + (same ? VARIANTS : 0));
	if (!r->response || r->headers.bytes != req->headers.bytes ||
	    memcmp(r->headers.data, req->headers.data, r->headers.bytes)) {
		if (r->response)
			MHD_destroy_response(r->response);
		r->response = asset_response(asset, variant, same);
		assert(r->response);
		http_headers_into(req, r->response);
		buf_clear(&r->headers);
		buf_add(&r->headers, req->headers.data, req->headers.bytes);
	}
	http_queue(req, same ? 304 : 200, r->response);
}
