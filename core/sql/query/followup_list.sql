-- SPDX-License-Identifier: Apache-2.0
SELECT id, case_id, desk, kind, due_at, state, result, staff, note, made_at, done_at
FROM followups WHERE case_id = ?1 ORDER BY id
