-- SPDX-License-Identifier: Apache-2.0
DELETE FROM answers WHERE id BETWEEN ?2 AND ?3 AND at < ?1 RETURNING id, short
