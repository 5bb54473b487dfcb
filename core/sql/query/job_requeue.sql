-- SPDX-License-Identifier: Apache-2.0
UPDATE jobs SET state = 'ready', attempts = 0, not_before = 0 WHERE id = ?1 AND state = 'parked'
