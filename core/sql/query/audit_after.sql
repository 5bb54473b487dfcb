-- SPDX-License-Identifier: Apache-2.0
SELECT seq, at, staff, act, case_id, detail, hash
FROM audit WHERE seq > ?1 ORDER BY seq LIMIT ?2
