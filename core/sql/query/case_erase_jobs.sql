-- SPDX-License-Identifier: Apache-2.0
DELETE FROM jobs WHERE case_id = ?1 AND state <> 'done'
