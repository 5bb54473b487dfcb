-- SPDX-License-Identifier: Apache-2.0
SELECT seq, at, site, desk, case_id, kind, number, staff, detail
FROM events WHERE case_id = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3
