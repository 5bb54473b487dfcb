-- SPDX-License-Identifier: Apache-2.0
-- A desk of the configuration: made once; names and open follow, the generation stays.
INSERT INTO desks (
	num, id, site, kind, name_zh, name_en, open, generation)
VALUES (
	?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
ON CONFLICT (id) DO UPDATE SET name_zh = excluded.name_zh, name_en = excluded.name_en, open = excluded.open
