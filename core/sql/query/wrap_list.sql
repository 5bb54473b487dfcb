-- SPDX-License-Identifier: Apache-2.0
SELECT case_id, target, desk, generation, epoch, sealer, note_key, blob
FROM wraps WHERE case_id = ?1
