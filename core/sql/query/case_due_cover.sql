-- SPDX-License-Identifier: Apache-2.0
SELECT id, cover_until FROM cases WHERE cover_until IS NOT NULL AND cover_until > 0 ORDER BY cover_until LIMIT ?1
