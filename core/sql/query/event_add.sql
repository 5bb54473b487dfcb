-- SPDX-License-Identifier: Apache-2.0
INSERT INTO events (
	seq, at, site, desk, case_id, kind, number, staff, detail)
VALUES (
	?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
