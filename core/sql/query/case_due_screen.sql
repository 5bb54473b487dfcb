-- SPDX-License-Identifier: Apache-2.0
SELECT id, screen_until FROM cases WHERE screen_until IS NOT NULL AND screen_until > 0 ORDER BY screen_until LIMIT ?1
