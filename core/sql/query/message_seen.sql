-- SPDX-License-Identifier: Apache-2.0
UPDATE messages SET seen_at = ?3 WHERE case_id = ?1 AND n = ?2 AND seen_at IS NULL
