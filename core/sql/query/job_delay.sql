-- SPDX-License-Identifier: Apache-2.0
UPDATE jobs SET not_before = ?2 WHERE id = ?1 AND state = 'ready'
