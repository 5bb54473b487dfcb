-- SPDX-License-Identifier: Apache-2.0
SELECT id, site, channel, type, began_at, seconds, staff, case_id, facts, made_at
FROM contacts WHERE site = ?3 AND id < ?1 ORDER BY id DESC LIMIT ?2
