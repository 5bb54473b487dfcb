-- SPDX-License-Identifier: Apache-2.0
INSERT INTO messages (
	case_id, n, kind, key_id, note_key, author, alias, at, seen_at, recalled_at, risk, hits, screened_at, body)
VALUES (
	?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
