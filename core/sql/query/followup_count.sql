-- SPDX-License-Identifier: Apache-2.0
SELECT count(*) FROM (SELECT 1 FROM followups WHERE state = 'open' AND desk = ?1 AND due_at <= ?2 LIMIT ?3)
