-- SPDX-License-Identifier: Apache-2.0
SELECT id, case_id, desk, kind, due_at, state, result, staff, note, made_at, done_at
FROM followups WHERE state = 'open' AND desk = ?1 AND due_at <= ?2 AND (due_at, id) > (?3, ?4)
ORDER BY due_at, id LIMIT ?5
