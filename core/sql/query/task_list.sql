-- SPDX-License-Identifier: Apache-2.0
SELECT id, case_id, desk, state, crisis, asked_by, owner, disposition, due_at, note, made_at, ended_at
FROM tasks WHERE case_id = ?1 ORDER BY id
