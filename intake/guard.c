/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Headers common to all answers of the portal, and the check that a form was sent from our own page. Nothing of the peer is looked at
 * beyond that, and nothing is written anywhere.
 */
#include "guard.h"

#include <string.h>

static const char csp[] = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
                          "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
                          "trusted-types 'none'";

/* Browsers say where a request comes from; where they say nothing (old ones, tools) a form of ours cannot be told from another. */
static bool from_elsewhere(const struct http_req *req)
{
	const char *site = http_header(req, "Sec-Fetch-Site"), *origin = http_header(req, "Origin"), *host = http_header(req, "Host");
	const char *at = origin ? strstr(origin, "://") : NULL;

	if (site)
		return strcmp(site, "same-origin") && strcmp(site, "none");
	return origin && strcmp(origin, "null") && (!at || !host || strcmp(at + 3, host));
}

bool guard_request(struct http_req *req, void *intake UNUSED)
{
	http_set(req, "Content-Security-Policy", csp);
	http_set(req, "Cross-Origin-Opener-Policy", "same-origin");
	http_set(req, "Cross-Origin-Resource-Policy", "same-origin");
	http_set(req, "Permissions-Policy", "camera=(), geolocation=(), microphone=()");
	if (strcmp(http_method(req), "POST") || !from_elsewhere(req))
		return true;
	http_error(req, 403, "foreign_origin", "This request did not come from this site's own page.");
	return false;
}
