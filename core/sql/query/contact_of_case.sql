-- SPDX-License-Identifier: Apache-2.0
SELECT id, site, channel, type, began_at, seconds, staff, case_id, facts, made_at
FROM contacts WHERE case_id = ?1 ORDER BY id
