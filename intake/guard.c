/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Headers common to all answers of the portal, and the check that a form was sent from our own page. Nothing of the peer is looked at
 * beyond that, and nothing is written anywhere.
 */
#include "guard.h"

#include "mem.h"
#include <string.h>

/* form-action is asked again where a form is redirected to: the exit leads to another site. */
static const char policy[] = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
                             "form-action 'self' %.*s; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
                             "trusted-types 'none'";

char *guard_policy(const char *exit_url)
{
	const char *host = strstr(exit_url, "://");
	size_t origin = host ? (size_t)(host + 3 - exit_url) + strcspn(host + 3, "/?#; ,") : 0;

	return mem_format(policy, (int)origin, exit_url);
}

void guard_headers(struct http_req *req)
{
	http_set(req, "Content-Security-Policy", intake_of(req)->csp);
	http_set(req, "Cross-Origin-Opener-Policy", "same-origin");
	http_set(req, "Cross-Origin-Resource-Policy", "same-origin");
	http_set(req, "Permissions-Policy", "camera=(), geolocation=(), microphone=()");
}

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
	guard_headers(req);
	if (strcmp(http_method(req), "POST") || !from_elsewhere(req))
		return true;
	http_error(req, 403, "foreign_origin", "This request did not come from this site's own page.");
	return false;
}
