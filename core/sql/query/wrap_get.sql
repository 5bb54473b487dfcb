-- SPDX-License-Identifier: Apache-2.0
SELECT case_id, target, desk, generation, epoch, sealer, note_key, blob
FROM wraps WHERE case_id = ?1 AND target = ?2 AND desk = ?3 AND note_key = ?4
