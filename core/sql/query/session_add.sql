-- SPDX-License-Identifier: Apache-2.0
INSERT INTO sessions (
	id, hash, staff, keys, made_at, used_at, until_at, ended_at)
VALUES (
	?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
