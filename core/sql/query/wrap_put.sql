-- SPDX-License-Identifier: Apache-2.0
INSERT OR REPLACE INTO wraps (
	case_id, target, desk, generation, epoch, sealer, note_key, blob)
VALUES (
	?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
