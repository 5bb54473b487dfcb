-- SPDX-License-Identifier: Apache-2.0
UPDATE staff SET
	user = ?2, name = ?3, site = ?4, roles = ?5, state = ?6, presence = ?7, capacity = ?8, salt = ?9, auth = ?10,
	public = ?11, secret = ?12, recovery_salt = ?13, recovery_auth = ?14, recovery_secret = ?15, totp = ?16,
	kdf_bytes = ?17, kdf_passes = ?18, totp_step = ?19, must_change = ?20, failures = ?21, wait_until = ?22,
	lang = ?23, settings = ?24, made_at = ?25, seen_at = ?26, mac = ?27
WHERE id = ?1
