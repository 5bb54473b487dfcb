-- SPDX-License-Identifier: Apache-2.0
DELETE FROM answers WHERE id IN (SELECT id FROM answers ORDER BY id LIMIT ?2) AND at < ?1 RETURNING id, short
