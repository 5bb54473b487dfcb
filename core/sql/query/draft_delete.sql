-- SPDX-License-Identifier: Apache-2.0
DELETE FROM drafts WHERE case_id = ?2 AND staff = ?1 AND (?3 IS NULL OR kind = ?3)
