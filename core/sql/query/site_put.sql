-- SPDX-License-Identifier: Apache-2.0
-- A site of the configuration: made once, names follow.
INSERT INTO sites (
	num, id, parent, name_zh, name_en)
VALUES (
	?1, ?2, ?3, ?4, ?5)
ON CONFLICT (id) DO UPDATE SET parent = excluded.parent, name_zh = excluded.name_zh, name_en = excluded.name_en
