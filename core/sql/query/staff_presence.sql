-- SPDX-License-Identifier: Apache-2.0
UPDATE staff SET presence = ?2, seen_at = ?3 WHERE id = ?1
