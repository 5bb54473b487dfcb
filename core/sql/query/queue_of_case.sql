-- SPDX-License-Identifier: Apache-2.0
SELECT desk, rank, case_id, what, ref, risk, owner, since, why
FROM queue WHERE case_id = ?1 ORDER BY desk, rank
