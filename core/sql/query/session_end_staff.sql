-- SPDX-License-Identifier: Apache-2.0
UPDATE sessions SET ended_at = ?2, keys = x'' WHERE staff = ?1 AND id <> ?3 AND ended_at IS NULL
