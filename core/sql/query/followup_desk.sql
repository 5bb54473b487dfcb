-- SPDX-License-Identifier: Apache-2.0
UPDATE followups SET desk = ?2 WHERE case_id = ?1 AND state = 'open'
