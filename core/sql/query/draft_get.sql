-- SPDX-License-Identifier: Apache-2.0
SELECT staff, case_id, kind, seq, at, blob
FROM drafts WHERE case_id = ?2 AND staff = ?1 AND kind = ?3
