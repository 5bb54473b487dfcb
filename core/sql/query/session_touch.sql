-- SPDX-License-Identifier: Apache-2.0
UPDATE sessions SET used_at = ?2 WHERE id = ?1 AND ended_at IS NULL
