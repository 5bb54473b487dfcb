-- SPDX-License-Identifier: Apache-2.0
SELECT seq, at, staff, act, case_id, detail, hash
FROM audit WHERE case_id = ?4 AND seq < ?1 AND (?3 IS NULL OR +staff = ?3) ORDER BY seq DESC LIMIT ?2
