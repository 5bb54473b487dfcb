-- SPDX-License-Identifier: Apache-2.0
UPDATE messages SET risk = ?3, hits = ?4, screened_at = ?5 WHERE case_id = ?1 AND n = ?2
