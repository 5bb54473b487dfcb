-- SPDX-License-Identifier: Apache-2.0
INSERT INTO queue (
	desk, rank, case_id, what, ref, risk, owner, since, why)
VALUES (
	?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
