-- SPDX-License-Identifier: Apache-2.0
INSERT INTO followups (
	id, case_id, desk, kind, due_at, state, result, staff, note, made_at, done_at)
VALUES (
	?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
