-- SPDX-License-Identifier: Apache-2.0
UPDATE tasks SET
	case_id = ?2, desk = ?3, state = ?4, crisis = ?5, asked_by = ?6, owner = ?7, disposition = ?8, due_at = ?9,
	note = ?10, made_at = ?11, ended_at = ?12
WHERE id = ?1
