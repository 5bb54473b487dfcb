-- SPDX-License-Identifier: Apache-2.0
SELECT id, case_id, desk, state, crisis, asked_by, owner, disposition, due_at, note, made_at, ended_at
FROM tasks WHERE owner = ?1 AND state = 'assigned' ORDER BY id
