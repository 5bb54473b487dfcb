-- SPDX-License-Identifier: Apache-2.0
UPDATE jobs SET state = 'parked' WHERE id = ?1 AND state = 'ready'
