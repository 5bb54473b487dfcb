/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The second factor. Its secret is sealed under the person's own key, so neither the router nor a stolen database can
 * make codes. A step that was used is refused by the router, which keeps the highest one.
 */
#include "totp.h"

#include "clock.h"
#include <liboath/oath.h>
#include <string.h>

enum { STEP_S = 30, WINDOW = 1, DIGITS = 6 };

static void totp_key(const uint8_t person[SEAL_KEY_BYTES], uint8_t key[SEAL_KEY_BYTES])
{
	seal_subkey(person, 1, "qt-totp_", key, SEAL_KEY_BYTES);
}

void totp_seal(const char *user, const uint8_t person[SEAL_KEY_BYTES], const uint8_t secret[TOTP_SECRET_BYTES],
               uint8_t *out)
{
	uint8_t key[SEAL_KEY_BYTES];

	totp_key(person, key);
	seal_box_write(key, "totp", user, strlen(user), secret, TOTP_SECRET_BYTES, out);
	seal_wipe(key, sizeof(key));
}

int totp_check(const struct staff_row *staff, const uint8_t person[SEAL_KEY_BYTES], const char *code, int64_t *step)
{
	uint8_t key[SEAL_KEY_BYTES], secret[TOTP_SECRET_BYTES];
	int64_t now_s = clock_wall_ms() / 1000;
	int position = 0, r;

	totp_key(person, key);
	r = seal_box_read(key, "totp", staff->user, strlen(staff->user), staff->totp.data, staff->totp.bytes, secret,
	                  sizeof(secret));
	seal_wipe(key, sizeof(key));
	if (!r)
		r = strlen(code) != DIGITS || oath_totp_validate2((const char *)secret, sizeof(secret), (time_t)now_s,
		                                                  STEP_S, 0, WINDOW, &position, code) < 0;
	seal_wipe(secret, sizeof(secret));
	if (r)
		return 1;
	*step = now_s / STEP_S + position;
	return *step <= staff->totp_step;
}
