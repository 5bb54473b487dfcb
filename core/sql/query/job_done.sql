-- SPDX-License-Identifier: Apache-2.0
UPDATE jobs SET state = 'done', reply = ?2, done_at = ?3, request = NULL WHERE id = ?1 AND state <> 'done'
