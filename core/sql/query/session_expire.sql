-- SPDX-License-Identifier: Apache-2.0
-- Long past their end, whether anybody ended them or not.
DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE until_at < ?1 LIMIT ?2)
