/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who is signed in: from the cookie's token to the person, their rights and — for the time of one request — their keys.
 * The keyring is kept in the session's row sealed under the token, so a killed web signs nobody out and a stolen
 * database opens nothing.
 */
#ifndef QT_WEB_SESSION_H
#define QT_WEB_SESSION_H

#include "web.h"

enum { WHO_DESKS_MAX = 64, WHO_KEYS_MAX = 64, SESSION_KEYS_MAX = 8192 };

struct desk_secret {
	char name[SEAL_NAME_BYTES]; /* "desk:450100.psych", "oversight:450100" */
	uint32_t generation;
	uint8_t secret[SEAL_KEY_BYTES];
};
/* The person's keys, wiped with the request. */
struct who_keys {
	uint8_t person[SEAL_KEY_BYTES];
	size_t count;
	struct desk_secret desk[WHO_KEYS_MAX];
};
struct who {
	struct web *web;
	int64_t id, session, used_at; /* used_at: the session's, as the router last kept it */
	unsigned roles;
	bool must_change;
	int64_t site;
	char user[64], name[128], lang[8], presence[16];
	int64_t capacity;
	size_t desks;
	int64_t desk[WHO_DESKS_MAX];
	struct seal_session token;
	struct who_keys *keys;      /* NULL until who_open_keys */
};

/* The guard of the console's HTTP door: session, CSRF, origin, rights. Answers 401/403 itself. */
bool session_guard(struct http_req *req, void *web);
/* The person behind a request that passed the guard; NULL on public routes. Lent by the request. */
struct who *session_who(struct http_req *req);
/* Opens the keyring of the session; NULL when its row is damaged or gone. Lent by the request. */
const struct who_keys *who_open_keys(struct who *who);
/* An opener for a desk's key of that generation (0: the newest held); NULL when not held. Gives. */
struct seal_opener *who_opener(struct who *who, const char *name, uint32_t generation);
bool who_has_desk(const struct who *who, int64_t desk);

/* Builds the keyring of a person from their secret: every wrap they hold. Fills out. 0; > 0 damaged; < 0. */
NODISCARD int session_keys_gather(struct web *web, int64_t staff, const char *user,
                                  const uint8_t secret[SEAL_KEY_BYTES], struct who_keys *out);
/* Seals a keyring under a session's key. out has SESSION_KEYS_MAX; returns its bytes. */
size_t session_keys_seal(const struct seal_session *token, const struct who_keys *keys, uint8_t *out);

/* Sets or clears the session cookie. */
void session_cookie(struct http_req *req, const char *token);
/* The name of a person in seals: "person:<user>". */
void person_name(const char *user, char out[SEAL_NAME_BYTES]);

#endif
