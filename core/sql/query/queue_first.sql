-- SPDX-License-Identifier: Apache-2.0
SELECT desk, rank, case_id, what, ref, risk, owner, since, why
FROM queue WHERE desk = ?1 ORDER BY rank, case_id, what, ref LIMIT ?2
