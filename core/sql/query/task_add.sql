-- SPDX-License-Identifier: Apache-2.0
INSERT INTO tasks (
	id, case_id, desk, state, crisis, asked_by, owner, disposition, due_at, note, made_at, ended_at)
VALUES (
	?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
