-- SPDX-License-Identifier: Apache-2.0
UPDATE followups SET
	case_id = ?2, desk = ?3, kind = ?4, due_at = ?5, state = ?6, result = ?7, staff = ?8, note = ?9,
	made_at = ?10, done_at = ?11
WHERE id = ?1
