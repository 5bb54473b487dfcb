-- SPDX-License-Identifier: Apache-2.0
SELECT id, lease_until FROM cases WHERE lease_until IS NOT NULL AND lease_until > 0 ORDER BY lease_until LIMIT ?1
