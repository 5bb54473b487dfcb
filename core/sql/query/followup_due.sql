-- SPDX-License-Identifier: Apache-2.0
SELECT id, case_id, desk, kind, due_at, state, result, staff, note, made_at, done_at
FROM followups WHERE state = 'open' AND due_at <= ?1 AND NOT EXISTS (
	SELECT 1 FROM queue WHERE queue.case_id = followups.case_id AND what = 'followup' AND ref = followups.id)
ORDER BY due_at LIMIT ?2
