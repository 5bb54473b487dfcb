-- SPDX-License-Identifier: Apache-2.0
UPDATE sessions SET ended_at = ?2, keys = x'' WHERE id = ?1 AND ended_at IS NULL
