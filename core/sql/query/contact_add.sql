-- SPDX-License-Identifier: Apache-2.0
INSERT INTO contacts (
	id, site, channel, type, began_at, seconds, staff, case_id, facts, made_at)
VALUES (
	?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
