-- SPDX-License-Identifier: Apache-2.0
INSERT OR REPLACE INTO moves (
	case_id, to_desk, staff, task, at)
VALUES (
	?1, ?2, ?3, ?4, ?5)
