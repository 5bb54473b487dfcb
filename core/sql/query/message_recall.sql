-- SPDX-License-Identifier: Apache-2.0
UPDATE messages SET recalled_at = ?3 WHERE case_id = ?1 AND n = ?2 AND recalled_at IS NULL
