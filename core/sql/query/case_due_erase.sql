-- SPDX-License-Identifier: Apache-2.0
SELECT id, erase_at FROM cases WHERE erase_at IS NOT NULL AND erase_at > 0 ORDER BY erase_at LIMIT ?1
