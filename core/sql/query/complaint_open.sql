-- SPDX-License-Identifier: Apache-2.0
SELECT id, case_id, at, due_at, key_id, generation, epoch, wrap, blob, answered_at
FROM complaints WHERE answered_at IS NULL ORDER BY id
