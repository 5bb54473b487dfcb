-- SPDX-License-Identifier: Apache-2.0
SELECT desk, rank, case_id, what, ref, risk, owner, since, why
FROM queue WHERE desk = ?1 AND risk = ?6 AND (rank, case_id, what, ref) >= (?2, ?3, ?4, ?5)
ORDER BY rank, case_id, what, ref
