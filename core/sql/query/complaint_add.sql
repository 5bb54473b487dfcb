-- SPDX-License-Identifier: Apache-2.0
INSERT INTO complaints (
	id, case_id, at, due_at, key_id, generation, epoch, wrap, blob, answered_at)
VALUES (
	?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
