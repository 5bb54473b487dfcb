-- SPDX-License-Identifier: Apache-2.0
SELECT seq, at, site, desk, case_id, kind, number, staff, detail
FROM events WHERE seq > ?1 ORDER BY seq LIMIT ?2
