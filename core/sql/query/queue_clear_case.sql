-- SPDX-License-Identifier: Apache-2.0
DELETE FROM queue WHERE case_id = ?1 RETURNING desk, rank, case_id, what, ref, risk, owner, since, why
