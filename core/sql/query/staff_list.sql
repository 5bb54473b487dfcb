-- SPDX-License-Identifier: Apache-2.0
SELECT id, user, name, site, roles, state, presence, capacity, salt, auth, public, secret, recovery_salt,
	recovery_auth, recovery_secret, totp, kdf_bytes, kdf_passes, totp_step, must_change, failures, wait_until,
	lang, settings, made_at, seen_at, mac
FROM staff WHERE state <> 'left' ORDER BY user
