-- SPDX-License-Identifier: Apache-2.0
SELECT seq, at, staff, act, case_id, detail, hash
FROM audit WHERE seq = (SELECT max(seq) FROM audit)
