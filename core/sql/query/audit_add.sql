-- SPDX-License-Identifier: Apache-2.0
INSERT INTO audit (
	seq, at, staff, act, case_id, detail, hash)
VALUES (
	?1, ?2, ?3, ?4, ?5, ?6, ?7)
