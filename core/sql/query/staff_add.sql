-- SPDX-License-Identifier: Apache-2.0
INSERT INTO staff (
	id, user, name, site, roles, state, presence, capacity, salt, auth, public, secret, recovery_salt,
	recovery_auth, recovery_secret, totp, kdf_bytes, kdf_passes, totp_step, must_change, failures, wait_until,
	lang, settings, made_at, seen_at, mac)
VALUES (
	?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24,
	?25, ?26, ?27)
